#ifndef DECODE_IMAGE_PNG_H
#define DECODE_IMAGE_PNG_H

#include "image.h"

#define PNG_SIGNATURE LIT("\x89PNG\r\n\x1a\n")

/*
 *	 4  length of data
 *	 4  type, four letters
 *	 n  data
 *	 4  CRC
 */
struct png_chunk {
	struct bytes type, data, all;
	bool whole;		/* else it is what there is of it */
};
bool png_chunk_next(struct reader *r, struct png_chunk *c);

/* The pixels of a PNG, as far as they come. */
bool png_draw(struct image *m, struct canvas *c, struct fault *why);

#endif
