#ifndef UI_SWITCH_H
#define UI_SWITCH_H

#include "soth/option.h"

/* Switches as a person reads them, in a few words. */
enum { SWITCH_WORDS_MAX = 400 };

/* "off", "1m": of a switch's value as option_format() gives it. */
const char *switch_value(const struct option *opt, const char *value);
/* Those not at their default: "http2 off, websocket off *.example.com"; how many.
 * Without those that are unsafe; or these alone, and other options that are. */
unsigned switches_words(const struct options *o, char out[SWITCH_WORDS_MAX]);
unsigned unsafe_words(const struct options *o, char out[SWITCH_WORDS_MAX]);

#endif
