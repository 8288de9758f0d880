#ifndef SEARCH_INSIDE_H
#define SEARCH_INSIDE_H

#include <stdatomic.h>

#include "soth/buf.h"
#include "soth/match.h"
#include "soth/search.h"
#include "soth/trail.h"

/* As match_next(). */
bool query_next(const struct query *q, struct bytes text, size_t from, size_t *begin, size_t *end, bool *gave_up);

/* One text of a flow. */
struct text {
	enum search_where where;
	enum side side;
	uint32_t message;
	struct bytes bytes;
};
/* Gives the texts of a flow, as far as they are in the file. True: it is over,
 * and these are all. */
bool texts_of(struct lens *l, flow_id id, const atomic_bool *stop, void (*give)(void *arg, const struct text *t), void *arg);

/*
 * A signature: for each trigram of a text, in lower case, a bit. A flow has
 * one or more: of SIGNED bytes each, which overlap by as much as a literal
 * may have. So a literal is within one of them, or in none.
 *
 *	u32  index of the flow (in a journal, its number); those of one flow stand together
 *	u16  .bytes of the bits
 *	u8   .log: a trigram's hash has so many bits ...
 *	u8   1 where it is the flow's last
 *	...  ... which are folded to those there are
 *
 * The bits are twice as many as there are trigrams, but at most a bit for
 * each byte of the text and a quarter.
 */
enum { SIGNED = 64 << 10 };
enum { SIGNATURE_HEAD = 8, SIGNATURE_LOG_LEAST = 6, SIGNATURE_LOG_MOST = 19, SIGNATURE_MADE_MAX = 64 << 20 };
struct signature { uint32_t index; uint16_t bytes; uint8_t log, last; };
uint32_t trigram_hash(const uint8_t *at);

struct signer {			/* makes those of one flow */
	uint8_t *text;		/* SIGNED bytes, in lower case */
	size_t len;
	uint64_t *bits;		/* scratch */
	struct buf made;
};
void signer_init(struct signer *s);
void signer_release(struct signer *s);
void signer_begin(struct signer *s);
void signer_text(struct signer *s, struct bytes text);
void signer_flush(struct signer *s);		/* what is left */

/* Puts what was made of a flow in; nothing where it is known. */
void trigrams_put(struct trigrams *t, uint32_t index, flow_id flow, struct signer *s);
/* What an opened file says of its flows, as far as it has been read. */
void trigrams_learn(struct trigrams *t, struct lens *l);
/* Into the journal, where there is one that is written: what was put in since,
 * if that is much, or if this is `all` there will be. */
void trigrams_tell(struct trigrams *t, struct store *s, bool all);
bool trigrams_know(struct trigrams *t, uint32_t index);
/* A bit for each index of the store below *upto: 1 where it cannot have the
 * literal. NULL: nothing is known. The caller frees it. */
uint64_t *trigrams_without(struct trigrams *t, struct bytes literal, size_t *upto);

/* A flow that goes on: how far it was in the file, and when it may be read again. */
struct live { flow_id flow; uint64_t last, due_ms; uint32_t index; };

/* One of a search's threads. What it finds, it keeps until that is taken. */
enum { SEARCH_BATCH = 64 };
struct finder {
	const struct query *query;
	const struct filter *filter;	/* NULL: all flows */
	bool invert;
	struct trigrams *trigrams;	/* NULL: they would not be right */
	const atomic_bool *stop;
	atomic_size_t *found;		/* counts hits, of all threads */
	/* Its own. */
	struct lens *lens;
	struct signer signer;
	struct row *row;		/* SEARCH_BATCH of them */
	const struct row *of;		/* the flow that is looked at */
	uint32_t index;
	bool signs;
	size_t first;			/* of its hits, of the text that is looked through */
	struct search_hit *hit;
	size_t hits, room;
	struct live *live;
	size_t lives, lives_room;
	size_t read;			/* flows */
	size_t given_up;		/* texts */
};
void finder_init(struct finder *f, struct store *s, const struct finder *how);
void finder_release(struct finder *f);
void finder_look(struct finder *f, uint32_t index, const struct row *r);
bool finder_full(const struct finder *f);

#endif
