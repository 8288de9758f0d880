/* The fields of an HTTP/2 message as a person types them. */
#include <stdlib.h>
#include <string.h>

#include "soth/fieldlist.h"

enum { FIELDS_FIRST = 32 };

static const char trailers_line[] = "#! trailers";

struct typing {
	struct fieldlist *l;
	size_t size;		/* of the head, or of the trailers, so far */
	uint8_t *to;		/* where what is in quotes goes; NULL: nothing was yet */
	const uint8_t *at;
	struct fault *why;
};

static bool
wrong(struct typing *t, const uint8_t *at, const char *words)
{
	t->at = at;
	return fault(t->why, "%s", words);
}

static void
list_add(struct fieldlist *l, struct field f)
{
	if (l->fields == l->room) {
		l->room = l->room ? l->room * 2 : FIELDS_FIRST;
		l->field = xgrow(l->field, l->room, sizeof(*l->field));
	}
	l->field[l->fields++] = f;
}

static bool
escape_take(struct typing *t, struct bytes *rest)
{
	static const char from[] = "\\\"rnt", to[] = "\\\"\r\n\t";
	const char *found = rest->len > 1 && rest->at[1] ? strchr(from, rest->at[1]) : NULL;
	bool hex = rest->len > 3 && rest->at[1] == 'x' && hex_digit(rest->at[2]) >= 0 && hex_digit(rest->at[3]) >= 0;

	if (!found && !hex)
		return wrong(t, rest->at, "\\\\ \\\" \\r \\n \\t or \\xHH expected");
	*t->to++ = hex ? (uint8_t)(hex_digit(rest->at[2]) << 4 | hex_digit(rest->at[3])) : (uint8_t)to[found - from];
	*rest = bytes_from(*rest, hex ? 4 : 2);
	return true;
}

/* Nothing in quotes is longer than it is typed: there is room for all of them. */
static bool
quoted_take(struct typing *t, struct bytes *rest, struct bytes *out)
{
	const uint8_t *open = rest->at;

	if (!t->to)
		t->l->unquoted = slice_new(t->l->text.bytes.len, &t->to);
	out->at = t->to;
	*rest = bytes_from(*rest, 1);
	while (rest->len && *rest->at != '"') {
		if (*rest->at != '\\') {
			*t->to++ = *rest->at;
			*rest = bytes_from(*rest, 1);
		} else if (!escape_take(t, rest)) {
			return false;
		}
	}
	if (!rest->len)
		return wrong(t, open, "a quote that closes this one expected");
	*rest = bytes_from(*rest, 1);
	out->len = (size_t)(t->to - out->at);
	return true;
}

static bool
is_quote(struct bytes b)
{
	return b.len && *b.at == '"';
}

static bool
name_take(struct typing *t, struct bytes *rest, struct bytes *name)
{
	struct bytes line = *rest;
	const uint8_t *colon;

	if (is_quote(line)) {
		if (!quoted_take(t, rest, name))
			return false;
		if (!rest->len || *rest->at != ':')
			return wrong(t, rest->len ? rest->at : line.at + line.len, "a colon right after the name expected");
	} else {
		colon = line.len > 1 ? memchr(line.at + 1, ':', line.len - 1) : NULL;
		if (!colon)
			return wrong(t, line.at, "a field expected, as in \"name: value\"; an empty line ends the fields");
		*name = (struct bytes){ line.at, (size_t)(colon - line.at) };
		*rest = bytes_from(line, name->len);
	}
	*rest = bytes_from(*rest, 1);
	return true;
}

static bool
field_take(struct typing *t, struct bytes rest)
{
	struct bytes line = rest;
	struct field f;

	if (!name_take(t, &rest, &f.name))
		return false;
	if (rest.len && *rest.at == ' ')
		rest = bytes_from(rest, 1);
	f.value = rest;
	if (is_quote(line) && is_quote(rest)) {
		if (!quoted_take(t, &rest, &f.value))
			return false;
		if (rest.len)
			return wrong(t, rest.at, "nothing behind the value in quotes expected");
	}
	t->size += f.name.len + f.value.len + FIELDLIST_COST;
	if (t->size > FIELDLIST_SENT_MAX)
		return wrong(t, line.at, "fields of no more than 1 MiB expected: more cannot be sent over HTTP/2");
	list_add(t->l, f);
	return true;
}

static bool
list_take(struct typing *t, struct bytes *rest)
{
	while (rest->len) {
		struct bytes line = bytes_line(rest);

		if (!line.len)
			break;
		if (!t->l->trailed && bytes_are(line, trailers_line)) {
			t->l->trailed = true;
			t->l->heads = t->l->fields;
			t->size = FIELDLIST_COST;
		} else if (!field_take(t, line)) {
			return false;
		}
	}
	if (!t->l->trailed)
		t->l->heads = t->l->fields;
	return true;
}

bool
fieldlist_read(struct slice text, struct fieldlist *l, size_t *at, struct fault *why)
{
	struct typing t = { .l = l, .size = FIELDLIST_COST, .why = why };
	struct bytes rest = text.bytes;

	*l = (struct fieldlist){ .text = text };
	if (!list_take(&t, &rest)) {
		*at = (size_t)(t.at - text.bytes.at);
		l->text = (struct slice){ 0 };
		fieldlist_release(l);
		slice_drop(&text);
		return false;
	}
	if (rest.len)
		l->body = slice_cut(text, text.bytes.len - rest.len, rest.len);
	return true;
}

void
fieldlist_release(struct fieldlist *l)
{
	free(l->field);
	slice_drop(&l->text);
	slice_drop(&l->unquoted);
	slice_drop(&l->body);
	*l = (struct fieldlist){ 0 };
}

struct bytes
fieldlist_find(const struct fieldlist *l, const char *name)
{
	for (size_t i = 0; i < l->heads; i++)
		if (bytes_are(l->field[i].name, name))
			return l->field[i].value;
	return (struct bytes){ 0 };
}

/* NULL: it is none. */
static struct head *
head_of(enum head_kind kind, struct bytes method, struct bytes target, const struct field *f)
{
	struct draft d = { .kind = kind, .version = HTTP_2, .method = method, .target = target };
	struct fault why;
	struct head *made;

	if (f)
		draft_add(&d, f->name, f->value);
	made = head_make(&d, &why);
	draft_release(&d);
	return made;
}

static bool
can_stand(enum head_kind kind, struct bytes method, struct bytes target, const struct field *f)
{
	struct head *h = head_of(kind, method, target, f);

	head_drop(h);
	return h;
}

static void
fields_add(const struct fieldlist *l, size_t from, size_t to, struct draft *d, bool *whole)
{
	for (size_t i = from; i < to; i++) {
		const struct field *f = &l->field[i];

		if (f->name.len && *f->name.at == ':')
			continue;
		if (can_stand(HEAD_FIELDS, (struct bytes){ 0 }, (struct bytes){ 0 }, f))
			draft_add(d, f->name, f->value);
		else
			*whole = false;
	}
}

/* What can be told of pseudo-header fields stands in front, each of them once. */
static bool
pseudos_told(const struct fieldlist *l, enum head_kind kind)
{
	static const char *const names[2][4] = {
		[HEAD_REQUEST] = { ":method", ":scheme", ":authority", ":path" }, [HEAD_RESPONSE] = { ":status" } };
	size_t found = 0, front = 0;

	while (front < l->heads && l->field[front].name.len && *l->field[front].name.at == ':')
		front++;
	for (size_t n = 0; n < 4 && names[kind][n]; n++)
		found += fieldlist_find(l, names[kind][n]).len > 0;
	for (size_t i = front; i < l->heads; i++)
		if (l->field[i].name.len && *l->field[i].name.at == ':')
			return false;
	return found == front;
}

static void
draft_request(const struct fieldlist *l, struct draft *d, bool *whole)
{
	struct bytes host = fieldlist_find(l, ":authority");
	struct field named = { LIT("host"), host };

	d->method = fieldlist_find(l, ":method");
	d->target = fieldlist_find(l, ":path");
	if (!can_stand(HEAD_REQUEST, d->method, LIT("/"), NULL)) {
		d->method = LIT("GET");
		*whole = false;
	}
	if (!can_stand(HEAD_REQUEST, d->method, d->target, NULL)) {
		d->target = LIT("/");
		*whole = false;
	}
	if (host.len && can_stand(HEAD_FIELDS, d->method, d->target, &named))
		draft_add(d, named.name, named.value);
	else
		*whole = *whole && !host.len;
}

static bool
draft_response(const struct fieldlist *l, struct draft *d)
{
	struct bytes status = fieldlist_find(l, ":status");

	for (size_t i = 0; i < status.len; i++) {
		if (status.at[i] < '0' || status.at[i] > '9')
			return false;
		d->status = d->status * 10 + status.at[i] - '0';
	}
	return status.len == 3 && d->status >= 100;
}

struct head *
fieldlist_head(const struct fieldlist *l, enum head_kind kind, bool *whole)
{
	struct draft d = { .kind = kind, .version = HTTP_2 };
	struct head *made = NULL;
	struct fault why;

	*whole = pseudos_told(l, kind);
	if (kind == HEAD_REQUEST)
		draft_request(l, &d, whole);
	if (kind == HEAD_REQUEST || draft_response(l, &d)) {
		fields_add(l, 0, l->heads, &d, whole);
		made = head_make(&d, &why);
	}
	draft_release(&d);
	return made;
}

struct head *
fieldlist_trailer(const struct fieldlist *l, bool *whole)
{
	struct draft d = { .kind = HEAD_FIELDS };
	struct head *made = NULL;
	struct fault why;

	for (size_t i = l->heads; i < l->fields; i++)
		*whole = *whole && !(l->field[i].name.len && *l->field[i].name.at == ':');
	fields_add(l, l->heads, l->fields, &d, whole);
	if (d.fields)
		made = head_make(&d, &why);
	draft_release(&d);
	return made;
}

static bool
line_put(struct buf *out, struct bytes name, struct bytes value)
{
	size_t start = out->len;

	if (!buf_add(out, name) || !buf_add(out, LIT(": ")) || !buf_add(out, value) || !buf_add(out, LIT("\n")))
		return false;
	for (size_t i = start; i < start + name.len; i++)
		if (out->at[i] >= 'A' && out->at[i] <= 'Z')
			out->at[i] |= 0x20;
	return true;
}

/* RFC 9113 section 8.2.2. */
static bool
is_left_out(struct bytes name)
{
	static const char *const names[] = { "upgrade", "connection", "keep-alive", "http2-settings", "proxy-connection", "transfer-encoding" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(name, names[i]))
			return true;
	return false;
}

static bool
is_pseudo(const struct head *h, struct bytes name)
{
	return head_kind(h) == HEAD_REQUEST && (bytes_like(name, "host") ||
		(bytes_are(head_method(h), "CONNECT") && bytes_like(name, "upgrade")));
}

static bool
fields_put(const struct head *h, bool all, struct buf *out)
{
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (!is_pseudo(h, f.name) && (all || !is_left_out(f.name)) && !line_put(out, f.name, f.value))
			return false;
	}
	return true;
}

/* absolute-form without its scheme and authority; "/" where it has no path. */
static struct bytes
path_of(struct bytes target)
{
	const uint8_t *colon = target.len && *target.at != '/' ? memmem(target.at, target.len, "://", 3) : NULL;
	const uint8_t *slash = colon ? memchr(colon + 3, '/', target.len - (size_t)(colon + 3 - target.at)) : target.at;

	return slash ? bytes_from(target, (size_t)(slash - target.at)) : LIT("/");
}

static bool
request_put(const struct head *h, bool tls, struct buf *out)
{
	struct bytes target = head_target(h);
	bool https = target.len > 6 && !memcmp(target.at, "https:", 6), http = target.len > 5 && !memcmp(target.at, "http:", 5);
	struct bytes host = head_find(h, "host"), protocol = head_find(h, "upgrade");
	bool connect = bytes_are(head_method(h), "CONNECT");

	return line_put(out, LIT(":method"), head_method(h)) &&
		(!connect || !protocol.len || line_put(out, LIT(":protocol"), protocol)) &&
		line_put(out, LIT(":scheme"), https || (tls && !http) ? LIT("https") : LIT("http")) &&
		(!host.len || line_put(out, LIT(":authority"), host)) &&
		line_put(out, LIT(":path"), path_of(target));
}

static bool
response_put(const struct head *h, struct buf *out)
{
	return buf_addf(out, ":status: %03u\n", head_status(h));
}

bool
fieldlist_write(const struct head *head, const struct head *trailers, bool tls, struct buf *out)
{
	bool all = head_version(head) == HTTP_2;

	if (!(head_kind(head) == HEAD_REQUEST ? request_put(head, tls, out) : response_put(head, out)) || !fields_put(head, all, out))
		return false;
	if (trailers && (!buf_addf(out, "%s\n", trailers_line) || !fields_put(trailers, true, out)))
		return false;
	return buf_add(out, LIT("\n"));
}
