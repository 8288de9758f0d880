/*
 * What was answered to each question, and a file of it. A line of the file:
 *
 *	LABEL TAB TEXT
 *
 * The newest come last. What is more than is kept goes when it is next read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "keepsake.h"

struct past { char label[HISTORY_LABEL]; char *text[HISTORY_MAX]; size_t count; };

struct history {
	char *path;		/* NULL: in memory alone */
	struct past past[HISTORY_LABELS];
	size_t pasts;
	bool more;		/* the file has lines that are not kept */
};

static const struct past *
history_of(const struct history *h, const char *label)
{
	for (size_t i = 0; i < h->pasts; i++)
		if (!strcmp(h->past[i].label, label))
			return &h->past[i];
	return NULL;
}

static struct past *
history_made(struct history *h, const char *label)
{
	struct past *p = (struct past *)(uintptr_t)history_of(h, label);

	if (p || h->pasts == HISTORY_LABELS)
		return p;
	p = &h->past[h->pasts++];
	snprintf(p->label, sizeof(p->label), "%s", label);
	return p;
}

/* False: it is the last one again, or cannot be kept. */
static bool
history_keep(struct history *h, const char *label, const char *text)
{
	struct past *p;

	if (!*text || !*label || strlen(label) >= HISTORY_LABEL || strlen(text) >= HISTORY_TEXT || !keepsake_clean(text) ||
			!keepsake_clean(label))
		return false;
	p = history_made(h, label);
	if (!p || (p->count && !strcmp(p->text[p->count - 1], text)))
		return false;
	if (p->count == HISTORY_MAX) {
		free(p->text[0]);
		memmove(p->text, p->text + 1, --p->count * sizeof(*p->text));
		h->more = true;
	}
	p->text[p->count++] = xstrdup(text);
	return true;
}

static void
history_line(void *history, char *line)
{
	struct history *h = history;
	char *label = keepsake_field(&line);

	if (!line || !history_keep(h, label, line))
		h->more = true;
}

static void
history_write(void *history, FILE *to)
{
	const struct history *h = history;

	for (size_t i = 0; i < h->pasts; i++)
		for (size_t k = 0; k < h->past[i].count; k++)
			fprintf(to, "%s\t%s\n", h->past[i].label, h->past[i].text[k]);
}

struct history *
history_open(const char *path)
{
	struct history *h = xalloc(sizeof(*h));
	struct fault why;

	if (!path || !*path)
		return h;
	h->path = xstrdup(path);
	keepsake_read(path, history_line, h);
	if (h->more)
		(void)!keepsake_write(path, history_write, h, &why);	/* else the next time */
	h->more = false;
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
	return strstr(text, "auth=") || strstr(text, "uthorization");
}

bool
history_add(struct history *h, const char *label, const char *text, struct fault *why)
{
	char line[HISTORY_LABEL + HISTORY_TEXT + 1];

	if (!history_keep(h, label, text) || !h->path || is_secret(text))
		return true;
	snprintf(line, sizeof(line), "%s\t%s", label, text);
	return keepsake_append(h->path, line, why);
}

const char *
history_text(const struct history *h, const char *label, size_t back)
{
	const struct past *p = history_of(h, label);

	return p && back < p->count ? p->text[p->count - 1 - back] : NULL;
}
