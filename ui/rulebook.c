/* The file of rules, as it changes. */
#include <stdio.h>
#include <sys/stat.h>

#include "rulebook.h"
#include "soth/rule.h"

/* Of the rules' own file; the first time that one is looked at is none. */
static bool
file_changed(struct rulebook *b, const char *path, bool first)
{
	struct stat is;
	bool same;

	if (!*path || stat(path, &is))
		return false;
	same = b->changed.tv_sec == is.st_mtim.tv_sec && b->changed.tv_nsec == is.st_mtim.tv_nsec;
	b->changed = is.st_mtim;
	b->wrong = b->wrong && same;
	return !first && !same;
}

void
rulebook_turn(struct rulebook *b, struct desk *desk)
{
	bool first = !b->second;
	char assignment[4200];
	struct fault why;

	if (!desk->backend || b->second == desk->now / 1000000)
		return;
	b->second = desk->now / 1000000;
	if (!file_changed(b, desk->options->rules, first) && (b->wrong || !rules_stale()))
		return;
	snprintf(assignment, sizeof(assignment), "rules=%.4000s", desk->options->rules);
	b->wrong = !desk_set(desk, assignment, &why);
	if (b->wrong)
		desk_fail(desk, &why);
	else
		desk_say(desk, "rules: read anew");
}
