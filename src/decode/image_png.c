/* PNG, what stands in its chunks: https://www.w3.org/TR/png-3/ */
#include <string.h>

#include "image.h"
#include "image_png.h"
#include "soth/inflate.h"

enum { UNPACKED_MAX = 64 * 1024, UNPACKS_MAX = 16, LATIN_MAX = 2 * IMAGE_TEXT_MAX + 2, CHUNK_OVER = 12 };

static bool
png_knows(struct bytes first)
{
	return image_starts(first, PNG_SIGNATURE);
}

bool
png_chunk_next(struct reader *r, struct png_chunk *c)
{
	struct bytes from = r->rest;
	uint32_t len = image_be(from, 0, 4);

	if (from.len < 8)
		return false;
	c->type = image_part(from, 4, 4);
	c->data = image_part(from, 8, len);
	c->all = image_part(from, 0, (uint64_t)len + CHUNK_OVER);
	c->whole = c->all.len == (uint64_t)len + CHUNK_OVER;
	(void)read_bytes(r, c->all.len);
	return true;
}

/* Up to the NUL; what follows it in *rest. */
static struct bytes
text_before_nul(struct bytes data, struct bytes *rest)
{
	const uint8_t *nul = data.len ? memchr(data.at, 0, data.len) : NULL;
	size_t len = nul ? (size_t)(nul - data.at) : data.len;

	*rest = image_part(data, (uint64_t)len + 1, data.len);
	return image_part(data, 0, len);
}

/* Latin-1 becomes UTF-8, where it is not ASCII. */
static void
png_latin(struct image *m, struct bytes key, struct bytes text)
{
	uint8_t utf8[LATIN_MAX];
	bool ascii = true;
	size_t n = 0;

	for (size_t i = 0; i < text.len && i <= IMAGE_TEXT_MAX; i++) {
		uint8_t c = text.at[i];

		ascii = ascii && c < 0x80;
		if (c >= 0x80)
			utf8[n++] = 0xc0 | c >> 6;
		utf8[n++] = c < 0x80 ? c : 0x80 | (c & 0x3f);
	}
	image_text(m, key, ascii ? text : (struct bytes){ utf8, n });
}

/* What is packed in zlib's way, as far as it is let out. */
static void
png_unpacked(struct image *m, struct bytes key, struct bytes packed, bool latin)
{
	struct inflater *i = m->texts < UNPACKS_MAX ? inflater_new(LIT("deflate")) : NULL;
	struct fault why;
	struct buf out;

	buf_init(&out, UNPACKED_MAX);
	if (!i) {
		m->texts++;
		return;
	}
	if (!inflater_feed(i, packed, &out, &why) && !out.len)
		image_say(m, "text", ROLE_ERROR, "%s", why.text);
	else if (latin)
		png_latin(m, key, buf_bytes(&out));
	else
		image_text(m, key, buf_bytes(&out));
	inflater_free(i);
	buf_release(&out);
}

static void
png_text(struct image *m, struct bytes data)
{
	struct bytes rest, key = text_before_nul(data, &rest);

	png_latin(m, key, rest);
}

static void
png_packed_text(struct image *m, struct bytes data)
{
	struct bytes rest, key = text_before_nul(data, &rest);

	png_unpacked(m, key, image_part(rest, 1, rest.len), true);
}

/* keyword 0 packed method language 0 translated keyword 0 text */
static void
png_international_text(struct image *m, struct bytes data)
{
	struct bytes rest, key = text_before_nul(data, &rest);
	bool packed = image_be(rest, 0, 1);

	(void)text_before_nul(image_part(rest, 2, rest.len), &rest);
	(void)text_before_nul(rest, &rest);
	if (packed)
		png_unpacked(m, key, rest, false);
	else if (bytes_are(key, "XML:com.adobe.xmp"))
		image_xmp(m, rest);
	else
		image_text(m, key, rest);
}

static void
png_density(struct image *m, struct bytes data)
{
	uint32_t x = image_be(data, 0, 4), y = image_be(data, 4, 4);

	if (image_be(data, 8, 1) == 1)
		image_say(m, "density", ROLE_NUMBER, "%u x %u per metre (%.0f dpi)", x, y, x * 0.0254);
	else
		image_say(m, "aspect", ROLE_NUMBER, "%u : %u", x, y);
}

static void
png_gamma(struct image *m, struct bytes data)
{
	image_say(m, "gamma", ROLE_NUMBER, "1/%.4g", image_be(data, 0, 4) ? 100000.0 / image_be(data, 0, 4) : 0);
}

static void
png_profile(struct image *m, struct bytes data)
{
	struct bytes rest;

	png_latin(m, LIT("profile"), text_before_nul(data, &rest));
}

static void
png_srgb(struct image *m, struct bytes data)
{
	static const char *const intent[] = { "perceptual", "relative colorimetric", "saturation", "absolute colorimetric" };
	uint32_t n = image_be(data, 0, 1);

	image_say(m, "profile", ROLE_WORD, "sRGB, %s", n < ARRAY_LEN(intent) ? intent[n] : "unknown intent");
}

static void
png_time(struct image *m, struct bytes data)
{
	image_say(m, "changed", ROLE_NUMBER, "%04u-%02u-%02u %02u:%02u:%02u", image_be(data, 0, 2), image_be(data, 2, 1),
		image_be(data, 3, 1), image_be(data, 4, 1), image_be(data, 5, 1), image_be(data, 6, 1));
}

static void
png_animation(struct image *m, struct bytes data)
{
	uint32_t plays = image_be(data, 4, 4);

	image_say(m, "frames", ROLE_NUMBER, "%u", image_be(data, 0, 4));
	if (plays)
		image_say(m, "plays", ROLE_NUMBER, "%u", plays);
	else
		image_say(m, "plays", ROLE_WORD, "for ever");
}

static void
png_palette(struct image *m, struct bytes data)
{
	image_say(m, "palette", ROLE_NUMBER, "%zu", data.len / 3);
}

static void
png_header(struct image *m, struct bytes data)
{
	static const char *const colour[] = { "grey", "", "RGB", "palette", "grey with alpha", "", "RGBA" };
	uint32_t type = image_be(data, 9, 1);

	image_say(m, "format", ROLE_WORD, "PNG, %u bit %s%s", image_be(data, 8, 1),
		type < ARRAY_LEN(colour) && *colour[type] ? colour[type] : "unknown colours",
		image_be(data, 12, 1) ? ", interlaced" : "");
	image_size(m, image_be(data, 0, 4), image_be(data, 4, 4));
	image_say(m, "bytes", ROLE_NUMBER, "%zu", m->all.len);
}

static const struct { const char *type; void (*say)(struct image *m, struct bytes data); bool often; } chunks[] = {
	{ "IHDR", png_header }, { "PLTE", png_palette }, { "acTL", png_animation }, { "pHYs", png_density },
	{ "gAMA", png_gamma }, { "iCCP", png_profile }, { "sRGB", png_srgb }, { "tIME", png_time },
	{ "eXIf", image_exif }, { "tEXt", png_text, true }, { "zTXt", png_packed_text, true },
	{ "iTXt", png_international_text, true },
};

/* Each but texts is said once. */
static void
chunk_say(struct image *m, const struct png_chunk *c, unsigned *said)
{
	for (size_t i = 0; i < ARRAY_LEN(chunks); i++)
		if (bytes_are(c->type, chunks[i].type) && (chunks[i].often || !(*said & 1u << i))) {
			*said |= 1u << i;
			chunks[i].say(m, c->data);
		}
}

static bool
png_about(struct image *m, struct fault *why)
{
	struct reader r = { image_part(m->all, PNG_SIGNATURE.len, m->all.len), false };
	struct png_chunk c = { 0 };
	unsigned said = 0;

	while (png_chunk_next(&r, &c)) {
		if (c.whole)
			chunk_say(m, &c, &said);
		else
			return fault(why, "png: cut off in %.4s", (const char *)c.type.at);
		if (bytes_are(c.type, "IEND")) {
			if (r.rest.len)
				image_say(m, "trailing", ROLE_WARN, "%zu bytes after the end", r.rest.len);
			return true;
		}
	}
	return fault(why, "png: cut off: it has no end");
}

const struct image_format image_png = { "PNG", "image/png", png_knows, png_about, png_draw };
