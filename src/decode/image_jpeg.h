#ifndef DECODE_IMAGE_JPEG_H
#define DECODE_IMAGE_JPEG_H

#include "image.h"

/* The pixels of a JPEG, as far as they come. */
bool jpeg_draw(struct image *m, struct canvas *c, struct fault *why);

#endif
