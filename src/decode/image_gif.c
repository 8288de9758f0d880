/* GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

enum { EXTENSION = 0x21, PICTURE = 0x2c, TRAILER = 0x3b, CONTROL = 0xf9, COMMENT = 0xfe, APPLICATION = 0xff };

static bool
gif_knows(struct bytes first)
{
	return image_starts(first, LIT("GIF87a")) || image_starts(first, LIT("GIF89a"));
}

static uint16_t
read_le16(struct reader *r)
{
	struct bytes two = read_bytes(r, 2);

	return (uint16_t)image_le(two, 0, 2);
}

/* What a walk over all frames adds up. */
struct frames {
	uint64_t count, delay;		/* hundredths of a second */
	unsigned least, most, loops;
	bool looped, transparent, interlaced;
};

static void
read_palette(struct reader *r, uint8_t flags)
{
	if (flags & 0x80)
		(void)read_bytes(r, 3u << ((flags & 7) + 1));
}

/* A length and as many bytes, until the length is 0. The first of them. */
static struct bytes
read_blocks(struct reader *r)
{
	struct bytes first = read_bytes(r, read_u8(r)), more = first;

	while (more.len && !r->ran_out)
		more = read_bytes(r, read_u8(r));
	return first;
}

static void
gif_control(struct frames *f, struct bytes control)
{
	unsigned delay = image_le(control, 1, 2);

	f->transparent = f->transparent || image_le(control, 0, 1) & 1;
	f->delay += delay;
	if (!f->most || delay < f->least)
		f->least = delay;
	if (delay > f->most)
		f->most = delay;
}

static void
gif_extension(struct image *m, struct frames *f, struct reader *r)
{
	uint8_t kind = read_u8(r);
	struct reader ahead = *r;
	struct bytes first = read_bytes(&ahead, read_u8(&ahead)), second = read_bytes(&ahead, read_u8(&ahead));

	(void)read_blocks(r);
	if (r->ran_out)
		return;
	if (kind == CONTROL)
		gif_control(f, first);
	else if (kind == COMMENT)
		image_text(m, LIT("comment"), first);
	else if (kind == APPLICATION && (bytes_are(first, "NETSCAPE2.0") || bytes_are(first, "ANIMEXTS1.0"))) {
		f->looped = true;
		f->loops = image_le(second, 1, 2);
	}
}

/* 2 left, 2 top, 2 width, 2 height, 1 flags, palette, 1 bits, blocks */
static void
gif_frame(struct image *m, struct frames *f, struct reader *r)
{
	struct bytes where = read_bytes(r, 8);
	uint8_t flags = read_u8(r);

	read_palette(r, flags);
	(void)read_u8(r);
	(void)read_blocks(r);
	if (!f->count++) {
		m->frame_x = image_le(where, 0, 2);
		m->frame_y = image_le(where, 2, 2);
		m->frame_width = image_le(where, 4, 2);
		m->frame_height = image_le(where, 6, 2);
		f->interlaced = flags & 0x40;
	}
}

static void
gif_sums(struct image *m, const struct frames *f)
{
	if (f->interlaced)
		image_say(m, "interlaced", ROLE_WORD, "yes");
	if (f->transparent)
		image_say(m, "transparent", ROLE_WORD, "yes");
	if (f->count > 1)
		image_say(m, "frames", ROLE_NUMBER, "%llu", (unsigned long long)f->count);
	if (f->looped && f->loops)
		image_say(m, "plays", ROLE_NUMBER, "%u more", f->loops);
	else if (f->looped)
		image_say(m, "plays", ROLE_WORD, "for ever");
	if (!f->most)
		return;
	if (f->count > 1 && f->least == f->most)
		image_say(m, "delay", ROLE_NUMBER, "%u ms each, %.2f s in all", f->most * 10, (double)f->delay / 100);
	else if (f->count > 1)
		image_say(m, "delay", ROLE_NUMBER, "%u to %u ms, %.2f s in all", f->least * 10, f->most * 10,
			(double)f->delay / 100);
}

static bool
gif_walk(struct image *m, struct frames *f, struct reader *r, struct fault *why)
{
	for (;;) {
		uint8_t kind = read_u8(r);

		if (r->ran_out)
			return fault(why, "gif: cut off: it has no end");
		if (kind == TRAILER)
			return true;
		if (kind == EXTENSION)
			gif_extension(m, f, r);
		else if (kind == PICTURE)
			gif_frame(m, f, r);
		else
			return fault(why, "gif: block of unknown kind %02x", kind);
		if (r->ran_out)
			return fault(why, "gif: cut off in %s %llu", kind == PICTURE ? "frame" : "an extension after frame",
				(unsigned long long)f->count);
	}
}

/* 6 "GIF89a", 2 width, 2 height, 1 flags, 1 background, 1 aspect, palette */
static bool
gif_about(struct image *m, struct fault *why)
{
	struct reader r = { m->all, false };
	struct bytes name = read_bytes(&r, 6);
	uint16_t width = read_le16(&r), height = read_le16(&r);
	uint8_t flags = read_u8(&r);
	struct frames f = { 0 };
	bool good;

	(void)read_le16(&r);
	if (r.ran_out)
		return fault(why, "gif: cut off in its header");
	read_palette(&r, flags);
	if (flags & 0x80)
		image_say(m, "format", ROLE_WORD, "%.6s, %u colours", (const char *)name.at, 2u << (flags & 7));
	else
		image_say(m, "format", ROLE_WORD, "%.6s", (const char *)name.at);
	image_size(m, width, height);
	image_say(m, "bytes", ROLE_NUMBER, "%zu", m->all.len);
	good = gif_walk(m, &f, &r, why);
	if (!width || !height) {	/* then it is as large as its first frame */
		m->width = m->frame_x + m->frame_width;
		m->height = m->frame_y + m->frame_height;
	}
	gif_sums(m, &f);
	return good;
}

struct drawing {
	GifFileType *gif;
	struct bytes rest;
	int transparent;		/* or -1 */
};

static int
drawing_read(GifFileType *gif, GifByteType *to, int len)
{
	struct drawing *w = gif->UserData;
	size_t n = (size_t)len < w->rest.len ? (size_t)len : w->rest.len;

	if (n)
		memcpy(to, w->rest.at, n);
	w->rest = (struct bytes){ w->rest.at + n, w->rest.len - n };
	return (int)n;
}

static bool
drawing_extension(struct drawing *w)
{
	GifByteType *block;
	int kind;

	if (DGifGetExtension(w->gif, &kind, &block) == GIF_ERROR)
		return false;
	if (kind == CONTROL && block && block[0] >= 4)
		w->transparent = block[1] & 1 ? block[4] : -1;
	while (block)
		if (DGifGetExtensionNext(w->gif, &block) == GIF_ERROR)
			return false;
	return true;
}

/* Up to the first frame. */
static bool
drawing_find(struct drawing *w)
{
	GifRecordType kind;

	while (DGifGetRecordType(w->gif, &kind) != GIF_ERROR) {
		if (kind == IMAGE_DESC_RECORD_TYPE)
			return DGifGetImageDesc(w->gif) != GIF_ERROR;
		if (kind != EXTENSION_RECORD_TYPE || !drawing_extension(w))
			return false;
	}
	return false;
}

static void
drawing_row(const struct drawing *w, const GifPixelType *row, uint8_t *rgba)
{
	const ColorMapObject *map = w->gif->Image.ColorMap ? w->gif->Image.ColorMap : w->gif->SColorMap;

	for (int x = 0; x < w->gif->Image.Width; x++) {
		GifColorType c = map && row[x] < map->ColorCount ? map->Colors[row[x]] : (GifColorType){ 0 };

		memcpy(rgba + 4 * x, (uint8_t[]){ c.Red, c.Green, c.Blue, row[x] == w->transparent ? 0 : 255 }, 4);
	}
}

/* Rows come from the first on, each `step` below the one before. */
struct pass { unsigned first, step; };

static bool
drawing_pass(struct drawing *w, struct canvas *c, struct pass p, GifPixelType *row, uint8_t *rgba)
{
	const GifImageDesc *at = &w->gif->Image;

	for (unsigned y = p.first; y < (unsigned)at->Height; y += p.step) {
		if (DGifGetLine(w->gif, row, at->Width) == GIF_ERROR)
			return false;
		if (!canvas_wants(c, (unsigned)at->Top + y))
			continue;
		drawing_row(w, row, rgba);
		canvas_add(c, (unsigned)at->Left, (unsigned)at->Top + y, 1, rgba, (size_t)at->Width);
	}
	return true;
}

static bool
drawing_rows(struct drawing *w, struct canvas *c)
{
	static const struct pass all[] = { { 0, 1 } }, interlaced[] = { { 0, 8 }, { 4, 8 }, { 2, 4 }, { 1, 2 } };
	const GifImageDesc *at = &w->gif->Image;
	size_t passes = at->Interlace ? ARRAY_LEN(interlaced) : ARRAY_LEN(all);
	GifPixelType *row = xalloc((size_t)at->Width);
	uint8_t *rgba = xalloc(4 * (size_t)at->Width);
	bool good = true;

	if (at->Interlace)
		canvas_interlace(c, false);
	for (size_t p = 0; good && p < passes; p++)
		good = drawing_pass(w, c, at->Interlace ? interlaced[p] : all[p], row, rgba);
	free(row);
	free(rgba);
	return good;
}

static bool
gif_draw(struct image *m, struct canvas *c, struct fault *why)
{
	struct drawing w = { NULL, m->all, -1 };
	bool good;

	w.gif = DGifOpen(&w, drawing_read, NULL);
	if (!w.gif)
		return fault(why, "gif: its header is broken or cut off");
	good = drawing_find(&w) || fault(why, "gif: there is no frame");
	if (good)
		good = image_fits((unsigned)w.gif->Image.Width, (unsigned)w.gif->Image.Height, IMAGE_MEGAPIXELS_MAX, &m->refused) &&
			(drawing_rows(&w, c) || fault(why, "gif: frame 1 is broken or cut off"));
	(void)DGifCloseFile(w.gif, NULL);
	return good;
}

const struct image_format image_gif = { "GIF", "image/gif", gif_knows, gif_about, gif_draw };
