/* A flow is the fold of its notes. */
#include <stdlib.h>
#include <string.h>

#include "soth/flow.h"

static void
moment_add(struct flow *f, struct moment m)
{
	f->moment = xgrow(f->moment, f->moments + 1, sizeof(*f->moment));
	f->moment[f->moments++] = m;
}

static bool
interim(const struct head *h)
{
	unsigned status = head_status(h);

	return status >= 100 && status < 200 && status != 101;
}

static void
flow_head(struct flow *f, struct note *n)
{
	struct half *h = &f->half[n->side];
	struct head *head = n->part.head;

	n->part = (struct part){ .kind = PART_NONE };
	if (interim(head)) {
		moment_add(f, (struct moment){ n->when, n->side, NULL, head });
		return;
	}
	head_drop(h->head);
	h->head = head;
	h->begun = n->when;
}

static void
flow_fault(struct half *h, struct part *p)
{
	if (h->faults < FAULTS_KEPT) {
		h->fault = xgrow(h->fault, h->faults + 1, sizeof(*h->fault));
		h->fault[h->faults] = p->data;
		*p = (struct part){ .kind = PART_NONE };
	}
	h->faults++;
}

static void
flow_message(struct half *h, struct part *p)
{
	h->spoke = true;
	h->bytes += p->count;
	h->messages += part_is_message(p);
	if ((p->code & WS_OPCODE) != WS_CLOSE)
		return;
	h->closed = true;
	slice_drop(&h->farewell);
	h->farewell = p->data;
	*p = (struct part){ .kind = PART_NONE };
}

static void
flow_part(struct flow *f, struct note *n)
{
	struct half *h = &f->half[n->side];

	switch (n->part.kind) {
	case PART_HEAD:
		flow_head(f, n);
		break;
	case PART_DATA:
		h->bytes += n->part.data.owner ? n->part.data.bytes.len : n->part.count;	/* it may be told without them */
		h->messages += f->origin && bytes_are(f->origin->scheme, "udp");
		break;
	case PART_MESSAGE:
		flow_message(h, &n->part);
		break;
	case PART_MARK:
		h->messages += part_is_message(&n->part);
		break;
	case PART_FAULT:
		flow_fault(h, &n->part);
		break;
	case PART_FRAME:
		break;
	case PART_SKIP:
		h->bytes += n->part.count;
		h->skipped += n->part.count;
		h->messages += n->part.code;
		break;
	case PART_TRAILER:
		head_drop(h->trailer);
		h->trailer = n->part.head;
		n->part = (struct part){ .kind = PART_NONE };
		break;
	case PART_END:
		h->ended = n->when;
		break;
	case PART_RESET:
		slice_drop(&h->broken);
		h->broken = n->part.data;
		n->part = (struct part){ .kind = PART_NONE };
		break;
	case PART_NONE:
	case PART_COUNT:
		break;
	}
	if (n->stream)
		h->stream = n->stream;
}

static void
flow_remark(struct flow *f, const struct note *n)
{
	enum remark which;
	struct bytes said;

	if (!remark_read(n, &which, &said))
		return;
	slice_drop(&f->remark[which]);
	f->remark[which] = slice_copy(said);
}

static struct slice
note_words(struct note *n)
{
	struct slice words = n->part.data;

	n->part = (struct part){ .kind = PART_NONE };
	return words;
}

/* What comes now stands for what came. */
static void
half_edited(struct half *h, struct note *n)
{
	if (!h->edits++)
		h->came = h->head ? head_ref(h->head) : NULL;
	head_drop(h->head);
	head_drop(h->trailer);
	slice_drop(&h->edited_by);
	h->head = h->trailer = NULL;
	h->edited_by = note_words(n);
	h->bytes = h->skipped = h->messages = h->ended = 0;
}

static void
flow_hand(struct flow *f, struct note *n)
{
	struct half *h = &f->half[n->side];

	if (n->part.code == HAND_HELD) {
		h->held = h->held ? h->held : n->when;
		h->held_number = n->part.count;
		slice_drop(&h->held_why);
		slice_drop(&h->freed_why);
		h->held_why = note_words(n);
	} else if (n->part.code == HAND_FREED) {
		h->held = 0;
		slice_drop(&h->freed_why);
		h->freed_why = note_words(n);
	} else if (n->part.code == HAND_EDITED) {
		half_edited(h, n);
	} else if (n->part.code == HAND_RAW) {
		slice_drop(&h->raw);
		h->raw = note_words(n);
	} else if (n->part.code == HAND_TYPED) {
		slice_drop(&h->typed);
		h->typed = note_words(n);
	} else if (n->part.code == HAND_VERBATIM) {
		slice_drop(&h->verbatim);
		h->verbatim = note_words(n);
	} else if (n->part.code == HAND_RULED) {
		slice_drop(&h->ruled_by);
		h->ruled_by = note_words(n);
	} else {
		h->left |= n->part.code == HAND_LEFT;
		h->altered += n->part.code == HAND_MESSAGE;
		h->dropped += n->part.code == HAND_DROPPED;
		h->injected += n->part.code == HAND_INJECTED;
		if (n->part.code == HAND_DROPPED)	/* it waits no more */
			h->held = 0;
	}
}

void
flow_note(struct flow *f, struct note *n)
{
	f->notes = n->flow_order;
	if (n->kind == NOTE_FLOW) {
		f->id = n->flow;
		f->begun = f->begun ? f->begun : n->when;
		origin_drop(f->origin);
		f->origin = n->origin;
		n->origin = NULL;
	} else if (n->kind == NOTE_STEP) {
		moment_add(f, (struct moment){ n->when, n->side, n->step, NULL });
		n->step = NULL;
	} else if (n->kind == NOTE_GONE) {
		f->ended = n->when;
		f->half[CLIENT].held = f->half[SERVER].held = 0;
		f->close = n->part.code;
		slice_drop(&f->detail);
		f->detail = n->part.data;
		n->part = (struct part){ .kind = PART_NONE };
	} else if (n->kind == NOTE_PART) {
		flow_part(f, n);
	} else if (n->kind == NOTE_HAND) {
		flow_hand(f, n);
	} else if (n->kind == NOTE_REMARK) {
		flow_remark(f, n);
	}
	note_drop(n);
}

void
flow_release(struct flow *f)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct half *h = &f->half[side];

		head_drop(h->head);
		head_drop(h->trailer);
		for (size_t i = 0; i < h->faults && i < FAULTS_KEPT; i++)
			slice_drop(&h->fault[i]);
		free(h->fault);
		slice_drop(&h->farewell);
		slice_drop(&h->broken);
		head_drop(h->came);
		slice_drop(&h->ruled_by);
		slice_drop(&h->raw);
		slice_drop(&h->typed);
		slice_drop(&h->verbatim);
		slice_drop(&h->edited_by);
		slice_drop(&h->held_why);
		slice_drop(&h->freed_why);
	}
	for (size_t i = 0; i < f->moments; i++) {
		step_drop(f->moment[i].step);
		head_drop(f->moment[i].interim);
	}
	free(f->moment);
	origin_drop(f->origin);
	slice_drop(&f->detail);
	for (int i = 0; i < REMARK_COUNT; i++)
		slice_drop(&f->remark[i]);
	*f = (struct flow){ 0 };
}

enum protocol
flow_protocol(const struct flow *f)
{
	if (f->half[CLIENT].head)
		return protocol_of(f->half[CLIENT].head, f->half[SERVER].head);
	for (size_t i = f->moments; i--;) {
		const struct step *s = f->moment[i].step;

		if (s && step_kind(s) == STEP_HTTP3_PASSTHROUGH)
			return bytes_are(step_find(s, "passthrough_protocol"), "http3") ? PROTOCOL_HTTP3 : PROTOCOL_QUIC;
	}
	return f->origin && bytes_are(f->origin->scheme, "udp") ? PROTOCOL_UDP : PROTOCOL_TCP;
}

bool
flow_is_raw(const struct flow *f)
{
	const struct head *request = f->half[CLIENT].head, *response = f->half[SERVER].head;
	unsigned status = response ? head_status(response) : 0;

	return !request || status == 101 ||
		(bytes_are(head_method(request), "CONNECT") && status >= 200 && status < 300);
}

bool
messages_likely(const struct flow *f)
{
	enum protocol p = flow_protocol(f);

	if (p == PROTOCOL_WEBSOCKET || p == PROTOCOL_SSE || p == PROTOCOL_NDJSON || p == PROTOCOL_GRPC)
		return true;
	for (int side = CLIENT; side <= SERVER && flow_is_raw(f); side++)
		if (f->half[side].bytes)
			return true;
	return false;
}
