/* A request of soth's own, said part by part where a client would be. */
#include "sender.h"

enum { PIECE = 64 << 10 };

static bool
has_body(const struct sender *s)
{
	return s->what->body.bytes.len || s->what->trailer;
}

static struct part
sender_body(struct sender *s)
{
	size_t left = s->what->body.bytes.len - s->at, len = left < PIECE ? left : PIECE;
	struct part p = { .kind = PART_DATA, .data = slice_cut(s->what->body, s->at, len) };

	s->at += len;
	return p;
}

bool
sender_next(struct sender *s, struct event *ev)
{
	*ev = (struct event){ .kind = EV_PART };
	if (s->paused || s->stage == SENDER_DONE)
		return false;
	if (s->stage == SENDER_HEAD) {
		ev->part = (struct part){ .kind = PART_HEAD, .count = !has_body(s), .head = head_ref(s->what->head) };
		s->stage = SENDER_BODY;
	} else if (s->stage == SENDER_BODY && s->at < s->what->body.bytes.len) {
		ev->part = sender_body(s);
	} else if (s->stage <= SENDER_TRAILER && s->what->trailer) {
		ev->part = (struct part){ .kind = PART_TRAILER, .head = head_ref(s->what->trailer) };
		s->stage = SENDER_END;
	} else {
		ev->part = (struct part){ .kind = PART_END };
		s->stage = SENDER_DONE;
	}
	return true;
}
