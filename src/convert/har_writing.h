#ifndef CONVERT_HAR_WRITING_H
#define CONVERT_HAR_WRITING_H

#include "har_inside.h"

/* An entry that is being written. */
#define HAR_DUMP	(JSON_COMPACT | JSON_REAL_PRECISION(15))

struct har_number { flow_id id; size_t entry; };

struct har_body {
	struct slice raw, plain;	/* plain: behind its content codings */
	bool whole;
};

struct har_writing {
	FILE *out;
	const struct convert_flows *from;
	struct har_number *numbers;	/* by id */
	struct buf scratch;
	size_t entry;		/* its number, from 1 */
	struct flow flow;
	bool live;		/* it has no end: one is written */
	uint64_t last;		/* when its last note was */
	uint64_t opener;	/* the entry with its connection; 0: it is not known */
	struct har_body body[2];
	size_t used[2];		/* of .raw, by rows */
	bool same_head[2], same_trailer[2];	/* the entry says all of it */
	bool first;		/* nothing of the list is written yet */
};

/* har_entry_json.c: all but messages and notes; what else is needed to read the same again goes to `soth`. */
json_t *har_entry_json(struct har_writing *w, json_t *soth);

#endif
