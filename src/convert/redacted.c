/* Flows told again without their secrets. */
#include <stdio.h>
#include <stdlib.h>

#include "heirs.h"
#include "soth/redact.h"
#include "soth/trail.h"

enum { READ_MAX = 80 << 20, BODY_MAX = 256 << 20, NUMBER_ROOM = 24 };

struct side_body {
	struct slice body;	/* in the place of what came */
	bool bare;		/* there is no head: bytes of a tunnel, each run of them for itself */
	bool changed;		/* else the records stand as they are */
	bool told;
};

struct redacting {
	struct redactor *redactor;
	const struct convert_sink *to;
	struct side_body side[2];
	const struct numbers *numbers;
	struct heirs *heirs;
	struct store *store;
};

/* Bodies first, for the heads before them say how long they are. */
static void
redact_side(struct redacting *r, flow_id old, const struct flow *f, enum side side)
{
	struct side_body *b = &r->side[side];
	const struct head *h = f->half[side].head;
	bool whole, coded = h && head_has(h, "content-encoding");
	struct slice plain;

	*b = (struct side_body){ .bare = !h };
	if (!f->half[side].bytes || !h)
		return;
	plain = convert_body(r->store, old, side, true, BODY_MAX, &whole);
	b->body = redact_body(r->redactor, head_find(h, "content-type"), plain.bytes);
	b->changed = coded || !bytes_same(b->body.bytes, plain.bytes);
	slice_drop(&plain);
}

/* Without codings, with the length that the body has now; where it stands as it came, as it came. */
static struct head *
head_again(const struct redacting *r, enum side side, const struct head *h, struct fault *why)
{
	struct draft d;
	char length[NUMBER_ROOM];
	struct head *made;

	draft_of(&d, h);
	draft_remove(&d, "content-encoding");
	if (head_has(h, "content-length")) {
		snprintf(length, sizeof(length), "%zu", r->side[side].body.bytes.len);
		draft_set(&d, "content-length", bytes_of(length));
	}
	made = head_make(&d, why);
	draft_release(&d);
	return made;
}

static bool
redact_note_head(struct redacting *r, struct note *n, struct fault *why)
{
	struct head *clean, *again;

	if (!redact_head(r->redactor, n->part.head, &clean))
		return fault(why, "flow %llu: a head without its secrets could not be made", (unsigned long long)n->flow);
	if (r->side[n->side].changed && n->part.kind == PART_HEAD) {
		again = head_again(r, n->side, clean, why);
		head_drop(clean);
		if (!again)
			return false;
		clean = again;
	}
	head_drop(n->part.head);
	n->part.head = clean;
	return true;
}

static bool
redact_run(struct redacting *r, struct note *n)
{
	struct slice clean = redact_body(r->redactor, (struct bytes){ 0 }, n->part.data.bytes);

	slice_drop(&n->part.data);
	n->part.data = clean;
	return true;
}

/* False: the note is not told. */
static bool
redact_note_part(struct redacting *r, struct note *n)
{
	struct side_body *b = &r->side[n->side];

	switch (n->part.kind) {
	case PART_DATA:
		if (b->bare)
			return redact_run(r, n);
		if (!b->changed)
			return true;
		if (b->told || !b->body.bytes.len)
			return false;
		b->told = true;
		slice_drop(&n->part.data);
		n->part.data = slice_ref(b->body);
		return true;
	case PART_MARK:
		return !b->changed;
	case PART_MESSAGE:
		return redact_run(r, n);
	default:
		return true;
	}
}

/* What a hand made of a message, or typed: of that head and body tell, without their secrets. False: it is not told. */
static bool
redact_note_hand(struct redacting *r, struct note *n)
{
	return n->part.code == HAND_MESSAGE ? redact_run(r, n) :
		n->part.code != HAND_TYPED && n->part.code != HAND_VERBATIM;
}

/* The steps of a connection whose flow is left out, of which `began` is the heir. */
static void
redact_inherited(struct redacting *r, struct heir *heir, flow_id opener, const struct note *began)
{
	struct trail *t = trail_new(r->store, opener);
	struct fault why = { "" };
	struct buf scratch;
	struct glance g;
	struct note n;
	uint64_t back, next;
	bool there;

	(void)!heir_takes(heir, &n);
	buf_init(&scratch, READ_MAX);
	while ((there = trail_next(t, &g, &why)) || trail_busy(t)) {
		if (!there || g.kind != NOTE_STEP || !journal_read(trail_file(t), g.at, &scratch, &n, &back, &next, &why))
			continue;
		n.flow = began->flow;
		n.when = n.when < began->when ? began->when : n.when;
		r->to->note(r->to->arg, &n);
	}
	buf_release(&scratch);
	trail_free(t);
}

static bool
redact_note(struct redacting *r, struct note *n, struct fault *why)
{
	bool head = n->kind == NOTE_PART && (n->part.kind == PART_HEAD || n->part.kind == PART_TRAILER);
	flow_id opener = n->kind == NOTE_FLOW ? n->origin->opened_by : 0;
	struct heir *heir = heirs_open(r->heirs, n);
	struct note began = { .when = n->when };

	if (!numbers_note(r->numbers, n) || (head && !redact_note_head(r, n, why))) {
		note_drop(n);
		return false;
	}
	began.flow = n->flow;
	if (n->kind == NOTE_PART ? redact_note_part(r, n) : n->kind != NOTE_HAND || redact_note_hand(r, n))
		r->to->note(r->to->arg, n);
	else
		note_drop(n);
	if (heir)
		redact_inherited(r, heir, opener, &began);
	return true;
}

static bool
redact_flow(struct redacting *r, flow_id old, struct fault *why)
{
	struct flow f;
	struct trail *t = trail_new(r->store, old);
	struct buf scratch;
	struct glance g;
	struct note n;
	uint64_t back, next;
	bool ok = store_flow(r->store, old, &f, why);

	buf_init(&scratch, READ_MAX);
	for (int side = CLIENT; ok && side <= SERVER; side++)
		redact_side(r, old, &f, (enum side)side);
	flow_release(&f);
	while (ok) {
		if (!trail_next(t, &g, why)) {
			if (trail_busy(t))
				continue;
			ok = !*why->text;
			break;
		}
		ok = journal_read(trail_file(t), g.at, &scratch, &n, &back, &next, why) && redact_note(r, &n, why);
	}
	slice_drop(&r->side[CLIENT].body);
	slice_drop(&r->side[SERVER].body);
	r->side[CLIENT] = r->side[SERVER] = (struct side_body){ .changed = false };
	buf_release(&scratch);
	trail_free(t);
	return ok;
}

bool
convert_redacted(struct redactor *redactor, const struct convert_flows *from, const struct convert_sink *to, struct fault *why)
{
	struct numbers *numbers = numbers_new(from, 1);
	struct redacting r = { .redactor = redactor, .to = to, .numbers = numbers, .heirs = heirs_new(from, numbers),
		.store = from->store };
	bool ok = true;

	for (size_t i = 0; ok && i < from->count; i++)
		ok = redact_flow(&r, from->id[i], why);
	heirs_free(r.heirs);
	numbers_free(numbers);
	return ok;
}
