/* Keys from a file, as if typed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

struct script {
	FILE *from;
	char line[1024];
	const char *at;		/* in it; "" at its end */
	bool typed;		/* the line is text, and Enter after it */
};

struct script *
script_open(const char *path, struct fault *why)
{
	FILE *from = fopen(path, "re");
	struct script *s;

	if (!from) {
		fault(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	s = xalloc(sizeof(*s));
	s->from = from;
	s->at = s->line;
	return s;
}

static bool
script_line(struct script *s)
{
	do {
		if (!fgets(s->line, sizeof(s->line), s->from))
			return false;
		s->line[strcspn(s->line, "\n")] = '\0';
		s->at = s->line + strspn(s->line, " \t");
	} while (!*s->at || *s->at == '#');
	s->typed = *s->at == ':';
	return true;
}

bool
script_key(struct script *s, char name[32])
{
	size_t len;

	if (!*s->at && s->typed) {
		s->typed = false;
		snprintf(name, 32, "<Enter>");
		return true;
	}
	if (!*s->at && !script_line(s))
		return false;
	len = s->typed ? 1 : strcspn(s->at, " \t");
	snprintf(name, 32, "%.*s", (int)len, s->at);
	s->at += len;
	if (!s->typed)
		s->at += strspn(s->at, " \t");
	return true;
}

void
script_close(struct script *s)
{
	fclose(s->from);
	free(s);
}
