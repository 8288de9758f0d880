/* The name of a colour profile: ICC.1, https://www.color.org/icc_specs2.xalter */
#include "image.h"

enum { HEADER = 128, TAGS_MAX = 100, TAG = 12, PROFILE_LEAST = HEADER + 4 };

/* 4 "desc", 4 zero, 4 length with its NUL, ASCII */
static struct bytes
name_plain(struct bytes tag)
{
	uint32_t len = image_be(tag, 8, 4);

	return image_part(tag, 12, len ? len - 1 : 0);
}

/* 4 "mluc", 4 zero, 4 count, 4 size of a record; 2 language, 2 country, 4 length, 4 offset; UTF-16 */
static size_t
name_wide(struct bytes tag, uint8_t out[IMAGE_TEXT_MAX])
{
	struct bytes wide = image_part(tag, image_be(tag, 24, 4), image_be(tag, 20, 4));
	size_t n = 0;

	for (size_t i = 0; i + 2 <= wide.len && n < IMAGE_TEXT_MAX && image_be(wide, i, 2); i += 2) {
		uint32_t rune = image_be(wide, i, 2);

		out[n++] = rune < 0x80 ? (uint8_t)rune : '?';
	}
	return n;
}

static void
icc_name(struct image *m, struct bytes tag)
{
	uint8_t text[IMAGE_TEXT_MAX];

	if (image_starts(tag, LIT("mluc")))
		image_text(m, LIT("profile"), (struct bytes){ text, name_wide(tag, text) });
	else if (image_starts(tag, LIT("desc")))
		image_text(m, LIT("profile"), name_plain(tag));
}

/* A header; 4 count, and of each tag 4 name, 4 offset, 4 length. */
void
image_icc(struct image *m, struct bytes profile)
{
	uint32_t count = image_be(profile, HEADER, 4);

	for (uint32_t i = 0; i < count && i < TAGS_MAX; i++) {
		uint64_t at = PROFILE_LEAST + (uint64_t)i * TAG;

		if (bytes_are(image_part(profile, at, 4), "desc")) {
			icc_name(m, image_part(profile, image_be(profile, at + 4, 4), image_be(profile, at + 8, 4)));
			return;
		}
	}
}
