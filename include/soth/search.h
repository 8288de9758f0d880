#ifndef SOTH_SEARCH_H
#define SOTH_SEARCH_H

#include "soth/filter.h"

/*
 * Search through a whole session: the heads of both sides, bodies behind
 * their content codings, messages (of gRPC, uncompressed), trailers. Threads
 * go through the flows in order, and through those that come and go on; the
 * screen takes what they have found when it draws, and waits for nothing.
 */

/* What is looked for: a text, or a regular expression (see match.h), in which
 * ^ and $ are at lines. Case matters where it has a capital. */
struct query;
enum { QUERY_MAX = 500 };
/* NULL: a fault, and *at the byte of the text where it is. */
struct query *query_new(struct bytes text, bool regex, struct fault *why, size_t *at);
void query_free(struct query *q);		/* NULL is fine */
/* What every match has in it, in lower case; empty: nothing that is known. Borrowed. */
struct bytes query_literal(const struct query *q);

/*
 * What was learned of the flows that searches went through, so that the next
 * one reads those alone that may have what it looks for. It finds the same.
 * In a file without a name (see spool.h), at most TRIGRAMS_MAX; what is more
 * is read each time. A journal that is written gets it too, in LOG notes, from
 * which it is known when the session is opened again. Of one store; any thread.
 */
struct trigrams;
#define TRIGRAMS_MAX ((uint64_t)2 << 30)
struct trigrams *trigrams_new(void);
struct trigrams *trigrams_ref(struct trigrams *t);
void trigrams_drop(struct trigrams *t);		/* NULL is fine */
/* Flows that it knows, and its bytes. */
void trigrams_size(struct trigrams *t, size_t *flows, uint64_t *bytes);

enum search_where { SEARCH_HEAD, SEARCH_BODY, SEARCH_TRAILER, SEARCH_MESSAGE };
enum { SEARCH_HITS_MAX = 10000, SEARCH_BODY_MAX = 64 << 20, SEARCH_CONTEXT = 160 };

struct search_hit {
	flow_id flow;
	uint32_t index;			/* of the store */
	uint32_t message;		/* MESSAGE: as messages.h counts them */
	enum search_where where;
	enum side side;
	uint64_t at, len;		/* in the head's text, the body or the message, decoded */
	uint32_t before;		/* matches in there that come first and read the same */
	uint16_t mark, marked;		/* where the match stands in .text, as far as it does */
	uint16_t used;
	char text[SEARCH_CONTEXT];	/* of its line; any byte */
};

struct search_state {
	size_t hits, flows;		/* matches; flows that have some */
	bool more;			/* SEARCH_HITS_MAX was reached: it has stopped */
	bool busy;
	size_t looked, all;		/* flows */
	size_t read;			/* ... of them, not told by trigrams */
	size_t given_up;		/* texts that a regex took too long on: see match.h */
};

struct search;
/* Takes the query and the filter (NULL: all flows); refers to the trigrams.
 * `wake`: an eventfd for progress. */
struct search *search_new(struct store *s, struct query *q, struct filter *f, bool invert, struct trigrams *t, int wake);
void search_leave(struct search *s);		/* NULL is fine; it ends by itself, soon */
void search_poke(struct search *s);		/* there may be something new in the store */
bool search_wait(struct search *s, unsigned milliseconds);	/* until all has been looked at */
void search_state(struct search *s, struct search_state *out);
/* Copies up to `count` hits from `first`; how many there were. Those that were
 * there stay as they are: in the order of the flows, and behind them those of
 * flows that went on. */
size_t search_hits(struct search *s, size_t first, size_t count, struct search_hit *out);

#endif
