/* What is to become of some connections for a while. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "soth/temporary.h"

struct temporaries {
	pthread_mutex_t lock;
	struct temporary of[TEMPORARIES_MAX];	/* the oldest first */
	atomic_size_t count;
	uint64_t last;
};

struct temporaries *
temporaries_new(void)
{
	struct temporaries *t = xalloc(sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void
temporaries_free(struct temporaries *t)
{
	if (!t)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

size_t
temporaries_count(struct temporaries *t)
{
	return t ? t->count : 0;
}

static void
take_out(struct temporaries *t, size_t at)
{
	size_t left = --t->count;

	memmove(&t->of[at], &t->of[at + 1], (left - at) * sizeof(*t->of));
}

static void
expire(struct temporaries *t, uint64_t now)
{
	for (size_t i = t->count; i--;)
		if (t->of[i].until && t->of[i].until <= now)
			take_out(t, i);
}

static bool
about_the_same(const struct temporary *a, const struct temporary *b)
{
	return a->learned == b->learned && !strcasecmp(a->host, b->host) && !strcasecmp(a->process, b->process);
}

uint64_t
temporaries_add(struct temporaries *t, const struct temporary *one, uint64_t now)
{
	uint64_t id = 0;

	pthread_mutex_lock(&t->lock);
	expire(t, now);
	for (size_t i = t->count; i--;)
		if (about_the_same(&t->of[i], one))
			take_out(t, i);
	if (t->count < TEMPORARIES_MAX) {
		t->of[t->count] = *one;
		t->of[t->count].id = id = ++t->last;
		t->count++;
	}
	pthread_mutex_unlock(&t->lock);
	return id;
}

bool
temporaries_remove(struct temporaries *t, uint64_t id)
{
	bool there = false;

	pthread_mutex_lock(&t->lock);
	for (size_t i = t->count; i-- && !there;)
		if (t->of[i].id == id) {
			take_out(t, i);
			there = true;
		}
	pthread_mutex_unlock(&t->lock);
	return there;
}

size_t
temporaries_list(struct temporaries *t, uint64_t now, struct temporary *out, size_t room)
{
	size_t count;

	if (!t || !t->count)
		return 0;
	pthread_mutex_lock(&t->lock);
	expire(t, now);
	count = t->count;
	for (size_t i = 0; i < count && i < room; i++)
		out[i] = t->of[count - 1 - i];
	pthread_mutex_unlock(&t->lock);
	return count;
}

size_t
temporaries_next(struct temporaries *t, uint64_t now, struct temporary *out)
{
	size_t count = 0;

	if (!temporaries_count(t))
		return 0;
	pthread_mutex_lock(&t->lock);
	expire(t, now);
	for (size_t i = 0; i < t->count; i++) {
		if (!t->of[i].until)
			continue;
		if (!count++ || t->of[i].until < out->until)
			*out = t->of[i];
	}
	pthread_mutex_unlock(&t->lock);
	return count;
}

static bool
host_fits(const struct temporary *one, const char *host, unsigned port)
{
	if (!one->learned)
		return option_host_fits(one->host, host, port);
	return !strcasecmp(one->host, host) || (*one->parent && !strcasecmp(one->parent, host));
}

static bool
fits(const struct temporary *one, const struct policy_question *q)
{
	bool host = false;

	if (strcmp(one->process, "*") && strcasecmp(one->process, q->process))
		return false;
	for (size_t i = 0; i < POLICY_NAMES && !host; i++)
		host = q->name[i] && *q->name[i] && host_fits(one, q->name[i], q->port);
	return host;
}

static const char *
rule_word(const struct temporary *one)
{
	return one->learned ? "learned" : "temporary";
}

bool
temporaries_find(struct temporaries *t, bool learned, const struct policy_question *q, uint64_t now, struct policy_said *out)
{
	const struct temporary *found = NULL;

	if (!t || !t->count)
		return false;
	pthread_mutex_lock(&t->lock);
	expire(t, now);
	for (size_t i = t->count; i-- && !found;)
		if (t->of[i].learned == learned && fits(&t->of[i], q))
			found = &t->of[i];
	if (found) {
		out->action = found->action;
		snprintf(out->rule, sizeof(out->rule), "%s:%llu", rule_word(found), (unsigned long long)found->id);
		snprintf(out->pattern, sizeof(out->pattern), "%s", found->host);
	}
	pthread_mutex_unlock(&t->lock);
	return found;
}

void
temporaries_used(struct temporaries *t, const char *rule)
{
	char own[40];

	if (!t || !t->count)
		return;
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < t->count; i++) {
		snprintf(own, sizeof(own), "%s:%llu", rule_word(&t->of[i]), (unsigned long long)t->of[i].id);
		t->of[i].used += !strcmp(own, rule);
	}
	pthread_mutex_unlock(&t->lock);
}
