/* One thing of a message, set: for who edits without an editor. */
#include <string.h>

#include "edit_thing.h"

bool
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

static bool
set_body(struct change *c)
{
	c->body = c->value;
	c->new_body = true;
	return true;
}

static bool
get_method(const struct change *c, struct buf *out)
{
	return c->d.kind == HEAD_REQUEST && buf_add(out, c->d.method);
}

static bool
get_target(const struct change *c, struct buf *out)
{
	return c->d.kind == HEAD_REQUEST && buf_add(out, c->d.target);
}

static bool
get_status(const struct change *c, struct buf *out)
{
	return c->d.kind == HEAD_RESPONSE && buf_addf(out, "%03u%s", c->d.status, c->d.reason.len ? " " : "") &&
		buf_add(out, c->d.reason);
}

static bool
get_reason(const struct change *c, struct buf *out)
{
	return c->d.kind == HEAD_RESPONSE && buf_add(out, c->d.reason);
}

static bool
get_header(const struct change *c, struct buf *out)
{
	for (size_t i = 0; i < c->d.fields; i++)
		if (same_name(c->d.field[i].name, c->name))
			return buf_add(out, c->d.field[i].value);
	return false;
}

static bool
get_none(const struct change *c, struct buf *out)
{
	(void)c;
	(void)out;
	return false;
}

static bool
get_body(const struct change *c, struct buf *out)
{
	struct buf scratch;
	struct fault why;
	bool ok;

	buf_init(&scratch, EDIT_THING_MAX);
	ok = codings_undo(joined(c->m->head, "content-encoding", &scratch), c->m->body, out, &why);
	buf_release(&scratch);
	return ok;
}

/* To add one: a line here, and its two functions. */
#define THINGS(_) \
	_("method",	"the method of a request", set_method, get_method, false) \
	_("target",	"what a request asks for: /path?query", set_target, get_target, false) \
	_("status",	"the status of a response; a reason may follow", set_status, get_status, false) \
	_("reason",	"the words behind the status", set_reason, get_reason, false) \
	_("header",	"a field of the head, the first of its name; the others go", set_header, get_header, true) \
	_("add",	"one more field of the head", add_header, get_none, true) \
	_("query",	"a parameter of the target, as it reads without escapes", set_query, get_query, true) \
	_("cookie",	"a cookie, in cookie or set-cookie", set_cookie, get_cookie, true) \
	_("form",	"a field of a form in the body, as it reads without escapes", set_form, get_form, true) \
	_("body",	"the body, as it is behind its codings", set_body, get_body, false)

static const struct { bool (*set)(struct change *c); bool (*get)(const struct change *c, struct buf *out); } hands[] = {
#define THING_HANDS(name, about, set, get, named) { set, get },
	THINGS(THING_HANDS)
#undef THING_HANDS
};
const struct edit_thing edit_things[] = {
#define THING_ROW(name, about, set, get, named) { name, about, named },
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
		return fault(why, "%.60s: %s expected", what, edit_things[*thing].named ? "a name behind a colon" : "no name");
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
	for (size_t i = 0; i < head_count(a); i++) {
		struct field f = head_field(a, i), g = head_field(b, i);

		if (!bytes_same(f.name, g.name) || !bytes_same(f.value, g.value))
			return false;
	}
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
	buf_init(&c.text, EDIT_THING_MAX);
	draft_of(&c.d, m->head);
	ok = hands[thing].set(&c) && change_end(&c, out, why);
	draft_release(&c.d);
	buf_release(&c.text);
	if (!ok)
		edit_result_release(out);
	return ok;
}

bool
edit_value(const struct edit_message *m, const char *what, struct buf *out)
{
	struct change c = { .m = m };
	struct fault why;
	size_t thing;
	bool ok;

	if (!m->head || !thing_find(what, &thing, &c.name, &why))
		return false;
	draft_of(&c.d, m->head);
	ok = hands[thing].get(&c, out);
	draft_release(&c.d);
	return ok;
}
