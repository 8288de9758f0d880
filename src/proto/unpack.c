/* Streams of messages behind content codings, which are undone where messages are to be held one by one. */
#include <stdlib.h>

#include "coded.h"
#include "inside.h"
#include "soth/protocol.h"

enum { PLAIN_MAX = 64 << 20 };

struct unpack {
	struct coded coded;
	struct buf plain;	/* of the part under way */
	bool full;
};

void
unpack_drop(struct stream *s)
{
	if (!s->unpack)
		return;
	coded_stop(&s->unpack->coded);
	buf_release(&s->unpack->plain);
	free(s->unpack);
	s->unpack = NULL;
}

static bool
is_stream(const struct stream *s, const struct head *response)
{
	enum protocol p = s->request ? protocol_of(s->request, response) : PROTOCOL_TCP;

	return (p == PROTOCOL_SSE || p == PROTOCOL_NDJSON) && head_version(s->request) != HTTP_1_0;
}

/* Its length is not known any more. */
static struct head *
head_plain(const struct head *h)
{
	struct fault why;
	struct draft d;
	struct head *made;

	draft_of(&d, h);
	draft_remove(&d, "content-encoding");
	draft_remove(&d, "content-length");
	if (d.version != HTTP_2)
		draft_set(&d, "Transfer-Encoding", LIT("chunked"));
	made = head_make(&d, &why);
	draft_release(&d);
	return made;
}

static void
unpack_begin(struct relay *r, struct stream *s, struct part *p)
{
	struct coded coded;
	struct head *plain;

	if (!coded_start(&coded, p->head))
		return;
	plain = coded.count ? head_plain(p->head) : NULL;
	if (!plain) {
		coded_stop(&coded);
		return;
	}
	head_drop(p->head);
	p->head = plain;
	s->unpack = xalloc(sizeof(*s->unpack));
	s->unpack->coded = coded;
	buf_init(&s->unpack->plain, PLAIN_MAX);
	hold_tell(r, s, SERVER, HAND_RULED, slice_text("soth: its content coding is undone, so that its messages can be held"));
}

static void
unpack_some(void *arg, struct bytes more)
{
	struct unpack *u = arg;

	u->full = u->full || !buf_add(&u->plain, more);
}

static void
unpack_data(struct relay *r, struct stream *s, struct part *p)
{
	struct unpack *u = s->unpack;
	struct fault why;
	bool ok = coded_feed(&u->coded, p->data.bytes, unpack_some, u, &why);

	part_drop(p);
	*p = (struct part){ .kind = PART_NONE };
	if (!ok || u->full)
		http_answer(r, s, 502, CLOSE_HTTP_ERROR, u->full ? "its content coding makes too much of it" : why.text);
	else if (u->plain.len)
		*p = (struct part){ .kind = PART_DATA, .data = buf_seal(&u->plain) };
}

void
unpack_part(struct relay *r, struct stream *s, struct part *p)
{
	const struct decider *d = r->world.decider;
	bool wanted = d && d->active && d->messages && !s->raw;

	if (p->kind == PART_HEAD && wanted && !s->unpack && head_status(p->head) >= 200 && is_stream(s, p->head))
		unpack_begin(r, s, p);
	else if (p->kind == PART_DATA && s->unpack)
		unpack_data(r, s, p);
}
