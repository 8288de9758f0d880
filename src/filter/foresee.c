/* What can be told of a filter before it is asked: when it knows, and what must be said for it to take a flow. */
#include <string.h>

#include "inside.h"

enum { HOST_KEPT = sizeof(((struct row *)0)->host) - 1, SCHEME_KEPT = sizeof(((struct row *)0)->scheme) - 1, AROUND = 64 };

/* Of terms that are not here nothing is known beforehand. */
static const struct { const char *name; unsigned asks, source; } foreseen[] = {
	{ "a", FILTER_ASKS_RESPONSE, 0 },
	{ "anomaly", FILTER_ASKS_END, 0 },
	{ "b", FILTER_ASKS_A_BODY, 0 },
	{ "bq", FILTER_ASKS_REQUEST_BODY, 0 },
	{ "bs", FILTER_ASKS_RESPONSE_BODY, 0 },
	{ "c", FILTER_ASKS_RESPONSE, 0 },
	{ "close", FILTER_ASKS_END, 0 },
	{ "cookie", 0, SCENE_HEADS },
	{ "d", 0, SCENE_HOST },
	{ "dst", 0, SCENE_HOST },
	{ "dur", FILTER_ASKS_END, 0 },
	{ "e", FILTER_ASKS_END, 0 },
	{ "event", FILTER_ASKS_MESSAGE, 0 },
	{ "failed", FILTER_ASKS_END, 0 },
	{ "grpcmethod", 0, SCENE_URL },
	{ "gs", FILTER_ASKS_RESPONSE, 0 },
	{ "h", 0, SCENE_HEADS },
	{ "hdr", 0, SCENE_HEADS },
	{ "hdrq", 0, SCENE_HEADS },
	{ "hdrs", FILTER_ASKS_RESPONSE, SCENE_HEADS },
	{ "hq", 0, SCENE_HEADS },
	{ "hs", FILTER_ASKS_RESPONSE, SCENE_HEADS },
	{ "json", FILTER_ASKS_A_BODY, 0 },
	{ "jsonq", FILTER_ASKS_REQUEST_BODY, 0 },
	{ "jsons", FILTER_ASKS_RESPONSE_BODY, 0 },
	{ "m", 0, SCENE_METHOD },
	{ "msg", FILTER_ASKS_MESSAGE, 0 },
	{ "msgq", FILTER_ASKS_MESSAGE, 0 },
	{ "msgs", FILTER_ASKS_MESSAGE, 0 },
	{ "msgsize", FILTER_ASKS_MESSAGE, 0 },
	{ "partial", FILTER_ASKS_END, 0 },
	{ "reason", FILTER_ASKS_END, 0 },
	{ "rule", FILTER_ASKS_END, 0 },
	{ "s", FILTER_ASKS_RESPONSE, 0 },
	{ "side", FILTER_ASKS_END, 0 },
	{ "size", FILTER_ASKS_A_BODY, 0 },
	{ "sizeq", FILTER_ASKS_REQUEST_BODY, 0 },
	{ "sizes", FILTER_ASKS_RESPONSE_BODY, 0 },
	{ "sse", FILTER_ASKS_RESPONSE, 0 },
	{ "t", 0, SCENE_HEADS },
	{ "tlsfail", FILTER_ASKS_END, 0 },
	{ "tq", 0, SCENE_HEADS },
	{ "trouble", FILTER_ASKS_END, 0 },
	{ "ts", FILTER_ASKS_RESPONSE, SCENE_HEADS },
	{ "ttfb", FILTER_ASKS_RESPONSE, 0 },
	{ "tunnel", FILTER_ASKS_RESPONSE, 0 },
	{ "u", 0, SCENE_URL },
	{ "wait", FILTER_ASKS_RESPONSE, 0 },
	{ "websocket", FILTER_ASKS_RESPONSE, 0 },
	{ "wsclose", FILTER_ASKS_MESSAGE, 0 },
};

void
term_foresee(const struct term *t, unsigned *asks, unsigned *source)
{
	*asks = *source = 0;
	for (size_t i = 0; i < ARRAY_LEN(foreseen); i++) {
		if (!strcmp(t->name, foreseen[i].name)) {
			*asks = foreseen[i].asks;
			*source = foreseen[i].source;
		}
	}
}

unsigned
node_asks(const struct node *n)
{
	if (!n)
		return 0;
	return n->kind == NODE_TERM ? n->asks : node_asks(n->a) | node_asks(n->b);
}

/* What stands for sure in a head however its fields are written: of "name:
 * value" one of the two, without the white space around it. */
static struct literal
within_field(const struct literal *l)
{
	struct bytes rest = { l->at, l->len };
	struct literal best = { 0 };

	while (rest.len) {
		size_t n = 0;

		while (n < rest.len && !strchr(":\r\n", rest.at[n] ? rest.at[n] : ':'))
			n++;
		if (bytes_trim((struct bytes){ rest.at, n }).len > best.len)
			literal_set(&best, bytes_trim((struct bytes){ rest.at, n }));
		rest = bytes_from(rest, n + 1);
	}
	return best;
}

void
node_keep(struct node *n, const struct literals *literals)
{
	n->literals = xalloc(sizeof(*literals));
	*n->literals = *literals;
	for (size_t i = 0; i < literals->count && n->source & SCENE_HEADS; i++)
		n->literals->text[i] = within_field(&literals->text[i]);
}

/* Either of both sets; false: they are too many. */
static bool
literals_join(struct literals *a, const struct literals *b)
{
	if (a->count + b->count > LITERALS_MAX)
		return false;
	memcpy(a->text + a->count, b->text, b->count * sizeof(*b->text));
	a->count += b->count;
	return true;
}

bool
node_literals(const struct node *n, struct literals *out, unsigned *sources)
{
	struct literals other;
	unsigned others;
	bool a, b;

	if (n->kind == NODE_TERM && n->literals) {
		*out = *n->literals;
		*sources = n->source;
		return true;
	}
	if (n->kind == NODE_TERM || n->kind == NODE_NOT)
		return false;
	a = node_literals(n->a, out, sources);
	b = node_literals(n->b, &other, &others);
	if (n->kind == NODE_OR) {
		*sources |= b ? others : 0;
		return a && b && literals_join(out, &other);
	}
	if (b && (!a || literals_least(&other) > literals_least(out))) {
		*out = other;
		*sources = others;
	}
	return a || b;
}

enum filter_may
node_may(const struct node *n, struct asked *a)
{
	enum { OF_LATER = FILTER_ASKS_REQUEST_BODY | FILTER_ASKS_RESPONSE_BODY | FILTER_ASKS_A_BODY | FILTER_ASKS_MESSAGE };
	enum filter_may one, other;

	if (n->kind == NODE_TERM)
		return n->asks & OF_LATER ? FILTER_MAYBE : n->term->holds(n, a) ? FILTER_YES : FILTER_NO;
	one = node_may(n->a, a);
	if (n->kind == NODE_NOT)
		return one == FILTER_MAYBE ? one : one == FILTER_NO ? FILTER_YES : FILTER_NO;
	if (one == (n->kind == NODE_AND ? FILTER_NO : FILTER_YES))
		return one;
	other = node_may(n->b, a);
	if (n->kind == NODE_AND)
		return one < other ? one : other;
	return one > other ? one : other;
}

/* Eight letters at once; bytes over 0x7f stay as they are. */
static uint64_t
lower(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t low = eight & ~high, from_a = low + ones * (0x80 - 'A'), past_z = low + ones * (0x7f - 'Z');

	return eight | ((from_a & ~past_z & ~eight & high) >> 2);
}

/* In lower case. */
static void
put(uint8_t **to, struct bytes text)
{
	uint64_t eight;
	size_t i = 0;

	for (; i + sizeof(eight) <= text.len; i += sizeof(eight)) {
		memcpy(&eight, text.at + i, sizeof(eight));
		eight = lower(eight);
		memcpy(*to + i, &eight, sizeof(eight));
	}
	for (; i < text.len; i++)
		(*to)[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] | 0x20 : text.at[i];
	*to += text.len;
}

static struct bytes
cut(struct bytes text, size_t most)
{
	struct bytes kept = { text.at, text.len < most ? text.len : most };

	kept.len = kept.len ? strnlen((const char *)kept.at, kept.len) : 0;
	return kept;
}

static bool
over_tls(const struct scene *s)
{
	for (size_t i = 0; i < s->steps; i++)
		if (step_kind(s->step[i]) == STEP_TLS_STARTED)
			return true;
	return bytes_are(s->origin->scheme, "https");
}

static void
put_port(uint8_t **to, unsigned port)
{
	char digits[8];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + port % 10);
	while (port /= 10);
	put(to, LIT(":"));
	put(to, (struct bytes){ (uint8_t *)digits + n, sizeof(digits) - n });
}

static void
put_url(uint8_t **to, const struct scene *s)
{
	struct bytes host = cut(s->origin->host, HOST_KEPT);
	bool v6 = host.len && memchr(host.at, ':', host.len);
	uint16_t port = s->origin->port;

	put(to, cut(s->origin->scheme, SCHEME_KEPT));
	put(to, v6 ? LIT("://[") : LIT("://"));
	put(to, host);
	if (v6)
		put(to, LIT("]"));
	if (port && port != (over_tls(s) ? 443 : 80))
		put_port(to, port);
	put(to, row_path(head_target(s->head[CLIENT])));
}

static void
put_host(uint8_t **to, const struct scene *s)
{
	if (s->origin) {
		put(to, cut(s->origin->host, HOST_KEPT));
		put_port(to, s->origin->port);
		put(to, LIT("\n"));
	}
	if (s->head[CLIENT])
		put(to, head_find(s->head[CLIENT], "host"));
	put(to, LIT("\n"));
}

/* More than will be said. */
static size_t
said_most(const struct scene *s)
{
	size_t room = AROUND + (s->origin ? s->origin->host.len * 2 + s->origin->scheme.len : 0);

	for (int side = CLIENT; side <= SERVER; side++)
		if (s->head[side])
			room += head_text(s->head[side]).len * 2;
	return room;
}

bool
scene_url(const struct scene *s, struct buf *out)
{
	uint8_t *from = s->origin && s->head[CLIENT] ? buf_room(out, said_most(s)) : NULL, *to = from;
	struct bytes path;

	if (!from)
		return false;
	put_url(&to, s);
	path = row_path(head_target(s->head[CLIENT]));
	if (path.len)
		memcpy(to - path.len, path.at, path.len);	/* as it is written */
	buf_grew(out, (size_t)(to - from));
	return true;
}

bool
scene_said(const struct scene *s, unsigned sources, struct buf *out)
{
	uint8_t *from = buf_room(out, said_most(s)), *to = from;

	if (!from)
		return false;
	if (sources & SCENE_METHOD && s->head[CLIENT])
		put(&to, head_method(s->head[CLIENT]));
	put(&to, LIT("\n"));
	if (sources & SCENE_URL && s->origin && s->head[CLIENT])
		put_url(&to, s);
	put(&to, LIT("\n"));
	if (sources & SCENE_HOST)
		put_host(&to, s);
	for (int side = CLIENT; side <= SERVER && sources & SCENE_HEADS; side++)
		if (s->head[side])
			put(&to, head_text(s->head[side]));
	buf_grew(out, (size_t)(to - from));
	return true;
}
