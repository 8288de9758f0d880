/* Images of which only the size is told: BMP, ICO, TIFF, AVIF, HEIC. */
#include "image.h"

enum { ICONS_MAX = 64, BOXES_MAX = 64 };

static void
other_say(struct image *m, const char *format, unsigned width, unsigned height)
{
	image_say(m, "format", ROLE_WORD, "%s", format);
	if (width && height)
		image_size(m, width, height);
	image_say(m, "bytes", ROLE_NUMBER, "%zu", m->all.len);
}

/* 2 "BM", 4 length, 4 zero, 4 offset; 4 size of a header: 40 or more, or 12 of the oldest */
static bool
bmp_knows(struct bytes first)
{
	uint32_t header = image_le(first, 14, 4);

	return image_starts(first, LIT("BM")) && !image_le(first, 6, 4) && (header == 12 || (header >= 40 && header <= 124));
}

/* Heights below zero mean that the first row is the upper one. */
static bool
bmp_about(struct image *m, struct fault *why)
{
	bool oldest = image_le(m->all, 14, 4) == 12;
	uint32_t width = oldest ? image_le(m->all, 18, 2) : image_le(m->all, 18, 4);
	uint32_t height = oldest ? image_le(m->all, 20, 2) : image_le(m->all, 22, 4);
	uint32_t bits = image_le(m->all, oldest ? 24 : 28, 2);

	other_say(m, "BMP", width, height >> 31 ? -height : height);
	image_say(m, "depth", ROLE_NUMBER, "%u bit", bits);
	return image_le(m->all, 2, 4) <= m->all.len || fault(why, "bmp: cut off: %u bytes were to come", image_le(m->all, 2, 4));
}

/* 2 zero, 2 one, 2 count; of each: 1 width, 1 height, 1 colours, 1 zero, 2 planes, 2 bits, 4 length, 4 offset */
static bool
ico_knows(struct bytes first)
{
	return image_starts(first, LIT("\0\0\1\0")) && image_le(first, 4, 2) && image_le(first, 4, 2) <= ICONS_MAX &&
		first.len > 9 && !first.at[9] && image_le(first, 18, 4) == 6 + 16 * image_le(first, 4, 2);
}

static bool
ico_about(struct image *m, struct fault *why)
{
	uint32_t count = image_le(m->all, 4, 2);

	other_say(m, "ICO", 0, 0);
	for (uint32_t i = 0; i < count && i < ICONS_MAX; i++) {
		uint64_t at = 6 + (uint64_t)i * 16, from = image_le(m->all, at + 12, 4);
		uint32_t len = image_le(m->all, at + 8, 4), side[2] = { image_le(m->all, at, 1), image_le(m->all, at + 1, 1) };
		struct bytes icon = image_part(m->all, from, len);

		if (icon.len < len || !icon.len)
			return fault(why, "ico: icon %u is cut off", i + 1);
		decode_mark(m->d, icon);
		image_say(m, i ? "" : "icons", ROLE_NUMBER, "%u x %u, %u bit, %u bytes%s", side[0] ? side[0] : 256,
			side[1] ? side[1] : 256, image_le(m->all, at + 6, 2), len, image_starts(icon, LIT("\x89PNG")) ? ", PNG" : "");
	}
	return true;
}

static bool
tiff_knows(struct bytes first)
{
	return image_starts(first, LIT("II*\0")) || image_starts(first, LIT("MM\0*"));
}

static bool
tiff_about(struct image *m, struct fault *why)
{
	unsigned width = 0, height = 0;
	bool found = image_tiff_size(m->all, &width, &height);

	other_say(m, "TIFF", width, height);
	image_exif(m, m->all);
	return found || fault(why, "tiff: its directory is cut off or broken");
}

/* 4 length, 4 "ftyp", 4 brand: ISO/IEC 14496-12 */
static bool
brand_is(struct bytes first, const char *const *brands, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_are(image_part(first, 4, 4), "ftyp") && bytes_are(image_part(first, 8, 4), brands[i]))
			return true;
	return false;
}

static bool
avif_knows(struct bytes first)
{
	static const char *const brands[] = { "avif", "avis" };

	return brand_is(first, brands, ARRAY_LEN(brands));
}

static bool
heic_knows(struct bytes first)
{
	static const char *const brands[] = { "heic", "heix", "hevc", "mif1", "msf1" };

	return brand_is(first, brands, ARRAY_LEN(brands));
}

/* The first box of that name. Lengths count themselves and the name. */
static struct bytes
box_find(struct bytes in, const char *name)
{
	uint64_t at = 0;

	for (int i = 0; i < BOXES_MAX && at + 8 <= in.len; i++) {
		uint64_t len = image_be(in, at, 4);

		if (bytes_are(image_part(in, at + 4, 4), name))
			return image_part(in, at + 8, len >= 8 ? len - 8 : 0);
		at += len >= 8 ? len : in.len;
	}
	return (struct bytes){ 0 };
}

/* The largest size that a property tells: tiles and thumbnails have their own. */
static void
box_size(struct bytes properties, uint32_t *width, uint32_t *height)
{
	uint64_t at = 0;

	for (int i = 0; i < BOXES_MAX && at + 8 <= properties.len; i++) {
		uint64_t len = image_be(properties, at, 4);

		if (bytes_are(image_part(properties, at + 4, 4), "ispe") && image_be(properties, at + 12, 4) > *width) {
			*width = image_be(properties, at + 12, 4);
			*height = image_be(properties, at + 16, 4);
		}
		at += len >= 8 ? len : properties.len;
	}
}

static bool
box_about(struct image *m, const char *format, struct fault *why)
{
	struct bytes meta = box_find(m->all, "meta");
	uint32_t width = 0, height = 0;

	meta = image_part(meta, 4, meta.len);
	box_size(box_find(box_find(meta, "iprp"), "ipco"), &width, &height);
	other_say(m, format, width, height);
	return width || fault(why, "no size is told in it");
}

static bool
avif_about(struct image *m, struct fault *why)
{
	return box_about(m, "AVIF", why);
}

static bool
heic_about(struct image *m, struct fault *why)
{
	return box_about(m, "HEIC", why);
}

const struct image_format image_bmp = { "BMP", "image/bmp", bmp_knows, bmp_about, NULL };
const struct image_format image_ico = { "ICO", "image/ico", ico_knows, ico_about, NULL };
const struct image_format image_tiff = { "TIFF", "image/tiff", tiff_knows, tiff_about, NULL };
const struct image_format image_avif = { "AVIF", "image/avif", avif_knows, avif_about, NULL };
const struct image_format image_heic = { "HEIC", "image/heic", heic_knows, heic_about, NULL };
