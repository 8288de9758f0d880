/* The proxy as all above sees it: workers behind one door. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gate.h"
#include "listener.h"
#include "locksmith.h"
#include "process.h"
#include "soth/answers.h"
#include "soth/backend.h"
#include "soth/keyring.h"
#include "soth/mode.h"
#include "soth/sending.h"
#include "soth/ring.h"
#include "ways.h"
#include "worker.h"

enum { REMARK_SLOTS = 1 << 12, WORKERS_USUAL = 4, BUSY_MICROS = 500 };

struct backend {
	char listen[300];	/* as -l says */
	struct locksmith locksmith;
	struct gate *gates;	/* all there ever were */
	struct gate *listening[GATES_MAX];	/* those that are open, as they were written */
	size_t listens;
	struct worker *worker[WORKERS_MAX];
	struct ring *ring[WORKERS_MAX + 1];	/* the workers', and that of remarks */
	size_t workers;
	struct ring *remarks;
	atomic_uint_fast64_t ids;
	decider_make *decides;
	struct hands hands;
	struct temporaries *temporaries;
	struct learning *learning;
	struct ways ways;
	pthread_mutex_t ordering;	/* rings take orders of one thread at a time */
};


static flow_id
next_id(void *arg)
{
	struct backend *b = arg;

	return atomic_fetch_add_explicit(&b->ids, 1, memory_order_relaxed) + 1;
}

static size_t
workers_wanted(const struct options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (o->workers)
		return o->workers < WORKERS_MAX ? o->workers : WORKERS_MAX;
	return cores < 1 ? 1 : cores > WORKERS_USUAL ? WORKERS_USUAL : (size_t)cores;
}

static bool
backend_workers(struct backend *b, const struct options *o, const struct ca *ca, size_t count, struct fault *why)
{
	if (!locksmith_init(&b->locksmith, o, ca, why))
		return false;
	for (size_t i = 0; i < count; i++) {
		b->worker[i] = worker_new(&(struct worker_how){ .options = o, .ca = ca, .keys = b->locksmith.keys, .decides = b->decides, .hands = &b->hands, .temporaries = b->temporaries, .learning = b->learning, .number = i,
			.bound = o->record_buffer / count, .next_id = next_id, .arg = b }, why);
		if (!b->worker[i])
			break;
		b->ring[i] = worker_notes(b->worker[i]);
		b->workers++;
	}
	return b->workers == count;
}

/* A proxy has two descriptors a client: the usual 1024 are soon gone. */
static void
raise_file_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur == files.rlim_max)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* What the mode says behind its @ goes before what -l says; where it says a
 * port alone, the host stays as -l has it. */
static bool
listen_where(const struct mode *m, const char *listen, char *out, size_t room, struct fault *why)
{
	char host[256], own[256];
	int port, old;

	snprintf(out, room, "%s", *m->listen ? m->listen : listen);
	if (!*m->listen)
		return true;
	if (!address_split(bytes_of(m->listen), own, sizeof(own), &port))
		return fault(why, "mode: %.80s: expected [HOST:]PORT behind the @", m->listen);
	if (*own || port < 0 || *m->listen == ':')
		return true;
	if (!address_split(bytes_of(listen), host, sizeof(host), &old))
		return fault(why, "listen: '%.80s': expected HOST:PORT", listen);
	if (*host || *listen == ':')
		snprintf(out, room, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
	return true;
}

static bool
is_among(const struct gate *g, struct gate *const *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (all[i] == g)
			return true;
	return false;
}

/* What is asked for: modes, and where each of them listens. */
struct wish {
	struct mode mode[GATES_MAX];
	char where[GATES_MAX][600];
	struct gate *gate[GATES_MAX];	/* those there are already, and new ones that are not open yet */
	size_t count;
};

static bool
wish_inherits(const struct wish *w, const struct gate *from)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->gate[i] && w->gate[i]->from == from)
			return true;
	return false;
}

/* The first gate that goes at the same place. With port 0 several have one place. */
static const struct gate *
wish_heir_of(const struct backend *b, const struct wish *w, size_t i)
{
	for (size_t l = 0; l < b->listens; l++) {
		const struct gate *g = b->listening[l];

		if (g->mode.datagrams == w->mode[i].datagrams && !strcmp(g->where, w->where[i]) &&
				!is_among(g, w->gate, w->count) && !wish_inherits(w, g))
			return g;
	}
	return NULL;
}

/* The sockets of one that goes serve another mode; or there are new ones. They
 * are not doubled: epoll would go on telling of those that were closed. */
static bool
gate_bind(struct gate *g, size_t workers, struct fault *why)
{
	if (!g->from)
		return g->mode.datagrams ? listener_open_udp(g->where, g->fd, workers, &g->bound, why) :
			listener_open(g->where, g->fd, workers, &g->bound, why);
	g->bound = g->from->bound;
	memcpy(g->fd, g->from->fd, sizeof(g->fd));
	return true;
}

static struct gate *
gate_new(const struct backend *b, const struct wish *w, size_t i, struct fault *why)
{
	struct gate *g = xalloc(sizeof(*g));

	g->mode = w->mode[i];
	memcpy(g->where, w->where[i], sizeof(g->where));
	g->from = wish_heir_of(b, w, i);
	if (!gate_bind(g, b->workers, why)) {
		free(g);
		return NULL;
	}
	address_text(&g->bound, g->address);
	return g;
}

static void
gate_undo(const struct backend *b, struct gate *g)
{
	for (size_t i = 0; !g->from && i < b->workers; i++)
		close(g->fd[i]);
	free(g);
}

static bool
port_is_picked(const char *where)
{
	const char *colon = strrchr(where, ':');

	return !strcmp(colon ? colon + 1 : where, "0");
}

static bool
wish_clashes(const struct wish *w, size_t i, struct fault *why)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(w->where[i], w->where[j]) && w->mode[i].datagrams == w->mode[j].datagrams &&
				!port_is_picked(w->where[i]))
			return !fault(why, "mode: %.60s and %.60s both want %.60s: give one an @[HOST:]PORT",
				w->mode[j].spec, w->mode[i].spec, w->where[i]);
	return false;
}

static bool
wish_read(struct wish *w, const struct backend *b, const char *list, struct fault *why)
{
	size_t count;

	if (!modes_parse(list, w->mode, GATES_MAX, &count, why))
		return false;
	for (; w->count < count; w->count++)
		if (!listen_where(&w->mode[w->count], b->listen, w->where[w->count], sizeof(w->where[0]), why) ||
				wish_clashes(w, w->count, why))
			return false;
	return true;
}

static struct gate *
wish_staying(const struct backend *b, const struct wish *w, size_t i)
{
	for (size_t l = 0; l < b->listens; l++) {
		struct gate *g = b->listening[l];

		if (!strcmp(g->mode.spec, w->mode[i].spec) && !strcmp(g->where, w->where[i]) && !is_among(g, w->gate, i))
			return g;
	}
	return NULL;
}

/* What stays is found first: what is new may have the sockets of the others. */
static bool
wish_open(struct wish *w, const struct backend *b, struct fault *why)
{
	for (size_t i = 0; i < w->count; i++)
		w->gate[i] = wish_staying(b, w, i);
	for (size_t i = 0; i < w->count; i++)
		if (!w->gate[i] && !(w->gate[i] = gate_new(b, w, i, why)))
			return false;
	return true;
}

static void
wish_drop(const struct wish *w, const struct backend *b)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->gate[i] && !w->gate[i]->open)
			gate_undo(b, w->gate[i]);
}

static bool
backend_tells(struct backend *b, size_t worker, const struct order *o)
{
	bool taken;

	pthread_mutex_lock(&b->ordering);
	taken = worker_order(b->worker[worker], o);
	pthread_mutex_unlock(&b->ordering);
	return taken;
}

/* Of these none may be lost: a worker that is busy takes it a little later. */
static void
gate_order(struct backend *b, enum order_kind kind, const struct gate *g, size_t workers)
{
	for (size_t i = 0; i < workers; i++)
		while (!backend_tells(b, i, &(struct order){ .kind = kind, .gate = g }))
			usleep(BUSY_MICROS);
}

static void
wish_grant(const struct wish *w, struct backend *b)
{
	for (struct gate *g = b->gates; g; g = g->next)
		if (g->open && !is_among(g, w->gate, w->count)) {
			g->open = false;
			if (!wish_inherits(w, g))
				gate_order(b, ORDER_UNLISTEN, g, b->workers);
		}
	for (size_t i = 0; i < w->count; i++) {
		if (w->gate[i]->open)
			continue;
		w->gate[i]->open = true;
		w->gate[i]->next = b->gates;
		b->gates = w->gate[i];
		gate_order(b, ORDER_LISTEN, w->gate[i], b->workers);
	}
	ways_set(&b->ways, w->mode, w->count);
	memcpy(b->listening, w->gate, sizeof(b->listening));
	b->listens = w->count;
}

static bool
backend_modes(struct backend *b, const char *list, struct fault *why)
{
	struct wish *w = xalloc(sizeof(*w));
	bool ok = wish_read(w, b, list, why) && wish_open(w, b, why);

	if (ok)
		wish_grant(w, b);
	else
		wish_drop(w, b);
	free(w);
	return ok;
}

/* Those of the options, of which none is opened. */
static bool
backend_only_way(struct backend *b, const char *list, struct fault *why)
{
	struct mode *modes = xgrow(NULL, GATES_MAX, sizeof(*modes));
	size_t count;
	bool ok = modes_parse(list, modes, GATES_MAX, &count, why);

	if (ok)
		ways_set(&b->ways, modes, count);
	free(modes);
	return ok;
}

static struct backend *
backend_new(const struct options *o, const struct ca *ca, decider_make *decides,
	bool (*ways)(struct backend *b, const char *list, struct fault *why), struct fault *why)
{
	struct backend *b = xalloc(sizeof(*b));

	b->decides = decides;
	b->temporaries = temporaries_new();
	b->learning = learning_new(b->temporaries);
	b->locksmith.worker = b->worker;
	b->locksmith.workers = &b->workers;
	raise_file_limit();
	pthread_mutex_init(&b->ordering, NULL);
	ways_init(&b->ways);
	snprintf(b->listen, sizeof(b->listen), "%s", o->listen);
	b->remarks = ring_new(sizeof(struct note), REMARK_SLOTS);
	if (backend_workers(b, o, ca, workers_wanted(o), why) && ways(b, o->mode, why)) {
		b->ring[b->workers] = b->remarks;
		return b;
	}
	backend_stop(b);
	backend_free(b);
	return NULL;
}

struct backend *
backend_start(const struct options *o, const struct ca *ca, decider_make *decides, struct fault *why)
{
	return backend_new(o, ca, decides, backend_modes, why);
}

struct backend *
backend_start_silent(const struct options *o, const struct ca *ca, decider_make *decides, struct fault *why)
{
	return backend_new(o, ca, decides, backend_only_way, why);
}

bool
backend_set(struct backend *b, const char *assignment, struct fault *why)
{
	size_t name = strcspn(assignment, "=");
	struct order o = { .kind = ORDER_SET };

	if (name == 4 && !strncmp(assignment, "mode", name))
		return backend_modes(b, assignment + name + (assignment[name] == '='), why);
	if (keyring_reads(assignment) && !locksmith_set(&b->locksmith, assignment, why))
		return false;
	o.text = slice_text(assignment);
	backend_order(b, &o);
	return true;
}

bool
backend_reread(struct backend *b, struct reread *out)
{
	if (!locksmith_look(&b->locksmith, out))
		return false;
	if (!out->failed)
		backend_order(b, &(struct order){ .kind = ORDER_KEYS });
	return true;
}

void
backend_tell_authority(struct backend *b, void (*changed)(void *arg, const struct ca *ca), void *arg)
{
	b->locksmith.changed = changed;
	b->locksmith.changed_arg = arg;
}

size_t
backend_listening(const struct backend *b, struct listening *out, size_t room)
{
	for (size_t i = 0; i < b->listens && i < room; i++)
		out[i] = (struct listening){ b->listening[i]->mode.spec, b->listening[i]->address };
	return b->listens;
}

struct ring **
backend_rings(struct backend *b, size_t *count)
{
	*count = b->workers + 1;
	return b->ring;
}

const char *
backend_address(const struct backend *b)
{
	return b->listening[0]->address;
}

void
backend_hold_next(struct backend *b, unsigned requests)
{
	atomic_fetch_add(&b->hands.next, requests);
}

struct temporaries *
backend_temporaries(struct backend *b)
{
	return b->temporaries;
}

struct learning *
backend_learning(struct backend *b)
{
	return b->learning;
}

bool
backend_remark(struct backend *b, struct note *n)
{
	return ring_push(b->remarks, n, note_weight(n));
}

bool
backend_order(struct backend *b, struct order *o)
{
	bool all = true;

	for (size_t i = 0; i < b->workers; i++) {
		struct order one = order_ref(o);

		if (backend_tells(b, i, &one))
			continue;
		order_drop(&one);
		all = false;
	}
	order_drop(o);
	return all;
}

void
backend_answers(struct backend *b, struct answers *a)
{
	for (size_t i = 0; i < b->workers; i++)
		while (!backend_tells(b, i, &(struct order){ .kind = ORDER_RECORDING, .answers = answers_ref(a) })) {
			answers_drop(a);
			usleep(BUSY_MICROS);
		}
	answers_drop(a);
}

flow_id
backend_send(struct backend *b, const struct sending *what, struct fault *why)
{
	struct order o = { .kind = ORDER_SEND };
	flow_id flow;

	if (!sending_check(what, why))
		return 0;
	o.flow = flow = next_id(b);
	o.sending = sending_copy(what);
	o.mode = ways_mode(&b->ways);
	if (backend_tells(b, flow % b->workers, &o))
		return flow;
	order_drop(&o);
	fault(why, "too many requests wait to be sent");
	return 0;
}

void
backend_stop(struct backend *b)
{
	for (size_t i = 0; i < b->workers; i++)
		worker_stop(b->worker[i]);
}

static void
remark_drop(void *item)
{
	note_drop(item);
}

void
backend_free(struct backend *b)
{
	for (size_t i = 0; i < b->workers; i++)
		worker_free(b->worker[i]);
	ring_free(b->remarks, remark_drop);
	for (struct gate *g = b->gates, *next; g; g = next) {
		next = g->next;
		free(g);
	}
	ways_release(&b->ways);
	learning_free(b->learning);
	temporaries_free(b->temporaries);
	locksmith_release(&b->locksmith);
	pthread_mutex_destroy(&b->ordering);
	free(b);
}

static void
gate_share(struct gate *g, int fd, size_t workers)
{
	for (size_t i = 0; i < workers; i++)
		g->fd[i] = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	close(fd);
}

/* Datagrams of one client belong together: one worker has them. No gate is open for the backend's own
 * counting, so that a change of modes leaves them. */
static void
backend_adopt_one(struct backend *b, const struct adopted *a)
{
	struct gate *g = xalloc(sizeof(*g));
	size_t workers = a->kind == ADOPTED_DATAGRAMS ? 1 : b->workers;
	struct fault why;

	(void)!mode_parse("transparent", &g->mode, &why);
	g->mode.datagrams = a->kind == ADOPTED_DATAGRAMS;
	g->elsewhere = true;
	g->bound.len = sizeof(g->bound.v6);
	getsockname(a->fd, &g->bound.any, &g->bound.len);
	address_text(&g->bound, g->address);
	gate_share(g, a->fd, workers);
	g->next = b->gates;
	b->gates = g;
	gate_order(b, ORDER_LISTEN, g, workers);
}

void
backend_adopt(struct backend *b, const struct adopted *sockets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sockets[i].kind == ADOPTED_DIAG)
			whose_elsewhere(sockets[i].fd);
		else
			backend_adopt_one(b, &sockets[i]);
}

flow_id
backend_flow_id(struct backend *b)
{
	return next_id(b);
}
