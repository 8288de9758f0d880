/* The bottom line when it asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "prompt.h"

enum { HISTORY = 64, TEXT_MAX = 4096 };

struct past { const char *label; char *text; };

struct prompt {
	const struct prompt_ask *ask;	/* NULL: closed */
	struct edit edit;
	struct past past[HISTORY];	/* oldest first */
	size_t pasts;
	size_t back;			/* which of the past is shown; pasts: none */
	char stem[TEXT_MAX];		/* what completion goes on from */
	char began[TEXT_MAX];
	size_t turn;			/* how often it was asked to; 0: not */
};

struct prompt *
prompt_new(void)
{
	return xalloc(sizeof(struct prompt));
}

void
prompt_free(struct prompt *p)
{
	for (size_t i = 0; i < p->pasts; i++)
		free(p->past[i].text);
	edit_release(&p->edit);
	free(p);
}

void
prompt_start(struct prompt *p, const struct prompt_ask *ask, const char *text)
{
	p->ask = ask;
	p->back = p->pasts;
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

const struct edit *
prompt_edit(const struct prompt *p)
{
	return &p->edit;
}

static void
prompt_remember(struct prompt *p, const char *text)
{
	if (!*text || (p->pasts && !strcmp(p->past[p->pasts - 1].text, text)))
		return;
	if (p->pasts == HISTORY) {
		free(p->past[0].text);
		memmove(p->past, p->past + 1, (HISTORY - 1) * sizeof(*p->past));
		p->pasts--;
	}
	p->past[p->pasts++] = (struct past){ p->ask->label, xstrdup(text) };
}

static void
prompt_answer(struct prompt *p, struct desk *desk)
{
	const struct prompt_ask *ask = p->ask;
	char text[TEXT_MAX];
	struct fault why = { "" };

	snprintf(text, sizeof(text), "%s", edit_text(&p->edit));
	prompt_remember(p, text);
	p->ask = NULL;
	desk->wrong = (struct fault){ "" };
	if (!ask->answer(desk, text, &why) && *why.text)
		desk_fail(desk, &why);
}

/* Through what was answered before to the same question. */
static void
prompt_history(struct prompt *p, int way)
{
	size_t i = p->back;

	while (way < 0 ? i > 0 : i < p->pasts) {
		i = way < 0 ? i - 1 : i + 1;
		if (i == p->pasts || !strcmp(p->past[i].label, p->ask->label)) {
			edit_set(&p->edit, i == p->pasts ? "" : p->past[i].text);
			p->back = i;
			return;
		}
	}
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

void
prompt_key(struct prompt *p, struct desk *desk, const char *key)
{
	bool tab = !strcmp(key, "<Tab>");

	if (!tab)
		p->turn = 0;
	if (!strcmp(key, "<Enter>")) {
		prompt_answer(p, desk);
		return;
	}
	if (!strcmp(key, "<Esc>") || !strcmp(key, "<C-c>") || !strcmp(key, "<C-g>") ||
			(!strcmp(key, "<BS>") && !p->edit.len)) {
		prompt_leave(p, desk);
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
