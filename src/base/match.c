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
	bool jit;
};

struct match *
match_new(struct bytes pattern, unsigned flags, struct fault *why, size_t *at)
{
	uint32_t options = (flags & MATCH_CASE ? 0 : PCRE2_CASELESS) | (flags & MATCH_TEXT ? PCRE2_LITERAL :
		PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_CIRCUMFLEX |	/* ^ behind the last line end, too */
		 (flags & MATCH_LINES ? PCRE2_MULTILINE : 0) |
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
	m->jit = pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE) == 0;	/* without it, it is slower */
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

/* Of a thread: made when it first matches, gone with it. */
static pthread_key_t scratch_key;
static _Thread_local uint64_t given_up;

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

static pcre2_match_data *
match_scratch(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pcre2_match_data *scratch;

	(void)pthread_once(&once, scratch_begin);
	scratch = pthread_getspecific(scratch_key);
	if (!scratch) {
		scratch = pcre2_match_data_create(MATCH_GROUPS_MAX, NULL);
		(void)pthread_setspecific(scratch_key, scratch);
	}
	return scratch;
}

uint64_t
match_given_up(void)
{
	return given_up;
}

/* How many groups there are, with 0; 0 or below: there is none, or why it cannot be said. */
static int
match_run(const struct match *m, struct bytes text, size_t at, uint32_t options, pcre2_match_data *s)
{
	const uint8_t *from = text.at ? text.at : (const uint8_t *)"";
	int count = !s ? PCRE2_ERROR_NOMEMORY : m->jit ? pcre2_jit_match(m->code, from, text.len, at, options, s, m->limits) :
		pcre2_match(m->code, from, text.len, at, options, s, m->limits);

	if (count >= 0)
		return count ? count : MATCH_GROUPS_MAX;
	given_up += count != PCRE2_ERROR_NOMATCH;
	return count;
}

/* What PCRE2 says; below 0: there is none, or why it cannot be said. */
static int
find(const struct match *m, struct bytes text, size_t at, uint32_t options, size_t *from, size_t *to)
{
	pcre2_match_data *scratch = match_scratch();
	const PCRE2_SIZE *place;
	int said;

	said = match_run(m, text, at, options, scratch);
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
match_groups(const struct match *m, struct bytes text, size_t at, struct match_groups *out)
{
	pcre2_match_data *s = match_scratch();
	int count = at <= text.len ? match_run(m, text, at, 0, s) : 0;
	const PCRE2_SIZE *place = count > 0 ? pcre2_get_ovector_pointer(s) : NULL;
	const uint8_t *from = text.at ? text.at : (const uint8_t *)"";

	*out = (struct match_groups){ 0 };
	for (int i = 0; i < count && i < MATCH_GROUPS_MAX; i++)
		if (place[2 * i] != PCRE2_UNSET && place[2 * i] <= place[2 * i + 1])	/* \K may turn them round */
			out->group[i] = (struct bytes){ from + place[2 * i], place[2 * i + 1] - place[2 * i] };
	return count > 0 && out->group[0].at;
}

bool
match_in(const struct match *m, struct bytes text)
{
	size_t from, to;

	return match_find(m, text, &from, &to);
}
