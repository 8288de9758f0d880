/* The operations of GraphQL requests, for the rows of the list. */
#include <stdlib.h>
#include <string.h>

#include "operation.h"
#include "soth/graphql.h"
#include "soth/trail.h"

enum { KEPT = 4096, BODY_MAX = 64 << 10, RECORDS_MAX = 64, TEXT = 48 };

struct operation { flow_id flow; char text[TEXT]; };

struct operations {
	struct store *store;
	struct operation kept[KEPT];	/* each at its flow's number, of the last that was there */
};

struct operations *
operations_new(struct store *s)
{
	struct operations *o = xalloc(sizeof(*o));

	o->store = s;
	return o;
}

void
operations_free(struct operations *o)
{
	free(o);
}

/* The beginning of the request's body. */
static void
request_body(struct trail *t, struct buf *body)
{
	struct buf scratch;
	struct glance g;
	struct bytes data;
	struct fault why;

	buf_init(&scratch, BODY_MAX);
	for (int i = 0; i < RECORDS_MAX && trail_next(t, &g, &why) && !(g.kind == NOTE_PART && g.side == SERVER); i++) {
		if (g.kind != NOTE_PART || g.part != PART_DATA)
			continue;
		data = journal_bytes(trail_file(t), g.data, g.len < BODY_MAX ? g.len : BODY_MAX, &scratch);
		if (!buf_add(body, data))
			break;
	}
	buf_release(&scratch);
}

static void
operation_read(struct operations *o, struct operation *one)
{
	struct trail *t = trail_new(o->store, one->flow);
	struct buf body;

	*one->text = '\0';
	buf_init(&body, BODY_MAX);
	request_body(t, &body);
	if (!graphql_operation(buf_bytes(&body), one->text, TEXT))
		*one->text = '\0';
	buf_release(&body);
	trail_free(t);
}

/* A body that may be one, by what the row tells: others are not read. */
static bool
is_likely(const struct row *r)
{
	return r->request && r->bytes[CLIENT] && strstr(r->path, "graphql") && !strcmp(r->method, "POST");
}

const char *
operation_of(struct operations *o, const struct row *r)
{
	struct operation *one = &o->kept[r->id % KEPT];

	if (!is_likely(r))
		return "";
	if (one->flow != r->id) {
		one->flow = r->id;
		operation_read(o, one);
		if (!r->answered && !*one->text)
			one->flow = 0;	/* more of it may come */
	}
	return one->text;
}
