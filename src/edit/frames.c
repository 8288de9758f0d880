/*
 * Messages of gRPC, gRPC-Web and Connect, each behind five bytes of flags and
 * length, as text: each in a shape of its own.
 *
 *	#! message as protobuf
 *	name: "ann"
 *	#! message compressed gzip as protobuf
 *	name: "bob"
 *	#! message trailers as lines
 *	grpc-status: 0
 *
 * A message that is as it was keeps its bytes; another is put into its shape,
 * its coding and its length again.
 */
#include <stdlib.h>
#include <string.h>

#include "../decode/base64.h"
#include "../decode/type.h"
#include "edit_inside.h"
#include "stayed.h"
#include "soth/reader.h"

enum { PREFIX = 5, FRAMES_MAX = 1 << 14, COMPRESSED = 0x01, LAST = 0x02, TRAILERS = 0x80 };

static const char title[] = "#! message";
static const struct { const char *word; uint8_t flag; } flags[] = {
	{ "compressed", COMPRESSED }, { "end", LAST }, { "trailers", TRAILERS },
};

bool
frames_suits(const struct work *w)
{
	return w->plain.len && !strcmp(w->decoder, "grpc") && w->depth == 0;
}

static bool
is_base64(const struct work *w)
{
	return type_starts(w->type, "application/grpc-web-text");
}

/* The frames, freed of Base64: of pieces that each may have been padded. */
static bool
frames_bytes(const struct work *w, struct buf *out)
{
	struct bytes rest = w->plain;

	if (!is_base64(w))
		return buf_add(out, rest);
	while (rest.len) {
		const uint8_t *pad = memchr(rest.at, '=', rest.len);
		size_t n = pad ? (size_t)(pad - rest.at) : rest.len;

		while (n < rest.len && rest.at[n] == '=')
			n++;
		if (!base64_decode((struct bytes){ rest.at, n }, out))
			return false;
		rest = behind(rest, n);
	}
	return true;
}

struct frame { uint8_t flags; struct bytes payload, raw; };

static bool
frame_next(struct reader *r, struct frame *f)
{
	f->raw = r->rest;
	f->flags = read_u8(r);
	f->payload = read_bytes(r, read_be32(r));
	f->raw.len -= r->rest.len;
	return !r->ran_out && !(f->flags & ~(COMPRESSED | LAST | TRAILERS));
}

/* How it is compressed: a field of the head said so; else it shows. */
static struct bytes
frame_coding(const struct work *w, const struct frame *f)
{
	static const struct { uint8_t magic[2]; const char *coding; } known[] = {
		{ { 0x1f, 0x8b }, "gzip" }, { { 0x28, 0xb5 }, "zstd" }, { { 0x78, 0x01 }, "deflate" },
		{ { 0x78, 0x5e }, "deflate" }, { { 0x78, 0x9c }, "deflate" }, { { 0x78, 0xda }, "deflate" },
	};

	if (!(f->flags & COMPRESSED))
		return (struct bytes){ 0 };
	if (w->coding.len && !memchr(w->coding.at, ' ', w->coding.len))
		return w->coding;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (f->payload.len >= 2 && !memcmp(f->payload.at, known[i].magic, 2))
			return bytes_of(known[i].coding);
	return (struct bytes){ 0 };
}

static struct work
frame_work(const struct work *w, uint8_t flag, struct bytes plain)
{
	struct work inner = { .plain = plain, .path = w->path, .schema = w->schema, .side = w->side, .depth = w->depth + 1 };

	if (flag & TRAILERS)
		inner.type = LIT("text/plain");
	else if (flag & LAST || type_ends(w->type, "+json") ||
			(plain.len > 1 && *plain.at == '{' && plain.at[plain.len - 1] == '}'))
		inner.type = LIT("application/json");
	else
		inner.type = LIT("soth/protobuf");
	work_choose(&inner, NULL);
	return inner;
}

static bool
title_put(const struct frame *f, struct bytes coding, const char *shape, struct buf *out)
{
	bool ok = buf_add(out, bytes_of(title));

	for (size_t i = 0; ok && i < ARRAY_LEN(flags); i++)
		if (f->flags & flags[i].flag)
			ok = buf_addf(out, " %s", flags[i].word);
	if (ok && coding.len)
		ok = buf_add(out, LIT(" ")) && buf_add(out, coding);
	return ok && buf_addf(out, " as %s", shape);
}

/* Title and text of one. */
static bool
frame_put(const struct work *w, const struct frame *f, struct buf *out)
{
	struct bytes coding = frame_coding(w, f);
	struct buf plain, text;
	struct work inner;
	struct fault why;
	size_t shape;
	bool ok;

	buf_init(&plain, EDIT_SHAPED_MAX);
	buf_init(&text, out->limit);
	if (!coding.len || !f->payload.len || !codings_known(coding) || !codings_undo(coding, f->payload, &plain, &why) ||
			!plain.len) {
		coding.len = 0;
		buf_eat(&plain, plain.len);
		(void)!buf_add(&plain, f->payload);
	}
	inner = frame_work(w, f->flags, buf_bytes(&plain));
	shape = shape_best(&inner, f->flags & COMPRESSED && !coding.len ? EDIT_HEX : EDIT_BEST, false, &text);
	ok = edit_shapes[shape].name && title_put(f, coding, edit_shapes[shape].name, out) &&
		(!text.len || (buf_add(out, LIT("\n")) && buf_add(out, buf_bytes(&text))));
	buf_release(&plain);
	buf_release(&text);
	return ok;
}

bool
frames_show(const struct work *w, struct buf *out)
{
	struct buf all;
	struct reader r = { .ran_out = false };
	struct frame f;
	size_t count = 0;
	bool ok;

	buf_init(&all, EDIT_SHAPED_MAX);
	ok = frames_bytes(w, &all);
	r.rest = buf_bytes(&all);
	while (ok && r.rest.len)
		ok = count++ < FRAMES_MAX && frame_next(&r, &f) && (count == 1 || buf_add(out, LIT("\n"))) &&
			frame_put(w, &f, out);
	buf_release(&all);
	return ok && count;
}

/* A message as it was typed. */
struct block { uint8_t flags; struct bytes coding, text; size_t shape; };

static bool
word_meant(struct bytes word, struct block *b, struct spot *why)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (bytes_are(word, flags[i].word)) {
			b->flags |= flags[i].flag;
			return true;
		}
	b->coding = word;
	return (codings_known(word) && !memchr(word.at, ',', word.len)) ||
		spot_fault(why, word.at, "compressed, end, trailers, a coding, or \"as\" and a shape expected");
}

static bool
title_read(struct bytes line, struct block *b, struct spot *why)
{
	struct bytes rest = behind(line, sizeof(title) - 1);
	bool as = false;

	*b = (struct block){ .shape = shape_named("protobuf") };
	while (rest.len) {
		struct bytes word = { rest.at, 0 };

		while (word.len < rest.len && rest.at[word.len] != ' ' && rest.at[word.len] != '\r')
			word.len++;
		rest = behind(rest, word.len + 1);
		if (!word.len)
			continue;
		if (!as && bytes_are(word, "as"))
			as = true;
		else if (as ? !shape_word(word, &b->shape, why) : !word_meant(word, b, why))
			return false;
	}
	return true;
}

static bool
block_read(const struct work *w, const struct block *b, struct buf *out, struct spot *why)
{
	struct work inner = frame_work(w, b->flags, (struct bytes){ 0 });
	struct buf plain, coded;
	uint8_t prefix[PREFIX] = { b->flags };
	bool ok;

	buf_init(&plain, EDIT_PLAIN_MAX);
	buf_init(&coded, EDIT_PLAIN_MAX);
	ok = shape_read(b->shape, &inner, b->text, &plain, why) && codings_put(b->coding, buf_bytes(&plain), &coded, &why->why);
	for (int i = 0; i < 4; i++)
		prefix[1 + i] = (uint8_t)(coded.len >> 8 * (3 - i));
	ok = ok && ((buf_add(out, (struct bytes){ prefix, PREFIX }) && buf_add(out, buf_bytes(&coded))) ||
		spot_fault(why, b->text.at, "the body is too large"));
	buf_release(&plain);
	buf_release(&coded);
	return ok;
}

static void
kept_frames(const struct work *w, struct bytes all, struct stayed *was, struct map *names)
{
	struct reader r = { all, false };
	struct frame f;
	struct buf text;

	buf_init(&text, EDIT_PLAIN_MAX * 4);
	while (r.rest.len && was->count < FRAMES_MAX && frame_next(&r, &f)) {
		buf_eat(&text, text.len);
		if (!frame_put(w, &f, &text))
			break;
		stayed_add(was, f.raw, buf_bytes(&text), names);
	}
	buf_release(&text);
}

static bool
block_typed(const struct work *w, struct bytes block, struct buf *out, struct spot *why)
{
	const uint8_t *end = memchr(block.at, '\n', block.len);
	struct bytes line = { block.at, end ? (size_t)(end - block.at) : block.len };
	struct block b;

	if (line.len < sizeof(title) - 1 || memcmp(line.at, title, sizeof(title) - 1))
		return spot_fault(why, block.at, "\"%s\" expected", title);
	if (!title_read(line, &b, why))
		return false;
	b.text = behind(block, line.len + (end ? 1 : 0));
	return block_read(w, &b, out, why);
}

static bool
blocks_read(const struct work *w, struct bytes all, struct bytes text, struct buf *out, struct spot *why)
{
	struct stayed was = { NULL }, is = { NULL };
	struct map *names = map_new();
	uint32_t *at;
	bool ok = true;

	kept_frames(w, all, &was, names);
	while (text.len && is.count < FRAMES_MAX) {
		struct bytes block = block_take(&text, title);

		stayed_add(&is, block, block, names);
	}
	at = stayed_origin(&was, &is);
	for (uint32_t i = 0; ok && i < is.count; i++)
		ok = at[i] != LCS_NONE ? buf_add(out, was.part[at[i]]) || spot_fault(why, is.part[i].at, "the body is too large") :
			block_typed(w, is.part[i], out, why);
	free(at);
	stayed_release(&was);
	stayed_release(&is);
	map_free(names, NULL);
	return ok && (!text.len || spot_fault(why, text.at, "fewer messages expected"));
}

static bool
base64_put(struct bytes in, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < in.len; i += 3) {
		size_t n = in.len - i < 3 ? in.len - i : 3;
		uint32_t v = (uint32_t)in.at[i] << 16 | (n > 1 ? (uint32_t)in.at[i + 1] << 8 : 0) | (n > 2 ? in.at[i + 2] : 0);
		uint8_t to[4];

		for (size_t k = 0; k < 4; k++)
			to[k] = k > n ? '=' : (uint8_t)digits[v >> 6 * (3 - k) & 63];
		if (!buf_add(out, (struct bytes){ to, 4 }))
			return false;
	}
	return true;
}

bool
frames_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct buf was, is;
	bool ok;

	buf_init(&was, EDIT_SHAPED_MAX);
	buf_init(&is, EDIT_PLAIN_MAX);
	ok = (frames_bytes(w, &was) || spot_fault(why, NULL, "the body is too large")) &&
		blocks_read(w, buf_bytes(&was), text, &is, why);
	/* Base64 may have come in pieces of its own. */
	if (ok && bytes_same(buf_bytes(&was), buf_bytes(&is)))
		ok = buf_add(out, w->plain);
	else if (ok)
		ok = is_base64(w) ? base64_put(buf_bytes(&is), out) : buf_add(out, buf_bytes(&is));
	if (!ok && !*why->why.text)
		spot_fault(why, NULL, "the body is too large");
	buf_release(&was);
	buf_release(&is);
	return ok;
}
