/* The sockets under flows of datagrams. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "pktinfo.h"
#include "process.h"
#include "resolve.h"
#include "soth/datagram.h"
#include "udp.h"
#include "worker.h"

enum { READS = 64, DATAGRAM_MAX = 65536, HEAD_MAX = 300, MICROS = 1000000 };

struct udp_flow {
	struct udp *udp;
	struct address client;
	struct address server[UDP_ADDRESSES_MAX];	/* of the name, in turn, until one answers */
	size_t servers, at;
	bool answered;
	char host[256];		/* where the client sends to */
	uint16_t port;
	struct datagrams *datagrams;
	int fd;			/* towards the server; -1: not yet */
	struct watch *reads;
	struct question *question;
	struct whose *asking;
	struct slice waiting[UDP_WAITING_MAX];	/* sent to the next address too */
	size_t waits;
	struct udp_flow *next;
};

struct udp {
	struct worker *worker;
	const struct mode *mode;
	char listener[ADDRESS_TEXT];
	struct address bound;
	struct address client;	/* of an association: with its port 0 */
	bool association, held, elsewhere;	/* elsewhere: of a gate there, so datagrams say where they go */
	int fd;
	struct watch *reads;
	struct datagrams_world world;
	struct udp_flow *flows;	/* that which moved last comes first */
	size_t count;
};

static void
note_down(void *arg, struct note *n)
{
	struct udp *u = arg;

	tap_note(worker_tap(u->worker), n);
	(void)tap_flush(worker_tap(u->worker));
}

static flow_id
next_id(void *arg)
{
	struct udp *u = arg;
	const struct relay_world *world = worker_world(u->worker);

	return world->next_id(world->arg);
}

static uint64_t
now(void *arg)
{
	struct udp *u = arg;

	return worker_world(u->worker)->now(NULL);
}

static void
waiting_drop(struct udp_flow *f)
{
	while (f->waits)
		slice_drop(&f->waiting[--f->waits]);
}

static void
flow_hang_up(struct udp_flow *f)
{
	watch_free(f->reads);
	f->reads = NULL;
	if (f->fd >= 0)
		loop_close(worker_loop(f->udp->worker), f->fd);
	f->fd = -1;
}

static void
flow_free(struct udp_flow *f)
{
	struct udp_flow **at = &f->udp->flows;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	f->udp->count--;
	if (f->question)
		resolve_cancel(f->question);
	if (f->asking)
		whose_cancel(f->asking);
	datagrams_free(f->datagrams);
	flow_hang_up(f);
	waiting_drop(f);
	free(f);
}

static void
flow_fail(struct udp_flow *f, const char *words)
{
	datagrams_failed(f->datagrams, words);
	flow_free(f);
}

static void
send_client(struct udp_flow *f, struct bytes datagram)
{
	struct udp *u = f->udp;
	char text[ADDRESS_TEXT], host[ADDRESS_TEXT];
	struct buf b;
	int port;

	if (u->elsewhere) {
		pktinfo_send(u->fd, datagram, &f->client, &f->server[f->at]);
		return;
	}
	if (!u->association) {
		(void)!sendto(u->fd, datagram.at, datagram.len, MSG_NOSIGNAL, &f->client.any, f->client.len);
		return;
	}
	address_text(&f->server[f->at], text);
	buf_init(&b, DATAGRAM_MAX + HEAD_MAX);
	if (address_split(bytes_of(text), host, sizeof(host), &port) &&
			socks_datagram_head(host, (uint16_t)port, &b) && buf_add(&b, datagram))
		(void)!sendto(u->fd, b.at, b.len, MSG_NOSIGNAL, &f->client.any, f->client.len);
	buf_release(&b);
}

/* What ICMP said of an earlier datagram comes back from send() too, once; flow_readable() deals with that. */
static void
send_server(struct udp_flow *f, struct bytes datagram)
{
	if (send(f->fd, datagram.at, datagram.len, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
		(void)!send(f->fd, datagram.at, datagram.len, MSG_NOSIGNAL);
}

static bool flow_connect(struct udp_flow *f);

/* Nobody is there. Of several addresses ("localhost": ::1, then 127.0.0.1) another may be it. */
static void
flow_refused(struct udp_flow *f, const char *words)
{
	if (f->answered || f->at + 1 == f->servers) {
		flow_fail(f, words);
		return;
	}
	datagrams_refused(f->datagrams, words);
	flow_hang_up(f);
	f->at++;
	flow_connect(f);
}

static void
flow_readable(void *arg)
{
	struct udp_flow *f = arg;
	struct worker *w = f->udp->worker;
	uint8_t *to = worker_scratch(w);

	for (int i = 0; i < READS; i++) {
		ssize_t n = recv(f->fd, to, SCRATCH, 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n < 0) {
			flow_refused(f, strerror(errno));
			break;
		}
		f->answered = true;
		if (datagrams_pass(f->datagrams, SERVER, (struct bytes){ to, (size_t)n }))
			send_client(f, (struct bytes){ to, (size_t)n });
	}
	worker_check(w);
}

/* A listener of ours would send it back to us without end. */
static bool
leads_here(const struct udp *u, const struct address *a)
{
	struct address called = address_called(a);

	return worker_ours(u->worker, a, true) || (!u->elsewhere && address_port(a) == address_port(&u->bound) &&
		(address_any(&u->bound) ? address_local(&called) : address_same(&called, &u->bound)));
}

/* NULL: it stands. */
static const char *
flow_try(struct udp_flow *f)
{
	const struct address *to = &f->server[f->at];
	const char *words;

	if (leads_here(f->udp, to))
		return "that is soth itself";
	f->fd = socket(to->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd >= 0 && !connect(f->fd, &to->any, to->len))
		return NULL;
	words = strerror(errno);
	flow_hang_up(f);
	return words;
}

/* To the first address that can be had; false: there is none, and f is gone. */
static bool
flow_connect(struct udp_flow *f)
{
	char text[ADDRESS_TEXT];
	const char *words;

	while ((words = flow_try(f))) {
		if (f->at + 1 == f->servers) {
			flow_fail(f, words);
			return false;
		}
		datagrams_refused(f->datagrams, words);
		f->at++;
	}
	f->reads = watch_new(worker_loop(f->udp->worker), f->fd, WATCH_READS, flow_readable, f);
	if (!f->udp->held)
		watch_on(f->reads);
	address_text(&f->server[f->at], text);
	datagrams_connected(f->datagrams, bytes_of(text));
	for (size_t i = 0; i < f->waits; i++)
		send_server(f, f->waiting[i].bytes);
	if (f->at + 1 == f->servers)
		waiting_drop(f);
	return true;
}

static void
flow_resolved(void *arg, struct addrinfo *found, const char *why)
{
	struct udp_flow *f = arg;

	f->question = NULL;
	for (struct addrinfo *one = found; one && f->servers < UDP_ADDRESSES_MAX; one = one->ai_next)
		f->servers += address_take(&f->server[f->servers], one, f->port);
	if (found)
		freeaddrinfo(found);
	if (f->servers)
		flow_connect(f);
	else
		flow_fail(f, *why ? why : "no address");
}

static void
flow_known(void *arg, struct step *who)
{
	struct udp_flow *f = arg;

	f->asking = NULL;
	if (who)
		datagrams_client_is(f->datagrams, who);
}

/* Where it is of this machine; of an association the address is of the socket, whose peer is any. */
static void
flow_ask_whose(struct udp_flow *f)
{
	struct udp *u = f->udp;

	if (u->world.options->process_lookup && !u->elsewhere && address_near(&f->client))
		f->asking = whose_is(worker_asker(u->worker), &(struct whose_socket){ .protocol = IPPROTO_UDP,
			.client = &f->client, .server = &u->bound }, flow_known, f);
}

static struct udp_flow *
flow_new(struct udp *u, const struct address *client, const char *host, uint16_t port)
{
	struct udp_flow *f = xalloc(sizeof(*f));
	char text[ADDRESS_TEXT];

	address_text(client, text);
	f->udp = u;
	f->client = *client;
	f->port = port;
	f->fd = -1;
	snprintf(f->host, sizeof(f->host), "%s", host);
	f->datagrams = datagrams_new(&u->world, &(struct datagrams_from){ .mode = u->mode, .client = bytes_of(text),
		.listener = bytes_of(u->listener), .host = bytes_of(host), .port = port });
	flow_ask_whose(f);
	f->next = u->flows;
	u->flows = f;
	if (++u->count > UDP_FLOWS_MAX) {
		struct udp_flow *last = f;

		while (last->next)
			last = last->next;
		datagrams_end(last->datagrams, CLOSE_IDLE, "too many flows of datagrams: the one idle longest makes room");
		flow_free(last);
	}
	return f;
}

/* NULL: it came to nothing. */
static struct udp_flow *
flow_open(struct udp *u, const struct address *client, const char *host, uint16_t port)
{
	struct udp_flow *f = flow_new(u, client, host, port);

	if (datagrams_over(f->datagrams))	/* it is blocked */
		return f;
	if (!address_read(&f->server[0], host, port)) {
		f->question = resolve(worker_asker(u->worker), f->host, flow_resolved, f);
		return f;
	}
	f->servers = 1;
	return flow_connect(f) ? f : NULL;
}

static struct udp_flow *
flow_of(struct udp *u, const struct address *client, const char *host, uint16_t port)
{
	for (struct udp_flow **at = &u->flows, *f; (f = *at); at = &f->next) {
		if (f->port != port || !address_same(&f->client, client) || strcmp(f->host, host))
			continue;
		*at = f->next;
		f->next = u->flows;
		u->flows = f;
		return f;
	}
	return flow_open(u, client, host, port);
}

/* The address it was sent to, at the port that this socket has. */
static void
called_host(const struct udp *u, const struct address *called, char host[256], uint16_t *port)
{
	char text[ADDRESS_TEXT];
	int none;

	address_text(called, text);
	if (!address_split(bytes_of(text), host, 256, &none))
		*host = '\0';
	*port = address_port(&u->bound);
}

static void
client_said(struct udp *u, const struct address *client, const struct address *called, struct bytes datagram)
{
	struct address alone = *client;
	char host[256];
	uint16_t port = u->mode->port;
	struct udp_flow *f;

	address_set_port(&alone, 0);
	snprintf(host, sizeof(host), "%s", u->mode->host);
	if (u->elsewhere)
		called_host(u, called, host, &port);
	if (u->association && (!address_same(&alone, &u->client) || !socks_datagram(datagram, host, &port, &datagram)))
		return;
	f = flow_of(u, client, host, port);
	if (!f || !datagrams_pass(f->datagrams, CLIENT, datagram))
		return;
	if (f->fd >= 0)
		send_server(f, datagram);
	if (f->answered)
		waiting_drop(f);
	else if (f->at + 1 != f->servers && f->waits < UDP_WAITING_MAX && datagram.len)
		f->waiting[f->waits++] = slice_copy(datagram);
}

static void
udp_readable(void *arg)
{
	struct udp *u = arg;
	uint8_t *to = worker_scratch(u->worker);

	for (int i = 0; i < READS; i++) {
		struct address client = { .len = sizeof(client.v6) }, called;
		ssize_t n = u->elsewhere ? pktinfo_receive(u->fd, to, SCRATCH, &client, &called) :
			recvfrom(u->fd, to, SCRATCH, 0, &client.any, &client.len);

		if (n >= 0)
			client_said(u, &client, &called, (struct bytes){ to, (size_t)n });
		else if (errno == EAGAIN)
			break;		/* what else is wrong is about an answer of ours */
	}
	worker_check(u->worker);
}

static struct udp *
udp_make(struct worker *w, const struct mode *mode, int fd)
{
	struct udp *u = xalloc(sizeof(*u));

	u->worker = w;
	u->mode = mode;
	u->fd = fd;
	u->world = (struct datagrams_world){ .options = worker_world(w)->options, .policy = worker_world(w)->policy,
		.temporaries = worker_world(w)->temporaries, .next_id = next_id, .now = now, .note = note_down, .arg = u };
	u->reads = watch_new(worker_loop(w), fd, WATCH_READS, udp_readable, u);
	udp_hold(u, worker_held(w));
	return u;
}

struct udp *
udp_new(struct worker *w, const struct gate *gate, int fd)
{
	struct udp *u = udp_make(w, &gate->mode, fd);

	u->bound = gate->bound;
	u->elsewhere = gate->elsewhere;
	snprintf(u->listener, sizeof(u->listener), "%s", gate->address);
	return u;
}

struct udp *
udp_associate(struct worker *w, const struct relay_from *from, char bound[ADDRESS_TEXT], struct fault *why)
{
	char host[256];
	struct address at = { .len = 0 }, client = { .len = 0 };
	struct udp *u;
	int port, fd = -1;

	if (!address_split(from->listener, host, sizeof(host), &port) || !address_read(&at, host, 0) ||
			!address_split(from->client, host, sizeof(host), &port) || !address_read(&client, host, 0)) {
		fault(why, "no address for datagrams");
		return NULL;
	}
	fd = socket(at.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, &at.any, at.len)) {
		fault(why, "datagrams: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	u = udp_make(w, from->mode, fd);
	u->association = true;
	u->client = client;
	u->bound.len = sizeof(u->bound.v6);
	getsockname(fd, &u->bound.any, &u->bound.len);
	address_text(&u->bound, bound);
	snprintf(u->listener, sizeof(u->listener), "%s", bound);
	return u;
}

void
udp_hold(struct udp *u, bool held)
{
	u->held = held;
	(held ? watch_off : watch_on)(u->reads);
	for (struct udp_flow *f = u->flows; f; f = f->next)
		if (f->reads)
			(held ? watch_off : watch_on)(f->reads);
}

void
udp_sweep(struct udp *u, uint64_t at)
{
	unsigned seconds = u->world.options->idle_timeout;
	char words[80];

	if (!seconds || seconds > UDP_IDLE_SECONDS)
		seconds = UDP_IDLE_SECONDS;
	snprintf(words, sizeof(words), "no datagram for %u s", seconds);
	for (struct udp_flow *f = u->flows, *next; f; f = next) {
		next = f->next;
		datagrams_settle(f->datagrams);
		if (at < datagrams_moved(f->datagrams) + (uint64_t)seconds * MICROS)
			continue;
		datagrams_end(f->datagrams, CLOSE_RELAY_EOF, words);
		flow_free(f);
	}
}

/* What still comes for a flow that was broken off is dropped, until none comes any more. */
void
udp_order(struct udp *u, const struct order *o)
{
	if (o->kind != ORDER_KILL)
		return;
	for (struct udp_flow *f = u->flows; f; f = f->next)
		if (datagrams_flow(f->datagrams) == o->flow)
			datagrams_end(f->datagrams, CLOSE_BLOCKED, "broken off by hand");
}

uint64_t
udp_moved(const struct udp *u)
{
	return u->flows ? datagrams_moved(u->flows->datagrams) : 0;
}

void
udp_free(struct udp *u)
{
	while (u->flows)
		flow_free(u->flows);
	watch_free(u->reads);
	if (u->association)
		loop_close(worker_loop(u->worker), u->fd);
	free(u);
}
