/* The sockets of a conn: what is read goes up to its relay, what waits goes down. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn_inside.h"
#include "dial.h"
#include "loop.h"
#include "udp.h"

enum { HIGH = 256 << 10, LOW = 64 << 10 };

struct sock *
sock_of(struct conn *c, unsigned number)
{
	struct sock *s = c->socks;

	while (s && s->number != number)
		s = s->sibling;
	return s;
}

void
sock_free(struct sock *s)
{
	struct sock **at = &s->conn->socks;

	while (*at != s)
		at = &(*at)->sibling;
	*at = s->sibling;
	if (s->dial)
		dial_free(s->dial);
	if (s->udp)
		udp_free(s->udp);
	watch_free(s->reads);
	watch_free(s->writes);
	if (s->fd >= 0)
		loop_close(worker_loop(s->conn->worker), s->fd);
	outbox_release(&s->out);
	free(s);
}

void
sock_reading(struct sock *s)
{
	if (!s->reads)
		return;
	if ((s->paused && !s->closing) || s->ended || s->conn->patience || (worker_held(s->conn->worker) && !s->closing))
		watch_off(s->reads);
	else
		watch_on(s->reads);
}

void
sock_fail(struct sock *s, enum fail code, const char *words)
{
	struct conn *c = s->conn;
	unsigned number = s->number;

	sock_free(s);
	if (number != RELAY_NONE)
		conn_event(c, number, (struct event){ .kind = EV_FAIL, .code = code, .data = slice_text(words) });
	else
		conn_maybe_free(c);
}

/* What still comes while we close is read away, so that no reset overtakes what we sent. */
static void
sock_drain(struct sock *s, ssize_t n)
{
	struct conn *c = s->conn;

	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	if (n == 0 && s->out.waiting) {
		s->ended = true;
		sock_reading(s);
		return;
	}
	sock_free(s);
	conn_maybe_free(c);
}

static void
sock_readable(void *arg)
{
	struct sock *s = arg;
	struct conn *c = s->conn;
	uint8_t *to = worker_scratch(c->worker);
	ssize_t n = recv(s->fd, to, SCRATCH, 0);

	if (s->closing) {
		sock_drain(s, n);
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || (n == 0 && s->broken)) {
		sock_fail(s, FAIL_RESET, strerror(n < 0 ? errno : ECONNRESET));
		return;
	}
	c->moved = worker_world(c->worker)->now(NULL);
	if (n == 0) {
		s->ended = true;
		sock_reading(s);
		conn_event(c, s->number, (struct event){ .kind = EV_EOF });
		return;
	}
	conn_event(c, s->number, (struct event){ .kind = EV_DATA,
		.data = slice_copy((struct bytes){ to, (size_t)n }) });
}

static void
sock_writable(void *arg)
{
	struct sock *s = arg;

	watch_off(s->writes);
	sock_write(s);
}

void
sock_open(struct sock *s, int fd)
{
	struct loop *loop = worker_loop(s->conn->worker);

	s->fd = fd;
	s->reads = watch_new(loop, fd, WATCH_READS, sock_readable, s);
	s->writes = watch_new(loop, fd, WATCH_WRITES, sock_writable, s);
	sock_reading(s);
}

struct sock *
sock_new(struct conn *c, unsigned number)
{
	struct sock *s = xalloc(sizeof(*s));

	s->conn = c;
	s->number = number;
	s->fd = -1;
	s->sibling = c->socks;
	c->socks = s;
	return s;
}

/* Sent all: what was to follow that. */
static void
sock_sent(struct sock *s)
{
	if ((s->shut || s->closing) && !s->shut_sent) {
		s->shut_sent = true;
		shutdown(s->fd, SHUT_WR);
	}
	if (s->closing && s->ended) {
		struct conn *c = s->conn;

		sock_free(s);
		conn_maybe_free(c);
		return;
	}
	if (s->full && s->number != RELAY_NONE) {
		s->full = false;
		conn_event(s->conn, s->number, (struct event){ .kind = EV_DRAINED });
	}
}

/*
 * The peer takes no more. It may have said why before that (an early answer
 * to a large request): what it said is read first, and its end is the failure.
 */
static void
sock_broke(struct sock *s, int error)
{
	struct conn *c = s->conn;

	outbox_drop(&s->out);
	s->broken = true;
	if (s->closing) {
		sock_free(s);
		conn_maybe_free(c);
	} else if (s->ended) {
		sock_fail(s, FAIL_RESET, strerror(error));
	} else if (s->full) {
		s->full = false;
		conn_event(c, s->number, (struct event){ .kind = EV_DRAINED });
	}
}

void
sock_write(struct sock *s)
{
	while (s->out.waiting) {
		ssize_t n = outbox_send(&s->out, s->fd);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			sock_broke(s, errno);
			return;
		}
		s->conn->moved = worker_world(s->conn->worker)->now(NULL);
		if (s->closing)
			s->closing = s->conn->moved;
	}
	if (s->out.waiting)
		watch_on(s->writes);
	if (s->out.waiting > HIGH && !s->full && s->number != RELAY_NONE) {
		s->full = true;
		conn_event(s->conn, s->number, (struct event){ .kind = EV_FULL });
	} else if (!s->out.waiting) {
		sock_sent(s);
	} else if (s->full && s->out.waiting < LOW && s->number != RELAY_NONE) {
		s->full = false;
		conn_event(s->conn, s->number, (struct event){ .kind = EV_DRAINED });
	}
}

void
sock_add(struct sock *s, struct slice data)
{
	if (s->broken) {
		slice_drop(&data);
		return;
	}
	outbox_add(&s->out, data);
	s->due = true;
}

struct sock *
sock_due(struct conn *c)
{
	struct sock *s = c->socks;

	while (s && !(s->due && s->fd >= 0))
		s = s->sibling;
	return s;
}

/* At soth's end nobody is waited for: what the kernel takes now goes out. */
void
sock_send_last(struct sock *s)
{
	while (s->out.waiting && (outbox_send(&s->out, s->fd) > 0 || errno == EINTR))
		;
	if (s->fd >= 0)
		shutdown(s->fd, SHUT_WR);
}
