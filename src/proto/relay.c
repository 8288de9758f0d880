/* One client connection and all that is done for it: events and orders in, effects and notes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h1.h"
#include "inside.h"
#include "peek.h"
#include "soth/sending.h"

enum { EFFECTS_FIRST = 16, MICROS = 1000000 };

void
relay_effect(struct relay *r, struct effect fx)
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
	if (fx->kind == FX_DIAL || fx->kind == FX_READ)
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

const char *
words_of_bytes(struct bytes b, char room[WORDS_ROOM])
{
	snprintf(room, WORDS_ROOM, "%.*s", (int)(b.len < WORDS_ROOM - 1 ? b.len : WORDS_ROOM - 1),
		b.len ? (const char *)b.at : "");
	return room;
}

void
relay_note(struct relay *r, flow_id flow, struct note n)
{
	n.flow = flow;
	n.when = r->world.now(r->world.arg);
	relay_effect(r, (struct effect){ FX_NOTE, 0, .note = n });
}

static bool
origin_fits(const struct relay *r, const char *scheme, const char *host, uint16_t port)
{
	return r->origin && r->origin->port == port && r->origin->opened_by == r->first &&
		bytes_are(r->origin->scheme, scheme) && bytes_are(r->origin->host, host);
}

/* Takes s. */
static void
relay_tell(struct relay *r, flow_id flow, struct step *s)
{
	if (r->world.decider && flow == r->first && r->steps < STEPS_KEPT)
		r->step[r->steps++] = step_ref(s);
	relay_note(r, flow, (struct note){ .kind = NOTE_STEP, .step = s });
}

void
relay_begin(struct relay *r, const char *scheme, const char *host, uint16_t port)
{
	bool better = r->flow != 0, opens = !r->first;

	if (!r->flow)
		r->flow = r->world.next_id(r->world.arg);
	if (!r->first)
		r->first = r->flow;
	if (better && origin_fits(r, scheme, host, port))
		return;
	if (!origin_fits(r, scheme, host, port)) {
		origin_drop(r->origin);
		r->origin = origin_new(&(struct origin){
			.opened_by = r->first, .client = bytes_of(r->client_name), .listener = bytes_of(r->listener),
			.mode = bytes_of(r->mode->name), .scheme = bytes_of(scheme), .host = bytes_of(host), .port = port });
	}
	relay_note(r, r->flow, (struct note){ .kind = NOTE_FLOW, .origin = origin_ref(r->origin) });
	if (opens && r->who)
		relay_tell(r, r->flow, step_ref(r->who));
}

void
relay_step(struct relay *r, flow_id flow, enum step_kind kind, const struct field *values, size_t count)
{
	if (relay_has(r, flow))
		relay_tell(r, flow, step_new(kind, values, count));
}

void
relay_gone(struct relay *r, flow_id flow, enum close_code code, const char *detail)
{
	relay_note(r, flow, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code,
		.data = slice_text(detail) } });
	if (flow == r->flow)
		r->flow = 0;
}

struct search { flow_id flow; struct stream *found; };

static void
is_flow(struct relay *r, struct stream *s, void *arg)
{
	struct search *search = arg;

	(void)r;
	if (s->flow == search->flow)
		search->found = s;
}

static struct stream *
relay_stream(struct relay *r, flow_id flow)
{
	struct search search = { flow, NULL };

	streams_each(r, is_flow, &search);
	return search.found;
}

bool
relay_has(struct relay *r, flow_id flow)
{
	return flow && (flow == r->flow || relay_stream(r, flow));
}

bool
relay_blocks(struct relay *r, flow_id flow, const char *name, const char *what)
{
	relay_step(r, flow, STEP_SWITCHED, (struct field[]){
		{ LIT("name"), bytes_of(name) }, { LIT("value"), LIT("no") }, { LIT("what"), bytes_of(what) } }, 3);
	return true;
}

void
relay_wait(struct relay *r, unsigned seconds)
{
	r->deadline = seconds ? r->world.now(r->world.arg) + (uint64_t)seconds * MICROS : 0;
}

struct ending { enum close_code code; const char *detail; };

static void
end_stream(struct relay *r, struct stream *s, void *arg)
{
	const struct ending *e = arg;

	stream_gone(r, s, e->code, e->detail);
}

void
relay_stop(struct relay *r, enum close_code code, const char *detail)
{
	struct ending e = { code, detail };

	if (r->phase == PHASE_OVER)
		return;
	r->phase = PHASE_OVER;
	if (r->flow)
		relay_gone(r, r->flow, code, detail);
	streams_each(r, end_stream, &e);
	relay_wait(r, 0);
	if (r->client)
		link_drop(r->client);
	while (r->servers)
		link_drop(r->servers);
}

static char *
keep_text(struct bytes text)
{
	char *kept = xalloc(text.len + 1);

	if (text.len)
		memcpy(kept, text.at, text.len);
	return kept;
}

static void
relay_owns(struct relay *r, const struct relay_from *from)
{
	const struct sending *s = from->sends;

	r->own = true;
	r->flow = r->first = from->flow;
	r->replay_of = s->of;
	r->h1_only = s->h1_only;
	r->verbatim = slice_ref(s->raw);
	r->list = s->list;
	snprintf(r->to.host, sizeof(r->to.host), "%s", s->host);
	r->to.port = s->port;
	r->to.tls = s->tls;
}

struct relay *
relay_new(const struct relay_world *world, const struct relay_from *from)
{
	struct relay *r = xalloc(sizeof(*r));

	r->world = *world;
	r->mode = from->mode;
	r->client_name = keep_text(from->client);
	r->listener = keep_text(from->listener);
	r->original = keep_text(from->original);
	r->phase = PHASE_START;
	buf_init(&r->held, HELD_MAX);
	if (r->mode->kind == MODE_REVERSE) {
		snprintf(r->to.host, sizeof(r->to.host), "%s", r->mode->host);
		r->to.port = r->mode->port;
		r->to.tls = r->mode->tls;
	}
	r->client = link_client(r);
	if (from->sends)
		relay_owns(r, from);
	return r;
}

static void
link_free(struct link *l)
{
	chain_free(l->chain);
	buf_release(&l->held);
	free(l);
}

/* What was gathered is sent; what was let go goes. */
static void
relay_settle(struct relay *r)
{
	if (r->itself && r->phase == PHASE_TUNNEL_DIAL)
		tunnel_itself(r);
	link_settle(r);
	if (r->own && r->phase == PHASE_HTTP && !r->streams && !r->flow) {	/* its one exchange is over */
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
		link_settle(r);
	}
	while (r->gone_streams) {
		struct stream *s = r->gone_streams;

		r->gone_streams = s->next_gone;
		stream_free(s);
	}
	while (r->gone_links) {
		struct link *l = r->gone_links;

		r->gone_links = l->next;
		link_free(l);
	}
	if (r->phase == PHASE_OVER && !r->over_said) {
		r->over_said = true;
		relay_effect(r, (struct effect){ .kind = FX_OVER });
	}
}

/* For a head of HTTP/1 that has begun. */
static void
relay_head_deadline(struct relay *r)
{
	struct h1 *h1 = r->phase == PHASE_HTTP && r->client ? chain_find(r->client->chain, &layer_h1) : NULL;

	if (!h1)
		return;
	if (r->streams || h1_idle(h1))
		r->deadline = 0;
	else if (!r->deadline)
		relay_wait(r, r->world.options->head_timeout);
}

static struct link *
relay_link(struct relay *r, unsigned conn)
{
	struct link *l = r->servers;

	if (conn == RELAY_CLIENT)
		return r->client;
	while (l && l->conn != conn)
		l = l->next;
	return l;
}

void
relay_client_is(struct relay *r, struct step *who, struct effects *fx)
{
	struct bytes name = step_find(who, "name");

	r->fx = fx;
	step_drop(r->who);
	r->who = who;
	snprintf(r->process, sizeof(r->process), "%.*s", (int)name.len, name.len ? (const char *)name.at : "");
	if (relay_has(r, r->first))
		relay_tell(r, r->first, step_ref(who));
}

void
relay_start(struct relay *r, struct effects *fx)
{
	r->fx = fx;
	if (r->own)
		http_own(r);
	else
		tunnel_begin(r);
	relay_settle(r);
}

void
relay_event(struct relay *r, unsigned conn, struct event *ev, struct effects *fx)
{
	struct link *l = relay_link(r, conn);

	r->fx = fx;
	if (!l) {
		event_drop(ev);
		return;
	}
	link_event(l, ev);
	relay_head_deadline(r);
	relay_settle(r);
}

struct read { unsigned number; struct local_file *file; };

static void
read_stream(struct relay *r, struct stream *s, void *arg)
{
	const struct read *read = arg;

	if (!s->gone && s->hold[CLIENT] && s->hold[CLIENT]->reading == read->number)
		hold_read(r, s, read->file);
}

void
relay_read(struct relay *r, unsigned number, struct local_file *file, struct effects *fx)
{
	struct read read = { number, file };

	r->fx = fx;
	streams_each(r, read_stream, &read);
	local_file_release(file);
	relay_settle(r);
}

static void
order_stream(struct relay *r, struct stream *s, void *arg)
{
	const struct order *o = arg;

	if (s->gone || (o->flow && o->flow != s->flow))
		return;
	if (o->kind == ORDER_KILL)
		http_kill_by(r, s, o->how, o->code, "broken off by hand");
	else if (o->kind == ORDER_INJECT)
		inject_order(r, s, o);
	else
		hold_order(r, s, o);
}

void
relay_order(struct relay *r, const struct order *o, struct effects *fx)
{
	bool whole = o->kind == ORDER_KILL && r->flow && o->flow == r->flow && !relay_stream(r, o->flow);
	struct order order = *o;

	r->fx = fx;
	if (whole)
		relay_stop(r, CLOSE_BLOCKED, "broken off by hand");
	else if (r->holds || o->kind == ORDER_KILL || o->kind == ORDER_INJECT)
		streams_each(r, order_stream, &order);
	relay_settle(r);
}

uint64_t
relay_deadline(const struct relay *r)
{
	uint64_t first = r->deadline;

	if (r->hold_deadline && (!first || r->hold_deadline < first))
		first = r->hold_deadline;
	for (const struct link *l = r->servers; l; l = l->next)
		if (l->deadline && (!first || l->deadline < first))
			first = l->deadline;
	return first;
}

uint64_t
relay_due(const struct relay *r)
{
	return r->due;
}

bool
relay_holds(const struct relay *r)
{
	return r->holds;
}

static void
relay_client_late(struct relay *r)
{
	relay_wait(r, 0);
	if (r->phase == PHASE_HTTP)
		http_refuse(r, 408, CLOSE_STAGE_TIMEOUT, "the request's head did not come in time");
	else
		tunnel_late(r);
}

void
relay_tick(struct relay *r, struct effects *fx)
{
	uint64_t now = r->world.now(r->world.arg);

	r->fx = fx;
	if (r->phase != PHASE_OVER && r->deadline && now >= r->deadline)
		relay_client_late(r);
	for (struct link *l = r->servers, *next; l && r->phase != PHASE_OVER; l = next) {
		next = l->next;
		if (l->deadline && now >= l->deadline) {
			link_late(l);
			next = r->servers;	/* there may be fewer now */
		}
	}
	hold_tick(r);
	ruled_tick(r);
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
	struct effects none = { 0 };

	/* Nobody is told any more. */
	r->fx = &none;
	relay_stop(r, CLOSE_RELAY_EOF, "");
	relay_settle(r);
	effects_release(&none);
	free(r->moves.at);
	line_edges_drop(r);
	free(r->edges.at);
	free(r->socks);
	peek_free(r->peek);
	for (size_t i = 0; i < r->steps; i++)
		step_drop(r->step[i]);
	slice_drop(&r->verbatim);
	origin_drop(r->origin);
	step_drop(r->who);
	buf_release(&r->held);
	free(r->client_name);
	free(r->listener);
	free(r->original);
	free(r);
}
