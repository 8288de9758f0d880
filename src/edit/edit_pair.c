/* One pair of a query, a cookie or a form, set among the others, which stay as they are written. */
#include <string.h>

#include "../decode/percent.h"
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

/* "/path?query#fragment" */
bool
set_query(struct change *c)
{
	struct bytes target = c->d.target, rest = { 0 }, query = { 0 };
	const uint8_t *hash = target.len ? memchr(target.at, '#', target.len) : NULL, *mark;

	if (!needs_request(c, "query"))
		return false;
	if (hash) {
		rest = behind(target, (size_t)(hash - target.at));
		target.len = (size_t)(hash - target.at);
	}
	mark = memchr(target.at, '?', target.len);
	if (mark) {
		query = behind(target, (size_t)(mark + 1 - target.at));
		target.len = (size_t)(mark - target.at);
	}
	if (!buf_add(&c->text, target) || !buf_add(&c->text, LIT("?")) || !set_pair(c, &in_url, query))
		return full(c);
	/* Without its last parameter the question goes, too. */
	if (c->text.len == target.len + 1)
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

static bool
has_pair(const struct change *c, struct bytes list)
{
	while (list.len)
		if (is_pair(c, &in_cookie, pair_take(&list, &in_cookie)))
			return true;
	return false;
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

bool
set_form(struct change *c)
{
	struct buf scratch, plain;
	struct fault wrong;
	bool ok;

	if (c->m->body.len && !type_is(head_find(c->m->head, "content-type"), "application/x-www-form-urlencoded"))
		return fault(c->why, "form: the body is none");
	buf_init(&scratch, EDIT_THING_MAX);
	buf_init(&plain, EDIT_PLAIN_MAX * 2);
	ok = codings_undo(joined(c->m->head, "content-encoding", &scratch), c->m->body, &plain, &wrong) ||
		fault(c->why, "form: its codings could not be undone: %s", wrong.text);
	ok = ok && set_pair(c, &in_url, buf_bytes(&plain));
	buf_release(&scratch);
	buf_release(&plain);
	c->body = buf_bytes(&c->text);
	c->new_body = true;
	return ok;
}
