/* JPEG, what stands in its segments: ITU T.81 annex B, https://www.w3.org/Graphics/JPEG/jfif3.pdf */
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "image_jpeg.h"

enum {
	SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP0 = 0xe0, APP1 = 0xe1, APP2 = 0xe2, APP14 = 0xee, COM = 0xfe,
	RST0 = 0xd0, TEM = 0x01, COMPONENTS_MAX = 4,
};

static bool
jpeg_knows(struct bytes first)
{
	return image_starts(first, LIT("\xff\xd8\xff"));
}

/* ff, marker; of most, 2 length (its own too), data */
struct segment { uint8_t marker; struct bytes data; };

/* False: it is cut off. Fill bytes before a marker are skipped. */
static bool
segment_next(struct reader *r, struct segment *s)
{
	uint16_t len;

	s->data = (struct bytes){ 0 };
	while (r->rest.len && *r->rest.at != 0xff)
		(void)read_u8(r);
	do
		s->marker = read_u8(r);
	while (s->marker == 0xff);
	if (r->ran_out || s->marker == TEM || (s->marker >= RST0 && s->marker <= EOI))
		return !r->ran_out;
	len = read_be16(r);
	s->data = read_bytes(r, len > 2 ? len - 2u : 0);
	return !r->ran_out;
}

/* Start of frame: which kind, or NULL. */
static const char *
segment_frame(const struct segment *s)
{
	static const char *const kind[] = {
		"baseline", "extended", "progressive", "lossless", NULL, "differential", "differential progressive",
		"differential lossless", NULL, "arithmetic", "progressive arithmetic", "lossless arithmetic", NULL,
		"differential arithmetic", "differential progressive arithmetic", "differential lossless arithmetic",
	};

	return s->marker >= 0xc0 && s->marker <= 0xcf ? kind[s->marker - 0xc0] : NULL;
}

/* How many samples of luminance there are for one of colour. */
static void
frame_sampling(struct bytes frame, char out[16])
{
	unsigned luma = image_be(frame, 7, 1), chroma = image_be(frame, 10, 1);
	unsigned h = chroma >> 4 ? (luma >> 4) / (chroma >> 4) : 0, v = chroma & 15 ? (luma & 15) / (chroma & 15) : 0;
	static const struct { unsigned h, v; const char *name; } names[] = {
		{ 1, 1, " 4:4:4" }, { 2, 1, " 4:2:2" }, { 2, 2, " 4:2:0" }, { 1, 2, " 4:4:0" }, { 4, 1, " 4:1:1" },
	};

	snprintf(out, 16, " %ux%u", h, v);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].h == h && names[i].v == v)
			snprintf(out, 16, "%s", names[i].name);
}

/* What Adobe's segment says of the colours; or -1. */
static int
jpeg_transform(struct bytes all)
{
	struct reader r = { all, false };
	struct segment s;

	while (segment_next(&r, &s) && s.marker != SOS)
		if (s.marker == APP14 && image_starts(s.data, LIT("Adobe")))
			return (int)image_be(s.data, 11, 1);
	return -1;
}

/*
 *	 1  bits a sample
 *	 2  height, 2  width
 *	 1  components; of each: 1 name, 1 sampling, 1 table
 */
static void
jpeg_frame(struct image *m, const char *kind, struct bytes frame)
{
	unsigned components = image_be(frame, 5, 1);
	int transform = jpeg_transform(m->all);
	const char *const colours[] = { "", "grey", "two colours", transform ? "YCbCr" : "RGB",
		transform == 2 ? "YCCK" : "CMYK" };
	char sampling[16] = "";

	if (components == 3)
		frame_sampling(frame, sampling);
	image_say(m, "format", ROLE_WORD, "JPEG, %u bit %s%s, %s", image_be(frame, 0, 1),
		components <= COMPONENTS_MAX ? colours[components] : "many colours", sampling, kind);
	image_size(m, image_be(frame, 3, 2), image_be(frame, 1, 2));
	image_say(m, "bytes", ROLE_NUMBER, "%zu", m->all.len);
}

/* The frame stands after what programs have to say, and is shown before it. */
static bool
jpeg_find_frame(struct image *m)
{
	struct reader r = { m->all, false };
	struct segment s;

	while (segment_next(&r, &s) && s.marker != SOS)
		if (segment_frame(&s)) {
			jpeg_frame(m, segment_frame(&s), s.data);
			return true;
		}
	return false;
}

static void
jpeg_jfif(struct image *m, struct bytes data)
{
	static const char *const unit[] = { "", " dpi", " per cm" };
	uint32_t n = image_be(data, 7, 1), x = image_be(data, 8, 2), y = image_be(data, 10, 2);

	if (!n && x == y)
		return;		/* square pixels are usual */
	image_say(m, n ? "density" : "aspect", ROLE_NUMBER, n ? "%u x %u%s" : "%u : %u%s", x, y,
		n < ARRAY_LEN(unit) ? unit[n] : " of an unknown unit");
}

static void
jpeg_exif(struct image *m, struct bytes data)
{
	image_exif(m, image_part(data, 6, data.len));
}

static void
jpeg_xmp(struct image *m, struct bytes data)
{
	image_xmp(m, image_part(data, 29, data.len));
}

/* After its name two bytes: which piece, and of how many. The first has the name. */
static void
jpeg_icc(struct image *m, struct bytes data)
{
	if (image_be(data, 12, 1) == 1)
		image_icc(m, image_part(data, 14, data.len));
}

static void
jpeg_comment(struct image *m, struct bytes data)
{
	image_text(m, LIT("comment"), data);
}

#define BEGINS(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }
static const struct {
	uint8_t marker;
	struct bytes begins;
	void (*say)(struct image *m, struct bytes data);
} segments[] = {
	{ APP0, BEGINS("JFIF\0"), jpeg_jfif },
	{ APP1, BEGINS("Exif\0"), jpeg_exif },
	{ APP1, BEGINS("http://ns.adobe.com/xap/1.0/\0"), jpeg_xmp },
	{ APP2, BEGINS("ICC_PROFILE\0"), jpeg_icc },
	{ COM, { 0 }, jpeg_comment },
};

/* Each but a comment is said once. */
static void
segment_say(struct image *m, const struct segment *s, unsigned *said)
{
	for (size_t i = 0; i < ARRAY_LEN(segments); i++)
		if (segments[i].marker == s->marker && image_starts(s->data, segments[i].begins) &&
				(!(*said & 1u << i) || s->marker == COM)) {
			*said |= 1u << i;
			segments[i].say(m, s->data);
		}
}

static bool
jpeg_about(struct image *m, struct fault *why)
{
	struct reader r = { m->all, false };
	struct segment s = { 0 };
	unsigned said = 0;

	if (!jpeg_find_frame(m))
		image_say(m, "format", ROLE_WORD, "JPEG");
	while (segment_next(&r, &s)) {
		if (s.marker == SOS || s.marker == EOI)
			return m->width ? true : fault(why, "jpeg: there is no frame");
		segment_say(m, &s, &said);
	}
	return fault(why, "jpeg: cut off before the picture begins");
}

const struct image_format image_jpeg = { "JPEG", "image/jpeg", jpeg_knows, jpeg_about, jpeg_draw };
