/* A line of rules in words: bare, or in quotes as in filters; what stands behind a # is for people. */
#include <string.h>

#include "rule_inside.h"

enum { LINE_MAX_ = 64 << 10 };

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
put(struct words *w, char c)
{
	return buf_add(&w->texts, (struct bytes){ (uint8_t *)&c, 1 });
}

/* A backslash takes the character behind it as it is, but for n, r and t. */
static bool
word_quoted(struct words *w, struct bytes line, size_t *at, struct fault *why)
{
	static const char from[] = "nrt", to[] = "\n\r\t";
	uint8_t quote = line.at[(*at)++];

	while (*at < line.len && line.at[*at] != quote) {
		char c = (char)line.at[(*at)++];
		const char *known;

		if (c == '\\' && *at < line.len) {
			c = (char)line.at[(*at)++];
			known = c ? strchr(from, c) : NULL;
			c = known ? to[known - from] : c;
		}
		(void)!put(w, c);
	}
	if (*at == line.len)
		return fault(why, "a quote that does not end");
	(*at)++;
	return *at == line.len || is_space(line.at[*at]) || fault(why, "a space is missing behind the quote");
}

static bool
word_read(struct words *w, struct bytes line, size_t *at, struct fault *why)
{
	struct word *one = &w->word[w->count];
	size_t begin = w->texts.len;

	*one = (struct word){ .column = *at };
	if (line.at[*at] == '@' && *at + 1 < line.len && !is_space(line.at[*at + 1])) {
		one->file = true;
		(*at)++;
	}
	if (line.at[*at] == '"' || line.at[*at] == '\'') {
		size_t quote = *at;

		one->quoted = true;
		if (!word_quoted(w, line, at, why))
			return *at = quote, false;
	} else {
		while (*at < line.len && !is_space(line.at[*at]))
			(void)!put(w, (char)line.at[(*at)++]);
	}
	one->text = (struct bytes){ w->texts.at + begin, w->texts.len - begin };
	w->count++;
	return true;
}

/* A filter has quotes anywhere, and ends at a # behind white space. */
static size_t
filter_length(struct bytes from)
{
	uint8_t quote = 0;
	size_t n;

	for (n = 0; n < from.len; n++) {
		uint8_t c = from.at[n];

		if (quote && c == '\\')
			n++;
		else if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '#' && (!n || is_space(from.at[n - 1])))
			break;
	}
	return n < from.len ? n : from.len;
}

static size_t
space_length(struct bytes line, size_t at)
{
	size_t n = 0;

	while (at + n < line.len && is_space(line.at[at + n]))
		n++;
	return n;
}

/* "if", and what is behind it. */
static bool
filter_begins(struct words *w, struct bytes line, size_t *at)
{
	if (line.len - *at < 3 || memcmp(line.at + *at, "if", 2) || !is_space(line.at[*at + 2])) {
		if (line.len - *at != 2 || memcmp(line.at + *at, "if", 2))
			return false;
	}
	w->filter = *at + 2 + space_length(line, *at + 2);
	w->filter_end = w->filter + filter_length(bytes_from(line, w->filter));
	return true;
}

bool
words_read(struct words *w, struct bytes line, size_t *column, struct fault *why)
{
	size_t at = 0;

	*w = (struct words){ 0 };
	buf_init(&w->texts, LINE_MAX_);
	*column = 0;
	if (line.len >= LINE_MAX_)
		return fault(why, "the line is longer than %d bytes", LINE_MAX_);
	(void)!buf_room(&w->texts, line.len + 1);	/* so that no word moves */
	for (;;) {
		at += space_length(line, at);
		w->end = at;
		if (at == line.len || line.at[at] == '#')
			return true;
		if (w->count && filter_begins(w, line, &at))
			return true;
		*column = at;
		if (w->count == WORDS_MAX)
			return fault(why, "there are more than %d words", WORDS_MAX);
		if (!word_read(w, line, &at, why))
			return *column = at, false;
	}
}

void
words_release(struct words *w)
{
	buf_release(&w->texts);
}
