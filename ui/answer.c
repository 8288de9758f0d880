/* A language model's answer, put together as it comes. */
#include <stdlib.h>

#include "answer.h"
#include "sight.h"
#include "soth/messages.h"
#include "soth/study.h"

enum { AT_ONCE_US = 15000, EVENT_MAX = 4 << 20, EVENTS_TO_TELL = 64 };

struct answer {
	struct desk *desk;
	flow_id flow;
	struct messages *messages;	/* NULL: no flow is looked at */
	struct study *study;
	struct llm *llm;
	size_t fed;			/* of them */
	unsigned epoch;			/* the desk's, when it was begun */
	struct buf scratch;
};

struct answer *
answer_new(struct desk *desk)
{
	struct answer *a = xalloc(sizeof(*a));

	a->desk = desk;
	buf_init(&a->scratch, EVENT_MAX + (64 << 10));
	return a;
}

/* Nobody reads on. */
static void
answer_stop(struct answer *a)
{
	study_stop(a->study);
	a->study = NULL;
	messages_free(a->messages);
	a->messages = NULL;
}

static void
answer_drop(struct answer *a)
{
	answer_stop(a);
	llm_free(a->llm);
	a->llm = NULL;
	a->fed = 0;
}

void
answer_free(struct answer *a)
{
	if (!a)
		return;
	answer_drop(a);
	buf_release(&a->scratch);
	free(a);
}

static bool
is_event(const struct message *m)
{
	unsigned kind = m->code & MARK_KIND;

	return m->kind == PART_MARK && m->side == SERVER && (kind == MARK_SSE_EVENT || kind == MARK_RECORD);
}

/* As many as there is time for; the rest with the next frames. */
static void
answer_feed(struct answer *a)
{
	uint64_t until = sight_clock() + AT_ONCE_US;
	size_t count = messages_count(a->messages);

	for (; a->fed < count; a->fed++) {
		struct message m = messages_at(a->messages, a->fed);

		if (m.begun)
			return;
		if (a->fed >= EVENTS_TO_TELL && !llm_api(a->llm)) {
			answer_stop(a);	/* it is something else */
			return;
		}
		if (a->fed % 16 == 15 && sight_clock() > until) {
			a->desk->busy = true;
			return;
		}
		if (!is_event(&m))
			continue;
		m = messages_get(a->messages, a->fed, EVENT_MAX, &a->scratch);
		llm_message(a->llm, m.when, m.bytes, (m.code & MARK_KIND) == MARK_SSE_EVENT);
	}
}

/* Where a person says that an answer is: the options llm-text and llm-tool. */
static struct llm *
answer_start(const struct desk *d)
{
	struct buf fixes;
	struct llm *l;

	buf_init(&fixes, 16384);
	if (*d->options->llm_text)
		(void)!buf_addf(&fixes, "text %s\n", d->options->llm_text);
	if (*d->options->llm_tool)
		(void)!buf_addf(&fixes, "tool %s\n", d->options->llm_tool);
	l = llm_new(buf_bytes(&fixes));
	buf_release(&fixes);
	return l;
}

bool
answer_show(struct answer *a, const struct flow *f)
{
	enum protocol p = f ? flow_protocol(f) : PROTOCOL_HTTP;
	size_t had = a->fed;

	if (p != PROTOCOL_SSE && p != PROTOCOL_NDJSON) {
		answer_drop(a);
		a->flow = 0;
		return false;
	}
	if (f->id != a->flow || a->epoch != a->desk->epoch) {
		answer_drop(a);
		a->flow = f->id;
		a->epoch = a->desk->epoch;
		a->llm = answer_start(a->desk);
		a->messages = messages_new(a->desk->store, f->id);
		a->study = study_start(messages_read, a->messages, a->desk->wake);
		had = SIZE_MAX;
	} else if (!a->messages) {
		return false;
	} else if (!f->ended) {
		study_poke(a->study);
	}
	(void)study_wait(a->study, a->desk->patience);
	answer_feed(a);
	return a->fed != had;
}

const struct llm *
answer_llm(const struct answer *a)
{
	return a->llm && llm_api(a->llm) ? a->llm : NULL;
}
