/* How often TLS handshakes failed: by host, side and reason, in all and of late. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/map.h"
#include "tally.h"

enum {
	SLOT_SECONDS = 10,
	SLOTS = TLS_WINDOW_SECONDS / SLOT_SECONDS,
	MICROS = 1000000,
	HOST_KEPT = sizeof(((struct tls_count *)0)->host) - 1,
};

/* A ring of slots; `at` is the number of the newest since the epoch. */
struct window {
	uint64_t at;
	uint16_t slot[SLOTS];
};

struct cell {
	uint64_t total, sure, last;
	flow_id flow;
	struct window window;
};

struct host {
	struct host *newer, *older;
	uint64_t total;
	struct cell *cell[2][TLS_REASON_COUNT];	/* NULL: none */
	char name[];
};

struct tally {
	struct map *hosts;
	struct host *newest, *oldest;
	struct tls_sums sums;
	struct window window;
};

static void
window_add(struct window *w, uint64_t when)
{
	uint64_t at = when / MICROS / SLOT_SECONDS;

	if (at + SLOTS <= w->at)
		return;		/* of a clock that went back, or out of turn */
	if (at > w->at + SLOTS)
		memset(w->slot, 0, sizeof(w->slot));
	else
		for (uint64_t i = w->at + 1; i <= at; i++)
			w->slot[i % SLOTS] = 0;
	w->at = at > w->at ? at : w->at;
	if (w->slot[at % SLOTS] < UINT16_MAX)
		w->slot[at % SLOTS]++;
}

static uint32_t
window_sum(const struct window *w, uint64_t now)
{
	uint64_t end = now / MICROS / SLOT_SECONDS;
	uint32_t sum = 0;

	for (uint64_t i = 0; i < SLOTS; i++)
		if (w->at >= i && w->at - i + SLOTS > end)
			sum += w->slot[(w->at - i) % SLOTS];
	return sum;
}

struct tally *
tally_new(void)
{
	struct tally *t = xalloc(sizeof(*t));

	t->hosts = map_new();
	return t;
}

static void
host_unlink(struct tally *t, struct host *h)
{
	*(h->newer ? &h->newer->older : &t->newest) = h->older;
	*(h->older ? &h->older->newer : &t->oldest) = h->newer;
}

static void
host_first(struct tally *t, struct host *h)
{
	h->newer = NULL;
	h->older = t->newest;
	*(t->newest ? &t->newest->newer : &t->oldest) = h;
	t->newest = h;
}

static void
host_forget(struct tally *t, struct host *h)
{
	host_unlink(t, h);
	map_take(t->hosts, bytes_of(h->name));
	for (size_t i = 0; i < 2 * TLS_REASON_COUNT; i++)
		free(h->cell[i / TLS_REASON_COUNT][i % TLS_REASON_COUNT]);
	free(h);
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	while (t->oldest)
		host_forget(t, t->oldest);
	map_free(t->hosts, NULL);
	free(t);
}

/* Put first. */
static struct host *
host_of(struct tally *t, struct bytes name)
{
	struct host *h;

	if (name.len > HOST_KEPT)
		name.len = HOST_KEPT;
	name.len = name.len ? strnlen((const char *)name.at, name.len) : 0;
	h = map_find(t->hosts, name);
	if (h) {
		host_unlink(t, h);
	} else {
		if (map_count(t->hosts) >= TLS_COUNT_HOSTS_MAX)
			host_forget(t, t->oldest);
		h = xalloc(sizeof(*h) + name.len + 1);
		if (name.len)
			memcpy(h->name, name.at, name.len);
		map_put(t->hosts, name, h);
	}
	host_first(t, h);
	return h;
}

struct tallied
tally_add(struct tally *t, const struct note *n, struct bytes host)
{
	struct bytes sni = step_find(n->step, "sni");
	enum side side = bytes_are(step_find(n->step, "peer"), "upstream") ? SERVER : CLIENT;
	enum tls_reason reason = tls_reason_of(step_find(n->step, "tls_failure_reason"));
	struct host *h = host_of(t, sni.len ? sni : host);
	struct cell *c = h->cell[side][reason];

	if (!c)
		c = h->cell[side][reason] = xalloc(sizeof(*c));
	c->total++;
	c->sure += bytes_are(step_find(n->step, "source_confidence"), "authoritative");
	c->last = n->when;
	c->flow = n->flow;
	window_add(&c->window, n->when);
	window_add(&t->window, n->when);
	return (struct tallied){ ++h->total, ++t->sums.side[side], ++t->sums.reason[reason], ++t->sums.total };
}

static void
cell_show(const struct host *h, enum side side, enum tls_reason reason, uint64_t now, struct tls_count *out)
{
	const struct cell *c = h->cell[side][reason];

	*out = (struct tls_count){ .side = side, .reason = reason, .total = c->total, .sure = c->sure,
		.recent = window_sum(&c->window, now), .last = c->last, .flow = c->flow };
	snprintf(out->host, sizeof(out->host), "%s", h->name);
}

size_t
tally_counts(const struct tally *t, uint64_t now, struct tls_count *out, size_t room)
{
	size_t n = 0;

	for (const struct host *h = t->newest; h; h = h->older)
		for (unsigned i = 0; i < 2 * TLS_REASON_COUNT; i++) {
			unsigned side = i / TLS_REASON_COUNT, reason = i % TLS_REASON_COUNT;

			if (!h->cell[side][reason])
				continue;
			if (n < room)
				cell_show(h, (enum side)side, (enum tls_reason)reason, now, &out[n]);
			n++;
		}
	return n;
}

struct tls_sums
tally_sums(const struct tally *t, uint64_t now)
{
	struct tls_sums sums = t->sums;

	sums.recent = window_sum(&t->window, now);
	sums.hosts = map_count(t->hosts);
	return sums;
}
