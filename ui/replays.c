/* Requests that are sent again, and what came of each: a thread sends them, whatever the screen does. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "replays.h"
#include "soth/convert.h"
#include "soth/study.h"

enum { ROOM_FIRST = 64, REST_MS = 2, REST_MOST_MS = 16 };

struct replays {
	struct desk *desk;
	struct study *sender, *checker;	/* sends; compares answers. NULL: nothing was sent yet */
	size_t ended;		/* the sender's: of the store's, that were looked at */
	int rest;		/* likewise: milliseconds until the next look, more and more while nothing happens */
	bool told;		/* the screen's: what came of it was said */

	pthread_mutex_t lock;	/* for what all of them see: */
	struct replays_how how;
	size_t next, running;	/* of `sent`, next is the first that waits */
	bool taken, stopped;	/* the one before it is not on its way yet; no more is to be sent */
	size_t sum[SENT_STATES];
	struct sent *sent;
	size_t count, room;
	size_t *todo;		/* of `sent`, those to be compared */
	size_t todos, done;	/* ... of which so many were */
};

struct replays *
replays_new(struct desk *d)
{
	struct replays *r = xalloc(sizeof(*r));

	*r = (struct replays){ .desk = d, .told = true, .rest = REST_MS };
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

static void
replays_clear(struct replays *r)
{
	study_stop(r->sender);
	study_stop(r->checker);
	r->sender = r->checker = NULL;
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

static bool
is_over(struct replays *r)
{
	bool over;

	pthread_mutex_lock(&r->lock);
	over = r->next == r->count && !r->running;
	pthread_mutex_unlock(&r->lock);
	return over;
}

/* The lock is held. */
static void
sent_becomes(struct replays *r, size_t i, enum sent_state state, const char *words)
{
	struct sent *s = &r->sent[i];

	r->sum[s->state]--;
	r->sum[state]++;
	r->running -= s->state == SENT_RUNNING;
	r->running += state == SENT_RUNNING;
	s->state = state;
	if (words && !s->words)
		s->words = xstrdup(words);
	if (state == SENT_DONE || (state == SENT_FAILED && s->flow))
		r->todo[r->todos++] = i;
}

/* The first that waits is on its way from here on; SIZE_MAX: none is to be. */
static size_t
sent_take(struct replays *r, flow_id *of, double *speed)
{
	size_t i = SIZE_MAX;

	pthread_mutex_lock(&r->lock);
	if (r->next < r->count && r->running < r->how.at_once) {
		i = r->next++;
		*of = r->sent[i].of;
		*speed = r->how.speed;
		r->taken = true;
		sent_becomes(r, i, SENT_RUNNING, NULL);
	}
	pthread_mutex_unlock(&r->lock);
	return i;
}

/* Not now: it waits as before, where nobody has said meanwhile that no more is sent. */
static void
sent_back(struct replays *r, size_t i)
{
	pthread_mutex_lock(&r->lock);
	r->taken = false;
	if (!r->stopped) {
		r->next = i;
		sent_becomes(r, i, SENT_WAITS, NULL);
	} else {
		sent_becomes(r, i, SENT_LEFT_OUT, "stopped");
	}
	pthread_mutex_unlock(&r->lock);
}

/* False: there is none, or it cannot be sent now. */
static bool
replays_send(struct replays *r)
{
	struct sending what = { .of = 0 };
	struct fault why;
	double speed;
	flow_id of, flow = 0;
	size_t i = sent_take(r, &of, &speed);
	bool can;

	if (i == SIZE_MAX)
		return false;
	can = convert_sending_timed(r->desk->store, of, speed, &what, &why) && sending_check(&what, &why);
	if (can)
		flow = backend_send(r->desk->backend, &what, &why);	/* 0: too many wait there */
	sending_release(&what);
	if (can && !flow) {
		sent_back(r, i);
		return false;
	}
	pthread_mutex_lock(&r->lock);
	r->taken = false;
	r->sent[i].flow = flow;
	if (!can)
		sent_becomes(r, i, SENT_LEFT_OUT, why.text);
	pthread_mutex_unlock(&r->lock);
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
		size_t at = r->sent[i].state == SENT_RUNNING && r->sent[i].flow ? store_index(r->desk->store, r->sent[i].flow) : SIZE_MAX;

		if (at != SIZE_MAX && store_rows(r->desk->store, at, 1, &row) == 1 && (row.ended || row.id != r->sent[i].flow))
			sent_becomes(r, i, row.state == ROW_FAILED ? SENT_FAILED : SENT_DONE, NULL);
	}
}

/* True: some of ours ended. */
static bool
replays_hear_all(struct replays *r)
{
	size_t before, at;
	struct row row;
	bool any;

	pthread_mutex_lock(&r->lock);
	before = r->todos;
	while ((at = store_ended(r->desk->store, r->ended)) != SIZE_MAX) {
		r->ended++;
		if (at == STORE_GONE)
			replays_sweep(r);
		else if (store_rows(r->desk->store, at, 1, &row) == 1)
			replays_hear(r, &row);
	}
	if (r->running && store_stats(r->desk->store).stopped)
		replays_sweep(r);
	any = r->todos != before;
	pthread_mutex_unlock(&r->lock);
	return any;
}

/* The sender's step. The store tells the screen alone when a flow has ended: it is looked at now and then. */
static bool
replays_step(void *of)
{
	struct replays *r = of;
	bool any = replays_hear_all(r);

	if (any)
		study_poke(r->checker);
	while (replays_send(r))
		any = true;
	if (is_over(r))
		return false;
	r->rest = any ? REST_MS : r->rest * 2 < REST_MOST_MS ? r->rest * 2 : REST_MOST_MS;
	(void)poll(NULL, 0, r->rest);
	return true;
}

bool
replays_add(struct replays *r, const flow_id *of, size_t flows, size_t times, const struct replays_how *how, struct fault *why)
{
	bool over = is_over(r);
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
	r->sum[SENT_WAITS] += flows * times;
	r->how = *how;
	r->stopped = false;
	pthread_mutex_unlock(&r->lock);
	r->told = false;
	if (!r->checker) {
		r->checker = study_start(replays_check, r, r->desk->wake);
		r->sender = study_start(replays_step, r, r->desk->wake);
	}
	study_poke(r->sender);
	return true;
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
replays_look(struct replays *r)
{
	if (!r->told && is_over(r))
		replays_tell(r);
}

bool
replays_stop(struct replays *r)
{
	bool any;

	pthread_mutex_lock(&r->lock);
	any = r->next < r->count || r->taken;
	r->stopped = true;
	while (r->next < r->count)
		sent_becomes(r, r->next++, SENT_LEFT_OUT, "stopped");
	pthread_mutex_unlock(&r->lock);
	return any;
}

void
replays_sum(struct replays *r, struct replays_sum *out)
{
	pthread_mutex_lock(&r->lock);
	*out = (struct replays_sum){ .sent = r->next - r->sum[SENT_LEFT_OUT], .all = r->count };
	memcpy(out->state, r->sum, sizeof(out->state));
	for (size_t i = 0; i < r->done; i++)
		out->verdict[r->sent[r->todo[i]].verdict] += r->sent[r->todo[i]].checked;
	pthread_mutex_unlock(&r->lock);
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
