/* Finding actions. */
#include <string.h>

#include "action.h"

const struct action *
action_named(const struct action *all, const char *name)
{
	for (; all->name; all++)
		if (!strcmp(all->name, name))
			return all;
	return NULL;
}

bool
action_in(const struct action *a, const char *view)
{
	size_t len = strlen(view);

	for (const char *at = a->in; *at; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");

		if (word == len && !memcmp(at, view, len))
			return true;
		at += word;
	}
	return !*a->in;
}
