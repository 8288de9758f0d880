#ifndef UI_URLS_H
#define UI_URLS_H

#include "desk.h"

/* The URLs of the flows that an action is about, a line each, to the clipboard. */
bool urls_copy(struct desk *d, struct fault *why) MUST_USE;

#endif
