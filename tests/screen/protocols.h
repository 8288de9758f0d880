/* The session that the screens call "protocols": one flow of each kind there is, made of notes. */
#include <string.h>

#include "soth/store.h"

struct making { struct store *store; flow_id flow; uint64_t when; };

static const uint64_t protocols_begin = 1795531640104000ull;

static void
tell(struct making *m, struct note n)
{
	n.flow = m->flow;
	n.when = m->when;
	store_note(m->store, &n);
}

static void
after(struct making *m, unsigned ms)
{
	m->when += ms * 1000ull;
}

static void
flow_begins(struct making *m, const char *scheme, const char *host, uint16_t port)
{
	struct origin o = { .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = bytes_of(scheme), .host = bytes_of(host), .port = port };

	m->flow++;
	tell(m, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
}

static void
part_comes(struct making *m, enum side side, uint32_t stream, struct part p)
{
	tell(m, (struct note){ .kind = NOTE_PART, .side = side, .stream = stream, .part = p });
}

static void
head_comes(struct making *m, enum side side, uint32_t stream, const char *text)
{
	struct fault why = { "" };
	enum head_kind kind = side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	part_comes(m, side, stream, (struct part){ .kind = PART_HEAD, .head = h });
}

static void
trailer_comes(struct making *m, uint32_t stream, const char *text)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(text), HEAD_FIELDS, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	part_comes(m, SERVER, stream, (struct part){ .kind = PART_TRAILER, .head = h });
}

static void
data_comes(struct making *m, enum side side, uint32_t stream, struct bytes b)
{
	part_comes(m, side, stream, (struct part){ .kind = PART_DATA, .data = slice_copy(b) });
}

static void
mark_comes(struct making *m, enum side side, uint32_t stream, uint32_t code, uint64_t count)
{
	part_comes(m, side, stream, (struct part){ .kind = PART_MARK, .code = code, .count = count });
}

static void
message_comes(struct making *m, enum side side, uint32_t code, uint64_t wire, struct bytes b)
{
	part_comes(m, side, 0, (struct part){ .kind = PART_MESSAGE, .code = code | WS_FIN | (side == CLIENT ? WS_MASKED : 0),
		.count = wire ? wire : b.len, .data = slice_copy(b) });
}

static void
step_comes(struct making *m, enum step_kind kind, const struct field *values, size_t count)
{
	tell(m, (struct note){ .kind = NOTE_STEP, .step = step_new(kind, values, count) });
}

static void
fault_comes(struct making *m, enum side side, const char *words)
{
	part_comes(m, side, 0, (struct part){ .kind = PART_FAULT, .data = slice_text(words) });
}

static void
flow_ends(struct making *m, enum close_code code, const char *detail)
{
	tell(m, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code, .data = slice_text(detail) } });
}

static void
event_comes(struct making *m, const char *block)
{
	data_comes(m, SERVER, 0, bytes_of(block));
	mark_comes(m, SERVER, 0, MARK_SSE_EVENT | (*block == ':' ? MARK_NO_EVENT : 0), strlen(block));
}

static void
make_plain(struct making *m)
{
	flow_begins(m, "https", "api.example.com", 443);
	head_comes(m, CLIENT, 5, "GET /v2/users?page=4 HTTP/2\r\nhost: api.example.com\r\n\r\n");
	part_comes(m, CLIENT, 5, (struct part){ .kind = PART_END });
	after(m, 41);
	head_comes(m, SERVER, 3, "HTTP/2 404 \r\ncontent-type: application/json\r\n\r\n");
	data_comes(m, SERVER, 3, LIT("{\"error\":\"no such page\"}"));
	part_comes(m, SERVER, 3, (struct part){ .kind = PART_END });
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

/* HTTP/2 on one side alone: a switch has seen to it. */
static void
make_mixed(struct making *m)
{
	struct field values[] = { { LIT("name"), LIT("http2") }, { LIT("value"), LIT("no") },
		{ LIT("what"), LIT("HTTP/1.1 alone was offered to the server") } };

	flow_begins(m, "https", "cdn.example.com", 443);
	step_comes(m, STEP_SWITCHED, values, ARRAY_LEN(values));
	head_comes(m, CLIENT, 1, "GET /app/assets/bundle.min.js HTTP/2\r\nhost: cdn.example.com\r\n\r\n");
	after(m, 12);
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 21\r\n\r\n");
	data_comes(m, SERVER, 0, LIT("console.log('hello')\n"));
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

static void
make_grpc(struct making *m)
{
	static const char ask[] = "\0\0\0\0\x07\x0a\x05" "alice", answer[] = "\0\0\0\0\x09\x0a\x07" "account";

	flow_begins(m, "https", "api.example.com", 443);
	head_comes(m, CLIENT, 7, "POST /pkg.Users/List HTTP/2\r\nhost: api.example.com\r\ncontent-type: application/grpc\r\nte: trailers\r\n\r\n");
	data_comes(m, CLIENT, 7, (struct bytes){ (const uint8_t *)ask, sizeof(ask) - 1 });
	mark_comes(m, CLIENT, 7, MARK_GRPC_MESSAGE, sizeof(ask) - 1);
	part_comes(m, CLIENT, 7, (struct part){ .kind = PART_END });
	after(m, 30);
	head_comes(m, SERVER, 9, "HTTP/2 200 \r\ncontent-type: application/grpc\r\ngrpc-encoding: gzip\r\n\r\n");
	/* Cut where no message ends. */
	data_comes(m, SERVER, 9, (struct bytes){ (const uint8_t *)answer, 3 });
	after(m, 2);
	data_comes(m, SERVER, 9, (struct bytes){ (const uint8_t *)answer + 3, sizeof(answer) - 4 });
	mark_comes(m, SERVER, 9, MARK_GRPC_MESSAGE, sizeof(answer) - 1);
	after(m, 56);
	trailer_comes(m, 9, "grpc-status: 7\r\ngrpc-message: no right to %22list%22\r\n\r\n");
	part_comes(m, SERVER, 9, (struct part){ .kind = PART_END });
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

/* A stream both ways that goes on. */
static void
make_grpc_live(struct making *m)
{
	static const char one[] = "\0\0\0\0\x02\x08\x01";

	flow_begins(m, "https", "api.example.com", 443);
	head_comes(m, CLIENT, 11, "POST /pkg.Prices/Watch HTTP/2\r\nhost: api.example.com\r\ncontent-type: application/grpc+proto\r\n\r\n");
	head_comes(m, SERVER, 11, "HTTP/2 200 \r\ncontent-type: application/grpc+proto\r\n\r\n");
	for (int i = 0; i < 12; i++) {
		after(m, 250);
		data_comes(m, i % 4 ? SERVER : CLIENT, 11, (struct bytes){ (const uint8_t *)one, sizeof(one) - 1 });
		mark_comes(m, i % 4 ? SERVER : CLIENT, 11, MARK_GRPC_MESSAGE, sizeof(one) - 1);
	}
	data_comes(m, SERVER, 11, (struct bytes){ (const uint8_t *)one, 6 });	/* not whole yet */
}

static void
make_websocket(struct making *m)
{
	static const char pixels[] = "\0\x01\x02\xff\xfe\xfd PNG";

	flow_begins(m, "https", "api.example.com", 443);
	head_comes(m, CLIENT, 0, "GET /socket HTTP/1.1\r\nHost: api.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	after(m, 9);
	head_comes(m, SERVER, 0, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
	after(m, 13);
	message_comes(m, CLIENT, WS_TEXT, 0, LIT("{\"op\":\"subscribe\",\"channel\":\"prices\"}"));
	after(m, 27);
	message_comes(m, SERVER, WS_TEXT, 0, LIT("{\"op\": \"ack\", \"id\": 1}"));
	for (int i = 0; i < 3; i++) {
		after(m, 2000);
		message_comes(m, SERVER, WS_TEXT | WS_DEFLATED, 31, LIT("{\"t\": \"price\", \"v\": 101.25, \"up\": true,\n"
			"  \"of\": [\"ACME\", null], \"note\": \"a longer one, so that it does not fit into eighty columns\"}"));
	}
	after(m, 1);
	message_comes(m, CLIENT, WS_PING, 0, LIT("are you there"));
	after(m, 4);
	message_comes(m, SERVER, WS_PONG, 0, LIT("are you there"));
	after(m, 700);
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_FRAME, .code = WS_BINARY, .count = 6 });
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_FRAME, .code = WS_FIN, .count = 4 });
	message_comes(m, SERVER, WS_BINARY | WS_PIECES, 0, (struct bytes){ (const uint8_t *)pixels, sizeof(pixels) - 1 });
	after(m, 61000);
	message_comes(m, CLIENT, WS_TEXT, 0, LIT("hello, plainly"));
	after(m, 30);
	message_comes(m, CLIENT, WS_CLOSE, 0, LIT("\x03\xe8" "that was all"));
	after(m, 1);
	message_comes(m, SERVER, WS_CLOSE, 0, LIT("\x03\xe8"));
	flow_ends(m, CLOSE_WEBSOCKET_COMPLETED, "");
}

/* A peer that breaks the rules, and says what a terminal should not hear. */
static void
make_broken(struct making *m)
{
	flow_begins(m, "http", "old.example.org", 8088);
	head_comes(m, CLIENT, 0, "GET /chat/rooms/lobby HTTP/1.1\r\nHost: old.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	head_comes(m, SERVER, 0, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	after(m, 20);
	message_comes(m, SERVER, WS_TEXT, 0, LIT("\x1b]0;owned\x07 \x1b[31mred\x1b[0m \xe2\x80\xae txet \xc2\x9b" "31m \xff\xfe"));
	message_comes(m, SERVER, WS_TEXT, 0, LIT("{\"esc\": \"\x1b[2J\", \"bidi\": \"\xe2\x80\xae" "live\", \"wide\": \"\xe6\x97\xa5\xe6\x9c\xac\"}"));
	message_comes(m, SERVER, WS_PING, 0, LIT("\x1b" "c\r\n\b"));
	after(m, 5);
	fault_comes(m, CLIENT, "RFC 6455 section 5.1: the client sent a frame that is not masked");
	message_comes(m, CLIENT, WS_CLOSE, 0, LIT("\x03\xea" "\x1b[7mprotocol\r\nerror\x07"));
	flow_ends(m, CLOSE_WEBSOCKET_ERROR, "RFC 6455 section 5.1: the client sent a frame that is not masked");
}

static void
make_events(struct making *m)
{
	flow_begins(m, "https", "llm.example.com", 443);
	head_comes(m, CLIENT, 0, "POST /v1/messages HTTP/1.1\r\nHost: llm.example.com\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n");
	data_comes(m, CLIENT, 0, LIT("{\"stream\": true}"));
	after(m, 310);
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
	event_comes(m, ": keep-alive\n\n");
	after(m, 80);
	event_comes(m, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01\",\"role\":\"assistant\"}}\n\n");
	after(m, 45);
	event_comes(m, "event: content_block_delta\nid: 17\nretry: 3000\ndata: {\"delta\": {\"text\": \"Hello\",\ndata:  \"index\": 0}}\n\n");
	after(m, 45);
	event_comes(m, "data: not JSON, but a line\n\n");
	after(m, 45);
	data_comes(m, SERVER, 0, LIT("event: content_bl"));
}

static void
make_records(struct making *m)
{
	flow_begins(m, "http", "logs.example.com", 80);
	head_comes(m, CLIENT, 0, "GET /tail HTTP/1.1\r\nHost: logs.example.com\r\n\r\n");
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n");
	data_comes(m, SERVER, 0, LIT("{\"level\":\"info\",\"msg\":\"up\"}\n{\"level\":\"warn\",\"msg\":\"disk 91%\"}\n"));
	mark_comes(m, SERVER, 0, MARK_RECORD, 28);
	mark_comes(m, SERVER, 0, MARK_RECORD, 34);
	after(m, 5);
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

static void
make_unread(struct making *m)
{
	struct field quic[] = { { LIT("passthrough_protocol"), LIT("http3") }, { LIT("passthrough_mode"), LIT("tunnel") },
		{ LIT("sni"), LIT("video.example.com") }, { LIT("alpn"), LIT("h3") }, { LIT("version"), LIT("1") } };
	struct field parent[] = { { LIT("proxy"), LIT("http://10.0.0.1:3128") }, { LIT("status"), LIT("200") } };

	flow_begins(m, "udp", "video.example.com", 443);
	step_comes(m, STEP_HTTP3_PASSTHROUGH, quic, ARRAY_LEN(quic));
	data_comes(m, CLIENT, 0, LIT("\xc3\0\0\0\1\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08"));
	after(m, 9);
	data_comes(m, SERVER, 0, LIT("\xcf\0\0\0\1\0\x08\xf0\x67\xa5\x50\x2a\x42\x62\xb5"));
	flow_begins(m, "udp", "9.9.9.9", 53);
	data_comes(m, CLIENT, 0, LIT("\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"));
	after(m, 18);
	data_comes(m, SERVER, 0, LIT("\x12\x34\x81\x80\0\1\0\1\0\0\0\0\7example\3com\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x5d\xb8\xd7\x0e"));
	flow_ends(m, CLOSE_RELAY_EOF, "");
	flow_begins(m, "tcp", "mail.example.com", 25);
	step_comes(m, STEP_PARENT, parent, ARRAY_LEN(parent));
	data_comes(m, SERVER, 0, LIT("220 mail.example.com ESMTP\r\n"));
	after(m, 6);
	data_comes(m, CLIENT, 0, LIT("EHLO me\r\n"));
	after(m, 7);
	data_comes(m, SERVER, 0, LIT("250-mail.example.com\r\n250 STARTTLS\r\n"));
	flow_ends(m, CLOSE_RELAY_EOF, "");
}

static void
protocols_tell(struct making *m)
{
	make_plain(m);
	make_mixed(m);
	make_grpc(m);
	make_grpc_live(m);
	make_websocket(m);
	make_broken(m);
	make_events(m);
	make_records(m);
	make_unread(m);
}

__attribute__((unused)) static void
protocols_make(const char *path)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	if (!m.store)
		fail_msg("%s", why.text);
	protocols_tell(&m);
	store_flush(m.store);
	store_free(m.store);
}
