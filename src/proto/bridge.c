/* Heads on their way from one connection to another. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "parent.h"

enum { PATH_ROOM = 8192, ACCEPT_ROOM = 64, AUTH_ROOM = 700, URL_ROOM = 9000 };

bool
bridge_websocket(const struct head *request)
{
	return bytes_like(head_find(request, "upgrade"), "websocket") &&
		(bytes_are(head_method(request), "GET") || bytes_are(head_method(request), "CONNECT"));
}

bool
bridge_announces_http3(const struct head *h)
{
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (bytes_like(f.name, "alt-svc") && (memmem(f.value.at, f.value.len, "h3", 2) ||
				memmem(f.value.at, f.value.len, "hq", 2) || memmem(f.value.at, f.value.len, "quic", 4)))
			return true;
	}
	return false;
}

/* Base64 of some bytes; empty where there is no room. */
static struct bytes
base64(const void *at, size_t len, char *room, size_t size)
{
	gnutls_datum_t in = { (unsigned char *)(uintptr_t)at, (unsigned)len }, out;
	struct bytes made = { (uint8_t *)room, 0 };

	if (gnutls_base64_encode2(&in, &out) < 0)
		return made;
	if (out.size < size) {
		memcpy(room, out.data, out.size);
		made.len = out.size;
	}
	gnutls_free(out.data);
	return made;
}

/* RFC 6455 section 4.2.2, step 5.4. */
static struct bytes
websocket_accept(struct bytes key, char room[ACCEPT_ROOM])
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	uint8_t digest[20];
	char text[200];
	int n = snprintf(text, sizeof(text), "%.*s%s", (int)(key.len < 100 ? key.len : 100),
		key.len ? (const char *)key.at : "", magic);

	if (gnutls_hash_fast(GNUTLS_DIG_SHA1, text, (size_t)n, digest) < 0)
		return (struct bytes){ 0 };
	return base64(digest, sizeof(digest), room, ACCEPT_ROOM);
}

static struct bytes
websocket_key(char room[ACCEPT_ROOM])
{
	uint8_t random[16];

	gnutls_rnd(GNUTLS_RND_NONCE, random, sizeof(random));
	return base64(random, sizeof(random), room, ACCEPT_ROOM);
}

/* The upgrade to HTTP/2 in clear (RFC 7540 section 3.2, deprecated by RFC 9113) is not passed on. */
static bool
upgrades_to_h2c(const struct head *h)
{
	return head_has(h, "http2-settings") || head_lists(h, "upgrade", "h2c");
}

static bool
request_changes(const struct head *h, const struct bridge *b)
{
	return b->target->absolute || b->absolute || b->host.len || (head_version(h) == HTTP_2 && !b->to_h2) ||
		(b->to_h2 && bridge_websocket(h)) || upgrades_to_h2c(h) ||
		head_has(h, "proxy-connection") || head_has(h, "proxy-authorization");
}

/* "http://host?q" becomes "/?q": RFC 9112 section 3.2.1. */
static struct bytes
origin_form(const struct target *t, char room[PATH_ROOM])
{
	if (*t->path.at != '?')
		return t->path;
	snprintf(room, PATH_ROOM, "/%.*s", (int)t->path.len, (const char *)t->path.at);
	return bytes_of(room);
}

static struct bytes
absolute_form(const struct bridge *b, char room[URL_ROOM])
{
	if (b->target->path.len == 1 && *b->target->path.at == '*')	/* RFC 9112 section 3.2.4 */
		snprintf(room, URL_ROOM, "http://%s", b->absolute);
	else
		snprintf(room, URL_ROOM, "http://%s%.*s", b->absolute, (int)b->target->path.len,
			(const char *)b->target->path.at);
	return bytes_of(room);
}

/* From HTTP/2 to HTTP/1.1: what frames the body must be said now. */
static void
request_to_h1(const struct head *h, const struct bridge *b, struct draft *d, char key[ACCEPT_ROOM])
{
	d->version = HTTP_1_1;
	if (bridge_websocket(h)) {
		d->method = LIT("GET");
		draft_set(d, "connection", LIT("Upgrade"));
		draft_set(d, "sec-websocket-key", websocket_key(key));
	} else if (!b->ended && !head_has(h, "content-length")) {
		draft_add(d, LIT("transfer-encoding"), LIT("chunked"));
	}
}

static void
request_websocket_to_h2(struct draft *d)
{
	d->method = LIT("CONNECT");
	draft_remove(d, "sec-websocket-key");
	draft_remove(d, "connection");
}

static void
request_hop(const struct head *h, const struct bridge *b, struct draft *d, struct buf *auth)
{
	draft_remove(d, "Proxy-Connection");
	draft_remove(d, "Proxy-Authorization");
	if (upgrades_to_h2c(h)) {
		draft_remove(d, "Upgrade");
		draft_remove(d, "HTTP2-Settings");
		draft_remove(d, "Connection");
	}
	if (b->absolute && b->auth && *b->auth && parent_basic(b->auth, auth))
		draft_add(d, LIT("Proxy-Authorization"), buf_bytes(auth));
}

struct head *
bridge_request(const struct head *h, const struct bridge *b, struct fault *why)
{
	char path[PATH_ROOM], url[URL_ROOM], named[300], key[ACCEPT_ROOM];
	const struct target *t = b->target;
	struct head *made;
	struct draft d;
	struct buf auth;

	if (!request_changes(h, b))
		return head_ref((struct head *)(uintptr_t)h);
	if (t->path.len >= sizeof(path) - 2 && (b->absolute || *t->path.at == '?')) {
		fault(why, "the target is too long");
		return NULL;
	}
	draft_of(&d, h);
	buf_init(&auth, AUTH_ROOM);
	if (t->absolute) {
		d.target = origin_form(t, path);
		draft_set(&d, "Host", target_text(t->host, t->port, t->tls ? 443 : 80, named));
	}
	if (b->host.len)
		draft_set(&d, "Host", b->host);
	if (b->absolute)
		d.target = absolute_form(b, url);
	request_hop(h, b, &d, &auth);
	if (head_version(h) == HTTP_2 && !b->to_h2)
		request_to_h1(h, b, &d, key);
	else if (head_version(h) != HTTP_2 && b->to_h2 && bridge_websocket(h))
		request_websocket_to_h2(&d);
	made = head_make(&d, why);
	draft_release(&d);
	buf_release(&auth);
	return made;
}

static bool
body_possible(const struct head *h, const struct head *request)
{
	unsigned status = head_status(h);

	return status >= 200 && status != 204 && status != 304 && !bytes_are(head_method(request), "HEAD");
}

static void
response_to_h1(const struct head *h, const struct bridge *b, struct draft *d, char accept[ACCEPT_ROOM])
{
	const struct head *request = b->request;

	d->version = HTTP_1_1;
	if (bridge_websocket(request) && d->status >= 200 && d->status < 300) {
		d->status = 101;
		d->reason = LIT("Switching Protocols");
		draft_set(d, "Upgrade", LIT("websocket"));
		draft_set(d, "Connection", LIT("Upgrade"));
		draft_set(d, "Sec-WebSocket-Accept", websocket_accept(head_find(request, "sec-websocket-key"), accept));
	} else if (body_possible(h, request) && !head_has(h, "content-length")) {
		if (b->ended)
			draft_add(d, LIT("content-length"), LIT("0"));
		else if (head_version(request) != HTTP_1_0)
			draft_add(d, LIT("transfer-encoding"), LIT("chunked"));
	}
}

static void
response_websocket_to_h2(struct draft *d)
{
	d->status = 200;
	draft_remove(d, "upgrade");
	draft_remove(d, "connection");
	draft_remove(d, "sec-websocket-accept");
}

struct head *
bridge_response(const struct head *h, const struct bridge *b, struct fault *why)
{
	bool from_h2 = head_version(h) == HTTP_2, strip = b->strip_alt_svc && bridge_announces_http3(h);
	bool switches = b->to_h2 && !from_h2 && head_status(h) == 101;
	char accept[ACCEPT_ROOM];
	struct head *made;
	struct draft d;

	/* To a client of HTTP/2 any 2xx says yes (RFC 8441 section 5). */
	if (b->to_h2 && !from_h2 && bridge_websocket(b->request) && head_status(h) >= 200 && head_status(h) < 300) {
		fault(why, "the server answered %u and did not switch to WebSocket", head_status(h));
		return NULL;
	}
	if (!strip && !switches && (from_h2 == b->to_h2 || b->to_h2))
		return head_ref((struct head *)(uintptr_t)h);
	draft_of(&d, h);
	if (strip)
		draft_remove(&d, "alt-svc");
	if (from_h2 && !b->to_h2)
		response_to_h1(h, b, &d, accept);
	else if (switches)
		response_websocket_to_h2(&d);
	made = head_make(&d, why);
	draft_release(&d);
	return made;
}

struct head *
bridge_agrees(const struct head *h, const struct head *request, struct fault *why)
{
	char accept[ACCEPT_ROOM];
	struct head *made;
	struct draft d;

	draft_of(&d, h);
	draft_remove(&d, "sec-websocket-extensions");
	draft_remove(&d, "sec-websocket-accept");
	if (head_has(request, "sec-websocket-key"))
		draft_add(&d, LIT("Sec-WebSocket-Accept"), websocket_accept(head_find(request, "sec-websocket-key"), accept));
	made = head_make(&d, why);
	draft_release(&d);
	return made;
}
