/* What soth itself had to say. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "diary.h"
#include "soth/log.h"
#include "words.h"

struct entry { uint64_t when; char text[256]; };

struct diary {
	pthread_mutex_t lock;
	struct entry entry[DIARY_LINES];	/* a circle */
	uint64_t count;
};

static void
diary_hear(void *arg, const char *line)
{
	struct diary *d = arg;
	struct entry *e;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	pthread_mutex_lock(&d->lock);
	e = &d->entry[d->count++ % DIARY_LINES];
	e->when = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	snprintf(e->text, sizeof(e->text), "%s", line);
	pthread_mutex_unlock(&d->lock);
}

struct diary *
diary_open(void)
{
	struct diary *d = xalloc(sizeof(*d));

	pthread_mutex_init(&d->lock, NULL);
	log_to(diary_hear, d);
	return d;
}

void
diary_close(struct diary *d)
{
	log_to(NULL, NULL);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

uint64_t
diary_version(struct diary *d)
{
	uint64_t count;

	pthread_mutex_lock(&d->lock);
	count = d->count;
	pthread_mutex_unlock(&d->lock);
	return count;
}

void
diary_doc(struct diary *d, struct doc *to)
{
	char clock[WORDS_MAX];

	pthread_mutex_lock(&d->lock);
	for (uint64_t i = d->count > DIARY_LINES ? d->count - DIARY_LINES : 0; i < d->count; i++) {
		const struct entry *e = &d->entry[i % DIARY_LINES];

		doc_putf(to, ROLE_FAINT, "%s  ", words_clock(e->when, true, clock));
		doc_put(to, ROLE_TEXT, bytes_of(e->text));
		doc_line(to);
	}
	pthread_mutex_unlock(&d->lock);
}
