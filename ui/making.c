/* Docs that a thread makes. */
#include <pthread.h>
#include <stdlib.h>

#include "desk.h"
#include "making.h"
#include "soth/study.h"

enum { DOC_MAX = 4 << 20 };

struct making {
	struct study *study;
	void (*make)(void *of, struct doc *to);
	void *of;
	pthread_mutex_t lock;
	struct doc *doc;	/* made, and not taken yet */
	bool made;
};

/* The study's step: only that thread sets `made`. */
static bool
making_step(void *arg)
{
	struct making *m = arg;
	struct doc *doc;

	if (m->made)
		return false;
	doc = doc_new(DOC_MAX);
	m->make(m->of, doc);
	pthread_mutex_lock(&m->lock);
	m->doc = doc;
	m->made = true;
	pthread_mutex_unlock(&m->lock);
	return false;
}

struct making *
making_start(struct desk *d, void (*make)(void *of, struct doc *to), void *of)
{
	struct making *m = xalloc(sizeof(*m));

	*m = (struct making){ .make = make, .of = of };
	pthread_mutex_init(&m->lock, NULL);
	m->study = study_start(making_step, m, d->wake);
	(void)study_wait(m->study, d->patience);
	return m;
}

struct doc *
making_take(struct making *m)
{
	struct doc *doc;

	pthread_mutex_lock(&m->lock);
	doc = m->doc;
	m->doc = NULL;
	pthread_mutex_unlock(&m->lock);
	return doc;
}

bool
making_busy(const struct making *m)
{
	return study_busy(m->study);
}

static void
making_release(void *arg)
{
	struct making *m = arg;

	if (m->doc)
		doc_free(m->doc);
	pthread_mutex_destroy(&m->lock);
	free(m->of);
	free(m);
}

void
making_leave(struct making *m)
{
	if (m)
		study_leave(m->study, making_release);
}
