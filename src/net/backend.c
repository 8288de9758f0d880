/* The proxy as all above sees it: workers behind one door. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gate.h"
#include "listener.h"
#include "soth/backend.h"
#include "soth/mode.h"
#include "worker.h"

enum { WORKERS_USUAL = 4, BUSY_MICROS = 500 };

struct backend {
	char listen[300];	/* as -l says */
	struct gate *gates;	/* all there ever were */
	struct gate *listening[GATES_MAX];	/* those that are open, as they were written */
	size_t listens;
	struct worker *worker[WORKERS_MAX];
	struct ring *ring[WORKERS_MAX];
	size_t workers;
	atomic_uint_fast64_t ids;
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
	for (size_t i = 0; i < count; i++) {
		b->worker[i] = worker_new(&(struct worker_how){ .options = o, .ca = ca, .number = i,
			.bound = o->record_buffer / count, .next_id = next_id, .arg = b }, why);
		if (!b->worker[i])
			return false;
		b->ring[i] = worker_notes(b->worker[i]);
		b->workers++;
	}
	return true;
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

static void
gate_shut(struct backend *b, struct gate *g)
{
	for (size_t i = 0; i < b->workers; i++)
		close(g->fd[i]);
}

/* The same place is taken over from a gate that goes: its sockets serve another mode. */
static bool
gate_take_over(struct backend *b, struct gate *g, const struct gate *from, struct fault *why)
{
	g->bound = from->bound;
	for (size_t i = 0; i < b->workers; i++) {
		g->fd[i] = fcntl(from->fd[i], F_DUPFD_CLOEXEC, 0);
		if (g->fd[i] >= 0)
			continue;
		fault(why, "mode: %s: %s", from->address, strerror(errno));
		while (i--)
			close(g->fd[i]);
		return false;
	}
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

/* An open one at that place which is not wanted any more. Port 0 is a new one each time. */
static struct gate *
gate_leaving(struct backend *b, const struct mode *m, const char *where, struct gate *const *wanted, size_t count)
{
	const char *port = strrchr(where, ':');
	struct gate *g = b->gates;

	if (!strcmp(port ? port + 1 : where, "0"))
		return NULL;
	while (g && !(g->open && g->mode.datagrams == m->datagrams && !strcmp(g->where, where) &&
			!is_among(g, wanted, count)))
		g = g->next;
	return g;
}

static struct gate *
gate_new(struct backend *b, const struct mode *mode, const char *where, const struct gate *old, struct fault *why)
{
	struct gate *g = xalloc(sizeof(*g));

	g->mode = *mode;
	memcpy(g->where, where, strnlen(where, sizeof(g->where) - 1));
	if (!(old ? gate_take_over(b, g, old, why) : mode->datagrams ?
			listener_open_udp(where, g->fd, b->workers, &g->bound, why) :
			listener_open(where, g->fd, b->workers, &g->bound, why))) {
		free(g);
		return NULL;
	}
	address_text(&g->bound, g->address);
	return g;
}

static bool
same_gate(const struct gate *g, const struct mode *m, const char *where)
{
	return g->open && !strcmp(g->mode.spec, m->spec) && !strcmp(g->where, where);
}

/* Those that are wanted, in their order: old ones that stay, and new ones that
 * are not open yet. */
static bool
gates_wanted(struct backend *b, const char *list, struct gate *wanted[GATES_MAX], size_t *count, struct fault *why)
{
	struct mode *modes = xgrow(NULL, GATES_MAX, sizeof(*modes));
	size_t modes_count = 0;
	bool ok = modes_parse(list, modes, GATES_MAX, &modes_count, why);
	char (*where)[sizeof(wanted[0]->where)] = xgrow(NULL, GATES_MAX, sizeof(*where));

	*count = 0;
	for (size_t i = 0; ok && i < modes_count; i++) {
		ok = listen_where(&modes[i], b->listen, where[i], sizeof(where[i]), why);
		for (size_t j = 0; ok && j < i; j++)
			if (!strcmp(where[i], where[j]) && modes[i].datagrams == modes[j].datagrams &&
					strcmp(strrchr(where[i], ':') ? strrchr(where[i], ':') : "", ":0"))
				ok = fault(why, "mode: %.60s and %.60s both want %.60s: give one an @[HOST:]PORT",
					modes[j].spec, modes[i].spec, where[i]);
		wanted[i] = b->gates;
		while (ok && wanted[i] && !(same_gate(wanted[i], &modes[i], where[i]) && !is_among(wanted[i], wanted, i)))
			wanted[i] = wanted[i]->next;
	}
	for (size_t i = 0; ok && i < modes_count; i++) {
		if (!wanted[i])
			wanted[i] = gate_new(b, &modes[i], where[i],
				gate_leaving(b, &modes[i], where[i], wanted, modes_count), why);
		ok = wanted[i];
		*count += ok;
	}
	free(modes);
	free(where);
	return ok;
}

/* Of these none may be lost: a worker that is busy takes it a little later. */
static void
gate_order(struct backend *b, enum order_kind kind, const struct gate *g)
{
	for (size_t i = 0; i < b->workers; i++)
		while (!worker_order(b->worker[i], &(struct order){ .kind = kind, .gate = g }))
			usleep(BUSY_MICROS);
}

static bool
backend_modes(struct backend *b, const char *list, struct fault *why)
{
	struct gate *wanted[GATES_MAX];
	size_t count;

	if (!gates_wanted(b, list, wanted, &count, why)) {
		for (size_t i = 0; i < count; i++)
			if (wanted[i] && !wanted[i]->open) {
				gate_shut(b, wanted[i]);
				free(wanted[i]);
			}
		return false;
	}
	for (struct gate *g = b->gates; g; g = g->next)
		if (g->open && !is_among(g, wanted, count)) {
			g->open = false;
			gate_order(b, ORDER_UNLISTEN, g);
		}
	for (size_t i = 0; i < count; i++) {
		if (wanted[i]->open)
			continue;
		wanted[i]->open = true;
		wanted[i]->next = b->gates;
		b->gates = wanted[i];
		gate_order(b, ORDER_LISTEN, wanted[i]);
	}
	memcpy(b->listening, wanted, sizeof(wanted));
	b->listens = count;
	return true;
}

struct backend *
backend_start(const struct options *o, const struct ca *ca, struct fault *why)
{
	struct backend *b = xalloc(sizeof(*b));

	raise_file_limit();
	snprintf(b->listen, sizeof(b->listen), "%s", o->listen);
	if (backend_workers(b, o, ca, workers_wanted(o), why) && backend_modes(b, o->mode, why))
		return b;
	backend_stop(b);
	backend_free(b);
	return NULL;
}

bool
backend_set(struct backend *b, const char *assignment, struct fault *why)
{
	static const char mode[] = "mode";
	struct order o = { .kind = ORDER_SET };
	size_t name = strcspn(assignment, "=");

	if (name == sizeof(mode) - 1 && !strncmp(assignment, mode, name))
		return backend_modes(b, assignment + name + (assignment[name] == '='), why);
	o.text = slice_text(assignment);
	backend_order(b, &o);
	return true;
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
	*count = b->workers;
	return b->ring;
}

const char *
backend_address(const struct backend *b)
{
	return b->listening[0]->address;
}

void
backend_order(struct backend *b, struct order *o)
{
	for (size_t i = 0; i < b->workers; i++) {
		struct order one = { o->kind, o->flow, slice_ref(o->text), o->gate };

		if (!worker_order(b->worker[i], &one))
			order_drop(&one);
	}
	order_drop(o);
}

void
backend_stop(struct backend *b)
{
	for (size_t i = 0; i < b->workers; i++)
		worker_stop(b->worker[i]);
}

void
backend_free(struct backend *b)
{
	for (size_t i = 0; i < b->workers; i++)
		worker_free(b->worker[i]);
	for (struct gate *g = b->gates, *next; g; g = next) {
		next = g->next;
		free(g);
	}
	free(b);
}
