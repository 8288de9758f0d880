/* Every option: defaults, setting by name, files of settings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "soth/option.h"

enum { AT_START = HEARS_AT_START, BACKEND = HEARS_BACKEND, SCREEN = HEARS_SCREEN, HOST = HEARS_HOST, FILE_LINE = 1024,
	OVERRIDES_MAX = 256, LIST_MAX = 256 << 10, PATTERN_MAX = 255 };

static const struct option table[] = {
#define OPTION_ROW(field, name_, type_, def_, hears_, help_) \
	{ .name = name_, .def = def_, .help = help_, .type = OPTION_##type_, \
	  .hears = (enum option_hears)hears_, .offset = offsetof(struct options, field) },
	OPTIONS(OPTION_ROW)
};

const struct option *
option_at(size_t i)
{
	return i < ARRAY_LEN(table) ? &table[i] : NULL;
}

static bool
same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
			return false;
	return *a == *b;
}

const struct option *
option_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (same_name(table[i].name, name))
			return &table[i];
	return NULL;
}

static bool
set_bool(void *field, const struct option *o, const char *value, struct fault *why)
{
	static const char *const yes[] = { "", "yes", "true", "on" }, *const no[] = { "no", "false", "off" };
	bool *to = field;

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!strcasecmp(value, yes[i]))
			return *to = true;
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (!strcasecmp(value, no[i]))
			return *to = false, true;
	if (!strcasecmp(value, "toggle"))
		return *to = !*to, true;
	return fault(why, "%s: '%.60s': expected yes, no or toggle", o->name, value);
}

static bool
number(const char *text, unsigned long long most, unsigned long long *n, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*n = strtoull(text, &end, 10);
	*rest = end;
	return !errno && *n <= most;
}

static bool
set_count(void *field, const struct option *o, const char *value, struct fault *why)
{
	unsigned long long n;
	const char *rest;

	if (!number(value, 1000000, &n, &rest) || *rest)
		return fault(why, "%s: '%.60s': expected a number up to 1000000", o->name, value);
	*(unsigned *)field = (unsigned)n;
	return true;
}

static bool
set_size(void *field, const struct option *o, const char *value, struct fault *why)
{
	static const char units[] = "kmgt";
	unsigned long long n;
	const char *rest, *unit;

	if (!number(value, 1ull << 40, &n, &rest))
		return fault(why, "%s: '%.60s': expected a size such as 10, 64k, 32m or 1g", o->name, value);
	unit = *rest ? strchr(units, *rest | 0x20) : NULL;
	if (*rest && (!unit || rest[1]))
		return fault(why, "%s: '%.60s': expected a size such as 10, 64k, 32m or 1g", o->name, value);
	for (const char *u = units; unit && u <= unit; u++)
		n *= 1024;
	if (n > 1ull << 50)
		return fault(why, "%s: '%.60s' is too much", o->name, value);
	*(size_t *)field = (size_t)n;
	return true;
}

static bool
set_string(void *field, const struct option *o, const char *value, struct fault *why)
{
	char **to = field, *kept = xstrdup(value);

	(void)o, (void)why;
	free(*to);
	*to = kept;
	return true;
}

/* What has line ends is a list that was shown, and stands for all that was there. */
static bool
set_list(void *field, const struct option *o, const char *value, struct fault *why)
{
	char **to = field, *now;
	bool all = !*value || strchr(value, '\n');

	if (strlen(*to ? *to : "") + strlen(value) > LIST_MAX)
		return fault(why, "%s: more than %d KiB", o->name, LIST_MAX >> 10);
	if (asprintf(&now, "%s%s%s", all || !*to ? "" : *to, value, all ? "" : "\n") < 0)
		abort();
	free(*to);
	*to = now;
	return true;
}

static const char *const actions[] = {
#define ACTION_WORD(name, word) [POLICY_##name] = word,
	POLICY_ACTIONS(ACTION_WORD)
};

static bool
set_action(void *field, const struct option *o, const char *value, struct fault *why)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (!strcasecmp(value, actions[i])) {
			*(option_ACTION *)field = (enum policy_action)i;
			return true;
		}
	return fault(why, "%s: '%.60s': expected intercept, tunnel or block", o->name, value);
}

static void
show_bool(const void *field, char *out, size_t room)
{
	snprintf(out, room, "%s", *(const bool *)field ? "yes" : "no");
}

static void
show_count(const void *field, char *out, size_t room)
{
	snprintf(out, room, "%u", *(const unsigned *)field);
}

static void
show_size(const void *field, char *out, size_t room)
{
	static const char *const unit[] = { "", "k", "m", "g", "t" };
	size_t n = *(const size_t *)field, u = 0;

	while (n && n % 1024 == 0 && u + 1 < ARRAY_LEN(unit)) {
		n /= 1024;
		u++;
	}
	snprintf(out, room, "%zu%s", n, unit[u]);
}

static void
show_string(const void *field, char *out, size_t room)
{
	snprintf(out, room, "%s", *(char *const *)field);
}

static void
show_action(const void *field, char *out, size_t room)
{
	snprintf(out, room, "%s", actions[*(const option_ACTION *)field]);
}

static const struct {
	bool (*set)(void *field, const struct option *o, const char *value, struct fault *why);
	void (*show)(const void *field, char *out, size_t room);
} types[] = {
	[OPTION_BOOL] = { set_bool, show_bool },
	[OPTION_COUNT] = { set_count, show_count },
	[OPTION_SECONDS] = { set_count, show_count },
	[OPTION_SIZE] = { set_size, show_size },
	[OPTION_STRING] = { set_string, show_string },
	[OPTION_LIST] = { set_list, show_string },
	[OPTION_ACTION] = { set_action, show_action },
};

static bool
set(struct options *o, const struct option *opt, const char *value, struct fault *why)
{
	return types[opt->type].set((char *)o + opt->offset, opt, value, why);
}

/* NAME@PATTERN, and what it is set to for those hosts. */
struct override {
	const struct option *option;
	char *pattern;
	struct options *value;	/* in its own field; the others are zero */
};

/* "HOST:PORT", "[::1]:PORT", "[::1]" or "HOST": up to where the host goes, which then begins at *host; the port, 0: none
 * is said, or -1: it is none. What has several colons and no brackets is an address. */
static int
pattern_split(const char **host, size_t *len)
{
	const char *colon = strrchr(*host, ':'), *bracket = **host == '[' ? strchr(*host, ']') : NULL;
	bool port = colon && (bracket ? colon == bracket + 1 : strchr(*host, ':') == colon);
	long n;
	char *end;

	*len = strlen(*host);
	if (bracket) {
		*len = (size_t)(bracket - ++*host);
		if (bracket[1] && !port)
			return -1;
	} else if (port) {
		*len = (size_t)(colon - *host);
	}
	if (!port)
		return 0;
	n = strtol(colon + 1, &end, 10);
	return colon[1] < '0' || colon[1] > '9' || *end || n < 1 || n > 65535 ? -1 : (int)n;
}

bool
option_host_fits(const char *pattern, const char *host, unsigned port)
{
	size_t len, host_len = strlen(host);
	int only = pattern_split(&pattern, &len);

	if (only && only != (int)port)
		return false;
	if (len > 2 && !strncmp(pattern, "*.", 2)) {
		pattern += 2;
		len -= 2;
		return host_len >= len && !strncasecmp(host + host_len - len, pattern, len) &&
			(host_len == len || host[host_len - len - 1] == '.');
	}
	return (len == 1 && *pattern == '*') || (host_len == len && !strncasecmp(pattern, host, len));
}

/* PROCESS/HOST, or HOST alone. */
static bool
pattern_fits(const char *pattern, const char *host, unsigned port, const char *process)
{
	const char *slash = strrchr(pattern, '/');
	size_t len = slash ? (size_t)(slash - pattern) : 0;

	if (!slash)
		return option_host_fits(pattern, host, port);
	return option_host_fits(slash + 1, host, port) &&
		((len == 1 && *pattern == '*') || (strlen(process) == len && !strncasecmp(pattern, process, len)));
}

static void
override_release(struct override *v)
{
	free(v->pattern);
	free(v->value);
}

static size_t
override_find(const struct options *o, const struct option *opt, const char *pattern)
{
	size_t at = 0;

	while (at < o->overrides && (o->override[at].option != opt || strcasecmp(o->override[at].pattern, pattern)))
		at++;
	return at;
}

/* NAME@PATTERN=default: it is as for all others again. */
static bool
override_take_back(struct options *o, size_t at)
{
	if (at == o->overrides)
		return true;
	override_release(&o->override[at]);
	o->overrides--;
	memmove(&o->override[at], &o->override[at + 1], (o->overrides - at) * sizeof(*o->override));
	return true;
}

/* A toggle begins at what is set for this pattern, or else for all. */
static bool
override_make(struct override *v, const struct options *was, const char *pattern, const char *value, struct fault *why)
{
	char now[100];

	v->value = xalloc(sizeof(*v->value));
	option_format(was, v->option, now, sizeof(now));
	if (!set(v->value, v->option, now, why) || !set(v->value, v->option, value, why)) {
		free(v->value);
		return false;
	}
	v->pattern = xstrdup(pattern);
	return true;
}

static bool
pattern_check(const struct option *opt, const char *pattern, struct fault *why)
{
	const char *slash = strrchr(pattern, '/'), *host = slash ? slash + 1 : pattern;
	size_t len;
	int port = pattern_split(&host, &len);

	if (opt->hears != HEARS_HOST)
		return fault(why, "%s cannot be set for one host alone", opt->name);
	if (!len || port < 0 || (len == 2 && !strncmp(host, "*.", 2)) || slash == pattern || strlen(pattern) > PATTERN_MAX)
		return fault(why, "%s@%.60s: expected a host, HOST:PORT, *.example.com, or PROCESS/HOST, behind the @", opt->name, pattern);
	return true;
}

static bool
set_override(struct options *o, const struct option *opt, const char *pattern, const char *value, struct fault *why)
{
	size_t at = override_find(o, opt, pattern);
	struct override v = { opt, NULL, NULL };

	if (!pattern_check(opt, pattern, why))
		return false;
	if (!strcasecmp(value, "default"))
		return override_take_back(o, at);
	if (at == OVERRIDES_MAX)
		return fault(why, "more than %d switches for single hosts", OVERRIDES_MAX);
	if (!override_make(&v, at < o->overrides ? o->override[at].value : o, pattern, value, why))
		return false;
	if (at == o->overrides)
		o->override = xgrow(o->override, ++o->overrides, sizeof(*o->override));
	else
		override_release(&o->override[at]);
	o->override[at] = v;
	return true;
}

bool
option_override(const struct options *o, size_t i, const struct option **opt, const char **pattern, char *value, size_t room)
{
	if (i >= o->overrides)
		return false;
	*opt = o->override[i].option;
	*pattern = o->override[i].pattern;
	option_format(o->override[i].value, *opt, value, room);
	return true;
}

static const struct {
	size_t from, to, size;
} switch_fields[] = {
#define NO_SWITCH(field, type)
#define A_SWITCH(field, type) { offsetof(struct options, field), offsetof(struct switches, field), sizeof(option_##type) },
#define SWITCH_AT_START NO_SWITCH
#define SWITCH_BACKEND NO_SWITCH
#define SWITCH_SCREEN NO_SWITCH
#define SWITCH_HOST A_SWITCH
#define SWITCH_ROW(field, name, type, def, hears, help) SWITCH_##hears(field, type)
	OPTIONS(SWITCH_ROW)
};

static void
switch_copy(const struct options *o, size_t i, struct switches *out)
{
	memcpy((char *)out + switch_fields[i].to, (const char *)o + switch_fields[i].from, switch_fields[i].size);
}

const char *
options_pattern(const struct options *o, const struct option *opt, const char *host, unsigned port, const char *process)
{
	for (size_t v = o->overrides; v--;)
		if (o->override[v].option == opt && pattern_fits(o->override[v].pattern, host, port, process))
			return o->override[v].pattern;
	return NULL;
}

void
options_switches(const struct options *o, const char *host, unsigned port, const char *process, struct switches *out)
{
	for (size_t i = 0; i < ARRAY_LEN(switch_fields); i++)
		switch_copy(o, i, out);
	for (size_t v = 0; v < o->overrides; v++) {
		if (!pattern_fits(o->override[v].pattern, host, port, process))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(switch_fields); i++)
			if (switch_fields[i].from == o->override[v].option->offset)
				switch_copy(o->override[v].value, i, out);
	}
}

static bool
is_text(const struct option *o)
{
	return o->type == OPTION_STRING || o->type == OPTION_LIST;
}

void
options_init(struct options *o)
{
	struct fault why;

	memset(o, 0, sizeof(*o));
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		(void)!set(o, &table[i], table[i].def, &why);
}

void
options_release(struct options *o)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (is_text(&table[i]))
			free(*(char **)((char *)o + table[i].offset));
	for (size_t i = 0; i < o->overrides; i++)
		override_release(&o->override[i]);
	free(o->override);
	memset(o, 0, sizeof(*o));
}

void
options_copy(struct options *to, const struct options *from)
{
	*to = *from;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char **field = (char **)((char *)to + table[i].offset);

		if (is_text(&table[i]))
			*field = xstrdup(*field);
	}
	to->override = NULL;
	if (from->overrides)
		to->override = xgrow(NULL, from->overrides, sizeof(*to->override));
	for (size_t i = 0; i < from->overrides; i++) {
		to->override[i] = from->override[i];
		to->override[i].pattern = xstrdup(from->override[i].pattern);
		to->override[i].value = xalloc(sizeof(struct options));
		*to->override[i].value = *from->override[i].value;
	}
}

/* Of NAME@PATTERN; the choices. */
static bool
switch_unknown(const char *name, struct fault *why)
{
	char choices[150] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(table) && len < sizeof(choices); i++)
		if (table[i].hears == HEARS_HOST)
			len += (size_t)snprintf(choices + len, sizeof(choices) - len, "%s%s", len ? ", " : "", table[i].name);
	return fault(why, "no switch is called '%.30s': expected %s", name, choices);
}

bool
option_set(struct options *o, const char *name, const char *value, struct fault *why)
{
	const char *at = strchr(name, '@');
	char own[80];
	const struct option *opt;

	snprintf(own, sizeof(own), "%.*s", at ? (int)(at - name) : (int)strlen(name), name);
	opt = option_named(own);
	if (!opt && at)
		return switch_unknown(own, why);
	if (!opt)
		return fault(why, "no option is called '%.60s' (--options lists them)", name);
	if (at)
		return set_override(o, opt, at + 1, value, why);
	if (opt->hears == HEARS_HOST && !strcasecmp(value, "default"))
		value = opt->def;
	return set(o, opt, value, why);
}

bool
option_assign(struct options *o, const char *text, struct fault *why)
{
	const char *eq = strchr(text, '=');
	char name[400];

	snprintf(name, sizeof(name), "%.*s", eq ? (int)(eq - text) : (int)strlen(text), text);
	return option_set(o, name, eq ? eq + 1 : "", why);
}

void
option_format(const struct options *o, const struct option *opt, char *out, size_t room)
{
	types[opt->type].show((const char *)o + opt->offset, out, room);
}

static char *
trim(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	for (len = strlen(s); len && strchr(" \t\r\n", s[len - 1]); len--)
		;
	s[len] = 0;
	return s;
}

static bool
load_line(struct options *o, char *line, struct fault *why)
{
	char *name = trim(line), *eq = strchr(name, '=');

	if (!*name || *name == '#')
		return true;
	if (!eq)
		return fault(why, "'%.60s': expected name = value", name);
	*eq = 0;
	return option_set(o, trim(name), trim(eq + 1), why);
}

bool
options_load(struct options *o, const char *path, struct fault *why)
{
	FILE *f = fopen(path, "re");
	struct options next;
	struct fault what = { "" };
	char line[FILE_LINE];
	unsigned at = 0;
	bool ok = true;

	if (!f)
		return errno == ENOENT || fault(why, "%s: %s", path, strerror(errno));
	options_copy(&next, o);
	while (ok && fgets(line, sizeof(line), f)) {
		at++;
		ok = strlen(line) + 1 < sizeof(line) ? load_line(&next, line, &what) :
			fault(&what, "the line is too long");
	}
	if (ok && ferror(f))
		ok = fault(&what, "%s", strerror(errno));
	fclose(f);
	if (!ok)
		fault(why, "%.100s:%u: %.90s", path, at, what.text);
	options_release(ok ? o : &next);
	if (ok)
		*o = next;
	return ok;
}
