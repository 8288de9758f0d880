/* EXIF, which is TIFF: https://www.cipa.jp/e/std/std-sec.html */
#include <stdio.h>
#include <string.h>

#include "image.h"

enum {
	ENTRIES_MAX = 256, ENTRY = 12, INLINE = 4,
	TAG_WIDTH = 0x100, TAG_HEIGHT = 0x101, TAG_ORIENTATION = 0x112, TAG_EXIF = 0x8769, TAG_GPS = 0x8825,
	GPS_LATITUDE = 2, GPS_LONGITUDE = 4, GPS_ALTITUDE = 6,
	TYPE_BYTE = 1, TYPE_ASCII = 2, TYPE_SHORT = 3, TYPE_LONG = 4, TYPE_RATIONAL = 5,
};

/* Offsets are from the beginning of all. */
struct tiff { struct bytes all; bool little; };

static uint32_t
tiff_number(const struct tiff *t, uint64_t at, unsigned size)
{
	return t->little ? image_le(t->all, at, size) : image_be(t->all, at, size);
}

/* "II" or "MM", 2 of 42, 4 offset of the first directory */
static bool
tiff_open(struct tiff *t, struct bytes all)
{
	*t = (struct tiff){ all, image_starts(all, LIT("II")) };
	return (t->little || image_starts(all, LIT("MM"))) && tiff_number(t, 2, 2) == 42;
}

/*
 * 2 count, and of each entry:
 *	 2  tag
 *	 2  type
 *	 4  count
 *	 4  value, or its offset where it is longer
 */
struct entry { uint32_t tag, type, count; uint64_t at; };

static bool
entry_of(const struct tiff *t, uint64_t directory, unsigned i, struct entry *e)
{
	static const uint8_t sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8 };
	uint64_t at = directory + 2 + (uint64_t)i * ENTRY, size;

	if (!directory || i >= ENTRIES_MAX || i >= tiff_number(t, directory, 2) || at + ENTRY > t->all.len)
		return false;
	*e = (struct entry){ tiff_number(t, at, 2), tiff_number(t, at + 2, 2), tiff_number(t, at + 4, 4), at + 8 };
	size = e->type < ARRAY_LEN(sizes) ? (uint64_t)sizes[e->type] * e->count : 0;
	if (size > INLINE)
		e->at = tiff_number(t, at + 8, 4);
	return true;
}

static bool
entry_find(const struct tiff *t, uint64_t directory, uint32_t tag, struct entry *e)
{
	for (unsigned i = 0; entry_of(t, directory, i, e); i++)
		if (e->tag == tag)
			return true;
	return false;
}

static uint32_t
entry_number(const struct tiff *t, const struct entry *e)
{
	return tiff_number(t, e->at, e->type == TYPE_SHORT ? 2 : e->type == TYPE_BYTE ? 1 : 4);
}

static uint64_t
tiff_directory(const struct tiff *t, uint64_t directory, uint32_t tag)
{
	struct entry e;

	return entry_find(t, directory, tag, &e) ? entry_number(t, &e) : 0;
}

static double
tiff_ratio(const struct tiff *t, uint64_t at)
{
	uint32_t over = tiff_number(t, at, 4), under = tiff_number(t, at + 4, 4);

	return under ? (double)over / under : 0;
}

/* A text ends at its NUL. */
static struct bytes
entry_text(const struct tiff *t, const struct entry *e)
{
	struct bytes text = image_part(t->all, e->at, e->count);
	const uint8_t *nul = text.len ? memchr(text.at, 0, text.len) : NULL;

	if (nul)
		text.len = (size_t)(nul - text.at);
	return bytes_trim(text);
}

static void
say_text(struct image *m, const struct tiff *t, const struct entry *e, const char *key)
{
	if (e->type == TYPE_ASCII)
		image_text(m, bytes_of(key), entry_text(t, e));
}

static void
say_orientation(struct image *m, const struct tiff *t, const struct entry *e, const char *key)
{
	static const char *const words[] = { "unknown", "upright", "mirrored", "turned by 180°", "mirrored upside down",
		"mirrored, turned left by 90°", "turned right by 90°", "mirrored, turned right by 90°", "turned left by 90°" };
	uint32_t n = entry_number(t, e);

	m->orientation = n < ARRAY_LEN(words) ? n : 0;
	image_say(m, key, ROLE_NUMBER, "%u, %s", n, words[m->orientation]);
}

static void
say_number(struct image *m, const struct tiff *t, const struct entry *e, const char *key)
{
	image_say(m, key, ROLE_NUMBER, "%u", entry_number(t, e));
}

/* "1/200 s" as it stands there; "2.8" rather than 28/10. */
static void
say_ratio(struct image *m, const struct tiff *t, const struct entry *e, const char *key)
{
	uint32_t over = tiff_number(t, e->at, 4), under = tiff_number(t, e->at + 4, 4);

	if (e->type != TYPE_RATIONAL || !under)
		return;
	if (over && over < under)
		image_say(m, key, ROLE_NUMBER, "%u/%u", over, under);
	else
		image_say(m, key, ROLE_NUMBER, "%.6g", (double)over / under);
}

struct told {
	uint32_t tag;
	const char *key;
	void (*say)(struct image *m, const struct tiff *t, const struct entry *e, const char *key);
};

static const struct told main_told[] = {
	{ 0x010f, "make", say_text }, { 0x0110, "model", say_text }, { TAG_ORIENTATION, "orientation", say_orientation },
	{ 0x010e, "description", say_text }, { 0x0131, "software", say_text }, { 0x0132, "changed", say_text },
	{ 0x013b, "artist", say_text }, { 0x8298, "copyright", say_text },
};
static const struct told exif_told[] = {
	{ 0x9003, "taken", say_text }, { 0x9011, "time zone", say_text }, { 0xa434, "lens", say_text },
	{ 0x829a, "exposure s", say_ratio }, { 0x829d, "aperture", say_ratio }, { 0x8827, "ISO", say_number },
	{ 0x920a, "focal mm", say_ratio },
};

static void
exif_tell(struct image *m, const struct tiff *t, uint64_t directory, const struct told *told, size_t count)
{
	struct entry e;

	for (size_t i = 0; i < count; i++)
		if (entry_find(t, directory, told[i].tag, &e))
			told[i].say(m, t, &e, told[i].key);
}

/* Degrees, minutes, seconds; the tag before it has the letter. */
static bool
place_words(const struct tiff *t, uint64_t directory, uint32_t tag, char out[48])
{
	struct entry e, side;
	uint32_t letter;

	if (!entry_find(t, directory, tag, &e) || e.type != TYPE_RATIONAL || e.count != 3)
		return false;
	letter = entry_find(t, directory, tag - 1, &side) ? tiff_number(t, side.at, 1) : '?';
	snprintf(out, 48, "%g° %g′ %.4g″ %c", tiff_ratio(t, e.at), tiff_ratio(t, e.at + 8), tiff_ratio(t, e.at + 16),
		letter >= 'A' && letter <= 'Z' ? (char)letter : '?');
	return true;
}

static void
exif_place(struct image *m, const struct tiff *t, uint64_t directory)
{
	char latitude[48], longitude[48];
	struct entry e, below;

	if (place_words(t, directory, GPS_LATITUDE, latitude) && place_words(t, directory, GPS_LONGITUDE, longitude))
		image_say(m, "place", ROLE_WARN, "%s, %s", latitude, longitude);
	if (entry_find(t, directory, GPS_ALTITUDE, &e) && e.type == TYPE_RATIONAL)
		image_say(m, "altitude", ROLE_WARN, "%s%.6g m",
			entry_find(t, directory, GPS_ALTITUDE - 1, &below) && tiff_number(t, below.at, 1) ? "-" : "",
			tiff_ratio(t, e.at));
}

void
image_exif(struct image *m, struct bytes tiff)
{
	struct tiff t;
	uint64_t first;

	if (!tiff_open(&t, tiff)) {
		image_say(m, "EXIF", ROLE_ERROR, "neither II nor MM");
		return;
	}
	first = tiff_number(&t, 4, 4);
	exif_tell(m, &t, first, main_told, ARRAY_LEN(main_told));
	exif_tell(m, &t, tiff_directory(&t, first, TAG_EXIF), exif_told, ARRAY_LEN(exif_told));
	exif_place(m, &t, tiff_directory(&t, first, TAG_GPS));
}

bool
image_tiff_size(struct bytes tiff, unsigned *width, unsigned *height)
{
	struct tiff t;

	if (!tiff_open(&t, tiff))
		return false;
	*width = (unsigned)tiff_directory(&t, tiff_number(&t, 4, 4), TAG_WIDTH);
	*height = (unsigned)tiff_directory(&t, tiff_number(&t, 4, 4), TAG_HEIGHT);
	return *width && *height;
}
