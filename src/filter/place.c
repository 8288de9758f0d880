/* Where in the text of an expression its terms are: for those who help to write one, so nothing need be right. */
#include <ctype.h>
#include <string.h>

#include "pick.h"

static const struct term *
term_at(const char *name, size_t len)
{
	for (size_t i = 0; terms[i].name; i++)
		if (strlen(terms[i].name) == len && !memcmp(terms[i].name, name, len))
			return &terms[i];
	return NULL;
}

/* From its quote to behind the other one, or to the end. */
static size_t
quoted_length(const char *s)
{
	size_t n = 1;

	for (; s[n] && s[n] != *s; n++)
		n += s[n] == '\\' && s[n + 1];
	return n + (s[n] == *s);
}

size_t
argument_length(enum argument kind, const char *s)
{
	size_t n = 0;

	if (*s == '"' || *s == '\'')
		return quoted_length(s);
	if (kind == ARG_NAMED || kind == ARG_PATH) {
		n = pick_head_length(kind, s);
		return n + (s[n] == '"' || s[n] == '\'' ? quoted_length(s + n) : argument_length(ARG_REGEX, s + n));
	}
	while (argument_bare(s[n]) && (kind == ARG_REGEX || (s[n] != '&' && s[n] != '|')))
		n++;
	return n;
}

/* The term whose ~ is there. */
static void
place_read(const char *text, size_t tilde, struct filter_place *out)
{
	const struct term *term;
	size_t at = tilde + 1;

	*out = (struct filter_place){ .name = at };
	while (isalnum((unsigned char)text[at]))
		at++;
	out->argument = out->end = at;
	term = term_at(text + out->name, at - out->name);
	if (!term)
		return;
	out->term = term_about(term);
	if (term->argument == ARG_NONE || (!isspace((unsigned char)text[at]) && text[at] != '"' && text[at] != '\''))
		return;
	while (isspace((unsigned char)text[at]))
		at++;
	out->argument = at;
	out->end = at + argument_length(term->argument, text + at);
	out->argues = true;
}

bool
filter_place(const char *text, size_t at, struct filter_place *out)
{
	for (size_t i = 0; i <= at && text[i];) {
		if (text[i] == '"' || text[i] == '\'') {
			i += quoted_length(text + i);
		} else if (text[i] != '~') {
			i++;
		} else {
			place_read(text, i, out);
			if (at > i && at <= out->end)
				return true;
			i = out->end;
		}
	}
	return false;
}
