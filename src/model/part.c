/* Pieces of messages: moving, sharing and dropping them. */
#include <stdatomic.h>
#include <stdlib.h>

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

struct parts {
	atomic_size_t refs;
	size_t count;
	struct part at[];
};

struct parts *
parts_new(struct part *at, size_t count)
{
	struct parts *p = xalloc(sizeof(*p) + count * sizeof(*at));

	atomic_init(&p->refs, 1);
	p->count = count;
	for (size_t i = 0; i < count; i++)
		p->at[i] = part_move(&at[i]);
	return p;
}

struct parts *
parts_ref(struct parts *p)
{
	atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
	return p;
}

void
parts_drop(struct parts *p)
{
	if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < p->count; i++)
		part_drop(&p->at[i]);
	free(p);
}

size_t
parts_count(const struct parts *p)
{
	return p->count;
}

const struct part *
parts_at(const struct parts *p, size_t i)
{
	return &p->at[i];
}
