/* A connection to a name: addresses in turn, the first that answers. */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dial.h"
#include "loop.h"
#include "resolve.h"
#include "soth/mode.h"

enum { TRIES = 8, STAGGER_MS = 250 };	/* RFC 8305 section 8 */

struct attempt {
	struct dial *dial;
	int fd;			/* -1: not begun, or failed */
	struct watch *watch;
	struct address to;
};

struct dial {
	struct dial_how how;
	struct question *question;
	struct attempt attempt[TRIES];
	size_t tries, begun, failed;
	struct watch *next, *limit;
	int error;
	char host[256];
	uint16_t port;
	bool loop;
};

void
dial_free(struct dial *d)
{
	if (d->question)
		resolve_cancel(d->question);
	for (size_t i = 0; i < d->begun; i++) {
		watch_free(d->attempt[i].watch);
		if (d->attempt[i].fd >= 0)
			loop_close(d->how.loop, d->attempt[i].fd);
	}
	watch_free(d->next);
	watch_free(d->limit);
	free(d);
}

static void
dial_finish(struct dial *d, const struct dial_done *result)
{
	struct dial_how how = d->how;

	dial_free(d);
	how.done(how.arg, result);
}

static void
dial_fail(struct dial *d, enum fail fail, const char *words)
{
	struct dial_done r = { .fd = -1, .fail = fail };

	snprintf(r.words, sizeof(r.words), "%.100s:%u: %.80s", d->host, d->port, words);
	dial_finish(d, &r);
}

static void
attempt_failed(struct attempt *a, int error)
{
	watch_free(a->watch);
	a->watch = NULL;
	if (a->fd >= 0)
		loop_close(a->dial->how.loop, a->fd);
	a->fd = -1;
	a->dial->error = error;
	a->dial->failed++;
}

static void dial_go_on(struct dial *d);

static void
attempt_ready(void *arg)
{
	struct attempt *a = arg;
	struct dial_done r = { .fd = a->fd };
	socklen_t len = sizeof(int);
	int error = 0;

	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	if (error) {
		attempt_failed(a, error);
		dial_go_on(a->dial);
		return;
	}
	address_text(&a->to, r.address);
	a->fd = -1;
	dial_finish(a->dial, &r);
}

static void
attempt_begin(struct attempt *a)
{
	struct dial *d = a->dial;

	a->fd = -1;
	if (d->how.ours(&a->to, d->how.arg)) {
		d->loop = true;
		attempt_failed(a, ELOOP);
		return;
	}
	a->fd = socket(a->to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0 || (connect(a->fd, &a->to.any, a->to.len) && errno != EINPROGRESS)) {
		attempt_failed(a, errno);
		return;
	}
	setsockopt(a->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	a->watch = watch_new(d->how.loop, a->fd, WATCH_WRITES, attempt_ready, a);
	watch_on(a->watch);
}

/* The next address where none is under way; the end where there is none left. */
static void
dial_go_on(struct dial *d)
{
	while (d->failed == d->begun && d->begun < d->tries)
		attempt_begin(&d->attempt[d->begun++]);
	if (d->failed < d->tries) {
		if (d->begun < d->tries)
			watch_in(d->next, STAGGER_MS);
	} else if (d->loop) {
		dial_fail(d, FAIL_LOOP, "that is soth itself");
	} else {
		dial_fail(d, d->error == ETIMEDOUT ? FAIL_TIMEOUT : FAIL_REFUSED, strerror(d->error));
	}
}

static void
dial_next(void *arg)
{
	struct dial *d = arg;

	attempt_begin(&d->attempt[d->begun++]);
	dial_go_on(d);
}

static void
dial_late(void *arg)
{
	dial_fail(arg, FAIL_TIMEOUT, "no connection in time");
}

/* The resolver's order, but families alternate: RFC 8305 section 4. */
static void
dial_order(struct dial *d, const struct addrinfo *found)
{
	const struct addrinfo *of[2] = { found, found };
	int turn = 0;

	while (d->tries < TRIES && (of[0] || of[1])) {
		const struct addrinfo **next = &of[turn];

		while (*next && ((*next)->ai_family != found->ai_family) != turn)
			*next = (*next)->ai_next;
		turn = !turn;
		if (!*next)
			continue;
		d->attempt[d->tries].dial = d;
		d->tries += address_take(&d->attempt[d->tries].to, *next, d->port);
		*next = (*next)->ai_next;
	}
}

static void
dial_resolved(void *arg, struct addrinfo *found, const char *why)
{
	struct dial *d = arg;

	d->question = NULL;
	if (found) {
		dial_order(d, found);
		freeaddrinfo(found);
	}
	if (d->tries)
		dial_go_on(d);
	else
		dial_fail(d, FAIL_NAME, *why ? why : "no address");
}

/* A literal address needs no resolver, but answers from the loop all the same. */
static void
dial_literal(void *arg)
{
	dial_go_on(arg);
}

struct dial *
dial_new(const struct dial_how *how, struct bytes where)
{
	struct dial *d = xalloc(sizeof(*d));
	int port;

	d->how = *how;
	d->limit = watch_new(how->loop, -1, WATCH_TIME, dial_late, d);
	if (how->seconds)
		watch_in(d->limit, how->seconds * 1000);
	if (!address_split(where, d->host, sizeof(d->host), &port))
		port = 0;
	d->port = (uint16_t)port;
	d->attempt[0].dial = d;
	if (address_read(&d->attempt[0].to, d->host, d->port)) {
		d->tries = 1;
		d->next = watch_new(how->loop, -1, WATCH_TIME, dial_literal, d);
		watch_in(d->next, 0);
		return d;
	}
	d->next = watch_new(how->loop, -1, WATCH_TIME, dial_next, d);
	d->question = resolve(how->asker, d->host, dial_resolved, d);
	return d;
}
