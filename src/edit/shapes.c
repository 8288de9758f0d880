/* The ways to write a body down, and which one is taken. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "edit_inside.h"
#include "soth/decode.h"
#include "soth/utf8.h"

enum { FIRST = 1024 };

/* To add one: a line here, and its three functions. The first that gives the same bytes again is taken. */
#define SHAPES(_) \
	_("grpc",	"messages of gRPC, each in its own shape", frames_suits, frames_show, frames_read, false, true, true) \
	_("multipart",	"parts, each in its own shape", mixed_suits, mixed_show, mixed_read, false, true, true) \
	_("msgpack",	"MessagePack, as JSON with more kinds of values", msgpack_suits, msgpack_put, msgpack_pack, false, true, false) \
	_("cbor",	"CBOR, in its diagnostic notation", cbor_suits, cbor_put, cbor_pack, false, true, false) \
	_("protobuf",	"Protocol Buffers, a field a line", wired_suits, wired_show, wired_read, false, true, false) \
	_("form",	"a form, a field a line", pairs_suits, pairs_show, pairs_read, false, true, false) \
	_("json",	"JSON of one line, laid out", spread_suits, spread_show, spread_read, false, true, false) \
	_("lines",	"text; its lines end in CRLF, which is put back", lines_suits, lines_show, lines_read, true, false, false) \
	_("text",	"text as it stands", text_suits, plain_show, plain_read, true, false, false) \
	_("hex",	"bytes in hex; what is right of | does not count", hex_suits, hex_show, hex_read, false, false, false)

static bool
hex_suits(const struct work *w)
{
	(void)w;
	return true;
}

/* What an editor shows and saves as it is. */
bool
text_suits(const struct work *w)
{
	for (size_t i = 0; i < w->plain.len; i++)
		if ((w->plain.at[i] < 0x20 && !strchr("\t\n\f\r\033", w->plain.at[i])) || !w->plain.at[i] || w->plain.at[i] == 0x7f)
			return false;
	return !w->plain.len || utf8_valid(w->plain);
}

static bool
plain_show(const struct work *w, struct buf *out)
{
	return buf_add(out, w->plain);
}

static bool
plain_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	(void)w;
	return buf_add(out, text) || spot_fault(why, NULL, "the body is too large");
}

/* Each LF has its CR, and there is one at least. */
static bool
lines_suits(const struct work *w)
{
	struct bytes rest = w->plain;
	size_t lines = 0;

	for (; rest.len; rest = behind(rest, 1)) {
		if (*rest.at == '\n' || (*rest.at == '\r' && (rest.len == 1 || rest.at[1] != '\n')))
			return false;
		if (*rest.at == '\r') {
			lines++;
			rest = behind(rest, 1);
		}
	}
	return lines && text_suits(w);
}

bool
lines_each(struct bytes from, const char *end_was, const char *end_is, struct buf *out)
{
	while (from.len) {
		const uint8_t *end = memmem(from.at, from.len, end_was, strlen(end_was));
		struct bytes line = { from.at, end ? (size_t)(end - from.at) : from.len };

		if (!buf_add(out, line) || (end && !buf_add(out, bytes_of(end_is))))
			return false;
		from = behind(from, line.len + strlen(end_was));
	}
	return true;
}

static bool
lines_show(const struct work *w, struct buf *out)
{
	return lines_each(w->plain, "\r\n", "\n", out);
}

static bool
lines_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	(void)w;
	return lines_each(text, "\n", "\r\n", out) || spot_fault(why, NULL, "the body is too large");
}

static const struct shape shapes[] = {
#define SHAPE_ROW(name, about, suits, show, read, text, laid_out, holds) { suits, show, read, text, laid_out, holds },
	SHAPES(SHAPE_ROW)
#undef SHAPE_ROW
};
const struct edit_shape edit_shapes[] = {
#define SHAPE_NAME(name, about, suits, show, read, text, laid_out, holds) { name, about },
	SHAPES(SHAPE_NAME)
#undef SHAPE_NAME
	{ NULL, NULL },
};

static bool
shape_allowed(size_t i, const struct work *w, enum edit_mode mode, bool text_alone)
{
	if (text_alone)
		return shapes[i].text;
	if (mode == EDIT_HEX)
		return i == ARRAY_LEN(shapes) - 1;
	return !shapes[i].laid_out || (mode == EDIT_BEST && w->plain.len <= EDIT_SHAPED_MAX);
}

/* Whether it can be written down so, and comes back as it was. */
static bool
shape_fits(const struct shape *s, const struct work *w, struct buf *text)
{
	struct spot why = { NULL };
	struct buf back;
	bool ok;

	if (!s->suits(w) || !s->show(w, text))
		return false;
	if (s->show == plain_show)
		return true;
	buf_init(&back, w->plain.len + 1);
	ok = s->read(w, buf_bytes(text), &back, &why) && bytes_same(buf_bytes(&back), w->plain);
	buf_release(&back);
	return ok;
}

size_t
shape_best(const struct work *w, enum edit_mode mode, bool text_alone, struct buf *out)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(shapes); i++) {
		struct buf text;
		bool fits, room = true;

		if (!shape_allowed(i, w, mode, text_alone))
			continue;
		buf_init(&text, out->limit - out->len);
		fits = shape_fits(&shapes[i], w, &text);
		room = !fits || buf_add(out, buf_bytes(&text));
		buf_release(&text);
		if (fits)
			return room ? i : ARRAY_LEN(shapes);
	}
	return i;
}

bool
shape_read(size_t shape, const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	return shapes[shape].read(w, text, out, why);
}

bool
shape_show(size_t shape, const struct work *w, struct buf *out)
{
	return shapes[shape].show(w, out);
}

bool
shape_word(struct bytes word, size_t *shape, struct spot *why)
{
	for (*shape = 0; edit_shapes[*shape].name; ++*shape)
		if (bytes_are(word, edit_shapes[*shape].name))
			return !shapes[*shape].holds || spot_fault(why, word.at, "this holds others, and may not be in one");
	return spot_fault(why, word.at, "protobuf, json, lines, text or hex expected");
}

struct bytes
block_take(struct bytes *rest, const char *title)
{
	size_t len = strlen(title);
	struct bytes block = *rest;

	for (size_t at = 0; at < rest->len; at++) {
		const uint8_t *end = memchr(rest->at + at, '\n', rest->len - at);

		if (!end)
			break;
		at = (size_t)(end - rest->at);
		if (rest->len - at > len && !memcmp(end + 1, title, len)) {
			block.len = at;
			break;
		}
	}
	*rest = behind(*rest, block.len + 1);
	return block;
}

bool
shape_is_text(size_t shape)
{
	return shapes[shape].text;
}

size_t
shape_named(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(shapes) - 1 && !(name && !strcmp(edit_shapes[i].name, name)))
		i++;
	return i;
}

void
work_choose(struct work *w, const char *as)
{
	struct hint h = { .type = w->type, .path = w->path, .schema = w->schema, .side = w->side, .as = as };
	const struct decoder *d = as ? decoder_named(decoders, as) : NULL;
	struct bytes first = { w->plain.at, w->plain.len < FIRST ? w->plain.len : FIRST };

	if (!first.len)
		first = LIT("");
	if (!d)
		d = decoder_best(decoders, &h, first);
	w->decoder = d ? d->name : "hex";
}

bool
spot_fault(struct spot *s, const uint8_t *at, const char *fmt, ...)
{
	va_list ap;

	s->at = at;
	va_start(ap, fmt);
	vsnprintf(s->why.text, sizeof(s->why.text), fmt, ap);
	va_end(ap);
	return false;
}
