/* One client connection and all that is done for it: links, effects and notes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h1.h"
#include "inside.h"
#include "tls.h"

enum { EFFECTS_FIRST = 16, MICROS = 1000000 };

static void
fx_add(struct relay *r, struct effect fx)
{
	struct effects *to = r->fx;

	if (to->count == to->room) {
		to->room = to->room ? to->room * 2 : EFFECTS_FIRST;
		to->at = xgrow(to->at, to->room, sizeof(*to->at));
	}
	to->at[to->count++] = fx;
}

bool
effects_take(struct effects *fx, struct effect *out)
{
	if (fx->next == fx->count) {
		fx->next = fx->count = 0;
		return false;
	}
	*out = fx->at[fx->next++];
	return true;
}

static void
effect_drop(struct effect *fx)
{
	if (fx->kind == FX_DIAL)
		slice_drop(&fx->data);
	else if (fx->kind == FX_COMMAND)
		command_drop(&fx->command);
	else if (fx->kind == FX_NOTE)
		note_drop(&fx->note);
}

void
effects_release(struct effects *fx)
{
	struct effect one;

	while (effects_take(fx, &one))
		effect_drop(&one);
	free(fx->at);
	*fx = (struct effects){ 0 };
}

static void
note_add(struct relay *r, struct note n)
{
	n.flow = r->flow;
	n.when = r->world.now(r->world.arg);
	fx_add(r, (struct effect){ FX_NOTE, 0, .note = n });
}

static bool
origin_fits(const struct relay *r, const char *scheme, const char *host, uint16_t port)
{
	return r->origin && r->origin->port == port && r->origin->opened_by == r->first &&
		bytes_are(r->origin->scheme, scheme) && bytes_are(r->origin->host, host);
}

void
relay_begin(struct relay *r, const char *scheme, const char *host, uint16_t port)
{
	bool better = r->flow != 0;

	if (!r->flow)
		r->flow = r->world.next_id(r->world.arg);
	if (!r->first)
		r->first = r->flow;
	if (better && origin_fits(r, scheme, host, port))
		return;
	if (!origin_fits(r, scheme, host, port)) {
		origin_drop(r->origin);
		r->origin = origin_new(&(struct origin){
			.opened_by = r->first, .client = bytes_of(r->client), .listener = bytes_of(r->listener),
			.mode = bytes_of(r->mode->name), .scheme = bytes_of(scheme), .host = bytes_of(host), .port = port });
	}
	note_add(r, (struct note){ .kind = NOTE_FLOW, .origin = origin_ref(r->origin) });
}

void
relay_step(struct relay *r, enum step_kind kind, const struct field *values, size_t count)
{
	if (r->flow)
		note_add(r, (struct note){ .kind = NOTE_STEP, .step = step_new(kind, values, count) });
}

void
relay_tell(struct relay *r, enum side side, struct part part)
{
	if (r->flow)
		note_add(r, (struct note){ .kind = NOTE_PART, .side = side, .part = part });
	else
		part_drop(&part);
}

void
relay_gone(struct relay *r, enum close_code code, const char *detail)
{
	if (!r->flow)
		return;
	note_add(r, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code,
		.data = slice_text(detail) } });
	r->flow = 0;
	r->exchanging = false;
	r->taken = true;
}

void
relay_wait(struct relay *r, unsigned seconds)
{
	r->deadline = seconds ? r->world.now(r->world.arg) + (uint64_t)seconds * MICROS : 0;
}

void
relay_pause(struct relay *r, enum side side, enum pause why, bool on)
{
	struct link *l = &r->link[side];
	unsigned before = l->paused;

	if (!l->chain)
		return;
	l->paused = on ? before | why : before & ~(unsigned)why;
	if (!before != !l->paused)
		chain_command(l->chain, (struct command){ .kind = on ? CMD_PAUSE : CMD_GO });
}

void
relay_send_part(struct relay *r, enum side to, struct part part)
{
	struct link *l = &r->link[to];

	if (l->chain)
		chain_command(l->chain, (struct command){ .kind = CMD_PART, .part = part });
	else
		part_drop(&part);
}

static void link_up(void *arg, struct event *ev);

static void
link_down(void *arg, struct command *cmd)
{
	struct end *e = arg;

	fx_add(e->relay, (struct effect){ FX_COMMAND, e->conn, .command = *cmd });
	*cmd = (struct command){ .kind = CMD_GO };
}

static void
link_open(struct relay *r, enum side side, unsigned conn)
{
	struct end *e = xalloc(sizeof(*e));

	*e = (struct end){ .relay = r, .side = side, .conn = conn };
	e->chain = chain_new((struct chain_ends){ link_up, link_down, e });
	r->link[side] = (struct link){ .end = e, .chain = e->chain };
}

void
relay_dial(struct relay *r)
{
	char where[300], port[8];
	struct bytes text = target_text(r->host, r->port, 0, where);

	snprintf(port, sizeof(port), "%u", r->port);
	relay_step(r, STEP_DIALING, (struct field[]){
		{ LIT("host"), bytes_of(r->host) }, { LIT("port"), bytes_of(port) } }, 2);
	/* Not the number before: its CLOSE may still be on its way. */
	r->last_conn = r->last_conn == 1 ? 2 : 1;
	link_open(r, SERVER, r->last_conn);
	fx_add(r, (struct effect){ FX_DIAL, r->last_conn, .data = slice_copy(text) });
}

void
relay_hang_up(struct relay *r, enum side side)
{
	struct link *l = &r->link[side];

	if (!l->chain)
		return;
	chain_command(l->chain, (struct command){ .kind = CMD_CLOSE });
	l->end->gone = true;
	l->end->next = r->gone;
	r->gone = l->end;
	*l = (struct link){ 0 };
}

void
relay_stop(struct relay *r, enum close_code code, const char *detail)
{
	if (r->phase == PHASE_OVER)
		return;
	relay_gone(r, code, detail);
	r->phase = PHASE_OVER;
	relay_wait(r, 0);
	relay_hang_up(r, CLIENT);
	relay_hang_up(r, SERVER);
}

void
relay_raw(struct relay *r)
{
	struct fault why;
	struct slice held = buf_seal(&r->held);
	bool ok = chain_push(relay_client(r)->chain, &layer_raw, NULL, &why);

	ok = chain_push(relay_server(r)->chain, &layer_raw, NULL, &why) && ok;
	if (!ok) {
		slice_drop(&held);
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
		return;
	}
	r->phase = PHASE_RAW;
	relay_wait(r, 0);
	if (!r->exchanging)
		exchange_init(&r->exchange, r->flow, (struct exchange_limits){ r->world.options->record_bodies, 0, true });
	r->exchanging = true;
	chain_feed(relay_client(r)->chain, held);
}

/* Bytes of a tunnel: they pass on, and both ends make the end. */
static void
raw_part(struct relay *r, enum side from, struct part *p)
{
	enum part_kind kind = p->kind;

	r->moves.count = 0;
	exchange_part(&r->exchange, from, p, &r->moves);
	for (size_t i = 0; i < r->moves.count; i++) {
		struct move *m = &r->moves.at[i];

		if (m->kind == MOVE_TELL)
			relay_tell(r, from, m->part);
		else
			relay_send_part(r, !from, m->part);
	}
	if (kind == PART_END && r->exchange.half[!from].ended)
		relay_stop(r, CLOSE_RELAY_EOF, "");
}

static void
link_failed(struct relay *r, enum side side, struct event *ev)
{
	char words[200];

	snprintf(words, sizeof(words), "%.*s", (int)(ev->data.bytes.len < 190 ? ev->data.bytes.len : 190),
		ev->data.bytes.len ? (const char *)ev->data.bytes.at : "");
	if (side == CLIENT)
		relay_stop(r, ev->code == FAIL_TIMEOUT ? CLOSE_IDLE : ev->code == FAIL_TLS ?
			CLOSE_TLS_FAILED : CLOSE_RELAY_ERROR, words);
	else if (r->phase == PHASE_HTTP)
		http_server_lost(r, ev->code, words);
	else if (r->phase == PHASE_RAW)
		relay_stop(r, CLOSE_RELAY_ERROR, words);
	else
		tunnel_server_failed(r, ev->code, words);
}

static void
link_opened(struct relay *r, enum side side, struct event *ev)
{
	struct link *l = &r->link[side];

	if (side == CLIENT) {
		tunnel_client_tls_open(r);
	} else if (chain_top(l->chain) == &layer_tls) {
		l->open = true;
		if (r->phase == PHASE_TLS_SERVER)
			tunnel_server_tls_open(r);
		else
			http_server_open(r);
	} else {
		relay_step(r, STEP_CONNECTED, (struct field[]){ { LIT("address"), ev->data.bytes } }, 1);
		tunnel_server_open(r);
	}
}

static void
link_ended(struct relay *r, enum side side)
{
	r->link[side].ended = true;
	if (r->phase == PHASE_HTTP && side == CLIENT)
		http_client_ended(r);
	else if (r->phase == PHASE_HTTP)
		http_server_ended(r);
	else if (side == SERVER && r->phase != PHASE_RAW && r->phase != PHASE_TUNNEL_SNIFF)
		tunnel_server_failed(r, FAIL_RESET, "the server closed the connection");
	else
		relay_stop(r, CLOSE_RELAY_EOF, side == CLIENT ? "the client closed the connection" :
			"the server closed the connection");
}

static void
link_data(struct relay *r, enum side side, struct event *ev)
{
	if (side == CLIENT) {
		tunnel_bytes(r, &ev->data);
		return;
	}
	/* A server that speaks first: no HTTP, no TLS. */
	if (r->phase == PHASE_TUNNEL_SNIFF) {
		struct slice data = ev->data;

		ev->data = (struct slice){ 0 };
		relay_raw(r);
		if (r->phase == PHASE_RAW)
			chain_feed(relay_server(r)->chain, data);
		else
			slice_drop(&data);
	}
}

static void
link_up(void *arg, struct event *ev)
{
	struct end *e = arg;
	struct relay *r = e->relay;
	enum side side = e->side;

	if (r->phase == PHASE_OVER || e->gone)
		return;
	switch (ev->kind) {
	case EV_OPEN:
		link_opened(r, side, ev);
		break;
	case EV_DATA:
		link_data(r, side, ev);
		break;
	case EV_PART:
		if (r->phase == PHASE_RAW)
			raw_part(r, side, &ev->part);
		else
			http_part(r, side, &ev->part);
		break;
	case EV_STEP:
		if (r->flow) {
			note_add(r, (struct note){ .kind = NOTE_STEP, .side = side, .step = ev->step });
			*ev = (struct event){ .kind = EV_EOF };
		}
		break;
	case EV_EOF:
		link_ended(r, side);
		break;
	case EV_FAIL:
		link_failed(r, side, ev);
		break;
	case EV_FULL:
	case EV_DRAINED:
		relay_pause(r, !side, PAUSE_FULL, ev->kind == EV_FULL);
		break;
	}
}

struct relay *
relay_new(const struct relay_world *world, const struct relay_from *from)
{
	struct relay *r = xalloc(sizeof(*r) + from->client.len + from->listener.len + 2);

	r->world = *world;
	r->mode = from->mode;
	r->client = (char *)(r + 1);
	r->listener = r->client + from->client.len + 1;
	memcpy(r->client, from->client.at, from->client.len);
	memcpy(r->listener, from->listener.at, from->listener.len);
	buf_init(&r->held, HELD_MAX);
	link_open(r, CLIENT, RELAY_CLIENT);
	relay_client(r)->open = true;
	return r;
}

/* What was gathered is sent; what was let go goes. */
static void
relay_settle(struct relay *r)
{
	/* The client's once more: its next request may already have an answer. */
	static const enum side order[] = { CLIENT, SERVER, CLIENT };

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (r->link[order[i]].chain)
			chain_settle(r->link[order[i]].chain);
	while (r->gone) {
		struct end *e = r->gone;

		r->gone = e->next;
		chain_free(e->chain);
		free(e);
	}
	if (r->phase == PHASE_OVER && !r->over_said) {
		r->over_said = true;
		fx_add(r, (struct effect){ .kind = FX_OVER });
	}
}

static void
relay_head_deadline(struct relay *r)
{
	struct h1 *h1 = r->phase == PHASE_HTTP ?
		chain_find(relay_client(r)->chain, &layer_h1) : NULL;

	if (!h1)
		return;
	if (r->exchanging || h1_idle(h1))
		r->deadline = 0;
	else if (!r->deadline)
		relay_wait(r, r->world.options->head_timeout);
}

void
relay_event(struct relay *r, unsigned conn, struct event *ev, struct effects *fx)
{
	struct link *l = &r->link[conn == RELAY_CLIENT ? CLIENT : SERVER];

	r->fx = fx;
	if (!l->chain || l->end->conn != conn) {
		event_drop(ev);
		return;
	}
	chain_event(l->chain, *ev);
	*ev = (struct event){ .kind = EV_EOF };
	relay_head_deadline(r);
	relay_settle(r);
}

void
relay_order(struct relay *r, const struct order *o, struct effects *fx)
{
	r->fx = fx;
	if (o->kind == ORDER_KILL && r->flow && o->flow == r->flow)
		relay_stop(r, CLOSE_BLOCKED, "broken off by hand");
	relay_settle(r);
}

uint64_t
relay_deadline(const struct relay *r)
{
	return r->deadline;
}

void
relay_tick(struct relay *r, struct effects *fx)
{
	r->fx = fx;
	if (!r->deadline || r->phase == PHASE_OVER || r->world.now(r->world.arg) < r->deadline)
		return;
	relay_wait(r, 0);
	if (r->phase == PHASE_HTTP)
		http_answer(r, 408, CLOSE_STAGE_TIMEOUT, "the request's head did not come in time");
	else if (r->phase == PHASE_TLS_SERVER)
		tunnel_server_failed(r, FAIL_TIMEOUT, "the TLS handshake with the server took too long");
	else
		relay_stop(r, CLOSE_STAGE_TIMEOUT, "the TLS handshake with the client took too long");
	relay_settle(r);
}

void
relay_end(struct relay *r, struct effects *fx)
{
	r->fx = fx;
	relay_stop(r, CLOSE_RELAY_EOF, "soth ended");
	relay_settle(r);
}

void
relay_free(struct relay *r)
{
	for (unsigned side = CLIENT; side <= SERVER; side++)
		if (r->link[side].chain) {
			chain_free(r->link[side].chain);
			free(r->link[side].end);
		}
	for (size_t i = 0; i < r->waits; i++)
		part_drop(&r->waiting[i]);
	free(r->waiting);
	free(r->moves.at);
	head_drop(r->again);
	origin_drop(r->origin);
	buf_release(&r->held);
	free(r);
}
