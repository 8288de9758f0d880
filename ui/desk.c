/* What actions and views do to the program around them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "catalog.h"
#include "columns.h"
#include "desk.h"
#include "saved.h"
#include "screen.h"
#include "soth/filter.h"
#include "soth/policy.h"
#include "soth/rule.h"
#include "theme.h"
#include "types.h"
#include "words.h"

void
desk_say(struct desk *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->message, sizeof(d->message), fmt, ap);
	va_end(ap);
	d->failed = false;
}

void
desk_fail(struct desk *d, const struct fault *why)
{
	snprintf(d->message, sizeof(d->message), "%s", why->text);
	d->failed = true;
}

static bool
hear_start(struct desk *d, const char *assignment, struct fault *why)
{
	(void)d;
	return fault(why, "%.80s: only when soth starts: on the command line, or in the config file", assignment);
}

/* What the workers would have to refuse later, where nobody sees it. */
static bool
is_expression(const char *text, struct fault *why)
{
	struct fault wrong;
	size_t at;
	struct filter *f = *text ? filter_parse(text, &wrong, &at) : NULL;
	bool ok = f || !*text || fault(why, "intercept, byte %zu: %.150s", at + 1, wrong.text);

	filter_free(f);
	return ok;
}

static bool
policy_check(const struct desk *d, struct fault *why)
{
	struct policy *p = policy_new(d->options, why);

	policy_free(p);
	return p;
}

/* The file is open before anything else hears of it, so that one that cannot be leaves all as it was. */
static bool
hear_keylog(struct desk *d, const char *assignment, struct fault *why)
{
	const char *path = d->options->keylog;
	int fd = *path ? keylog_open(path, why) : -1;

	if (*path && fd < 0)
		return false;
	if (backend_set(d->backend, assignment, why)) {
		store_keylog(d->store, fd);
		return true;
	}
	if (fd >= 0)
		close(fd);
	return false;
}

static bool
hear_backend(struct desk *d, const char *assignment, struct fault *why)
{
	char name[80];

	if (!strncmp(assignment, "intercept=", 10) && !is_expression(assignment + 10, why))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(assignment, "@="), assignment);
	if (rules_are_by(name) && d->backend && !rules_hold(d->options, why))
		return false;
	if (!policy_check(d, why))
		return false;
	if (!d->backend)
		return true;
	if (!strcmp(name, "tls-keylog"))
		return hear_keylog(d, assignment, why);
	if (!backend_set(d->backend, assignment, why))
		return false;
	d->address = backend_address(d->backend);
	return true;
}

static bool
hear_screen(struct desk *d, const char *assignment, struct fault *why)
{
	if (!strncmp(assignment, "protobuf-descriptors", 20) && !types_load(d, why))
		return false;
	if (!strncmp(assignment, "columns", 7) && !columns_parse(&(struct columns){ 0 }, d->options->columns, why))
		return false;
	if (!theme_load(d->theme, theme_wanted(d->options->theme), why))
		return false;
	screen_theme(d->theme);
	d->epoch++;
	return true;
}

static bool (*const hear[])(struct desk *d, const char *assignment, struct fault *why) = {
	[HEARS_AT_START] = hear_start,
	[HEARS_BACKEND] = hear_backend,
	[HEARS_SCREEN] = hear_screen,
	[HEARS_HOST] = hear_backend,
};

static void
options_swap(struct options *a, struct options *b)
{
	struct options was = *a;

	*a = *b;
	*b = was;
}

/* The others hear of it once it is known to be good, and it stands where they agree. */
bool
desk_set(struct desk *d, const char *assignment, struct fault *why)
{
	size_t end = strcspn(assignment, "="), own = strcspn(assignment, "@=");	/* NAME@PATTERN=VALUE */
	struct options before;
	char name[80];
	const struct option *opt;
	bool ok;

	snprintf(name, sizeof(name), "%.*s", (int)own, assignment);
	opt = option_named(name);
	if (!opt)
		return fault(why, "no option is called '%.60s'", name);
	if (opt->hears == HEARS_AT_START)
		return hear_start(d, opt->name, why);
	options_copy(&before, d->options);
	ok = option_assign(d->options, assignment, why) && (hear[opt->hears](d, assignment, why) || own < end);
	if (!ok)
		options_swap(d->options, &before);
	options_release(&before);
	return ok;
}

/* The newest of that host and process; "*" is a process where none is named. */
static size_t
temporaries_of(const struct desk *d, const char *host, const char *process, struct temporary out[TEMPORARIES_MAX])
{
	size_t n = d->backend ? temporaries_list(backend_temporaries(d->backend), d->now, out, TEMPORARIES_MAX) : 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(out[i].host, host) && (!*process || !strcasecmp(out[i].process, process)))
			out[kept++] = out[i];
	return kept;
}

bool
desk_policy_now(const struct desk *d, const char *host, const char *process, struct temporary *out)
{
	struct temporary *all = xgrow(NULL, TEMPORARIES_MAX, sizeof(*all));
	size_t n = temporaries_of(d, host, process, all);

	if (n)
		*out = all[0];
	free(all);
	return n;
}

static bool
policy_switch(struct desk *d, const char *host, const char *process, const char *value, struct fault *why)
{
	char text[500];

	snprintf(text, sizeof(text), "policy@%s%s%s=%s", process, *process ? "/" : "", host, value);
	return desk_set(d, text, why);
}

static bool
policy_is_switched(const struct desk *d, const char *host, const char *process)
{
	const struct option *opt;
	const char *pattern;
	char value[40], want[400];

	snprintf(want, sizeof(want), "%s%s%s", process, *process ? "/" : "", host);
	for (size_t i = 0; option_override(d->options, i, &opt, &pattern, value, sizeof(value)); i++)
		if (!strcmp(opt->name, "policy") && !strcasecmp(pattern, want))
			return true;
	return false;
}

bool
desk_policy_undo(struct desk *d, const char *host, const char *process, struct fault *why)
{
	struct temporary *all = xgrow(NULL, TEMPORARIES_MAX, sizeof(*all));
	size_t n = temporaries_of(d, host, process, all);
	bool switched = policy_is_switched(d, host, process);

	for (size_t i = 0; i < n; i++)
		temporaries_remove(backend_temporaries(d->backend), all[i].id);
	free(all);
	if (switched)
		return policy_switch(d, host, process, "default", why);
	return n || fault(why, "nothing is said of %.100s alone", host);
}

bool
desk_policy(struct desk *d, const char *host, const char *process, enum policy_action action, unsigned minutes, struct fault *why)
{
	struct temporary one = { .action = action, .until = d->now + minutes * UINT64_C(60000000) };

	if (!d->backend)
		return fault(why, "this is a recorded session: nothing connects");
	if (!*host || strlen(host) >= sizeof(one.host) || strlen(process) >= sizeof(one.process))
		return fault(why, "policy: '%.60s' is no host", host);
	(void)!desk_policy_undo(d, host, process, &(struct fault){ "" });
	if (!minutes)
		return policy_switch(d, host, process, policy_action_word(action), why);
	snprintf(one.host, sizeof(one.host), "%s", host);
	snprintf(one.process, sizeof(one.process), "%s", *process ? process : "*");
	return temporaries_add(backend_temporaries(d->backend), &one, d->now) ||
		fault(why, "policy is said of %d hosts for a time already", TEMPORARIES_MAX);
}

bool
desk_view(const struct desk *d, struct saved_view *out)
{
	const struct catalog *c = d->catalog;

	*out = (struct saved_view){ .inverted = c->on && c->invert };
	if (c->on && snprintf(out->filter, sizeof(out->filter), "%s", c->text) >= (int)sizeof(out->filter))
		return false;
	snprintf(out->sort, sizeof(out->sort), "%s", c->by);
	return snprintf(out->columns, sizeof(out->columns), "%s", d->options->columns) < (int)sizeof(out->columns);
}

bool
desk_copy(struct desk *d, struct bytes text, struct fault *why)
{
	char size[WORDS_MAX];

	if (!text.len)
		return fault(why, "nothing to copy");
	if (text.len > DESK_COPY_MAX)
		return fault(why, "%s is too much for the terminal's clipboard", words_size(text.len, size));
	screen_clipboard(text);
	desk_say(d, "copied %s bytes, for terminals that take OSC 52", words_count(text.len, size));
	return true;
}
