#ifndef UI_UI_H
#define UI_UI_H

#include "soth/backend.h"
#include "soth/store.h"

/*
 * Runs the screen until the person leaves. Borrows everything. ui_signals()
 * comes first, before any thread: it keeps for ui_run() the signals that end,
 * stop and resize.
 */
struct running;
struct ui_how {
	struct running *running;	/* the command that it is for; or NULL */
	struct options *options;
	struct store *store;
	struct backend *backend;	/* NULL: a file is only looked at */
	const char *ca_path;		/* with a backend */
	const char *ca_pin;		/* likewise: its key, as ca_pin() has it */
	const char *profiles;		/* a folder for those of browsers; or NULL */
	const char *choices;		/* a file, to remember how bodies are to be read; or NULL */
	const char *history;		/* likewise, what was answered to questions */
	const char *views;		/* likewise, what the list shows, saved under a number */
	const char *colours;		/* a file of rules; or NULL */
	const char *const *open;	/* files to be read into the session ... */
	size_t opens;			/* ... so many */
	const char *lost;		/* the session before, where it was not closed; "" or NULL */
	const char *script;		/* a file of keys to be typed first; or NULL */
	int rows, cols;			/* tests: a screen in memory, left at the end of the script ... */
	const char *save;		/* ... and written here, as text */
	uint64_t now;			/* tests: what the clock says; 0: ask it */
};

/* Whether the theme that is wanted can be read: before anything is started. */
bool ui_check(const struct options *o, struct fault *why) MUST_USE;
void ui_signals(void);
bool ui_run(const struct ui_how *how, struct fault *why) MUST_USE;

#endif
