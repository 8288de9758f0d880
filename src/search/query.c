/* What is looked for. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"
#include "soth/match.h"

struct query {
	struct match *match;
	struct literal literal;		/* that is in every match; none, where nothing is known to be */
};

/* A capital: in a regex, not one that an escape is made of. */
static bool
has_capital(struct bytes text, bool regex)
{
	for (size_t i = 0; i < text.len; i++) {
		if (regex && text.at[i] == '\\')
			i++;
		else if (isupper(text.at[i]))
			return true;
	}
	return false;
}

static void
query_regex(struct query *q, struct bytes text)
{
	struct literals all;

	if (match_literals(text, &all) && all.count == 1)
		q->literal = all.text[0];
}

struct query *
query_new(struct bytes text, bool regex, struct fault *why, size_t *at)
{
	unsigned flags = (regex ? MATCH_LINES : MATCH_TEXT) | (has_capital(text, regex) ? MATCH_CASE : 0);
	struct query *q;
	struct match *m;

	*at = 0;
	if (!text.len)
		return fault(why, "nothing to search for"), NULL;
	if (text.len > QUERY_MAX) {
		*at = QUERY_MAX;
		return fault(why, "it is too long"), NULL;
	}
	m = match_new(text, flags, why, at);
	if (!m)
		return NULL;
	q = xalloc(sizeof(*q));
	q->match = m;
	if (regex)
		query_regex(q, text);
	else
		literal_set(&q->literal, text);
	return q;
}

void
query_free(struct query *q)
{
	if (!q)
		return;
	match_free(q->match);
	free(q);
}

struct bytes
query_literal(const struct query *q)
{
	return (struct bytes){ q->literal.at, q->literal.len };
}

bool
query_next(const struct query *q, struct bytes text, size_t from, size_t *begin, size_t *end, bool *gave_up)
{
	return match_next(q->match, text, from, begin, end, gave_up);
}
