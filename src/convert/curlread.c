/* Commands of curl, as they are pasted, become requests. */
#include <string.h>

#include "../decode/base64.h"
#include "curlread.h"

enum { OPTION_MAX = 64 };

struct reader {
	struct shell shell;
	struct teller teller;
	struct buf word;
	struct slice piped;	/* of the command before */
	size_t words;
	size_t after;		/* a here-document ends there; 0: none is under way */
};

/* The next word of this command; *at: where it stands. */
static enum shell_got
word_next(struct reader *r, size_t *at, struct fault *why)
{
	enum shell_got got;
	struct shell *s = &r->shell;

	buf_eat(&r->word, r->word.len);
	got = shell_next(s, &r->word, why);
	*at = s->begun;
	if (got == SHELL_WORD && ++r->words > SHELL_WORDS_MAX) {
		fault(why, "there are more than %d words", SHELL_WORDS_MAX);
		return SHELL_BROKEN;
	}
	return got;
}

static bool
at_place(const struct reader *r, size_t at, struct fault *why)
{
	char where[48];
	struct fault was = *why;

	shell_where(&r->shell, at, where);
	return fault(why, "%s: %.140s", where, was.text);
}

/* An option with its value, which may stand in the next word. */
static bool
option_with(struct reader *r, struct curl *c, struct bytes option, struct bytes value, size_t at, struct fault *why)
{
	size_t there = at;

	if (!value.at) {
		enum shell_got got = word_next(r, &there, why);

		if (got == SHELL_BROKEN)
			return false;
		if (got != SHELL_WORD)
			return fault(why, "%.*s wants a value", (int)option.len, (const char *)option.at) || at_place(r, at, why);
		value = buf_bytes(&r->word);
	}
	return curl_option(c, option, value, why) || at_place(r, there, why);
}

/* "-sSLd" "text": the last that takes a value has the rest of the word, or the next. */
static bool
letters(struct reader *r, struct curl *c, struct bytes w, size_t at, struct fault *why)
{
	bool takes = false;

	for (size_t i = 1; i < w.len && !takes; i++) {
		uint8_t text[2] = { '-', w.at[i] };
		struct bytes option = { text, 2 }, rest = bytes_from(w, i + 1);

		if (!curl_takes(option, &takes, why))
			return at_place(r, at + i, why);
		if (!takes && !curl_option(c, option, (struct bytes){ 0 }, why))
			return at_place(r, at + i, why);
		if (takes)
			return option_with(r, c, option, rest.len ? rest : (struct bytes){ 0 }, at, why);
	}
	return true;
}

static void
begin(struct reader *r, struct curl *c)
{
	curl_init(c);
	c->piped = slice_ref(r->piped);
}

static bool
tell(struct reader *r, struct curl *c, size_t at, struct fault *why)
{
	bool ok = !c->any || curl_tell(c, &r->teller, why) || at_place(r, at, why);

	curl_release(c);
	return ok;
}

static bool
argument(struct reader *r, struct curl *c, size_t at, struct fault *why)
{
	struct bytes w = buf_bytes(&r->word);
	uint8_t name[OPTION_MAX];
	bool takes;

	if (bytes_are(w, "--next") || bytes_are(w, "-:")) {
		bool ok = tell(r, c, at, why);

		begin(r, c);
		return ok;
	}
	if (w.len < 2 || *w.at != '-')
		return curl_url(c, w, why) || at_place(r, at, why);
	if (w.at[1] != '-')
		return letters(r, c, w, at, why);
	if (w.len > OPTION_MAX)
		return fault(why, "curl has no such option") || at_place(r, at, why);
	memcpy(name, w.at, w.len);	/* the word goes when its value comes */
	if (!curl_takes((struct bytes){ name, w.len }, &takes, why))
		return at_place(r, at, why);
	return option_with(r, c, (struct bytes){ name, w.len }, takes ? (struct bytes){ 0 } : LIT(""), at, why);
}

/* A command of curl, behind its name. */
static enum shell_got
command(struct reader *r, size_t at, struct fault *why)
{
	struct curl c;
	size_t from = at;
	enum shell_got got;

	begin(r, &c);
	while ((got = word_next(r, &at, why)) == SHELL_WORD)
		if (!argument(r, &c, at, why)) {
			got = SHELL_BROKEN;
			break;
		}
	if (got == SHELL_BROKEN)
		curl_release(&c);
	else if (!tell(r, &c, from, why))
		got = SHELL_BROKEN;
	return got;
}

/* What reads its answer, jq say, is passed over. */
static enum shell_got
command_with_pipe(struct reader *r, size_t at, struct fault *why)
{
	enum shell_got got = command(r, at, why);

	while (got == SHELL_PIPE)
		while ((got = word_next(r, &at, why)) == SHELL_WORD)
			;
	return got;
}

/* printf 'format' | curl: what soth itself writes. */
static enum shell_got
printed(struct reader *r, struct fault *why)
{
	size_t at;
	struct buf out;
	enum shell_got got = word_next(r, &at, why);

	buf_init(&out, TYPED_BODY_MAX);
	if (got == SHELL_WORD && shell_printf(buf_bytes(&r->word), &out)) {
		slice_drop(&r->piped);
		r->piped = buf_seal(&out);
		got = word_next(r, &at, why);
	}
	buf_release(&out);
	if (got == SHELL_WORD) {
		fault(why, "printf with more than a format is not read here");
		at_place(r, at, why);
	}
	return got == SHELL_WORD ? SHELL_BROKEN : got;
}

/* base64 -d <<'END' | curl: likewise. The text stands under the line, which is read first. */
static enum shell_got
unpacked(struct reader *r, struct fault *why)
{
	size_t at;
	enum shell_got got;
	struct buf out;
	struct shell ahead;

	while ((got = word_next(r, &at, why)) == SHELL_WORD)
		;
	if (got != SHELL_PIPE)
		return got;
	ahead = r->shell;
	buf_init(&out, TYPED_BODY_MAX);
	do
		buf_eat(&r->word, r->word.len);
	while (shell_next(&ahead, &r->word, why) == SHELL_WORD);
	if (!base64_decode(shell_here(&ahead, LIT("END")), &out)) {
		fault(why, "what base64 is given is no base64");
		at_place(r, at, why);
		got = SHELL_BROKEN;
	}
	r->after = ahead.at;
	slice_drop(&r->piped);
	r->piped = buf_seal(&out);
	buf_release(&out);
	return got;
}

static bool
commands(struct reader *r, struct fault *why)
{
	enum shell_got got;
	size_t at;

	while ((got = word_next(r, &at, why)) != SHELL_OVER) {
		struct bytes w = buf_bytes(&r->word);

		if (got == SHELL_WORD && (bytes_are(w, "$") || bytes_are(w, "%")))
			continue;	/* a prompt that was copied too */
		if (got == SHELL_WORD && bytes_are(w, "printf"))
			got = printed(r, why);
		else if (got == SHELL_WORD && bytes_are(w, "base64"))
			got = unpacked(r, why);
		else if (got == SHELL_WORD && (bytes_are(w, "curl") || bytes_are(w, "curl.exe")))
			got = command_with_pipe(r, at, why);
		else if (got == SHELL_WORD)
			return fault(why, "a command of curl is wanted, not %.*s", (int)(w.len < 40 ? w.len : 40), (const char *)w.at) ||
				at_place(r, at, why);
		if (got == SHELL_BROKEN)
			return false;
		if (got == SHELL_PIPE)
			continue;
		slice_drop(&r->piped);
		if (r->after > r->shell.at)
			r->shell.at = r->after;
		r->after = 0;
	}
	return r->teller.flow || fault(why, "there is no command in it");
}

bool
curl_read(FILE *in, const struct convert_sink *to, struct fault *why)
{
	struct reader r = { .teller = { .to = to } };
	struct buf text;
	bool ok;

	buf_init(&text, SHELL_BYTES_MAX);
	buf_init(&r.word, SHELL_BYTES_MAX);
	ok = typed_load(in, &text, why);
	shell_begin(&r.shell, buf_bytes(&text));
	ok = ok && commands(&r, why);
	buf_release(&r.word);
	buf_release(&text);
	slice_drop(&r.piped);
	return ok;
}

/* Behind comments, a prompt, or what gives it its body. */
int
curl_suits(struct bytes first)
{
	static const char *const begins[] = { "curl ", "$ curl ", "curl.exe ", "printf '", "base64 -d <<'END' | curl" };

	while (first.len && (*first.at == '#' || *first.at == '\n' || *first.at == ' ')) {
		const uint8_t *end = *first.at == '#' ? memchr(first.at, '\n', first.len) : first.at;

		first = bytes_from(first, end ? (size_t)(end - first.at) + 1 : first.len);
	}
	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (first.len >= strlen(begins[i]) && !memcmp(first.at, begins[i], strlen(begins[i])))
			return 90;
	return 0;
}
