/* Requests that are sent again, and what came of each. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "replays.h"
#include "soth/convert.h"
#include "soth/study.h"

enum { ROOM_FIRST = 64 };

struct replays {
	struct desk *desk;
	struct study *checker;	/* compares answers; NULL: nothing was sent yet */
	struct replays_how how;
	size_t next, running;	/* of `sent`, next is the first that waits */
	size_t ended;		/* of the store's, that were looked at */
	size_t sum[SENT_STATES];
	bool told;		/* what came of it was said */

	pthread_mutex_t lock;	/* for what the checker sees: */
	struct sent *sent;
	size_t count, room;
	size_t *todo;		/* of `sent`, those to be compared */
	size_t todos, done;	/* ... of which so many were */
};

struct replays *
replays_new(struct desk *d)
{
	struct replays *r = xalloc(sizeof(*r));

	*r = (struct replays){ .desk = d, .told = true };
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

static void
replays_clear(struct replays *r)
{
	study_stop(r->checker);
	r->checker = NULL;
	for (size_t i = 0; i < r->count; i++)
		free(r->sent[i].words);
	free(r->sent);
	free(r->todo);
	r->sent = NULL;
	r->todo = NULL;
	r->count = r->room = r->todos = r->done = r->next = r->running = 0;
	memset(r->sum, 0, sizeof(r->sum));
}

void
replays_free(struct replays *r)
{
	replays_clear(r);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* The checker's step: one answer. */
static bool
replays_check(void *of)
{
	struct replays *r = of;
	struct store *const s[2] = { r->desk->store, r->desk->store };
	char words[VERDICT_ROOM] = "";
	enum replay_verdict v;
	size_t i = SIZE_MAX;
	flow_id id[2];

	pthread_mutex_lock(&r->lock);
	if (r->done < r->todos) {
		i = r->todo[r->done++];
		id[0] = r->sent[i].of;
		id[1] = r->sent[i].flow;
	}
	pthread_mutex_unlock(&r->lock);
	if (i == SIZE_MAX)
		return false;
	v = replay_check(s, id, words);
	pthread_mutex_lock(&r->lock);
	r->sent[i].verdict = v;
	r->sent[i].words = *words ? xstrdup(words) : NULL;
	r->sent[i].checked = true;
	pthread_mutex_unlock(&r->lock);
	return true;
}

static void
replays_room(struct replays *r, size_t more)
{
	size_t room = r->room ? r->room : ROOM_FIRST;

	while (room < r->count + more)
		room *= 2;
	if (room == r->room)
		return;
	r->sent = xgrow(r->sent, room, sizeof(*r->sent));
	r->todo = xgrow(r->todo, room, sizeof(*r->todo));
	r->room = room;
}

/* The first number of which no flow has ended yet. */
static size_t
ended_so_far(struct store *s)
{
	size_t low = 0, high = 1;

	while (store_ended(s, high - 1) != SIZE_MAX)
		high *= 2;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (store_ended(s, middle) != SIZE_MAX)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
replays_add(struct replays *r, const flow_id *of, size_t flows, size_t times, const struct replays_how *how, struct fault *why)
{
	bool over = r->next == r->count && !r->running;
	size_t before = over ? 0 : r->count;

	if (!flows || times > (REPLAYS_MAX - before) / flows)
		return fault(why, "at most %d requests are sent again", REPLAYS_MAX);
	if (over) {
		replays_clear(r);
		r->ended = ended_so_far(r->desk->store);
	}
	pthread_mutex_lock(&r->lock);
	replays_room(r, flows * times);
	for (size_t i = 0; i < flows * times; i++)
		r->sent[r->count++] = (struct sent){ .of = of[i % flows] };
	pthread_mutex_unlock(&r->lock);
	r->sum[SENT_WAITS] += flows * times;
	r->how = *how;
	r->told = false;
	if (!r->checker)
		r->checker = study_start(replays_check, r, r->desk->wake);
	replays_go_on(r);
	return true;
}

static void
sent_becomes(struct replays *r, size_t i, enum sent_state state, const char *words)
{
	struct sent *s = &r->sent[i];

	pthread_mutex_lock(&r->lock);
	r->sum[s->state]--;
	r->sum[state]++;
	r->running -= s->state == SENT_RUNNING;
	r->running += state == SENT_RUNNING;
	s->state = state;
	if (words && !s->words)
		s->words = xstrdup(words);
	if (state == SENT_DONE || (state == SENT_FAILED && s->flow))
		r->todo[r->todos++] = i;
	pthread_mutex_unlock(&r->lock);
	study_poke(r->checker);
}

/* False: not now. */
static bool
replays_send(struct replays *r, size_t i)
{
	struct sending s = { .of = 0 };
	struct fault why;
	flow_id flow;

	if (!convert_sending_timed(r->desk->store, r->sent[i].of, r->how.speed, &s, &why)) {
		sent_becomes(r, i, SENT_LEFT_OUT, why.text);
		return true;
	}
	flow = backend_send(r->desk->backend, &s, &why);
	sending_release(&s);
	if (!flow)
		return false;
	r->sent[i].flow = flow;
	sent_becomes(r, i, SENT_RUNNING, NULL);
	return true;
}

/* By its number, which grows from one that was sent to the next; SIZE_MAX: none of these. */
static size_t
sent_find(const struct replays *r, flow_id flow)
{
	for (size_t i = r->next; i--;)
		if (r->sent[i].flow && r->sent[i].flow <= flow)
			return r->sent[i].flow == flow ? i : SIZE_MAX;
	return SIZE_MAX;
}

static void
replays_hear(struct replays *r, const struct row *row)
{
	size_t i = sent_find(r, row->id);

	if (i != SIZE_MAX && r->sent[i].state == SENT_RUNNING)
		sent_becomes(r, i, row->state == ROW_FAILED || !row->status ? SENT_FAILED : SENT_DONE, NULL);
}

/* Where the store does not say which ended: all are looked at. */
static void
replays_sweep(struct replays *r)
{
	struct row row;

	for (size_t i = 0; i < r->next; i++) {
		size_t at = r->sent[i].state == SENT_RUNNING ? store_index(r->desk->store, r->sent[i].flow) : SIZE_MAX;

		if (at != SIZE_MAX && store_rows(r->desk->store, at, 1, &row) == 1 && (row.ended || row.id != r->sent[i].flow))
			sent_becomes(r, i, row.state == ROW_FAILED ? SENT_FAILED : SENT_DONE, NULL);
	}
}

static void
replays_hear_all(struct replays *r)
{
	struct row row;
	size_t at;

	while ((at = store_ended(r->desk->store, r->ended)) != SIZE_MAX) {
		r->ended++;
		if (at == STORE_GONE)
			replays_sweep(r);
		else if (store_rows(r->desk->store, at, 1, &row) == 1)
			replays_hear(r, &row);
	}
	if (r->running && store_stats(r->desk->store).stopped)
		replays_sweep(r);
}

static void
replays_tell(struct replays *r)
{
	size_t sent = r->count - r->sum[SENT_LEFT_OUT] - r->sum[SENT_WAITS], bad = r->sum[SENT_FAILED];
	struct fault why;

	r->told = true;
	if (!sent)
		desk_fail(r->desk, (fault(&why, "%s", r->sent[0].words ? r->sent[0].words : "nothing was sent"), &why));
	else if (sent == 1)
		desk_say(r->desk, "sent again as flow %llu%s", (unsigned long long)r->sent[0].flow, bad ? ": it failed" : "");
	else if (bad)
		desk_say(r->desk, "%zu requests sent again, %zu failed: P has them", sent, bad);
	else
		desk_say(r->desk, "%zu requests sent again: P has what came of them", sent);
}

void
replays_go_on(struct replays *r)
{
	if (r->told)
		return;
	replays_hear_all(r);
	while (r->next < r->count && r->running < r->how.at_once && replays_send(r, r->next))
		r->next++;
	if (r->next == r->count && !r->running)
		replays_tell(r);
	else
		r->desk->busy = r->desk->busy || (r->next < r->count && r->running < r->how.at_once);
}

bool
replays_stop(struct replays *r)
{
	if (r->next == r->count)
		return false;
	while (r->next < r->count)
		sent_becomes(r, r->next++, SENT_LEFT_OUT, "stopped");
	return true;
}

void
replays_sum(const struct replays *r, struct replays_sum *out)
{
	struct replays *w = (struct replays *)(uintptr_t)r;

	*out = (struct replays_sum){ .sent = r->next - r->sum[SENT_LEFT_OUT], .all = r->count };
	memcpy(out->state, r->sum, sizeof(out->state));
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < r->done; i++)
		out->verdict[r->sent[r->todo[i]].verdict] += r->sent[r->todo[i]].checked;
	pthread_mutex_unlock(&w->lock);
}

size_t
replays_count(const struct replays *r)
{
	return r->count;
}

bool
replays_at(struct replays *r, size_t i, struct sent *out, char words[VERDICT_ROOM])
{
	if (i >= r->count)
		return false;
	pthread_mutex_lock(&r->lock);
	*out = r->sent[i];
	snprintf(words, VERDICT_ROOM, "%s", out->words ? out->words : "");
	out->words = words;
	pthread_mutex_unlock(&r->lock);
	return true;
}
