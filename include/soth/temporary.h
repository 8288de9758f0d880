#ifndef SOTH_TEMPORARY_H
#define SOTH_TEMPORARY_H

#include "soth/note.h"
#include "soth/policy.h"

/*
 * What is to become of some connections for a while: because a person said so,
 * or because it was learned. One table for all workers and the screen, behind a
 * lock that is held for a look; each asks with its own clock, so that what is
 * over is over for all at the same moment, however busy or frozen the others are.
 * While nothing is in it nobody takes the lock.
 */
struct temporaries;

enum { TEMPORARIES_MAX = 256, PROCESS_ROOM = 64, EVIDENCE_ROOM = 160 };

struct temporary {
	uint64_t id;		/* from 1; its rule is "temporary:ID", or "learned:ID" */
	enum policy_action action;
	bool learned;
	char host[256];		/* a pattern as in NAME@PATTERN; of what was learned a name */
	char parent[256];	/* learned: the domain above it, which it is about too; "": none */
	char process[PROCESS_ROOM];	/* "*": any; "": those that are not known */
	uint64_t until;		/* microseconds since the epoch; 0: for good */
	flow_id flow;		/* learned: where it was; 0: none */
	char evidence[EVIDENCE_ROOM];
	unsigned used;		/* connections that it decided */
};

struct temporaries *temporaries_new(void);
void temporaries_free(struct temporaries *t);

size_t temporaries_count(struct temporaries *t);	/* without the lock; t may be NULL */
/* In place of what there was by the same about the same hosts and process. Its id; 0: too many are there. */
uint64_t temporaries_add(struct temporaries *t, const struct temporary *one, uint64_t now);
bool temporaries_remove(struct temporaries *t, uint64_t id);	/* false: it is over already */
/* What is there now, the newest first: at most `room` into out; how many there are. */
size_t temporaries_list(struct temporaries *t, uint64_t now, struct temporary *out, size_t room);
/* The one that is over first, of those that ever are; how many there are of them. */
size_t temporaries_next(struct temporaries *t, uint64_t now, struct temporary *out);
/* The newest that is about one of the names and that process; false: none. t may be NULL. */
bool temporaries_find(struct temporaries *t, bool learned, const struct policy_question *q, uint64_t now, struct policy_said *out);
void temporaries_used(struct temporaries *t, const char *rule);		/* that one decided a connection */

#endif
