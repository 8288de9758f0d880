/* Actions that say what becomes of connections to a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts.h"

enum { MINUTES_MAX = 7 * 24 * 60 };

/* Whom it is about. */
struct whom {
	char host[256], process[PROCESS_ROOM];
	unsigned minutes;
};

static bool
host_in_sight(const struct desk *desk, struct whom *w, struct fault *why)
{
	size_t at = desk->flow ? store_index(desk->store, desk->flow) : SIZE_MAX;
	struct row row;

	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1 || !*row.host)
		return fault(why, "no flow with a host is under the cursor: name one, as *.example.com or curl/*");
	snprintf(w->host, sizeof(w->host), "%s", row.host);
	return true;
}

/* "HOST", "PROCESS/HOST" */
static bool
whom_named(const char *text, struct whom *w, struct fault *why)
{
	const char *slash = strrchr(text, '/'), *host = slash ? slash + 1 : text;
	size_t len = slash ? (size_t)(slash - text) : 0;

	if (!*host || slash == text || len >= sizeof(w->process) || strlen(host) >= sizeof(w->host))
		return fault(why, "'%.60s': expected a host, HOST:PORT, *.example.com, or PROCESS/HOST", text);
	snprintf(w->process, sizeof(w->process), "%.*s", (int)len, text);
	snprintf(w->host, sizeof(w->host), "%s", host);
	return true;
}

/* "[MINUTES] [[PROCESS/]HOST]" */
static bool
whom_read(const struct desk *desk, const char *arg, struct whom *w, struct fault *why)
{
	size_t digits = strspn(arg, "0123456789");

	*w = (struct whom){ .minutes = 0 };
	if (digits && (!arg[digits] || arg[digits] == ' ')) {
		w->minutes = (unsigned)strtoul(arg, NULL, 10);
		if (!w->minutes || digits > 5 || w->minutes > MINUTES_MAX)
			return fault(why, "expected minutes from 1 to %d", MINUTES_MAX);
		arg += digits;
		arg += strspn(arg, " ");
	}
	return *arg ? whom_named(arg, w, why) : host_in_sight(desk, w, why);
}

static bool
act(struct desk *desk, const char *arg, enum policy_action action, const char *words, struct fault *why)
{
	struct whom w;
	char of[80] = "";

	if (!whom_read(desk, arg, &w, why) || !desk_policy(desk, w.host, w.process, action, w.minutes, why))
		return false;
	if (*w.process)
		snprintf(of, sizeof(of), " by %s", w.process);
	if (w.minutes)
		desk_say(desk, "for %u minute%s connections to %.60s%s %s, from the next one on", w.minutes, w.minutes == 1 ? "" : "s",
			w.host, of, words);
	else
		desk_say(desk, "connections to %.60s%s %s, from the next one on", w.host, of, words);
	return true;
}

bool
act_tunnel(struct desk *desk, const char *arg, struct fault *why)
{
	return act(desk, arg, POLICY_TUNNEL, "pass unread", why);
}

bool
act_block(struct desk *desk, const char *arg, struct fault *why)
{
	return act(desk, arg, POLICY_BLOCK, "are refused", why);
}

bool
act_inspect(struct desk *desk, const char *arg, struct fault *why)
{
	return act(desk, arg, POLICY_INTERCEPT, "are read", why);
}

bool
act_policy_undo(struct desk *desk, const char *arg, struct fault *why)
{
	struct whom w = { .minutes = 0 };

	if (!(*arg ? whom_named(arg, &w, why) : host_in_sight(desk, &w, why)) ||
			!desk_policy_undo(desk, w.host, w.process, why))
		return false;
	desk_say(desk, "connections to %.60s are as all others again", w.host);
	return true;
}

bool
act_policy(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return action_run(desk, "view policy", why);
}
