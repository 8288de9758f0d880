#ifndef UI_TYPES_H
#define UI_TYPES_H

#include "desk.h"

/* The types of protobuf messages, as the option protobuf-descriptors names
 * them. What was loaded before stays until types_free(): somebody may read by
 * it. */
bool types_load(struct desk *d, struct fault *why) MUST_USE;
void types_free(struct desk *d);

#endif
