/* A request of soth's own, said part by part where a client would be. */
#include "sender.h"

enum { PIECE = 64 << 10, SILENCE = 1000000, BREATH = 250000 };	/* microseconds in which a server says no more */

static bool
has_body(const struct sender *s)
{
	return s->what->body.bytes.len || s->what->trailer || s->what->says;
}

static bool
is_websocket(const struct sender *s)
{
	return s->what->says && bytes_like(head_find(s->what->head, "upgrade"), "websocket");
}

static struct part
sender_body(struct sender *s)
{
	size_t left = s->what->body.bytes.len - s->at, len = left < PIECE ? left : PIECE;
	struct part p = { .kind = PART_DATA, .data = slice_cut(s->what->body, s->at, len) };

	s->at += len;
	return p;
}

static struct part
sender_head(struct sender *s, uint64_t now)
{
	s->stage = s->what->says ? SENDER_SAYS : SENDER_BODY;
	if (!is_websocket(s))
		s->begun = now;
	return (struct part){ .kind = PART_HEAD, .count = !has_body(s), .head = head_ref(s->what->head) };
}

/* A WebSocket's good-bye shall not come before what the server has to say to all else; 0: it is none. */
static uint64_t
silence_until(const struct sender *s)
{
	const struct saying *next = s->at < sayings_count(s->what->says) ? sayings_at(s->what->says, s->at) : NULL;

	if (!is_websocket(s) || (next && (next->part.code & WS_OPCODE) != WS_CLOSE))
		return 0;
	return s->heard + (s->what->speed > 0 ? BREATH : SILENCE);
}

uint64_t
sender_due(const struct sender *s)
{
	const struct sayings *says = s->what ? s->what->says : NULL;
	uint64_t after, due, silence;

	if (!says || s->stage != SENDER_SAYS || !s->begun || s->paused)
		return 0;
	after = s->at < sayings_count(says) ? sayings_at(says, s->at)->after : sayings_end(says);
	due = s->begun + sayings_time(after, s->what->speed);
	silence = silence_until(s);
	return due > silence ? due : silence;
}

/* False: its time has not come. */
static bool
sender_says(struct sender *s, uint64_t now, struct part *p)
{
	if (!s->begun || now < sender_due(s))
		return false;
	if (s->at < sayings_count(s->what->says)) {
		*p = part_ref(&sayings_at(s->what->says, s->at++)->part);
		s->heard = now;
	} else {
		*p = (struct part){ .kind = PART_END };
		s->stage = SENDER_DONE;
	}
	return true;
}

bool
sender_next(struct sender *s, uint64_t now, struct event *ev)
{
	*ev = (struct event){ .kind = EV_PART };
	if (s->paused || s->stage == SENDER_DONE)
		return false;
	if (s->stage == SENDER_SAYS)
		return sender_says(s, now, &ev->part);
	if (s->stage == SENDER_HEAD) {
		ev->part = sender_head(s, now);
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

void
sender_hears(struct sender *s, const struct part *p, uint64_t now)
{
	unsigned status = p->kind == PART_HEAD ? head_status(p->head) : 0;

	s->heard = now;
	if (s->stage != SENDER_SAYS)
		return;
	if (is_websocket(s) && !s->begun && status) {
		if (status == 101 || (status >= 200 && status < 300))
			s->begun = now;
		else if (status >= 200)		/* it was not agreed to */
			s->stage = SENDER_END;
	}
	if (p->kind == PART_END || p->kind == PART_RESET)	/* nobody listens any more */
		s->stage = SENDER_END;
}
