#ifndef DECODE_HEXES_H
#define DECODE_HEXES_H

#include "soth/doc.h"

/* Bytes within something else: "68 65 6c 6c 6f  5 bytes" on a line that is open. */
void hexes_short(struct doc *to, struct bytes b);
/* Lines of 16, with their text; how many bytes were shown. What is left of
 * them makes a line where they are the `last`. */
enum { HEXES_ROW = 16 };
size_t hexes_rows(struct doc *to, struct bytes b, bool last);

#endif
