/* What can be asked of a flow's data, and how it is read from the journal. */
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "soth/coding.h"
#include "soth/graphql.h"
#include "soth/jsonpath.h"
#include "soth/percent.h"
#include "soth/trail.h"

enum { BODY_MAX = 1 << 20, UNPACKED_MAX = 4 << 20, BEGINNING = 64 << 10, RECORDS_MAX = 4096 };

struct asked {
	const struct fact *fact;
	struct store *store;
	const struct flow *flow;
	char *text;		/* FACT_TEXT bytes */
	size_t used;
};

struct fact_kind {
	const char *prefix;
	bool (*likely)(const struct row *r);
	void (*read)(struct asked *a);
	const char *heads;	/* where it looks, until it is found: 'c'lient, 's'erver; NULL: not in heads alone */
};

/* As much as fits; line ends and tabs become spaces. */
static void
asked_add(struct asked *a, struct bytes more)
{
	for (size_t i = 0; i < more.len && a->used + 1 < FACT_TEXT; i++)
		a->text[a->used++] = more.at[i] == '\n' || more.at[i] == '\t' || more.at[i] == '\r' ? ' ' : (char)more.at[i];
	a->text[a->used] = '\0';
}

static void
asked_also(struct asked *a, struct bytes more)
{
	if (a->used)
		asked_add(a, LIT(", "));
	asked_add(a, more);
}

/* Fields: all of the name. */

static void
read_fields(struct asked *a, enum side side)
{
	const struct head *h = a->flow->half[side].head;

	for (size_t i = 0; h && i < head_count(h); i++)
		if (bytes_like(head_field(h, i).name, a->fact->name))
			asked_also(a, head_field(h, i).value);
}

static void read_request_field(struct asked *a) { read_fields(a, CLIENT); }
static void read_response_field(struct asked *a) { read_fields(a, SERVER); }

static void
read_field(struct asked *a)
{
	read_fields(a, SERVER);
	if (!a->used)
		read_fields(a, CLIENT);
}

/* Pairs: "a=b; c=d", "a=b&c=d". */

/* Up to `mark`, which is passed over. */
static struct bytes
until(struct bytes *rest, char mark)
{
	const uint8_t *at = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
	struct bytes one = { rest->at, at ? (size_t)(at - rest->at) : rest->len };

	*rest = bytes_from(*rest, one.len + (at ? 1 : 0));
	return one;
}

/* A query's name or value, its escapes undone, cut where it is long. */
static struct bytes
plain(struct bytes coded, uint8_t room[FACT_TEXT])
{
	size_t n = 0;

	while (coded.len && n < FACT_TEXT)
		coded = bytes_from(coded, percent_next(coded, true, &room[n++]));
	return (struct bytes){ room, n };
}

static void
read_query(struct asked *a)
{
	const struct head *h = a->flow->half[CLIENT].head;
	struct bytes rest = h ? head_target(h) : LIT(""), pair;
	uint8_t name[FACT_TEXT], value[FACT_TEXT];

	(void)until(&rest, '?');
	rest = until(&rest, '#');
	while (rest.len) {
		pair = until(&rest, '&');
		if (bytes_are(plain(until(&pair, '='), name), a->fact->name))
			asked_also(a, plain(pair, value));
	}
}

/* The first pair of the field alone: what follows are the cookie's own matters. */
static void
read_set_cookie(struct asked *a, struct bytes field)
{
	struct bytes pair = until(&field, ';');

	if (bytes_are(bytes_trim(until(&pair, '=')), a->fact->name))
		asked_also(a, bytes_trim(pair));
}

static void
read_cookie_field(struct asked *a, struct bytes field)
{
	while (field.len) {
		struct bytes pair = until(&field, ';');

		if (bytes_are(bytes_trim(until(&pair, '=')), a->fact->name))
			asked_also(a, bytes_trim(pair));
	}
}

static void
read_cookies(struct asked *a, enum side side, const char *name, void (*read)(struct asked *a, struct bytes field))
{
	const struct head *h = a->flow->half[side].head;

	for (size_t i = 0; h && i < head_count(h); i++)
		if (bytes_like(head_field(h, i).name, name))
			read(a, head_field(h, i).value);
}

static void
read_cookie(struct asked *a)
{
	read_cookies(a, CLIENT, "cookie", read_cookie_field);
	if (!a->used)
		read_cookies(a, SERVER, "set-cookie", read_set_cookie);
}

/* Bodies */

static void
body_add(void *body, struct bytes more)
{
	struct buf *b = body;
	size_t room = b->limit - b->len;

	(void)!buf_add(b, more.len < room ? more : (struct bytes){ more.at, room });
}

/* Behind its content codings; at most `most` bytes as they were recorded. False: there are more. */
static bool
body_read(struct asked *a, enum side side, size_t most, struct buf *body)
{
	const struct head *h = a->flow->half[side].head;
	struct hint hint = { .type = LIT("application/octet-stream"), .coding = h ? head_find(h, "content-encoding") : LIT("") };
	struct trail *t = trail_new(a->store, a->flow->id);
	struct coding *c = hint.coding.len ? coding_new(&hint, NULL, UNPACKED_MAX) : NULL;
	struct buf scratch;
	struct glance g;
	struct fault why;
	bool all = true;

	buf_init(&scratch, BODY_MAX);
	for (int i = 0; most && all && i < RECORDS_MAX; i++) {
		struct bytes data;

		while (!(all = trail_next(t, &g, &why)) && trail_busy(t))
			;
		if (!all || g.kind != NOTE_PART || g.side != side || g.part != PART_DATA)
			continue;
		data = journal_bytes(trail_file(t), g.data, g.len < most ? g.len : most, &scratch);
		most -= data.len;
		if (c)
			coding_feed(c, data, body_add, body);
		else
			body_add(body, data);
	}
	if (c)
		coding_end(c, body_add, body);
	coding_free(c);
	buf_release(&scratch);
	trail_free(t);
	return !all;	/* it went to the end */
}

/* A string without its quotes, its plain escapes undone. */
static void
json_string(struct asked *a, struct bytes text)
{
	static const char from[] = "nrtbf", to[] = "     ";
	const char *known;

	for (size_t i = 1; i < text.len && text.at[i] != '"'; i++) {
		if (text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] != 'u') {
			known = strchr(from, text.at[++i]);
			asked_add(a, known && *known ? (struct bytes){ (const uint8_t *)to, 1 } : (struct bytes){ &text.at[i], 1 });
		} else {
			asked_add(a, (struct bytes){ &text.at[i], 1 });
		}
	}
}

/* Up to where the value ends: of one that nests, as much as fits. */
static void
json_value(struct asked *a, struct bytes text)
{
	size_t n = 0;

	if (!text.len)
		return;
	if (*text.at == '"') {
		json_string(a, text);
		return;
	}
	if (*text.at == '{' || *text.at == '[')
		n = text.len;
	while (n < text.len && !strchr(",]} \t\r\n", text.at[n]))
		n++;
	asked_add(a, (struct bytes){ text.at, n });
}

/* What keeps scripts of other sites from reading it stands in front of it. */
static struct bytes
json_of(struct bytes body)
{
	if (body.len > 4 && !memcmp(body.at, ")]}'", 4))
		(void)until(&body, '\n');
	return body;
}

static void
read_json_of(struct asked *a, enum side side)
{
	const struct half *half = &a->flow->half[side];
	struct bytes json;
	struct buf body;
	struct fault why;
	uint64_t at;

	if (!half->ended)
		return;
	buf_init(&body, UNPACKED_MAX);
	if (half->bytes > BODY_MAX || half->skipped || !body_read(a, side, BODY_MAX + 1, &body) || body.len == body.limit)
		asked_add(a, LIT(FACT_LARGE));
	else if (json = json_of(buf_bytes(&body)), jsonpath_find(json, a->fact->name, &at, &why))
		json_value(a, bytes_from(json, (size_t)at));
	buf_release(&body);
}

static void read_json(struct asked *a) { read_json_of(a, SERVER); }
static void read_request_json(struct asked *a) { read_json_of(a, CLIENT); }

static void
read_operation(struct asked *a)
{
	struct buf body;

	buf_init(&body, UNPACKED_MAX);
	(void)!body_read(a, CLIENT, BEGINNING, &body);
	if (!graphql_operation(buf_bytes(&body), a->text, FACT_TEXT))
		*a->text = '\0';
	a->used = strlen(a->text);
	buf_release(&body);
}

static bool asks(const struct row *r) { return r->request; }
static bool has_query(const struct row *r) { return r->request && (strchr(r->path, '?') || strlen(r->path) + 1 == sizeof(r->path)); }
static bool has_body(const struct row *r) { return r->request && r->bytes[SERVER]; }
static bool sends_body(const struct row *r) { return r->request && r->bytes[CLIENT]; }
static bool is_graphql(const struct row *r) { return sends_body(r) && strstr(r->path, "graphql") && !strcmp(r->method, "POST"); }

/* The last is the list's own, and nobody's to name. */
static const struct fact_kind kinds[] = {
	{ "header:",	asks,		read_field, "sc" },
	{ "reqheader:",	asks,		read_request_field, "c" },
	{ "resheader:",	asks,		read_response_field, "s" },
	{ "cookie:",	asks,		read_cookie, "cs" },
	{ "query:",	has_query,	read_query, "c" },
	{ "json:",	has_body,	read_json },
	{ "reqjson:",	sends_body,	read_request_json },
	{ "operation:",	is_graphql,	read_operation },
};

const char *
fact_prefix(size_t i)
{
	return i + 1 < ARRAY_LEN(kinds) ? kinds[i].prefix : NULL;
}

bool
fact_parse(const char *text, struct fact *out, struct fault *why)
{
	*why = (struct fault){ "" };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct fact_kind *k = &kinds[i];
		const char *name = text + strlen(k->prefix);

		if (strncmp(text, k->prefix, strlen(k->prefix)))
			continue;
		if (!*name && k->read != read_operation)
			return fault(why, "%.20s needs a name behind it", text);
		if (strlen(name) >= FACT_NAME_MAX)
			return fault(why, "%.40s...: the name is longer than %d bytes", text, FACT_NAME_MAX - 1);
		if ((k->read == read_json || k->read == read_request_json) && *name != '$')
			return fault(why, "%.80s: a path begins with $, as $.user.name", text);
		*out = (struct fact){ .kind = k };
		strcpy(out->name, name);
		return true;
	}
	return false;
}

bool
fact_likely(const struct fact *f, const struct row *r)
{
	return f->kind->likely(r);
}

bool
fact_head(const struct fact *f, size_t i, enum side *side)
{
	const char *heads = f->kind->heads;

	if (!heads || i >= strlen(heads))
		return false;
	*side = heads[i] == 'c' ? CLIENT : SERVER;
	return true;
}

bool
fact_read(const struct fact *f, struct store *s, const struct flow *flow, char out[FACT_TEXT])
{
	struct asked a = { .fact = f, .store = s, .flow = flow, .text = out };

	*out = '\0';
	f->kind->read(&a);
	return a.used;
}
