/* One pair of a query, a cookie or a form, set among the others, which stay as they are written. */
#include <string.h>

#include "soth/percent.h"
#include "../decode/type.h"
#include "edit_thing.h"

static bool
full(struct change *c)
{
	return fault(c->why, "it is too large");
}

/* How pairs stand in a query, a form, a cookie. */
struct pairing { char between; bool escaped; };

static bool
put_escaped(struct buf *out, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t ch = b.at[i];
		bool plain = (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || (ch && strchr("*-._~", ch));

		if (!(plain ? buf_add(out, (struct bytes){ &ch, 1 }) : buf_addf(out, "%%%02X", ch)))
			return false;
	}
	return true;
}

static bool
put_pair(struct change *c, const struct pairing *how)
{
	return (how->escaped ? put_escaped : buf_add)(&c->text, c->name) && buf_add(&c->text, LIT("=")) &&
		(how->escaped ? put_escaped : buf_add)(&c->text, c->value);
}

static bool
is_pair(const struct change *c, const struct pairing *how, struct bytes pair)
{
	const uint8_t *equals = pair.len ? memchr(pair.at, '=', pair.len) : NULL;
	struct bytes name = { pair.at, equals ? (size_t)(equals - pair.at) : pair.len };
	struct buf plain;
	bool same;

	if (!how->escaped)
		return bytes_same(bytes_trim(name), c->name);
	buf_init(&plain, name.len + 1);
	same = percent_decode(name, true, &plain) && bytes_same(buf_bytes(&plain), c->name);
	buf_release(&plain);
	return same;
}

/* The next of a list, and the rest behind it. */
static struct bytes
pair_take(struct bytes *list, const struct pairing *how)
{
	const uint8_t *end = memchr(list->at, how->between, list->len);
	struct bytes pair = { list->at, end ? (size_t)(end - list->at) : list->len };

	*list = behind(*list, pair.len + 1);
	return how->escaped ? pair : bytes_trim(pair);
}

static bool
put_between(struct change *c, const struct pairing *how, size_t *put)
{
	return !(*put)++ || buf_addf(&c->text, how->escaped ? "%c" : "%c ", how->between);
}

/* The list with the pair of the name set goes to c->text; the others as they are. */
static bool
set_pair(struct change *c, const struct pairing *how, struct bytes list)
{
	bool set = !c->value.at;
	size_t put = 0;

	while (list.len) {
		struct bytes pair = pair_take(&list, how);
		bool ours = is_pair(c, how, pair);

		if (ours && set)
			continue;
		if (!put_between(c, how, &put) || !(ours ? put_pair(c, how) : buf_add(&c->text, pair)))
			return full(c);
		set = set || ours;
	}
	return set || (put_between(c, how, &put) && put_pair(c, how)) || full(c);
}

static const struct pairing in_url = { '&', true }, in_cookie = { ';', false };

/* "/path?query#fragment": false where there is no question. */
static bool
target_split(struct bytes target, struct bytes *path, struct bytes *query, struct bytes *rest)
{
	const uint8_t *hash = target.len ? memchr(target.at, '#', target.len) : NULL, *mark;

	*rest = hash ? behind(target, (size_t)(hash - target.at)) : LIT("");
	target.len -= rest->len;
	mark = target.len ? memchr(target.at, '?', target.len) : NULL;
	*query = mark ? behind(target, (size_t)(mark + 1 - target.at)) : LIT("");
	target.len -= mark ? query->len + 1 : 0;
	*path = target;
	return mark;
}

bool
set_query(struct change *c)
{
	struct bytes path, query, rest;

	if (!needs_request(c, "query"))
		return false;
	(void)target_split(c->d.target, &path, &query, &rest);
	if (!buf_add(&c->text, path) || !buf_add(&c->text, LIT("?")) || !set_pair(c, &in_url, query))
		return full(c);
	/* Without its last parameter the question goes, too. */
	if (c->text.len == path.len + 1)
		c->text.len--;
	if (!buf_add(&c->text, rest))
		return full(c);
	c->d.target = buf_bytes(&c->text);
	return true;
}

/* "name=value; Path=/": the value, and what else is said stays. */
static bool
set_set_cookie(struct change *c, size_t i)
{
	struct bytes was = c->d.field[i].value;
	const uint8_t *end = memchr(was.at, ';', was.len);
	struct bytes rest = end ? behind(was, (size_t)(end - was.at)) : (struct bytes){ 0 };

	if (!put_pair(c, &in_cookie) || !buf_add(&c->text, rest))
		return full(c);
	c->d.field[i].value = buf_bytes(&c->text);
	return true;
}

static bool
set_cookie_of_response(struct change *c)
{
	for (size_t i = 0; i < c->d.fields; i++) {
		struct bytes pair = c->d.field[i].value;
		const uint8_t *end = pair.len ? memchr(pair.at, ';', pair.len) : NULL;

		if (end)
			pair.len = (size_t)(end - pair.at);
		if (!bytes_like(c->d.field[i].name, "set-cookie") || !is_pair(c, &in_cookie, pair))
			continue;
		if (c->value.at)
			return set_set_cookie(c, i);
		memmove(&c->d.field[i], &c->d.field[i + 1], (--c->d.fields - i) * sizeof(*c->d.field));
		i--;
	}
	if (!c->value.at)
		return true;
	if (!put_pair(c, &in_cookie))
		return full(c);
	draft_add(&c->d, LIT("Set-Cookie"), buf_bytes(&c->text));
	return true;
}

/* What is behind the = of the first of the name. False: there is none. */
static bool
find_pair(const struct change *c, const struct pairing *how, struct bytes list, struct bytes *value)
{
	while (list.len) {
		struct bytes pair = pair_take(&list, how);
		const uint8_t *equals = pair.len ? memchr(pair.at, '=', pair.len) : NULL;

		if (!is_pair(c, how, pair))
			continue;
		*value = equals ? behind(pair, (size_t)(equals + 1 - pair.at)) : LIT("");
		return true;
	}
	return false;
}

static bool
has_pair(const struct change *c, struct bytes list)
{
	struct bytes value;

	return find_pair(c, &in_cookie, list, &value);
}

/* Of a request: the field that has it, else the first; SIZE_MAX: there is none. */
static size_t
cookie_field(const struct change *c)
{
	size_t first = SIZE_MAX;

	for (size_t i = c->d.fields; i--;) {
		if (!bytes_like(c->d.field[i].name, "cookie"))
			continue;
		if (has_pair(c, c->d.field[i].value))
			return i;
		first = i;
	}
	return first;
}

bool
set_cookie(struct change *c)
{
	size_t at;

	if (c->value.len && memchr(c->value.at, ';', c->value.len))
		return fault(c->why, "cookie: a value without ; expected");
	if (c->d.kind != HEAD_REQUEST)
		return set_cookie_of_response(c);
	at = cookie_field(c);
	if (!c->value.at && (at == SIZE_MAX || !has_pair(c, c->d.field[at].value)))
		return true;
	if (!set_pair(c, &in_cookie, at == SIZE_MAX ? (struct bytes){ 0 } : c->d.field[at].value))
		return false;
	if (at == SIZE_MAX && c->text.len)
		draft_add(&c->d, LIT("Cookie"), buf_bytes(&c->text));
	else if (at != SIZE_MAX && c->text.len)
		c->d.field[at].value = buf_bytes(&c->text);
	else if (at != SIZE_MAX)
		memmove(&c->d.field[at], &c->d.field[at + 1], (--c->d.fields - at) * sizeof(*c->d.field));
	return true;
}

static bool
form_plain(const struct change *c, struct buf *plain, struct fault *why)
{
	struct buf scratch;
	bool ok;

	if (c->m->body.len && !type_is(head_find(c->m->head, "content-type"), "application/x-www-form-urlencoded"))
		return fault(why, "form: the body is none");
	buf_init(&scratch, EDIT_THING_MAX);
	ok = codings_undo(joined(c->m->head, "content-encoding", &scratch), c->m->body, plain, why);
	buf_release(&scratch);
	return ok;
}

bool
set_form(struct change *c)
{
	struct buf plain;
	bool ok;

	buf_init(&plain, EDIT_PLAIN_MAX * 2);
	ok = form_plain(c, &plain, c->why) && set_pair(c, &in_url, buf_bytes(&plain));
	buf_release(&plain);
	c->body = buf_bytes(&c->text);
	c->new_body = true;
	return ok;
}

bool
get_query(const struct change *c, struct buf *out)
{
	struct bytes path, query, rest, value;

	return target_split(c->d.target, &path, &query, &rest) && find_pair(c, &in_url, query, &value) &&
		percent_decode(value, true, out);
}

bool
get_cookie(const struct change *c, struct buf *out)
{
	bool request = c->d.kind == HEAD_REQUEST;
	struct bytes value;

	for (size_t i = 0; i < c->d.fields; i++) {
		struct bytes list = c->d.field[i].value;

		if (!bytes_like(c->d.field[i].name, request ? "cookie" : "set-cookie"))
			continue;
		if (!request)
			list = pair_take(&list, &in_cookie);
		if (find_pair(c, &in_cookie, list, &value))
			return buf_add(out, value);
	}
	return false;
}

bool
get_form(const struct change *c, struct buf *out)
{
	struct bytes value;
	struct buf plain;
	struct fault why;
	bool ok;

	buf_init(&plain, EDIT_PLAIN_MAX * 2);
	ok = form_plain(c, &plain, &why) && find_pair(c, &in_url, buf_bytes(&plain), &value) && percent_decode(value, true, out);
	buf_release(&plain);
	return ok;
}
