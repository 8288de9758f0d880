#ifndef UI_FACTS_H
#define UI_FACTS_H

#include "soth/store.h"

/*
 * What the rows of the list ask for beyond themselves: fields of heads,
 * cookies, members of bodies, the operation of a GraphQL request. They are
 * read from the journal on another thread when a row is in sight, and kept;
 * those of flows that go on are asked for again.
 *
 * To add a kind, add its line to the table in ui/fact.c.
 */
enum { FACT_NAME_MAX = 96, FACT_TEXT = 120 };

struct fact_kind;
struct fact {
	const struct fact_kind *kind;
	char name[FACT_NAME_MAX];	/* of the field, of the cookie; the path */
};

/* "header:server", "json:$.user.name". False, without a fault: it begins as none of them does. */
bool fact_parse(const char *text, struct fact *out, struct fault *why) MUST_USE;
const char *fact_prefix(size_t i);		/* "header:"; NULL past the last */
bool fact_likely(const struct fact *f, const struct row *r);	/* the row does not say that there is none */
/* The i-th of the flow's heads to look for it in, if it is not in those before. False: there is none, or it is not in heads alone. */
bool fact_head(const struct fact *f, size_t i, enum side *side);
/* Reads it; any thread. What is too much to be read is FACT_LARGE. False: more of it may come. */
#define FACT_LARGE	"(large)"
bool fact_read(const struct fact *f, struct store *s, const struct flow *flow, char out[FACT_TEXT]);

struct facts;
struct facts *facts_new(struct store *s, int wake);	/* see study.h */
void facts_free(struct facts *f);
/* Before each drawing, which waits for what it asks at most an eighth of
 * `patience` milliseconds in all; `now` in microseconds. */
void facts_begin(struct facts *f, uint64_t now, unsigned patience);
/* Borrowed until the next call. "": there is none; "…": it is not read yet. */
const char *facts_of(struct facts *f, const struct fact *fact, const struct row *r);
/* "query GetUser"; "": it is no GraphQL, or nothing of it has come. */
const char *facts_operation(struct facts *f, const struct row *r);

#endif
