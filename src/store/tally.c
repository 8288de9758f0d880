/* How many TLS handshakes failed: of each host, with each side, for each reason. */
#include <stdlib.h>
#include <string.h>

#include "soth/map.h"
#include "soth/tlsreason.h"
#include "rolling.h"
#include "tally.h"

enum { HOST_KEPT = 255 };

struct host {
	struct host *newer, *older;
	uint64_t count;
	struct rolling recent;
	size_t len;
	uint8_t name[];
};

struct tally {
	struct map *hosts;
	struct host *newest, *oldest;
	uint64_t side[2], reason[TLS_REASON_COUNT], all;
	struct rolling side_recent[2], reason_recent[TLS_REASON_COUNT];
};

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
	map_take(t->hosts, (struct bytes){ h->name, h->len });
	free(h);
}

void
tally_free(struct tally *t)
{
	while (t->oldest)
		host_forget(t, t->oldest);
	map_free(t->hosts, NULL);
	free(t);
}

static struct host *
host_new(struct tally *t, struct bytes name)
{
	struct host *h = xalloc(sizeof(*h) + name.len);

	if (map_count(t->hosts) >= TALLY_HOSTS_MAX)
		host_forget(t, t->oldest);
	h->len = name.len;
	if (name.len)
		memcpy(h->name, name.at, name.len);
	map_put(t->hosts, name, h);
	return h;
}

/* Put first. */
static struct host *
host_of(struct tally *t, struct bytes name)
{
	struct host *h;

	if (name.len > HOST_KEPT)
		name.len = HOST_KEPT;
	h = map_find(t->hosts, name);
	if (h)
		host_unlink(t, h);
	else
		h = host_new(t, name);
	host_first(t, h);
	return h;
}

static uint32_t
one_more(struct rolling *r, uint64_t when)
{
	rolling_add(r, when);
	return rolling_count(r, when);
}

struct tallied
tally_add(struct tally *t, const struct step *failed, struct bytes host, uint64_t when)
{
	struct bytes sni = step_find(failed, "sni");
	enum side side = bytes_are(step_find(failed, "peer"), "upstream") ? SERVER : CLIENT;
	enum tls_reason reason = tls_reason_of(step_find(failed, "tls_failure_reason"));
	struct host *h = host_of(t, sni.len ? sni : host);

	return (struct tallied){ ++h->count, ++t->side[side], ++t->reason[reason], ++t->all, one_more(&h->recent, when),
		one_more(&t->side_recent[side], when), one_more(&t->reason_recent[reason], when) };
}
