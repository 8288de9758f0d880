/* Two texts by their lines, as rows for the screen. */
#include <stdlib.h>
#include <string.h>

#include "edit_inside.h"
#include "stayed.h"

enum { ROWS_MAX = 1 << 20, COMPARED_MAX = 64 << 20 };

/* The last has the rest where there are too many. */
static void
lines_of(struct bytes text, struct stayed *lines, struct map *names)
{
	while (text.len) {
		const uint8_t *end = lines->count < ROWS_MAX - 1 ? memchr(text.at, '\n', text.len) : NULL;
		struct bytes line = { text.at, end ? (size_t)(end - text.at) : text.len };

		stayed_add(lines, line, line, names);
		text = behind(text, line.len + 1);
	}
}

static void
row_add(struct edit_rows *out, enum edit_row_kind kind, struct bytes line, uint32_t number)
{
	out->row[out->rows++] = (struct edit_row){ kind, line, number + 1 };
}

/* What was taken away stands before what came in its place. */
static void
rows_put(const struct stayed *was, const struct stayed *is, const uint32_t *at, struct edit_rows *out)
{
	uint32_t i = 0, k = 0;

	while (k < is->count) {
		uint32_t next = k;

		while (next < is->count && at[next] == LCS_NONE)
			next++;
		while (i < (next < is->count ? at[next] : was->count)) {
			row_add(out, EDIT_REMOVED, was->part[i], i);
			i++;
		}
		for (; k < next; k++)
			row_add(out, EDIT_ADDED, is->part[k], k);
		if (k < is->count) {
			row_add(out, EDIT_SAME, is->part[k], k);
			k++;
			i++;
		}
	}
	for (; i < was->count; i++)
		row_add(out, EDIT_REMOVED, was->part[i], i);
}

void
edit_rows_of(struct bytes was, struct bytes is, struct edit_rows *out)
{
	struct stayed a = { NULL }, b = { NULL };
	struct map *names = map_new();
	uint32_t *at;

	lines_of(was, &a, names);
	lines_of(is, &b, names);
	at = stayed_origin(&a, &b);
	*out = (struct edit_rows){ .row = xgrow(NULL, (size_t)a.count + b.count, sizeof(*out->row)) };
	rows_put(&a, &b, at, out);
	free(at);
	stayed_release(&a);
	stayed_release(&b);
	map_free(names, NULL);
}

void
edit_compare(const struct edit_message *was, const struct edit_message *is, struct edit_rows *out)
{
	const struct edit_message *m[] = { was, is };
	struct slice text[2];

	for (int i = 0; i < 2; i++) {
		struct edit_form form = { .bare = true };
		struct buf b;

		buf_init(&b, COMPARED_MAX);
		(void)!edit_write(m[i], &form, &b);
		text[i] = buf_seal(&b);
	}
	edit_rows_of(text[0].bytes, text[1].bytes, out);
	out->text[0] = text[0];
	out->text[1] = text[1];
}

void
edit_rows_release(struct edit_rows *r)
{
	free(r->row);
	slice_drop(&r->text[0]);
	slice_drop(&r->text[1]);
	*r = (struct edit_rows){ 0 };
}
