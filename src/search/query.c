/* What is looked for. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"
#include "soth/match.h"

struct query {
	struct match *match;
	uint8_t literal[SEARCH_LITERAL_MAX];
	size_t literals;
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
query_plain(struct query *q, struct bytes text)
{
	q->literals = text.len < SEARCH_LITERAL_MAX ? text.len : SEARCH_LITERAL_MAX;
	for (size_t i = 0; i < q->literals; i++)
		q->literal[i] = (uint8_t)tolower(text.at[i]);
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
		q->literals = literal_of(text, q->literal, sizeof(q->literal));
	else
		query_plain(q, text);
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
	return (struct bytes){ q->literal, q->literals };
}

bool
query_next(const struct query *q, struct bytes text, size_t from, size_t *begin, size_t *end, bool *gave_up)
{
	return match_next(q->match, text, from, begin, end, gave_up);
}
