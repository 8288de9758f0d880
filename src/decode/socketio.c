/*
 * Socket.IO over Engine.IO, as in WebSocket messages and polled bodies.
 *
 * https://socket.io/docs/v4/engine-io-protocol/ and
 * https://socket.io/docs/v4/socket-io-protocol/
 *
 *	Engine.IO packet	type(1 digit) data; polled ones are separated by RS (0x1e)
 *	Socket.IO packet	4 type(1 digit) [attachments -] [/namespace ,] [ack id] [JSON]
 */
#include <ctype.h>
#include <string.h>

#include "soth/decode.h"
#include "type.h"

enum { RS = 0x1e, PACKETS_MAX = 10000 };

static const char *const engine[] = { "open", "close", "ping", "pong", "message", "upgrade", "noop" };
static const char *const socket_[] = { "connect", "disconnect", "event", "ack", "connect error", "binary event", "binary ack" };

/* Type digits that are followed by what such a packet has. */
static bool
is_packet(struct bytes b)
{
	struct bytes rest = bytes_from(b, 2);

	if (b.len < 3 || b.at[0] != '4' || b.at[1] < '0' || b.at[1] > '6')
		return false;
	while (rest.len && (isdigit(*rest.at) || *rest.at == '-'))
		rest = bytes_from(rest, 1);
	return rest.len && (*rest.at == '[' || *rest.at == '{' || *rest.at == '/');
}

static int
socketio_suits(const struct hint *h, struct bytes first)
{
	bool named = h->path.len && (memmem(h->path.at, h->path.len, "/socket.io/", 11) ||
		memmem(h->path.at, h->path.len, "/engine.io/", 11));

	if (!first.len || (h->type.len && !type_is(h->type, "text/plain") && !type_is(h->type, "application/octet-stream")))
		return 0;
	if (named && *first.at >= '0' && *first.at <= '6' && (first.len == 1 || !isdigit(*first.at) || is_packet(first) ||
			first.at[1] == '{' || first.at[1] == RS || !memcmp(first.at, "2probe", first.len < 6 ? first.len : 6) ||
			!memcmp(first.at, "3probe", first.len < 6 ? first.len : 6)))
		return 60;
	return h->message && is_packet(first) && memchr(first.at, '"', first.len) ? 45 : 0;
}

static void
packet_json(struct decode *d, struct bytes json)
{
	if (json.len)
		decode_inner(d, &(struct hint){ .as = "json", .message = true }, json);
}

/* The name of an event is the first of its list. */
static struct bytes
event_name(struct bytes json)
{
	struct bytes name = bytes_from(json, 2);
	const uint8_t *end;

	if (json.len < 3 || json.at[0] != '[' || json.at[1] != '"')
		return (struct bytes){ 0 };
	end = memchr(name.at, '"', name.len);
	return end ? (struct bytes){ name.at, (size_t)(end - name.at) } : (struct bytes){ 0 };
}

static struct bytes
digits(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && isdigit(b.at[n]))
		n++;
	return (struct bytes){ b.at, n };
}

static void
packet_socket(struct decode *d, struct bytes b)
{
	struct doc *to = decode_doc(d);
	struct bytes n, name;

	if (!b.len || *b.at < '0' || *b.at > '6') {
		doc_line(to);
		decode_inner(d, &(struct hint){ .message = true }, b);
		return;
	}
	doc_putf(to, ROLE_WORD, "  %s", socket_[*b.at - '0']);
	b = bytes_from(b, 1);
	n = digits(b);
	if (n.len && n.len < b.len && b.at[n.len] == '-') {
		doc_putf(to, ROLE_FAINT, "  attachments %.*s", (int)(n.len < 20 ? n.len : 20), (const char *)n.at);
		b = bytes_from(b, n.len + 1);
	}
	if (b.len && *b.at == '/') {
		const uint8_t *comma = memchr(b.at, ',', b.len);
		size_t len = comma ? (size_t)(comma - b.at) : b.len;

		doc_put(to, ROLE_MARK, LIT("  "));
		doc_put(to, ROLE_PATH, (struct bytes){ b.at, len });
		b = bytes_from(b, len + (comma != NULL));
	}
	n = digits(b);
	if (n.len)
		doc_putf(to, ROLE_FAINT, "  id %.*s", (int)(n.len < 20 ? n.len : 20), (const char *)n.at);
	b = bytes_from(b, n.len);
	name = event_name(b);
	doc_put(to, ROLE_MARK, name.len ? LIT("  ") : (struct bytes){ 0 });
	doc_put(to, ROLE_METHOD, name);
	doc_line(to);
	packet_json(d, b);
}

static void
packet_show(struct decode *d, struct bytes b)
{
	struct doc *to = decode_doc(d);

	decode_mark(d, b);
	if (!b.len || *b.at < '0' || *b.at > '6') {	/* "b" and base64, of polled binary messages */
		doc_putf(to, ROLE_WORD, b.len && *b.at == 'b' ? "binary, in base64" : "no packet");
		doc_line(to);
		decode_inner(d, &(struct hint){ .as = "text", .message = true }, b);
		return;
	}
	doc_putf(to, ROLE_WORD, "%s", engine[*b.at - '0']);
	if (*b.at == '4') {
		packet_socket(d, bytes_from(b, 1));
		return;
	}
	b = bytes_from(b, 1);
	if (b.len && *b.at != '{') {
		doc_put(to, ROLE_MARK, LIT("  "));
		doc_put(to, ROLE_STRING, b);
		b.len = 0;
	}
	doc_line(to);
	packet_json(d, b);
}

static void
socketio_end(void *st, struct reader *in, struct decode *d)
{
	unsigned count = 0;

	(void)st;
	while (in->rest.len && count < PACKETS_MAX) {
		const uint8_t *end = memchr(in->rest.at, RS, in->rest.len);
		size_t n = end ? (size_t)(end - in->rest.at) : in->rest.len;

		packet_show(d, (struct bytes){ in->rest.at, n });
		(void)read_bytes(in, n + (end != NULL));
		count++;
	}
	decode_words(d, "%u packet%s", count, count == 1 ? "" : "s");
}

const struct decoder decoder_socketio = {
	.name = "socketio", .about = "Socket.IO and Engine.IO packets", .stage = STAGE_ENVELOPE,
	.suits = socketio_suits, .end = socketio_end,
};
