/* What becomes of a connection: the lists, the switches, and which of them counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/match.h"
#include "soth/policy.h"

enum { LIST_MAX = 256, NAME_ROOM = 280 };

struct host_list {
	const char *option;
	struct match **regex;
	char **text;
	size_t count;
};

struct policy {
	struct host_list block, ignore, allow;
};

const char *
policy_action_word(enum policy_action a)
{
	static const char *const words[] = {
#define ACTION_WORD(name, word) [POLICY_##name] = word,
		POLICY_ACTIONS(ACTION_WORD)
	};

	return words[a];
}

bool
policy_action_named(struct bytes word, enum policy_action *a)
{
	for (int i = POLICY_INTERCEPT; i <= POLICY_BLOCK; i++)
		if (bytes_like(word, policy_action_word((enum policy_action)i))) {
			*a = (enum policy_action)i;
			return true;
		}
	return false;
}

const char *
policy_reason_word(enum policy_reason r)
{
	static const char *const words[REASON_COUNT] = {
#define REASON_WORD(name, word) [REASON_##name] = word,
		POLICY_REASONS(REASON_WORD)
	};

	return r < REASON_COUNT ? words[r] : "?";
}

enum policy_reason
policy_reason_named(struct bytes word)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if (bytes_are(word, policy_reason_word((enum policy_reason)i)))
			return (enum policy_reason)i;
	return REASON_DEFAULT;
}

void
policy_words(const struct policy_verdict *v, char *out, size_t room)
{
	snprintf(out, room, "%s: %.120s says that this is blocked", policy_reason_word(v->reason), v->rule);
}

static bool
list_add(struct host_list *l, struct bytes regex, struct fault *why)
{
	struct fault wrong;
	size_t at = 0;
	struct match *m;

	if (l->count == LIST_MAX)
		return fault(why, "%s: more than %d regexes", l->option, LIST_MAX);
	m = match_new(regex, 0, &wrong, &at);
	if (!m)
		return fault(why, "%s: regex %zu, byte %zu: %.120s", l->option, l->count + 1, at + 1, wrong.text);
	l->regex = xgrow(l->regex, l->count + 1, sizeof(*l->regex));
	l->text = xgrow(l->text, l->count + 1, sizeof(*l->text));
	l->regex[l->count] = m;
	l->text[l->count] = xalloc(regex.len + 1);
	memcpy(l->text[l->count++], regex.at, regex.len);
	return true;
}

static bool
list_read(struct host_list *l, const char *option, const char *text, struct fault *why)
{
	l->option = option;
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len && !list_add(l, (struct bytes){ (const uint8_t *)text, len }, why))
			return false;
	}
	return true;
}

static void
list_release(struct host_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		match_free(l->regex[i]);
		free(l->text[i]);
	}
	free(l->regex);
	free(l->text);
}

struct policy *
policy_new(const struct options *o, struct fault *why)
{
	struct policy *p = xalloc(sizeof(*p));

	if (list_read(&p->block, "block-hosts", o->block_hosts, why) &&
			list_read(&p->ignore, "ignore-hosts", o->ignore_hosts, why) &&
			list_read(&p->allow, "allow-hosts", o->allow_hosts, why))
		return p;
	policy_free(p);
	return NULL;
}

void
policy_free(struct policy *p)
{
	if (!p)
		return;
	list_release(&p->block);
	list_release(&p->ignore);
	list_release(&p->allow);
	free(p);
}

static bool
name_known(const struct policy_question *q, size_t i)
{
	return q->name[i] && *q->name[i];
}

/* Which of them finds one of the names; SIZE_MAX: none. */
static size_t
list_finds(const struct host_list *l, const struct policy_question *q)
{
	char name[NAME_ROOM];

	for (size_t i = 0; l->count && i < POLICY_NAMES; i++) {
		if (!name_known(q, i))
			continue;
		snprintf(name, sizeof(name), "%.255s:%u", q->name[i], q->port);
		for (size_t r = 0; r < l->count; r++)
			if (match_in(l->regex[r], bytes_of(name)))
				return r;
	}
	return SIZE_MAX;
}

static bool
verdict(struct policy_verdict *out, enum policy_action action, enum policy_reason reason)
{
	out->action = action;
	out->reason = reason;
	return true;
}

static bool
listed(const struct host_list *l, const struct policy_question *q, enum policy_action action, enum policy_reason reason,
	struct policy_verdict *out)
{
	size_t at = list_finds(l, q);

	if (at == SIZE_MAX)
		return false;
	snprintf(out->rule, sizeof(out->rule), "%s:%zu", l->option, at + 1);
	snprintf(out->pattern, sizeof(out->pattern), "%s", l->text[at]);
	return verdict(out, action, reason);
}

static enum policy_reason
reason_of(enum policy_action action)
{
	return action == POLICY_BLOCK ? REASON_BLOCKED : action == POLICY_TUNNEL ? REASON_FORCED : REASON_OVERRIDE;
}

static bool
said(const struct policy_said *s, enum policy_reason reason, struct policy_verdict *out)
{
	if (!s)
		return false;
	snprintf(out->rule, sizeof(out->rule), "%s", s->rule);
	snprintf(out->pattern, sizeof(out->pattern), "%s", s->pattern);
	return verdict(out, s->action, reason);
}

/* The name known last says most: it is asked first. */
static const char *
pattern_of(const struct options *o, const char *option, const struct policy_question *q, const char **host)
{
	const struct option *opt = option_named(option);

	for (size_t i = POLICY_NAMES; o->overrides && i--;) {
		const char *pattern = name_known(q, i) ? options_pattern(o, opt, q->name[i], q->port, q->process) : NULL;

		if (pattern) {
			*host = q->name[i];
			return pattern;
		}
	}
	return NULL;
}

static void
rule_of(struct policy_verdict *out, const char *option, const char *pattern)
{
	snprintf(out->rule, sizeof(out->rule), "%s@%s", option, pattern);
	snprintf(out->pattern, sizeof(out->pattern), "%s", pattern);
}

static bool
overridden(const struct options *o, const struct policy_question *q, struct policy_verdict *out)
{
	const char *host, *pattern = pattern_of(o, "policy", q, &host);
	struct switches w;

	if (!pattern)
		return false;
	options_switches(o, host, q->port, q->process, &w);
	rule_of(out, "policy", pattern);
	return verdict(out, w.policy, reason_of(w.policy));
}

static bool
unlisted(const struct policy *p, const struct policy_question *q, struct policy_verdict *out)
{
	if (!p || !p->allow.count || list_finds(&p->allow, q) != SIZE_MAX)
		return false;
	snprintf(out->rule, sizeof(out->rule), "%s", p->allow.option);
	out->open = true;
	return verdict(out, POLICY_TUNNEL, REASON_UNLISTED);
}

static bool
for_all(const struct options *o, struct policy_verdict *out)
{
	if (o->policy == POLICY_INTERCEPT)
		return false;
	snprintf(out->rule, sizeof(out->rule), "policy");
	out->open = true;
	return verdict(out, o->policy, o->policy == POLICY_BLOCK ? REASON_NOT_ALLOWED : REASON_UNLISTED);
}

/* What else is another for this host alone: it is intercepted, but not as all are. */
static void
exceptions(const struct options *o, const struct policy_question *q, struct policy_verdict *out)
{
	const struct { const char *option; bool *is; bool unusual; size_t at; } all[] = {
		{ "http2", &out->no_h2, false, offsetof(struct switches, http2) },
		{ "validate-inbound-headers", &out->lenient, false, offsetof(struct switches, validate) },
		{ "ssl-insecure", &out->insecure, true, offsetof(struct switches, insecure) },
	};

	for (size_t i = 0; o->overrides && i < ARRAY_LEN(all); i++) {
		const char *host, *pattern = pattern_of(o, all[i].option, q, &host);
		struct switches w;

		if (!pattern)
			continue;
		options_switches(o, host, q->port, q->process, &w);
		*all[i].is = *(const bool *)((const char *)&w + all[i].at) == all[i].unusual;
		if (*all[i].is && out->reason == REASON_DEFAULT) {
			rule_of(out, all[i].option, pattern);
			out->reason = REASON_OVERRIDE;
		}
	}
}

void
policy_ask(const struct policy *p, const struct options *o, const struct policy_question *q, struct policy_verdict *out)
{
	bool found;

	memset(out, 0, sizeof(*out));
	found = (p && listed(&p->block, q, POLICY_BLOCK, REASON_BLOCKED, out)) ||
		(q->by_hand && said(q->by_hand, reason_of(q->by_hand->action), out)) ||
		overridden(o, q, out) ||
		(p && listed(&p->ignore, q, POLICY_TUNNEL, REASON_IGNORED, out)) ||
		unlisted(p, q, out) || for_all(o, out) || said(q->learned, REASON_LEARNED, out);
	out->open = out->open || !found || out->action == POLICY_INTERCEPT;
	if (out->action == POLICY_INTERCEPT)
		exceptions(o, q, out);
}

bool
policy_says(const struct policy *p, const struct options *o)
{
	return o->overrides || o->policy != POLICY_INTERCEPT || (p && p->block.count + p->ignore.count + p->allow.count);
}
