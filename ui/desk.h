#ifndef UI_DESK_H
#define UI_DESK_H

#include "soth/backend.h"
#include "soth/decode.h"
#include "soth/store.h"
#include "action.h"
#include "view.h"

struct keymap;
struct layout;
struct prompt;
struct theme;

/* What every action and view may reach. The loop in ui.c makes it; the tables
 * come by pointer, so nothing below ui.c names what stands above it. */
struct desk {
	struct options *options;
	struct store *store;
	struct backend *backend;	/* NULL: only looking at a file */
	const char *ca_path;		/* of the authority's certificate, for the empty list's advice */
	struct layout *layout;
	struct keymap *keymap;
	struct theme *theme;
	struct prompt *prompt;
	const struct action *actions;
	const struct view_ops *const *views;
	const struct decoder *const *decoders;
	flow_id flow;			/* under the list's cursor; 0: none */
	uint64_t now;			/* microseconds since the epoch, once a frame */
	char message[200];		/* for the bottom line */
	bool failed;			/* ... it says what went wrong */
	bool leave;
};

#endif
