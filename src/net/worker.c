/* A thread that carries traffic: its loop, its listener, its connections. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conn.h"
#include "gate.h"
#include "loop.h"
#include "process.h"
#include "resolve.h"
#include "soth/answers.h"
#include "soth/ca.h"
#include "soth/keyring.h"
#include "soth/log.h"
#include "soth/ring.h"
#include "soth/sending.h"
#include "udp.h"
#include "worker.h"

enum { NOTE_SLOTS = 1 << 14, ORDER_SLOTS = 256, ACCEPTS = 64, SWEEP_MS = 1000, BEHIND_MS = 2, BACKOFF_MS = 100, ORIGINAL_DST = 80 };

struct door {			/* a gate, as a worker has it */
	struct worker *worker;
	const struct gate *gate;
	int fd;
	struct watch *accepts;	/* NULL: it is for datagrams */
	struct udp *udp;
	struct door *next;
};

struct worker {
	struct worker_how how;
	struct options options;
	struct ca *ca;
	_Atomic(struct keyring *) keys;	/* to be used from now on; NULL: as before */
	_Atomic(struct ca *) authority;	/* likewise */
	struct answers *answers;
	struct policy *policy;
	struct relay_world world;
	struct loop *loop;
	struct asker *asker;
	struct tap tap;
	struct ring *orders;
	struct door *doors;
	struct watch *backoff, *sweep, *ordered, *behind, *stopped;
	int stop_fd;
	struct conn_list conns;
	struct effects effects;
	bool held;
	pthread_t thread;
	bool running;
	uint8_t scratch[SCRATCH];
};

struct loop *worker_loop(struct worker *w) { return w->loop; }
struct asker *worker_asker(struct worker *w) { return w->asker; }
struct tap *worker_tap(struct worker *w) { return &w->tap; }
uint8_t *worker_scratch(struct worker *w) { return w->scratch; }
struct effects *worker_effects(struct worker *w) { return &w->effects; }
const struct relay_world *worker_world(struct worker *w) { return &w->world; }
struct ring *worker_notes(struct worker *w) { return w->tap.ring; }
bool worker_held(const struct worker *w) { return w->held; }

static uint64_t
clock_now(void *arg)
{
	struct timespec t;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

bool
worker_ours(const struct worker *w, const struct address *a, bool datagrams)
{
	struct address called = address_called(a);

	for (const struct door *d = w->doors; d; d = d->next) {
		const struct address *l = &d->gate->bound;

		if (!d->gate->elsewhere && (d->udp != NULL) == datagrams && address_port(a) == address_port(l) &&
				(address_any(l) ? address_local(&called) : address_same(&called, l)))
			return true;
	}
	return false;
}

static void
doors_watch(struct worker *w, bool on)
{
	for (struct door *d = w->doors; d; d = d->next)
		if (d->accepts)
			(on ? watch_on : watch_off)(d->accepts);
}

static void
hold_all(struct worker *w, bool held)
{
	w->held = held;
	for (struct conn *c = w->conns.first; c; c = conn_next(c))
		conn_hold(c, held);
	for (struct door *d = w->doors; d; d = d->next)
		if (d->udp)
			udp_hold(d->udp, held);
}

void
worker_check(struct worker *w)
{
	if (w->held || !tap_behind(&w->tap))
		return;
	hold_all(w, true);
	watch_in(w->behind, BEHIND_MS);
}

static void
worker_behind(void *arg)
{
	struct worker *w = arg;

	if (tap_behind(&w->tap))
		watch_in(w->behind, BEHIND_MS);
	else
		hold_all(w, false);
}

/* Where the kernel turned a connection to us from: netfilter's REDIRECT and
 * DNAT, linux/netfilter_ipv4.h; by TPROXY it has that address itself. A socket for both families has IPv4's in IPv4. */
static struct address
original_of(int fd, const struct address *self, const struct gate *g, char text[ADDRESS_TEXT])
{
	const struct address *gate = &g->bound;
	struct address to = { .len = sizeof(to.v6) };
	bool v6 = address_called(self).any.sa_family == AF_INET6;	/* IPv4 may come to a socket of IPv6 */

	*text = 0;
	if (getsockopt(fd, v6 ? SOL_IPV6 : SOL_IP, ORIGINAL_DST, &to.any, &to.len))
		to = *self;
	to = address_called(&to);
	if (!g->elsewhere && address_port(&to) == address_port(gate) && (address_any(gate) ? address_local(&to) : address_same(&to, gate)))
		return to;
	address_text(&to, text);
	return to;
}

static bool
accept_one(struct door *d)
{
	struct worker *w = d->worker;
	struct address peer = { .len = sizeof(peer.v6) }, self = { .len = sizeof(self.v6) }, called;
	char client[ADDRESS_TEXT], listener[ADDRESS_TEXT], original[ADDRESS_TEXT] = "";
	int fd = accept4(d->fd, &peer.any, &peer.len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
		log_line("accept: too many open files; trying again");
		doors_watch(w, false);
		watch_in(w->backoff, BACKOFF_MS);
	}
	if (fd < 0)
		return false;
	getsockname(fd, &self.any, &self.len);
	address_text(&peer, client);
	address_text(&self, listener);
	called = self;
	if (d->gate->mode.kind == MODE_TRANSPARENT)
		called = original_of(fd, &self, d->gate, original);
	conn_new(w, &w->conns, fd, &(struct relay_from){ .mode = &d->gate->mode, .client = bytes_of(client),
		.listener = bytes_of(listener), .original = bytes_of(original) },
		&(struct whose_socket){ .protocol = IPPROTO_TCP, .elsewhere = d->gate->elsewhere, .client = &peer, .server = &called });
	return true;
}

static void
door_accepts(void *arg)
{
	for (int i = 0; i < ACCEPTS && accept_one(arg); i++)
		;
}

static void
worker_backoff(void *arg)
{
	doors_watch(arg, true);
}

/* Takes it out; its socket goes on. NULL: it was never opened here. */
static struct door *
door_move(struct worker *w, const struct gate *gate)
{
	struct door **at = &w->doors, *d;

	while (*at && (*at)->gate != gate)
		at = &(*at)->next;
	d = *at;
	if (!d)
		return NULL;
	*at = d->next;
	if (d->udp)
		udp_free(d->udp);
	watch_free(d->accepts);
	return d;
}

static void
door_close(struct worker *w, const struct gate *gate)
{
	struct door *d = door_move(w, gate);

	if (d)
		loop_close(w->loop, d->fd);
	free(d);
}

static void
door_open(struct worker *w, const struct gate *gate)
{
	struct door *d = xalloc(sizeof(*d));

	if (gate->from)
		free(door_move(w, gate->from));
	*d = (struct door){ .worker = w, .gate = gate, .fd = gate->fd[w->how.number], .next = w->doors };
	w->doors = d;
	if (gate->mode.datagrams) {
		d->udp = udp_new(w, gate, d->fd);
		return;
	}
	d->accepts = watch_new(w->loop, d->fd, WATCH_READS, door_accepts, d);
	watch_on(d->accepts);
}

static void
worker_sweep(void *arg)
{
	struct worker *w = arg;
	uint64_t now = clock_now(NULL), idle = (uint64_t)w->options.idle_timeout * 1000000;

	for (struct conn *c = w->conns.first, *next; c; c = next) {
		next = conn_next(c);
		conn_sweep(c, now, idle);
	}
	for (struct door *d = w->doors; d; d = d->next)
		if (d->udp)
			udp_sweep(d->udp, now);
	watch_in(w->sweep, SWEEP_MS);
}

static void
take_keys(struct worker *w)
{
	struct ca *ca = atomic_exchange(&w->authority, NULL);
	struct keyring *k = atomic_exchange(&w->keys, NULL);

	if (ca)
		ca_become(w->ca, ca);
	if (k)
		ca_use(w->ca, k);
	keyring_drop(k);
}

/* The lists of hosts, as they are now. */
static bool
worker_policy(struct worker *w, struct fault *why)
{
	struct policy *p = policy_new(&w->options, why);

	if (!p)
		return false;
	policy_free(w->policy);
	w->policy = p;
	return true;
}

static void
order_option(struct worker *w, const struct order *o)
{
	struct fault why;
	char text[4096];
	size_t len = o->text.bytes.len < sizeof(text) - 1 ? o->text.bytes.len : 0;

	for (size_t i = 0; i < len; i++)
		text[i] = (char)o->text.bytes.at[i];
	text[len] = 0;
	if (!option_assign(&w->options, text, &why) || !worker_policy(w, &why))
		log_line("%s", why.text);
	else if (w->world.decider)
		w->world.decider->hear(w->world.decider, &w->options);
}

/* They were taken with it, as with any order. */
static void
order_keys(struct worker *w, const struct order *o)
{
	(void)w;
	(void)o;
}

static void
order_listen(struct worker *w, const struct order *o)
{
	door_open(w, o->gate);
}

static void
order_unlisten(struct worker *w, const struct order *o)
{
	door_close(w, o->gate);
}

static void
order_send(struct worker *w, const struct order *o)
{
	conn_send(w, &w->conns, o->mode, o->flow, sending_copy(o->sending));
}

static void
order_recording(struct worker *w, const struct order *o)
{
	answers_drop(w->answers);
	w->answers = o->answers ? answers_ref(o->answers) : NULL;
}

static void
order_relays(struct worker *w, const struct order *o)
{
	for (struct conn *c = w->conns.first, *next; c; c = next) {
		next = conn_next(c);
		conn_order(c, o);
	}
	for (struct door *d = w->doors; d; d = d->next)
		if (d->udp)
			udp_order(d->udp, o);
}

static void
worker_ordered(void *arg)
{
	static void (*const obey[])(struct worker *w, const struct order *o) = {
		[ORDER_SET] = order_option, [ORDER_KILL] = order_relays, [ORDER_RESUME] = order_relays,
		[ORDER_EDIT] = order_relays, [ORDER_ANSWER] = order_relays, [ORDER_DROP] = order_relays,
		[ORDER_INJECT] = order_relays,
		[ORDER_LISTEN] = order_listen, [ORDER_UNLISTEN] = order_unlisten,
		[ORDER_KEYS] = order_keys, [ORDER_SEND] = order_send, [ORDER_RECORDING] = order_recording,
	};
	struct worker *w = arg;
	struct order o;

	do {
		while (ring_pop(w->orders, &o)) {
			take_keys(w);
			obey[o.kind](w, &o);
			order_drop(&o);
		}
	} while (!ring_park(w->orders));
}

static void
worker_stopped(void *arg)
{
	struct worker *w = arg;

	loop_end(w->loop);
}

/* Every flow gets its close, and every note its place in the ring. */
static void
worker_wind_up(struct worker *w)
{
	while (w->conns.first)
		conn_end(w->conns.first);
	while (w->doors)
		door_close(w, w->doors->gate);
	while (!tap_flush(&w->tap))
		usleep(BEHIND_MS * 1000);
}

static void *
worker_run(void *arg)
{
	struct worker *w = arg;

	watch_on(w->stopped);
	watch_on(w->ordered);
	watch_in(w->sweep, SWEEP_MS);
	worker_ordered(w);
	loop_run(w->loop);
	worker_wind_up(w);
	return NULL;
}

static void
drop_order(void *item)
{
	order_drop(item);
}

static bool
worker_start(struct worker *w, struct fault *why)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(&w->thread, NULL, worker_run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->running = !rc;
	return w->running || fault(why, "cannot start a thread");
}

struct worker *
worker_new(const struct worker_how *how, struct fault *why)
{
	struct worker *w = xalloc(sizeof(*w));

	w->how = *how;
	options_copy(&w->options, how->options);
	w->ca = ca_copy(how->ca);
	ca_use(w->ca, how->keys);
	w->world = (struct relay_world){ .options = &w->options, .ca = w->ca, .next_id = how->next_id, .now = clock_now, .arg = how->arg,
		.decider = how->decides ? how->decides(&w->options) : NULL, .hands = how->hands, .answers = &w->answers,
		.policy = &w->policy, .temporaries = how->temporaries, .learning = how->learning };
	tap_init(&w->tap, NOTE_SLOTS, how->bound);
	w->orders = ring_new(sizeof(struct order), ORDER_SLOTS);
	w->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	w->loop = worker_policy(w, why) ? loop_new(why) : NULL;
	if (!w->loop) {
		worker_free(w);
		return NULL;
	}
	w->asker = asker_new(w->loop);
	if (w->world.options->process_lookup)
		whose_prepare(w->asker);
	w->ordered = watch_new(w->loop, ring_fd(w->orders), WATCH_READS, worker_ordered, w);
	w->stopped = watch_new(w->loop, w->stop_fd, WATCH_READS, worker_stopped, w);
	w->backoff = watch_new(w->loop, -1, WATCH_TIME, worker_backoff, w);
	w->sweep = watch_new(w->loop, -1, WATCH_TIME, worker_sweep, w);
	w->behind = watch_new(w->loop, -1, WATCH_TIME, worker_behind, w);
	if (worker_start(w, why))
		return w;
	worker_free(w);
	return NULL;
}

bool
worker_order(struct worker *w, const struct order *o)
{
	return ring_push(w->orders, o, 0);
}

void
worker_keys(struct worker *w, struct keyring *k)
{
	keyring_drop(atomic_exchange(&w->keys, k));
}

void
worker_authority(struct worker *w, struct ca *ca)
{
	ca_close(atomic_exchange(&w->authority, ca));
}

void
worker_stop(struct worker *w)
{
	if (!w->running)
		return;
	(void)!write(w->stop_fd, &(uint64_t){ 1 }, 8);
	pthread_join(w->thread, NULL);
	w->running = false;
}

void
worker_free(struct worker *w)
{
	struct watch *watches[] = { w->ordered, w->stopped, w->backoff, w->sweep, w->behind };

	while (w->doors)	/* only where the thread never ran */
		door_close(w, w->doors->gate);
	for (size_t i = 0; i < ARRAY_LEN(watches); i++)
		watch_free(watches[i]);
	if (w->asker)
		asker_free(w->asker);
	if (w->loop)
		loop_free(w->loop);
	close(w->stop_fd);
	effects_release(&w->effects);
	tap_release(&w->tap);
	ring_free(w->orders, drop_order);
	ca_close(w->ca);
	ca_close(w->authority);
	keyring_drop(w->keys);
	if (w->world.decider)
		w->world.decider->free(w->world.decider);
	answers_drop(w->answers);
	policy_free(w->policy);
	options_release(&w->options);
	free(w);
}
