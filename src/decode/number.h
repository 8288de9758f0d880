#ifndef DECODE_NUMBER_H
#define DECODE_NUMBER_H

/* A floating-point number that came as 2, 4 or 8 bytes, with as many digits as
 * tell it from its neighbours; whole ones whole. */
enum { NUMBER_MAX = 40 };
const char *number_words(double n, unsigned bytes, char out[NUMBER_MAX]);

#endif
