/* The rules that hold for all: put in force by whoever reads them, copied by those who apply them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "in_force.h"

enum { COPIES_MAX = 64 };

static struct {
	pthread_mutex_t lock;
	struct rules *rules;		/* NULL: none */
	struct rules *copy[COPIES_MAX];	/* that are out, of the rules in force */
	unsigned version;
} force = { .lock = PTHREAD_MUTEX_INITIALIZER };

void
rules_enforce(struct rules *r)
{
	struct rules *before;

	pthread_mutex_lock(&force.lock);
	before = force.rules;
	force.rules = r;
	force.version++;
	memset(force.copy, 0, sizeof(force.copy));
	pthread_mutex_unlock(&force.lock);
	rules_free(before);
}

bool
rules_renewed(unsigned *version)
{
	bool renewed;

	pthread_mutex_lock(&force.lock);
	renewed = *version != force.version;
	*version = force.version;
	pthread_mutex_unlock(&force.lock);
	return renewed;
}

struct rules *
rules_in_force(void)
{
	struct rules *copy = NULL;

	pthread_mutex_lock(&force.lock);
	if (force.rules)
		copy = rules_copy(force.rules);
	for (size_t i = 0; copy && i < COPIES_MAX; i++)
		if (!force.copy[i]) {
			force.copy[i] = copy;
			break;
		}
	pthread_mutex_unlock(&force.lock);
	return copy;
}

void
rules_take_back(struct rules *copy)
{
	pthread_mutex_lock(&force.lock);
	for (size_t i = 0; copy && i < COPIES_MAX; i++)
		if (force.copy[i] == copy)
			force.copy[i] = NULL;
	pthread_mutex_unlock(&force.lock);
	rules_free(copy);
}

bool
rules_told(unsigned number, struct rule_about *out)
{
	struct rule_about one;
	bool there;

	pthread_mutex_lock(&force.lock);
	there = force.rules && rules_about(force.rules, number, out);
	for (size_t i = 0; there && i < COPIES_MAX; i++)
		if (force.copy[i] && rules_about(force.copy[i], number, &one)) {
			out->hits += one.hits;
			out->given_up += one.given_up;
			out->failed += one.failed;
		}
	pthread_mutex_unlock(&force.lock);
	return there;
}

/* Where the first thing is wrong, and how many more there are. */
static bool
wrong_say(const char *path, const struct rules_wrong *wrong, struct fault *why)
{
	char more[40] = "";

	if (wrong->count > 1)
		snprintf(more, sizeof(more), " (and %zu more)", wrong->count - 1);
	if (!wrong->at[0].line)
		return fault(why, "%.100s: %.120s", path, wrong->at[0].why.text);
	return fault(why, "%.100s:%u:%u: %.120s%s", path, wrong->at[0].line, wrong->at[0].column, wrong->at[0].why.text, more);
}

bool
rules_hold(const char *path, struct fault *why)
{
	struct rules_wrong *wrong;
	struct rules *r;

	if (!*path) {
		rules_enforce(NULL);
		return true;
	}
	wrong = xalloc(sizeof(*wrong));
	pthread_mutex_lock(&force.lock);
	r = rules_load(path, force.rules, wrong);
	pthread_mutex_unlock(&force.lock);
	if (r)
		rules_enforce(r);
	else
		(void)!wrong_say(path, wrong, why);
	free(wrong);
	return r;
}
