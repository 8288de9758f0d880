/* Which program is made to trust soth in which way. */
#include <string.h>

#include "trusting.h"

/* Names of processes, with spaces; one that ends in * is how they begin. */
static const struct { const char *names, *system; } programs[] = {
	{ "curl wget git*", "curl, git" },
	{ "python* pip* uvicorn gunicorn", "Python" },
	{ "node* npm yarn pnpm bun deno", "Node.js" },
	{ "java* gradle* mvn*", "Java" },
	{ "firefox* thunderbird*", "Firefox" },
	{ "chrom* google-chrome* brave* msedge* electron*", "Chromium, Chrome" },
	{ "go ruby* openssl* perl* php*", "Go, Ruby, OpenSSL" },
	{ "docker* podman*", "Docker" },
};

static bool
is_named(const char *names, const char *process)
{
	while (*names) {
		size_t len = strcspn(names, " ");
		bool begins = names[len - 1] == '*';

		if (!strncmp(names, process, len - begins) && (begins || !process[len]))
			return true;
		names += len + strspn(names + len, " ");
	}
	return false;
}

static const struct guide *
guide_named(const char *system)
{
	const struct guide *g;

	for (size_t i = 0; (g = guide_at(i)); i++)
		if (!strcmp(g->system, system))
			return g;
	return NULL;
}

const struct guide *
trusting_of(const char *process)
{
	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		if (is_named(programs[i].names, process))
			return guide_named(programs[i].system);
	return NULL;
}

bool
trusting_command(const struct guide *g, const char *path, struct guide_line *out)
{
	const char *at = g->steps;

	while (guide_next(&at, path, "", out))
		if (out->command)
			return true;
	return false;
}
