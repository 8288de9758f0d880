#ifndef UI_UI_H
#define UI_UI_H

#include "soth/backend.h"
#include "soth/store.h"

/*
 * Runs the screen until the person leaves. Borrows everything. `backend` is
 * NULL where a file is only looked at; `script` names a file of keys to be
 * typed first (tests), or is NULL.
 */
bool ui_run(struct options *o, struct backend *b, struct store *s, const char *ca_path,
	const char *script, struct fault *why) MUST_USE;

#endif
