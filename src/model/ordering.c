/* Which note may follow which, as tables. */
#include <stdio.h>

#include "soth/ordering.h"

/* How far a side is. */
enum at {
	AT_NOTHING,		/* its flow has not begun; in the table: not in this turn */
	AT_IDLE,		/* nothing has come */
	AT_DUE,			/* the response: it has been asked for */
	AT_OWN,			/* the response: the server's will not come; soth answers */
	AT_BODY,		/* the head has come */
	AT_BYTES,		/* there are no heads */
	AT_TRAILED,
	AT_ENDED,
	AT_BROKEN,
	AT_OVER,		/* GONE */
	ATS
};

static const char *const at_words[ATS] = {
	[AT_NOTHING] = "the flow had not begun", [AT_IDLE] = "nothing had come", [AT_DUE] = "no response had come",
	[AT_OWN] = "it had broken off", [AT_BODY] = "the body ran", [AT_BYTES] = "bytes ran",
	[AT_TRAILED] = "the trailer had come", [AT_ENDED] = "it had ended", [AT_BROKEN] = "it had broken off",
	[AT_OVER] = "the flow was over",
};

enum turn_kind { TURN_NONE, TURN_HEAD, TURN_INTERIM, TURN_SWITCH, TURN_DATA, TURN_SKIP, TURN_MESSAGE, TURN_MARK,
	TURN_TRAILER, TURN_END, TURN_RESET, TURN_KINDS };

struct turn {
	uint8_t to;		/* AT_NOTHING: it is not in turn */
	uint8_t wakes;		/* what the other side becomes: always for AT_BYTES, else where it is idle */
};

#define ENDS		[TURN_END] = { AT_ENDED, 0 }, [TURN_RESET] = { AT_BROKEN, 0 }
#define RUNS(at) \
	[TURN_DATA] = { at, 0 }, [TURN_SKIP] = { at, 0 }, [TURN_MESSAGE] = { at, 0 }, [TURN_MARK] = { at, 0 }, ENDS
#define EITHER \
	[AT_BODY] = { RUNS(AT_BODY), [TURN_TRAILER] = { AT_TRAILED, 0 } }, \
	[AT_BYTES] = { RUNS(AT_BYTES) }, \
	[AT_TRAILED] = { [TURN_SKIP] = { AT_TRAILED, 0 }, [TURN_MARK] = { AT_TRAILED, 0 }, ENDS }, \
	[AT_ENDED] = { [TURN_RESET] = { AT_BROKEN, 0 } }, \
	[AT_BROKEN] = { [TURN_RESET] = { AT_BROKEN, 0 } }
#define BYTES_BEGIN \
	[TURN_DATA] = { AT_BYTES, AT_BYTES }, [TURN_SKIP] = { AT_BYTES, AT_BYTES }, [TURN_END] = { AT_ENDED, AT_BYTES }

static const struct turn turns[2][ATS][TURN_KINDS] = {
	[CLIENT] = {
		[AT_IDLE] = { BYTES_BEGIN, [TURN_HEAD] = { AT_BODY, AT_DUE }, [TURN_RESET] = { AT_BROKEN, 0 } },
		EITHER
	},
	[SERVER] = {
		[AT_IDLE] = { BYTES_BEGIN, [TURN_RESET] = { AT_OWN, 0 } },
		[AT_DUE] = { [TURN_HEAD] = { AT_BODY, 0 }, [TURN_INTERIM] = { AT_DUE, 0 },
			[TURN_SWITCH] = { AT_BYTES, AT_BYTES }, [TURN_RESET] = { AT_OWN, 0 } },
		[AT_OWN] = { [TURN_HEAD] = { AT_BODY, 0 }, [TURN_RESET] = { AT_OWN, 0 } },
		EITHER
	},
};

static const uint8_t part_turns[PART_COUNT] = {
	[PART_HEAD] = TURN_HEAD,
	[PART_DATA] = TURN_DATA,
	[PART_SKIP] = TURN_SKIP,
	[PART_MESSAGE] = TURN_MESSAGE,
	[PART_TRAILER] = TURN_TRAILER,
	[PART_END] = TURN_END,
	[PART_RESET] = TURN_RESET,
	[PART_FRAME] = TURN_MESSAGE,
	[PART_MARK] = TURN_MARK,
	[PART_FAULT] = TURN_MARK,
};

/* How far the making of the connection is; one bit each, so that a rule can name several. */
enum stage { STAGE_OPEN = 1, STAGE_ASKED = 2, STAGE_DECIDED = 4, STAGE_DIALED = 8, STAGE_CONNECTED = 16,
	STAGE_ANY = 31 };

static const struct step_rule {
	uint8_t from;		/* stages */
	uint8_t to;		/* 0: no other */
	bool early;		/* not behind a request's head */
} step_rules[STEP_COUNT] = {
	[STEP_CONNECT_RECEIVED] = { STAGE_OPEN, STAGE_ASKED, true },
	[STEP_PARSE_FAILED] = { STAGE_ANY, 0, true },
	[STEP_DECIDED] = { STAGE_ANY, STAGE_DECIDED, true },
	[STEP_DIALING] = { STAGE_ANY & ~STAGE_ASKED, STAGE_DIALED, false },
	[STEP_CONNECTED] = { STAGE_DIALED, STAGE_CONNECTED, false },
	[STEP_CONNECT_FAILED] = { STAGE_DIALED | STAGE_CONNECTED, STAGE_DECIDED, false },
	[STEP_TLS_STARTED] = { STAGE_ANY, 0, false },
	[STEP_TLS_ESTABLISHED] = { STAGE_ANY, 0, false },
	[STEP_TLS_FAILED] = { STAGE_ANY, 0, false },
	[STEP_HTTP3_PASSTHROUGH] = { STAGE_ANY, 0, false },
	[STEP_SWITCHED] = { STAGE_ANY, 0, false },
	[STEP_PARENT] = { STAGE_ANY, 0, false },
	[STEP_REPLAYED] = { STAGE_OPEN, 0, true },
	[STEP_ANSWERED] = { STAGE_ANY, 0, false },
	[STEP_CERTIFICATES] = { STAGE_ANY, 0, false },
	[STEP_ONBOARDING] = { STAGE_ANY, 0, false },
	[STEP_PROCESS] = { STAGE_ANY, 0, false },
	[STEP_TLS_ASKED] = { STAGE_ANY, 0, false },
	[STEP_LEARNING] = { STAGE_ANY, 0, false },
	[STEP_PEEKED] = { STAGE_ANY, 0, false },
};

static bool
out_of_turn(struct ordering *o, const struct note *n, const char *what, const char *while_)
{
	if (!o->broken++)
		fault(&o->first, "note %llu of flow %llu: %s, when %s", (unsigned long long)n->flow_order,
			(unsigned long long)n->flow, what, while_);
	return false;
}

static bool
part_out_of_turn(struct ordering *o, const struct note *n, enum at at)
{
	char what[64];

	snprintf(what, sizeof(what), "%s of the %s", part_name(n->part.kind), n->side == CLIENT ? "client" : "server");
	return out_of_turn(o, n, what, at_words[at]);
}

static enum turn_kind
turn_of(const struct part *p)
{
	unsigned status = p->kind == PART_HEAD ? head_status(p->head) : 0;

	if (status < 100 || status >= 200)
		return (enum turn_kind)part_turns[p->kind];
	return status == 101 ? TURN_SWITCH : TURN_INTERIM;
}

static bool
ordering_part(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	uint8_t *at = &f->side[n->side], *other = &f->side[!n->side];
	struct turn turn = turns[n->side][*at][turn_of(&n->part)];

	if (turn.to == AT_NOTHING)
		return part_out_of_turn(o, n, (enum at)*at);
	*at = turn.to;
	if (turn.wakes == AT_BYTES || (turn.wakes && *other == AT_IDLE))
		*other = turn.wakes;
	return true;
}

static bool
early(const struct ordering_flow *f)
{
	return f->side[CLIENT] == AT_IDLE || f->side[CLIENT] == AT_BYTES;
}

/* A handshake succeeds once, and only when begun; an alert may come at any time. */
static bool
tls_in_turn(struct ordering_flow *f, const struct note *n, enum step_kind kind)
{
	uint8_t bit = (uint8_t)(1 << n->side);
	bool begun = f->tls & bit;

	if (kind == STEP_TLS_STARTED) {
		f->tls |= bit;
		return n->side == SERVER || early(f);
	}
	if (kind == STEP_TLS_ESTABLISHED || kind == STEP_TLS_FAILED)
		f->tls &= (uint8_t)~bit;
	return begun || kind != STEP_TLS_ESTABLISHED;
}

static bool
ordering_step(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	enum step_kind kind = step_kind(n->step);
	const struct step_rule *rule = &step_rules[kind];
	bool in_turn = rule->from & f->stage && (!rule->early || early(f)) && tls_in_turn(f, n, kind);

	if (!in_turn)
		return out_of_turn(o, n, step_event(kind), f->side[CLIENT] == AT_OVER ? at_words[AT_OVER] :
			rule->early && !early(f) ? "the request had come" : "it was not in turn");
	f->stage = rule->to ? rule->to : f->stage;
	return true;
}

static bool
ordering_begin(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	if (f->side[CLIENT] == AT_NOTHING) {
		*f = (struct ordering_flow){ { AT_IDLE, AT_IDLE }, STAGE_OPEN, 0 };
		o->live++;
		return true;
	}
	return early(f) || out_of_turn(o, n, "FLOW", at_words[f->side[CLIENT]]);
}

static bool
ordering_gone(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	enum at at = (enum at)f->side[SERVER];

	if (at == AT_OVER)
		return out_of_turn(o, n, "GONE", at_words[at]);
	*f = ordering_over();
	o->live--;
	return n->part.code != CLOSE_HTTP_COMPLETED || at == AT_ENDED ||
		out_of_turn(o, n, "GONE as completed", at_words[at]);
}

/* What goes on in its place begins anew; the other side is where it was. */
static bool
ordering_hand(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	if (f->side[CLIENT] == AT_OVER)
		return out_of_turn(o, n, hand_word(n->part.code), at_words[AT_OVER]);
	if (n->part.code == HAND_EDITED)
		f->side[n->side] = n->side == CLIENT ? AT_IDLE : AT_OWN;
	return true;
}

/* A person may say something at any time. */
static bool
ordering_remark(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	(void)o, (void)f, (void)n;
	return true;
}

static bool (*const ordering_of[NOTE_COUNT])(struct ordering *, struct ordering_flow *, const struct note *) = {
	[NOTE_FLOW] = ordering_begin,
	[NOTE_STEP] = ordering_step,
	[NOTE_PART] = ordering_part,
	[NOTE_GONE] = ordering_gone,
	[NOTE_HAND] = ordering_hand,
	[NOTE_REMARK] = ordering_remark,
};

struct ordering_flow
ordering_over(void)
{
	return (struct ordering_flow){ { AT_OVER, AT_OVER }, 0, 0 };
}

bool
ordering_note(struct ordering *o, struct ordering_flow *f, const struct note *n)
{
	if (n->kind == NOTE_LOG)
		return true;
	if (!f || (f->side[CLIENT] == AT_NOTHING && n->kind != NOTE_FLOW))
		return out_of_turn(o, n, "a note", at_words[AT_NOTHING]);
	return ordering_of[n->kind](o, f, n);
}

bool
ordering_numbers(struct ordering *o, const struct note *n, uint64_t order, uint64_t flow_order)
{
	if (n->order == order && (n->flow_order == flow_order || !n->flow))
		return true;
	if (!o->broken++)
		fault(&o->first, "note %llu, %llu of flow %llu, is numbered %llu and %llu", (unsigned long long)order,
			(unsigned long long)flow_order, (unsigned long long)n->flow, (unsigned long long)n->order,
			(unsigned long long)n->flow_order);
	return false;
}

bool
ordering_end(struct ordering *o)
{
	if (!o->live)
		return true;
	if (!o->broken++)
		fault(&o->first, "%llu flows have no end", (unsigned long long)o->live);
	return false;
}
