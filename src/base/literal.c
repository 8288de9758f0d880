/* What must stand in a text for a regular expression to match it. */
#include <ctype.h>
#include <string.h>

#include "soth/match.h"

/* Where the pattern is read, and the longest run of plain bytes so far. */
struct reading {
	struct bytes rest;
	struct literal run, best;
	bool lost;			/* something that is not understood here */
};

void
literal_set(struct literal *l, struct bytes text)
{
	l->len = text.len < LITERAL_MAX ? text.len : LITERAL_MAX;
	for (size_t i = 0; i < l->len; i++)
		l->at[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] | 0x20 : text.at[i];
}

size_t
literals_least(const struct literals *l)
{
	size_t least = l->count ? LITERAL_MAX : 0;

	for (size_t i = 0; i < l->count; i++)
		least = l->text[i].len < least ? l->text[i].len : least;
	return least;
}

static void
run_ends(struct reading *r)
{
	if (r->run.len > r->best.len)
		r->best = r->run;
	r->run.len = 0;
}

static void
run_add(struct reading *r, uint8_t c)
{
	struct literal one;

	if (r->run.len == LITERAL_MAX)
		run_ends(r);
	literal_set(&one, (struct bytes){ &c, 1 });
	r->run.at[r->run.len++] = one.at[0];
}

static void
skip(struct reading *r, size_t n)
{
	r->lost |= n > r->rest.len;
	r->rest = bytes_from(r->rest, n);
}

static bool
ahead(const struct reading *r, size_t n, const char *what)
{
	return r->rest.len >= n && r->rest.len - n >= strlen(what) && !memcmp(r->rest.at + n, what, strlen(what));
}

/* What stands in a class at `n`: one character, "[:alpha:]", an escape. How long it is. */
static size_t
class_item(struct reading *r, size_t n)
{
	const uint8_t *end;

	if (ahead(r, n, "[:")) {
		end = memmem(r->rest.at + n, r->rest.len - n, ":]", 2);
		r->lost |= !end;
		return end ? (size_t)(end - r->rest.at) + 2 - n : 1;
	}
	r->lost |= ahead(r, n, "[.") || ahead(r, n, "[=") || ahead(r, n, "\\Q") || ahead(r, n, "\\E");
	return r->rest.at[n] == '\\' ? 2 : 1;
}

/* "[...]": a ] at its begin is one of the class. */
static void
skip_class(struct reading *r)
{
	size_t first = ahead(r, 1, "^") ? 2 : 1, n = first;

	while (n < r->rest.len && (r->rest.at[n] != ']' || n == first))
		n += class_item(r, n);
	skip(r, n + 1);
}

/* It begins with what changes how the rest is read, or with what is not known here. */
static bool
group_is_odd(const struct reading *r)
{
	static const char *const known[] = { "(?:", "(?=", "(?!", "(?<", "(?>", "(?P<" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (ahead(r, 0, known[i]))
			return false;
	return ahead(r, 0, "(?") || ahead(r, 0, "(*");
}

/* "(...)", of which nothing need match that is told here. */
static void
skip_group(struct reading *r)
{
	size_t depth = 0;

	do {
		uint8_t c = r->rest.len ? *r->rest.at : 0;

		r->lost |= !c || group_is_odd(r) || ahead(r, 0, "\\Q") || ahead(r, 0, "\\E");
		if (c == '[') {
			skip_class(r);
			continue;
		}
		depth += c == '(';
		depth -= c == ')';
		skip(r, c == '\\' ? 2 : 1);
	} while (depth && !r->lost);
}

/* A backslash and one more; what takes still more is not understood here. */
static void
read_escape(struct reading *r)
{
	uint8_t c = r->rest.len > 1 ? r->rest.at[1] : 0;

	if (c && !isalnum(c) && c < 0x80)
		run_add(r, c);
	else if (c && strchr("dDwWsSbBAzZGnrtfaehHvVR", c))
		run_ends(r);
	else
		r->lost = true;
	skip(r, 2);
}

/* It may be there or not: the byte before it does not count. */
static void
read_optional(struct reading *r)
{
	size_t n = 1;

	if (*r->rest.at == '{') {
		while (n < r->rest.len && (isdigit(r->rest.at[n]) || r->rest.at[n] == ',' || r->rest.at[n] == ' '))
			n++;
		r->lost |= !ahead(r, n++, "}");	/* a brace that begins no count stands for itself */
	}
	if (r->run.len)
		r->run.len--;
	run_ends(r);
	skip(r, n);
}

static void
read_one(struct reading *r)
{
	uint8_t c = *r->rest.at;

	if (c == '\\') {
		read_escape(r);
	} else if (c == '(') {
		run_ends(r);
		skip_group(r);
	} else if (c == '[') {
		run_ends(r);
		skip_class(r);
	} else if (c == '*' || c == '?' || c == '{') {
		read_optional(r);
	} else {
		if (strchr("+.^$", c) && c)
			run_ends(r);
		else
			run_add(r, c);
		skip(r, 1);
	}
}

bool
match_literals(struct bytes pattern, struct literals *out)
{
	struct reading r = { .rest = pattern };

	if (pattern.len >= 5 && !memcmp(pattern.at, "(?-i)", 5))
		skip(&r, 5);	/* what heeds the case is found in lower case, too */
	*out = (struct literals){ 0 };
	while (!r.lost) {
		if (r.rest.len && *r.rest.at != '|') {
			read_one(&r);
			continue;
		}
		run_ends(&r);
		if (!r.best.len || out->count == LITERALS_MAX)
			return false;
		out->text[out->count++] = r.best;
		r.best.len = 0;
		if (!r.rest.len)
			return true;
		skip(&r, 1);
	}
	return false;
}
