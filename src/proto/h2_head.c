/* Heads and header lists of HTTP/2, translated into each other (RFC 9113 section 8.3). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "h2_inside.h"

enum { TEXT_MAX = 16 << 20, NVS_FIRST = 32, FIELD_COST = 32 };

void
h2_list_init(struct h2_list *l)
{
	buf_init(&l->text, TEXT_MAX);
	buf_init(&l->cookies, TEXT_MAX);
	buf_init(&l->mend, TEXT_MAX);
}

static void
list_let_go(struct h2_list *l)
{
	for (size_t i = 0; i < PSEUDO_COUNT; i++)
		if (l->held[i]) {
			nghttp2_rcbuf_decref(l->held[i]);
			l->held[i] = NULL;
		}
}

void
h2_list_release(struct h2_list *l)
{
	list_let_go(l);
	buf_release(&l->text);
	buf_release(&l->cookies);
	buf_release(&l->mend);
}

void
h2_list_begin(struct h2_list *l, struct h2_stream *s, enum head_kind kind)
{
	list_let_go(l);
	buf_eat(&l->text, l->text.len);
	buf_eat(&l->cookies, l->cookies.len);
	l->stream = s;
	l->kind = kind;
	l->pseudos = (struct pseudos){ 0 };
	l->cookie_at = l->size = 0;
	l->begun = l->bad = l->host = false;
	l->mended = (struct mended){ 0 };
}

bool
h2_list_too_long(const struct h2 *h, const struct h2_list *l)
{
	return l->size > h->args.head_limit;
}

static bool
put(struct buf *b, struct bytes text)
{
	return buf_add(b, text);
}

static bool
put_field(struct buf *b, struct bytes name, struct bytes value)
{
	uint8_t *at = buf_room(b, name.len + value.len + 4);

	if (!at)
		return false;
	memcpy(at, name.at, name.len);
	memcpy(at + name.len, ": ", 2);
	if (value.len)
		memcpy(at + name.len + 2, value.at, value.len);
	memcpy(at + name.len + 2 + value.len, "\r\n", 2);
	buf_grew(b, name.len + value.len + 4);
	return true;
}

/* What the text's first line calls the target (RFC 9112 section 3.2). */
static bool
put_target(const struct h2 *h, struct buf *b, const struct pseudos *p)
{
	const struct bytes *v = p->value;
	bool named = h->args.proxy && v[PSEUDO_AUTHORITY].len && !v[PSEUDO_PROTOCOL].len;

	if (!v[PSEUDO_PATH].len)
		return put(b, v[PSEUDO_AUTHORITY]);		/* CONNECT */
	if (!named)
		return put(b, v[PSEUDO_PATH]);
	return put(b, v[PSEUDO_SCHEME]) && put(b, LIT("://")) && put(b, v[PSEUDO_AUTHORITY]) &&
		(bytes_are(v[PSEUDO_PATH], "*") || put(b, v[PSEUDO_PATH]));
}

static bool
put_request(const struct h2 *h, struct buf *b, const struct pseudos *p)
{
	const struct bytes *v = p->value;

	return put(b, v[PSEUDO_METHOD]) && put(b, LIT(" ")) && put_target(h, b, p) && put(b, LIT(" HTTP/2\r\n")) &&
		(!v[PSEUDO_AUTHORITY].len || put_field(b, LIT("host"), v[PSEUDO_AUTHORITY])) &&
		(!v[PSEUDO_PROTOCOL].len || put_field(b, LIT("upgrade"), v[PSEUDO_PROTOCOL]));
}

static bool
put_response(struct buf *b, const struct pseudos *p)
{
	return put(b, LIT("HTTP/2 ")) && put(b, p->value[PSEUDO_STATUS]) && put(b, LIT(" \r\n"));
}

/* The pseudo-header fields are all there: the start line is made of them. */
static bool
list_start(struct h2 *h, struct h2_list *l, struct fault *why)
{
	bool ok = true;

	if (l->begun)
		return true;
	l->begun = true;
	if (!headers_check_pseudos(&l->pseudos, l->kind, h->args.websocket, why))
		return false;
	if (l->kind == HEAD_REQUEST)
		ok = put_request(h, &l->text, &l->pseudos);
	else if (l->kind == HEAD_RESPONSE)
		ok = put_response(&l->text, &l->pseudos);
	list_let_go(l);
	return ok || fault(why, "the head is larger than %u bytes", TEXT_MAX);
}

static bool
take_pseudo(struct h2_list *l, struct field f, nghttp2_rcbuf *value, struct fault *why)
{
	enum pseudo which;

	if (l->begun)
		return fault(why, "RFC 9113 section 8.3: %.*s after other fields",
			f.name.len < 80 ? (int)f.name.len : 80, (const char *)f.name.at);
	if (!headers_take_pseudo(&l->pseudos, f, &which, why))
		return false;
	nghttp2_rcbuf_incref(value);
	l->held[which] = value;
	return true;
}

/* One field of all cookies, in the place of the first (section 8.2.3). */
static bool
take_cookie(struct h2_list *l, struct bytes value)
{
	if (l->cookies.len)
		return put(&l->cookies, LIT("; ")) && put(&l->cookies, value);
	l->cookie_at = l->text.len;
	return put(&l->cookies, LIT("cookie: ")) && put(&l->cookies, value);
}

/* The first field of the text, where :authority made it. */
static struct bytes
authority_of(const struct h2_list *l)
{
	const uint8_t *line = l->text.at + (size_t)((uint8_t *)memchr(l->text.at, '\n', l->text.len) - l->text.at) + 1;
	const uint8_t *value = line + sizeof("host: ") - 1;

	return (struct bytes){ value, (size_t)((uint8_t *)memchr(value, '\r', l->text.len) - value) };
}

static bool
same_host(struct bytes a, struct bytes b)
{
	return a.len == b.len && !strncasecmp((const char *)a.at, (const char *)b.at, a.len);
}

/* As it should have been written, for the lenient; to others it is said that it could be. An empty name: left out. */
static bool
take_mended(struct h2 *h, struct h2_list *l, struct field *f, struct fault *why)
{
	struct mended m = { 0 };
	struct field out;

	if (!mend_field(*f, &l->mend, &out, &m))
		return false;
	if (!h->args.lenient) {
		headers_mends(why);
		return false;
	}
	mended_add(&l->mended, &m);
	*f = out;
	return true;
}

static bool
take_regular(struct h2 *h, struct h2_list *l, struct field f, struct fault *why)
{
	bool ok = headers_check_field(f, why);

	if ((!ok || h->args.lenient) && !take_mended(h, l, &f, why))
		return false;
	if (!list_start(h, l, why))
		return false;
	if (!f.name.len)
		return true;
	if (f.name.len == sizeof("cookie") - 1 && bytes_are(f.name, "cookie")) {
		ok = take_cookie(l, f.value);
	} else if (f.name.len == sizeof("host") - 1 && bytes_are(f.name, "host") && l->kind == HEAD_REQUEST &&
			l->pseudos.seen >> PSEUDO_AUTHORITY & 1) {
		if (l->host || !same_host(f.value, authority_of(l)))
			return fault(why, "RFC 9113 section 8.3.1: %s", l->host ? "there are 2 host fields" :
				"host and :authority differ");
		ok = l->host = true;
	} else {
		ok = put_field(&l->text, f.name, f.value);
	}
	return ok || fault(why, "the head is larger than %u bytes", TEXT_MAX);
}

static struct bytes
bytes_in(nghttp2_rcbuf *b)
{
	nghttp2_vec v = nghttp2_rcbuf_get_buf(b);

	return (struct bytes){ v.base, v.len };
}

void
h2_list_field(struct h2 *h, struct h2_list *l, nghttp2_rcbuf *name, nghttp2_rcbuf *value)
{
	struct field f = { bytes_in(name), bytes_in(value) };

	l->size += f.name.len + f.value.len + FIELD_COST;
	/* A few bytes of HPACK may stand for very many: not even read on for those. */
	if (l->size > h->args.head_limit * H2_LIST_BOMB)
		h2_broken(h, H2_ENHANCE_YOUR_CALM, "RFC 9113 section 10.5.1: a header list beyond all measure");
	if (!l->stream || l->bad || h2_list_too_long(h, l))
		return;
	l->bad = !(f.name.len && *f.name.at == ':' ? take_pseudo(l, f, value, &l->why) :
		take_regular(h, l, f, &l->why));
}

static bool
put_cookies(struct h2_list *l)
{
	size_t after = l->text.len - l->cookie_at, len;
	uint8_t *at;

	if (!l->cookies.len)
		return true;
	if (!put(&l->cookies, LIT("\r\n")) || !buf_room(&l->text, l->cookies.len))
		return false;
	len = l->cookies.len;
	at = l->text.at + l->cookie_at;
	memmove(at + len, at, after);
	memcpy(at, l->cookies.at, len);
	buf_grew(&l->text, len);
	return true;
}

struct head *
h2_list_head(struct h2 *h, struct h2_list *l, struct fault *why)
{
	if (l->bad) {
		*why = l->why;
		return NULL;
	}
	if (!list_start(h, l, why))
		return NULL;
	if (!put_cookies(l) || !put(&l->text, LIT("\r\n"))) {
		fault(why, "the head is larger than %u bytes", TEXT_MAX);
		return NULL;
	}
	return head_parse(buf_bytes(&l->text), l->kind, why);
}

static void
nv_add(struct h2 *h, struct bytes name, struct bytes value)
{
	if (h->nvs == h->nv_room) {
		h->nv_room = h->nv_room ? h->nv_room * 2 : NVS_FIRST;
		h->nv = xgrow(h->nv, h->nv_room, sizeof(*h->nv));
	}
	/* nghttp2 copies both, and makes the name small. */
	h->nv[h->nvs++] = (nghttp2_nv){ (uint8_t *)name.at, (uint8_t *)value.at, name.len, value.len, NGHTTP2_NV_FLAG_NONE };
}

void
h2_nv_typed(struct h2 *h, const struct fieldlist *l, size_t from, size_t to)
{
	h->nvs = 0;
	h->nv_head = NULL;
	for (size_t i = from; i < to; i++) {
		nv_add(h, l->field[i].name, l->field[i].value);
		h->nv[h->nvs - 1].flags = NGHTTP2_NV_FLAG_NO_COPY_NAME;		/* else it makes it small */
	}
}

/* HTTP/1's framing, and what is the connection's (RFC 9113 section 8.2.2). */
static bool
is_hop(struct bytes name)
{
	static const struct { size_t len; const char *name; } names[] = {
		{ 2, "te" }, { 4, "host" }, { 7, "upgrade" }, { 10, "connection" }, { 10, "keep-alive" },
		{ 14, "http2-settings" }, { 16, "proxy-connection" }, { 17, "transfer-encoding" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names) && names[i].len <= name.len; i++)
		if (names[i].len == name.len && bytes_like(name, names[i].name))
			return true;
	return false;
}

static bool
is_listed(const struct head *head, struct bytes name)
{
	char text[64];

	if (name.len >= sizeof(text))
		return false;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	return head_lists(head, "connection", text);
}

static void
nv_fields(struct h2 *h, const struct head *head)
{
	bool lists = head_version(head) != HTTP_2 && head_has(head, "connection");

	for (size_t i = 0; i < head_count(head); i++) {
		struct field f = head_field(head, i);

		if (is_hop(f.name))
			continue;
		if (!lists || !is_listed(head, f.name))
			nv_add(h, f.name, f.value);
	}
	if (head_lists(head, "te", "trailers"))
		nv_add(h, LIT("te"), LIT("trailers"));
}

static void
nv_pseudo(struct h2 *h, const char *name, struct bytes value)
{
	if (value.len)
		nv_add(h, bytes_of(name), value);
}

/* absolute-form, cut in three; path is empty where there is none. */
static bool
split(struct bytes url, struct bytes *scheme, struct bytes *authority, struct bytes *path)
{
	const uint8_t *colon = memmem(url.at, url.len, "://", 3);
	size_t len = 0;

	if (!colon)
		return false;
	*scheme = (struct bytes){ url.at, (size_t)(colon - url.at) };
	*authority = (struct bytes){ colon + 3, url.len - scheme->len - 3 };
	while (len < authority->len && !strchr("/?#", authority->at[len]))
		len++;
	*path = (struct bytes){ authority->at + len, authority->len - len };
	authority->len = len;
	return scheme->len && len && (!path->len || *path->at == '/');
}

static bool
nv_target(struct h2 *h, const struct head *head, struct fault *why)
{
	struct bytes target = head_target(head), authority = head_find(head, "host");
	struct bytes scheme = h->args.tls ? LIT("https") : LIT("http"), path = target;

	if (*target.at != '/' && !bytes_are(target, "*")) {
		if (!split(target, &scheme, &authority, &path))
			return fault(why, "RFC 9113 section 8.3.1: the target has neither :path nor :scheme");
		if (!path.len)
			path = bytes_are(head_method(head), "OPTIONS") ? LIT("*") : LIT("/");
	}
	nv_pseudo(h, ":scheme", scheme);
	nv_pseudo(h, ":authority", authority);
	nv_pseudo(h, ":path", path);
	return true;
}

static bool
nv_request(struct h2 *h, const struct head *head, struct fault *why)
{
	bool connect = bytes_are(head_method(head), "CONNECT"), extended = connect && *head_target(head).at == '/';

	nv_pseudo(h, ":method", head_method(head));
	if (extended && !head_has(head, "upgrade"))
		return fault(why, "RFC 8441 section 4: CONNECT to a path, and no protocol");
	if (extended)
		nv_pseudo(h, ":protocol", head_find(head, "upgrade"));
	if (!connect || extended)
		return nv_target(h, head, why);
	nv_pseudo(h, ":authority", head_target(head));
	return true;
}

bool
h2_nv(struct h2 *h, const struct head *head, struct fault *why)
{
	struct bytes line = head_text(head);

	h->nvs = 0;
	h->nv_head = head;
	if (head_kind(head) == HEAD_REQUEST && !nv_request(h, head, why))
		return false;
	if (head_status(head) == 101)
		return fault(why, "RFC 9113 section 8.6: a 101 response");
	/* The three digits stand in the status line, behind its first space. */
	if (head_kind(head) == HEAD_RESPONSE)
		nv_add(h, LIT(":status"), (struct bytes){ (uint8_t *)memchr(line.at, ' ', line.len) + 1, 3 });
	nv_fields(h, head);
	return true;
}
