/*
 * JSON Web Tokens: https://www.rfc-editor.org/rfc/rfc7519
 *
 *	header . payload . signature			JWS (RFC 7515 section 3.1)
 *	header . key . nonce . ciphertext . tag		JWE (RFC 7516 section 3.1)
 *
 * All of them in base64url without padding.
 */
#include <ctype.h>
#include <string.h>

#include "base64.h"
#include "jwt.h"
#include "moment.h"
#include "pull.h"
#include "soth/decode.h"
#include "type.h"

enum { PARTS_MAX = 5, JWS = 3, JWE = 5, TOKEN_MAX = 256 << 10, LOOKED_AT = 4096 };

static struct bytes
token_trim(struct bytes t)
{
	while (t.len && isspace(*t.at))
		t = (struct bytes){ t.at + 1, t.len - 1 };
	while (t.len && isspace(t.at[t.len - 1]))
		t.len--;
	return t;
}

static size_t
token_split(struct bytes token, struct bytes part[PARTS_MAX])
{
	size_t count = 0;

	while (count < PARTS_MAX) {
		const uint8_t *dot = token.len ? memchr(token.at, '.', token.len) : NULL;
		size_t n = dot ? (size_t)(dot - token.at) : token.len;

		part[count++] = (struct bytes){ token.at, n };
		if (!dot)
			return count;
		token = (struct bytes){ dot + 1, token.len - n - 1 };
	}
	return 0;
}

/* The part's JSON, in *text; empty: it is none. */
static struct bytes
part_json(struct bytes part, struct buf *text)
{
	buf_eat(text, text->len);
	if (!part.len || !base64_decode(part, text) || !text->len || *text->at != '{')
		return (struct bytes){ 0 };
	return buf_bytes(text);
}

bool
jwt_is(struct bytes token)
{
	struct bytes part[PARTS_MAX];
	struct buf text;
	size_t count;
	bool ok;

	token = token_trim(token);
	if (token.len < 16 || token.at[0] != 'e')	/* {" in base64 */
		return false;
	count = token_split(token, part);
	if ((count != JWS && count != JWE) || part[0].len > LOOKED_AT)
		return false;
	buf_init(&text, LOOKED_AT);
	ok = pull_whole(part_json(part[0], &text)) && pull_to(buf_bytes(&text), "$.alg").len;
	buf_release(&text);
	return ok;
}

static int
jwt_suits(const struct hint *h, struct bytes first)
{
	bool type = type_is(h->type, "application/jwt") || type_is(h->type, "application/jose") || type_ends(h->type, "+jwt");

	if (type)
		return 90;
	return (!h->type.len || type_is(h->type, "text/plain")) && jwt_is(first) ? 40 : 0;
}

static void
jwt_heading(struct decode *d, const char *name, struct bytes part)
{
	struct doc *to = decode_doc(d);

	decode_mark(d, part);
	doc_putf(to, ROLE_KEY, "%s", name);
	doc_line(to);
}

/* Claims that are moments, in words (RFC 7519 section 4.1). */
static void
jwt_times(struct decode *d, struct bytes json)
{
	static const struct { const char *claim, *words; } times[] = {
		{ "$.iat", "issued" }, { "$.nbf", "not before" }, { "$.exp", "expires" }, { "$.auth_time", "authenticated" },
	};
	struct doc *to = decode_doc(d);
	char words[MOMENT_MAX];
	uint64_t seconds;

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		if (!pull_count(pull_to(json, times[i].claim), &seconds) || seconds > INT64_MAX ||
				!*moment_words((int64_t)seconds, words))
			continue;
		doc_putf(to, ROLE_FAINT, "%s %s", times[i].words, words);
		doc_line(to);
	}
}

static void
jwt_json(struct decode *d, const char *name, struct bytes part)
{
	struct doc *to = decode_doc(d);
	struct bytes json;
	struct buf text;

	jwt_heading(d, name, part);
	buf_init(&text, TOKEN_MAX);
	json = part_json(part, &text);
	if (json.len) {
		decode_inner(d, &(struct hint){ .as = "json", .message = true }, json);
		doc_in(to);
		jwt_times(d, json);
		if (pull_is(pull_to(json, "$.alg"), "none")) {
			doc_putf(to, ROLE_WARN, "alg none: nothing is signed");
			doc_line(to);
		}
		doc_out(to);
	} else {
		buf_eat(&text, text.len);
		if (base64_decode(part, &text))
			decode_inner(d, &(struct hint){ .message = true }, buf_bytes(&text));
		else
			decode_inner(d, &(struct hint){ .as = "text", .message = true }, part);
	}
	buf_release(&text);
}

static void
jwt_sealed(struct decode *d, const char *name, struct bytes part)
{
	jwt_heading(d, name, part);
	doc_in(decode_doc(d));
	doc_put(decode_doc(d), part.len ? ROLE_STRING : ROLE_FAINT, part.len ? part : LIT("empty"));
	doc_line(decode_doc(d));
	doc_out(decode_doc(d));
}

static const char *const sealed[JWE] = { "header", "key", "nonce", "ciphertext", "tag" };

static void
jwt_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes part[PARTS_MAX], token = token_trim(in->rest);
	size_t count = token.len <= TOKEN_MAX ? token_split(token, part) : 0;

	(void)st;
	if (count != JWS && count != JWE) {
		decode_fail(d, "no token: it has not three or five parts");
		return;
	}
	jwt_json(d, "header", part[0]);
	if (count == JWS)
		jwt_json(d, "payload", part[1]);
	for (size_t i = 1; count == JWE && i < JWE; i++)
		jwt_sealed(d, sealed[i], part[i]);
	if (count == JWS)
		jwt_sealed(d, "signature", part[2]);
	decode_words(d, count == JWS ? "signed" : "encrypted");
	(void)read_bytes(in, in->rest.len);
}

const struct decoder decoder_jwt = {
	.name = "jwt", .about = "JSON Web Tokens: header, payload, times", .stage = STAGE_ENVELOPE,
	.suits = jwt_suits, .end = jwt_end,
};
