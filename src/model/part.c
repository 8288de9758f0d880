/* Pieces of messages: moving, sharing and dropping them. */
#include "soth/part.h"

static const char *const part_names[] = {
#define PART_NAME(name, about) #name,
	PARTS(PART_NAME)
};

const char *
part_name(enum part_kind kind)
{
	return part_names[kind];
}

static bool
part_has_head(const struct part *p)
{
	return p->kind == PART_HEAD || p->kind == PART_TRAILER;
}

static bool
part_has_data(const struct part *p)
{
	return p->kind == PART_DATA || p->kind == PART_MESSAGE || p->kind == PART_RESET ||
		p->kind == PART_FAULT;
}

struct part
part_move(struct part *p)
{
	struct part moved = *p;

	*p = (struct part){ .kind = PART_NONE };
	return moved;
}

struct part
part_ref(const struct part *p)
{
	struct part again = *p;

	if (part_has_head(p))
		again.head = head_ref(p->head);
	else if (part_has_data(p))
		again.data = slice_ref(p->data);
	return again;
}

void
part_drop(struct part *p)
{
	if (part_has_head(p))
		head_drop(p->head);
	else if (part_has_data(p))
		slice_drop(&p->data);
	*p = (struct part){ .kind = PART_NONE };
}

bool
part_is_message(const struct part *p)
{
	if (p->kind == PART_MESSAGE)
		return (p->code & WS_OPCODE) < WS_CLOSE;
	return p->kind == PART_MARK && !(p->code & MARK_NO_EVENT);
}
