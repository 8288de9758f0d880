/* One thing of a message, set: for who edits without an editor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../decode/percent.h"
#include "../decode/type.h"
#include "edit_inside.h"

enum { TEXT_MAX = 16 << 20 };

/* A change at work. The draft borrows from the head and from `text`. */
struct change {
	const struct edit_message *m;
	struct draft d;
	struct bytes name, value;	/* value.at NULL: it is taken away */
	struct buf text;
	bool new_body;			/* it is: */
	struct bytes body;		/* behind its codings */
	struct fault *why;
};

static bool
full(struct change *c)
{
	return fault(c->why, "it is too large");
}

static bool
needs_request(struct change *c, const char *what)
{
	return c->d.kind == HEAD_REQUEST || fault(c->why, "%s: a response has none", what);
}

static bool
set_method(struct change *c)
{
	c->d.method = c->value;
	return needs_request(c, "method") && (c->value.len || fault(c->why, "method: one expected"));
}

static bool
set_target(struct change *c)
{
	c->d.target = c->value;
	return needs_request(c, "target") && (c->value.len || fault(c->why, "target: one expected"));
}

/* "404", or "404 Not Found". */
static bool
set_status(struct change *c)
{
	struct bytes v = bytes_trim(c->value);
	unsigned status = 0;
	size_t n = 0;

	for (; n < v.len && n < 3 && v.at[n] >= '0' && v.at[n] <= '9'; n++)
		status = 10 * status + v.at[n] - '0';
	if (c->d.kind != HEAD_RESPONSE)
		return fault(c->why, "status: a request has none");
	if (n != 3 || status < 100 || (v.len > 3 && v.at[3] != ' '))
		return fault(c->why, "status: a number from 100 to 999 expected, and a reason if you like");
	/* The reason of another status would mislead. */
	if (v.len > 3 || status != c->d.status)
		c->d.reason = bytes_trim(behind(v, 3));
	c->d.status = status;
	return true;
}

static bool
set_reason(struct change *c)
{
	c->d.reason = c->value;
	return c->d.kind == HEAD_RESPONSE || fault(c->why, "reason: a request has none");
}

static bool
same_name(struct bytes a, struct bytes b)
{
	return a.len == b.len && !strncasecmp((const char *)a.at, (const char *)b.at, a.len);
}

/* In the place of the first of that name, whose others go. */
static bool
set_header(struct change *c)
{
	size_t kept = 0;
	bool set = !c->value.at;

	for (size_t i = 0; i < c->d.fields; i++) {
		struct field f = c->d.field[i];

		if (same_name(f.name, c->name)) {
			if (set)
				continue;
			f.value = c->value;
			set = true;
		}
		c->d.field[kept++] = f;
	}
	c->d.fields = kept;
	if (!set)
		draft_add(&c->d, c->name, c->value);
	return true;
}

static bool
add_header(struct change *c)
{
	if (!c->value.at)
		return fault(c->why, "add: a value expected");
	draft_add(&c->d, c->name, c->value);
	return true;
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
static bool
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

static bool
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

static bool
set_form(struct change *c)
{
	struct buf scratch, plain;
	struct fault wrong;
	bool ok;

	if (c->m->body.len && !type_is(head_find(c->m->head, "content-type"), "application/x-www-form-urlencoded"))
		return fault(c->why, "form: the body is none");
	buf_init(&scratch, TEXT_MAX);
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

static bool
set_body(struct change *c)
{
	c->body = c->value;
	c->new_body = true;
	return true;
}

#define THINGS(_) \
	_("method",	"the method of a request", set_method, false) \
	_("target",	"what a request asks for: /path?query", set_target, false) \
	_("status",	"the status of a response; a reason may follow", set_status, false) \
	_("reason",	"the words behind the status", set_reason, false) \
	_("header",	"a field of the head, the first of its name; the others go", set_header, true) \
	_("add",	"one more field of the head", add_header, true) \
	_("query",	"a parameter of the target, as it reads without escapes", set_query, true) \
	_("cookie",	"a cookie, in cookie or set-cookie", set_cookie, true) \
	_("form",	"a field of a form in the body, as it reads without escapes", set_form, true) \
	_("body",	"the body, as it is behind its codings", set_body, false)

static bool (*const sets[])(struct change *c) = {
#define THING_SET(name, about, set, named) set,
	THINGS(THING_SET)
#undef THING_SET
};
const struct edit_thing edit_things[] = {
#define THING_ROW(name, about, set, named) { name, about, named },
	THINGS(THING_ROW)
#undef THING_ROW
	{ NULL, NULL, false },
};

/* "header:accept" */
static bool
thing_find(const char *what, size_t *thing, struct bytes *name, struct fault *why)
{
	const char *colon = strchr(what, ':');
	size_t len = colon ? (size_t)(colon - what) : strlen(what);

	for (*thing = 0; edit_things[*thing].name; ++*thing)
		if (strlen(edit_things[*thing].name) == len && !memcmp(edit_things[*thing].name, what, len))
			break;
	if (!edit_things[*thing].name)
		return fault(why, "%.60s: no such thing of a message", what);
	*name = colon ? bytes_of(colon + 1) : (struct bytes){ 0 };
	if (edit_things[*thing].named != (name->len > 0))
		return fault(why, edit_things[*thing].named ? "%.60s: a name behind a colon expected" : "%.60s: no name expected", what);
	return true;
}

static bool
has_any(struct bytes b, const char *signs)
{
	for (size_t i = 0; i < b.len; i++)
		if (!b.at[i] || strchr(signs, b.at[i]))
			return true;
	return false;
}

/* Nothing that would be read otherwise than it was set. */
static bool
clean(const struct draft *d, struct fault *why)
{
	struct bytes line[] = { d->method, d->target, d->reason };

	for (size_t i = 0; i < ARRAY_LEN(line); i++)
		if (has_any(line[i], "\r\n"))
			return fault(why, "a start line on one line expected");
	for (size_t i = 0; i < d->fields; i++)
		if (has_any(d->field[i].name, "\r\n:"))
			return fault(why, "the name of a field expected, without a colon");
	return true;
}

/* The head as it was, where it says the same: with its own white space. */
static bool
same_head(const struct head *a, const struct head *b)
{
	if (head_count(a) != head_count(b) || head_status(a) != head_status(b) || !bytes_same(head_method(a), head_method(b)) ||
			!bytes_same(head_target(a), head_target(b)) || !bytes_same(head_reason(a), head_reason(b)))
		return false;
	for (size_t i = 0; i < head_count(a); i++)
		if (!bytes_same(head_field(a, i).name, head_field(b, i).name) || !bytes_same(head_field(a, i).value, head_field(b, i).value))
			return false;
	return true;
}

static bool
change_end(struct change *c, struct edit_result *r, struct fault *why)
{
	const struct edit_message *m = c->m;
	struct spot spot = { NULL };

	r->head = clean(&c->d, why) ? head_make(&c->d, why) : NULL;
	if (!r->head)
		return false;
	r->head_changed = !same_head(r->head, m->head);
	if (!r->head_changed) {
		head_drop(r->head);
		r->head = head_ref(m->head);
	}
	if (!c->new_body)
		r->body = slice_copy(m->body);
	else if (!body_encode(c->body, r, why))
		return false;
	r->body_changed = !bytes_same(r->body.bytes, m->body);
	if (m->trailers)
		r->trailers = head_ref(m->trailers);
	if (!(r->head_changed || r->body_changed) || sendable(m, head_text(r->head), r, &spot))
		return true;
	return fault(why, "%s", spot.why.text);
}

bool
edit_field(const struct edit_message *m, const char *what, struct bytes value, struct edit_result *out, struct fault *why)
{
	struct change c = { .m = m, .value = value, .why = why };
	size_t thing;
	bool ok;

	*out = (struct edit_result){ 0 };
	if (!m->head)
		return fault(why, "%.60s: there is no head", what);
	if (!thing_find(what, &thing, &c.name, why))
		return false;
	buf_init(&c.text, TEXT_MAX);
	draft_of(&c.d, m->head);
	ok = sets[thing](&c) && change_end(&c, out, why);
	draft_release(&c.d);
	buf_release(&c.text);
	if (!ok)
		edit_result_release(out);
	return ok;
}
