/*
 * Credentials: https://www.rfc-editor.org/rfc/rfc9110#section-11.4
 *
 *	Authorization = scheme [ 1*SP ( token68 / auth-params ) ]
 */
#include <string.h>

#include "base64.h"
#include "jwt.h"
#include "soth/decode.h"
#include "type.h"

enum { CREDENTIALS_MAX = 256 << 10 };

static int
authorization_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "soth/authorization") ? 90 : 0;
}

static void
credential(struct doc *to, const char *name, struct bytes value)
{
	doc_putf(to, ROLE_KEY, "%-10s", name);
	doc_put(to, ROLE_STRING, value);
	doc_line(to);
}

/* RFC 7617: user-id and password with a colon between, in base64. */
static void
basic(struct decode *d, struct bytes token)
{
	const uint8_t *colon;
	struct bytes pair;
	struct buf text;

	buf_init(&text, CREDENTIALS_MAX);
	if (!base64_decode(token, &text)) {
		doc_put(decode_doc(d), ROLE_STRING, token);
		doc_putf(decode_doc(d), ROLE_ERROR, "  (no base64)");
		doc_line(decode_doc(d));
	}
	pair = buf_bytes(&text);
	colon = pair.len ? memchr(pair.at, ':', pair.len) : NULL;
	if (pair.len)
		credential(decode_doc(d), "user", (struct bytes){ pair.at, colon ? (size_t)(colon - pair.at) : pair.len });
	if (colon)
		credential(decode_doc(d), "password", bytes_from(pair, (size_t)(colon - pair.at) + 1));
	buf_release(&text);
}

static void
bearer(struct decode *d, struct bytes token)
{
	if (jwt_is(token))
		decode_inner(d, &(struct hint){ .as = "jwt", .message = true }, token);
	else
		credential(decode_doc(d), "token", token);
}

/* name=value or name="va\"lue", with commas between. */
static void
parameters(struct decode *d, struct bytes rest)
{
	struct doc *to = decode_doc(d);

	while (rest.len) {
		size_t name = 0, n;

		while (rest.len && (*rest.at == ' ' || *rest.at == ',' || *rest.at == '\t'))
			rest = bytes_from(rest, 1);
		while (name < rest.len && rest.at[name] != '=' && rest.at[name] != ',')
			name++;
		if (!name && rest.len)
			name = 1;
		doc_put(to, ROLE_KEY, (struct bytes){ rest.at, name });
		rest = bytes_from(rest, name);
		n = rest.len > 1 && *rest.at == '=' && rest.at[1] == '"' ? 2 : 0;
		while (n >= 2 && n < rest.len && rest.at[n] != '"')
			n += rest.at[n] == '\\' && n + 1 < rest.len ? 2 : 1;
		while (n < rest.len && rest.at[n] != ',')
			n++;
		if (n) {
			doc_put(to, ROLE_MARK, LIT(" "));
			doc_put(to, ROLE_STRING, bytes_from((struct bytes){ rest.at, n }, *rest.at == '='));
		}
		if (doc_open(to))
			doc_line(to);
		rest = bytes_from(rest, n);
	}
}

static const struct { const char *name; void (*show)(struct decode *d, struct bytes rest); } schemes[] = {
	{ "basic", basic }, { "bearer", bearer }, { "dpop", bearer },
};

static void
authorization_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes all = bytes_trim(in->rest), rest;
	size_t n = 0, i = 0;

	(void)st;
	while (n < all.len && all.at[n] != ' ')
		n++;
	rest = bytes_trim(bytes_from(all, n));
	doc_put(decode_doc(d), ROLE_WORD, (struct bytes){ all.at, n });
	if (doc_open(decode_doc(d)))
		doc_line(decode_doc(d));
	while (i < ARRAY_LEN(schemes) && !bytes_like((struct bytes){ all.at, n }, schemes[i].name))
		i++;
	if (i < ARRAY_LEN(schemes))
		schemes[i].show(d, rest);
	else
		parameters(d, rest);
	(void)read_bytes(in, in->rest.len);
	decode_words(d, "%.*s", (int)(n < 20 ? n : 20), (const char *)all.at);
}

const struct decoder decoder_authorization = {
	.name = "authorization", .about = "credentials of a request: user and password, tokens, parameters",
	.stage = STAGE_ENVELOPE, .suits = authorization_suits, .end = authorization_end,
};
