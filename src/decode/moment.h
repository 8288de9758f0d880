#ifndef DECODE_MOMENT_H
#define DECODE_MOMENT_H

#include <stdint.h>

/* Seconds since the epoch as RFC 3339 has them, in UTC: "2026-11-26T12:00:00Z";
 * "" for what has no such form. */
enum { MOMENT_MAX = 32 };
const char *moment_words(int64_t seconds, char out[MOMENT_MAX]);

#endif
