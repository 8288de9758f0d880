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
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_CIRCUMFLEX |	/* ^ behind the last line end, too */
		(flags & MATCH_CASE ? 0 : PCRE2_CASELESS) | (flags & MATCH_LINES ? PCRE2_MULTILINE : 0) |
		(flags & MATCH_DOTALL ? PCRE2_DOTALL : 0);
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

bool
match_find(const struct match *m, struct bytes text, size_t *from, size_t *to)
{
	pcre2_match_data *scratch = match_scratch();
	const PCRE2_SIZE *place;

	if (!scratch || pcre2_match(m->code, text.at ? text.at : (const uint8_t *)"", text.len, 0, 0, scratch, m->limits) < 0)
		return false;
	place = pcre2_get_ovector_pointer(scratch);
	*from = place[0];
	*to = place[1];
	return true;
}

bool
match_in(const struct match *m, struct bytes text)
{
	size_t from, to;

	return match_find(m, text, &from, &to);
}
