/* Heads as header lists, and back: RFC 9113 section 8. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"
#include "headers.h"
#include "target.h"

enum { SEEN_METHOD = 1, SEEN_SCHEME = 2, SEEN_AUTHORITY = 4, SEEN_PATH = 8, SEEN_PROTOCOL = 16, SEEN_STATUS = 32 };
enum { ROOM_KEPT = 4096, LINE_ROOM = 256, ENTRY_OVER = 32, STATUS_ROOM = 4, PSEUDOS_MAX = 5 };

void
h2_list_init(struct h2_list *l, size_t limit)
{
	*l = (struct h2_list){ .size = 0 };
	buf_init(&l->text, limit * 2);
	buf_init(&l->all, limit * 4 + LINE_ROOM);
	buf_init(&l->cookie, limit);
	buf_init(&l->authority, limit);
	buf_init(&l->path, limit);
}

static void
forget(struct buf *b)
{
	if (b->room > ROOM_KEPT)
		buf_release(b);
	else
		buf_eat(b, b->len);
}

void
h2_list_reset(struct h2_list *l)
{
	forget(&l->text);
	forget(&l->all);
	forget(&l->cookie);
	forget(&l->authority);
	forget(&l->path);
	*l->why.text = 0;
	memset(l->method, 0, sizeof(l->method));
	memset(l->scheme, 0, sizeof(l->scheme));
	memset(l->protocol, 0, sizeof(l->protocol));
	memset(l->status, 0, sizeof(l->status));
	l->seen = 0;
	l->size = 0;
	l->fields = l->too_long = false;
}

void
h2_list_release(struct h2_list *l)
{
	buf_release(&l->text);
	buf_release(&l->all);
	buf_release(&l->cookie);
	buf_release(&l->authority);
	buf_release(&l->path);
}

static void
list_fault(struct h2_list *l, const char *section, const char *what, struct bytes name)
{
	if (!*l->why.text)
		fault(&l->why, "RFC 9113 section %s: %s %.*s", section, what,
			(int)(name.len < 40 ? name.len : 40), (const char *)name.at);
}

static const struct pseudo {
	const char *name;
	unsigned bit;
	bool request;
	size_t room;		/* 0: in a buf */
	size_t offset;
} pseudos[] = {
	{ ":method", SEEN_METHOD, true, sizeof(((struct h2_list *)0)->method), offsetof(struct h2_list, method) },
	{ ":scheme", SEEN_SCHEME, true, sizeof(((struct h2_list *)0)->scheme), offsetof(struct h2_list, scheme) },
	{ ":authority", SEEN_AUTHORITY, true, 0, offsetof(struct h2_list, authority) },
	{ ":path", SEEN_PATH, true, 0, offsetof(struct h2_list, path) },
	{ ":protocol", SEEN_PROTOCOL, true, sizeof(((struct h2_list *)0)->protocol), offsetof(struct h2_list, protocol) },
	{ ":status", SEEN_STATUS, false, sizeof(((struct h2_list *)0)->status), offsetof(struct h2_list, status) },
};

static void
pseudo_add(struct h2_list *l, struct bytes name, struct bytes value, bool request)
{
	const struct pseudo *p = pseudos;

	while (p < pseudos + ARRAY_LEN(pseudos) && !(bytes_are(name, p->name) && p->request == request))
		p++;
	if (p == pseudos + ARRAY_LEN(pseudos)) {
		list_fault(l, "8.3", "an unknown pseudo field,", name);
	} else if (l->fields) {
		list_fault(l, "8.3", "a pseudo field after others,", name);
	} else if (l->seen & p->bit) {
		list_fault(l, "8.3", "twice", name);
	} else if (!p->room) {
		if (!buf_add((struct buf *)((char *)l + p->offset), value))
			l->too_long = true;
	} else if (value.len >= p->room) {
		list_fault(l, "8.3", "no valid", name);
	} else if (value.len) {
		memcpy((char *)l + p->offset, value.at, value.len);
	}
	l->seen |= p < pseudos + ARRAY_LEN(pseudos) ? p->bit : 0;
}

static bool
put_field(struct buf *b, struct bytes name, struct bytes value)
{
	size_t len = name.len + value.len + 4;
	uint8_t *to = buf_room(b, len);

	if (!to)
		return false;
	memcpy(to, name.at, name.len);
	to += name.len;
	*to++ = ':';
	*to++ = ' ';
	if (value.len)
		memcpy(to, value.at, value.len);
	to += value.len;
	*to++ = '\r';
	*to = '\n';
	buf_grew(b, len);
	return true;
}

void
h2_list_add(struct h2_list *l, struct bytes name, struct bytes value, bool request, size_t limit)
{
	bool ok = true;

	l->size += name.len + value.len + ENTRY_OVER;
	if (l->size > limit || l->too_long) {
		l->too_long = true;
		return;
	}
	if (name.len && *name.at == ':') {
		pseudo_add(l, name, value, request);
		return;
	}
	l->fields = true;
	if (!headers_check_name2(name, &l->why) || !headers_check_value2(name, value, &l->why))
		return;
	if (bytes_are(name, "cookie"))		/* section 8.2.3 */
		ok = (!l->cookie.len || buf_add(&l->cookie, LIT("; "))) && buf_add(&l->cookie, value);
	else
		ok = put_field(&l->text, name, value);
	l->too_long = l->too_long || !ok;
}

/* Which pseudo fields must be there, and which may (sections 8.3.1, 8.5; RFC 8441 section 4). */
static bool
request_pseudos(const struct h2_list *l, struct fault *why)
{
	bool connect = !strcmp(l->method, "CONNECT"), extended = l->seen & SEEN_PROTOCOL;
	struct bytes path = buf_bytes(&l->path);

	if (!(l->seen & SEEN_METHOD))
		return fault(why, "RFC 9113 section 8.3.1: there is no :method");
	if (extended && !connect)
		return fault(why, "RFC 8441 section 4: :protocol in a request that is no CONNECT");
	if (connect && !extended)
		return ((l->seen & SEEN_AUTHORITY) && !(l->seen & (SEEN_PATH | SEEN_SCHEME))) ||
			fault(why, "RFC 9113 section 8.5: CONNECT with other than :authority");
	if (!(l->seen & SEEN_SCHEME) || !*l->scheme)
		return fault(why, "RFC 9113 section 8.3.1: there is no :scheme");
	if (!path.len)
		return fault(why, "RFC 9113 section 8.3.1: there is no :path");
	if (*path.at != '/' && !bytes_are(path, "*"))
		return fault(why, "RFC 9113 section 8.3.1: :path does not begin with a slash");
	return true;
}

static bool
put_target(const struct h2_list *l, bool proxy, struct buf *to)
{
	struct bytes path = buf_bytes(&l->path), authority = buf_bytes(&l->authority);

	if (!(l->seen & SEEN_PATH))
		return buf_add(to, authority);
	if (proxy && authority.len && !bytes_are(path, "*"))
		return buf_addf(to, "%s://", l->scheme) && buf_add(to, authority) && buf_add(to, path);
	return buf_add(to, path);
}

/* The field host, if it is there, must say the same as :authority. */
static bool
put_host(const struct h2_list *l, struct buf *to, struct fault *why)
{
	struct bytes text = buf_bytes(&l->text), authority = buf_bytes(&l->authority);
	const uint8_t *at = text.len ? memmem(text.at, text.len, "host: ", 6) : NULL;
	const uint8_t *end;

	while (at && at != text.at && at[-1] != '\n')
		at = memmem(at + 1, text.len - (size_t)(at + 1 - text.at), "host: ", 6);
	if (!at)
		return !authority.len || put_field(to, LIT("host"), authority);
	end = memchr(at, '\r', text.len - (size_t)(at - text.at));
	if (authority.len && !bytes_same(authority, (struct bytes){ at + 6, (size_t)(end - at) - 6 }))
		return fault(why, "RFC 9113 section 8.3.1: host and :authority differ");
	return true;
}

static bool
put_start(const struct h2_list *l, enum head_kind kind, bool proxy, struct buf *to, struct fault *why)
{
	if (kind == HEAD_RESPONSE)
		return (l->seen & SEEN_STATUS && strlen(l->status) == STATUS_ROOM - 1 &&
			buf_add(to, LIT("HTTP/2 ")) && buf_add(to, bytes_of(l->status)) && buf_add(to, LIT(" \r\n"))) ||
			fault(why, "RFC 9113 section 8.3.2: there is no valid :status");
	if (!request_pseudos(l, why))
		return false;
	if (!(buf_add(to, bytes_of(l->method)) && buf_add(to, LIT(" ")) && put_target(l, proxy, to) &&
			buf_add(to, LIT(" HTTP/2\r\n"))))
		return false;
	return put_host(l, to, why) && (!(l->seen & SEEN_PROTOCOL) || buf_addf(to, "upgrade: %s\r\n", l->protocol));
}

struct head *
h2_list_head(struct h2_list *l, enum head_kind kind, bool proxy, struct fault *why)
{
	struct head *head = NULL;

	*why = l->why;
	if (*why->text)
		return NULL;
	if (kind == HEAD_FIELDS && l->seen) {
		fault(why, "RFC 9113 section 8.1: a trailer with pseudo fields");
		return NULL;
	}
	if ((kind == HEAD_FIELDS || put_start(l, kind, proxy, &l->all, why)) && buf_add(&l->all, buf_bytes(&l->text)) &&
			(!l->cookie.len || put_field(&l->all, LIT("cookie"), buf_bytes(&l->cookie))) &&
			buf_add(&l->all, LIT("\r\n")))
		head = head_parse(buf_bytes(&l->all), kind, why);
	if (head && !(kind == HEAD_FIELDS ? headers_check_trailer(head, why) : !headers_check(head, why))) {
		head_drop(head);
		head = NULL;
	}
	return head;
}

/* What is between two neighbours on HTTP/1 and has no place here (section 8.2.2). */
static bool
is_connections(const struct head *h, struct bytes name)
{
	static const char *const names[] = { "connection", "keep-alive", "proxy-connection", "transfer-encoding",
		"upgrade", "host", "http2-settings" };
	char own[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(name, names[i]))
			return true;
	if (name.len >= sizeof(own) || head_version(h) == HTTP_2 || !head_has(h, "connection"))
		return false;
	snprintf(own, sizeof(own), "%.*s", (int)name.len, (const char *)name.at);
	return head_lists(h, "connection", own);
}

static void
fields_put(struct h2_fields *f, const char *name, struct bytes value)
{
	f->at[f->count++] = (nghttp2_nv){ (uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value.at, strlen(name),
		value.len, NGHTTP2_NV_FLAG_NO_COPY_NAME };
}

static void
fields_request(struct h2_fields *f, const struct head *h, bool tls)
{
	struct bytes host = head_find(h, "host"), target = head_target(h), upgrade = head_find(h, "upgrade");
	bool connect = bytes_are(head_method(h), "CONNECT"), extended = connect && upgrade.len;

	fields_put(f, ":method", head_method(h));
	if (!connect || extended) {
		fields_put(f, ":scheme", tls ? LIT("https") : LIT("http"));
		fields_put(f, ":path", target);
	}
	if (connect && !extended)
		fields_put(f, ":authority", target);
	else if (host.len)
		fields_put(f, ":authority", host);
	if (extended)
		fields_put(f, ":protocol", upgrade);
}

static void
fields_status(struct h2_fields *f, const struct head *h, char *room)
{
	unsigned status = head_status(h);

	room[0] = (char)('0' + status / 100 % 10);
	room[1] = (char)('0' + status / 10 % 10);
	room[2] = (char)('0' + status % 10);
	f->at[f->count++] = (nghttp2_nv){ (uint8_t *)(uintptr_t)":status", (uint8_t *)room, 7, 3, NGHTTP2_NV_FLAG_NONE };
}

static uint8_t *
small(uint8_t *to, struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		to[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];
	return to;
}

void
h2_fields_make(struct h2_fields *f, const struct head *h, bool tls)
{
	size_t count = head_count(h), used = STATUS_ROOM;

	for (size_t i = 0; i < count; i++)
		used += head_field(h, i).name.len;
	f->at = xgrow(NULL, count + PSEUDOS_MAX, sizeof(*f->at));
	f->names = xgrow(NULL, used, 1);
	f->count = 0;
	if (head_kind(h) == HEAD_REQUEST)
		fields_request(f, h, tls);
	else if (head_kind(h) == HEAD_RESPONSE)
		fields_status(f, h, f->names);
	used = STATUS_ROOM;
	for (size_t i = 0; i < count; i++) {
		struct field field = head_field(h, i);

		if (is_connections(h, field.name) || (bytes_like(field.name, "te") && !bytes_like(field.value, "trailers")))
			continue;
		f->at[f->count++] = (nghttp2_nv){ small((uint8_t *)f->names + used, field.name),
			(uint8_t *)(uintptr_t)field.value.at, field.name.len, field.value.len, NGHTTP2_NV_FLAG_NONE };
		used += field.name.len;
	}
}

void
h2_fields_release(struct h2_fields *f)
{
	free(f->at);
	free(f->names);
}
