/* Regular expressions, by PCRE2 with its JIT. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

#include "soth/match.h"

enum { TRIES_MAX = 1000000, DEPTH_MAX = 1000 };

struct match {
	pcre2_code *code;
	pcre2_match_context *limits;
};

struct match *
match_new(struct bytes pattern, unsigned flags, struct fault *why, size_t *at)
{
	uint32_t options = (flags & MATCH_CASE ? 0 : PCRE2_CASELESS) | (flags & MATCH_TEXT ? PCRE2_LITERAL :
		PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C | (flags & MATCH_LINES ? PCRE2_MULTILINE : 0) |
		(flags & MATCH_DOTALL ? PCRE2_DOTALL : 0));
	struct match *m = xalloc(sizeof(*m));
	PCRE2_UCHAR words[160];
	PCRE2_SIZE where = 0;
	int error;

	m->code = pcre2_compile(pattern.at ? pattern.at : (const uint8_t *)"", pattern.len, options, &error, &where, NULL);
	if (!m->code) {
		pcre2_get_error_message(error, words, sizeof(words));
		fault(why, "%s", (const char *)words);
		*at = where;
		free(m);
		return NULL;
	}
	(void)pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE);	/* without it, it is slower */
	m->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(m->limits, TRIES_MAX);
	pcre2_set_depth_limit(m->limits, DEPTH_MAX);
	return m;
}

void
match_free(struct match *m)
{
	if (!m)
		return;
	pcre2_match_context_free(m->limits);
	pcre2_code_free(m->code);
	free(m);
}

static pthread_key_t scratch_key;

static void
scratch_drop(void *scratch)
{
	pcre2_match_data_free(scratch);
}

static void
scratch_begin(void)
{
	(void)pthread_key_create(&scratch_key, scratch_drop);
}

/* Of this thread: made when it first matches, gone with it. */
static pcre2_match_data *
match_scratch(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pcre2_match_data *scratch;

	(void)pthread_once(&once, scratch_begin);
	scratch = pthread_getspecific(scratch_key);
	if (!scratch) {
		scratch = pcre2_match_data_create(1, NULL);
		(void)pthread_setspecific(scratch_key, scratch);
	}
	return scratch;
}

/* What PCRE2 says; below 0: there is none, or why it cannot be said. */
static int
find(const struct match *m, struct bytes text, size_t at, uint32_t options, size_t *from, size_t *to)
{
	pcre2_match_data *scratch = match_scratch();
	const uint8_t *bytes = text.at ? text.at : (const uint8_t *)"";
	const PCRE2_SIZE *place;
	int said;

	if (!scratch)
		return PCRE2_ERROR_NOMEMORY;
	said = pcre2_match(m->code, bytes, text.len, at, options, scratch, m->limits);
	if (said < 0)
		return said;
	place = pcre2_get_ovector_pointer(scratch);
	*from = place[0];
	*to = place[1];
	return said;
}

bool
match_find(const struct match *m, struct bytes text, size_t *from, size_t *to)
{
	return find(m, text, 0, 0, from, to) >= 0;
}

/* \K in a look-around may have one end before it begins, or before `at`. */
bool
match_next(const struct match *m, struct bytes text, size_t at, size_t *from, size_t *to, bool *gave_up)
{
	int said = at <= text.len ? find(m, text, at, PCRE2_NOTEMPTY, from, to) : PCRE2_ERROR_NOMATCH;

	*gave_up = said < 0 && said != PCRE2_ERROR_NOMATCH;
	return said >= 0 && *from >= at && *to > *from;
}

bool
match_in(const struct match *m, struct bytes text)
{
	size_t from, to;

	return match_find(m, text, &from, &to);
}
