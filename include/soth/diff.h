#ifndef SOTH_DIFF_H
#define SOTH_DIFF_H

#include <stdio.h>

#include "soth/filter.h"

/*
 * What is different between two sessions, or between two flows.
 *
 * Of sessions, flows are one where method, host and the shape of the path are
 * (see diff_shape): their statuses, the members of JSON in their bodies, the
 * names of response fields, and the medians of times and sizes are compared.
 * Of flows, each line, field and value is.
 *
 * Files are not trusted: what passes a limit is left out, and counted. Memory
 * is some 20 bytes a flow, and what the shapes need. Belongs to one thread.
 */

/* What matters most comes first: so they are told. */
#define DIFFS(_) \
	_(STATUS,	"status",	"another status") \
	_(GONE,		"gone",		"flows of a shape that came no more") \
	_(NEW,		"new",		"flows of a shape that was not there") \
	_(START,	"start",	"of two flows: method, target, version, reason") \
	_(SCHEMA,	"schema",	"members of JSON that appeared, went, or changed their type") \
	_(HEADERS,	"headers",	"names of response fields, and content-type; of two flows all fields") \
	_(MESSAGE,	"message",	"of two flows of WebSocket: what came, went and changed, message by message") \
	_(BODY,		"body",		"of two flows: what bodies say") \
	_(SLOWER,	"slower",	"until the response began, and in all") \
	_(LARGER,	"larger",	"the response's body") \
	_(FASTER,	"faster",	"likewise") \
	_(SMALLER,	"smaller",	"likewise")

enum diff_kind {
#define DIFF_ENUM(name, word, about) DIFF_##name,
	DIFFS(DIFF_ENUM)
#undef DIFF_ENUM
	DIFF_COUNT
};
const char *diff_word(enum diff_kind kind);

/* "status,new": a bit for each kind. */
bool diff_kinds(const char *list, unsigned *kinds, struct fault *why) MUST_USE;

struct diff_how {
	unsigned kinds;			/* that count: others are neither told nor looked for */
	const struct filter *filter;	/* NULL: all flows */
	double slower, larger;		/* this many times as much, at least; over 1 */
	uint64_t floor;			/* and by this many microseconds, so that noise does not count */
	bool any_host;			/* hosts are not compared */
};
void diff_how_init(struct diff_how *how);	/* 1.5 times, 20 ms, all kinds */

enum diff_unit { UNIT_NONE, UNIT_MICROSECONDS, UNIT_BYTES };

/* Texts are foreign, and owned by the diff. */
struct diff_change {
	enum diff_kind kind;
	enum side side;		/* of the request, or the response */
	uint8_t class;		/* SCHEMA: the first digit of the status it came with; 0: of a request */
	char *where;		/* "x-cache" "$.users[].age" "total"; NULL: the kind tells */
	char *value[2];		/* was, is; NULL: not there */
	char *lines;		/* of texts: @@ and the lines of it, as in diff -u; or NULL */
	enum diff_unit unit;	/* of: */
	uint64_t amount[2];
};

struct diff_group {
	char *method, *host, *path;	/* path: a shape; of two flows the first one's target */
	uint64_t flows[2];
	struct diff_change *change;
	size_t changes;		/* at least one */
};

struct diff {
	bool two;		/* flows were compared, not sessions */
	struct diff_group *group;
	size_t groups;
	uint64_t found[DIFF_COUNT];
	uint64_t same;		/* shapes without a difference */
	uint64_t flows[2];	/* that were compared */
	uint64_t left_out;	/* flows that could not be read, or had one shape too many */
	uint64_t bodies_cut;	/* too large, or not wholly recorded: compared as far as they are there, JSON not at all */
	bool members_cut;	/* there were too many members of JSON, or too many changes */
	bool messages_cut;	/* too many, or too long: compared as far as that goes */
};

struct diff *diff_sessions(struct store *const s[2], const struct diff_how *how);
/* NULL: one of them is not there, or cannot be read. */
struct diff *diff_flows(struct store *const s[2], const flow_id id[2], const struct diff_how *how, struct fault *why) MUST_USE;
void diff_free(struct diff *d);

/* What is foreign in it is harmless for a terminal. */
void diff_print(const struct diff *d, FILE *out, bool colours);
void diff_json(const struct diff *d, FILE *out);	/* one object, a line */

/* Whether an answer is what was recorded: the status, and of the body what does
 * not come anew each time. Members of JSON and their types; of a text its words,
 * but for those with digits and names of days and months; else bytes. Of a
 * WebSocket likewise each message that the server said, and how it closed. The
 * first thing that is different is said in `words`; of what is the same, that
 * not all of it was compared, where that is so. */
enum replay_verdict { REPLAY_SAME, REPLAY_OTHER, REPLAY_UNKNOWN };	/* UNKNOWN: no answer was recorded */
enum { VERDICT_ROOM = 400 };
enum replay_verdict replay_check(struct store *const s[2], const flow_id id[2], char words[VERDICT_ROOM]);
/* Of a change that diff_flows() found between those flows: it comes anew with
 * each answer, as a date does, or is none of the answer. */
bool replay_is_noise(struct store *const s[2], const flow_id id[2], const struct diff_change *c);

/* A path in which what only tells one thing from the next has a name instead:
 * {n} {uuid} {hex} {token}. Parameters of the query by their names, sorted,
 * each once. What does not fit is cut. */
enum { DIFF_SHAPE_ROOM = 1024 };
void diff_shape(struct bytes path, char out[DIFF_SHAPE_ROOM]);

#endif
