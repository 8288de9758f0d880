#ifndef SOTH_CONVERT_H
#define SOTH_CONVERT_H

#include <stdatomic.h>
#include <stdio.h>

#include "soth/buf.h"
#include "soth/flow.h"
#include "soth/sending.h"
#include "soth/store.h"

/*
 * Flows in the formats of other programs. What is read becomes notes, and goes
 * by the door that live traffic takes: store_note(). What is written is read
 * out of a store.
 *
 * To add a format, write src/convert/NAME.c with a `const struct format
 * format_NAME`, and add its line to src/convert/formats.c. Nothing else names it:
 * `soth convert`, completion and the tests walk that list.
 *
 * Files are not trusted. A fault says where: file, line and column, byte, or
 * which flow. What was read before it stands.
 */
struct convert_sink {
	void (*note)(void *arg, struct note *n);	/* takes what n carries; its orders are the store's */
	void *arg;
	const atomic_bool *leave;	/* when it becomes true no more need be read; or NULL */
};

struct convert_flows {
	struct store *store;
	const flow_id *id;
	size_t count;
};

struct format {
	const char *name;	/* "har" */
	const char *about;	/* one line for help and the manual */
	const char *suffixes;	/* of file names, with spaces between: ".har .har.json" */
	int (*suits)(struct bytes first);	/* 0 not at all .. 100 surely, by a file's first 4 KiB; NULL: it is only written */
	/* Notes in an order that ordering.h allows, each flow whole: FLOW, its
	 * steps and parts, GONE. Flow ids from 1, without gaps. */
	bool (*read)(FILE *in, const struct convert_sink *to, struct fault *why) MUST_USE;	/* NULL: only written */
	/* Those flows, in that order. */
	bool (*write)(FILE *out, const struct convert_flows *from, struct fault *why) MUST_USE;	/* NULL: only read */
};

extern const struct format *const formats[];	/* ends with NULL */
const struct format *format_named(const char *name);		/* NULL: none */
const struct format *format_of_path(const char *path);		/* by its suffix; NULL: none */
const struct format *format_of_bytes(struct bytes first);	/* the best that reads; NULL: none */

/* Those flows into a file, which is written beside it and takes its place when
 * it is whole: where that fails, what was there is as it was. One that a session
 * is being written to is refused. Another thread may look at `watch`, and leave it; or NULL. */
struct convert_watch {
	atomic_uint_fast64_t written;	/* bytes, so far */
	atomic_bool leave;
};
bool convert_file(const struct format *f, const char *path, const struct convert_flows *from, struct convert_watch *watch,
	struct fault *why) MUST_USE;
/* Likewise, behind the flows of a session that is there, under numbers that go on from its own. */
bool convert_append(const char *path, const struct convert_flows *from, struct convert_watch *watch, struct fault *why) MUST_USE;

/* A file of any format, read into a store on a thread of its own while others
 * look at it: its flows get numbers from next_id(), which any thread may call. */
struct import_how {
	struct store *store;
	flow_id (*next_id)(void *arg);
	void *arg;
};
struct import;
struct import *import_start(const struct import_how *how, const char *path, struct fault *why) MUST_USE;
/* Over: true, with what came of it in words; *well: nothing of it was left out. */
bool import_over(struct import *i, bool *well, char *words, size_t room);
void import_free(struct import *i);		/* what has not been read is left out; NULL is fine */

/* For those who write. A side's body as it is recorded, behind its transfer
 * coding; `plain`: behind its content codings too, as far as they can be
 * undone. At most `most` bytes of it; *whole says whether that is all there
 * was. The flow itself is store_flow()'s. */
struct slice convert_body(struct store *s, flow_id id, enum side side, bool plain, size_t most, bool *whole);

/* A side's message as it came, or as it went on where it was edited. False: it
 * has no head yet, and there is still something to release. */
struct version {
	struct head *head, *trailers;	/* or NULL */
	struct slice body;		/* as convert_body() has it; at most `most` bytes */
	bool whole, ended;		/* that is all of it; it came to its end */
};
bool convert_version(struct store *s, flow_id id, enum side side, bool came, size_t most, struct version *out);
void version_release(struct version *v);

/* The request of a flow, to be sent again where it went; its content-length is
 * that of the body there is. False: it cannot be, and there is nothing to release. */
bool convert_sending(struct store *s, flow_id id, struct sending *out, struct fault *why) MUST_USE;

/* Likewise; but what its client said in a stream of messages, of a WebSocket or of gRPC, is said in its time. */
bool convert_sending_timed(struct store *s, flow_id id, double speed, struct sending *out, struct fault *why) MUST_USE;
/* What a side said in its messages, behind that time; *decoded: without the content codings of its body. NULL: why not. */
struct sayings *convert_said(struct store *s, const struct flow *f, enum side side, uint64_t since, bool *decoded, struct fault *why);

/* The first request of a text in that format: a command of curl. Likewise. */
bool convert_pasted(const struct format *f, struct bytes text, struct sending *out, struct fault *why) MUST_USE;

/* Those flows without secrets (see redact.h), told to `to`. A body that changes
 * loses its content codings, its marks and the pieces it came in; heads say
 * its new length. False: a flow that cannot be read, or a head that could not
 * be made: it and what comes behind it has not been told. */
struct redactor;
bool convert_redacted(struct redactor *r, const struct convert_flows *from, const struct convert_sink *to, struct fault *why) MUST_USE;

/* For those who read: notes of one flow, one after the other. */
struct teller { const struct convert_sink *to; flow_id flow; };
void tell_flow(struct teller *t, uint64_t when, const struct origin *o);	/* the next flow begins */
void tell_step(struct teller *t, uint64_t when, struct step *step);		/* takes it */
void tell_part(struct teller *t, enum side side, uint64_t when, struct part p);	/* takes it */
void tell_gone(struct teller *t, uint64_t when, enum close_code code, const char *detail);

#endif
