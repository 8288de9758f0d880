/* The proxy as all above sees it: workers behind one door. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "listener.h"
#include "soth/backend.h"
#include "soth/mode.h"
#include "worker.h"

enum { WORKERS_MAX = 64, WORKERS_USUAL = 4 };

struct backend {
	struct mode mode;
	struct address bound;
	char address[ADDRESS_TEXT];
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
backend_workers(struct backend *b, const struct options *o, const struct ca *ca,
	const int *fds, size_t count, struct fault *why)
{
	for (size_t i = 0; i < count; i++) {
		b->worker[i] = worker_new(&(struct worker_how){ .options = o, .ca = ca, .mode = &b->mode,
			.listening = &b->bound, .listener = b->address, .fd = fds[i],
			.bound = o->record_buffer / count, .next_id = next_id, .arg = b }, why);
		if (!b->worker[i]) {
			while (++i < count)
				close(fds[i]);
			return false;
		}
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
listen_where(const struct backend *b, const struct options *o, char *out, size_t room, struct fault *why)
{
	char host[256], own[256];
	int port, old;

	snprintf(out, room, "%s", *b->mode.listen ? b->mode.listen : o->listen);
	if (!*b->mode.listen)
		return true;
	if (!address_split(bytes_of(b->mode.listen), own, sizeof(own), &port))
		return fault(why, "mode: %.80s: expected [HOST:]PORT behind the @", b->mode.listen);
	if (*own || port < 0 || *b->mode.listen == ':')
		return true;
	if (!address_split(bytes_of(o->listen), host, sizeof(host), &old))
		return fault(why, "listen: '%.80s': expected HOST:PORT", o->listen);
	if (*host || *o->listen == ':')
		snprintf(out, room, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
	return true;
}

struct backend *
backend_start(const struct options *o, const struct ca *ca, struct fault *why)
{
	struct backend *b = xalloc(sizeof(*b));
	size_t count = workers_wanted(o);
	char where[600];
	int fds[WORKERS_MAX];

	raise_file_limit();
	if (!mode_parse(o->mode, &b->mode, why) || !listen_where(b, o, where, sizeof(where), why) ||
			!listener_open(where, fds, count, &b->bound, why)) {
		free(b);
		return NULL;
	}
	address_text(&b->bound, b->address);
	if (backend_workers(b, o, ca, fds, count, why))
		return b;
	backend_stop(b);
	backend_free(b);
	return NULL;
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
	return b->address;
}

void
backend_order(struct backend *b, struct order *o)
{
	for (size_t i = 0; i < b->workers; i++) {
		struct order one = { o->kind, o->flow, slice_ref(o->text) };

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
	free(b);
}
