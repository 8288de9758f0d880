/* WebP: RFC 9649 */
#include <webp/decode.h>

#include "image.h"

/*
 *	 4  "RIFF", 4 length, 4 "WEBP"; then chunks:
 *	 4  type, 4 length, data, and one byte more if that is odd
 */
enum { RIFF = 12, ANIMATED = 2, FRAME_HEAD = 16, SMALLER_BY_FAR = 4 };

static bool
webp_knows(struct bytes first)
{
	return image_starts(first, LIT("RIFF")) && image_starts(image_part(first, 8, 4), LIT("WEBP"));
}

struct chunk { struct bytes type, data; bool whole; };

static bool
chunk_next(struct reader *r, struct chunk *c)
{
	struct bytes from = r->rest;
	uint64_t len = image_le(from, 4, 4);

	if (from.len < 8)
		return false;
	c->type = image_part(from, 0, 4);
	c->data = image_part(from, 8, len);
	c->whole = c->data.len == len;
	(void)read_bytes(r, image_part(from, 0, 8 + len + (len & 1)).len);
	return true;
}

/* What a walk over all chunks finds. */
struct found {
	struct image *m;
	uint64_t frames, time;
	bool sized, loops, lossy, lossless, alpha;
	unsigned plays;
};

static void
webp_size(struct found *f, unsigned width, unsigned height)
{
	if (!f->sized) {
		f->m->width = width;
		f->m->height = height;
	}
	f->sized = true;
}

/* 1 flags, 3 reserved, 3 width - 1, 3 height - 1 */
static void
webp_extended(struct found *f, struct bytes data)
{
	f->alpha = f->alpha || image_le(data, 0, 1) & 0x10;
	if (data.len >= 10)
		webp_size(f, image_le(data, 4, 3) + 1, image_le(data, 7, 3) + 1);
}

/* 3 frame tag, 3 start code, 2 width, 2 height: RFC 6386 section 9.1 */
static void
webp_lossy(struct found *f, struct bytes data)
{
	f->lossy = true;
	webp_size(f, image_le(data, 6, 2) & 0x3fff, image_le(data, 8, 2) & 0x3fff);
}

/* 1 signature, then bits: 14 width - 1, 14 height - 1, 1 alpha */
static void
webp_lossless(struct found *f, struct bytes data)
{
	uint32_t bits = image_le(data, 1, 4);

	f->lossless = true;
	f->alpha = f->alpha || bits >> 28 & 1;
	if (data.len >= 5)
		webp_size(f, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

static void
webp_animation(struct found *f, struct bytes data)
{
	f->loops = true;
	f->plays = image_le(data, 4, 2);
}

/* 3 x / 2, 3 y / 2, 3 width - 1, 3 height - 1, 3 milliseconds, 1 flags, chunks */
static void
webp_frame(struct found *f, struct bytes data)
{
	struct reader r = { image_part(data, FRAME_HEAD, data.len), false };
	struct chunk c = { 0 };

	f->time += image_le(data, 12, 3);
	if (!f->frames++) {
		f->m->frame = r.rest;
		f->m->frame_x = image_le(data, 0, 3) * 2;
		f->m->frame_y = image_le(data, 3, 3) * 2;
	}
	while (chunk_next(&r, &c)) {
		f->lossy = f->lossy || bytes_are(c.type, "VP8 ");
		f->lossless = f->lossless || bytes_are(c.type, "VP8L");
	}
}

static void
webp_alpha(struct found *f, struct bytes data)
{
	(void)data;
	f->alpha = true;
}

static const struct { const char *type; void (*find)(struct found *f, struct bytes data); } findings[] = {
	{ "VP8X", webp_extended }, { "VP8 ", webp_lossy }, { "VP8L", webp_lossless }, { "ALPH", webp_alpha },
	{ "ANIM", webp_animation }, { "ANMF", webp_frame },
};
static const struct { const char *type; void (*say)(struct image *m, struct bytes data); } sayings[] = {
	{ "ICCP", image_icc }, { "EXIF", image_exif }, { "XMP ", image_xmp },
};

/* Some begin it as in a JPEG. */
static struct bytes
exif_bare(struct bytes data)
{
	return image_starts(data, LIT("Exif\0\0")) ? image_part(data, 6, data.len) : data;
}

static void
webp_sums(struct image *m, const struct found *f)
{
	image_say(m, "format", ROLE_WORD, "WebP, %s%s%s", f->lossy && f->lossless ? "lossy and lossless" :
		f->lossless ? "lossless" : f->lossy ? "lossy" : "no picture", f->alpha ? ", alpha" : "",
		f->frames || f->loops ? ", animated" : "");
	if (f->sized)
		image_size(m, m->width, m->height);
	image_say(m, "bytes", ROLE_NUMBER, "%zu", m->all.len);
	if (f->frames)
		image_say(m, "frames", ROLE_NUMBER, "%llu, %.2f s in all", (unsigned long long)f->frames, (double)f->time / 1000);
	if (f->loops && f->plays)
		image_say(m, "plays", ROLE_NUMBER, "%u", f->plays);
	else if (f->loops)
		image_say(m, "plays", ROLE_WORD, "for ever");
}

static void
webp_find(struct image *m)
{
	struct reader r = { image_part(m->all, RIFF, m->all.len), false };
	struct found f = { .m = m };
	struct chunk c = { 0 };

	while (chunk_next(&r, &c))
		for (size_t i = 0; i < ARRAY_LEN(findings); i++)
			if (bytes_are(c.type, findings[i].type))
				findings[i].find(&f, c.data);
	webp_sums(m, &f);
}

static bool
webp_is_cut(const struct image *m)
{
	return m->all.len < RIFF + 8 || (uint64_t)image_le(m->all, 4, 4) + 8 > m->all.len;
}

static bool
webp_about(struct image *m, struct fault *why)
{
	struct reader r = { image_part(m->all, RIFF, m->all.len), false };
	struct chunk c = { .whole = true };
	unsigned said = 0;

	webp_find(m);
	while (chunk_next(&r, &c) && c.whole)
		for (size_t i = 0; i < ARRAY_LEN(sayings); i++)
			if (bytes_are(c.type, sayings[i].type) && !(said & 1u << i)) {
				said |= 1u << i;
				sayings[i].say(m, exif_bare(c.data));
			}
	if (!c.whole)
		return fault(why, "webp: cut off in %.4s", (const char *)c.type.at);
	if (webp_is_cut(m))
		return fault(why, "webp: cut off: %u bytes were to come", image_le(m->all, 4, 4) + 8);
	return true;
}

static bool
drawing_failed(const struct image *m, struct fault *why)
{
	return fault(why, "webp: the picture is %s", webp_is_cut(m) ? "cut off" : "broken");
}

static unsigned
scaled(unsigned n, unsigned to, unsigned from)
{
	return (unsigned)((uint64_t)n * to / from);
}

/* The library makes it small itself, before all of it is there. */
static bool
drawing_decode(struct image *m, struct bytes picture, WebPDecoderConfig *how, struct canvas *c, struct fault *why)
{
	WebPIDecoder *decoder = WebPIDecode(NULL, 0, how);
	unsigned x = scaled(m->frame_x, canvas_width(c), m->width), y = scaled(m->frame_y, canvas_height(c), m->height);
	int rows = 0, width, height, stride;
	VP8StatusCode state;
	uint8_t *rgba;

	if (!decoder)
		return fault(why, "webp: the library does not start");
	state = WebPIAppend(decoder, picture.at, picture.len);
	rgba = WebPIDecGetRGB(decoder, &rows, &width, &height, &stride);
	for (int i = 0; rgba && i < rows; i++)
		canvas_put(c, x, y + (unsigned)i, rgba + (size_t)i * (size_t)stride, (size_t)width);
	WebPIDelete(decoder);
	WebPFreeDecBuffer(&how->output);
	return state == VP8_STATUS_OK || drawing_failed(m, why);
}

static bool
webp_draw(struct image *m, struct canvas *c, struct fault *why)
{
	struct bytes picture = m->frame.len ? m->frame : m->all;
	WebPDecoderConfig how;
	unsigned width, height, most;

	if (!WebPInitDecoderConfig(&how))
		return fault(why, "webp: the library is of another version");
	if (WebPGetFeatures(picture.at, picture.len, &how.input) != VP8_STATUS_OK)
		return drawing_failed(m, why);
	width = (unsigned)how.input.width;
	height = (unsigned)how.input.height;
	most = how.input.format == 1 && !how.input.has_alpha ? IMAGE_MEGAPIXELS_MAX : IMAGE_WHOLE_MEGAPIXELS_MAX;
	if (!image_fits(width, height, most, &m->refused))
		return false;
	how.options.use_scaling = 1;
	how.options.scaled_width = (int)scaled(width, canvas_width(c), m->width);
	how.options.scaled_height = (int)scaled(height, canvas_height(c), m->height);
	how.options.scaled_width += !how.options.scaled_width;
	how.options.scaled_height += !how.options.scaled_height;
	if (how.options.scaled_width > CANVAS_SIDE || how.options.scaled_height > CANVAS_SIDE)
		return fault(why, "webp: the picture is larger than it says");
	how.options.bypass_filtering = how.options.no_fancy_upsampling = width / SMALLER_BY_FAR >= canvas_width(c);
	how.output.colorspace = MODE_RGBA;
	return drawing_decode(m, picture, &how, c, why);
}

const struct image_format image_webp = { "WebP", "image/webp", webp_knows, webp_about, webp_draw };
