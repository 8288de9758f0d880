/* Two flows: line by line, field by field, value by value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diff_inside.h"
#include "soth/convert.h"
#include "soth/utf8.h"

struct pair {
	struct diff *d;
	struct diff_group *g;
	const struct diff_how *how;
	struct store *const *store;
	struct flow flow[2];
	enum side side;
};

static struct diff_change *
tell(const struct pair *p, enum diff_kind kind, const char *where, struct bytes was, struct bytes is)
{
	struct diff_change *c = group_change(p->d, p->g, p->how, kind, p->side);

	if (c) {
		c->where = text_cut(bytes_of(where));
		c->value[0] = text_cut(was);
		c->value[1] = text_cut(is);
	}
	return c;
}

/* What is empty was not there. */
static void
compare_text(const struct pair *p, enum diff_kind kind, const char *where, struct bytes was, struct bytes is)
{
	if (!bytes_same(was, is))
		tell(p, kind, where, was.len ? was : (struct bytes){ 0 }, is.len ? is : (struct bytes){ 0 });
}

static struct bytes
status_text(const struct head *h, char room[16])
{
	snprintf(room, 16, "%u", head_status(h));
	return head_status(h) ? bytes_of(room) : (struct bytes){ 0 };
}

static struct bytes
version_text(const struct head *h)
{
	static const char *const names[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };

	return bytes_of(names[head_version(h)]);
}

static void
compare_start(const struct pair *p, const struct head *a, const struct head *b)
{
	char was[16], is[16];

	compare_text(p, DIFF_STATUS, "status", status_text(a, was), status_text(b, is));
	compare_text(p, DIFF_START, "method", head_method(a), head_method(b));
	compare_text(p, DIFF_START, "target", head_target(a), head_target(b));
	compare_text(p, DIFF_START, "version", version_text(a), version_text(b));
	if (head_status(a) == head_status(b))
		compare_text(p, DIFF_START, "reason", head_reason(a), head_reason(b));
}

/* The n-th field of that name, whatever its case; NULL: there are not so many. */
static bool
field_nth(const struct head *h, struct bytes name, size_t n, struct bytes *value)
{
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (f.name.len == name.len && !strncasecmp((const char *)f.name.at, (const char *)name.at, name.len) && !n--) {
			*value = f.value;
			return true;
		}
	}
	return false;
}

static size_t
fields_before(const struct head *h, size_t at)
{
	struct bytes name = head_field(h, at).name;
	size_t n = 0;

	for (size_t i = 0; i < at; i++) {
		struct bytes other = head_field(h, i).name;

		n += other.len == name.len && !strncasecmp((const char *)other.at, (const char *)name.at, name.len);
	}
	return n;
}

static void
field_tell(const struct pair *p, const char *before, struct bytes name, const struct bytes *was, const struct bytes *is)
{
	char where[256];
	struct bytes none = { 0 };

	snprintf(where, sizeof(where), "%s%.*s", before, (int)(name.len < 200 ? name.len : 200), (const char *)name.at);
	for (char *c = where + strlen(before); *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	tell(p, DIFF_HEADERS, where, was ? was->at ? *was : LIT("") : none, is ? is->at ? *is : LIT("") : none);
}

/* Of those with one name the first stands against the first, and so on. */
static void
compare_fields(const struct pair *p, const char *before, const struct head *a, const struct head *b)
{
	struct bytes other;

	for (size_t i = 0; a && i < head_count(a); i++) {
		struct field f = head_field(a, i);
		bool there = b && field_nth(b, f.name, fields_before(a, i), &other);

		if (!there || !bytes_same(f.value, other))
			field_tell(p, before, f.name, &f.value, there ? &other : NULL);
	}
	for (size_t i = 0; b && i < head_count(b); i++) {
		struct field f = head_field(b, i);

		if (!a || !field_nth(a, f.name, fields_before(b, i), &other))
			field_tell(p, before, f.name, NULL, &f.value);
	}
}

bool
text_is_plain(struct bytes b)
{
	return utf8_valid(b) && (!b.len || !memchr(b.at, '\0', b.len));
}

static void
compare_bytes(const struct pair *p, const struct bytes body[2])
{
	struct diff_change *c;
	size_t at = 0;
	char where[64];

	while (at < body[0].len && at < body[1].len && body[0].at[at] == body[1].at[at])
		at++;
	snprintf(where, sizeof(where), "bytes, from the one at %zu", at);
	c = tell(p, DIFF_BODY, where, (struct bytes){ 0 }, (struct bytes){ 0 });
	if (c) {
		c->unit = UNIT_BYTES;
		c->amount[0] = body[0].len;
		c->amount[1] = body[1].len;
	}
}

/* It is text, but all on one line. */
static bool
is_form(const struct pair *p, int which)
{
	const struct head *h = p->flow[which].half[p->side].head;
	static const char type[] = "application/x-www-form-urlencoded";
	struct bytes said = h ? head_find(h, "content-type") : (struct bytes){ 0 };

	return said.len >= sizeof(type) - 1 && !strncasecmp((const char *)said.at, type, sizeof(type) - 1);
}

/* False: they are no lines, whatever one does. */
static bool
compare_lines(const struct pair *p, const struct bytes body[2])
{
	struct buf text[2];
	bool plain = body[0].len && body[1].len && text_is_plain(body[0]) && text_is_plain(body[1]), decoded;

	for (int i = 0; i < 2; i++)
		buf_init(&text[i], DIFF_DECODED_MAX);
	decoded = (!plain || (is_form(p, 0) && is_form(p, 1))) &&
		body_decoded(&p->flow[0], p->side, body[0], &text[0]) && body_decoded(&p->flow[1], p->side, body[1], &text[1]) &&
		!bytes_same(buf_bytes(&text[0]), buf_bytes(&text[1]));
	if (decoded)
		lines_compare(p->d, p->g, p->how, p->side, (struct bytes[]){ buf_bytes(&text[0]), buf_bytes(&text[1]) });
	else if (plain)
		lines_compare(p->d, p->g, p->how, p->side, body);
	for (int i = 0; i < 2; i++)
		buf_release(&text[i]);
	return decoded || plain;
}

static void
compare_body(const struct pair *p, const struct bytes body[2])
{
	struct json_tree t[2] = { { .node = NULL }, { .node = NULL } };

	if (bytes_same(body[0], body[1]))
		return;
	if (tree_read(&t[0], body[0]) && tree_read(&t[1], body[1]))
		json_compare(p->d, p->g, p->how, p->side, t);
	else if (!compare_lines(p, body))
		compare_bytes(p, body);
	tree_free(&t[0]);
	tree_free(&t[1]);
}

static void
compare_bodies(const struct pair *p)
{
	struct slice body[2];
	bool whole;

	for (int i = 0; i < 2; i++) {
		body[i] = convert_body(p->store[i], p->flow[i].id, p->side, true, DIFF_BODY_MAX, &whole);
		p->d->bodies_cut += !whole;
	}
	compare_body(p, (struct bytes[]){ body[0].bytes, body[1].bytes });
	slice_drop(&body[0]);
	slice_drop(&body[1]);
}

static bool
is_websocket(const struct pair *p, int which)
{
	const struct flow *f = &p->flow[which];
	struct row r;

	return store_rows(p->store[which], store_index(p->store[which], f->id), 1, &r) == 1 && r.protocol == PROTOCOL_WEBSOCKET;
}

static void
compare_content(const struct pair *p)
{
	if (is_websocket(p, 0) && is_websocket(p, 1))
		messages_compare(p->d, p->g, p->how, p->side, p->store, (flow_id[]){ p->flow[0].id, p->flow[1].id });
	else if (p->how->kinds >> DIFF_BODY & 1)
		compare_bodies(p);
}

static void
compare_side(const struct pair *p)
{
	const struct half *a = &p->flow[0].half[p->side], *b = &p->flow[1].half[p->side];

	if (a->head && b->head)
		compare_start(p, a->head, b->head);
	else if (a->head || b->head)
		tell(p, p->side == SERVER ? DIFF_STATUS : DIFF_START, p->side == SERVER ? "response" : "request",
			a->head ? LIT("came") : LIT("none"), b->head ? LIT("came") : LIT("none"));
	compare_fields(p, "", a->head, b->head);
	compare_fields(p, "trailer ", a->trailer, b->trailer);
	compare_content(p);
}

static void
compare_times(const struct pair *p)
{
	const uint64_t first[2] = { flow_first_byte(&p->flow[0]), flow_first_byte(&p->flow[1]) };
	const uint64_t total[2] = { flow_total(&p->flow[0]), flow_total(&p->flow[1]) };

	group_amounts(p->d, p->g, p->how, "first byte", UNIT_MICROSECONDS, first);
	group_amounts(p->d, p->g, p->how, "total", UNIT_MICROSECONDS, total);
}

static void
group_name(struct diff_group *g, const struct flow *f)
{
	const struct head *h = f->half[CLIENT].head;

	g->method = text_cut(h ? head_method(h) : LIT(""));
	g->host = text_cut(f->origin && f->origin->host.len ? f->origin->host : LIT(""));
	g->path = text_cut(h ? head_target(h) : LIT(""));
	g->flows[0] = g->flows[1] = 1;
}

static void
compare(struct pair *p)
{
	p->g = diff_group_new(p->d);
	group_name(p->g, &p->flow[0]);
	for (p->side = CLIENT; p->side <= SERVER; p->side++)
		compare_side(p);
	compare_times(p);
	group_sort(p->g);
	p->d->same = !p->g->changes;
	if (!p->g->changes)
		group_drop(p->d);
}

struct diff *
diff_flows(struct store *const s[2], const flow_id id[2], const struct diff_how *how, struct fault *why)
{
	struct pair p = { .d = xalloc(sizeof(*p.d)), .how = how, .store = s };
	bool ok = true;

	p.d->two = true;
	p.d->flows[0] = p.d->flows[1] = 1;
	for (int i = 0; i < 2 && ok; i++) {
		ok = store_index(s[i], id[i]) != SIZE_MAX ? store_flow(s[i], id[i], &p.flow[i], why) :
			fault(why, "there is no flow %llu", (unsigned long long)id[i]);
	}
	if (ok)
		compare(&p);
	flow_release(&p.flow[0]);
	flow_release(&p.flow[1]);
	if (ok)
		return p.d;
	diff_free(p.d);
	return NULL;
}
