/* How requests of soth's own go out. */
#include <stdlib.h>

#include "ways.h"

struct way {
	struct mode mode;
	struct way *next;
};

void
ways_init(struct ways *w)
{
	w->first = NULL;
	pthread_mutex_init(&w->lock, NULL);
}

void
ways_release(struct ways *w)
{
	for (struct way *one = w->first, *next; one; one = next) {
		next = one->next;
		free(one);
	}
	pthread_mutex_destroy(&w->lock);
}

void
ways_set(struct ways *w, const struct mode *modes, size_t count)
{
	struct way *way = xalloc(sizeof(*way));
	struct fault why;
	size_t i = 0;

	while (i < count && modes[i].kind != MODE_UPSTREAM)
		i++;
	if (i < count)
		way->mode = modes[i];
	else if (!mode_parse("regular", &way->mode, &why))
		abort();
	pthread_mutex_lock(&w->lock);
	way->next = w->first;
	w->first = way;
	pthread_mutex_unlock(&w->lock);
}

const struct mode *
ways_mode(struct ways *w)
{
	const struct mode *m;

	pthread_mutex_lock(&w->lock);
	m = &w->first->mode;
	pthread_mutex_unlock(&w->lock);
	return m;
}
