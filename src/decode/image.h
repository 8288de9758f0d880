#ifndef DECODE_IMAGE_H
#define DECODE_IMAGE_H

#include "canvas.h"
#include "soth/decode.h"

/*
 * Formats of images. To add one, write image_NAME.c with a `const struct
 * image_format image_NAME`, and add its line in image.c.
 *
 * A format's library gets bytes that anyone may have made: it writes nothing
 * to stderr, never exits, and allocates nothing before the size that the bytes
 * claim has met image_fits().
 */
enum {
	IMAGE_SIDE_MAX = 16384, IMAGE_MEGAPIXELS_MAX = 64,
	IMAGE_WHOLE_MEGAPIXELS_MAX = 16,	/* where every pixel must be held at once, or costs much */
	IMAGE_TEXT_MAX = 400, IMAGE_TEXT_LINES_MAX = 8, IMAGE_TEXTS_MAX = 32,
};

struct image {
	struct decode *d;
	struct doc *to;
	struct bytes all;
	unsigned width, height;		/* 0: not known */
	unsigned orientation;		/* EXIF's, or 0 */
	struct fault refused;		/* why it is not drawn, though it may be good */
	unsigned texts;			/* of those that anyone may add */
	struct bytes xmp;		/* XML, shown after the picture */
	struct bytes frame;		/* of an animation: the first */
	unsigned frame_x, frame_y, frame_width, frame_height;
};

struct image_format {
	const char *name, *type;
	bool (*knows)(struct bytes first);
	/* Says what stands in the headers, a line each, and finds the size.
	 * False: it is broken or cut off, and this is where. */
	bool (*about)(struct image *m, struct fault *why);
	/* Draws the first frame, as far as it can be read. False: that was not
	 * all, or `refused` says why not. NULL: not drawn. */
	bool (*draw)(struct image *m, struct canvas *c, struct fault *why);
};

/* Lines of "key          value". */
void image_say(struct image *m, const char *key, enum role role, const char *fmt, ...) PRINTF(4, 5);
void image_text(struct image *m, struct bytes key, struct bytes text);	/* text as it is, within limits */
void image_size(struct image *m, unsigned width, unsigned height);

bool image_fits(unsigned width, unsigned height, unsigned megapixels, struct fault *why);

/* A number at an offset; 0 where the bytes end before it. */
uint32_t image_be(struct bytes b, uint64_t at, unsigned size);
uint32_t image_le(struct bytes b, uint64_t at, unsigned size);
struct bytes image_part(struct bytes b, uint64_t at, uint64_t len);	/* what there is of it */
bool image_starts(struct bytes b, struct bytes with);

/* What images carry. */
void image_exif(struct image *m, struct bytes tiff);	/* from "II" or "MM" on */
bool image_tiff_size(struct bytes tiff, unsigned *width, unsigned *height);
void image_icc(struct image *m, struct bytes profile);	/* its name */
void image_xmp(struct image *m, struct bytes xml);

#endif
