/* The event loop of a thread, made of libevent. */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"

enum { CLOSING_FIRST = 16 };

struct loop {
	struct event_base *base;
	struct event *turn;	/* closes what is to be closed */
	int *closing;
	size_t count, room;
	size_t ripe;		/* of them, that were there at the turn before */
};

struct watch {
	struct event *event;
	enum watch_kind kind;
	bool on;
	void (*fn)(void *arg);
	void *arg;
};

/* What was handed over in this very turn is still in the kernel's set: libevent tells it at the end of a turn what
 * is watched no more. So it is closed in the next. */
static void
loop_turn(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd, (void)what;
	for (size_t i = 0; i < l->ripe; i++)
		close(l->closing[i]);
	l->count -= l->ripe;
	memmove(l->closing, l->closing + l->ripe, l->count * sizeof(*l->closing));
	l->ripe = l->count;
	if (l->count)
		event_add(l->turn, &(struct timeval){ 0, 0 });
}

void
loop_close(struct loop *l, int fd)
{
	if (!l->count)
		event_add(l->turn, &(struct timeval){ 0, 0 });
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : CLOSING_FIRST;
		l->closing = xgrow(l->closing, l->room, sizeof(*l->closing));
	}
	l->closing[l->count++] = fd;
}

struct loop *
loop_new(struct fault *why)
{
	struct event_config *cfg = event_config_new();
	struct loop *l = xalloc(sizeof(*l));

	/* Turning a watch off and on in one turn then costs no system call. */
	event_config_set_flag(cfg, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST | EVENT_BASE_FLAG_NOLOCK);
	l->base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	l->turn = l->base ? evtimer_new(l->base, loop_turn, l) : NULL;
	if (l->turn)
		return l;
	free(l);
	fault(why, "event loop: out of descriptors");
	return NULL;
}

void
loop_free(struct loop *l)
{
	while (l->count)
		close(l->closing[--l->count]);
	event_free(l->turn);
	event_base_free(l->base);
	free(l->closing);
	free(l);
}

void
loop_run(struct loop *l)
{
	event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void
loop_end(struct loop *l)
{
	event_base_loopbreak(l->base);
}

static void
watch_fired(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;

	(void)fd, (void)what;
	if (w->kind == WATCH_TIME)
		w->on = false;
	w->fn(w->arg);
}

struct watch *
watch_new(struct loop *l, int fd, enum watch_kind kind, void (*fn)(void *arg), void *arg)
{
	static const short what[] = {
		[WATCH_READS] = EV_READ | EV_PERSIST,
		[WATCH_WRITES] = EV_WRITE | EV_PERSIST,
		[WATCH_TIME] = 0,
	};
	struct watch *w = xalloc(sizeof(*w));

	w->kind = kind;
	w->fn = fn;
	w->arg = arg;
	w->event = event_new(l->base, kind == WATCH_TIME ? -1 : fd, what[kind], watch_fired, w);
	if (!w->event)
		abort();
	return w;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	event_free(w->event);
	free(w);
}

void
watch_on(struct watch *w)
{
	if (w->on)
		return;
	w->on = true;
	event_add(w->event, NULL);
}

void
watch_in(struct watch *w, unsigned ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	w->on = true;
	event_add(w->event, &tv);
}

void
watch_off(struct watch *w)
{
	if (!w->on)
		return;
	w->on = false;
	event_del(w->event);
}
