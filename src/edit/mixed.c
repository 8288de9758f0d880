/*
 * A multipart body (RFC 2046 section 5.1) of which not all is text, a part
 * after the other, each in a shape of its own:
 *
 *	#! part as text
 *	Content-Disposition: form-data; name="title"
 *
 *	a cat
 *	#! part as hex
 *	Content-Disposition: form-data; name="file"; filename="cat.png"
 *
 *	00000000  89 50 4e 47                                     |.PNG|
 *
 * A part that is as it was keeps its bytes, and so does what is behind the last.
 */
#include <stdlib.h>
#include <string.h>

#include "../decode/type.h"
#include "edit_inside.h"
#include "stayed.h"

enum { PARTS_MAX = 1 << 12, BOUNDARY_MAX = 200, MARK_ROOM = BOUNDARY_MAX + 8 };

static const char title[] = "#! part";

/* What stands before each part: CRLF, two dashes and the boundary. The first has no CRLF. */
struct mark { char text[MARK_ROOM]; size_t len; };

static bool
mark_of(const struct work *w, struct mark *m)
{
	struct bytes b = type_parameter(w->type, "boundary");

	if (!b.len || b.len > BOUNDARY_MAX)
		return false;
	memcpy(m->text, "\r\n--", 4);
	memcpy(m->text + 4, b.at, b.len);
	m->len = 4 + b.len;
	return true;
}

bool
mixed_suits(const struct work *w)
{
	struct mark m;

	return type_starts(w->type, "multipart/") && !w->depth && mark_of(w, &m) && w->plain.len >= m.len &&
		!memcmp(w->plain.at, m.text + 2, m.len - 2) && !text_suits(w);
}

/* From behind its mark on. False: it is the last mark, or nothing that follows one. *rest begins with the next mark. */
static bool
part_next(const struct mark *m, struct bytes *rest, bool *broken, struct bytes *part)
{
	const uint8_t *next;

	*broken = rest->len < 2 || (memcmp(rest->at, "\r\n", 2) && memcmp(rest->at, "--", 2));
	if (*broken || *rest->at == '-')
		return false;
	*part = behind(*rest, 2);
	next = part->len ? memmem(part->at, part->len, m->text, m->len) : NULL;
	*broken = !next;
	if (!next)
		return false;
	part->len = (size_t)(next - part->at);
	*rest = behind(*rest, 2 + part->len + m->len);
	return true;
}

/* The head of a part, with the empty line at its end; 0: it has none. */
static size_t
head_length(struct bytes part)
{
	const uint8_t *end = part.len ? memmem(part.at, part.len, "\r\n\r\n", 4) : NULL;

	if (part.len >= 2 && !memcmp(part.at, "\r\n", 2))
		return 2;
	return end ? (size_t)(end + 4 - part.at) : 0;
}

/* Of the lines of a head. */
static struct bytes
part_type(struct bytes head)
{
	static const char name[] = "content-type:";

	while (head.len) {
		const uint8_t *end = memchr(head.at, '\n', head.len);
		struct bytes line = { head.at, end ? (size_t)(end - head.at) : head.len };

		head = behind(head, line.len + 1);
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len >= sizeof(name) - 1 && bytes_like((struct bytes){ line.at, sizeof(name) - 1 }, name))
			return bytes_trim(behind(line, sizeof(name) - 1));
	}
	return (struct bytes){ 0 };
}

static struct work
part_work(const struct work *w, struct bytes head, struct bytes body)
{
	struct work inner = { .plain = body, .type = part_type(head), .schema = w->schema, .side = w->side };

	inner.depth = w->depth + 1;
	work_choose(&inner, NULL);
	return inner;
}

static bool
part_put(const struct work *w, struct bytes part, struct buf *out)
{
	size_t head = head_length(part), shape;
	struct work inner = part_work(w, (struct bytes){ part.at, head }, behind(part, head));
	struct buf text;
	bool ok;

	if (!head)
		return false;
	buf_init(&text, out->limit);
	shape = shape_best(&inner, EDIT_BEST, false, &text);
	ok = edit_shapes[shape].name && buf_addf(out, "%s as %s\n", title, edit_shapes[shape].name) &&
		lines_each((struct bytes){ part.at, head - 2 }, "\r\n", "\n", out) &&
		(!text.len || (buf_add(out, LIT("\n")) && buf_add(out, buf_bytes(&text))));
	buf_release(&text);
	return ok;
}

bool
mixed_show(const struct work *w, struct buf *out)
{
	struct bytes rest, part;
	size_t count = 0;
	bool broken;
	struct mark m;

	if (!mark_of(w, &m))
		return false;
	rest = behind(w->plain, m.len - 2);
	while (part_next(&m, &rest, &broken, &part))
		if (count == PARTS_MAX || (count++ && !buf_add(out, LIT("\n"))) || !part_put(w, part, out))
			return false;
	return !broken && count;
}

/* Behind the title: the head up to an empty line, and the body in its shape. */
static bool
part_typed(const struct work *w, struct bytes text, size_t shape, struct buf *out, struct spot *why)
{
	const uint8_t *end = memmem(text.at, text.len, "\n\n", 2);
	bool none = text.len && *text.at == '\n';
	struct bytes head = { text.at, none || !text.len ? 0 : end ? (size_t)(end + 1 - text.at) : text.len };
	struct bytes body = behind(text, head.len + 1);
	struct work inner = part_work(w, head, (struct bytes){ 0 });

	if (head.len && !(lines_each(head, "\n", "\r\n", out) && (head.at[head.len - 1] == '\n' || buf_add(out, LIT("\r\n")))))
		return spot_fault(why, text.at, "the body is too large");
	return (buf_add(out, LIT("\r\n")) || spot_fault(why, text.at, "the body is too large")) &&
		shape_read(shape, &inner, body, out, why);
}

static bool
block_typed(const struct work *w, struct bytes block, struct buf *out, struct spot *why)
{
	const uint8_t *end = memchr(block.at, '\n', block.len);
	struct bytes line = { block.at, end ? (size_t)(end - block.at) : block.len }, word;
	size_t shape, before = sizeof(title) - 1;

	if (line.len < before || memcmp(line.at, title, before))
		return spot_fault(why, block.at, "\"%s as text\" expected, or hex for text", title);
	word = bytes_trim(behind(line, before));
	if (word.len < 3 || memcmp(word.at, "as ", 3))
		return spot_fault(why, line.at + before, "\"as\" and a shape expected");
	return shape_word(bytes_trim(behind(word, 3)), &shape, why) &&
		part_typed(w, behind(block, line.len + (end ? 1 : 0)), shape, out, why);
}

/* The parts as they were; what is left is the last mark and all behind it. */
static struct bytes
parts_were(const struct work *w, const struct mark *m, struct stayed *was, struct map *names)
{
	struct bytes rest = behind(w->plain, m->len - 2), part;
	struct buf text;
	bool broken;

	buf_init(&text, EDIT_PLAIN_MAX * 4);
	while (was->count < PARTS_MAX && part_next(m, &rest, &broken, &part)) {
		buf_eat(&text, text.len);
		if (!part_put(w, part, &text))
			break;
		stayed_add(was, part, buf_bytes(&text), names);
	}
	buf_release(&text);
	return rest;
}

static bool
parts_put(const struct work *w, const struct mark *m, const struct stayed *was, const struct stayed *is, struct buf *out,
	struct spot *why)
{
	uint32_t *at = stayed_origin(was, is);
	bool ok = true;

	for (uint32_t i = 0; ok && i < is->count; i++) {
		struct bytes mark = { (const uint8_t *)m->text, m->len };

		ok = (buf_add(out, behind(mark, i ? 0 : 2)) && buf_add(out, LIT("\r\n"))) ||
			spot_fault(why, is->part[i].at, "the body is too large");
		if (ok && at[i] != LCS_NONE)
			ok = buf_add(out, was->part[at[i]]) || spot_fault(why, is->part[i].at, "the body is too large");
		else if (ok)
			ok = block_typed(w, is->part[i], out, why);
	}
	free(at);
	return ok;
}

bool
mixed_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct stayed was = { NULL }, is = { NULL };
	struct map *names = map_new();
	struct bytes tail;
	struct mark m;
	bool ok;

	if (!mark_of(w, &m)) {
		map_free(names, NULL);
		return spot_fault(why, NULL, "a boundary of the parts expected");
	}
	tail = parts_were(w, &m, &was, names);
	while (text.len && is.count < PARTS_MAX) {
		struct bytes block = block_take(&text, title);

		stayed_add(&is, block, block, names);
	}
	ok = is.count && !text.len ? parts_put(w, &m, &was, &is, out, why) :
		spot_fault(why, text.at, text.len ? "fewer parts expected" : "one part at least expected");
	ok = ok && ((buf_add(out, (struct bytes){ (const uint8_t *)m.text, m.len }) && buf_add(out, tail)) ||
		spot_fault(why, NULL, "the body is too large"));
	stayed_release(&was);
	stayed_release(&is);
	map_free(names, NULL);
	return ok;
}
