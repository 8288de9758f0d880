/* Flows as packets: a reader of blocks and of TCP that shares nothing with the writer finds the bytes again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "soth/convert.h"
#include "soth/utf8.h"

enum { PACKETS_MAX = 4096, STREAMS_MAX = 64, FLOWS_MAX = 64, SAID_MAX = 4 << 20 };

struct packet {
	uint64_t when;
	struct bytes data;	/* of TCP or UDP */
	char comment[8200];
	char from[64], to[64];	/* addresses */
	uint16_t from_port, to_port;
	unsigned protocol, flags;
	uint32_t seq, ack;
	size_t stream;
};

/* A conversation put together: both sides' bytes. */
struct stream {
	uint16_t client;	/* its port */
	uint32_t next[2], acked[2];
	bool over[2];
	struct buf said[2];
	size_t first;		/* its first packet */
};

static struct packet packets[PACKETS_MAX];
static size_t packet_count;
static struct stream streams[STREAMS_MAX];
static size_t stream_count;
static struct { char address[64], name[300]; size_t before; } names[FLOWS_MAX];
static size_t name_count;
static char *file;
static size_t file_len;
static char path[] = "/tmp/test-pcapng-XXXXXX";

static uint32_t
native32(const uint8_t *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

static uint16_t
native16(const uint8_t *at)
{
	uint16_t n;

	memcpy(&n, at, sizeof(n));
	return n;
}

static uint32_t
net32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint16_t
net16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* All of these, as one's complement: 0xffff where a checksum among them is right. */
static unsigned
ones(unsigned so_far, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		so_far += i % 2 ? at[i] : (unsigned)at[i] << 8;
	while (so_far >> 16)
		so_far = (so_far & 0xffff) + (so_far >> 16);
	return so_far;
}

static struct stream *
stream_of(struct packet *p)
{
	const bool opens = (p->flags & 0x12) == 2;

	for (size_t i = stream_count; i-- && !opens; )
		if (streams[i].client == p->from_port || streams[i].client == p->to_port) {
			p->stream = i;
			return &streams[i];
		}
	assert_true(opens);
	assert_true(stream_count < STREAMS_MAX);
	p->stream = stream_count++;
	streams[p->stream] = (struct stream){ .client = p->from_port, .first = packet_count };
	buf_init(&streams[p->stream].said[CLIENT], SAID_MAX);
	buf_init(&streams[p->stream].said[SERVER], SAID_MAX);
	return &streams[p->stream];
}

/* In order and without gaps, what is acknowledged has been said. */
static void
tcp_read(struct packet *p, const uint8_t *at, size_t len)
{
	const size_t size = (size_t)(at[12] >> 4) * 4;
	struct stream *s;
	enum side side;

	p->seq = net32(at + 4);
	p->ack = net32(at + 8);
	p->flags = at[13];
	p->data = (struct bytes){ at + size, len - size };
	s = stream_of(p);
	side = p->from_port == s->client ? CLIENT : SERVER;
	assert_true(size >= 20 && size <= len);
	assert_true(p->data.len <= 1400);
	if (p->flags & 2)
		s->next[side] = p->seq;
	assert_int_equal(p->seq, s->next[side]);
	if (p->flags & 16)
		assert_int_equal(p->ack, s->next[!side]);
	assert_false(s->over[side] && (p->data.len || p->flags & 3));
	s->next[side] += (uint32_t)p->data.len + !!(p->flags & 2) + (p->flags & 1);
	s->over[side] = s->over[side] || p->flags & 1;
	s->acked[!side] = p->ack;
	assert_true(s->next[side] - s->acked[side] <= 65535 || p->flags & 2);	/* the window */
	assert_true(!p->data.len || buf_add(&s->said[side], p->data));
}

static void
udp_read(struct packet *p, const uint8_t *at, size_t len)
{
	assert_int_equal(net16(at + 4), len);
	assert_true(net16(at + 6));
	p->data = (struct bytes){ at + 8, len - 8 };
}

static void
packet_read(struct packet *p, const uint8_t *at, size_t len)
{
	const bool v6 = *at == 0x60;
	const size_t head = v6 ? 40 : 20, width = v6 ? 16 : 4, addresses = v6 ? 8 : 12;
	const uint8_t *inner = at + head;

	assert_true(v6 || *at == 0x45);
	assert_int_equal(v6 ? net16(at + 4) + 40u : net16(at + 2), len);
	assert_true(v6 || ones(0, at, 20) == 0xffff);
	p->protocol = at[v6 ? 6 : 9];
	inet_ntop(v6 ? AF_INET6 : AF_INET, at + addresses, p->from, sizeof(p->from));
	inet_ntop(v6 ? AF_INET6 : AF_INET, at + addresses + width, p->to, sizeof(p->to));
	assert_int_equal(ones(ones(ones(0, at + addresses, 2 * width) + p->protocol + (unsigned)(len - head), NULL, 0),
		inner, len - head), 0xffff);
	p->from_port = net16(inner);
	p->to_port = net16(inner + 2);
	if (p->protocol == 6)
		tcp_read(p, inner, len - head);
	else
		udp_read(p, inner, len - head);
}

static void
comment_read(struct packet *p, const uint8_t *at, const uint8_t *end)
{
	size_t len;

	if (at == end)
		return;
	len = native16(at + 2);
	assert_int_equal(native16(at), 1);
	assert_true(len && len < sizeof(p->comment));
	memcpy(p->comment, at + 4, len);
	p->comment[len] = 0;
	at += 4 + (len + 3) / 4 * 4;
	assert_int_equal(native32(at), 0);
	assert_ptr_equal(at + 4, end);
	assert_true(utf8_valid(bytes_of(p->comment)));
}

static void
enhanced(const uint8_t *at, size_t len)
{
	struct packet *p = &packets[packet_count];
	size_t size = native32(at + 20);

	assert_true(packet_count < PACKETS_MAX);
	*p = (struct packet){ .when = (uint64_t)native32(at + 12) << 32 | native32(at + 16) };
	assert_int_equal(native32(at + 8), 0);
	assert_int_equal(size, native32(at + 24));
	packet_read(p, at + 28, size);
	comment_read(p, at + 28 + (size + 3) / 4 * 4, at + len - 4);
	packet_count++;
}

static void
name_read(const uint8_t *at, size_t len)
{
	const unsigned kind = native16(at + 8), size = native16(at + 10), width = kind == 1 ? 4 : 16;

	assert_true(kind == 1 || kind == 2);
	assert_true(name_count < FLOWS_MAX);
	inet_ntop(kind == 1 ? AF_INET : AF_INET6, at + 12, names[name_count].address, sizeof(names->address));
	assert_int_equal(at[12 + size - 1], 0);
	assert_int_equal(strlen((const char *)at + 12 + width), size - width - 1);
	strcpy(names[name_count].name, (const char *)at + 12 + width);
	names[name_count++].before = packet_count;
	assert_int_equal(native32(at + len - 8), 0);
	assert_int_equal(len, 8 + 4 + (size + 3) / 4 * 4 + 4 + 4);
}

static void
forget(void)
{
	for (size_t i = 0; i < stream_count; i++) {
		buf_release(&streams[i].said[CLIENT]);
		buf_release(&streams[i].said[SERVER]);
	}
	packet_count = stream_count = name_count = 0;
}

/* The blocks of a file: each says its length at both ends, and they fill the file. */
static void
file_read(void)
{
	const uint8_t *at = (const uint8_t *)file;
	size_t left = file_len, blocks = 0;

	forget();
	for (size_t len; left; left -= len, at += len, blocks++) {
		assert_true(left >= 12);
		len = native32(at + 4);
		assert_true(len >= 12 && len <= left && len % 4 == 0);
		assert_int_equal(native32(at + len - 4), len);
		assert_int_equal(native32(at) == 0x0a0d0d0a, blocks == 0);
		assert_int_equal(native32(at) == 1, blocks == 1);
		if (native32(at) == 6)
			enhanced(at, len);
		else if (native32(at) == 4)
			name_read(at, len);
		else
			assert_true(blocks < 2);
	}
}

static bool
written(const struct convert_flows *from, struct fault *why)
{
	FILE *out;
	bool ok;

	free(file);
	out = open_memstream(&file, &file_len);
	ok = format_named("pcapng")->write(out, from, why);
	fclose(out);
	return ok;
}

static void
convert_store(struct store *s)
{
	struct row row[FLOWS_MAX];
	flow_id id[FLOWS_MAX];
	struct convert_flows from = { s, id, store_rows(s, 0, FLOWS_MAX, row) };
	struct fault why = { "" };

	for (size_t i = 0; i < from.count; i++)
		id[i] = row[i].id;
	if (!written(&from, &why))
		fail_msg("%s", why.text);
	file_read();
}

static struct making
making_new(void)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	if (!m.store)
		fail_msg("%s", why.text);
	return m;
}

static void
convert_made(struct making *m)
{
	store_flush(m->store);
	convert_store(m->store);
	store_free(m->store);
}

static void
convert_protocols(void)
{
	struct fault why = { "" };
	struct store *s;

	protocols_make(path);
	s = store_open(path, &why);
	if (!s)
		fail_msg("%s", why.text);
	convert_store(s);
	store_free(s);
}

static void
ends_come(struct making *m, enum side side)
{
	part_comes(m, side, 0, (struct part){ .kind = PART_END });
}

static void
origin_comes(struct making *m, const char *client, const char *host, flow_id opened_by)
{
	struct origin o = { .client = bytes_of(client), .scheme = LIT("http"), .host = bytes_of(host), .port = 81,
		.opened_by = opened_by };

	m->flow++;
	tell(m, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
}

static void
assert_said(size_t stream, enum side side, struct bytes want)
{
	struct bytes said = buf_bytes(&streams[stream].said[side]);

	assert_true(stream < stream_count);
	if (!bytes_same(said, want))
		fail_msg("stream %zu said %.*s", stream, (int)said.len, (const char *)said.at);
}
#define assert_said_text(stream, side, text)	assert_said(stream, side, bytes_of(text))

static bool
said_has(size_t stream, enum side side, struct bytes what)
{
	struct bytes said = buf_bytes(&streams[stream].said[side]);

	return said.len && memmem(said.at, said.len, what.at, what.len);
}

static const char *
comment_of(size_t stream)
{
	return packets[streams[stream].first].comment;
}

static void
assert_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no '%s' in '%s'", what, text);
}

static void
blocks_checksums_and_sequence_numbers_of_each_protocol_are_right(void **state)
{
	(void)state;
	convert_protocols();
	assert_int_equal(stream_count, 9);
	assert_int_equal(memcmp(file + 28, "soth", 4), 0);
	for (size_t i = 0; i < stream_count; i++)
		assert_true(streams[i].over[CLIENT] && streams[i].over[SERVER]);
	for (size_t i = 1; i < packet_count; i++)
		assert_true(packets[i].when >= packets[i - 1].when || packets[i].protocol != 6 || packets[i].flags == 2);
}

static void
http_1_is_what_was_on_the_wire(void **state)
{
	struct making m = making_new();

	(void)state;
	make_records(&m);
	convert_made(&m);
	assert_said_text(0, CLIENT, "GET /tail HTTP/1.1\r\nHost: logs.example.com\r\n\r\n");
	assert_said_text(0, SERVER, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"
		"{\"level\":\"info\",\"msg\":\"up\"}\n{\"level\":\"warn\",\"msg\":\"disk 91%\"}\n");
}

static void
a_chunked_body_is_in_chunks_again_with_its_trailers(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
	data_comes(&m, CLIENT, 0, LIT("0123456789abcdef"));
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 0, "HTTP/1.1 100 Continue\r\n\r\n");
	head_comes(&m, SERVER, 0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	data_comes(&m, SERVER, 0, LIT("one"));
	data_comes(&m, SERVER, 0, LIT("two!"));
	trailer_comes(&m, 0, "X-Sum: 7\r\n\r\n");
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_said_text(0, CLIENT,
		"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
	assert_said_text(0, SERVER, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		"3\r\none\r\n4\r\ntwo!\r\n0\r\nX-Sum: 7\r\n\r\n");
}

static void
an_answer_to_head_has_no_chunks(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "HEAD / HTTP/1.1\r\n\r\n");
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_said_text(0, SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
}

static void
an_answer_by_http_2_to_a_client_of_http_1_is_translated(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "https", "h", 443);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 1, "HTTP/2 200 \r\nx: y\r\n\r\n");
	data_comes(&m, SERVER, 1, LIT("body"));
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_said_text(0, SERVER,
		"HTTP/1.1 200 \r\nx: y\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
	assert_has(comment_of(0), "the server spoke HTTP/2");
}

static void
a_long_body_is_cut_into_segments_and_acknowledged_on_the_way(void **state)
{
	struct making m = making_new();
	const size_t size = 1000003, pieces = 3;
	uint8_t *body = xalloc(size);
	struct bytes said;
	size_t most = 0;

	(void)state;
	for (size_t i = 0; i < size; i++)
		body[i] = (uint8_t)(i * 2654435761u >> 13);
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.0\r\n\r\n");
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 0, "HTTP/1.0 200 OK\r\n\r\n");
	for (size_t i = 0; i < pieces; i++)
		data_comes(&m, SERVER, 0, (struct bytes){ body, size });
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	said = bytes_from(buf_bytes(&streams[0].said[SERVER]), strlen("HTTP/1.0 200 OK\r\n\r\n"));
	assert_int_equal(said.len, pieces * size);
	for (size_t i = 0; i < pieces; i++)
		assert_memory_equal(said.at + i * size, body, size);
	for (size_t i = 0; i < packet_count; i++)
		most = packets[i].data.len > most ? packets[i].data.len : most;
	assert_int_equal(most, 1400);
	free(body);
}

static void
packets_have_the_times_of_what_they_say(void **state)
{
	struct making m = making_new();
	struct field at[] = { { LIT("address"), LIT("192.0.2.7:8443") } };
	size_t says = 0;

	(void)state;
	flow_begins(&m, "http", "h", 80);
	after(&m, 3);
	step_comes(&m, STEP_DIALING, NULL, 0);
	step_comes(&m, STEP_CONNECTED, at, ARRAY_LEN(at));
	after(&m, 4);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\n\r\n");
	after(&m, 500);
	head_comes(&m, SERVER, 0, "HTTP/1.1 200 OK\r\n\r\n");
	after(&m, 9000);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_int_equal(packets[0].when, protocols_begin);
	assert_int_equal(packets[1].when, protocols_begin + 3000);
	for (size_t i = 3; i < packet_count; i++)
		if (packets[i].data.len)
			assert_int_equal(packets[i].when, protocols_begin + (says++ ? 507000 : 7000));
	assert_int_equal(says, 2);
	assert_int_equal(packets[packet_count - 1].when, protocols_begin + 9507000);
	assert_string_equal(packets[0].to, "192.0.2.7");
	assert_string_equal(packets[0].from, "127.0.0.1");
	assert_int_equal(packets[0].from_port, 50312);
	assert_int_equal(packets[0].to_port, 80);
	assert_has(comment_of(0), "the server's port was 8443");
	assert_int_equal(name_count, 0);
}

static void
a_name_has_one_address_that_is_told_before_its_first_packet(void **state)
{
	struct making m = making_new();
	char first[64];

	(void)state;
	for (int i = 0; i < 3; i++) {
		origin_comes(&m, "", i == 1 ? "b.example" : "A.example", 0);
		flow_ends(&m, CLOSE_CONNECT_FAILED, "refused");
	}
	convert_made(&m);
	assert_int_equal(name_count, 3);
	assert_string_equal(names[0].name, "client");
	assert_string_equal(names[1].name, "a.example");
	assert_string_equal(names[2].name, "b.example");
	assert_int_equal(names[1].before, 0);
	assert_string_equal(names[1].address, packets[0].to);
	assert_string_equal(names[0].address, packets[0].from);
	assert_string_equal(packets[streams[2].first].to, packets[0].to);
	assert_string_not_equal(packets[streams[1].first].to, packets[0].to);
	assert_true(!strncmp(packets[0].to, "198.18.", 7) || !strncmp(packets[0].to, "198.19.", 7));
	strcpy(first, names[2].address);
	m = making_new();
	origin_comes(&m, "192.0.2.1:99", "b.example", 0);
	convert_made(&m);
	assert_string_equal(packets[0].to, first);	/* in another file, too */
}

static void
beside_an_address_of_ipv6_all_are(void **state)
{
	struct making m = making_new();

	(void)state;
	origin_comes(&m, "[2001:db8:7::1%eth0]:50000", "a.example", 0);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\n\r\n");
	origin_comes(&m, "192.0.2.1:50001", "2001:db8:8::1", 0);
	convert_made(&m);
	assert_string_equal(packets[0].from, "2001:db8:7::1");
	assert_int_equal(strncmp(packets[0].to, "2001:db8::", 10), 0);
	assert_string_equal(names[0].address, packets[0].to);
	assert_string_equal(packets[streams[1].first].from, "::ffff:192.0.2.1");
	assert_string_equal(packets[streams[1].first].to, "2001:db8:8::1");
	assert_said_text(0, CLIENT, "GET / HTTP/1.1\r\n\r\n");
}

static void
later_flows_of_a_connection_know_its_server_and_have_ports_of_their_own(void **state)
{
	struct making m = making_new();
	struct field at[] = { { LIT("address"), LIT("192.0.2.7:81") } };

	(void)state;
	origin_comes(&m, "127.0.0.1:65535", "h", 0);
	step_comes(&m, STEP_CONNECTED, at, ARRAY_LEN(at));
	origin_comes(&m, "127.0.0.1:65535", "h", 1);
	origin_comes(&m, "127.0.0.1:65535", "other", 1);
	convert_made(&m);
	assert_string_equal(packets[streams[1].first].to, "192.0.2.7");
	assert_string_equal(packets[streams[2].first].to, names[0].address);
	assert_int_equal(streams[0].client, 65535);
	assert_int_equal(streams[1].client, 32768);
	assert_int_equal(streams[2].client, 32769);
	assert_has(comment_of(1), "client 127.0.0.1:65535");
}

static void
the_address_of_a_proxy_is_not_taken_for_the_servers(void **state)
{
	struct making m = making_new();
	struct field at[] = { { LIT("address"), LIT("192.0.2.7:3128") } };

	(void)state;
	origin_comes(&m, "127.0.0.1:1", "h.example", 0);
	step_comes(&m, STEP_CONNECTED, at, ARRAY_LEN(at));
	step_comes(&m, STEP_PARENT, NULL, 0);
	convert_made(&m);
	assert_string_equal(packets[0].to, names[0].address);
	assert_int_equal(packets[0].to_port, 81);
}

static void
what_was_not_recorded_is_said_and_the_head_stays(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\n\r\n");
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
	data_comes(&m, SERVER, 0, LIT("0123"));
	part_comes(&m, SERVER, 0, (struct part){ .kind = PART_SKIP, .count = 6 });
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_said_text(0, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
	assert_has(comment_of(0), "of the server's 10 bytes 6 were not recorded");
}

static void
a_comment_says_what_failed_in_text_that_is_safe(void **state)
{
	struct making m = making_new();

	(void)state;
	origin_comes(&m, "127.0.0.1:1", "h\x1b[2J", 0);
	head_comes(&m, CLIENT, 0, "GET /\xff\xc3\xa9 HTTP/1.1\r\n\r\n");
	flow_ends(&m, CLOSE_CONNECT_FAILED, "connection \x1b[31mrefused");
	convert_made(&m);
	assert_has(comment_of(0), "flow 1: GET http://h?[2J:81/?\xc3\xa9\n");
	assert_has(comment_of(0), "failed: ");
	assert_has(comment_of(0), "connection ?[31mrefused");
	assert_string_equal(names[0].name, "h?[2j");
}

/* HTTP/2, read by hand. */
struct frame { unsigned type, flags; uint32_t stream; struct bytes payload; };

static bool
frame_read(struct bytes *from, struct frame *f)
{
	size_t len;

	if (!from->len)
		return false;
	assert_true(from->len >= 9);
	len = net32(from->at) >> 8;
	*f = (struct frame){ from->at[3], from->at[4], net32(from->at + 5), { from->at + 9, len } };
	assert_true(from->len >= 9 + len && len <= 16384);
	*from = bytes_from(*from, 9 + len);
	return true;
}

static size_t
prefixed(struct bytes *from)
{
	size_t n = *from->at & 0x7f, shift = 0;
	uint8_t more;

	assert_false(*from->at & 0x80);
	*from = bytes_from(*from, 1);
	if (n < 127)
		return n;
	do {
		more = *from->at;
		n += (size_t)(more & 0x7f) << shift;
		shift += 7;
		*from = bytes_from(*from, 1);
	} while (more & 0x80);
	return n;
}

/* A list as lines of "name: value". */
static void
list_read(struct bytes list, struct buf *out)
{
	while (list.len) {
		assert_int_equal(*list.at, 0);
		list = bytes_from(list, 1);
		for (int i = 0; i < 2; i++) {
			size_t n = prefixed(&list);

			assert_true(n <= list.len);
			assert_true(buf_addf(out, "%.*s%s", (int)n, (const char *)list.at, i ? "\n" : ": "));
			list = bytes_from(list, n);
		}
	}
}

/* What one side says on its stream: heads as lines, data between [ and ], . for its end. */
static struct slice
h2_text(size_t stream, enum side side)
{
	struct bytes said = buf_bytes(&streams[stream].said[side]);
	struct buf out, list;
	struct frame f;

	buf_init(&out, SAID_MAX);
	buf_init(&list, SAID_MAX);
	if (side == CLIENT) {
		assert_memory_equal(said.at, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
		said = bytes_from(said, 24);
	}
	assert_true(frame_read(&said, &f) && f.type == 4 && !f.flags);
	while (frame_read(&said, &f)) {
		if (!f.stream)
			continue;
		assert_int_equal(f.stream, 1);
		if (f.type == 0)
			assert_true(buf_addf(&out, "[%.*s]", (int)f.payload.len, (const char *)f.payload.at));
		if (f.type == 1 || f.type == 9)
			assert_true(!f.payload.len || buf_add(&list, f.payload));
		if ((f.type == 1 || f.type == 9) && f.flags & 4) {
			list_read(buf_bytes(&list), &out);
			buf_eat(&list, list.len);
		}
		if (f.type == 3)
			assert_true(buf_addf(&out, "reset"));
		if (f.type <= 1 && f.flags & 1)
			assert_true(buf_addf(&out, "."));
	}
	buf_release(&list);
	return buf_seal(&out);
}

static void
assert_h2(size_t stream, enum side side, const char *want)
{
	struct slice s = h2_text(stream, side);

	if (!bytes_are(s.bytes, want))
		fail_msg("%.*s", (int)s.bytes.len, (const char *)s.bytes.at);
	slice_drop(&s);
}

static void
http_2_is_a_stream_on_a_connection_of_its_own(void **state)
{
	struct making m = making_new();

	(void)state;
	make_plain(&m);
	make_mixed(&m);
	convert_made(&m);
	assert_h2(0, CLIENT, ":method: GET\n:scheme: https\n:authority: api.example.com\n:path: /v2/users?page=4\n.");
	assert_h2(0, SERVER, ":status: 404\ncontent-type: application/json\n[{\"error\":\"no such page\"}].");
	assert_h2(1, SERVER, ":status: 200\ncontent-type: text/javascript\ncontent-length: 21\n[console.log('hello')\n]");
	assert_has(comment_of(1), "the server spoke HTTP/1.1");
}

static void
trailers_end_a_stream_and_a_target_is_taken_apart(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "https", "h", 443);
	head_comes(&m, CLIENT, 1, "GET http://a.example:8080/x?y HTTP/2\r\nTE: gzip\r\nConnection: close\r\nX: 1\r\n\r\n");
	ends_come(&m, CLIENT);
	head_comes(&m, SERVER, 1, "HTTP/2 103 \r\nlink: </a>\r\n\r\n");
	head_comes(&m, SERVER, 1, "HTTP/2 200 \r\n\r\n");
	data_comes(&m, SERVER, 1, LIT("a"));
	trailer_comes(&m, 1, "grpc-status: 0\r\n\r\n");
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_HTTP_COMPLETED, "");
	convert_made(&m);
	assert_h2(0, CLIENT, ":method: GET\n:scheme: http\n:authority: a.example:8080\n:path: /x?y\nx: 1\n.");
	assert_h2(0, SERVER, ":status: 103\nlink: </a>\n:status: 200\n[a]grpc-status: 0\n.");
}

static void
a_side_that_breaks_off_resets_its_stream(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "https", "h", 443);
	head_comes(&m, CLIENT, 1, "GET / HTTP/2\r\nhost: h\r\n\r\n");
	part_comes(&m, SERVER, 1, (struct part){ .kind = PART_RESET, .data = slice_text("refused") });
	head_comes(&m, SERVER, 1, "HTTP/2 502 \r\n\r\n");
	part_comes(&m, SERVER, 1, (struct part){ .kind = PART_RESET, .data = slice_text("gone") });
	flow_ends(&m, CLOSE_HTTP_ERROR, "gone");
	convert_made(&m);
	assert_h2(0, SERVER, ":status: 502\nreset");
}

static void
a_long_head_goes_on_in_continuations_and_a_long_body_in_frames(void **state)
{
	struct making m = making_new();
	const size_t size = 40000;
	char *head = xalloc(2 * size), *body = xalloc(size + 1);
	struct slice said;

	(void)state;
	memset(body, 'b', size);
	snprintf(head, 2 * size, "GET / HTTP/2\r\nhost: h\r\nlong: %s\r\n\r\n", body);
	flow_begins(&m, "https", "h", 443);
	head_comes(&m, CLIENT, 1, head);
	data_comes(&m, CLIENT, 1, bytes_of(body));
	ends_come(&m, CLIENT);
	convert_made(&m);
	said = h2_text(0, CLIENT);
	assert_int_equal(said.bytes.len, strlen(":method: GET\n:scheme: https\n:authority: h\n:path: /\nlong: \n") +
		2 * size + strlen("[][][]."));
	slice_drop(&said);
	free(head);
	free(body);
}

static void
fields_of_any_length_are_read_again(void **state)
{
	struct making m = making_new();
	char head[1024], value[512] = "", want[1024];
	static const int sizes[] = { 0, 1, 126, 127, 128, 254, 255, 300, 382, 383, 511 };

	(void)state;
	memset(value, 'v', sizeof(value) - 1);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(head, sizeof(head), "GET / HTTP/2\r\nx: %.*s\r\n\r\n", sizes[i], value);
		flow_begins(&m, "https", "h", 443);
		head_comes(&m, CLIENT, 1, head);
	}
	convert_made(&m);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(want, sizeof(want), ":method: GET\n:scheme: https\n:path: /\nx: %.*s\n", sizes[i], value);
		assert_h2(i, CLIENT, want);
	}
}

static void
websocket_messages_are_frames_and_the_clients_are_masked_with_nothing(void **state)
{
	struct making m = making_new();
	static uint8_t big[70000];
	struct bytes said;

	(void)state;
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	head_comes(&m, SERVER, 0, "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	message_comes(&m, CLIENT, WS_TEXT | WS_DEFLATED, 3, LIT("hello"));
	message_comes(&m, SERVER, WS_BINARY, 0, (struct bytes){ big, 126 });
	message_comes(&m, SERVER, WS_BINARY, 0, (struct bytes){ big, 70000 });
	message_comes(&m, SERVER, WS_PING, 0, (struct bytes){ big, 125 });
	flow_ends(&m, CLOSE_WEBSOCKET_COMPLETED, "");
	convert_made(&m);
	assert_true(said_has(0, CLIENT, LIT("\r\n\r\n\x81\x85\0\0\0\0hello")));
	said = bytes_from(buf_bytes(&streams[0].said[SERVER]),
		strlen("HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
	assert_memory_equal(said.at, "\x82\x7e\0\x7e", 4);
	said = bytes_from(said, 4 + 126);
	assert_memory_equal(said.at, "\x82\x7f\0\0\0\0\0\1\x11\x70", 10);
	said = bytes_from(said, 10 + 70000);
	assert_memory_equal(said.at, "\x89\x7d", 2);
	assert_int_equal(said.len, 2 + 125);
}

static void
a_websocket_by_http_2_is_frames_in_data(void **state)
{
	struct making m = making_new();

	(void)state;
	flow_begins(&m, "https", "h", 443);
	head_comes(&m, CLIENT, 1, "CONNECT /chat HTTP/2\r\nhost: h\r\nupgrade: websocket\r\n\r\n");
	head_comes(&m, SERVER, 0, "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	message_comes(&m, SERVER, WS_TEXT, 0, LIT("hello"));
	convert_made(&m);
	assert_h2(0, CLIENT, ":method: CONNECT\n:protocol: websocket\n:scheme: https\n:authority: h\n:path: /chat\n");
	assert_h2(0, SERVER, ":status: 200\n[\x81\x05][hello]");
}

static void
bytes_that_are_nobodys_are_as_they_were_and_a_side_that_ends_is_closed(void **state)
{
	struct making m = making_new();

	(void)state;
	origin_comes(&m, "127.0.0.1:1", "192.0.2.1", 0);
	data_comes(&m, CLIENT, 0, LIT("ask"));
	ends_come(&m, CLIENT);
	after(&m, 20);
	data_comes(&m, SERVER, 0, LIT("an\0swer"));
	ends_come(&m, SERVER);
	flow_ends(&m, CLOSE_RELAY_EOF, "");
	convert_made(&m);
	assert_said(0, CLIENT, LIT("ask"));
	assert_said(0, SERVER, LIT("an\0swer"));
	assert_int_equal(packets[4].flags, 17);
	assert_int_equal(packets[4].when, protocols_begin);
	assert_int_equal(packets[0].to_port, 81);
}

static void
datagrams_are_datagrams(void **state)
{
	struct making m = making_new();
	static uint8_t large[66000];

	(void)state;
	flow_begins(&m, "udp", "9.9.9.9", 53);
	data_comes(&m, CLIENT, 0, LIT("odd"));
	after(&m, 18);
	data_comes(&m, SERVER, 0, LIT(""));
	data_comes(&m, SERVER, 0, (struct bytes){ large, sizeof(large) });
	convert_made(&m);
	assert_int_equal(packet_count, 3);
	assert_true(bytes_are(packets[0].data, "odd"));
	assert_has(packets[0].comment, "flow 1: udp://9.9.9.9:53");
	assert_string_equal(packets[1].from, "9.9.9.9");
	assert_int_equal(packets[1].from_port, 53);
	assert_int_equal(packets[1].data.len, 0);
	assert_int_equal(packets[1].when, protocols_begin + 18000);
	assert_int_equal(packets[2].data.len, 65507);
	assert_has(packets[2].comment, "the first 65507 of 66000 bytes");
}

static void
a_disk_that_is_full_is_a_fault(void **state)
{
	struct making m = making_new();
	const flow_id id = 1;
	struct convert_flows from = { m.store, &id, 1 };
	FILE *out = fopen("/dev/full", "w");
	struct fault why = { "" };

	(void)state;
	make_records(&m);
	store_flush(m.store);
	assert_false(format_named("pcapng")->write(out, &from, &why));
	assert_has(why.text, "No space left");
	fclose(out);
	store_free(m.store);
}

static void
a_flow_that_is_not_there_is_a_fault_that_names_it(void **state)
{
	struct making m = making_new();
	const flow_id id = 77;
	struct convert_flows from = { m.store, &id, 1 };
	struct fault why = { "" };

	(void)state;
	assert_false(written(&from, &why));
	assert_has(why.text, "flow 77");
	store_free(m.store);
}

/* For tests/e2e/test_pcapng.py, which holds it against tshark. */
static int
keep(const char *to)
{
	FILE *out = fopen(to, "w");

	convert_protocols();
	return !out || fwrite(file, 1, file_len, out) != file_len || fclose(out);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_checksums_and_sequence_numbers_of_each_protocol_are_right),
		cmocka_unit_test(http_1_is_what_was_on_the_wire),
		cmocka_unit_test(a_chunked_body_is_in_chunks_again_with_its_trailers),
		cmocka_unit_test(an_answer_to_head_has_no_chunks),
		cmocka_unit_test(an_answer_by_http_2_to_a_client_of_http_1_is_translated),
		cmocka_unit_test(a_long_body_is_cut_into_segments_and_acknowledged_on_the_way),
		cmocka_unit_test(packets_have_the_times_of_what_they_say),
		cmocka_unit_test(a_name_has_one_address_that_is_told_before_its_first_packet),
		cmocka_unit_test(beside_an_address_of_ipv6_all_are),
		cmocka_unit_test(later_flows_of_a_connection_know_its_server_and_have_ports_of_their_own),
		cmocka_unit_test(the_address_of_a_proxy_is_not_taken_for_the_servers),
		cmocka_unit_test(what_was_not_recorded_is_said_and_the_head_stays),
		cmocka_unit_test(a_comment_says_what_failed_in_text_that_is_safe),
		cmocka_unit_test(http_2_is_a_stream_on_a_connection_of_its_own),
		cmocka_unit_test(trailers_end_a_stream_and_a_target_is_taken_apart),
		cmocka_unit_test(a_side_that_breaks_off_resets_its_stream),
		cmocka_unit_test(a_long_head_goes_on_in_continuations_and_a_long_body_in_frames),
		cmocka_unit_test(fields_of_any_length_are_read_again),
		cmocka_unit_test(websocket_messages_are_frames_and_the_clients_are_masked_with_nothing),
		cmocka_unit_test(a_websocket_by_http_2_is_frames_in_data),
		cmocka_unit_test(bytes_that_are_nobodys_are_as_they_were_and_a_side_that_ends_is_closed),
		cmocka_unit_test(datagrams_are_datagrams),
		cmocka_unit_test(a_disk_that_is_full_is_a_fault),
		cmocka_unit_test(a_flow_that_is_not_there_is_a_fault_that_names_it),
	};
	int fd = mkstemp(path), failed;

	if (fd >= 0)
		close(fd);
	failed = argc > 1 ? keep(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
	forget();
	free(file);
	unlink(path);
	return failed;
}
