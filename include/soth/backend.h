#ifndef SOTH_BACKEND_H
#define SOTH_BACKEND_H

#include "soth/decide.h"
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

/* `decides` makes what each thread asks about the messages that pass; NULL: nobody is asked. */
struct backend *backend_start(const struct options *o, const struct ca *ca, decider_make *decides, struct fault *why) MUST_USE;
/* The same without listeners: it only sends. */
struct backend *backend_start_silent(const struct options *o, const struct ca *ca, decider_make *decides, struct fault *why) MUST_USE;
struct ring **backend_rings(struct backend *b, size_t *count);	/* of struct note; the backend's own */
const char *backend_address(const struct backend *b);	/* of the first listener: "127.0.0.1:8080" */
/* All of them, as they stand: what is in `out` is good until backend_set(). How many there are. */
struct listening {
	const char *spec, *address;
};
size_t backend_listening(const struct backend *b, struct listening *out, size_t room);
/*
 * How others in the network reach a listener of that address: "192.0.2.7:8080". Where it is all of this machine's,
 * the one that it calls others from. False: nobody but this machine does.
 */
bool backend_reach(const char *listening, char out[300]);
/* Where programs of this machine reach what listens at an address; false: it has no port. */
struct reached {
	char host[256];
	unsigned port;
};
bool reached_at(const char *address, struct reached *out);
void reached_text(const struct reached *r, char *out, size_t room);	/* "127.0.0.1:8080" */
/* The first listener that is a proxy to them, of mode regular or upstream; false: there is none. */
bool backend_proxy(const struct backend *b, struct reached *out);
/* An option that the backend hears of changed, "name=value". A change of `mode`
 * opens and closes listeners at once: where one cannot be opened nothing has
 * changed. Not for two threads at once. */
bool backend_set(struct backend *b, const char *assignment, struct fault *why) MUST_USE;
/*
 * Looks whether files of certificates and keys have changed on disk, the authority's too, and has them read anew: it
 * counts from the next connection on. Where one of them will not do, `why` says so, and the keys of before stay. False:
 * nothing has changed since the last look. To be called about every second, by the thread that sets options.
 */
enum { PIN_ROOM = 48 };
struct reread {
	bool failed;
	struct fault why;		/* or what was done */
	char pin[PIN_ROOM];		/* of a new authority's key, as ca_pin() has it; "": it is as before */
};
bool backend_reread(struct backend *b, struct reread *out);
/* Who else has files of the authority's, to be made anew: called in the
 * backend_reread() behind that which read the new one, by when clients are shown it. It is the backend's. */
void backend_tell_authority(struct backend *b, void (*changed)(void *arg, const struct ca *ca), void *arg);
/* Sockets of a network other than ours (soth/isolate.h): connections there are taken as in mode transparent,
 * datagrams go to where they were sent, and by sock_diag(7) it is asked whose a connection is. Takes them. They
 * serve until the end. */
enum { ISOLATE_SOCKETS = 5 };
enum adopted_kind { ADOPTED_LISTENER, ADOPTED_DATAGRAMS, ADOPTED_DIAG };
struct adopted {
	int fd;
	enum adopted_kind kind;
};
void backend_adopt(struct backend *b, const struct adopted *sockets, size_t count);
flow_id backend_flow_id(struct backend *b);	/* one that no flow of it has or will have; any thread */
void backend_hold_next(struct backend *b, unsigned requests);	/* so many more are held, whatever they are; any thread */
struct temporaries;
struct temporaries *backend_temporaries(struct backend *b);	/* the backend's own; any thread */
struct learning;
struct learning *backend_learning(struct backend *b);		/* likewise */
/* Takes what o carries. False: a worker has too many waiting, and has not got it. */
bool backend_order(struct backend *b, struct order *o);
/* What a person says of a flow: n, a REMARK, goes to those who drain the rings,
 * by a ring of its own, and is taken; or, false, too many wait there. Not for
 * two threads at once. */
bool backend_remark(struct backend *b, struct note *n) MUST_USE;
/*
 * Sends a request as a new flow, the way that a client's would go: through the
 * parent proxy of the first upstream mode, with the options that hold for its
 * host. Its number; 0: it cannot be sent. What it becomes is told in its notes.
 * Borrows `what`. Any thread.
 */
struct sending;
flow_id backend_send(struct backend *b, const struct sending *what, struct fault *why) MUST_USE;
/* Requests are answered out of these from now on. Takes it. */
struct answers;
void backend_answers(struct backend *b, struct answers *a);
void backend_stop(struct backend *b);		/* closes every flow and waits for the threads */
void backend_free(struct backend *b);		/* after the rings are drained */

#endif
