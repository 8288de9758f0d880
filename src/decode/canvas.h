#ifndef DECODE_CANVAS_H
#define DECODE_CANVAS_H

#include "soth/doc.h"

/*
 * A picture in the making, at most CANVAS_SIDE pixels a side: each is the mean
 * of those of the source that fall into it, in whatever order they come. It
 * costs the same for any source. Pixels are R, G, B, A, a byte each.
 */
enum { CANVAS_SIDE = 64 };
struct canvas;

struct canvas *canvas_new(unsigned width, unsigned height);	/* of the source; neither 0 */
void canvas_free(struct canvas *c);
unsigned canvas_width(const struct canvas *c);	/* its own */
unsigned canvas_height(const struct canvas *c);
bool canvas_empty(const struct canvas *c);	/* nothing has come */

bool canvas_wants(const struct canvas *c, unsigned y);	/* a row of the source; others need not come */
/* It comes in passes, of every eighth row first, and `across` of every eighth
 * pixel in it: what is missing is as a pass before had it. */
void canvas_interlace(struct canvas *c, bool across);

/* Pixels of the source: the first at (x, y), each `step` to the right of the one before. */
void canvas_add(struct canvas *c, unsigned x, unsigned y, unsigned step, const uint8_t *rgba, size_t count);
/* Pixels of its own, made small already. */
void canvas_put(struct canvas *c, unsigned x, unsigned y, const uint8_t *rgba, size_t count);

/*
 * Half blocks, two pixels a cell, over a checkerboard where they are
 * transparent. Orientation as in EXIF, 1 to 8. `cut`: what has not come at the
 * end is left out.
 */
void canvas_paint(const struct canvas *c, unsigned orientation, bool cut, struct doc *to);

#endif
