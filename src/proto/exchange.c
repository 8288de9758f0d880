/* One request and its response: what passes on, and what is told of it. */
#include "exchange.h"

enum { MOVES_FIRST = 8 };

void
exchange_init(struct exchange *x, flow_id id, struct exchange_limits limits)
{
	*x = (struct exchange){ .id = id, .limits = limits };
}

void
exchange_release(struct exchange *x)
{
	head_drop(x->request);
	x->request = NULL;
}

enum close_code
exchange_close(const struct exchange *x)
{
	(void)x;
	return CLOSE_HTTP_COMPLETED;
}

static void
move_add(struct moves *out, enum move_kind kind, enum side side, struct part part)
{
	if (out->count == out->room) {
		out->room = out->room ? out->room * 2 : MOVES_FIRST;
		out->at = xgrow(out->at, out->room, sizeof(*out->at));
	}
	out->at[out->count++] = (struct move){ kind, side, part };
}

static void
tell_and_pass(enum side from, struct part *p, struct moves *out)
{
	move_add(out, MOVE_TELL, from, part_ref(p));
	move_add(out, MOVE_PART, from, part_move(p));
}

static void
exchange_data(struct exchange *x, enum side from, struct part *p, struct moves *out)
{
	struct exchange_half *h = &x->half[from];
	size_t len = p->data.bytes.len;
	uint64_t room = x->limits.record > h->told ? x->limits.record - h->told : 0;

	h->bytes += len;
	if (x->limits.body && h->bytes > x->limits.body) {
		move_add(out, MOVE_REFUSE, from, (struct part){ .kind = PART_NONE });
		return;
	}
	if (room >= len) {
		move_add(out, MOVE_TELL, from, part_ref(p));
		h->told += len;
	} else if (room) {
		move_add(out, MOVE_TELL, from, (struct part){ .kind = PART_DATA,
			.data = slice_cut(p->data, 0, (size_t)room) });
		h->told += room;
	}
	move_add(out, MOVE_PART, from, part_move(p));
}

/* A response's head that another one follows: RFC 9110 section 15.2. */
static bool
interim(const struct part *p)
{
	unsigned status = head_status(p->head);

	return status >= 100 && status < 200 && status != 101;
}

void
exchange_part(struct exchange *x, enum side from, struct part *p, struct moves *out)
{
	struct exchange_half *h = &x->half[from];

	if (p->kind == PART_DATA) {
		exchange_data(x, from, p, out);
		return;
	}
	if (p->kind == PART_HEAD && !(from == SERVER && interim(p)))
		h->begun = true;
	if (p->kind == PART_END || p->kind == PART_RESET) {
		h->ended = true;
		if (h->bytes > h->told)
			move_add(out, MOVE_TELL, from, (struct part){ .kind = PART_SKIP,
				.count = h->bytes - h->told });
	}
	tell_and_pass(from, p, out);
}
