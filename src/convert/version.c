/* A message as it came, or as it went on, out of a store. */
#include "soth/convert.h"
#include "soth/trail.h"

void
version_release(struct version *v)
{
	head_drop(v->head);
	head_drop(v->trailers);
	slice_drop(&v->body);
	*v = (struct version){ 0 };
}

static void
take_head(struct version *v, struct lens *l, const struct glance *g)
{
	struct head **to = g->part == PART_HEAD ? &v->head : &v->trailers;
	struct fault why;
	struct note n;

	if (!lens_note(l, g, &n, &why)) {
		v->whole = false;
		return;
	}
	head_drop(*to);		/* of several the last is the final one */
	*to = n.part.head ? head_ref(n.part.head) : NULL;
	note_drop(&n);
}

static void
take_data(struct version *v, struct lens *l, const struct glance *g, struct buf *body)
{
	struct bytes data;
	struct fault why;

	if (!lens_data(l, g, &data, &why) || data.len > body->limit - body->len || !buf_add(body, data))
		v->whole = false;
}

static void
take(struct version *v, struct lens *l, const struct glance *g, struct buf *body)
{
	if (g->part == PART_HEAD || g->part == PART_TRAILER)
		take_head(v, l, g);
	else if (g->part == PART_DATA)
		take_data(v, l, g, body);
	else if (g->part == PART_SKIP)
		v->whole = false;
	else if (g->part == PART_END)
		v->ended = true;
}

bool
convert_version(struct store *s, flow_id id, enum side side, bool came, size_t most, struct version *out)
{
	struct lens *l = lens_new(s);
	struct trail *t = trail_by(l, id);
	struct fault why = { "" };
	struct glance g;
	struct buf body;
	bool more;

	*out = (struct version){ .whole = true };
	buf_init(&body, most);
	trail_show(t, came ? TRAIL_CAME : TRAIL_WENT);
	while ((more = trail_next(t, &g, &why)) || trail_busy(t))
		if (more && g.kind == NOTE_PART && g.side == side)
			take(out, l, &g, &body);
	out->whole = out->whole && !*why.text;
	out->body = buf_seal(&body);
	trail_free(t);
	lens_free(l);
	return out->head;
}
