/* What rules would do to a flow of a store, in words. */
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"
#include "soth/messages.h"

enum { STEPS_MAX = 64, RECORD_MAX = 80 << 20 };

/* The flow as a scene. */
struct played {
	struct rules *rules;
	struct rule_state state;
	struct flow flow, opener;
	struct step *step[STEPS_MAX];
	struct buf body[2];
	struct scene scene;
	struct buf *words;
	size_t touches;
	bool answered;
};

static void
played_steps(struct played *p, const struct flow *f)
{
	for (size_t i = 0; i < f->moments && p->scene.steps < STEPS_MAX; i++)
		if (f->moment[i].step)
			p->step[p->scene.steps++] = f->moment[i].step;
}

static void
played_bodies(struct played *p, struct lens *l)
{
	struct trail *t = trail_by(l, p->flow.id);
	struct bytes data;
	struct fault why;
	struct glance g;

	for (;;) {
		if (!trail_next(t, &g, &why)) {
			if (trail_busy(t))
				continue;
			break;
		}
		if (g.kind == NOTE_PART && g.part == PART_DATA && lens_data(l, &g, &data, &why))
			(void)!buf_add(&p->body[g.side], data);
	}
	trail_free(t);
}

/* `partial` bodies are not whole: nothing can be replaced in them. */
static bool
played_begin(struct played *p, struct lens *l, const struct row *row)
{
	struct fault why;
	struct scene *s = &p->scene;

	buf_init(&p->body[CLIENT], RULES_BODY_MAX);
	buf_init(&p->body[SERVER], RULES_BODY_MAX);
	if (!lens_flow(l, row->id, &p->flow, &why))
		return false;
	played_steps(p, &p->flow);
	if (p->flow.origin && p->flow.origin->opened_by && p->flow.origin->opened_by != row->id &&
			lens_flow(l, p->flow.origin->opened_by, &p->opener, &why))
		played_steps(p, &p->opener);
	played_bodies(p, l);
	*s = (struct scene){ .flow = row->id, .begun = row->begun, .now = row->begun, .origin = p->flow.origin,
		.step = p->step, .steps = s->steps };
	return true;
}

static void
played_end(struct played *p)
{
	flow_release(&p->flow);
	flow_release(&p->opener);
	buf_release(&p->body[CLIENT]);
	buf_release(&p->body[SERVER]);
	rule_state_release(&p->state);
}

static void
play(struct played *p, enum rule_stage stage)
{
	struct rule_changes out = { 0 };
	struct acting *a = xalloc(sizeof(*a));

	*a = (struct acting){ .rules = p->rules, .state = &p->state, .scene = &p->scene, .stage = stage, .out = &out, .dry = true,
		.said.text = &p->rules->scratch, .words = p->words };
	a->side = stage == RULE_MESSAGE ? p->scene.side : stage < RULE_RESPONSE_HEAD ? CLIENT : SERVER;
	buf_init(&a->url, 1 << 20);
	buf_init(&a->body, RULES_BODY_MAX);
	acting_run(a);
	if (*out.trouble.text)
		(void)!buf_addf(p->words, "%s\n", out.trouble.text);
	p->touches += out.touches;
	p->answered |= out.answer || out.close;
	rule_changes_release(&out);
	free(a);
}

static void
play_side(struct played *p, const struct row *row, enum side side)
{
	struct scene *s = &p->scene;
	const struct half *h = &p->flow.half[side];

	if (!h->head)
		return;
	s->side = side;
	s->head[side] = h->head;
	s->now = side == SERVER && row->answered ? row->answered : row->begun;
	s->answered = side == SERVER ? row->answered : 0;
	play(p, side == CLIENT ? RULE_REQUEST_HEAD : RULE_RESPONSE_HEAD);
	s->body[side] = buf_bytes(&p->body[side]);
	s->bytes[side] = row->bytes[side];
	s->whole[side] = h->ended && !h->skipped;
	s->trailer[side] = h->trailer;
	if (!row->messages[side])
		play(p, side == CLIENT ? RULE_REQUEST_WHOLE : RULE_RESPONSE_WHOLE);
}

/* What frames it off, as far as that is simple: of gRPC five bytes. */
static void
play_message(struct played *p, const struct message *m)
{
	struct part as = { .kind = m->kind, .code = m->code };
	bool grpc = m->kind == PART_MARK && (m->code & MARK_KIND) == MARK_GRPC_MESSAGE;
	struct scene *s = &p->scene;

	if (!part_is_message(&as) && !(m->kind == PART_DATA && !m->begun))
		return;
	s->side = m->side;
	s->now = m->when;
	s->message = grpc ? bytes_from(m->bytes, 5) : m->bytes;
	s->message.at = s->message.at ? s->message.at : (const uint8_t *)"";
	s->message_kind = m->kind;
	s->message_code = m->code;
	s->message_size = m->size;
	if (!(grpc && m->code & MARK_COMPRESSED))
		play(p, RULE_MESSAGE);
}

static void
play_messages(struct played *p, struct lens *l, const struct row *row)
{
	struct messages *m;
	struct buf scratch;

	if (!p->rules->set->ats[RULE_MESSAGE] || !messages_likely(&p->flow))
		return;
	m = messages_new(lens_store(l), row->id);
	buf_init(&scratch, RECORD_MAX);
	while (messages_read(m))
		;
	for (size_t i = 0, count = messages_count(m); i < count; i++) {
		struct message one = messages_get(m, i, RULES_BODY_MAX, &scratch);

		play_message(p, &one);
	}
	buf_release(&scratch);
	messages_free(m);
}

size_t
rules_dry(struct rules *r, struct lens *l, const struct row *row, struct buf *words)
{
	struct played *p = xalloc(sizeof(*p));
	size_t touches;

	p->rules = r;
	p->words = words;
	if (played_begin(p, l, row)) {
		play_side(p, row, CLIENT);
		if (!p->answered)
			play_side(p, row, SERVER);
		if (!p->answered)
			play_messages(p, l, row);
	}
	touches = p->touches;
	played_end(p);
	free(p);
	return touches;
}
