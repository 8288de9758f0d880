/* A body, read out of a store for those who write formats. */
#include "soth/coding.h"
#include "soth/convert.h"
#include "soth/trail.h"

enum { RECORD_MAX = 80 << 20 };

struct reading {
	struct buf body;
	bool full;
	struct coding *coding;
};

static void
reading_add(void *arg, struct bytes more)
{
	struct reading *r = arg;
	size_t room = r->body.limit - r->body.len;

	if (more.len > room) {
		r->full = true;
		more.len = room;
	}
	if (!buf_add(&r->body, more))
		r->full = true;
}

static void
reading_data(struct reading *r, struct bytes data)
{
	if (r->coding)
		coding_feed(r->coding, data, reading_add, r);
	else
		reading_add(r, data);
}

/* By the head of that side; a type that has no charset, so that bytes stay. */
static struct coding *
reading_coding(struct store *s, flow_id id, enum side side, size_t most)
{
	struct hint h = { .type = LIT("application/octet-stream") };
	struct coding *c = NULL;
	struct fault why;
	struct flow f;

	if (store_flow(s, id, &f, &why) && f.half[side].head) {
		h.coding = head_find(f.half[side].head, "content-encoding");
		if (h.coding.len)
			c = coding_new(&h, NULL, most);
	}
	flow_release(&f);
	return c;
}

struct slice
convert_body(struct store *s, flow_id id, enum side side, bool plain, size_t most, bool *whole)
{
	struct reading r = { .coding = plain ? reading_coding(s, id, side, most) : NULL };
	struct trail *t = trail_new(s, id);
	struct buf scratch;
	struct bytes data;
	struct glance g;
	struct fault why = { "" };
	bool skipped = false;

	buf_init(&r.body, most);
	buf_init(&scratch, RECORD_MAX);
	while (!r.full) {
		if (!trail_next(t, &g, &why)) {
			if (trail_busy(t))
				continue;
			break;
		}
		if (g.kind != NOTE_PART || g.side != side)
			continue;
		skipped = skipped || g.part == PART_SKIP;
		if (g.part == PART_DATA && journal_data(trail_file(t), &g, &scratch, &data, &why))
			reading_data(&r, data);
	}
	if (r.coding)
		coding_end(r.coding, reading_add, &r);
	*whole = !r.full && !skipped && !*why.text && !(r.coding && coding_trouble(r.coding));
	coding_free(r.coding);
	buf_release(&scratch);
	trail_free(t);
	return buf_seal(&r.body);
}
