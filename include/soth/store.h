#ifndef SOTH_STORE_H
#define SOTH_STORE_H

#include <stdatomic.h>

#include "soth/flow.h"
#include "soth/policy.h"
#include "soth/protocol.h"

/*
 * Every flow of a session: a small row each in memory, the rest in the
 * journal. The recorder thread puts notes in; any other thread reads rows
 * under a short lock, as copies, and whole flows from the file, without one.
 *
 * Live traffic, an opened session and a test come in by one door:
 * store_note().
 */
struct store;

enum row_state { ROW_LIVE, ROW_DONE, ROW_FAILED };

/* How much of a path a row has. */
enum { ROW_PATH_KEPT = 200 };
enum { ROW_PROCESS = 39 };	/* bytes of a process's name */

/* A flow's line, complete by itself: texts are copies, cut to fit, and may
 * hold any byte but NUL. Without an id it is of a flow that is gone: session-size. */
struct row {
	flow_id id;
	flow_id connection;	/* the flow that opened its connection; itself, where it did */
	uint64_t begun;		/* microseconds since the epoch */
	uint64_t answered;	/* when the response's head came; 0: has not */
	uint64_t ended;		/* 0: live */
	uint64_t bytes[2];	/* of the bodies, kept or not */
	enum row_state state;
	uint32_t notes;		/* so far */
	uint16_t status;	/* 0: none yet */
	uint16_t port;
	bool request;		/* false: a connection without one so far */
	bool tls;		/* scheme https, or a handshake was seen */
	bool tunnel;		/* CONNECT or Upgrade: what follows are bytes */
	bool partial;		/* some of a body was not kept */
	uint8_t held;		/* sides whose message waits for a person: 1u << side */
	bool edited;		/* a message was, by a person or a rule */
	bool raw;		/* a message went on as bytes that a person typed */
	bool replay;		/* soth itself sent it */
	bool replayed;		/* its answer is out of a recording */
	bool otherwise;		/* the request's Host may say something else than .host */
	bool onboarding;	/* soth itself answered it */
	bool decided;		/* it is a connection that policy was asked about, */
	enum policy_action action;	/* ... and this was done */
	enum policy_reason reason;	/* ... because of that */
	uint8_t version[2];	/* enum http_version of each side's head */
	enum protocol protocol;
	int8_t grpc;		/* grpc-status; -1: none */
	uint32_t messages[2];	/* of each side: see flow.h */
	uint32_t pid;		/* of the client's process; 0: not known */
	uint8_t close;		/* close_code, once ended */
	int8_t tls_failed;	/* -1: no; else the side, CLIENT or SERVER, of the last failure */
	bool commented;		/* a person said something: store_said() has it */
	/* Texts, from here on. */
	char method[24];
	char scheme[8];
	char host[128];
	char client[64];	/* its address, without a port */
	char process[ROW_PROCESS + 1];	/* the name of its process, on this machine; empty: not known */
	char path[512];		/* the target as the client named it, without scheme and host */
	char type[64];		/* the response's media type, without parameters */
	char trouble[160];	/* why it failed, in words; empty: it did not */
	char mark[50];		/* what a person marked it with; empty: nothing */
};

/* A target without scheme and authority. */
struct bytes row_path(struct bytes target);

struct store_stats {
	uint64_t flows, live, failed;	/* that came; of them */
	uint64_t held;		/* flows that wait for a person */
	uint64_t gone, first;	/* ... that session-size let go; before that index there is none left */
	uint64_t limit;		/* of the file, in bytes; 0: none */
	uint64_t freed;		/* of file_bytes, what was given back */
	char limit_trouble[200];	/* why there is no limit, where one was wanted */
	uint64_t notes;
	uint64_t late;		/* ... of flows that were over */
	uint64_t file_bytes;	/* of the journal */
	uint64_t memory;	/* of the rows */
	uint64_t version;	/* grows with every change */
	uint64_t remarks;	/* that were made */
	uint64_t remarked;	/* flows that have some */
	uint64_t misordered;	/* notes out of turn: see ordering.h */
	bool reading;		/* a file is being read: `done` of `size` bytes so far */
	uint64_t done, size;
	bool unwritten;		/* remarks are in memory alone */
	bool stopped;		/* recording has stopped: see trouble */
	char trouble[200];	/* a full disk, or where an opened file is cut */
	char disorder[200];	/* the first note out of turn */
	char path[512];
};

struct store *store_create(const char *path, struct fault *why) MUST_USE;	/* a new journal */
/* A session as it was written. Where its tail is cut off or damaged, that is
 * trouble in its stats, and not a fault: what stands before it is there. */
struct store *store_open(const char *path, struct fault *why) MUST_USE;
/* The same, but it is read while it is looked at: stats say how far. */
struct store *store_begin(const char *path, struct fault *why) MUST_USE;
void store_free(struct store *s);	/* no thread may use it any more; it need not have been read to its end */

/* From now on the oldest flows that have ended go when the journal is larger
 * than so many bytes; 0: none do. False: the file system cannot give room back. */
bool store_limit(struct store *s, uint64_t bytes, struct fault *why) MUST_USE;
bool store_writes(struct store *s);		/* notes are kept: it is no opened file, and recording has not stopped */
flow_id store_new_id(struct store *s);		/* one that no flow has; any thread */

/* The recorder's, and any other thread's that has notes. Takes what n carries.
 * A batch reaches disk and screen at store_flush(), or by itself when it is large. */
void store_note(struct store *s, struct note *n);
void store_flush(struct store *s);
void store_end(struct store *s);		/* nothing comes any more */
void store_progress(struct store *s, uint64_t done, uint64_t size);	/* of a file that is read into it: for stats */

/* Writes the events of soth-events(7) into that file, from now on: before the
 * first note. When that fails later, recording goes on. */
bool store_event_log(struct store *s, const char *path, struct fault *why) MUST_USE;
/* A key log is appended to, and what is new is its owner's alone; -1: it cannot be opened. Given to the
 * store it takes the place of the one before, from the next keys on; -1: none are written. Any thread. */
int keylog_open(const char *path, struct fault *why) MUST_USE;
void store_keylog(struct store *s, int fd);

/* The screen's, of an opened session, which nobody records: takes what n
 * carries, a REMARK. It is in the rows at once. In the file it is with the next
 * store_flush(), if that can be written: its end is whole, and nobody else
 * writes it. Where it cannot be, `why` says so, once. */
void store_remark(struct store *s, struct note *n, struct fault *why);

/* An opened session is written on, with notes of any kind: where its end is
 * whole, all of it was read, and nobody else writes it. */
bool store_go_on(struct store *s, struct fault *why) MUST_USE;

/* Anyone's. */
struct store_stats store_stats(struct store *s);
/* Copies up to `count` rows from index `first`; how many there were. Indices
 * are by time of arrival and never change. */
size_t store_rows(struct store *s, size_t first, size_t count, struct row *out);
/* The same, or none where another thread has the rows: it may not have a core for a while. */
size_t store_rows_now(struct store *s, size_t first, size_t count, struct row *out);
size_t store_index(struct store *s, flow_id id);	/* SIZE_MAX: not there */
/* The n-th flow to end, as an index; SIZE_MAX: not yet so many whose end is in
 * the file, or recording has stopped. STORE_GONE: its flow is gone. */
#define STORE_GONE ((size_t)UINT32_MAX)
size_t store_ended(struct store *s, size_t n);
/* The flow that the n-th remark was about, as an index; SIZE_MAX: not yet so many. */
size_t store_remarked(struct store *s, size_t n);
/* What a person says of a flow, and how many bytes that is; 0: nothing. */
size_t store_said(struct store *s, flow_id id, enum remark which, char *out, size_t room);
/* The first one behind that flow, or else of all, that waits for a person; 0: none does. */
flow_id store_next_held(struct store *s, flow_id after);
/* Of those indices, in their order, the ones whose flows are still there; how many. */
size_t store_left(struct store *s, uint32_t *index, size_t count);
/* The flow, from the journal, without its bodies. The caller releases it. */
bool store_flow(struct store *s, flow_id id, struct flow *out, struct fault *why) MUST_USE;
/* Readable when something changed since store_seen(). */
int store_fd(struct store *s);
void store_seen(struct store *s);

/* The file as far as it goes now, into an empty one, while it is written; until *leave becomes true. */
bool store_copy(struct store *s, int to, const atomic_bool *leave, struct fault *why) MUST_USE;

/* A session written anew in less room: compressed, and without what is gone. It
 * takes its place when it is whole. Where `from` cannot be read to its end,
 * `cut` says why, and what came before is there. */
bool session_compact(const char *from, const char *to, const atomic_bool *leave, struct fault *cut, struct fault *why) MUST_USE;

/* Where sessions go by default, and keeping only the newest `keep` of them.
 * The path is in `out`; the folder has been made. */
bool session_default(const char *dir, unsigned keep, char *out, size_t room, struct fault *why) MUST_USE;

/* Beside such a file lies a mark until it is closed. One that was left behind,
 * with something in it: true, the newest; marks of others are taken away. */
void session_closed(const char *path);
bool session_lost(const char *dir, char *out, size_t room) MUST_USE;

/* The event log of a session that was recorded, as far as the file is whole. */
bool session_event_log(const char *session, const char *path, struct fault *why) MUST_USE;

/* The thread between rings and store. */
struct ring;
struct recorder;
struct recorder *recorder_start(struct store *s, struct ring **rings, size_t count);
void recorder_stop(struct recorder *r);		/* drains the rings first, flushes, and waits for it */

#endif
