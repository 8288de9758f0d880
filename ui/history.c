/*
 * What was answered to each question, and a file of it. A line of the file:
 *
 *	LABEL TAB TEXT
 *
 * The newest come last. What is more than is kept goes when the file is next
 * read; one with a line that is not understood is only added to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "keepsake.h"

enum { SPARE = 200 };		/* lines that may be too many before the file is written anew */

struct past { char label[HISTORY_LABEL]; char *text[HISTORY_MAX]; size_t count; };

struct history {
	char *path;		/* NULL: in memory alone */
	struct past past[HISTORY_LABELS];
	size_t pasts;
	size_t spare;		/* lines of the file that are not kept */
};

static struct past *
history_of(struct history *h, const char *label)
{
	for (size_t i = 0; i < h->pasts; i++)
		if (!strcmp(h->past[i].label, label))
			return &h->past[i];
	return NULL;
}

static struct past *
history_made(struct history *h, const char *label)
{
	struct past *p = history_of(h, label);

	if (p || h->pasts == HISTORY_LABELS)
		return p;
	p = &h->past[h->pasts++];
	snprintf(p->label, sizeof(p->label), "%s", label);
	return p;
}

/* False: it is the last one again. */
static bool
past_keep(struct past *p, const char *text)
{
	if (p->count && !strcmp(p->text[p->count - 1], text))
		return false;
	if (p->count == HISTORY_MAX) {
		free(p->text[0]);
		memmove(p->text, p->text + 1, --p->count * sizeof(*p->text));
	}
	p->text[p->count++] = xstrdup(text);
	return true;
}

/* What is wrong with a line, and at which byte; NULL: it is kept. */
static const char *
history_line(struct history *h, struct bytes line, size_t *at)
{
	const uint8_t *tab = line.len ? memchr(line.at, '\t', line.len) : NULL;
	char label[HISTORY_LABEL], text[HISTORY_TEXT];
	size_t len = tab ? (size_t)(tab - line.at) : 0, control;
	struct bytes rest = tab ? bytes_from(line, len + 1) : line;
	struct past *p;

	*at = 0;
	if (!len || len >= sizeof(label))
		return "expected LABEL, a tab, and what was typed";
	*at = len + 1;
	if (!rest.len || rest.len >= sizeof(text))
		return "what was typed is empty, or too long";
	control = keepsake_control(rest);
	if (control != SIZE_MAX)
		return *at += control, "a control character";
	snprintf(label, sizeof(label), "%.*s", (int)len, (const char *)line.at);
	snprintf(text, sizeof(text), "%.*s", (int)rest.len, (const char *)rest.at);
	p = history_made(h, label);
	if (!p)
		return *at = 0, "there are too many labels";
	h->spare += p->count == HISTORY_MAX;
	h->spare += !past_keep(p, text);
	return NULL;
}

/* The file without what is not kept of it. */
static bool
history_trim(struct history *h, struct fault *why)
{
	struct buf text;
	bool ok = true;

	buf_init(&text, KEEPSAKE_MAX);
	for (size_t i = 0; i < h->pasts; i++)
		for (size_t k = 0; k < h->past[i].count; k++)
			ok = ok && buf_addf(&text, "%s\t%s\n", h->past[i].label, h->past[i].text[k]);
	ok = ok && keepsake_write(h->path, buf_bytes(&text), why);
	buf_release(&text);
	return ok;
}

static void
history_read(struct history *h, struct fault *why)
{
	struct complaint c = { .path = h->path };
	struct bytes rest, line;
	struct buf text;
	const char *wrong;
	size_t at;

	if (keepsake_read(h->path, &text, &c.first)) {
		rest = buf_bytes(&text);
		for (unsigned i = 1; keepsake_line(&rest, &line); i++)
			if (line.len && (wrong = history_line(h, line, &at)))
				complain(&c, i, at + 1, wrong);
		if (!c.count && h->spare > SPARE)
			(void)!history_trim(h, &c.first);
	}
	buf_release(&text);
	*why = c.first;
}

struct history *
history_open(const char *path, struct fault *why)
{
	struct history *h = xalloc(sizeof(*h));

	*why = (struct fault){ "" };
	if (!path || !*path)
		return h;
	h->path = xstrdup(path);
	history_read(h, why);
	return h;
}

void
history_close(struct history *h)
{
	for (size_t i = 0; i < h->pasts; i++)
		for (size_t k = 0; k < h->past[i].count; k++)
			free(h->past[i].text[k]);
	free(h->path);
	free(h);
}

/* "set proxyauth=ada:secret" */
static bool
is_secret(const char *text)
{
	return strstr(text, "auth=") || strstr(text, "uthorization") || strcasestr(text, "passw") || strcasestr(text, "passphrase=");
}

bool
history_add(struct history *h, const char *label, const char *text, struct fault *why)
{
	char line[HISTORY_LABEL + HISTORY_TEXT + 1];
	struct past *p;

	if (!*text || !*label || strlen(label) >= HISTORY_LABEL || strlen(text) >= HISTORY_TEXT ||
			keepsake_control(bytes_of(text)) != SIZE_MAX)
		return true;
	p = history_made(h, label);
	if (!p || !past_keep(p, text) || !h->path || is_secret(text))
		return true;
	snprintf(line, sizeof(line), "%s\t%s", label, text);
	return keepsake_append(h->path, line, why);
}

const char *
history_text(struct history *h, const char *label, size_t back)
{
	const struct past *p = history_of(h, label);

	return p && back < p->count ? p->text[p->count - 1 - back] : NULL;
}
