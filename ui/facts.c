/* What rows of the list ask for beyond themselves: asked once, read on another thread, kept. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "sight.h"
#include "soth/map.h"
#include "soth/study.h"

enum { KEPT = 6000, WANTS = 512, AGAIN_US = 1000000, NOTES_MAX = 100000 };

struct known {
	uint32_t notes;		/* of the flow, when it was asked for */
	uint64_t when;		/* likewise */
	bool asked, read, last;	/* it waits to be read; it was once; it will not change */
	char text[FACT_TEXT];
};

struct want { flow_id flow; uint32_t notes; struct fact fact; };
struct told { struct want want; bool last; char text[FACT_TEXT]; };

struct facts {
	struct store *store;
	int wake;
	struct map *known;	/* by flow and fact */
	struct study *study;	/* NULL: nothing was ever asked for */
	uint64_t now, left;	/* microseconds that this drawing still waits */
	struct fact operation;
	pthread_mutex_t lock;	/* of what follows */
	struct want want[WANTS];	/* a ring, from `oldest` on; the newest is read first */
	size_t oldest, wants;
	struct told told[WANTS];
	size_t tolds;
	/* The reader's: the flow that it read last, as many ask for several things of one. */
	struct flow flow;
};

static struct bytes
fact_key(flow_id flow, const struct fact *fact, char room[FACT_NAME_MAX + 64])
{
	int n = snprintf(room, FACT_NAME_MAX + 64, "%llu %p %s", (unsigned long long)flow, (const void *)fact->kind, fact->name);

	return (struct bytes){ (uint8_t *)room, (size_t)n };
}

struct facts *
facts_new(struct store *s, int wake)
{
	struct facts *f = xalloc(sizeof(*f));
	struct fault why;

	f->store = s;
	f->wake = wake;
	f->known = map_new();
	(void)!fact_parse("operation:", &f->operation, &why);
	pthread_mutex_init(&f->lock, NULL);
	return f;
}

void
facts_free(struct facts *f)
{
	study_stop(f->study);
	flow_release(&f->flow);
	map_free(f->known, free);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static struct known *
facts_find(struct facts *f, const struct want *w)
{
	char room[FACT_NAME_MAX + 64];

	return map_find(f->known, fact_key(w->flow, &w->fact, room));
}

/* What was read since. The lock is held. */
static void
facts_take(struct facts *f)
{
	for (size_t i = 0; i < f->tolds; i++) {
		const struct told *t = &f->told[i];
		struct known *k = facts_find(f, &t->want);

		if (!k)
			continue;
		k->asked = false;
		k->read = true;
		k->last = t->last;
		k->notes = t->want.notes;
		memcpy(k->text, t->text, sizeof(k->text));
	}
	f->tolds = 0;
}

void
facts_begin(struct facts *f, uint64_t now, unsigned patience)
{
	bool more;

	f->now = now;
	f->left = (uint64_t)patience * 1000 / 8;
	pthread_mutex_lock(&f->lock);
	facts_take(f);
	more = f->wants;
	pthread_mutex_unlock(&f->lock);
	if (more)
		study_poke(f->study);
}

/* The reader's: of the newest that is wanted. */
static bool
facts_next(struct facts *f, struct want *w)
{
	bool any;

	pthread_mutex_lock(&f->lock);
	any = f->wants && f->tolds < WANTS;
	if (any)
		*w = f->want[(f->oldest + --f->wants) % WANTS];
	pthread_mutex_unlock(&f->lock);
	return any;
}

static bool
facts_flow(struct facts *f, const struct want *w)
{
	struct fault why;

	if (f->flow.id == w->flow && f->flow.notes == w->notes)
		return true;
	flow_release(&f->flow);
	f->flow = (struct flow){ 0 };
	return store_flow(f->store, w->flow, &f->flow, &why);
}

static bool
facts_read(void *facts)
{
	struct facts *f = facts;
	struct told t = { .last = true };

	if (!facts_next(f, &t.want))
		return false;
	if (t.want.notes > NOTES_MAX) {
		snprintf(t.text, sizeof(t.text), "%s", FACT_LARGE);
	} else {
		t.last = facts_flow(f, &t.want) && (fact_read(&t.want.fact, f->store, &f->flow, t.text) || f->flow.ended);
		t.want.notes = (uint32_t)f->flow.notes;	/* others may not be in the file yet */
	}
	pthread_mutex_lock(&f->lock);
	if (f->tolds < WANTS)
		f->told[f->tolds++] = t;
	pthread_mutex_unlock(&f->lock);
	return true;
}

/* The oldest gives way: it is not in sight any more. The lock is held. */
static void
facts_drop(struct facts *f)
{
	struct known *k = facts_find(f, &f->want[f->oldest]);

	if (k)
		k->asked = false;
	f->oldest = (f->oldest + 1) % WANTS;
	f->wants--;
}

static void
facts_ask(struct facts *f, const struct fact *fact, const struct row *r, struct known *k)
{
	k->asked = true;
	k->notes = r->notes;
	k->when = f->now;
	pthread_mutex_lock(&f->lock);
	facts_take(f);
	if (f->wants == WANTS)
		facts_drop(f);
	f->want[(f->oldest + f->wants++) % WANTS] = (struct want){ r->id, r->notes, *fact };
	pthread_mutex_unlock(&f->lock);
	if (f->study)
		study_poke(f->study);
	else
		f->study = study_start(facts_read, f, f->wake);
}

/* What takes no time is there in the same drawing. */
static void
facts_wait(struct facts *f)
{
	uint64_t before = sight_clock(), took;

	if (f->left < 1000)
		return;
	(void)study_wait(f->study, (unsigned)(f->left / 1000));
	took = sight_clock() - before;
	f->left -= took < f->left ? took : f->left;
	pthread_mutex_lock(&f->lock);
	facts_take(f);
	pthread_mutex_unlock(&f->lock);
}

static struct known *
facts_known(struct facts *f, const struct fact *fact, flow_id flow)
{
	char room[FACT_NAME_MAX + 64];
	struct bytes key = fact_key(flow, fact, room);
	struct known *k = map_find(f->known, key);

	if (k)
		return k;
	if (map_count(f->known) >= KEPT) {	/* those in sight are read again */
		map_free(f->known, free);
		f->known = map_new();
	}
	k = xalloc(sizeof(*k));
	(void)map_put(f->known, key, k);
	return k;
}

const char *
facts_of(struct facts *f, const struct fact *fact, const struct row *r)
{
	struct known *k;

	if (!fact_likely(fact, r))
		return "";
	k = facts_known(f, fact, r->id);
	if (!k->asked && !k->last && (!k->read || (k->notes != r->notes && f->now - k->when >= AGAIN_US)))
		facts_ask(f, fact, r, k);
	if (k->asked && !k->read)
		facts_wait(f);
	return k->read ? k->text : "…";
}

const char *
facts_operation(struct facts *f, const struct row *r)
{
	const char *text = facts_of(f, &f->operation, r);

	return strcmp(text, "…") ? text : "";
}
