/* The bottom line when it asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "history.h"
#include "prompt.h"

enum { TEXT_MAX = HISTORY_TEXT };

struct prompt {
	const struct prompt_ask *ask;	/* NULL: closed */
	struct edit edit;
	struct history *history;
	size_t back;			/* how far it is gone back in it */
	char draft[TEXT_MAX];		/* what was typed before that */
	char stem[TEXT_MAX];		/* what completion goes on from */
	char began[TEXT_MAX];
	size_t turn;			/* how often it was asked to; 0: not */
};

struct prompt *
prompt_new(const char *history, struct fault *why)
{
	struct prompt *p = xalloc(sizeof(*p));

	p->history = history_open(history, why);
	return p;
}

void
prompt_free(struct prompt *p)
{
	history_close(p->history);
	edit_release(&p->edit);
	free(p);
}

void
prompt_start(struct prompt *p, const struct prompt_ask *ask, const char *text)
{
	p->ask = ask;
	p->back = 0;
	p->turn = 0;
	snprintf(p->began, sizeof(p->began), "%s", text);
	edit_set(&p->edit, text);
}

bool
prompt_open(const struct prompt *p)
{
	return p->ask;
}

const char *
prompt_label(const struct prompt *p)
{
	return p->ask->label;
}

const char *
prompt_about(const struct prompt *p, struct desk *desk)
{
	return p->ask->about ? p->ask->about(desk, edit_text(&p->edit), p->edit.at) : "";
}

const struct edit *
prompt_edit(const struct prompt *p)
{
	return &p->edit;
}

static void
prompt_answer(struct prompt *p, struct desk *desk)
{
	const struct prompt_ask *ask = p->ask;
	char text[TEXT_MAX];
	struct fault why = { "" };

	snprintf(text, sizeof(text), "%s", edit_text(&p->edit));
	if (!history_add(p->history, ask->label, text, &why))
		desk_fail(desk, &why);
	why = (struct fault){ "" };
	p->ask = NULL;
	desk->wrong = (struct fault){ "" };
	if (!ask->answer(desk, text, &why) && *why.text)
		desk_fail(desk, &why);
}

/* Through what was answered before to the same question, past what stands
 * there already; the way down ends at what was typed. */
static void
prompt_history(struct prompt *p, int way)
{
	size_t back = p->back;
	const char *text;

	if (!back)
		snprintf(p->draft, sizeof(p->draft), "%s", edit_text(&p->edit));
	do {
		if (way > 0 && !back)
			return;
		back = way < 0 ? back + 1 : back - 1;
		text = back ? history_text(p->history, p->ask->label, back - 1) : p->draft;
		if (!text)
			return;
	} while (back && !strcmp(text, edit_text(&p->edit)));
	p->back = back;
	edit_set(&p->edit, text);
}

/* Each Tab gives the next way to go on, and after the last what was typed. */
static void
prompt_complete(struct prompt *p, struct desk *desk)
{
	char out[TEXT_MAX];

	if (!p->ask->complete)
		return;
	if (!p->turn)
		snprintf(p->stem, sizeof(p->stem), "%s", edit_text(&p->edit));
	if (p->ask->complete(desk, p->stem, p->turn, out, sizeof(out))) {
		edit_set(&p->edit, out);
		p->turn++;
	} else {
		edit_set(&p->edit, p->stem);
		p->turn = 0;
	}
}

static void
prompt_leave(struct prompt *p, struct desk *desk)
{
	const struct prompt_ask *ask = p->ask;

	p->ask = NULL;
	if (ask->left)
		ask->left(desk, p->began);
	desk->wrong = (struct fault){ "" };
}

bool
prompt_choices(const struct prompt *p, struct desk *desk, struct line *out, unsigned columns)
{
	if (p->ask->choices)
		p->ask->choices(desk, out, columns);
	return p->ask->choices;
}

static void
prompt_pick(struct prompt *p, struct desk *desk, const char *key)
{
	const struct prompt_ask *ask = p->ask;
	struct fault why = { "" };

	p->ask = NULL;
	if (!ask->pick(desk, key, &why) && *why.text)
		desk_fail(desk, &why);
}

void
prompt_key(struct prompt *p, struct desk *desk, const char *key)
{
	bool tab = !strcmp(key, "<Tab>");

	if (!tab)
		p->turn = 0;
	if (!strcmp(key, "<Enter>") && !p->ask->pick) {
		prompt_answer(p, desk);
		return;
	}
	if (!strcmp(key, "<Esc>") || !strcmp(key, "<C-c>") || !strcmp(key, "<C-g>") ||
			(!strcmp(key, "<BS>") && !p->edit.len)) {
		prompt_leave(p, desk);
		return;
	}
	if (p->ask->pick) {
		prompt_pick(p, desk, key);
		return;
	}
	if (tab)
		prompt_complete(p, desk);
	else if (!strcmp(key, "<Up>") || !strcmp(key, "<C-p>"))
		prompt_history(p, -1);
	else if (!strcmp(key, "<Down>") || !strcmp(key, "<C-n>"))
		prompt_history(p, 1);
	else if (!edit_key(&p->edit, key))
		return;
	desk->wrong = (struct fault){ "" };
	if (p->ask->typed)
		p->ask->typed(desk, edit_text(&p->edit));
}
