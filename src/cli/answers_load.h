#ifndef CLI_ANSWERS_LOAD_H
#define CLI_ANSWERS_LOAD_H

#include "soth/answers.h"
#include "soth/option.h"

/* What server-replay and its options say. *out: the caller's; NULL: there is none. */
bool answers_load(const struct options *o, struct answers **out, struct fault *why) MUST_USE;

#endif
