#ifndef UI_WORDS_H
#define UI_WORDS_H

#include "soth/base.h"

/* Numbers as a person reads them, short enough for a column. */
enum { WORDS_MAX = 32 };

const char *words_size(uint64_t bytes, char out[WORDS_MAX]);	/* "320" "1.2k" "18.2M" */
const char *words_time(uint64_t us, char out[WORDS_MAX]);	/* "412us" "41ms" "2.1s" "2m 4s" */
const char *words_count(uint64_t n, char out[WORDS_MAX]);	/* "12 843" */
const char *words_left(uint64_t until, uint64_t now, char out[WORDS_MAX]);	/* "14:59" "2:03:20"; of 0 "for good" */
const char *words_clock(uint64_t us, bool fine, char out[WORDS_MAX]);	/* "14:03:21", fine "14:03:21.104" */

#endif
