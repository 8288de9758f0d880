/* Reading what a ClientHello asks for, before TLS is started on it. */
#include <stdlib.h>
#include <string.h>

#include "hello.h"

enum {
	RECORD_HANDSHAKE = 22,
	RECORD_MAX = 1 << 14,
	MESSAGE_CLIENT_HELLO = 1,
	EXT_SERVER_NAME = 0,
	EXT_GROUPS = 10,
	EXT_POINTS = 11,
	EXT_SIGNATURES = 13,
	EXT_ALPN = 16,
	EXT_VERSIONS = 43,
	TLS13 = 0x0304,
	ALERT_UNEXPECTED = 10,
	ALERT_OVERFLOW = 22,
	ALERT_DECODE = 50,
};

static enum hello_kind
bad(struct hello *h, int alert, const char *why)
{
	h->alert = alert;
	h->why = why;
	return HELLO_BAD;
}

/*
 * A handshake message over as many records as it takes (RFC 8446 section 5.1):
 *
 *	22 | 03 xx | length:2 | fragment ...
 *
 * Takes the next fragment out of `in`; HELLO_WHOLE: there was one.
 */
static enum hello_kind
next_fragment(struct reader *in, struct bytes *fragment, struct hello *h)
{
	struct bytes all = in->rest;
	uint16_t len;

	if ((all.len && all.at[0] != RECORD_HANDSHAKE) || (all.len > 1 && all.at[1] != 3))
		return bad(h, ALERT_UNEXPECTED, "it breaks off, and something else follows");
	read_u8(in);
	read_be16(in);
	len = read_be16(in);
	if (in->ran_out)
		return HELLO_SHORT;
	if (!len || len > RECORD_MAX)
		return bad(h, len ? ALERT_OVERFLOW : ALERT_UNEXPECTED, len ? "a record is longer than 16384 bytes" :
			"a record is empty");
	*fragment = in->rest;
	if (fragment->len > len)
		fragment->len = len;
	read_bytes(in, len);
	return in->ran_out ? HELLO_SHORT : HELLO_WHOLE;
}

/* The message's length with its header, of the first four bytes of it that
 * are already there; 0: not yet. */
static size_t
message_length(struct bytes start)
{
	if (start.len < 4)
		return 0;
	return 4 + ((size_t)start.at[1] << 16 | (size_t)start.at[2] << 8 | start.at[3]);
}

/* Puts the fragments together in h->message, which has room for all of `first`.
 * h->len is what the message takes, once that is known. */
static enum hello_kind
put_together(struct bytes first, struct hello *h)
{
	struct reader in = { first, false };
	size_t have = 0;

	for (;;) {
		struct bytes part = { 0 };
		enum hello_kind kind = next_fragment(&in, &part, h);

		if (kind == HELLO_BAD)
			return kind;
		if (part.len)
			memcpy(h->message + have, part.at, part.len);
		have += part.len;
		h->records++;
		h->taken = first.len - in.rest.len;
		h->len = message_length((struct bytes){ h->message, have });
		if (have && h->message[0] != MESSAGE_CLIENT_HELLO)
			return bad(h, ALERT_UNEXPECTED, "it is another message of a handshake");
		if (h->len > HELLO_MAX)
			return bad(h, ALERT_DECODE, "it is longer than 65536 bytes");
		if (h->len && have >= h->len)
			return HELLO_WHOLE;
		if (kind == HELLO_SHORT)
			return first.len > HELLO_MAX ?
				bad(h, ALERT_DECODE, "it is in too many records") : HELLO_SHORT;
	}
}

static struct reader
read_block(struct reader *r, size_t len)
{
	struct bytes b = read_bytes(r, len);

	return (struct reader){ b, r->ran_out };
}

/* RFC 6066 section 3: a list of names, of which only host names are known. */
static bool
read_names(struct reader ext, struct hello *h)
{
	struct reader list = read_block(&ext, read_be16(&ext));

	while (list.rest.len) {
		uint8_t kind = read_u8(&list);
		struct bytes name = read_bytes(&list, read_be16(&list));

		if (!kind && !h->name.len)
			h->name = name;
		if (list.ran_out)
			return false;
	}
	return !ext.ran_out;
}

/* RFC 7301 section 3.1. */
static bool
read_alpns(struct reader ext, struct hello *h)
{
	struct reader list = read_block(&ext, read_be16(&ext));

	while (list.rest.len) {
		struct bytes name = read_bytes(&list, read_u8(&list));

		if (list.ran_out || !name.len)
			return false;
		if (h->alpns < HELLO_ALPNS)
			h->alpn[h->alpns++] = name;
	}
	return !ext.ran_out;
}

/* RFC 8446 section 4.2.1. What is greased (RFC 8701), or newer than we know,
 * does not count. */
static bool
read_versions(struct reader ext, struct hello *h)
{
	struct reader list = read_block(&ext, read_u8(&ext));
	uint16_t highest = 0;

	h->versions = list.rest;
	while (list.rest.len) {
		uint16_t version = read_be16(&list);

		if (list.ran_out)
			return false;
		if (version > highest && version <= TLS13)
			highest = version;
	}
	if (highest)
		h->version = highest;
	return !ext.ran_out;
}

/* RFC 8446 section 4.2.7. */
static bool
read_groups(struct reader ext, struct hello *h)
{
	h->groups = read_bytes(&ext, read_be16(&ext));
	return !ext.ran_out;
}

/* RFC 8446 section 4.2.3. */
static bool
read_signatures(struct reader ext, struct hello *h)
{
	h->signatures = read_bytes(&ext, read_be16(&ext));
	return !ext.ran_out;
}

/* RFC 8422 section 5.1.2. */
static bool
read_points(struct reader ext, struct hello *h)
{
	h->points = read_bytes(&ext, read_u8(&ext));
	return !ext.ran_out;
}

bool
hello_grease(uint16_t number)
{
	return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

static const struct extension {
	uint16_t id;
	bool (*read)(struct reader ext, struct hello *h);
} extensions[] = {
	{ EXT_SERVER_NAME,	read_names },
	{ EXT_GROUPS,		read_groups },
	{ EXT_POINTS,		read_points },
	{ EXT_SIGNATURES,	read_signatures },
	{ EXT_ALPN,		read_alpns },
	{ EXT_VERSIONS,		read_versions },
};

static bool
read_extensions(struct reader *r, struct hello *h)
{
	struct reader all = read_block(r, read_be16(r));

	h->extensions = all.rest;
	while (all.rest.len) {
		uint16_t id = read_be16(&all);
		struct reader ext = read_block(&all, read_be16(&all));

		if (all.ran_out)
			return false;
		for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
			if (extensions[i].id == id && !extensions[i].read(ext, h))
				return false;
	}
	return !r->ran_out;
}

/*
 *	version:2 | random:32 | session id <1> | cipher suites <2> |
 *	compression <1> | extensions <2>, or nothing
 */
static bool
read_hello(struct bytes body, struct hello *h)
{
	struct reader r = { body, false };

	h->version = h->legacy = read_be16(&r);
	read_bytes(&r, 32);
	read_bytes(&r, read_u8(&r));
	h->ciphers = read_bytes(&r, read_be16(&r));
	read_bytes(&r, read_u8(&r));
	if (r.ran_out)
		return false;
	return !r.rest.len || (read_extensions(&r, h) && !r.rest.len);
}

/* All but what is wrong with it. */
static void
hello_forget(struct hello *h)
{
	struct hello left = { .why = h->why, .alert = h->alert };

	hello_release(h);
	*h = left;
}

enum hello_kind
hello_read(struct bytes first, struct hello *out)
{
	enum hello_kind kind;

	*out = (struct hello){ 0 };
	if ((first.len > 0 && first.at[0] != RECORD_HANDSHAKE) || (first.len > 1 && first.at[1] != 3))
		return HELLO_OTHER;
	if (!first.len)
		return HELLO_SHORT;
	if (first.len > 2 * HELLO_MAX)
		first.len = 2 * HELLO_MAX;
	out->message = xgrow(NULL, first.len, 1);
	kind = put_together(first, out);
	if (kind == HELLO_WHOLE && !read_hello((struct bytes){ out->message + 4, out->len - 4 }, out))
		kind = bad(out, ALERT_DECODE, "its parts do not fit into it");
	if (kind != HELLO_WHOLE)
		hello_forget(out);
	return kind;
}

/*
 *	80 | length | type 1 | version:2 | ciphers' length:2 | session id's:2 | challenge's:2 | ...
 */
int
hello_sslv2(struct bytes first)
{
	struct reader r = { first, false };
	unsigned length = read_be16(&r), type = read_u8(&r), major = read_u8(&r);
	unsigned ciphers, id, challenge;

	if (first.len && !(first.at[0] & 0x80))
		return 0;
	if ((first.len > 2 && type != MESSAGE_CLIENT_HELLO) || (first.len > 3 && major != 0 && major != 3))
		return 0;
	read_u8(&r);
	ciphers = read_be16(&r);
	id = read_be16(&r);
	challenge = read_be16(&r);
	if (r.ran_out)
		return -1;
	return ciphers && ciphers % 3 == 0 && 9 + ciphers + id + challenge == (length & 0x7fff);
}

enum hello_kind
hello_read_message(struct bytes first, struct hello *out)
{
	size_t len = message_length(first);

	*out = (struct hello){ 0 };
	if (first.len && first.at[0] != MESSAGE_CLIENT_HELLO)
		return HELLO_OTHER;
	if (len > HELLO_MAX)
		return HELLO_BAD;
	if (!len || first.len < len)
		return HELLO_SHORT;
	out->message = xgrow(NULL, len, 1);
	memcpy(out->message, first.at, len);
	out->len = out->taken = len;
	if (read_hello((struct bytes){ out->message + 4, len - 4 }, out))
		return HELLO_WHOLE;
	hello_release(out);
	return HELLO_BAD;
}

void
hello_records(const struct hello *h, struct buf *out)
{
	for (size_t at = 0; at < h->len; at += RECORD_MAX) {
		size_t n = h->len - at < RECORD_MAX ? h->len - at : RECORD_MAX;
		uint8_t head[] = { RECORD_HANDSHAKE, 3, 1, (uint8_t)(n >> 8), (uint8_t)n };

		(void)!buf_add(out, (struct bytes){ head, sizeof(head) });
		(void)!buf_add(out, (struct bytes){ h->message + at, n });
	}
}

void
hello_release(struct hello *h)
{
	free(h->message);
	*h = (struct hello){ 0 };
}
