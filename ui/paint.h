#ifndef UI_PAINT_H
#define UI_PAINT_H

#include "soth/base.h"

/*
 * Cells of pictures: "▀" in two colours of their own (PAINT() in soth/doc.h).
 *
 * curses knows as many colours as a terminal has numbers for, and a picture
 * has thousands. Where the terminal takes 24-bit colours, curses gets a
 * private character for each cell, without colours, and in what it writes
 * that is turned into the cell. Foreign text must not have such characters.
 */
enum { PAINT_PRIVATE = 0x100000 };		/* they and all above: Supplementary Private Use Area-B */
#define PAINT_BLOCK	"▀"

int32_t paint_upper(uint32_t paint);		/* 0xrrggbb */
int32_t paint_lower(uint32_t paint);
/* One of " ░▒▓█": where there are no colours. */
const char *paint_shade(uint32_t paint);

/* The character that stands for a cell, in UTF-8; a block where there is none left. */
void paint_private(uint32_t paint, char out[5]);
bool paint_crowded(void);			/* soon none is: forget before the next frame, and draw it anew */
void paint_forget(void);

/* What a frame has, cell by cell: *shown is the paint that the terminal has
 * now, 0: none. Bytes used; 0: there is no such character, and what must be
 * written before what there is, is. */
size_t paint_sequence(const uint8_t *at, size_t len, uint32_t *shown, char out[64]);

#endif
