/*
 * Between which addresses a flow's packets go. An end that has a name alone
 * gets an address out of those for tests, which the name itself chooses:
 * 198.18.0.0/15 (RFC 2544), or 2001:db8::/32 (RFC 3849) where the other end is
 * of IPv6.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "pcapng_inside.h"

enum {
	NAME_MAX_HERE = 255, SLOTS = 1 << 17, PROBES = 512,
	FIRST_PORT = 32768, PORTS = 32768, HTTP_PORT = 80,
	TOLD_V4 = 1, TOLD_V6 = 2,
};

/* Those of 198.18.0.0/15, by what they are in it. */
struct pcapng_names {
	struct { char *name; uint8_t told; } slot[SLOTS];
};

/* An end, as texts have it: "[::1]:443". */
struct place {
	char host[NAME_MAX_HERE + 1];
	uint16_t port;
};

struct pcapng_names *
pcapng_names_new(void)
{
	return xalloc(sizeof(struct pcapng_names));
}

void
pcapng_names_free(struct pcapng_names *n)
{
	for (size_t i = 0; n && i < SLOTS; i++)
		free(n->slot[i].name);
	free(n);
}

/* A name for the file: what no name is made of becomes '?'. */
static void
place_host(struct place *p, struct bytes host, const char *none)
{
	size_t n = host.len < NAME_MAX_HERE ? host.len : NAME_MAX_HERE;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = host.at[i];

		p->host[i] = (char)(c > ' ' && c < 0x7f ? (c >= 'A' && c <= 'Z' ? c | 0x20 : c) : '?');
	}
	p->host[n] = 0;
	if (!n)
		strcpy(p->host, none);
}

static uint16_t
port_read(struct bytes digits)
{
	unsigned n = 0;

	for (; digits.len && *digits.at >= '0' && *digits.at <= '9' && n <= UINT16_MAX; digits = bytes_from(digits, 1))
		n = n * 10 + *digits.at - '0';
	return n <= UINT16_MAX ? (uint16_t)n : 0;
}

static struct place
place_read(struct bytes text, const char *none)
{
	const uint8_t *colon = text.len ? memrchr(text.at, ':', text.len) : NULL, *zone;
	struct bytes host = { text.at, colon ? (size_t)(colon - text.at) : text.len };
	struct place p = { "", colon ? port_read(bytes_from(text, host.len + 1)) : 0 };

	if (host.len > 1 && *host.at == '[' && host.at[host.len - 1] == ']')
		host = (struct bytes){ host.at + 1, host.len - 2 };
	zone = host.len ? memchr(host.at, '%', host.len) : NULL;
	if (zone)
		host.len = (size_t)(zone - host.at);
	place_host(&p, host, none);
	return p;
}

static bool
is_v4(const uint8_t ip[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	return !memcmp(ip, mapped, sizeof(mapped));
}

/* False: it is a name. */
static bool
place_ip(const struct place *p, uint8_t ip[16])
{
	memset(ip, 0, 16);
	ip[10] = ip[11] = 0xff;
	return inet_pton(AF_INET, p->host, ip + 12) == 1 || inet_pton(AF_INET6, p->host, ip) == 1;
}

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t
hash(const char *s)
{
	uint32_t n = 2166136261u;

	while (*s)
		n = (n ^ (uint8_t)*s++) * 16777619u;
	return n ^ n >> 17;
}

/* The slot of a name: its own, or when that is another's the next free one.
 * When too many are taken they share one; false: it has another name. */
static bool
names_slot(struct pcapng_names *names, const char *name, uint32_t *slot)
{
	const uint32_t first = hash(name);

	for (uint32_t i = 0; i < PROBES; i++) {
		*slot = 1 + (first + i) % (SLOTS - 2);	/* neither the first nor the last address */
		if (!names->slot[*slot].name)
			names->slot[*slot].name = xstrdup(name);
		if (!strcmp(names->slot[*slot].name, name))
			return true;
	}
	return false;
}

static void
place_named(struct pcapng *p, const struct place *place, bool v6, uint8_t ip[16])
{
	const uint8_t family = v6 ? TOLD_V6 : TOLD_V4;
	uint32_t slot;
	bool ours = names_slot(p->names, place->host, &slot);

	memset(ip, 0, 16);
	if (v6)
		put32(ip, 0x20010db8);
	else
		ip[10] = ip[11] = 0xff;
	put32(ip + 12, v6 ? slot : 0xc6120000 + slot);
	if (!ours || p->names->slot[slot].told & family)
		return;
	p->names->slot[slot].told |= family;
	pcapng_name(p, ip, bytes_of(place->host));
}

static bool
port_free(const struct pcapng *p, unsigned port)
{
	return !(p->port[port / 8] & 1 << port % 8);
}

/* Each flow is a connection of its own here, with a port of its own: the
 * client's where no flow before had it, else the next that is free of those
 * that nothing is known to listen on. When all are taken, they are taken again. */
static uint16_t
port_take(struct pcapng *p, uint16_t want)
{
	unsigned port = want;

	if (!want || !port_free(p, want)) {
		while (p->next_port < PORTS && !port_free(p, FIRST_PORT + p->next_port))
			p->next_port++;
		if (p->next_port == PORTS) {
			memset(p->port, 0, sizeof(p->port));
			p->next_port = 0;
		}
		port = FIRST_PORT + p->next_port++;
	}
	p->port[port / 8] |= (uint8_t)(1 << port % 8);
	return (uint16_t)port;
}

/* The last address that was connected to, if it is the server's and no proxy's. */
static struct bytes
connected(const struct flow *f)
{
	struct bytes found = { 0 };

	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (s && step_kind(s) == STEP_PARENT)
			return (struct bytes){ 0 };
		if (s && step_kind(s) == STEP_CONNECTED)
			found = step_find(s, "address");
	}
	return found;
}

static bool
same_server(const struct origin *a, const struct origin *b)
{
	return a && b && a->port == b->port && bytes_same(a->host, b->host);
}

/* Of the flow that opened the connection, where this one has no steps of its own. */
static struct bytes
server_of(struct store *s, const struct flow *f, struct pcapng_ends *ends)
{
	const struct origin *o = f->origin;
	struct bytes own = connected(f);
	struct fault why;

	if (own.len || !o || !o->opened_by || o->opened_by == f->id)
		return own;
	if (ends->first.id != o->opened_by) {
		flow_release(&ends->first);
		if (!store_flow(s, o->opened_by, &ends->first, &why))
			flow_release(&ends->first);
		ends->first.id = o->opened_by;
	}
	return same_server(o, ends->first.origin) ? connected(&ends->first) : own;
}

/* Bytes that are HTTP, where Wireshark looks for it. */
static uint16_t
port_of(const struct flow *f, uint16_t port)
{
	return f->half[CLIENT].head ? HTTP_PORT : port;
}

void
pcapng_ends(struct pcapng *p, struct store *s, const struct flow *f, struct pcapng_ends *ends)
{
	const struct origin none = { 0 }, *o = f->origin ? f->origin : &none;
	struct place place[2] = { place_read(o->client, "client"), { "", o->port } };
	bool real[2];

	ends->server = server_of(s, f, ends);
	if (ends->server.len)
		place[SERVER] = place_read(ends->server, "server");
	else
		place_host(&place[SERVER], o->host, "server");
	for (int side = CLIENT; side <= SERVER; side++)
		real[side] = place_ip(&place[side], ends->at[side].ip);
	ends->v6 = (real[CLIENT] && !is_v4(ends->at[CLIENT].ip)) || (real[SERVER] && !is_v4(ends->at[SERVER].ip));
	for (int side = CLIENT; side <= SERVER; side++)
		if (!real[side])
			place_named(p, &place[side], ends->v6, ends->at[side].ip);
	ends->port = place[SERVER].port;
	ends->at[CLIENT].port = port_take(p, place[CLIENT].port);
	ends->at[SERVER].port = port_of(f, place[SERVER].port);
}
