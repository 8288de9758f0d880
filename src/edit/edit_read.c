/* A text that a person edited, as a message again. */
#include <stdio.h>
#include <string.h>

#include "edit_inside.h"
#include "soth/chunks.h"
#include "soth/fieldlist.h"

/* A text being read. */
struct reading {
	const struct edit_message *was;
	const struct edit_form *form;
	struct bytes text, body;	/* body: its part of the text */
	struct opened opened;		/* the body as it was */
	struct work work;
	struct edit_result *r;
	struct spot spot;
};

static bool
read_same(const struct reading *g)
{
	struct buf text;
	bool same;

	buf_init(&text, g->body.len + 1);
	same = shape_show(shape_named(g->form->shape), &g->work, &text) && bytes_same(buf_bytes(&text), g->body);
	buf_release(&text);
	return same;
}

/* The same line and column in what was typed: charsets are of text alone, whose lines are the same. */
static const uint8_t *
place_in(struct bytes typed, struct bytes read, size_t used)
{
	size_t column = 0;

	for (size_t i = 0; i < used; i++) {
		const uint8_t *end = read.at[i] == '\n' ? memchr(typed.at, '\n', typed.len) : NULL;

		column = end ? 0 : column + 1;
		if (end)
			typed = behind(typed, (size_t)(end + 1 - typed.at));
	}
	return typed.at + (column < typed.len ? column : typed.len);
}

/* What was typed, in its charset. */
static bool
read_plain(struct reading *g, struct buf *plain)
{
	struct buf chars;
	size_t used;
	bool ok;

	if (!*g->form->charset)
		return shape_read(shape_named(g->form->shape), &g->work, g->body, plain, &g->spot);
	buf_init(&chars, EDIT_PLAIN_MAX);
	ok = shape_read(shape_named(g->form->shape), &g->work, g->body, &chars, &g->spot) &&
		(charset_convert("UTF-8", g->form->charset, buf_bytes(&chars), plain, &used) ||
		spot_fault(&g->spot, place_in(g->body, buf_bytes(&chars), used), "characters of %s expected: it has not this one",
			g->form->charset));
	buf_release(&chars);
	return ok;
}

bool
body_encode(struct bytes plain, struct edit_result *r, struct fault *why)
{
	struct buf scratch, out;
	struct bytes list;
	int shown;
	bool ok;

	buf_init(&scratch, EDIT_LIST_MAX);
	buf_init(&out, EDIT_PLAIN_MAX * 2);
	list = joined(r->head, "content-encoding", &scratch);
	shown = list.len < EDIT_LIST_SHOWN ? (int)list.len : EDIT_LIST_SHOWN;
	if (!codings_known(list))
		result_say(r, "content-encoding: %.*s is not known: the body goes as it stands", shown, (const char *)list.at);
	ok = codings_put(list, plain, &out, why);
	if (ok && list.len && plain.len && codings_known(list))
		result_say(r, "%.*s put back", shown, (const char *)list.at);
	r->body = buf_seal(&out);
	buf_release(&scratch);
	return ok;
}

static bool
same_codings(const struct reading *g)
{
	struct buf a, b;
	bool same;

	buf_init(&a, EDIT_LIST_MAX);
	buf_init(&b, EDIT_LIST_MAX);
	same = bytes_same(joined(g->was->head, "content-encoding", &a), joined(g->r->head, "content-encoding", &b));
	buf_release(&a);
	buf_release(&b);
	return same;
}

static bool
read_changed(struct reading *g, struct bytes plain)
{
	bool same = bytes_same(plain, buf_bytes(&g->opened.plain)), ok = true;

	if (same && (same_codings(g) || !g->form->coded))
		g->r->body = slice_copy(g->was->body);
	else if (!g->form->coded)
		g->r->body = slice_copy(plain);
	else
		ok = body_encode(plain, g->r, &g->spot.why);
	g->r->body_changed = !bytes_same(g->r->body.bytes, g->was->body);
	return ok;
}

static void
place_of(struct bytes text, const uint8_t *at, unsigned *line, unsigned *column)
{
	*line = *column = 1;
	for (const uint8_t *p = text.at; p < at; p++) {
		*column = *p == '\n' ? 1 : *column + 1;
		*line += *p == '\n';
	}
}

/* It may be on purpose, so it is only said. */
static void
read_doubt(struct reading *g)
{
	unsigned line, column;
	struct spot spot;

	if (!g->r->body_changed || !g->body.len || strcmp(g->work.decoder, "json") || !shape_is_text(shape_named(g->form->shape)) ||
			!json_valid(g->work.plain, &spot) || json_valid(g->body, &spot))
		return;
	place_of(g->text, spot.at, &line, &column);
	result_say(g->r, "line %u, column %u: %.80s", line, column, spot.why.text);
}

static bool
read_body(struct reading *g)
{
	struct buf plain;
	bool ok;

	if (g->body.len && g->body.at[g->body.len - 1] == '\n')
		g->body.len--;
	opened_init(&g->opened);
	if (g->form->coded)
		(void)open_codings(g->was, &g->opened);
	else
		(void)!buf_add(&g->opened.plain, g->was->body);
	if (*g->form->charset)
		(void)open_charset(g->form->charset, &g->opened);
	g->work = work_of(g->was, buf_bytes(*g->form->charset ? &g->opened.chars : &g->opened.plain));
	buf_init(&plain, EDIT_PLAIN_MAX);
	if (read_same(g))
		ok = read_changed(g, buf_bytes(&g->opened.plain));
	else
		ok = read_plain(g, &plain) && read_changed(g, buf_bytes(&plain));
	if (ok)
		read_doubt(g);
	buf_release(&plain);
	opened_release(&g->opened);
	return ok;
}

static bool
same_heads(const struct head *a, const struct head *b)
{
	return a && b ? bytes_same(head_text(a), head_text(b)) : !a && !b;
}

/* One that was not touched is the same one again. */
static void
read_heads(struct reading *g)
{
	struct edit_result *r = g->r;

	r->head_changed = !same_heads(r->head, g->was->head);
	r->trailers_changed = !same_heads(r->trailers, g->was->trailers);
	if (r->head && !r->head_changed) {
		head_drop(r->head);
		r->head = head_ref(g->was->head);
	}
}

static bool
read_all(struct reading *g)
{
	enum head_kind kind = g->was->head ? head_kind(g->was->head) : HEAD_FIELDS;

	g->body = g->text;
	if (!headlines_read(&g->body, kind, g->form->notes && (g->was->head || !g->form->bare), &g->r->head, &g->r->trailers,
			&g->spot))
		return false;
	read_heads(g);
	if (!read_body(g))
		return false;
	return g->form->forced || !(g->r->head_changed || g->r->body_changed) || sendable(g->was, g->text, g->r, &g->spot);
}

/* What is wrong with it is said, and it goes all the same. */
static void
raw_say(struct edit_result *r)
{
	struct bytes length = head_find(r->head, "content-length");
	char now[24];

	snprintf(now, sizeof(now), "%zu", r->body.bytes.len);
	if (length.len && !head_has(r->head, "transfer-encoding") && !bytes_are(length, now))
		result_say(r, "content-length: %.*s, but the body has %s bytes", (int)(length.len < 24 ? length.len : 24),
			(const char *)length.at, now);
	if (head_kind(r->head) == HEAD_REQUEST && head_version(r->head) != HTTP_1_0 && !head_has(r->head, "host"))
		result_say(r, "no host field");
}

/* As its receiver reads it, or as it stands: then that is said. */
static void
raw_body(struct bytes framed, struct edit_result *r)
{
	struct chunks c;
	struct fault why = { "" };

	if (r->head && chunks_read(r->head, framed, &c, &why)) {
		r->body = c.body;
		r->trailers = c.trailer;
		return;
	}
	r->body = slice_copy(framed);
	if (*why.text)
		result_say(r, "recorded with its chunk marks: %.80s", why.text);
}

static void
raw_read(const struct edit_message *was, struct bytes text, struct edit_result *r)
{
	const uint8_t *end = was->head && text.len ? memmem(text.at, text.len, "\r\n\r\n", 4) : NULL;
	struct bytes head = { text.at, end ? (size_t)(end + 4 - text.at) : 0 };
	struct fault wrong = { "no empty line, with CRLF, ends the head" };

	r->raw = slice_copy(text);
	if (was->head && end)
		r->head = head_parse(head, head_kind(was->head), &wrong);
	if (was->head && !r->head)
		result_say(r, "not a head: %.100s", wrong.text);
	raw_body(behind(text, r->head ? head.len : 0), r);
	r->head_changed = !same_heads(r->head, was->head);
	r->body_changed = !bytes_same(r->body.bytes, was->body);
	if (r->head && (r->head_changed || r->body_changed))
		raw_say(r);
}

static bool
list_read(const struct edit_message *was, struct bytes text, struct edit_result *r, struct fault *why)
{
	struct fieldlist l;
	struct fault wrong;
	size_t at;
	bool whole;

	if (!fieldlist_read(slice_copy(text), &l, &at, &wrong)) {
		place_of(text, text.at + at, &r->line, &r->column);
		return fault(why, "line %u, column %u: %.160s", r->line, r->column, wrong.text);
	}
	r->raw = slice_copy(text);
	r->list = true;
	r->head = fieldlist_head(&l, head_kind(was->head), &whole);
	r->trailers = fieldlist_trailer(&l, &whole);
	r->body = slice_ref(l.body);
	if (r->head && !bytes_same(r->body.bytes, was->body))
		raw_say(r);
	if (!r->head)
		r->head = head_ref(was->head);
	if (!whole)
		result_say(r, "not all of it can stand in a head: overview shows it as it was typed");
	r->head_changed = !same_heads(r->head, was->head);
	r->body_changed = !bytes_same(r->body.bytes, was->body);
	fieldlist_release(&l);
	return true;
}

static void
place_tell(struct edit_result *r, struct bytes text, const struct spot *spot, struct fault *why)
{
	if (!spot->at || spot->at < text.at || spot->at > text.at + text.len) {
		fault(why, "%s", spot->why.text);
		return;
	}
	place_of(text, spot->at, &r->line, &r->column);
	fault(why, "line %u, column %u: %.160s", r->line, r->column, spot->why.text);
}

bool
edit_read(const struct edit_message *was, const struct edit_form *form, struct bytes text, struct edit_result *out,
	struct fault *why)
{
	struct reading g = { .was = was, .form = form, .text = text, .r = out };

	*out = (struct edit_result){ 0 };
	if (form->mode == EDIT_RAW) {
		raw_read(was, text, out);
		return true;
	}
	if (form->mode == EDIT_LIST)
		return list_read(was, text, out, why);
	if (read_all(&g))
		return true;
	edit_result_release(out);
	place_tell(out, text, &g.spot, why);
	return false;
}

void
edit_result_release(struct edit_result *r)
{
	head_drop(r->head);
	head_drop(r->trailers);
	slice_drop(&r->body);
	slice_drop(&r->raw);
	*r = (struct edit_result){ 0 };
}
