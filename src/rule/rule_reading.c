/* Arguments of rules, one word after the other. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

bool
reading_wrong(struct reading *r, const struct word *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why->text, sizeof(r->why->text), fmt, ap);
	va_end(ap);
	r->column = w ? w->column : r->words->end;
	return false;
}

const struct word *
reading_peek(const struct reading *r)
{
	return r->at < r->words->count ? &r->words->word[r->at] : NULL;
}

const struct word *
reading_next(struct reading *r, const char *what)
{
	const struct word *w = reading_peek(r);

	if (!w)
		reading_wrong(r, NULL, "%s is missing here", what);
	else
		r->at++;
	return w;
}

static char *
kept(struct bytes text)
{
	char *out = xalloc(text.len + 1);

	if (text.len)
		memcpy(out, text.at, text.len);
	return out;
}

bool
reading_text(struct reading *r, const char *what, struct text *out)
{
	const struct word *w = reading_next(r, what);

	if (!w)
		return false;
	*out = (struct text){ kept(w->text), w->text.len, w->file, NULL };
	if (w->file) {
		char *path = rule_file_path(r->folder, out->at);

		free(out->at);
		*out = (struct text){ path, strlen(path), true, NULL };
	}
	return !w->file || reading_file(r, w, out);
}

bool
reading_file(struct reading *r, const struct word *w, struct text *t)
{
	t->content = filed_read(t->at);
	*r->files += filed_size(t->content);
	return *r->files <= RULES_FILES_MAX ||
		reading_wrong(r, w, "the files that rules name are larger than %d MiB together", RULES_FILES_MAX >> 20);
}

bool
reading_regex(struct reading *r, unsigned flags)
{
	const struct word *w = reading_next(r, "a regular expression");
	struct fault why;
	size_t at;

	if (!w)
		return false;
	r->rule->match = match_new(w->text, flags, &why, &at);
	if (!r->rule->match) {
		reading_wrong(r, w, "%s", why.text);
		r->column += w->quoted ? 0 : at;
		return false;
	}
	(void)match_literals(w->text, &r->rule->literals);
	return true;
}

/* "N%" */
static bool
read_chance(struct reading *r, const struct word *w)
{
	char text[16], *end;
	double percent;

	if (w->text.len >= sizeof(text) || !w->text.len || w->text.at[w->text.len - 1] != '%')
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)w->text.len, (const char *)w->text.at);
	percent = strtod(text, &end);
	if (!isdigit((unsigned char)*text) || strcmp(end, "%") || !(percent >= 0 && percent <= 100))
		return false;
	r->rule->chance = (unsigned)(percent * ALWAYS / 100 + 0.5);
	return true;
}

/* "xN" */
static bool
read_most(struct reading *r, const struct word *w)
{
	uint64_t n = 0;

	if (w->text.len < 2 || w->text.len > 10 || *w->text.at != 'x')
		return false;
	for (size_t i = 1; i < w->text.len; i++) {
		if (!isdigit(w->text.at[i]))
			return false;
		n = n * 10 + w->text.at[i] - '0';
	}
	r->rule->most = n;
	return n;
}

static bool
read_modifier(struct reading *r, const struct word *w)
{
	return !w->quoted && !w->file && (read_chance(r, w) || read_most(r, w));
}

bool
reading_ends(struct reading *r)
{
	const struct word *w = reading_peek(r);
	unsigned chance = r->rule->chance;
	uint64_t most = r->rule->most;
	bool ends = !w || read_modifier(r, w);

	r->rule->chance = chance;
	r->rule->most = most;
	return ends;
}

bool
read_modifiers(struct reading *r)
{
	const struct word *w;

	while ((w = reading_peek(r))) {
		if (!read_modifier(r, w))
			return reading_wrong(r, w, "the end, 50%%, x3 or 'if' is meant here");
		r->at++;
	}
	return true;
}

/* Where an action that has a side of its own cannot wait for what the filter asks. */
static bool
too_late(const struct rule *r, struct fault *why)
{
	return fault(why, "%s cannot be done once the filter knows: the %s has passed on by then", r->action->name,
		r->sides & OF_CLIENT ? "request" : "message");
}

static unsigned
stage_of(const struct rule *r, enum side side, unsigned asks)
{
	bool body = r->action->flags & ACTS_ON_BODY || asks & FILTER_ASKS_A_BODY;

	if (side == CLIENT && asks & (FILTER_ASKS_RESPONSE | FILTER_ASKS_RESPONSE_BODY))
		return 0;
	if (side == CLIENT)
		return body || asks & FILTER_ASKS_REQUEST_BODY ? 1u << RULE_REQUEST_WHOLE : 1u << RULE_REQUEST_HEAD;
	return body || asks & FILTER_ASKS_RESPONSE_BODY ? 1u << RULE_RESPONSE_WHOLE : 1u << RULE_RESPONSE_HEAD;
}

bool
rule_when(struct rule *r, struct fault *why)
{
	unsigned asks = r->filter ? filter_asks(r->filter) : 0, flags = r->action->flags;

	if (asks & FILTER_ASKS_END)
		return fault(why, "the filter asks what is known only of flows that are over");
	if (flags & ACTS_ANYTIME && !r->chosen)
		r->sides = asks & (FILTER_ASKS_RESPONSE | FILTER_ASKS_RESPONSE_BODY) || r->broken == BREAK_CLOSE_CODE ?
			OF_SERVER : OF_CLIENT;
	if (asks & FILTER_ASKS_MESSAGE) {
		r->stages = 1u << RULE_MESSAGE;
		r->sides = r->chosen || flags & ACTS_ON_BODY ? r->sides : OF_BOTH;
		return flags & (ACTS_ON_BODY | ACTS_ON_MESSAGE) || fault(why, "%s cannot be done to messages, which the filter asks for",
			r->action->name);
	}
	r->stages = r->sides & OF_CLIENT ? stage_of(r, CLIENT, asks) : 0;
	if (flags & ACTS_ON_BOTH && (!r->stages || r->stages & 1u << RULE_REQUEST_WHOLE))
		return too_late(r, why);
	r->stages |= r->sides & OF_SERVER ? stage_of(r, SERVER, asks) : 0;
	if (!r->stages)
		return too_late(r, why);
	if (flags & ACTS_ON_BODY)
		r->stages |= 1u << RULE_MESSAGE;
	return true;
}
