/* Which rules of a stage may apply: those whose literals are said, found by one pass over what is said. */
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

enum { GRAM = 3, STRIDE_MOST = 8, BITS_LEAST = 8, BITS_MOST = 17 };

struct needle { struct literal literal; uint16_t rule; uint8_t from; };	/* from: its first gram that is looked for */

/* Three bytes of a needle. */
struct entry {
	uint32_t gram;
	uint32_t next;			/* of the same bucket, counted from 1; 0: none */
	uint32_t needle;
	uint32_t at;			/* of the gram in it */
};

/*
 * Each `stride`-th place of what is said has a bucket by the three bytes there.
 * Of each needle as many grams, one beside the other, are in the buckets: so
 * one of them is met wherever it stands. They are those that the fewest other
 * needles have. Rules of which nothing is known always may.
 */
struct index {
	struct needle *needle;
	size_t needles;
	struct entry *entry;
	size_t entries;
	uint32_t *bucket;		/* its first entry, counted from 1 */
	unsigned bits, sources;
	size_t stride;
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
	if (literals_least(&literals) - GRAM + 1 < x->stride)
		x->stride = literals_least(&literals) - GRAM + 1;
	for (size_t i = 0; i < literals.count; i++) {
		x->needle = xgrow(x->needle, x->needles + 1, sizeof(*x->needle));
		x->needle[x->needles++] = (struct needle){ .literal = literals.text[i], .rule = (uint16_t)at };
	}
}

/* As many grams as the stride, which together are as rare as can be. */
static void
needle_choose(struct needle *n, const uint32_t *count, const struct index *x)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i + GRAM + x->stride - 1 <= n->literal.len; i++) {
		uint64_t sum = 0;

		for (size_t k = i; k < i + x->stride; k++)
			sum += count[bucket_of(gram_at(n->literal.at + k), x->bits)];
		if (sum < least) {
			least = sum;
			n->from = (uint8_t)i;
		}
	}
}

static void
index_enter(struct index *x, size_t needle)
{
	const struct needle *n = &x->needle[needle];

	for (size_t k = n->from; k < n->from + x->stride; k++) {
		uint32_t gram = gram_at(n->literal.at + k), *first = &x->bucket[bucket_of(gram, x->bits)];

		x->entry[x->entries++] = (struct entry){ gram, *first, (uint32_t)needle, (uint32_t)k };
		*first = (uint32_t)x->entries;
	}
}

static void
index_buckets(struct index *x)
{
	uint32_t *count;

	while (x->bits < BITS_MOST && (size_t)1 << x->bits < x->needles * x->stride * 8)
		x->bits++;
	count = xalloc(sizeof(*count) << x->bits);
	for (size_t i = 0; i < x->needles; i++)
		for (size_t k = 0; k + GRAM <= x->needle[i].literal.len; k++)
			count[bucket_of(gram_at(x->needle[i].literal.at + k), x->bits)]++;
	x->bucket = xalloc(sizeof(*x->bucket) << x->bits);
	x->entry = xgrow(NULL, x->needles * x->stride + 1, sizeof(*x->entry));
	for (size_t i = 0; i < x->needles; i++) {
		needle_choose(&x->needle[i], count, x);
		index_enter(x, i);
	}
	free(count);
}

struct index *
index_new(struct rule *const *rule, size_t count)
{
	struct index *x = xalloc(sizeof(*x));

	x->bits = BITS_LEAST;
	x->stride = STRIDE_MOST;
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
	free(x->needle);
	free(x->entry);
	free(x->bucket);
	free(x->always);
	free(x);
}

static bool
needle_said(const struct needle *n, size_t gram, struct bytes said, size_t at)
{
	return at >= gram && at - gram + n->literal.len <= said.len && !memcmp(said.at + at - gram, n->literal.at, n->literal.len);
}

static bool
bucket_scan(const struct index *x, uint32_t next, uint32_t gram, struct bytes said, size_t at, uint64_t *may)
{
	bool any = false;

	for (const struct entry *e; next; next = e->next) {
		e = &x->entry[next - 1];
		if (e->gram == gram && needle_said(&x->needle[e->needle], e->at, said, at)) {
			unsigned rule = x->needle[e->needle].rule;

			may[rule / 64] |= UINT64_C(1) << (rule % 64);
			any = true;
		}
	}
	return any;
}

static bool
index_scan(const struct index *x, struct bytes said, uint64_t *may)
{
	bool any = false;

	for (size_t at = 0; at + GRAM <= said.len; at += x->stride) {
		uint32_t gram = gram_at(said.at + at), first = x->bucket[bucket_of(gram, x->bits)];

		if (first)
			any |= bucket_scan(x, first, gram, said, at, may);
	}
	return any;
}

bool
index_choose(const struct index *x, const struct scene *s, struct said *said, uint64_t *may)
{
	memcpy(may, x->always, x->words * sizeof(*may));
	if (!x->needles)
		return x->any_always;
	if (x->sources & ~said->sources) {
		said->sources |= x->sources;
		buf_eat(said->text, said->text->len);
		if (!scene_said(s, said->sources, said->text))
			said->sources = 0;
	}
	if (!said->sources) {
		memset(may, 0xff, x->words * sizeof(*may));	/* too much to tell: all may */
		return true;
	}
	return index_scan(x, buf_bytes(said->text), may) || x->any_always;
}
