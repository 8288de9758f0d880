/* Every action of rules, and how its arguments are read. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rule_inside.h"
#include "soth/jsonpath.h"

enum { STATUS_FIRST = 200, STATUS_LAST = 599, BLOCKED = 403, FOUND = 302, NO_CONTENT = 204,
	NOT_MODIFIED = 304 };

static bool
read_side(struct reading *r)
{
	static const struct { const char *name; unsigned sides; } sides[] = {
		{ "request", OF_CLIENT }, { "response", OF_SERVER }, { "both", OF_BOTH },
	};
	const struct word *w = reading_next(r, "request, response or both");

	for (size_t i = 0; w && i < ARRAY_LEN(sides); i++)
		if (bytes_are(w->text, sides[i].name))
			return r->rule->sides = sides[i].sides, r->rule->chosen = true;
	return w && reading_wrong(r, w, "request, response or both is meant here");
}

static bool
side_follows(const struct reading *r)
{
	const struct word *w = reading_peek(r);

	return w && (bytes_are(w->text, "request") || bytes_are(w->text, "response") || bytes_are(w->text, "both"));
}

static bool
is_value(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((value.at[i] < ' ' && value.at[i] != '\t') || value.at[i] == 0x7f)
			return false;
	return true;
}

static bool
read_name(struct reading *r, char **out)
{
	const struct word *w = reading_next(r, "the name of a field");

	if (!w)
		return false;
	if (!head_is_token(w->text))
		return reading_wrong(r, w, "this is no name of a field (RFC 9110 section 5.1)");
	*out = strndup((const char *)w->text.at, w->text.len);
	return true;
}

static bool
read_value(struct reading *r, struct text *out)
{
	const struct word *w = reading_peek(r);

	if (w && !w->file && !is_value(w->text))
		return reading_wrong(r, w, "a control character cannot be in a field (RFC 9110 section 5.5)");
	return reading_text(r, "the value of a field", out);
}

static bool
read_field(struct reading *r)
{
	return read_side(r) && read_name(r, &r->rule->name) && read_value(r, &r->rule->value);
}

static bool
read_field_name(struct reading *r)
{
	return read_side(r) && read_name(r, &r->rule->name);
}

static bool read_nothing(struct reading *r) { (void)r; return true; }

static bool
read_body(struct reading *r)
{
	return read_side(r) && reading_regex(r, MATCH_DOTALL) && reading_text(r, "what takes its place", &r->rule->value);
}

static bool
whole_value(void *arg, struct bytes value)
{
	*(struct bytes *)arg = value;
	return true;
}

static bool
read_json(struct reading *r)
{
	const struct word *w;
	struct bytes value = { 0 };
	struct fault why;

	if (!read_side(r) || !(w = reading_next(r, "the path of a value in JSON")))
		return false;
	r->rule->name = strndup((const char *)w->text.at, w->text.len);
	if (!jsonpath_right(r->rule->name, &why))
		return reading_wrong(r, w, "%s", why.text);
	w = reading_peek(r);
	if (!reading_text(r, "a value, as JSON writes it", &r->rule->value))
		return false;
	if (!w->file && (!jsonpath_each(w->text, "$", whole_value, &value) || value.len != bytes_trim(w->text).len))
		return reading_wrong(r, w, "this is no value of JSON: 7, true, null, '\"text\"', '{\"a\":1}'");
	return true;
}

static bool
read_map_local(struct reading *r)
{
	struct text *path = &r->rule->value;
	const struct word *w;
	char *whole;

	if (!reading_regex(r, 0))
		return false;
	w = reading_peek(r);
	if (!reading_text(r, "a file or a folder", path))
		return false;
	whole = path->file ? xstrdup(path->at) : rule_file_path(r->folder, path->at);
	free(path->at);
	filed_free(path->content);
	*path = (struct text){ whole, strlen(whole), true, NULL };
	return rule_file_is_folder(whole) || reading_file(r, w, path);
}

static bool
read_map_remote(struct reading *r)
{
	return reading_regex(r, 0) && reading_text(r, "what takes its place", &r->rule->value);
}

/* A number from..to; `w` may be none, which is no fault. */
static bool
number_in(const struct word *w, unsigned from, unsigned to, unsigned *out)
{
	char text[8], *end;
	unsigned long n;

	if (!w || !w->text.len || w->text.len >= sizeof(text) || !isdigit(*w->text.at))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)w->text.len, (const char *)w->text.at);
	n = strtoul(text, &end, 10);
	if (*end || n < from || n > to)
		return false;
	*out = (unsigned)n;
	return true;
}

/* One that need not be there. */
static void
read_maybe(struct reading *r, unsigned from, unsigned to, unsigned *out)
{
	if (number_in(reading_peek(r), from, to, out))
		r->at++;
}

static bool
read_block(struct reading *r)
{
	r->rule->code = BLOCKED;
	read_maybe(r, STATUS_FIRST, STATUS_LAST, &r->rule->code);
	return true;
}

static bool
read_pairs(struct reading *r)
{
	while (!reading_ends(r)) {
		struct rule *rule = r->rule;

		rule->pair = xgrow(rule->pair, rule->pairs + 1, sizeof(*rule->pair));
		rule->pair[rule->pairs++] = (struct pair){ 0 };
		if (!read_name(r, &rule->pair[rule->pairs - 1].name) || !read_value(r, &rule->pair[rule->pairs - 1].value))
			return false;
	}
	return true;
}

static bool
read_respond(struct reading *r)
{
	const struct word *w = reading_next(r, "a status");

	if (!w)
		return false;
	if (!number_in(w, STATUS_FIRST, STATUS_LAST, &r->rule->code))
		return reading_wrong(r, w, "a status is meant here: 200 to 599");
	if (reading_ends(r))
		return true;
	w = reading_peek(r);
	if ((r->rule->code == NO_CONTENT || r->rule->code == NOT_MODIFIED) && (w->file || w->text.len))
		return reading_wrong(r, w, "no body can be with %u (RFC 9110 section 6.4.1)", r->rule->code);
	return reading_text(r, "a body", &r->rule->value) && read_pairs(r);
}

static bool
read_redirect(struct reading *r)
{
	r->rule->code = FOUND;
	if (!reading_regex(r, 0) || !reading_text(r, "a URL", &r->rule->value))
		return false;
	read_maybe(r, 300, 399, &r->rule->code);
	return true;
}

struct unit { const char *name; double factor; };
static const struct unit times[] = { { "us", 1 }, { "ms", 1e3 }, { "s", 1e6 }, { "m", 6e7 }, { NULL, 0 } };
static const struct unit sizes[] = { { "", 1 }, { "k", 1024 }, { "m", 1048576 }, { "g", 1073741824 }, { NULL, 0 } };

static bool
amount_of(const struct word *w, const struct unit *units, uint64_t *out)
{
	char text[24], *end;
	double n;

	if (!w || !w->text.len || w->text.len >= sizeof(text) || !isdigit(*w->text.at))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)w->text.len, (const char *)w->text.at);
	if (strspn(text, "0123456789.") != strcspn(text, "kmgsuKMG"))
		return false;
	n = strtod(text, &end);
	for (; units->name; units++)
		if (!strcasecmp(end, units->name) && n * units->factor < 1e15)
			return *out = (uint64_t)(n * units->factor + 0.5), true;
	return false;
}

static bool
read_time(struct reading *r, uint64_t *out)
{
	const struct word *w = reading_next(r, "a duration");

	return w && (amount_of(w, times, out) || reading_wrong(r, w, "a duration is meant here: 500ms, 2s"));
}

static bool
read_size(struct reading *r, uint64_t *out)
{
	const struct word *w = reading_next(r, "a size");

	return w && (amount_of(w, sizes, out) || reading_wrong(r, w, "a size is meant here: 10k, 1m"));
}

static bool
read_delay(struct reading *r)
{
	if (side_follows(r) && !read_side(r))
		return false;
	return read_time(r, &r->rule->amount[0]);
}

/* Each at most once, in any order. */
static bool
read_throttle(struct reading *r)
{
	static const struct { const char *name; bool (*read)(struct reading *r, uint64_t *out); } parts[] = {
		{ "up", read_size }, { "down", read_size }, { "latency", read_time }, { "jitter", read_time },
	};
	const struct word *w;
	bool some = false, known = true;

	while (known && (w = reading_peek(r))) {
		known = false;
		for (size_t i = 0; i < ARRAY_LEN(parts) && !known; i++) {
			known = bytes_are(w->text, parts[i].name);
			r->at += known;
			if (known && !parts[i].read(r, &r->rule->amount[i]))
				return false;
		}
		some |= known;
	}
	return some || reading_wrong(r, reading_peek(r), "up, down, latency or jitter is meant here");
}

static const struct breaks {
	const char *name;
	enum rule_break kind;
	bool side, at;			/* it may have them */
	unsigned from, to, code;	/* of its code; to 0: it has none */
} breaks[] = {
	{ "truncate",	BREAK_TRUNCATE,		true,	true,	0, 0, 0 },
	{ "stall",	BREAK_STALL,		true,	true,	0, 0, 0 },
	{ "reset",	BREAK_RESET,		false,	true,	0, 0, 0 },
	{ "goaway",	BREAK_GOAWAY,		false,	false,	0, 13, 0 },
	{ "tls-alert",	BREAK_TLS_ALERT,	false,	false,	0, 255, 80 },
	{ "close-code",	BREAK_CLOSE_CODE,	false,	false,	1000, 4999, 1011 },
};

/* Those with bytes to count break the answer off, unless a side is named. */
static bool
read_break(struct reading *r, const struct breaks *b)
{
	struct rule *rule = r->rule;

	rule->broken = b->kind;
	rule->code = b->code;
	if (b->side && side_follows(r) && !read_side(r))
		return false;
	if (b->at && amount_of(reading_peek(r), sizes, &rule->amount[0]))
		r->at++;
	if (b->to)
		read_maybe(r, b->from, b->to, &rule->code);
	if (!rule->chosen && (b->side || rule->amount[0])) {
		rule->sides = OF_SERVER;
		rule->chosen = true;
	}
	return true;
}

static bool
read_fault(struct reading *r)
{
	const struct word *w = reading_next(r, "truncate, stall, reset, goaway, tls-alert or close-code");

	for (size_t i = 0; w && i < ARRAY_LEN(breaks); i++)
		if (bytes_are(w->text, breaks[i].name))
			return read_break(r, &breaks[i]);
	return w && reading_wrong(r, w, "truncate, stall, reset, goaway, tls-alert or close-code is meant here");
}

static bool
read_both(struct reading *r)
{
	r->rule->sides = OF_BOTH;
	return true;
}

const struct action rule_actions[] = {
	{ "add-header",	"SIDE NAME VALUE",	"one more field, at the end",			read_field,	act_add_header,	0 },
	{ "anticache",	"",			"nothing is answered from a cache: no If-Modified-Since, no If-None-Match", read_nothing, act_anticache, 0 },
	{ "anticomp",	"",			"nothing is compressed: Accept-Encoding: identity", read_nothing, act_anticomp,	0 },
	{ "block",	"[STATUS]",		"answer with this status (403) and nothing else; 444: close; a message does not pass on", read_block, act_answer_block, ACTS_ANYTIME | ACTS_ON_MESSAGE },
	{ "delay",	"[SIDE] DURATION",	"wait before it goes on",			read_delay,	act_delay,	ACTS_ANYTIME | ACTS_ON_MESSAGE },
	{ "fault",	"KIND [SIDE] [N]",	"break it: truncate, stall, reset, goaway, tls-alert, close-code", read_fault, act_fault, ACTS_ANYTIME | ACTS_ON_MESSAGE },
	{ "map-local",	"REGEX PATH",		"answer with a file, or from a folder",		read_map_local,	act_map_local,	0 },
	{ "map-remote",	"REGEX TEXT",		"go elsewhere: TEXT in place of REGEX in the URL", read_map_remote, act_map_remote, 0 },
	{ "redirect",	"REGEX URL [STATUS]",	"answer that it is elsewhere (302)",		read_redirect,	act_redirect,	0 },
	{ "remove-header", "SIDE NAME",		"no field of that name",			read_field_name, act_remove_header, 0 },
	{ "replace-body", "SIDE REGEX TEXT",	"TEXT in place of REGEX in a body or message",	read_body,	act_replace_body, ACTS_ON_BODY },
	{ "respond",	"STATUS [BODY [NAME VALUE] ...]", "answer this",			read_respond,	act_respond,	ACTS_ANYTIME },
	{ "set-header",	"SIDE NAME VALUE",	"this field, in place of all of that name",	read_field,	act_set_header,	0 },
	{ "set-json",	"SIDE PATH VALUE",	"this value in the JSON of a body or message",	read_json,	act_set_json,	ACTS_ON_BODY },
	{ "sticky-auth", "",			"Authorization, once sent to a host, is sent with each request to it", read_nothing, act_sticky_auth, 0 },
	{ "sticky-cookie", "",			"cookies, once set, are sent with each request that they are for", read_both, act_sticky_cookie, ACTS_ON_BOTH },
	{ "throttle",	"[up SIZE] [down SIZE] [latency DURATION] [jitter DURATION]", "no faster than this", read_throttle, act_throttle, ACTS_ANYTIME },
	{ NULL,		NULL,			NULL,						NULL,		NULL,		0 },
};

const struct action *
rule_action_named(struct bytes name)
{
	for (size_t i = 0; rule_actions[i].name; i++)
		if (bytes_are(name, rule_actions[i].name))
			return &rule_actions[i];
	return NULL;
}
