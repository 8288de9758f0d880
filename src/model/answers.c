/* Recorded answers, by the requests they are to. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "soth/answers.h"
#include "soth/buf.h"
#include "soth/map.h"

enum { KEY_MAX = 1 << 30 };

struct group {			/* of answers to one request, in their order */
	struct answer *at;
	size_t count, room;
	atomic_size_t given;
};

struct answers {
	atomic_uint refs;
	struct map *groups;
	size_t count;
	bool ignore_content, ignore_host, ignore_port;
	char *headers, *params, *payload;
};

struct answers *
answers_new(const struct answers_how *how)
{
	struct answers *a = xalloc(sizeof(*a));

	atomic_init(&a->refs, 1);
	a->groups = map_new();
	a->ignore_content = how->ignore_content;
	a->ignore_host = how->ignore_host;
	a->ignore_port = how->ignore_port;
	a->headers = xstrdup(how->headers ? how->headers : "");
	a->params = xstrdup(how->params ? how->params : "");
	a->payload = xstrdup(how->payload ? how->payload : "");
	return a;
}

struct answers *
answers_ref(struct answers *a)
{
	atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
	return a;
}

static void
answer_release(struct answer *an)
{
	head_drop(an->head);
	head_drop(an->trailer);
	slice_drop(&an->body);
	sayings_drop(an->says);
}

static void
group_free(void *group)
{
	struct group *g = group;

	for (size_t i = 0; i < g->count; i++)
		answer_release(&g->at[i]);
	free(g->at);
	free(g);
}

void
answers_drop(struct answers *a)
{
	if (!a || atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) != 1)
		return;
	map_free(a->groups, group_free);
	free(a->headers);
	free(a->params);
	free(a->payload);
	free(a);
}

/* Of a list with commas; white space around them is none of it. */
static bool
next_name(const char **list, struct bytes *name)
{
	size_t len = strcspn(*list, ",");

	if (!**list)
		return false;
	*name = bytes_trim((struct bytes){ (const uint8_t *)*list, len });
	*list += len + ((*list)[len] == ',');
	return true;
}

static bool
listed(const char *list, struct bytes name)
{
	struct bytes one;

	while (next_name(&list, &one))
		if (one.len && bytes_same(one, name))
			return true;
	return false;
}

static size_t
find(struct bytes b, char c)
{
	const uint8_t *at = b.len ? memchr(b.at, c, b.len) : NULL;

	return at ? (size_t)(at - b.at) : b.len;
}

/* A text of the key, with its length before it: so none can look like two. */
static bool
key_add(struct buf *key, struct bytes text)
{
	return buf_addf(key, "%zu:", text.len) && (!text.len || buf_add(key, text));
}

/* "a=b&c=d", but for those of the list. */
static bool
key_pairs(struct buf *key, struct bytes pairs, const char *but)
{
	while (pairs.len) {
		struct bytes one = { pairs.at, find(pairs, '&') }, name = { one.at, find(one, '=') };

		if (!listed(but, name) && !key_add(key, one))
			return false;
		pairs = bytes_from(pairs, one.len + 1);
	}
	return true;
}

/* Behind scheme and authority, where there are such. */
static struct bytes
path_of(struct bytes target)
{
	const uint8_t *p = target.len && *target.at != '/' ? memmem(target.at, target.len, "://", 3) : NULL;

	if (!p)
		return target;
	for (p += 3; p < target.at + target.len && *p != '/' && *p != '?'; p++)
		;
	return p < target.at + target.len && *p == '/' ?
		(struct bytes){ p, target.len - (size_t)(p - target.at) } : LIT("/");
}

static bool
key_target(const struct answers *a, const struct answers_request *q, struct buf *key)
{
	struct bytes target = path_of(head_target(q->head)), path = { target.at, find(target, '?') };

	return key_add(key, path) && key_pairs(key, bytes_from(target, path.len + 1), a->params);
}

static bool
key_body(const struct answers *a, const struct answers_request *q, struct buf *key)
{
	struct bytes type = head_find(q->head, "content-type");
	static const char form[] = "application/x-www-form-urlencoded";

	type.len = type.len < sizeof(form) - 1 ? type.len : sizeof(form) - 1;
	if (a->ignore_content)
		return true;
	return *a->payload && bytes_like(type, form) ? buf_add(key, LIT("form")) && key_pairs(key, q->body, a->payload) :
		key_add(key, q->body);
}

static bool
key_headers(const struct answers *a, const struct answers_request *q, struct buf *key)
{
	const char *list = a->headers;
	struct bytes name;
	char text[256];

	while (next_name(&list, &name)) {
		snprintf(text, sizeof(text), "%.*s", (int)name.len, (const char *)name.at);
		if (!key_add(key, head_find(q->head, text)))
			return false;
	}
	return true;
}

static bool
key_host(const struct answers *a, const struct answers_request *q, struct buf *key)
{
	char host[256];

	snprintf(host, sizeof(host), "%.*s", (int)q->host.len, q->host.len ? (const char *)q->host.at : "");
	for (char *c = host; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	return (a->ignore_host || key_add(key, bytes_of(host))) && (a->ignore_port || buf_addf(key, "%u:", q->port));
}

/* Of HTTP/2, RFC 8441: what HTTP/1 asks for with GET. */
static bool
asks_for_websocket(const struct head *h)
{
	return bytes_are(head_method(h), "CONNECT") && bytes_like(head_find(h, "upgrade"), "websocket");
}

static struct bytes
method_of(const struct head *h)
{
	return asks_for_websocket(h) ? LIT("GET") : head_method(h);
}

/* False: it is too long to be found again. */
static bool
key_of(const struct answers *a, const struct answers_request *q, struct buf *key)
{
	return key_add(key, q->scheme) && key_add(key, method_of(q->head)) && key_host(a, q, key) && key_target(a, q, key) &&
		key_headers(a, q, key) && buf_add(key, LIT("|")) && key_body(a, q, key);
}

static struct group *
group_of(const struct answers *a, const struct answers_request *q, bool make)
{
	struct group *g = NULL;
	struct buf key;

	buf_init(&key, KEY_MAX);
	if (key_of(a, q, &key)) {
		g = map_find(a->groups, buf_bytes(&key));
		if (!g && make)
			map_put(a->groups, buf_bytes(&key), g = xalloc(sizeof(*g)));
	}
	buf_release(&key);
	return g;
}

static bool
bodiless(const struct head *request, unsigned status)
{
	return bytes_are(head_method(request), "HEAD") || status == 204 || status == 304;
}

/* It goes out whole: so its length is known. */
static struct head *
framed(const struct head *h, size_t body)
{
	char length[24];
	struct fault why;
	struct draft d;
	struct head *made;

	snprintf(length, sizeof(length), "%zu", body);
	draft_of(&d, h);
	draft_remove(&d, "transfer-encoding");
	draft_remove(&d, "connection");
	draft_set(&d, "Content-Length", bytes_of(length));
	made = head_make(&d, &why);
	draft_release(&d);
	return made;
}

/* It goes out piece by piece. */
static struct head *
unframed(const struct answer *an)
{
	struct fault why;
	struct draft d;
	struct head *made;

	draft_of(&d, an->head);
	draft_remove(&d, "content-length");
	draft_remove(&d, "connection");
	if (an->decoded)
		draft_remove(&d, "content-encoding");
	if (d.version != HTTP_2)
		draft_set(&d, "Transfer-Encoding", LIT("chunked"));
	made = head_make(&d, &why);
	draft_release(&d);
	return made;
}

static struct head *
whole_of(const struct answers_request *to, const struct answer *an, unsigned status)
{
	if (bodiless(to->head, status) || status == 101 || asks_for_websocket(to->head))
		return NULL;
	return an->says ? unframed(an) : an->trailer ? NULL : framed(an->head, an->body.bytes.len);
}

static bool
may_be_given(const struct answers_request *to, const struct answer *an, unsigned status)
{
	return (!bytes_are(head_method(to->head), "CONNECT") || (asks_for_websocket(to->head) && an->says)) && (status >= 200 || (status == 101 && an->says));
}

void
answers_add(struct answers *a, const struct answers_request *to, struct answer *an)
{
	unsigned status = an->head ? head_status(an->head) : 0;
	struct group *g = may_be_given(to, an, status) ? group_of(a, to, true) : NULL;
	struct head *whole = g ? whole_of(to, an, status) : NULL;

	if (whole) {
		head_drop(an->head);
		an->head = whole;
	}
	if (!g) {
		answer_release(an);
		return;
	}
	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 1;
		g->at = xgrow(g->at, g->room, sizeof(*g->at));
	}
	g->at[g->count++] = *an;
	a->count++;
}

size_t answers_count(const struct answers *a) { return a->count; }
bool answers_want_body(const struct answers *a) { return !a->ignore_content; }

const struct answer *
answers_find(const struct answers *a, const struct answers_request *to, bool reuse)
{
	struct group *g = group_of(a, to, false);
	size_t n = g && !reuse ? atomic_fetch_add_explicit(&g->given, 1, memory_order_relaxed) : 0;

	return g && n < g->count ? &g->at[n] : NULL;
}
