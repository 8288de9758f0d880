#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include "soth/base.h"

/*
 * A file, given to the editor of $VISUAL, or else $EDITOR, or else vi, on our
 * terminal. The screen waits; nothing else does.
 */
bool editor_run(const char *path, struct fault *why) MUST_USE;
/* Likewise, to be read, by $PAGER, or else less. */
bool pager_run(const char *path, struct fault *why) MUST_USE;

#endif
