/* The file of rules, as it changes. */
#include <stdio.h>
#include <sys/stat.h>

#include "rulebook.h"

void
rulebook_turn(struct rulebook *b, struct desk *desk)
{
	char assignment[4200];
	struct fault why;
	struct stat is;
	bool first = !b->second;

	if (!desk->backend || !*desk->options->rules || b->second == desk->now / 1000000 || stat(desk->options->rules, &is))
		return;
	b->second = desk->now / 1000000;
	if (!first && b->changed.tv_sec == is.st_mtim.tv_sec && b->changed.tv_nsec == is.st_mtim.tv_nsec)
		return;
	b->changed = is.st_mtim;
	if (first)
		return;
	snprintf(assignment, sizeof(assignment), "rules=%.4000s", desk->options->rules);
	if (desk_set(desk, assignment, &why))
		desk_say(desk, "rules: read anew");
	else
		desk_fail(desk, &why);
}
