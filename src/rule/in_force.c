/* The rules that hold for all: put in force by whoever reads them, copied by those who apply them. */
#include <pthread.h>
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

bool
rules_hold(const struct options *o, struct fault *why)
{
	struct rules *r;

	*why = (struct fault){ "" };
	pthread_mutex_lock(&force.lock);
	r = rules_of_options(o, force.rules, why);
	pthread_mutex_unlock(&force.lock);
	if (!*why->text)
		rules_enforce(r);
	return !*why->text;
}

bool
rules_stale(void)
{
	struct rules *now;
	bool stale;

	pthread_mutex_lock(&force.lock);
	now = force.rules ? rules_copy(force.rules) : NULL;
	pthread_mutex_unlock(&force.lock);
	stale = now && rules_out_of_date(now);
	rules_free(now);
	return stale;
}
