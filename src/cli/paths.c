/* Where things lie: https://specifications.freedesktop.org/basedir-spec/ */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static bool
place(const struct options *o, const char *xdg, const char *otherwise, const char *below,
	char *out, size_t room, struct fault *why)
{
	const char *base = getenv(xdg), *home = getenv("HOME");
	int n;

	if (*o->confdir)
		n = snprintf(out, room, "%s%s", o->confdir, below);
	else if (base && *base == '/')
		n = snprintf(out, room, "%s/soth%s", base, below);
	else if (home && *home)
		n = snprintf(out, room, "%s/%s/soth%s", home, otherwise, below);
	else
		return fault(why, "neither %s nor HOME is set: use --confdir", xdg);
	return n > 0 && (size_t)n < room ? true : fault(why, "the path is too long: %.100s", out);
}

bool
cli_confdir(const struct options *o, char *out, size_t room, struct fault *why)
{
	return place(o, "XDG_DATA_HOME", ".local/share", "", out, room, why);
}

/* A file in such a folder. */
static bool
file(const struct options *o, const char *xdg, const char *otherwise, const char *name, char *out, size_t room, struct fault *why)
{
	char below[64];

	snprintf(below, sizeof(below), "/%s", name);
	return place(o, xdg, otherwise, below, out, room, why);
}

bool
cli_config(const struct options *o, const char *name, char *out, size_t room, struct fault *why)
{
	return file(o, "XDG_CONFIG_HOME", ".config", name, out, room, why);
}

bool
cli_sessions(const struct options *o, char *out, size_t room, struct fault *why)
{
	return place(o, "XDG_STATE_HOME", ".local/state", *o->confdir ? "/sessions" : "", out, room, why);
}

bool
cli_state(const struct options *o, const char *name, char *out, size_t room, struct fault *why)
{
	return file(o, "XDG_STATE_HOME", ".local/state", name, out, room, why);
}
