#ifndef SOTH_BACKEND_H
#define SOTH_BACKEND_H

#include "soth/note.h"
#include "soth/option.h"

/*
 * The proxy, as all above sees it: threads that are started, send notes, take
 * orders and are stopped. This is the only door between them.
 *
 * backend_start() returns when every listener is bound, so that faults are
 * known; with port 0, backend_address() says which was picked.
 *
 * Whoever drains the rings must do so before and while backend_stop() waits:
 * the workers close every flow with a note.
 */
struct backend;
struct ring;
struct ca;

struct backend *backend_start(const struct options *o, const struct ca *ca, struct fault *why) MUST_USE;
struct ring **backend_rings(struct backend *b, size_t *count);	/* of struct note; the backend's own */
const char *backend_address(const struct backend *b);	/* "127.0.0.1:8080" */
void backend_order(struct backend *b, struct order *o);	/* takes what o carries */
void backend_stop(struct backend *b);		/* closes every flow and waits for the threads */
void backend_free(struct backend *b);		/* after the rings are drained */

#endif
