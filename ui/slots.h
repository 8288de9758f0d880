#ifndef UI_SLOTS_H
#define UI_SLOTS_H

#include "soth/base.h"

/*
 * The number of a colour, as curses wants it. Where the terminal takes 24-bit
 * colours, a number is a slot that stands for one, and what curses writes of
 * it is turned into the colour itself; elsewhere it is the nearest there is.
 */
void slots_open(bool direct, int colours);	/* of the terminal; `direct`: and 24-bit ones */
void slots_clear(void);				/* none is in use */
int slot_of(int32_t colour);			/* a theme's */
int slot_nearest(int32_t colour);		/* one of a picture, 0xrrggbb: takes no slot; to five bits a component */

/* What to write for "ESC [ 38 ; 5 ; N m", and with 48. Bytes used; 0: no slot's. */
size_t slot_sequence(const uint8_t *at, size_t len, char out[32]);

#endif
