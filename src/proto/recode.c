/* Streams of messages behind a content coding, of which soth goes on with the coding once one is put between them. */
#include <stdlib.h>

#include "inside.h"
#include "soth/protocol.h"
#include "soth/seam.h"

enum { OUT_MAX = 64 << 20 };

struct recode {
	struct seam *seam;
	bool cut, ended;
};

void
recode_drop(struct stream *s)
{
	if (!s->recode)
		return;
	seam_free(s->recode->seam);
	free(s->recode);
	s->recode = NULL;
}

static bool
is_stream(const struct stream *s, const struct head *response)
{
	enum protocol p = s->request ? protocol_of(s->request, response) : PROTOCOL_TCP;

	return p == PROTOCOL_SSE || p == PROTOCOL_NDJSON;
}

/* What has gone on is kept, as far as there is room for it, in case a message is to be put behind it. */
static void
recode_begin(struct stream *s, const struct head *head)
{
	struct bytes coding = head_find(head, "content-encoding");
	struct seam *seam = coding.len && is_stream(s, head) && !head_has(head, "content-length") ? seam_new(coding) : NULL;

	if (!seam)
		return;
	s->recode = xalloc(sizeof(*s->recode));
	s->recode->seam = seam;
}

/* In place of what came: the same, as blocks of ours. */
static void
recode_data(struct relay *r, struct stream *s, struct part *p)
{
	struct fault why = { "it is too much" };
	struct buf out;
	bool ok;

	buf_init(&out, OUT_MAX);
	ok = seam_came(s->recode->seam, p->data.bytes, &out, &why);
	part_drop(p);
	*p = out.len && ok ? (struct part){ .kind = PART_DATA, .data = buf_seal(&out) } : (struct part){ .kind = PART_NONE };
	buf_release(&out);
	if (!ok)
		http_answer(r, s, 502, CLOSE_HTTP_ERROR, why.text);
}

/* The end of its coding, in front of what ends the body. */
static void
recode_end(struct relay *r, struct stream *s)
{
	struct part tail = { .kind = PART_DATA };
	struct buf out;

	s->recode->ended = true;
	buf_init(&out, OUT_MAX);
	if (seam_end(s->recode->seam, &out)) {
		tail.data = buf_seal(&out);
		stream_part(r, s, SERVER, &tail);
		part_drop(&tail);
	}
	buf_release(&out);
}

void
recode_part(struct relay *r, struct stream *s, struct part *p)
{
	const struct recode *c = s->recode;

	if (p->kind == PART_HEAD && !c && !s->unpack && !s->raw && head_status(p->head) >= 200)
		recode_begin(s, p->head);
	else if (p->kind == PART_DATA && c && !c->cut)
		seam_keep(c->seam, p->data.bytes);
	else if (p->kind == PART_DATA && c)
		recode_data(r, s, p);
	else if ((p->kind == PART_TRAILER || p->kind == PART_END) && c && c->cut && !c->ended)
		recode_end(r, s);
}

enum seam_cut
recode_cut(struct relay *r, struct stream *s, struct fault *why)
{
	enum seam_cut can;

	if (!s->recode) {
		fault(why, "the stream is compressed, and not in a way that can be gone on with");
		return SEAM_NEVER;
	}
	if (s->recode->cut)
		return SEAM_CUT;
	can = seam_cut(s->recode->seam, why);
	s->recode->cut = can == SEAM_CUT;
	if (s->recode->cut)
		hold_tell(r, s, SERVER, HAND_RULED, slice_text("soth: from here on its content coding is soth's own, so that a message could be injected"));
	return can;
}

struct slice
recode_put(struct stream *s, struct slice plain)
{
	struct buf out;
	struct slice made;

	buf_init(&out, OUT_MAX);
	(void)!seam_put(s->recode->seam, plain.bytes, &out);
	made = buf_seal(&out);
	buf_release(&out);
	return made;
}
