/* The lines of handshakes, in the order that the TLS view has them. */
#include <stdlib.h>
#include <string.h>

#include "casebook.h"
#include "desk.h"

enum { CASEBOOK_MS = 250, SECOND_US = 1000000, SCRIPT_PATIENCE = 1000 };	/* a script wants what there is at once */

struct casebook {
	struct desk *desk;
	struct handshakes *line;	/* HANDSHAKES_MAX of them */
	const char **why;		/* of each; NULL: it was not asked for */
	size_t count;
	uint64_t told, version;		/* the store's, and ours */
	uint64_t made, now;
	bool alone;
};

struct casebook *
casebook_new(struct desk *d)
{
	struct casebook *c = xalloc(sizeof(*c));

	c->desk = d;
	c->line = xgrow(NULL, HANDSHAKES_MAX, sizeof(*c->line));
	c->why = xgrow(NULL, HANDSHAKES_MAX, sizeof(*c->why));
	c->told = UINT64_MAX;
	return c;
}

void
casebook_free(struct casebook *c)
{
	if (!c)
		return;
	free(c->line);
	free(c->why);
	free(c);
}

/* 0: it fails; 1: it did, and then went well; 2: it never did. */
static unsigned
line_class(const struct handshakes *h)
{
	return !h->failures ? 2 : h->since ? 1 : 0;
}

static int
line_order(const void *a, const void *b)
{
	const struct handshakes *x = a, *y = b;
	unsigned p = line_class(x), q = line_class(y);
	int names;

	if (p != q)
		return p < q ? -1 : 1;
	if (p < 2 && x->last_failed != y->last_failed)
		return x->last_failed > y->last_failed ? -1 : 1;
	names = strcmp(x->host, y->host);
	if (!names)
		names = strcmp(x->process, y->process);
	if (!names)
		names = (int)x->port - (int)y->port;
	return names ? names : (int)x->side - (int)y->side;
}

/* What happened within the last minutes changes by itself. */
static bool
casebook_stale(const struct casebook *c, uint64_t version)
{
	uint64_t since = c->desk->now - c->made;

	if (c->told == UINT64_MAX || (version != c->told && c->desk->patience > SCRIPT_PATIENCE))
		return true;
	return version != c->told ? since > CASEBOOK_MS * 1000ull : store_writes(c->desk->store) && since > 5ull * SECOND_US;
}

bool
casebook_refresh(struct casebook *c)
{
	struct store *s = c->desk->store;
	uint64_t version = store_handshakes_version(s);

	if (!casebook_stale(c, version))
		return false;
	c->told = version;
	c->made = c->desk->now;
	c->now = store_writes(s) ? c->desk->now : store_heard(s);
	c->count = store_handshakes(s, c->now, c->line, HANDSHAKES_MAX);
	qsort(c->line, c->count, sizeof(*c->line), line_order);
	memset(c->why, 0, HANDSHAKES_MAX * sizeof(*c->why));
	c->version++;
	return true;
}

uint64_t casebook_version(const struct casebook *c) { return c->version; }
uint64_t casebook_now(const struct casebook *c) { return c->now; }
bool casebook_alone(const struct casebook *c) { return c->alone; }
void casebook_set_alone(struct casebook *c, bool alone) { c->alone = alone; }
size_t casebook_lines(const struct casebook *c) { return c->count; }
const struct handshakes *casebook_line(const struct casebook *c, size_t i) { return &c->line[i]; }

size_t
casebook_find(const struct casebook *c, uint32_t number)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->line[i].number == number)
			return i;
	return SIZE_MAX;
}

void
casebook_story(const struct casebook *c, size_t i, struct story *out)
{
	story_of(c->line, c->count, i, c->now, out);
}

const char *
casebook_why(struct casebook *c, size_t i)
{
	struct explanation e[EXPLANATIONS_MAX];
	struct story s;

	if (c->why[i])
		return c->why[i];
	casebook_story(c, i, &s);
	c->why[i] = explain(&s, e) ? e[0].name : "";
	return c->why[i];
}
