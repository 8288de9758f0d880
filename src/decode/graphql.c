/*
 * GraphQL requests, in JSON or bare.
 *
 * https://spec.graphql.org/October2021/ and https://graphql.github.io/graphql-over-http/
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "pull.h"
#include "soth/decode.h"
#include "soth/graphql.h"
#include "type.h"

enum { QUERY_MAX = 4 << 20, LOOKED_AT = 64 << 10, NAME_SHOWN = 64, HASH_SHOWN = 12 };

static const char *const kinds[] = { "query", "mutation", "subscription" };

static bool
is_name(uint8_t c)
{
	return isalnum(c) || c == '_';
}

static size_t
name_length(struct bytes s)
{
	size_t n = 0;

	while (n < s.len && is_name(s.at[n]))
		n++;
	return n;
}

/* Past strings of one line, and """ blocks """. */
static size_t
string_length(struct bytes s)
{
	size_t n = 1;
	const uint8_t *end;

	if (s.len >= 3 && !memcmp(s.at, "\"\"\"", 3)) {
		end = memmem(s.at + 3, s.len - 3, "\"\"\"", 3);
		return end ? (size_t)(end - s.at) + 3 : s.len;
	}
	while (n < s.len && s.at[n] != '"' && s.at[n] != '\n')
		n += s.at[n] == '\\' && n + 1 < s.len ? 2 : 1;
	return n < s.len ? n + (s.at[n] == '"') : s.len;
}

static size_t
comment_length(struct bytes s)
{
	const uint8_t *end = memchr(s.at, '\n', s.len);

	return end ? (size_t)(end - s.at) : s.len;
}

/* Each token is whole, whatever it is; white space and commas are tokens too. */
static size_t
token_length(struct bytes s)
{
	size_t n = 1;

	if (*s.at == '"')
		return string_length(s);
	if (*s.at == '#')
		return comment_length(s);
	if (is_name(*s.at))
		return name_length(s);
	while (n < s.len && (s.at[n] == ' ' || s.at[n] == '\t') && *s.at == s.at[n])
		n++;
	return n;
}

/* The first operation of a document, or the one of that name: its kind and name. */
struct operation { const char *kind; struct bytes name; };

static bool
operation_at(struct bytes s, struct operation *o)
{
	size_t n = name_length(s);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!bytes_are((struct bytes){ s.at, n }, kinds[i]))
			continue;
		s = bytes_from(s, n);
		while (s.len && isspace(*s.at))
			s = bytes_from(s, 1);
		*o = (struct operation){ kinds[i], { s.at, name_length(s) } };
		return true;
	}
	return false;
}

static bool
operation_find(struct bytes text, struct bytes wanted, struct operation *o)
{
	unsigned depth = 0;
	struct operation one;
	bool found = false, begun = false;	/* a definition, by a word */

	while (text.len) {
		size_t n = token_length(text);

		if (!depth && !found && !begun && *text.at == '{') {
			*o = (struct operation){ "query", { 0 } };	/* the short form */
			found = true;
		} else if (!depth && is_name(*text.at) && operation_at(text, &one) && (!found || bytes_same(one.name, wanted))) {
			*o = one;
			found = true;
			if (!wanted.len || bytes_same(one.name, wanted))
				return true;
		}
		begun = depth ? begun : begun || is_name(*text.at);
		depth += *text.at == '{';
		depth -= *text.at == '}' && depth;
		begun = begun && !(*text.at == '}' && !depth);
		text = bytes_from(text, n);
	}
	return found;
}

/* The members of a request. */
struct request { struct bytes query, name, variables, extensions; bool any; };

static struct request
request_of(struct bytes object)
{
	struct pull p = pull_into(object, '{');
	struct request r = { 0 };
	struct bytes name, value;

	while (pull_member(&p, &name, &value)) {
		struct bytes *to = bytes_are(name, "query") ? &r.query : bytes_are(name, "operationName") ? &r.name :
			bytes_are(name, "variables") ? &r.variables : bytes_are(name, "extensions") ? &r.extensions : NULL;

		if (to)
			*to = value;
	}
	r.any = pull_is_text(r.query) || pull_to(r.extensions, "$.persistedQuery").len;
	return r;
}

/* Whether a text begins as a document does. */
static bool
is_document(struct bytes text)
{
	struct operation o;

	while (text.len && (isspace(*text.at) || *text.at == ',' || *text.at == '#'))
		text = bytes_from(text, *text.at == '#' ? comment_length(text) : 1);
	return text.len && (*text.at == '{' || operation_at(text, &o) ||
		(text.len > 8 && !memcmp(text.at, "fragment", 8) && isspace(text.at[8])));
}

static struct bytes
first_request(struct bytes json)
{
	struct pull p = pull_into(json, '[');
	struct bytes one;

	json = bytes_trim(json);
	return json.len && *json.at == '[' && pull_item(&p, &one) ? one : json;
}

static bool
request_reads(struct request r)
{
	struct buf text;
	bool ok;

	if (!pull_is_text(r.query))
		return r.any;
	buf_init(&text, LOOKED_AT);
	(void)!pull_text(r.query, &text);
	ok = is_document(buf_bytes(&text));
	buf_release(&text);
	return ok;
}

static int
graphql_suits(const struct hint *h, struct bytes first)
{
	bool json = type_is(h->type, "application/json") || type_ends(h->type, "+json");
	bool named = h->path.len && memmem(h->path.at, h->path.len, "graphql", 7);

	if (type_is(h->type, "application/graphql"))
		return 90;
	if ((!json && !(named && !h->type.len)) || h->side != CLIENT)
		return 0;
	return request_reads(request_of(first_request(first))) ? 95 : 0;
}

static enum role
token_role(struct bytes t)
{
	static const char *const words[] = { "query", "mutation", "subscription", "fragment", "on", "true", "false", "null" };

	if (*t.at == '"')
		return ROLE_STRING;
	if (*t.at == '#' || *t.at == ',')
		return ROLE_FAINT;
	if (isdigit(*t.at))
		return ROLE_NUMBER;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_are(t, words[i]))
			return ROLE_WORD;
	return is_name(*t.at) || t.at[0] >= 0x80 ? ROLE_TEXT : ROLE_MARK;
}

/* As it is, a line a line; a name behind $ or @ has its colour. */
static void
graphql_text(struct doc *to, struct bytes text)
{
	uint8_t before = 0;

	while (text.len) {
		size_t n = token_length(text), line = 0;
		struct bytes t = { text.at, n };
		enum role role = before == '$' ? ROLE_KEY : before == '@' ? ROLE_WORD : token_role(t);

		before = *t.at;
		text = bytes_from(text, n);
		for (; t.len; t = bytes_from(t, line + 1)) {
			const uint8_t *nl = memchr(t.at, '\n', t.len);

			line = nl ? (size_t)(nl - t.at) : t.len;
			doc_put(to, role, (struct bytes){ t.at, line - (line && nl && t.at[line - 1] == '\r') });
			if (!nl)
				break;
			doc_line(to);
		}
	}
	if (doc_open(to))
		doc_line(to);
}

static void
graphql_json(struct decode *d, const char *name, struct bytes value)
{
	if (!value.len || bytes_are(value, "null") || bytes_are(value, "{}"))
		return;
	decode_mark(d, value);
	doc_putf(decode_doc(d), ROLE_KEY, "%s", name);
	doc_line(decode_doc(d));
	decode_inner(d, &(struct hint){ .as = "json", .message = true }, value);
}

static void
operation_title(struct decode *d, struct bytes text, struct bytes wanted)
{
	struct doc *to = decode_doc(d);
	struct operation o = { "query", { 0 } };

	(void)operation_find(text, wanted, &o);
	doc_putf(to, ROLE_WORD, "%s", o.kind);
	if (o.name.len) {
		doc_put(to, ROLE_MARK, LIT(" "));
		doc_put(to, ROLE_METHOD, o.name);
	}
	doc_line(to);
	decode_words(d, "%s%s%.*s", o.kind, o.name.len ? " " : "", (int)(o.name.len < 30 ? o.name.len : 30), (const char *)o.name.at);
}

static void
graphql_request(struct decode *d, struct bytes object)
{
	struct request r = request_of(object);
	struct doc *to = decode_doc(d);
	struct buf text, wanted;

	buf_init(&text, QUERY_MAX);
	buf_init(&wanted, NAME_SHOWN * 4);
	(void)!pull_text(r.name, &wanted);
	if (pull_is_text(r.query)) {
		bool whole = pull_text(r.query, &text);

		operation_title(d, buf_bytes(&text), buf_bytes(&wanted));
		doc_in(to);
		graphql_text(to, buf_bytes(&text));
		doc_out(to);
		if (!whole) {
			doc_putf(to, ROLE_ERROR, "(the query is longer than is shown, or cut off)");
			doc_line(to);
		}
	} else {
		doc_putf(to, ROLE_WORD, "persisted query");
		doc_put(to, ROLE_METHOD, wanted.len ? LIT(" ") : (struct bytes){ 0 });
		doc_put(to, ROLE_METHOD, buf_bytes(&wanted));
		doc_line(to);
		decode_words(d, "persisted");
	}
	graphql_json(d, "variables", r.variables);
	graphql_json(d, "extensions", r.extensions);
	buf_release(&text);
	buf_release(&wanted);
}

static void
graphql_batch(struct decode *d, struct bytes json)
{
	struct pull p = pull_into(json, '[');
	struct doc *to = decode_doc(d);
	struct bytes one;
	unsigned count = 0;

	while (pull_item(&p, &one) && !doc_is_cut(to)) {
		decode_mark(d, one);
		doc_putf(to, ROLE_TITLE, "request %u", ++count);
		doc_line(to);
		doc_in(to);
		graphql_request(d, one);
		doc_out(to);
	}
	decode_words(d, "%u requests", count);
}

static void
graphql_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes all = in->rest;
	size_t space = 0;

	(void)st;
	while (space < all.len && isspace(all.at[space]))
		space++;
	all = bytes_from(all, space);
	if (type_is(decode_hint(d)->type, "application/graphql")) {
		operation_title(d, all, (struct bytes){ 0 });
		doc_in(decode_doc(d));
		graphql_text(decode_doc(d), all);
		doc_out(decode_doc(d));
	} else if (all.len && *all.at == '[') {
		graphql_batch(d, all);
	} else if (request_of(all).any) {
		graphql_request(d, all);
	} else {
		decode_fail(d, "no query is in it");
		return;
	}
	(void)read_bytes(in, in->rest.len);
}

bool
graphql_operation(struct bytes body, char *out, size_t room)
{
	struct request r;
	struct operation o = { 0 };
	struct buf text, wanted;
	bool ok;

	if (body.len > LOOKED_AT)
		body.len = LOOKED_AT;
	r = request_of(first_request(body));
	if (!request_reads(r))
		return false;
	buf_init(&text, LOOKED_AT);
	buf_init(&wanted, NAME_SHOWN * 4);
	(void)!pull_text(r.name, &wanted);
	if (pull_is_text(r.query)) {
		(void)!pull_text(r.query, &text);
		ok = operation_find(buf_bytes(&text), buf_bytes(&wanted), &o);
		snprintf(out, room, "%s%s%.*s", ok ? o.kind : "query", o.name.len ? " " : "",
			(int)(o.name.len < NAME_SHOWN ? o.name.len : NAME_SHOWN), (const char *)o.name.at);
	} else {
		struct bytes hash = pull_to(r.extensions, "$.persistedQuery.sha256Hash");

		(void)!pull_text(wanted.len ? (struct bytes){ 0 } : hash, &wanted);
		snprintf(out, room, "persisted %.*s", (int)(wanted.len < NAME_SHOWN ? wanted.len : NAME_SHOWN),
			(const char *)wanted.at);
	}
	buf_release(&text);
	buf_release(&wanted);
	return true;
}

const struct decoder decoder_graphql = {
	.name = "graphql", .about = "GraphQL requests: the operation, its text, and its variables", .stage = STAGE_ENVELOPE,
	.suits = graphql_suits, .end = graphql_end,
};
