/* Terms of what heads and rows say of HTTP: fields, cookies and queries by their names, close codes. */
#include <string.h>

#include "pick.h"
#include "soth/percent.h"

enum { NAME_MAX_ = 4096, VALUE_MAX = 1 << 20, CLOSE_NO_CODE = 1005, CLOSE_NO_FRAME = 1006 };

/* Any of that name. */
static bool
header(const struct node *n, struct asked *a, enum side side)
{
	const struct head *h = asked_head(a, side);

	for (size_t i = 0; h && i < head_count(h); i++)
		if (bytes_like(head_field(h, i).name, n->pick->name) && pick_takes(n->pick, head_field(h, i).value))
			return true;
	return false;
}

bool term_header_request(const struct node *n, struct asked *a) { return header(n, a, CLIENT); }
bool term_header_response(const struct node *n, struct asked *a) { return header(n, a, SERVER); }
bool term_header(const struct node *n, struct asked *a) { return header(n, a, CLIENT) || header(n, a, SERVER); }

/* Up to the next `mark`, which is taken off too; false: there is no more. */
static bool
piece(struct bytes *rest, char mark, struct bytes *out)
{
	const uint8_t *end;

	if (!rest->len)
		return false;
	end = memchr(rest->at, mark, rest->len);
	*out = (struct bytes){ rest->at, end ? (size_t)(end - rest->at) : rest->len };
	*rest = bytes_from(*rest, out->len + 1);
	return true;
}

/* "name=value" */
static void
halves(struct bytes pair, struct bytes *name, struct bytes *value)
{
	const uint8_t *is = pair.len ? memchr(pair.at, '=', pair.len) : NULL;

	*name = is ? (struct bytes){ pair.at, (size_t)(is - pair.at) } : pair;
	*value = bytes_from(pair, name->len + 1);
}

static bool
cookie_is(const struct node *n, struct bytes pair)
{
	struct bytes name, value;

	halves(bytes_trim(pair), &name, &value);
	return bytes_like(bytes_trim(name), n->pick->name) && pick_takes(n->pick, bytes_trim(value));
}

/* Of Set-Cookie the first piece alone is one: RFC 6265 section 4.1.1. */
static bool
cookies(const struct node *n, const struct head *h, const char *field, bool all)
{
	for (size_t i = 0; h && i < head_count(h); i++) {
		struct bytes rest = head_field(h, i).value, pair;

		if (!bytes_like(head_field(h, i).name, field))
			continue;
		while (piece(&rest, ';', &pair)) {
			if (cookie_is(n, pair))
				return true;
			if (!all)
				break;
		}
	}
	return false;
}

bool
term_cookie(const struct node *n, struct asked *a)
{
	return cookies(n, asked_head(a, CLIENT), "cookie", true) || cookies(n, asked_head(a, SERVER), "set-cookie", false);
}

static bool
query_is(const struct node *n, struct bytes pair)
{
	struct bytes name, value;
	struct buf a, b;
	bool ok;

	halves(pair, &name, &value);
	buf_init(&a, NAME_MAX_);
	buf_init(&b, VALUE_MAX);
	ok = percent_decode(name, true, &a) && bytes_like(buf_bytes(&a), n->pick->name) && percent_decode(value, true, &b) &&
		pick_takes(n->pick, buf_bytes(&b));
	buf_release(&a);
	buf_release(&b);
	return ok;
}

/* Of the target, without its fragment. */
bool
term_query(const struct node *n, struct asked *a)
{
	struct bytes rest = asked_path(a), path, pair;

	if (!a->row->request || !piece(&rest, '#', &path))
		return false;
	rest = path;
	(void)piece(&rest, '?', &path);
	while (piece(&rest, '&', &pair))
		if (query_is(n, pair))
			return true;
	return false;
}

bool
term_http1(const struct node *n, struct asked *a)
{
	const struct row *r = a->row;

	(void)n;
	return r->request && (r->version[CLIENT] != HTTP_2 || (r->status && r->version[SERVER] != HTTP_2));
}

/* "package.Service/Method" */
bool
term_grpc_method(const struct node *n, struct asked *a)
{
	return a->row->protocol == PROTOCOL_GRPC && match_in(n->match, bytes_from(bytes_of(a->row->path), 1));
}

/* RFC 6455 section 7.1.5: 1005 is a close frame without a code, 1006 that none came. */
bool
term_websocket_close(const struct node *n, struct asked *a)
{
	struct farewell f = { .ended = false };

	if (a->row->protocol == PROTOCOL_WEBSOCKET)
		f = asked_farewell(a);
	for (int side = CLIENT; side <= SERVER; side++) {
		unsigned code = f.coded[side] ? (unsigned)(f.code[side][0] << 8 | f.code[side][1]) : CLOSE_NO_CODE;

		if (f.closed[side] && code >= n->range.from && code <= n->range.to)
			return true;
	}
	return f.ended && !f.closed[CLIENT] && !f.closed[SERVER] && n->range.from <= CLOSE_NO_FRAME &&
		CLOSE_NO_FRAME <= n->range.to;
}
