/* Names to addresses, by getaddrinfo in a few threads. */
#include <stdio.h>
#include <stdlib.h>

#include "resolve.h"

enum { THREADS = 4, QUEUE_MOST = 1024 };

struct question {
	struct ask ask;
	char host[256];
	void (*done)(void *arg, struct addrinfo *found, const char *why);
	void *arg;
	struct addrinfo *found;
	int rc;
};

static void
question_answer(struct ask *ask)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	struct question *q = (struct question *)ask;

	q->rc = getaddrinfo(q->host, NULL, &want, &q->found);
}

static void
question_tell(struct ask *ask)
{
	struct question *q = (struct question *)ask;
	struct addrinfo *found = q->found;

	q->found = NULL;
	q->done(q->arg, found, q->rc ? gai_strerror(q->rc) : "");
}

static void
question_drop(struct ask *ask)
{
	struct question *q = (struct question *)ask;

	if (q->found)
		freeaddrinfo(q->found);
	free(q);
}

static struct pool_state state = POOL_STATE;
static const struct pool names = { question_answer, question_tell, question_drop, THREADS, QUEUE_MOST, &state };

struct question *
resolve(struct asker *a, const char *host,
	void (*done)(void *arg, struct addrinfo *found, const char *why), void *arg)
{
	struct question *q = xalloc(sizeof(*q));

	q->done = done;
	q->arg = arg;
	q->rc = EAI_AGAIN;
	snprintf(q->host, sizeof(q->host), "%s", host);
	if (!ask(a, &names, &q->ask))
		ask_answered(a, &names, &q->ask);
	return q;
}

void
resolve_cancel(struct question *q)
{
	ask_cancel(&q->ask);
}
