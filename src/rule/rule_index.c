/* Which rules of a stage may apply: those whose literals are said, found by one pass over what is said. */
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

enum { GRAM = 3, BITS_LEAST = 8, BITS_MOST = 16, NOBODY = 0 };

/* A literal of a rule; found by three of its bytes, which few others have. */
struct entry {
	struct literal literal;
	uint32_t gram;
	uint32_t next;			/* of the same bucket, counted from 1; 0: none */
	uint16_t rule;
	uint8_t at;			/* of the gram in the literal */
};

/*
 * Each place of what is said has a bucket by the three bytes there, which has
 * the literals with these three bytes. Rules of which nothing is known always may.
 */
struct index {
	struct entry *entry;
	size_t entries;
	uint32_t *bucket;		/* its first entry, counted from 1 */
	unsigned bits, sources;
	uint64_t *always;
	size_t words;			/* of 64 bits */
	bool any_always;
};

static uint32_t
gram_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static uint32_t
bucket_of(uint32_t gram, unsigned bits)
{
	return gram * 2654435761u >> (32 - bits);
}

/* What the rule cannot do without: of its filter, or of its own pattern in the URL. */
static bool
rule_literals(const struct rule *r, struct literals *out, unsigned *sources)
{
	bool known = r->filter && filter_literals(r->filter, out, sources);
	bool by_url = r->match && r->literals.count && !(r->action->flags & ACTS_ON_BODY);

	if (by_url && (!known || literals_least(&r->literals) > literals_least(out))) {
		*out = r->literals;
		*sources = SCENE_URL;
		known = true;
	}
	return known && literals_least(out) >= GRAM;
}

static void
index_rule(struct index *x, const struct rule *r, size_t at)
{
	struct literals literals;
	unsigned sources;

	if (!rule_literals(r, &literals, &sources)) {
		x->always[at / 64] |= UINT64_C(1) << (at % 64);
		x->any_always = true;
		return;
	}
	x->sources |= sources;
	for (size_t i = 0; i < literals.count; i++) {
		x->entry = xgrow(x->entry, x->entries + 1, sizeof(*x->entry));
		x->entry[x->entries++] = (struct entry){ .literal = literals.text[i], .rule = (uint16_t)at };
	}
}

/* The gram that the fewest literals have: *count of each bucket. */
static void
entry_choose(struct entry *e, const uint32_t *count, unsigned bits)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i + GRAM <= e->literal.len; i++) {
		uint32_t gram = gram_at(e->literal.at + i), n = count[bucket_of(gram, bits)];

		if (n < least) {
			least = n;
			e->gram = gram;
			e->at = (uint8_t)i;
		}
	}
}

static void
index_buckets(struct index *x)
{
	uint32_t *count;

	while (x->bits < BITS_MOST && (size_t)1 << x->bits < x->entries * 8)
		x->bits++;
	count = xalloc(sizeof(*count) << x->bits);
	for (size_t i = 0; i < x->entries; i++)
		for (size_t k = 0; k + GRAM <= x->entry[i].literal.len; k++)
			count[bucket_of(gram_at(x->entry[i].literal.at + k), x->bits)]++;
	x->bucket = xalloc(sizeof(*x->bucket) << x->bits);
	for (size_t i = 0; i < x->entries; i++) {
		struct entry *e = &x->entry[i];
		uint32_t *first;

		entry_choose(e, count, x->bits);
		first = &x->bucket[bucket_of(e->gram, x->bits)];
		e->next = *first;
		*first = (uint32_t)i + 1;
	}
	free(count);
}

struct index *
index_new(struct rule *const *rule, size_t count)
{
	struct index *x = xalloc(sizeof(*x));

	x->bits = BITS_LEAST;
	x->words = count / 64 + 1;
	x->always = xalloc(x->words * sizeof(*x->always));
	for (size_t i = 0; i < count; i++)
		index_rule(x, rule[i], i);
	index_buckets(x);
	return x;
}

void
index_free(struct index *x)
{
	if (!x)
		return;
	free(x->entry);
	free(x->bucket);
	free(x->always);
	free(x);
}

static bool
entry_said(const struct entry *e, struct bytes said, size_t at)
{
	return at >= e->at && at - e->at + e->literal.len <= said.len &&
		!memcmp(said.at + at - e->at, e->literal.at, e->literal.len);
}

static bool
index_scan(const struct index *x, struct bytes said, uint64_t *may)
{
	bool any = false;

	for (size_t at = 0; at + GRAM <= said.len; at++) {
		uint32_t gram = gram_at(said.at + at), next = x->bucket[bucket_of(gram, x->bits)];

		for (const struct entry *e; next; next = e->next) {
			e = &x->entry[next - 1];
			if (e->gram == gram && entry_said(e, said, at)) {
				may[e->rule / 64] |= UINT64_C(1) << (e->rule % 64);
				any = true;
			}
		}
	}
	return any;
}

bool
index_choose(const struct index *x, const struct scene *s, struct buf *scratch, uint64_t *may)
{
	bool any = x->any_always;

	memcpy(may, x->always, x->words * sizeof(*may));
	if (!x->entries)
		return any;
	buf_eat(scratch, scratch->len);
	if (!scene_said(s, x->sources, scratch)) {
		memset(may, 0xff, x->words * sizeof(*may));	/* too much to tell: all may */
		return true;
	}
	return index_scan(x, buf_bytes(scratch), may) || any;
}
