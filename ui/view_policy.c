/* What policy says now: for a time, by learning, by rule; and what taught nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "soth/buf.h"
#include "soth/learning.h"
#include "words.h"

enum { ACTION = 10, LEFT = 9, PROCESS = 14, USED = 6, WHOM_LEAST = 16, WHOM_MOST = 40, VALUE_MAX = 100 };

struct entry {
	enum entry_kind { ENTRY_HEADING, ENTRY_WORDS, ENTRY_TEMPORARY, ENTRY_LISTED, ENTRY_SWITCH, ENTRY_SIGNAL } kind;
	const char *words;		/* of a heading, and the like */
	const struct option *option;	/* of a list, or a switch */
	size_t number;			/* in its list; from 0 */
	char text[256], value[VALUE_MAX];	/* its regex, or its pattern */
	struct temporary temporary;
	struct learning_signal signal;
};

struct policy_view {
	struct desk *desk;
	struct entry *entry;
	size_t entries;
	unsigned columns;
};

static void
policy_open(void *st, struct desk *desk)
{
	((struct policy_view *)st)->desk = desk;
}

static struct entry *
entry_add(struct policy_view *v, enum entry_kind kind)
{
	struct entry *e;

	v->entry = xgrow(v->entry, v->entries + 1, sizeof(*v->entry));
	e = &v->entry[v->entries++];
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	return e;
}

static void
add_words(struct policy_view *v, enum entry_kind kind, const char *words)
{
	entry_add(v, kind)->words = words;
}

static void
add_temporaries(struct policy_view *v, bool learned)
{
	struct temporary *all = xgrow(NULL, TEMPORARIES_MAX, sizeof(*all));
	struct temporaries *t = v->desk->backend ? backend_temporaries(v->desk->backend) : NULL;
	size_t n = temporaries_list(t, v->desk->now, all, TEMPORARIES_MAX);

	for (size_t i = 0; i < n; i++)
		if (all[i].learned == learned)
			entry_add(v, ENTRY_TEMPORARY)->temporary = all[i];
	free(all);
}

static void
add_list(struct policy_view *v, const char *name)
{
	const struct option *opt = option_named(name);
	const char *text = *(char **)((char *)v->desk->options + opt->offset);
	size_t number = 0;

	for (size_t len; *text; text += len + (text[len] == '\n')) {
		struct entry *e = entry_add(v, ENTRY_LISTED);

		len = strcspn(text, "\n");
		e->option = opt;
		e->number = number++;
		snprintf(e->text, sizeof(e->text), "%.*s", (int)(len < 255 ? len : 255), text);
	}
}

/* Of NAME@PATTERN, those that say what becomes of a host; or the others, that say how it is spoken with. */
static void
add_switches(struct policy_view *v, bool policy)
{
	static const char *const others[] = { "http2", "validate-inbound-headers", "ssl-insecure", "http3-passthrough" };
	const struct option *opt;
	const char *pattern;
	char value[VALUE_MAX];

	for (size_t i = 0; option_override(v->desk->options, i, &opt, &pattern, value, sizeof(value)); i++) {
		bool is = policy && !strcmp(opt->name, "policy");
		struct entry *e;

		for (size_t k = 0; !policy && k < ARRAY_LEN(others); k++)
			is = is || !strcmp(opt->name, others[k]);
		if (!is)
			continue;
		e = entry_add(v, ENTRY_SWITCH);
		e->option = opt;
		snprintf(e->text, sizeof(e->text), "%s", pattern);
		snprintf(e->value, sizeof(e->value), "%s", value);
	}
}

static void
add_for_all(struct policy_view *v)
{
	struct entry *e = entry_add(v, ENTRY_SWITCH);

	e->option = option_named("policy");
	option_format(v->desk->options, e->option, e->value, sizeof(e->value));
}

static void
add_ledger(struct policy_view *v)
{
	struct learning_signal *all = xgrow(NULL, LEDGER_MAX, sizeof(*all));
	struct learning_counts counts;
	size_t n = learning_ledger(v->desk->backend ? backend_learning(v->desk->backend) : NULL, all, LEDGER_MAX, &counts);

	for (size_t i = 0; i < n; i++)
		entry_add(v, ENTRY_SIGNAL)->signal = all[i];
	free(all);
}

/* A heading, and what it says where nothing is under it. */
static void
section_end(struct policy_view *v, const char *nothing)
{
	if (v->entry[v->entries - 1].kind == ENTRY_HEADING)
		add_words(v, ENTRY_WORDS, nothing);
}

static bool
policy_refresh(void *st, unsigned columns)
{
	struct policy_view *v = st;

	v->columns = columns;
	v->entries = 0;
	add_words(v, ENTRY_HEADING, "For a time");
	add_temporaries(v, false);
	section_end(v, "nothing; :tunnel 15, :block 15 and :inspect 15 are about the host of the flow in sight");
	add_words(v, ENTRY_HEADING, "Rules, the first that fits decides");
	add_list(v, "block-hosts");
	add_switches(v, true);
	add_list(v, "ignore-hosts");
	add_list(v, "allow-hosts");
	add_for_all(v);
	add_words(v, ENTRY_HEADING, "Spoken with otherwise");
	add_switches(v, false);
	section_end(v, "no host");
	add_words(v, ENTRY_HEADING, "Learned");
	add_temporaries(v, true);
	section_end(v, v->desk->options->learn ? "nothing: no client has refused our certificate by an alert" :
		"nothing, as learn-passthrough is off: :set learn-passthrough=yes");
	add_words(v, ENTRY_HEADING, "Failures of TLS that were looked at for that");
	add_ledger(v);
	section_end(v, "none");
	return false;
}

static size_t
policy_lines(void *st)
{
	return ((struct policy_view *)st)->entries;
}

static unsigned
whom_columns(const struct policy_view *v)
{
	unsigned used = ACTION + LEFT + PROCESS + USED + 1, half = v->columns > used ? (v->columns - used) / 2 : 0;

	return half < WHOM_LEAST ? WHOM_LEAST : half > WHOM_MOST ? WHOM_MOST : half;
}

static void
put_action(struct line *out, enum policy_action action)
{
	static const enum role roles[] = { [POLICY_INTERCEPT] = ROLE_GOOD, [POLICY_TUNNEL] = ROLE_TUNNEL, [POLICY_BLOCK] = ROLE_BAD };

	cell_put(out, roles[action], bytes_of(policy_action_word(action)), ACTION, CUT_END);
}

static const char *
process_word(const char *process)
{
	return !strcmp(process, "*") ? "" : *process ? process : "not known";
}

static void
put_temporary(const struct policy_view *v, const struct temporary *t, struct line *out)
{
	char left[WORDS_MAX];

	put_action(out, t->action);
	cell_put(out, ROLE_WARN, bytes_of(words_left(t->until, v->desk->now, left)), LEFT, CUT_END);
	cell_put(out, ROLE_HOST, bytes_of(t->host), whom_columns(v), CUT_START);
	cell_put(out, ROLE_TEXT, bytes_of(process_word(t->process)), PROCESS, CUT_END);
	line_putf(out, t->used ? ROLE_NUMBER : ROLE_FAINT, "%*u ", USED - 1, t->used);
	if (*t->parent)
		line_putf(out, ROLE_HOST, "and %s, ", t->parent);
	line_putf(out, ROLE_FAINT, "%s%s", t->evidence, t->learned && t->flow ? ", " : "");
	if (t->learned && t->flow)
		line_putf(out, ROLE_FAINT, "flow %llu", (unsigned long long)t->flow);
	out->flow = t->flow;
}

static void
put_listed(const struct policy_view *v, const struct entry *e, struct line *out)
{
	bool allow = !strcmp(e->option->name, "allow-hosts"), block = !strcmp(e->option->name, "block-hosts");

	put_action(out, block ? POLICY_BLOCK : allow ? POLICY_INTERCEPT : POLICY_TUNNEL);
	cell_put(out, ROLE_FAINT, LIT(""), LEFT, CUT_END);
	cell_put(out, ROLE_STRING, bytes_of(e->text), whom_columns(v), CUT_END);
	cell_put(out, ROLE_TEXT, LIT(""), PROCESS + USED, CUT_END);
	line_putf(out, ROLE_FAINT, "%s:%zu%s", e->option->name, e->number + 1, allow ? ", and tunnel what no regex of it finds" : "");
}

static void
put_switch(const struct policy_view *v, const struct entry *e, struct line *out)
{
	const char *slash = strrchr(e->text, '/'), *host = slash ? slash + 1 : e->text;
	struct bytes process = { (const uint8_t *)e->text, slash ? (size_t)(slash - e->text) : 0 };
	enum policy_action action;

	if (policy_action_named(bytes_of(e->value), &action))
		put_action(out, action);
	else
		cell_put(out, ROLE_WARN, bytes_of(!strcmp(e->value, "yes") ? "on" : "off"), ACTION, CUT_END);
	cell_put(out, ROLE_FAINT, LIT(""), LEFT, CUT_END);
	cell_put(out, ROLE_HOST, bytes_of(*e->text ? host : "all others"), whom_columns(v), CUT_START);
	cell_put(out, ROLE_TEXT, bytes_are(process, "*") ? LIT("") : process, PROCESS + USED, CUT_END);
	line_putf(out, ROLE_FAINT, "%s%s%s", e->option->name, *e->text ? "@" : "", e->text);
}

static void
put_signal(const struct policy_view *v, const struct learning_signal *s, struct line *out)
{
	bool applied = s->code == LEARNING_AUTHORITATIVE;
	char clock[WORDS_MAX];

	cell_put(out, applied ? ROLE_GOOD : ROLE_FAINT, applied ? LIT("learned") : LIT("ignored"), ACTION, CUT_END);
	cell_put(out, ROLE_FAINT, bytes_of(words_clock(s->when, false, clock)), LEFT, CUT_END);
	cell_put(out, ROLE_HOST, bytes_of(s->host), whom_columns(v), CUT_START);
	cell_put(out, ROLE_TEXT, bytes_of(process_word(s->process)), PROCESS, CUT_END);
	line_putf(out, ROLE_FAINT, "%*u ", USED - 1, s->times);
	line_putf(out, applied ? ROLE_TEXT : ROLE_WARN, "%s", learning_word(s->code));
	line_putf(out, ROLE_FAINT, ": %s; %s, %s", learning_about(s->code), s->reason, s->evidence);
	out->flow = s->flow;
}

static void
policy_line(void *st, size_t i, struct line *out)
{
	const struct policy_view *v = st;
	const struct entry *e = &v->entry[i];

	out->single = true;
	if (e->kind != ENTRY_HEADING)
		line_putf(out, ROLE_TEXT, " ");
	switch (e->kind) {
	case ENTRY_HEADING:
		line_putf(out, ROLE_TITLE, "%s", e->words);
		break;
	case ENTRY_WORDS:
		line_putf(out, ROLE_FAINT, "%s", e->words);
		break;
	case ENTRY_TEMPORARY:
		put_temporary(v, &e->temporary, out);
		break;
	case ENTRY_LISTED:
		put_listed(v, e, out);
		break;
	case ENTRY_SWITCH:
		put_switch(v, e, out);
		break;
	case ENTRY_SIGNAL:
		put_signal(v, &e->signal, out);
		break;
	}
}

static void
policy_title(void *st, struct line *out, unsigned columns)
{
	const struct policy_view *v = st;
	struct learning_counts counts;

	(void)columns;
	learning_ledger(v->desk->backend ? backend_learning(v->desk->backend) : NULL, NULL, 0, &counts);
	line_putf(out, ROLE_TITLE, "Policy");
	line_putf(out, ROLE_FAINT, "  u takes a line back");
	if (v->desk->options->learn)
		line_putf(out, ROLE_WARN, "  learning: %llu applied, %llu ignored", (unsigned long long)counts.applied,
			(unsigned long long)counts.ignored);
}

static void
policy_header(void *st, struct line *out)
{
	const struct policy_view *v = st;

	line_putf(out, ROLE_HEADER, " %-*s%-*s%-*s%-*s%*s %s", ACTION, "ACTION", LEFT, "LEFT", (int)whom_columns(v), "HOST",
		PROCESS, "PROCESS", USED - 1, "USED", "BECAUSE OF");
}

/* All of its list but this one. A line end behind each says that it is all of them. */
static bool
list_without(struct desk *d, const struct entry *of, struct fault *why)
{
	const char *text = *(char **)((char *)d->options + of->option->offset);
	struct buf left;
	size_t number = 0;
	bool ok;

	buf_init(&left, strlen(text) + 100);
	ok = buf_addf(&left, "%s=", of->option->name);
	for (size_t len; ok && *text; text += len) {
		len = strcspn(text, "\n") + 1;
		ok = number++ == of->number || buf_add(&left, (struct bytes){ (const uint8_t *)text, len });
	}
	ok = ok && buf_add(&left, (struct bytes){ (const uint8_t *)"", 1 }) && desk_set(d, (const char *)left.at, why);
	buf_release(&left);
	return ok;
}

static bool
take_back(struct desk *d, const struct entry *e, struct fault *why)
{
	char text[400];

	switch (e->kind) {
	case ENTRY_TEMPORARY:
		if (!temporaries_remove(backend_temporaries(d->backend), e->temporary.id))
			return fault(why, "that is over already");
		desk_say(d, "connections to %.100s are as all others again", e->temporary.host);
		return true;
	case ENTRY_LISTED:
		return list_without(d, e, why);
	case ENTRY_SWITCH:
		snprintf(text, sizeof(text), "%s%s%s=default", e->option->name, *e->text ? "@" : "", e->text);
		return desk_set(d, text, why);
	case ENTRY_HEADING:
	case ENTRY_WORDS:
	case ENTRY_SIGNAL:
		break;
	}
	return fault(why, "nothing on this line can be taken back");
}

static bool
policy_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct policy_view *v = st;
	char command[40];

	if (!strcmp(action, "enter") && i < v->entries) {
		struct line l = { .flow = 0 };

		policy_line(v, i, &l);
		snprintf(command, sizeof(command), "flow %llu", (unsigned long long)l.flow);
		(void)!(l.flow ? action_run(v->desk, command, why) : fault(why, "no flow is on this line"));
		return true;
	}
	if ((strcmp(action, "undo") && strcmp(action, "drop") && strcmp(action, "policy_undo")) || *v->desk->arg || i >= v->entries)
		return false;
	(void)!take_back(v->desk, &v->entry[i], why);
	return true;
}

static void
policy_close(void *st)
{
	free(((struct policy_view *)st)->entry);
}

const struct view_ops view_policy = {
	.name = "policy", .about = "what is intercepted, passed on and blocked, by whose word and for how long",
	.size = sizeof(struct policy_view),
	.open = policy_open, .refresh = policy_refresh, .lines = policy_lines, .line = policy_line, .title = policy_title,
	.header = policy_header, .act = policy_act, .close = policy_close,
};
