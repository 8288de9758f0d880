#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include "soth/backend.h"
#include "soth/ca.h"
#include "soth/store.h"

/* A session that is being recorded: authority, proxy, recorder and store, in
 * the order they start, and stopped in the other. */
struct capture {
	struct ca *ca;
	struct store *store;
	struct backend *backend;
	struct recorder *recorder;
	char lost[900];			/* the session before, where it was not closed; "": it was */
};

/* Where it is recorded: -w's file, or a new one among the sessions, to be closed
 * by session_closed(). In `lost` the one before, where it was not; or NULL. */
bool capture_path(const struct options *o, char *out, size_t room, char *lost, size_t lost_room, struct fault *why) MUST_USE;
bool capture_start(struct capture *c, const struct options *o, struct fault *why) MUST_USE;
/* Without listeners, into that file; NULL: as above. */
bool capture_start_silent(struct capture *c, const struct options *o, const char *path, struct fault *why) MUST_USE;
void capture_stop(struct capture *c);	/* every flow closed and on disk; the store is still there */
void capture_free(struct capture *c);

#endif
