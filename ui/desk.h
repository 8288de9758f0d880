#ifndef UI_DESK_H
#define UI_DESK_H

#include "action.h"
#include "soth/backend.h"
#include "soth/decode.h"
#include "selection.h"
#include "soth/store.h"
#include "soth/temporary.h"
#include "view.h"

struct archive;
struct browsers;
struct casebook;
struct catalog;
struct choices;
struct diary;
struct errand;
struct grouping;
struct hunt;
struct keymap;
struct layout;
struct prompt;
struct running;
struct replays;
struct rewrite;
struct saved;
struct saved_view;
struct sight;
struct theme;
struct tints;
struct transcript;
struct undo;

/* What every action and view may reach. The loop in ui.c makes it; the tables
 * come by pointer, so nothing below ui.c names what stands above it. */
struct desk {
	struct options *options;
	struct store *store;
	struct backend *backend;	/* NULL: only looking at a file */
	const char *address;		/* where it listens: "127.0.0.1:8080"; NULL without a backend */
	const char *ca_path;		/* of the authority's certificate, for the empty list's advice */
	const char *ca_pin;		/* of its key */
	const char *profiles;		/* the folder of those of browsers */
	struct browsers *browsers;	/* that were started */
	struct running *running;	/* the command that this is for; NULL: none */
	struct layout *layout;
	struct keymap *keymap;
	struct theme *theme;
	struct prompt *prompt;
	struct sight *sight;
	struct diary *diary;
	struct choices *choices;
	struct saved *saved;
	struct tints *tints;		/* colours of the list's rows */
	const char *tints_path;		/* their file */
	const struct catalog *catalog;	/* the list's */
	struct archive *archive;
	struct rewrite *rewrite;	/* what is being edited by hand; none where its path is empty */
	struct undo *undo;		/* versions of messages that wait, as they were edited */
	struct replays *replays;
	flow_id compared[2];		/* whose answers the view "difference" compares; 0: none */
	struct hunt *hunt;
	const struct schema *schema;	/* of protobuf messages; NULL: none */
	struct schema **schemas;	/* types.c's: all that were loaded */
	size_t schemas_kept;
	unsigned epoch;			/* grows when bodies are to be read anew */
	size_t go;			/* a line that the focused pane is to go to; SIZE_MAX: none */
	const struct action *actions;
	const struct view_ops *const *views;
	const struct decoder *const *decoders;
	struct transcript *transcript;	/* whose message the view "message" shows; NULL: none */
	char qr[1002];			/* what the view "qr" shows; "": the proxy's address */
	const char *arg;		/* of the action that runs; "": none */
	bool asked;			/* ... was asked for, and may be empty */
	const char *key;		/* that was typed for it; "": it was called by name */
	const char *lost;		/* a session that was not closed; "": none */
	const char *filter;		/* of the list, as it was asked for; "": none */
	struct grouping *grouping;	/* what the tree shows; NULL: it has not been looked at */
	flow_id grouped;		/* the line under the tree's cursor */
	flow_id line;			/* of a view with a companion: the one under its cursor */
	struct casebook *casebook;	/* what came of TLS; NULL: it has not been looked at */
	bool filters, inverts;		/* it is on; the flows that it does not take are shown */
	struct selection selection;	/* the flows that the next action is about */
	struct errand *errand;		/* something that is being done with many; NULL */
	bool sifts;			/* the pane with the keys would filter messages, if it had a text */
	struct fault wrong;		/* in what is typed now; empty: nothing is */
	size_t wrong_at;		/* ... from this byte on */
	flow_id flow;			/* that is looked at: `pinned`, or under the list's cursor; 0: none */
	flow_id wanted;			/* ... where it is to go, and may not be yet; 0: nowhere */
	flow_id pinned;			/* that a hit is shown in (see hunt.h); 0: none is */
	bool hunting;			/* ... and the next match is the next hit */
	uint64_t now;			/* microseconds since the epoch, once a frame */
	char message[200];		/* for the bottom line */
	bool failed;			/* ... it says what went wrong */
	int wake;			/* an eventfd: what is read for the screen has got on */
	unsigned patience;		/* milliseconds that a frame waits for it */
	bool busy;			/* the next frame has more to do: it comes at once */
	bool mouse;
	bool leave;
};

void desk_say(struct desk *d, const char *fmt, ...) PRINTF(2, 3);	/* on the bottom line */
void desk_fail(struct desk *d, const struct fault *why);		/* likewise, as what went wrong */
/* Sets an option as `:set` does: the backend hears of it where it must. */
bool desk_set(struct desk *d, const char *assignment, struct fault *why) MUST_USE;
/*
 * What becomes of connections to that host, a pattern as in NAME@PATTERN, from
 * the next one on: for so many minutes, and then as before by itself; 0: until
 * soth ends or somebody says otherwise. Of that process alone; "": of all.
 */
bool desk_policy(struct desk *d, const char *host, const char *process, enum policy_action action, unsigned minutes,
	struct fault *why) MUST_USE;
/* Takes that back, for a time or not, and what was learned of that host; false: there is nothing to take back. */
bool desk_policy_undo(struct desk *d, const char *host, const char *process, struct fault *why) MUST_USE;
/* What is said, or was learned, for a time of that very host and process; false: nothing. */
bool desk_policy_now(const struct desk *d, const char *host, const char *process, struct temporary *out);
/* What the list shows now, without a name. False: there is no room for it. */
bool desk_view(const struct desk *d, struct saved_view *out);
/* To the clipboard, by OSC 52; at most DESK_COPY_MAX bytes. */
enum { DESK_COPY_MAX = 74 * 1024 };
bool desk_copy(struct desk *d, struct bytes text, struct fault *why) MUST_USE;

#endif
