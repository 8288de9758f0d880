/* Switches in a few words. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "switch.h"

enum { VALUE_MAX = 100 };

static const struct { const char *name, *word; } words[] = {
	{ "http3-passthrough", "http3" },
	{ "validate-inbound-headers", "strict headers" },
	{ "stream-large-bodies", "stream" },
	{ "store-streamed-bodies", "store streamed" },
	{ "body-size-limit", "body limit" },
};

static const char *
switch_word(const struct option *opt)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(words[i].name, opt->name))
			return words[i].word;
	return opt->name;
}

const char *
switch_value(const struct option *opt, const char *value)
{
	if (opt->type != OPTION_BOOL)
		return value;
	return strcmp(value, "yes") ? "off" : "on";
}

static void
words_add(char out[SWITCH_WORDS_MAX], const struct option *opt, const char *value, const char *pattern)
{
	size_t len = strlen(out);

	snprintf(out + len, SWITCH_WORDS_MAX - len, "%s%s %s%s%s", len ? ", " : "", switch_word(opt),
		switch_value(opt, value), *pattern ? " " : "", pattern);
}

/* What takes protection away, for as long as it is set so. */
static const struct { const char *name, *value; } unsafe[] = {
	{ "ssl-insecure", "yes" }, { "validate-inbound-headers", "no" },
	{ "tls-version-server-min", "UNBOUNDED" }, { "tls-version-server-min", "SSL3" },
	{ "tls-version-server-min", "TLS1" }, { "tls-version-server-min", "TLS1_1" },
	{ "tls-version-client-min", "UNBOUNDED" }, { "tls-version-client-min", "SSL3" },
	{ "tls-version-client-min", "TLS1" }, { "tls-version-client-min", "TLS1_1" },
};

static bool
is_unsafe(const struct option *opt, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(unsafe); i++)
		if (!strcmp(unsafe[i].name, opt->name) && !strcasecmp(unsafe[i].value, value))
			return true;
	return false;
}

static unsigned
words_of(const struct options *o, bool of_unsafe, char out[SWITCH_WORDS_MAX])
{
	const struct option *opt;
	const char *pattern;
	char value[VALUE_MAX];
	unsigned count = 0;

	*out = '\0';
	for (size_t i = 0; (opt = option_at(i)); i++) {
		option_format(o, opt, value, sizeof(value));
		if (of_unsafe ? !is_unsafe(opt, value) : opt->hears != HEARS_HOST || !strcmp(value, opt->def) || is_unsafe(opt, value))
			continue;
		words_add(out, opt, value, "");
		count++;
	}
	for (size_t i = 0; option_override(o, i, &opt, &pattern, value, sizeof(value)); i++)
		if (is_unsafe(opt, value) == of_unsafe) {
			words_add(out, opt, value, pattern);
			count++;
		}
	return count;
}

unsigned
switches_words(const struct options *o, char out[SWITCH_WORDS_MAX])
{
	return words_of(o, false, out);
}

unsigned
unsafe_words(const struct options *o, char out[SWITCH_WORDS_MAX])
{
	return words_of(o, true, out);
}
