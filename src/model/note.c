/* Notes and orders: what they carry, and dropping it. */
#include "soth/answers.h"
#include "soth/sending.h"

enum { BLOCK_ABOUT = 48 };	/* an allocator's and a count's share */

static const char *const close_names[] = {
#define CLOSE_NAME(name, text) text,
	CLOSES(CLOSE_NAME)
};

const char *
close_name(unsigned code)
{
	return code < CLOSE_COUNT ? close_names[code] : "?";
}

static const char *const hand_words[] = {
#define HAND_WORD(name, word, about) word,
	HANDS(HAND_WORD)
};

const char *
hand_word(unsigned code)
{
	return code < HAND_COUNT ? hand_words[code] : "?";
}

static void
note_drop_flow(struct note *n)
{
	origin_drop(n->origin);
}

static void
note_drop_step(struct note *n)
{
	step_drop(n->step);
}

static void
note_drop_part(struct note *n)
{
	part_drop(&n->part);
}

static void (*const note_drops[NOTE_COUNT])(struct note *n) = {
	[NOTE_FLOW] = note_drop_flow,
	[NOTE_STEP] = note_drop_step,
	[NOTE_PART] = note_drop_part,
	[NOTE_GONE] = note_drop_part,
	[NOTE_LOG] = note_drop_part,
	[NOTE_HAND] = note_drop_part,
	[NOTE_REMARK] = note_drop_part,
};

void
note_drop(struct note *n)
{
	note_drops[n->kind](n);
	*n = (struct note){ .kind = NOTE_LOG };
}

static size_t
part_weight(const struct part *p)
{
	switch (p->kind) {
	case PART_HEAD:
	case PART_TRAILER:
		return head_text(p->head).len + BLOCK_ABOUT;
	case PART_DATA:
	case PART_MESSAGE:
	case PART_RESET:
	case PART_FAULT:
		return p->data.bytes.len + BLOCK_ABOUT;
	case PART_NONE:
	case PART_SKIP:
	case PART_END:
	case PART_FRAME:
	case PART_MARK:
	case PART_COUNT:
		break;
	}
	return 0;
}

size_t
note_weight(const struct note *n)
{
	if (n->kind == NOTE_STEP)
		return step_weight(n->step) + BLOCK_ABOUT;
	if (n->kind == NOTE_FLOW)
		return BLOCK_ABOUT;
	return part_weight(&n->part);
}

struct order
order_ref(const struct order *o)
{
	struct order again = *o;

	again.text = slice_ref(o->text);
	again.parts = o->parts ? parts_ref(o->parts) : NULL;
	again.raw = slice_ref(o->raw);
	return again;
}

void
order_drop(struct order *o)
{
	slice_drop(&o->text);
	parts_drop(o->parts);
	o->parts = NULL;
	slice_drop(&o->raw);
	sending_free(o->sending);
	o->sending = NULL;
	answers_drop(o->answers);
	o->answers = NULL;
}
