/* A relay and its sockets: bytes in, effects out. */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "conn_inside.h"
#include "dial.h"
#include "loop.h"
#include "process.h"
#include "udp.h"

enum { PATIENCE_MS = 5 };

static const char IDLE[] = "nothing moved for as long as tcp-timeout says";

/* How long a socket that closes may go on: while its peer takes nothing of
 * what is left to send, and for its peer's end after that. */
enum { STUCK_MICROS = 30000000, LINGER_MICROS = 2000000 };

static void conn_turn(struct conn *c);

struct conn *
conn_next(const struct conn *c)
{
	return c->after;
}

static void
conn_free(struct conn *c)
{
	while (c->socks)
		sock_free(c->socks);
	if (c->before)
		c->before->after = c->after;
	else
		c->list->first = c->after;
	if (c->after)
		c->after->before = c->before;
	if (c->asking)
		whose_cancel(c->asking);
	filing_cancel(&c->filings);
	watch_free(c->patience);
	relay_free(c->relay);
	sending_free(c->own.what);
	watch_free(c->alarm);
	free(c);
}

void
conn_maybe_free(struct conn *c)
{
	if (c->over && !c->socks && !c->busy)
		conn_free(c);
}

void
conn_hold(struct conn *c, bool held)
{
	for (struct sock *s = c->socks; s; s = s->sibling) {
		sock_reading(s);
		if (s->udp)
			udp_hold(s->udp, held);
	}
}

static void
conn_dialled(void *arg, const struct dial_done *d)
{
	struct sock *s = arg;

	s->dial = NULL;
	if (d->fd < 0) {
		sock_fail(s, d->fail, d->words);
		return;
	}
	sock_open(s, d->fd);
	conn_event(s->conn, s->number, (struct event){ .kind = EV_OPEN, .data = slice_text(d->address) });
}

static bool
sock_ours(const struct address *a, void *arg)
{
	const struct sock *s = arg;

	return worker_ours(s->conn->worker, a, false);
}

static void
fx_dial(struct conn *c, struct effect *fx)
{
	struct sock *s = sock_new(c, fx->conn);

	s->dial = dial_new(&(struct dial_how){ .loop = worker_loop(c->worker), .asker = worker_asker(c->worker),
		.seconds = worker_world(c->worker)->options->connect_timeout, .ours = sock_ours,
		.done = conn_dialled, .arg = s }, fx->data.bytes);
	slice_drop(&fx->data);
}

/* It is there at once; but we are carrying out what the relay said. */
static void
fx_associate(struct conn *c, const struct effect *fx)
{
	struct sock *s = sock_new(c, fx->conn);
	char bound[ADDRESS_TEXT];
	struct fault why;
	bool busy = c->busy;

	s->udp = udp_associate(c->worker, &(struct relay_from){ .mode = c->mode, .client = bytes_of(c->client),
		.listener = bytes_of(c->listener) }, bound, &why);
	c->busy = true;
	if (s->udp)
		conn_event(c, s->number, (struct event){ .kind = EV_OPEN, .data = slice_text(bound) });
	else
		sock_fail(s, FAIL_OTHER, why.text);
	c->busy = busy;
}

static void
conn_filed(void *arg, unsigned number, struct local_file *file)
{
	struct conn *c = arg;

	relay_read(c->relay, number, file, worker_effects(c->worker));
	conn_turn(c);
}

static void
fx_read(struct conn *c, struct effect *fx)
{
	struct filing_file what = { worker_world(c->worker)->decider->look, fx->data, fx->conn };
	struct local_file none = { .why = { "too many files are waited for" } };

	if (!filing_read(&c->filings, worker_asker(c->worker), &what, conn_filed, c))
		relay_read(c->relay, fx->conn, &none, worker_effects(c->worker));
}

static void
fx_command(struct conn *c, struct effect *fx)
{
	struct command *cmd = &fx->command;
	struct sock *s = sock_of(c, fx->conn);

	if (c->own.what && fx->conn == RELAY_CLIENT && (cmd->kind == CMD_PAUSE || cmd->kind == CMD_GO))
		c->own.paused = cmd->kind == CMD_PAUSE;
	else if (c->own.what && fx->conn == RELAY_CLIENT && cmd->kind == CMD_PART)
		sender_hears(&c->own, &cmd->part, worker_world(c->worker)->now(NULL));
	if (s && cmd->kind == CMD_SEND && cmd->data.bytes.len) {
		sock_add(s, cmd->data);
		*cmd = (struct command){ .kind = CMD_GO };
	} else if (s && (cmd->kind == CMD_PAUSE || cmd->kind == CMD_GO)) {
		s->paused = cmd->kind == CMD_PAUSE;
		sock_reading(s);
	} else if (s && cmd->kind == CMD_SHUT) {
		s->shut = s->due = true;
	} else if (s && cmd->kind == CMD_ABORT && s->fd >= 0) {
		/* What waits is not sent: the peer shall see a reset. */
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
		sock_free(s);
	} else if (s && cmd->kind == CMD_CLOSE) {
		s->closing = worker_world(c->worker)->now(NULL);
		s->number = RELAY_NONE;
		s->due = true;
		if (s->fd < 0)
			sock_free(s);
		else
			sock_reading(s);
	}
	command_drop(cmd);
}

static void
carry_out(struct conn *c, struct effects *fx)
{
	struct effect one;

	while (effects_take(fx, &one)) {
		if (one.kind == FX_NOTE)
			tap_note(worker_tap(c->worker), &one.note);
		else if (one.kind == FX_COMMAND)
			fx_command(c, &one);
		else if (one.kind == FX_DIAL)
			fx_dial(c, &one);
		else if (one.kind == FX_ASSOCIATE)
			fx_associate(c, &one);
		else if (one.kind == FX_READ)
			fx_read(c, &one);
		else
			c->over = true;
	}
}

/* A part more of a request of our own. */
static bool
conn_says(struct conn *c)
{
	struct event ev;

	if (!c->own.what || c->over || !sender_next(&c->own, worker_world(c->worker)->now(NULL), &ev))
		return false;
	relay_event(c->relay, RELAY_CLIENT, &ev, worker_effects(c->worker));
	carry_out(c, worker_effects(c->worker));
	return true;
}

static void
conn_due(void *arg)
{
	struct conn *c = arg;

	c->due = 0;
	relay_tick(c->relay, worker_effects(c->worker));
	conn_turn(c);
}

/* To the millisecond, where something was delayed; the sweep does for all else. */
static void
conn_alarm(struct conn *c)
{
	uint64_t due = c->over ? 0 : relay_due(c->relay), own = c->over ? 0 : sender_due(&c->own), now;

	due = own && (!due || own < due) ? own : due;
	if (!due || due == c->due)
		return;
	now = worker_world(c->worker)->now(NULL);
	if (!c->alarm)
		c->alarm = watch_new(worker_loop(c->worker), -1, WATCH_TIME, conn_due, c);
	c->due = due;
	watch_in(c->alarm, due > now ? (unsigned)((due - now) / 1000) + 1 : 1);
}

/* One write a turn and socket. Writing may lead to events, and so here again. */
static void
conn_turn(struct conn *c)
{
	struct sock *s;

	carry_out(c, worker_effects(c->worker));
	if (c->busy)
		return;
	c->busy = true;
	do {
		while ((s = sock_due(c))) {
			s->due = false;
			sock_write(s);
		}
	} while (conn_says(c));
	c->busy = false;
	worker_check(c->worker);
	conn_alarm(c);
	conn_maybe_free(c);
}

void
conn_event(struct conn *c, unsigned number, struct event ev)
{
	relay_event(c->relay, number, &ev, worker_effects(c->worker));
	conn_turn(c);
}

static struct conn *
conn_made(struct worker *w, struct conn_list *list, const struct relay_from *from)
{
	struct conn *c = xalloc(sizeof(*c));

	c->worker = w;
	c->list = list;
	c->after = list->first;
	if (c->after)
		c->after->before = c;
	list->first = c;
	c->moved = worker_world(w)->now(NULL);
	c->mode = from->mode;
	snprintf(c->client, sizeof(c->client), "%.*s", (int)from->client.len, (const char *)from->client.at);
	snprintf(c->listener, sizeof(c->listener), "%.*s", (int)from->listener.len, (const char *)from->listener.at);
	c->relay = relay_new(worker_world(w), from);
	return c;
}

static void
conn_begin(struct conn *c)
{
	watch_free(c->patience);
	c->patience = NULL;
	sock_reading(sock_of(c, RELAY_CLIENT));
	relay_start(c->relay, worker_effects(c->worker));
	conn_turn(c);
}

static void
conn_impatient(void *arg)
{
	conn_begin(arg);
}

static void
conn_known(void *arg, struct step *who)
{
	struct conn *c = arg;

	c->asking = NULL;
	if (who)
		relay_client_is(c->relay, who, worker_effects(c->worker));
	if (c->patience)
		conn_begin(c);
	else if (who)
		conn_turn(c);
}

void
conn_new(struct worker *w, struct conn_list *list, int fd, const struct relay_from *from, const struct whose_socket *client)
{
	struct conn *c = conn_made(w, list, from);

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (worker_world(w)->options->process_lookup && (client->elsewhere || address_near(client->client)))
		c->asking = whose_is(worker_asker(w), client, conn_known, c);
	if (c->asking) {
		c->patience = watch_new(worker_loop(w), -1, WATCH_TIME, conn_impatient, c);
		watch_in(c->patience, PATIENCE_MS);
	}
	sock_open(sock_new(c, RELAY_CLIENT), fd);
	if (!c->asking)
		conn_begin(c);
}

void
conn_send(struct worker *w, struct conn_list *list, const struct mode *mode, flow_id flow, struct sending *what)
{
	struct conn *c = conn_made(w, list, &(struct relay_from){ .mode = mode, .client = LIT("soth"), .sends = what, .flow = flow });

	c->own.what = what;
	relay_start(c->relay, worker_effects(w));
	conn_turn(c);
}

void
conn_order(struct conn *c, const struct order *o)
{
	for (struct sock *s = c->socks; s; s = s->sibling)
		if (s->udp)
			udp_order(s->udp, o);
	relay_order(c->relay, o, worker_effects(c->worker));
	conn_turn(c);
}

void
conn_sweep(struct conn *c, uint64_t now, uint64_t idle_micros)
{
	struct sock *client = sock_of(c, RELAY_CLIENT);
	uint64_t deadline = relay_deadline(c->relay);

	for (struct sock *s = c->socks, *next; s; s = next) {
		next = s->sibling;
		if (s->udp) {
			udp_sweep(s->udp, now);
			c->moved = udp_moved(s->udp) > c->moved ? udp_moved(s->udp) : c->moved;
		}
		if (s->closing && now > s->closing + (s->out.waiting ? STUCK_MICROS : LINGER_MICROS))
			sock_free(s);
	}
	if (c->over) {
		conn_maybe_free(c);
	} else if (client && idle_micros && now > c->moved + idle_micros && !relay_holds(c->relay)) {
		sock_fail(client, FAIL_TIMEOUT, IDLE);
	} else if (c->own.what && idle_micros && now > c->moved + idle_micros && !relay_holds(c->relay)) {
		conn_event(c, RELAY_CLIENT, (struct event){ .kind = EV_FAIL, .code = FAIL_TIMEOUT, .data = slice_text(IDLE) });
	} else if (deadline && now >= deadline) {
		relay_tick(c->relay, worker_effects(c->worker));
		conn_turn(c);
	}
}

void
conn_end(struct conn *c)
{
	relay_end(c->relay, worker_effects(c->worker));
	c->busy = true;
	carry_out(c, worker_effects(c->worker));
	for (struct sock *s = c->socks; s; s = s->sibling)
		sock_send_last(s);
	conn_free(c);
}
