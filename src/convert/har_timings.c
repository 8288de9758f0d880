/* What HAR calls timings, out of a flow's notes. */
#include "har_inside.h"

/* When the first such step of that peer was; 0: there is none. */
static uint64_t
step_at(const struct flow *f, enum step_kind kind, const char *peer)
{
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (s && step_kind(s) == kind && (!peer || bytes_are(step_find(s, "peer"), peer)))
			return f->moment[i].when;
	}
	return 0;
}

static int64_t
span(uint64_t from, uint64_t to)
{
	return to > from ? (int64_t)(to - from) : 0;
}

/*
 *	begun   dialing    connected  tls      secured   sent       answered    ended
 *	|-blocked-|--------------connect----------|-send--|----wait---|--receive--|
 *	                              |----ssl----|
 *
 * Names are looked up in `connect`: no step says when. What a flow that needs
 * no connection of its own waits for at first is all `blocked`.
 */
struct har_times
har_times(const struct flow *f)
{
	const struct half *ask = &f->half[CLIENT], *answer = &f->half[SERVER];
	uint64_t dialed = step_at(f, STEP_DIALING, NULL), connected = step_at(f, STEP_CONNECTED, NULL);
	uint64_t tls = step_at(f, STEP_TLS_STARTED, "upstream"), secured = step_at(f, STEP_TLS_ESTABLISHED, "upstream");
	uint64_t ready = secured > connected ? secured : connected;
	uint64_t begun = ask->begun > ready ? ask->begun : ready ? ready : f->begun;
	uint64_t sent = ask->ended > begun ? ask->ended : begun;
	uint64_t answered = answer->begun > sent ? answer->begun : sent;
	uint64_t ended = answer->ended > answered ? answer->ended : f->ended > answered ? f->ended : answered;
	bool made = dialed && ready;
	struct har_times t = { .connect = made ? span(dialed, ready) : -1, .ssl = tls && secured ? span(tls, secured) : -1,
		.send = span(begun, sent) };

	if (!answer->head) {	/* what there was, was waiting */
		t.wait = span(sent, f->ended);
		t.receive = 0;
	} else {
		t.wait = span(sent, answered);
		t.receive = span(answered, ended);
	}
	t.blocked = span(f->begun, begun) - (made ? t.connect : 0);
	t.blocked = t.blocked > 0 ? t.blocked : 0;
	t.total = t.blocked + (made ? t.connect : 0) + t.send + t.wait + t.receive;
	return t;
}
