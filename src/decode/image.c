/* Images: what they are, and a picture of them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "type.h"

enum { KEY_COLUMNS = 12, FIRST_LEAST = 12, MEGA = 1000000 };

#define FORMATS(_) _(png) _(jpeg) _(gif) _(webp) _(bmp) _(ico) _(tiff) _(avif) _(heic)

#define DECLARE(name)	extern const struct image_format image_##name;
#define ENTRY(name)	&image_##name,

FORMATS(DECLARE)
static const struct image_format *const formats[] = { FORMATS(ENTRY) };

static const struct image_format *
format_of(struct bytes first)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->knows(first))
			return formats[i];
	return NULL;
}

/* What else the types are called. */
static const struct { const char *type, *also; } aliases[] = {
	{ "image/jpeg", "image/jpg" }, { "image/jpeg", "image/pjpeg" }, { "image/png", "image/apng" },
	{ "image/png", "image/x-png" }, { "image/bmp", "image/x-ms-bmp" }, { "image/ico", "image/x-icon" },
	{ "image/ico", "image/vnd.microsoft.icon" }, { "image/heic", "image/heif" },
};

static bool
format_is_type(const struct image_format *f, struct bytes type)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (!strcmp(aliases[i].type, f->type) && type_is(type, aliases[i].also))
			return true;
	return type_is(type, f->type);
}

static bool
type_is_ours(struct bytes type)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (format_is_type(formats[i], type))
			return true;
	return false;
}

/* The bytes know better than the type. What claims to be an image and is
 * text, such as the page of an error, is shown as that. */
static int
image_suits(const struct hint *h, struct bytes first)
{
	bool ours = type_is_ours(h->type), known = format_of(first);

	if (ours)
		return known || first.len < FIRST_LEAST ? 90 : 5;
	if (!known)
		return 0;
	return !h->type.len || type_is(h->type, "application/octet-stream") || type_starts(h->type, "image/") ? 60 : 40;
}

uint32_t
image_be(struct bytes b, uint64_t at, unsigned size)
{
	uint32_t n = 0;

	if (at > b.len || size > b.len - at)
		return 0;
	for (unsigned i = 0; i < size; i++)
		n = n << 8 | b.at[at + i];
	return n;
}

uint32_t
image_le(struct bytes b, uint64_t at, unsigned size)
{
	uint32_t n = 0;

	if (at > b.len || size > b.len - at)
		return 0;
	for (unsigned i = size; i > 0; i--)
		n = n << 8 | b.at[at + i - 1];
	return n;
}

struct bytes
image_part(struct bytes b, uint64_t at, uint64_t len)
{
	if (at >= b.len)
		return (struct bytes){ 0 };
	return (struct bytes){ b.at + at, len < b.len - at ? (size_t)len : b.len - (size_t)at };
}

bool
image_starts(struct bytes b, struct bytes with)
{
	return b.len >= with.len && (!with.len || !memcmp(b.at, with.at, with.len));
}

static void
image_key(struct image *m, struct bytes key)
{
	doc_put(m->to, ROLE_KEY, key);
	doc_putf(m->to, ROLE_TEXT, "%*s", key.len < KEY_COLUMNS ? (int)(KEY_COLUMNS + 1 - key.len) : 1, "");
}

void
image_say(struct image *m, const char *key, enum role role, const char *fmt, ...)
{
	char words[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	image_key(m, bytes_of(key));
	doc_put(m->to, role, bytes_of(words));
	doc_line(m->to);
}

/* Up to a line end, which is dropped. */
static struct bytes
text_line(struct reader *r)
{
	const uint8_t *nl = memchr(r->rest.at, '\n', r->rest.len);
	struct bytes line = read_bytes(r, nl ? (size_t)(nl - r->rest.at) : r->rest.len);

	if (nl)
		(void)read_u8(r);
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* A line of the text for each of its own. */
void
image_text(struct image *m, struct bytes key, struct bytes text)
{
	struct reader r = { image_part(text, 0, IMAGE_TEXT_MAX), false };

	if (m->texts++ >= IMAGE_TEXTS_MAX)
		return;
	for (int lines = 0; lines < IMAGE_TEXT_LINES_MAX && (r.rest.len || !lines); lines++) {
		if (lines)
			doc_line(m->to);
		image_key(m, lines ? LIT("") : key);
		if (!r.rest.len)
			break;
		decode_mark(m->d, text);
		doc_put(m->to, ROLE_STRING, text_line(&r));
	}
	if (r.rest.len || text.len > IMAGE_TEXT_MAX)
		doc_putf(m->to, ROLE_FAINT, " … of %zu bytes", text.len);
	doc_line(m->to);
}

void
image_size(struct image *m, unsigned width, unsigned height)
{
	m->width = width;
	m->height = height;
	image_say(m, "size", ROLE_NUMBER, "%u x %u", width, height);
}

void
image_xmp(struct image *m, struct bytes xml)
{
	while (xml.len && strchr(" \t\r\n", xml.at[xml.len - 1]))
		xml.len--;
	m->xmp = xml;
}

bool
image_fits(unsigned width, unsigned height, unsigned megapixels, struct fault *why)
{
	if (!width || !height)
		return fault(why, "it has no size");
	if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX)
		return fault(why, "%u x %u pixels: more than %d a side", width, height, IMAGE_SIDE_MAX);
	if ((uint64_t)width * height > (uint64_t)megapixels * MEGA)
		return fault(why, "%u x %u pixels: more than %u megapixels", width, height, megapixels);
	return true;
}

/* Of a picture that is broken, what came. */
static bool
image_picture(struct image *m, const struct image_format *f, struct fault *why)
{
	struct canvas *c;
	bool whole;

	if (!f->draw || !m->width || !m->height || !image_fits(m->width, m->height, IMAGE_MEGAPIXELS_MAX, &m->refused))
		return true;
	c = canvas_new(m->width, m->height);
	whole = f->draw(m, c, why) || *m->refused.text;
	if (!*m->refused.text && !canvas_empty(c)) {
		doc_line(m->to);
		decode_mark(m->d, m->all);
		canvas_paint(c, m->orientation, !whole, m->to);
	}
	canvas_free(c);
	return whole;
}

static void
image_inner(struct image *m)
{
	struct hint hint = { .type = LIT("application/rdf+xml") };

	if (!m->xmp.len)
		return;
	doc_line(m->to);
	decode_mark(m->d, m->xmp);
	doc_putf(m->to, ROLE_KEY, "XMP");
	doc_putf(m->to, ROLE_FAINT, " %zu bytes", m->xmp.len);
	doc_line(m->to);
	decode_inner(m->d, &hint, m->xmp);
}

static void
image_show(struct image *m, const struct image_format *f)
{
	struct bytes type = decode_hint(m->d)->type;
	struct fault broken = { "" }, undrawn = { "" };
	bool good;

	if (type_starts(type, "image/") && !format_is_type(f, type)) {
		doc_put(m->to, ROLE_WARN, image_part(type, 0, IMAGE_TEXT_MAX));
		doc_putf(m->to, ROLE_WARN, " is what the type says, the bytes are %s", f->name);
		doc_line(m->to);
	}
	decode_mark(m->d, m->all);
	good = f->about(m, &broken);
	if (m->texts > IMAGE_TEXTS_MAX)
		image_say(m, "", ROLE_FAINT, "… %u texts more", m->texts - IMAGE_TEXTS_MAX);
	if (m->width)
		decode_words(m->d, "%s %u x %u", f->name, m->width, m->height);
	good = image_picture(m, f, &undrawn) && good;
	if (*m->refused.text)
		image_say(m, "not drawn", ROLE_WARN, "%s", m->refused.text);
	image_inner(m);
	if (!good)
		decode_fail(m->d, "%s", *undrawn.text ? undrawn.text : broken.text);
}

static void
image_end(void *st, struct reader *in, struct decode *d)
{
	const struct image_format *f = format_of(in->rest);
	struct image m = { .d = d, .to = decode_doc(d), .all = in->rest };

	(void)st;
	if (!f) {
		decode_fail(d, "image: it begins like none that is known");
		return;
	}
	image_show(&m, f);
	(void)read_bytes(in, in->rest.len);
}

const struct decoder decoder_image = {
	.name = "image", .about = "what an image is, and a picture of it", .stage = STAGE_PAYLOAD,
	.suits = image_suits, .end = image_end,
};
