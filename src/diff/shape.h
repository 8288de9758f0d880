#ifndef DIFF_SHAPE_H
#define DIFF_SHAPE_H

#include "diff_inside.h"
#include "soth/map.h"

/* Flows of one method, host and shape of path, on both sides: for diff_gather.c,
 * facts.c and diff_sessions.c. */
enum { SHAPES_MAX = 100000, STATUSES_MAX = 32, FACTS_MAX = 2000, FACTS_ALL_MAX = 2000000 };

struct status_count { uint16_t status; int8_t grpc; uint64_t flows; };	/* status 0: no response */

/* Of a flow; 0: not known. */
struct sample { uint64_t bytes; uint32_t first, total; };	/* microseconds, as many as fit */

struct shape_side {
	uint64_t flows, answers;
	struct status_count status[STATUSES_MAX];
	size_t statuses;
	struct sample *sample;
	size_t samples;
};

/* Something that one flow had, or many: of[] is a set of bits, and empty where
 * that side never had it. */
enum fact_kind { FACT_FIELD, FACT_TYPE, FACT_MEMBER };
struct fact {
	enum fact_kind kind;
	uint8_t class;		/* MEMBER: see struct diff_change */
	bool named;		/* MEMBER: of an object */
	const struct fact *parent;	/* MEMBER: what it is in; NULL: it is the whole */
	uint16_t of[2];		/* MEMBER: 1 << json_kind */
	char text[];
};

struct shape {
	char *method, *host, *path;
	struct shape_side *side[2];	/* NULL: no flow */
	struct map *known;	/* facts by their keys */
	struct fact **fact;	/* as they were found */
	size_t facts;
};

struct gathered {
	struct diff *d;
	const struct diff_how *how;
	struct map *known;	/* shapes by their keys */
	struct shape **shape;
	size_t shapes, facts;
};

void gather(struct gathered *g, struct store *s, int which);
void gathered_release(struct gathered *g);

/* NULL: one too many. */
struct fact *fact_note(struct gathered *g, struct shape *s, const struct fact *like, const char *text);
void facts_of_fields(struct gathered *g, struct shape *s, int which, const struct head *h);
void facts_of_json(struct gathered *g, struct shape *s, int which, uint8_t class, struct bytes json);

#endif
