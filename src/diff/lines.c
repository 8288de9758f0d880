/* Texts by their lines, in the form of diff -u. */
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"
#include "soth/map.h"

enum { CONTEXT = 3, LINES_MAX = 1 << 20, PIECE_MAX = 400, LINES_TEXT_MAX = 1 << 20 };

struct lines {
	struct bytes *line;
	uint64_t *name;		/* the same for the same line */
	uint32_t count;
};

struct lines_diff {
	struct lines of[2];
	uint32_t *pair;		/* see lcs_pairs() */
	struct diff *d;
	struct diff_group *g;
	const struct diff_how *how;
	enum side side;
};

/* A piece of a long line, which programs write: up to a sign behind which people would have begun another. */
static size_t
piece_length(struct bytes line)
{
	size_t n = 0;

	while (n < PIECE_MAX && !strchr(";{}>", line.at[n]))
		n++;
	if (n < PIECE_MAX)
		return n + 1;
	while (n > PIECE_MAX - 4 && (line.at[n] & 0xc0) == 0x80)	/* not amid a character */
		n--;
	return n;
}

/* The last has the rest where there are too many. */
static struct bytes
line_next(struct bytes *text, bool last)
{
	const uint8_t *end = last ? NULL : memchr(text->at, '\n', text->len);
	struct bytes line = { text->at, end ? (size_t)(end - text->at) + 1 : text->len };

	if (line.len > PIECE_MAX + 1 && !last)
		line.len = piece_length(line);
	*text = bytes_from(*text, line.len);
	return line;
}

static void
lines_split(struct lines *l, struct bytes text, struct map *names)
{
	size_t room = 0;

	while (text.len) {
		void *name;

		if (l->count == room) {
			room = room ? room * 2 : 64;
			l->line = xgrow(l->line, room, sizeof(*l->line));
			l->name = xgrow(l->name, room, sizeof(*l->name));
		}
		l->line[l->count] = line_next(&text, l->count == LINES_MAX - 1);
		name = map_find(names, l->line[l->count]);
		if (!name) {
			name = (void *)(uintptr_t)(map_count(names) + 1);
			map_put(names, l->line[l->count], name);
		}
		l->name[l->count++] = (uintptr_t)name;
	}
}

static bool
put_line(const struct lines *l, struct buf *b, char sign, uint32_t i)
{
	struct bytes line = l->line[i];
	bool ended = line.len && line.at[line.len - 1] == '\n';

	line.len -= ended;
	return buf_addf(b, "%c", sign) && buf_add(b, line) &&
		buf_addf(b, "\n%s", ended || i + 1 < l->count ? "" : "\\ no line end\n");
}

/* One hunk: from..to of each side. */
struct hunk { uint32_t from[2], to[2]; };

static bool
put_hunk(struct lines_diff *l, struct buf *b, const struct hunk *h)
{
	uint32_t i = h->from[0], k = h->from[1];
	bool ok = buf_addf(b, "@@ -%u,%u +%u,%u @@\n", h->from[0] + (h->to[0] > h->from[0]), h->to[0] - h->from[0],
		h->from[1] + (h->to[1] > h->from[1]), h->to[1] - h->from[1]);

	while (ok && (i < h->to[0] || k < h->to[1])) {
		if (i < h->to[0] && l->pair[i] == LCS_NONE)
			ok = put_line(&l->of[0], b, '-', i++);
		else if (k < h->to[1] && (i == h->to[0] || l->pair[i] != k))
			ok = put_line(&l->of[1], b, '+', k++);
		else
			ok = put_line(&l->of[0], b, ' ', i++) && k++ < UINT32_MAX;
	}
	return ok;
}

/* From the next difference to where more lines are the same than two contexts have. False: there is none. */
static bool
hunk_next(const struct lines_diff *l, uint32_t at[2], struct hunk *h)
{
	uint32_t an = l->of[0].count, bn = l->of[1].count, i = at[0], k = at[1], same = 0, before;

	while (i < an && l->pair[i] == k) {
		i++;
		k++;
	}
	if (i == an && k == bn)
		return false;
	before = i - at[0] < CONTEXT ? i - at[0] : CONTEXT;
	*h = (struct hunk){ { i - before, k - before }, { 0 } };
	while ((i < an || k < bn) && same <= 2 * CONTEXT) {
		bool pair = i < an && l->pair[i] == k;

		same = pair ? same + 1 : 0;
		if (pair || (i < an && l->pair[i] == LCS_NONE)) {
			i++;
			k += pair;
		} else {
			k++;
		}
	}
	at[0] = i - same;
	at[1] = k - same;
	same = same < CONTEXT ? same : CONTEXT;
	h->to[0] = at[0] + same;
	h->to[1] = at[1] + same;
	return true;
}

static void
lines_tell(struct lines_diff *l)
{
	struct diff_change *c;
	uint32_t at[2] = { 0, 0 };
	bool whole = true;
	struct hunk h;
	struct buf b;

	buf_init(&b, LINES_TEXT_MAX);
	while (whole && hunk_next(l, at, &h))
		whole = put_hunk(l, &b, &h);
	c = group_change(l->d, l->g, l->how, DIFF_BODY, l->side);
	if (c) {
		c->where = xstrdup("lines");
		c->lines = xalloc(b.len + sizeof("\n...\n"));
		memcpy(c->lines, buf_bytes(&b).at, b.len);
		strcpy(c->lines + b.len, whole ? "" : "\n...\n");
	}
	buf_release(&b);
}

void
lines_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, const struct bytes text[2])
{
	struct lines_diff l = { .d = d, .g = g, .how = how, .side = side };
	struct map *names = map_new();

	for (int i = 0; i < 2; i++)
		lines_split(&l.of[i], text[i], names);
	map_free(names, NULL);
	l.pair = xgrow(NULL, l.of[0].count, sizeof(*l.pair));
	lcs_pairs(l.of[0].name, l.of[0].count, l.of[1].name, l.of[1].count, l.pair);
	lines_tell(&l);
	free(l.pair);
	for (int i = 0; i < 2; i++) {
		free(l.of[i].line);
		free(l.of[i].name);
	}
}
