/* What the event log makes of notes that take some doing to get over a wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/store/eventlog.h"

struct bench {
	char path[40];
	struct eventlog *log;
	uint64_t now;
};

static void
note_add(struct bench *b, struct note n)
{
	n.flow = n.flow ? n.flow : 9;
	n.when = b->now;
	eventlog_note(b->log, &n);
	note_drop(&n);
}

static void
begin(struct bench *b)
{
	struct fault why;
	int fd;

	*b = (struct bench){ .now = 1 };
	strcpy(b->path, "/tmp/test-eventlog-XXXXXX");
	fd = mkstemp(b->path);
	assert_true(fd >= 0);
	close(fd);
	b->log = eventlog_open(b->path, &why);
	assert_non_null(b->log);
	note_add(b, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&(struct origin){
		.client = LIT("[::1]:50000"), .host = LIT("example.com"), .port = 443 }) });
}

static void
gone(struct bench *b, enum close_code code)
{
	note_add(b, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code } });
}

static void
part(struct bench *b, enum side side, struct part p)
{
	note_add(b, (struct note){ .kind = NOTE_PART, .side = side, .part = p });
}

static void
head(struct bench *b, enum side side, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	assert_non_null(h);
	part(b, side, (struct part){ .kind = PART_HEAD, .head = h });
}

static void
message(struct bench *b, enum side side, unsigned code, const char *payload)
{
	part(b, side, (struct part){ .kind = PART_MESSAGE, .code = code | WS_FIN, .count = strlen(payload),
		.data = slice_text(payload) });
}

static struct bytes
between(const char *line, const char *from, const char *to)
{
	const char *at = strstr(line, from);
	const char *end = at ? strstr(at + strlen(from), to) : NULL;

	assert_non_null(end);
	at += strlen(from);
	return (struct bytes){ (const uint8_t *)at, (size_t)(end - at) };
}

/* Reads the log; what of each line matters here. */
static const char *
read_log(struct bench *b)
{
	static char text[160 << 10], line[160 << 10];
	struct fault why;
	size_t len = 0;
	FILE *f;

	assert_true(eventlog_write(b->log, &why));
	eventlog_close(b->log);
	f = fopen(b->path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	*text = 0;
	while (fgets(line, sizeof(line), f)) {
		struct bytes kind = between(line, "\"kind\":\"", "\""), how = between(line, "\"protocol\":\"", "\"");
		struct bytes rest = between(line, "{\"attributes\":", ",\"client_addr\"");

		assert_non_null(strstr(line, "\"client_addr\":\"::1\",\"flow_id\":1,"));
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%.*s %.*s %.*s\n", (int)kind.len, kind.at,
			(int)how.len, how.at, (int)rest.len, rest.at);
	}
	fclose(f);
	unlink(b->path);
	return text;
}

/* The lines that begin like this, and no others of the log. */
static void
has(const char *log, const char *kinds, const char *wanted)
{
	char seen[8192] = "";
	size_t len = 0;

	for (const char *line = log; *line; line = strchr(line, '\n') + 1)
		if (!strncmp(line, kinds, strlen(kinds)))
			len += (size_t)snprintf(seen + len, sizeof(seen) - len, "%.*s\n",
				(int)(strchr(line, '\n') - line), line);
	assert_string_equal(seen, wanted);
}

static void
open_websocket(struct bench *b)
{
	begin(b);
	head(b, CLIENT, "GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n");
	part(b, CLIENT, (struct part){ .kind = PART_END });
	head(b, SERVER, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
}

static void
test_a_turn_ends_when_its_first_speaker_speaks_again(void **state)
{
	struct bench b;

	(void)state;
	open_websocket(&b);
	message(&b, CLIENT, WS_TEXT | WS_MASKED, "one");
	message(&b, CLIENT, WS_TEXT | WS_MASKED, "more");
	message(&b, SERVER, WS_PING, "");
	message(&b, SERVER, WS_TEXT, "answer");
	message(&b, CLIENT, WS_PONG | WS_MASKED, "");
	message(&b, SERVER, WS_TEXT, "answer");
	message(&b, CLIENT, WS_TEXT | WS_MASKED, "two");
	gone(&b, CLOSE_WEBSOCKET_COMPLETED);
	has(read_log(&b), "websocket_turn",
		"websocket_turn_started websocket {\"first_frame_sequence_no\":\"1\",\"initiated_by\":\"client\",\"turn_id\":\"1\"}\n"
		"websocket_turn_completed websocket {\"client_byte_count\":\"7\",\"client_frame_count\":\"2\","
		"\"first_frame_sequence_no\":\"1\",\"flush_reason\":\"next_turn\",\"initiated_by\":\"client\","
		"\"last_frame_sequence_no\":\"6\",\"server_byte_count\":\"12\",\"server_frame_count\":\"2\",\"turn_id\":\"1\"}\n"
		"websocket_turn_started websocket {\"first_frame_sequence_no\":\"7\",\"initiated_by\":\"client\",\"turn_id\":\"2\"}\n"
		"websocket_turn_completed websocket {\"client_byte_count\":\"3\",\"client_frame_count\":\"1\","
		"\"first_frame_sequence_no\":\"7\",\"flush_reason\":\"eof\",\"initiated_by\":\"client\","
		"\"last_frame_sequence_no\":\"7\",\"server_byte_count\":\"0\",\"server_frame_count\":\"0\",\"turn_id\":\"2\"}\n");
}

/* How the turn ended that a message of the server's began. */
static void
turn_ends(struct bench *b, const char *why)
{
	char *at = strstr(read_log(b), "\"flush_reason\":\"");

	assert_non_null(at);
	assert_memory_equal(at + strlen("\"flush_reason\":\""), why, strlen(why));
}

static void
test_a_turn_ends_when_nothing_moves_with_a_close_frame_or_an_error(void **state)
{
	struct bench b;

	(void)state;
	open_websocket(&b);
	message(&b, SERVER, WS_TEXT, "x");
	b.now += 750 * 1000;
	message(&b, SERVER, WS_CLOSE, "");
	gone(&b, CLOSE_WEBSOCKET_COMPLETED);
	turn_ends(&b, "close_frame\"");
	open_websocket(&b);
	message(&b, SERVER, WS_TEXT, "x");
	b.now += 400 * 1000;
	message(&b, SERVER, WS_PING, "");
	b.now += 400 * 1000;
	message(&b, SERVER, WS_CLOSE, "");
	gone(&b, CLOSE_WEBSOCKET_COMPLETED);
	turn_ends(&b, "idle_timeout\"");
	open_websocket(&b);
	message(&b, SERVER, WS_TEXT, "x");
	part(&b, SERVER, (struct part){ .kind = PART_FAULT, .data = slice_text("masked") });
	gone(&b, CLOSE_WEBSOCKET_ERROR);
	turn_ends(&b, "error\"");
	open_websocket(&b);
	message(&b, SERVER, WS_TEXT, "x");
	gone(&b, CLOSE_RELAY_EOF);
	turn_ends(&b, "eof\"");
}

static void
test_a_message_in_pieces_is_its_frames(void **state)
{
	struct bench b;

	(void)state;
	open_websocket(&b);
	part(&b, CLIENT, (struct part){ .kind = PART_FRAME, .code = WS_BINARY | WS_MASKED, .count = 70000 });
	part(&b, CLIENT, (struct part){ .kind = PART_FRAME, .code = WS_CONTINUATION | WS_FIN | WS_MASKED, .count = 126 });
	part(&b, CLIENT, (struct part){ .kind = PART_MESSAGE, .code = WS_BINARY | WS_FIN | WS_PIECES, .count = 70126 });
	gone(&b, CLOSE_RELAY_EOF);
	has(read_log(&b), "websocket_frame",
		"websocket_frame websocket {\"direction\":\"client_to_server\",\"fin\":\"false\",\"frame_kind\":\"data\","
		"\"frame_len\":\"70014\",\"masked\":\"true\",\"opcode\":\"2\",\"opcode_label\":\"binary\","
		"\"payload_len\":\"70000\",\"sequence_no\":\"1\"}\n"
		"websocket_frame websocket {\"direction\":\"client_to_server\",\"fin\":\"true\",\"frame_kind\":\"data\","
		"\"frame_len\":\"134\",\"masked\":\"true\",\"opcode\":\"0\",\"opcode_label\":\"continuation\","
		"\"payload_len\":\"126\",\"sequence_no\":\"2\"}\n");
}

static void
test_a_websocket_closes_as_its_first_close_frame_says(void **state)
{
	struct bench b;

	(void)state;
	open_websocket(&b);
	message(&b, SERVER, WS_CLOSE, "\x03\xe9going");
	message(&b, CLIENT, WS_CLOSE | WS_MASKED, "\x03\xe8");
	gone(&b, CLOSE_WEBSOCKET_COMPLETED);
	has(read_log(&b), "websocket_closed", "websocket_closed websocket {\"bytes_from_client\":\"2\","
		"\"bytes_from_server\":\"7\",\"close_reason\":\"1001\",\"reason_detail\":\"going\"}\n");
	open_websocket(&b);
	message(&b, SERVER, WS_CLOSE, "\x03");
	gone(&b, CLOSE_WEBSOCKET_COMPLETED);
	has(read_log(&b), "websocket_closed", "websocket_closed websocket {\"bytes_from_client\":\"0\","
		"\"bytes_from_server\":\"1\",\"close_reason\":\"1005\",\"reason_detail\":\"\"}\n");
	open_websocket(&b);
	gone(&b, CLOSE_RELAY_EOF);
	has(read_log(&b), "websocket_closed", "websocket_closed websocket {\"bytes_from_client\":\"0\","
		"\"bytes_from_server\":\"0\",\"close_reason\":\"1006\",\"reason_detail\":\"\"}\n");
}

static void
test_a_websocket_that_a_switch_leaves_unread_is_a_tunnel(void **state)
{
	struct bench b;
	const char *log;

	(void)state;
	begin(&b);
	note_add(&b, (struct note){ .kind = NOTE_STEP, .step = step_new(STEP_SWITCHED,
		(struct field[]){ { LIT("name"), LIT("websocket") } }, 1) });
	head(&b, CLIENT, "GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n");
	head(&b, SERVER, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
	part(&b, SERVER, (struct part){ .kind = PART_DATA, .data = slice_text("\x81\x01x") });
	gone(&b, CLOSE_RELAY_EOF);
	log = read_log(&b);
	has(log, "websocket", "");
	has(log, "response_body", "");
	has(log, "stream_closed", "stream_closed tunnel {\"bytes_from_client\":\"0\",\"bytes_from_server\":\"3\","
		"\"reason_code\":\"relay_eof\",\"reason_detail\":\"\"}\n");
}

static void
test_grpc_calls_have_their_events(void **state)
{
	struct fault why;
	struct bench b;

	(void)state;
	begin(&b);
	head(&b, CLIENT, "POST /shop.Cart/Add HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc+proto\r\nte: trailers\r\n\r\n");
	head(&b, SERVER, "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\n\r\n");
	part(&b, SERVER, (struct part){ .kind = PART_TRAILER, .head = head_parse(
		LIT("grpc-status: 5\r\ngrpc-message: no such\r\n\r\n"), HEAD_FIELDS, &why) });
	gone(&b, CLOSE_HTTP_COMPLETED);
	has(read_log(&b), "grpc",
		"grpc_request_headers http1 {\"grpc_detection_mode\":\"content_type\",\"grpc_event_sequence\":\"1\","
		"\"grpc_method\":\"Add\",\"grpc_path\":\"/shop.Cart/Add\",\"grpc_request_content_type\":"
		"\"application/grpc+proto\",\"grpc_service\":\"shop.Cart\",\"header_count\":\"3\",\"te\":\"trailers\","
		"\"user_agent\":\"\"}\n"
		"grpc_response_headers http1 {\"grpc_event_sequence\":\"2\",\"grpc_response_content_type\":\"application/grpc\","
		"\"header_count\":\"1\",\"status_code\":\"200\"}\n"
		"grpc_response_trailers http1 {\"grpc_event_sequence\":\"3\",\"grpc_message\":\"no such\",\"grpc_status\":\"5\","
		"\"trailer_count\":\"2\"}\n");
}

static void
test_bodies_are_counted_whole_and_said_when_they_end(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	head(&b, CLIENT, "POST / HTTP/1.1\r\nHost: x\r\n\r\n");
	part(&b, CLIENT, (struct part){ .kind = PART_DATA, .data = slice_text("abc") });
	head(&b, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
	part(&b, SERVER, (struct part){ .kind = PART_DATA, .data = slice_text("d") });
	part(&b, SERVER, (struct part){ .kind = PART_SKIP, .count = 1000 });
	part(&b, SERVER, (struct part){ .kind = PART_RESET, .data = slice_text("broke") });
	gone(&b, CLOSE_HTTP_ERROR);
	has(read_log(&b), "re", "request_headers http1 {\"header_count\":\"1\",\"method\":\"POST\",\"target\":\"/\","
		"\"version\":\"HTTP/1.1\"}\n"
		"response_headers http1 {\"header_count\":\"0\",\"reason_phrase\":\"OK\",\"status_code\":\"200\","
		"\"version\":\"HTTP/1.1\"}\n"
		"response_body_chunk http1 {\"bytes\":\"1001\"}\n"
		"request_body_chunk http1 {\"bytes\":\"3\"}\n");
}

static void
open_stream(struct bench *b, const char *field)
{
	char text[200];

	begin(b);
	head(b, CLIENT, "GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
	snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n%s\r\n", field);
	head(b, SERVER, text);
}

static void
run(struct bench *b, struct bytes more)
{
	part(b, SERVER, (struct part){ .kind = PART_DATA, .data = slice_copy(more) });
}

static void
mark(struct bench *b, unsigned flags)
{
	part(b, SERVER, (struct part){ .kind = PART_MARK, .code = MARK_SSE_EVENT | flags, .count = 1 });
}

static const char two_events[] =
	"sse_event sse {\"data\":\"a\\nb\",\"data_len\":\"3\",\"data_line_count\":\"2\",\"event\":\"message\","
	"\"id\":\"\",\"retry_ms\":\"\",\"sequence_no\":\"1\"}\n"
	"sse_event sse {\"data\":\"c\",\"data_len\":\"1\",\"data_line_count\":\"1\",\"event\":\"tick\",\"id\":\"7\","
	"\"retry_ms\":\"9\",\"sequence_no\":\"2\"}\n";

static void
test_a_stream_has_the_same_events_wherever_it_is_cut(void **state)
{
	static const char stream[] = "data: a\ndata: b\n\n: only a comment\n\nevent: tick\r\nid: 7\r\nretry: 9\r\ndata: c\r\n\r\n";
	struct bytes all = LIT(stream);
	struct bench b;

	(void)state;
	for (size_t cut = 0; cut <= all.len; cut++) {
		open_stream(&b, "");
		run(&b, (struct bytes){ all.at, cut });
		run(&b, (struct bytes){ all.at + cut, all.len - cut });
		mark(&b, 0);
		mark(&b, MARK_NO_EVENT);
		mark(&b, 0);
		gone(&b, CLOSE_HTTP_COMPLETED);
		has(read_log(&b), "sse_event", two_events);
	}
}

static void
test_events_whose_bytes_were_not_recorded_are_counted(void **state)
{
	struct bench b;

	(void)state;
	open_stream(&b, "");
	run(&b, LIT("data: a\ndata: b\n\ndata: lo"));
	mark(&b, 0);
	mark(&b, 0);
	mark(&b, MARK_NO_EVENT);
	mark(&b, 0);
	gone(&b, CLOSE_HTTP_COMPLETED);
	has(read_log(&b), "sse_event", "sse_event sse {\"data\":\"a\\nb\",\"data_len\":\"3\",\"data_line_count\":\"2\","
		"\"event\":\"message\",\"id\":\"\",\"retry_ms\":\"\",\"sequence_no\":\"1\"}\n"
		"sse_event sse {\"sequence_no\":\"2\"}\n"
		"sse_event sse {\"sequence_no\":\"3\"}\n");
	open_stream(&b, "Content-Encoding: rot13\r\n");
	run(&b, LIT("data: a\n\n"));
	mark(&b, MARK_DECODED);
	gone(&b, CLOSE_HTTP_COMPLETED);
	has(read_log(&b), "sse_event", "sse_event sse {\"sequence_no\":\"1\"}\n");
}

/* printf 'data: a\ndata: b\n\nevent: tick\nid: 7\nretry: 9\ndata: c\n\n' | gzip -n */
static void
test_a_coded_stream_is_decoded(void **state)
{
	static const uint8_t gz[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x49, 0x2c, 0x49, 0xb4, 0x52,
		0x48, 0xe4, 0x4a, 0x01, 0xd3, 0x49, 0x5c, 0x5c, 0xa9, 0x65, 0xa9, 0x79, 0x25, 0x56, 0x0a, 0x25,
		0x99, 0xc9, 0xd9, 0x5c, 0x99, 0x29, 0x56, 0x0a, 0xe6, 0x5c, 0x45, 0xa9, 0x25, 0x45, 0x95, 0x56,
		0x0a, 0x96, 0x50, 0x35, 0xc9, 0x5c, 0x5c, 0x00, 0xf0, 0x95, 0x60, 0xa8, 0x35, 0x00, 0x00, 0x00,
	};
	struct bench b;

	(void)state;
	open_stream(&b, "Content-Encoding: gzip\r\n");
	for (size_t i = 0; i < sizeof(gz); i++)
		run(&b, (struct bytes){ gz + i, 1 });
	gone(&b, CLOSE_HTTP_COMPLETED);
	has(read_log(&b), "sse_event", two_events);
}

static void
test_long_data_is_cut_between_characters(void **state)
{
	const char *log;
	struct bench b;

	(void)state;
	open_stream(&b, "");
	run(&b, LIT("data: x"));
	for (int i = 0; i < LOG_DATA_MAX; i++)
		run(&b, LIT("\xc3\xa4"));
	run(&b, LIT("\n\n"));
	gone(&b, CLOSE_HTTP_COMPLETED);
	log = strstr(read_log(&b), "\"data_len\":\"131073\"");
	assert_non_null(log);
	assert_memory_equal(log - 4, "\xc3\xa4\",", 4);
}

static void
test_an_http_2_request_names_its_stream(void **state)
{
	struct fault why;
	struct bench b;

	(void)state;
	begin(&b);
	note_add(&b, (struct note){ .kind = NOTE_PART, .stream = 5, .part = { .kind = PART_HEAD,
		.head = head_parse(LIT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HEAD_REQUEST, &why) } });
	gone(&b, CLOSE_HTTP_ERROR);
	has(read_log(&b), "request_headers", "request_headers http1 {\"header_count\":\"1\",\"method\":\"GET\","
		"\"stream_id\":\"5\",\"target\":\"/\",\"version\":\"HTTP/1.1\"}\n");
}

static void
test_any_bytes_become_text(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	head(&b, CLIENT, "GET /\xe4\x22\\ HTTP/1.1\r\nHost: x\r\n\r\n");
	gone(&b, CLOSE_HTTP_ERROR);
	has(read_log(&b), "request_headers", "request_headers http1 {\"header_count\":\"1\",\"method\":\"GET\","
		"\"target\":\"/\xc3\xa4\\\"\\\\\",\"version\":\"HTTP/1.1\"}\n");
}

/* Parts may come in any order and number: a session is not always as it should be. */
static void
test_notes_out_of_order_do_no_harm(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	message(&b, CLIENT, WS_TEXT, "x");
	part(&b, SERVER, (struct part){ .kind = PART_MARK, .code = MARK_SSE_EVENT, .count = 100 });
	head(&b, SERVER, "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\n\r\n");
	for (int i = 0; i < 2; i++) {
		head(&b, CLIENT, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n");
		head(&b, SERVER, "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\n\r\n");
		head(&b, CLIENT, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
		head(&b, SERVER, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
	}
	gone(&b, CLOSE_HTTP_ERROR);
	gone(&b, CLOSE_HTTP_ERROR);
	note_add(&b, (struct note){ .kind = NOTE_GONE, .flow = 77, .part = { .kind = PART_RESET } });
	has(read_log(&b), "stream_closed", "stream_closed sse {\"bytes_from_client\":\"1\",\"bytes_from_server\":\"0\","
		"\"reason_code\":\"mitm_http_error\",\"reason_detail\":\"\"}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_turn_ends_when_its_first_speaker_speaks_again),
		cmocka_unit_test(test_a_turn_ends_when_nothing_moves_with_a_close_frame_or_an_error),
		cmocka_unit_test(test_a_message_in_pieces_is_its_frames),
		cmocka_unit_test(test_a_websocket_closes_as_its_first_close_frame_says),
		cmocka_unit_test(test_a_websocket_that_a_switch_leaves_unread_is_a_tunnel),
		cmocka_unit_test(test_grpc_calls_have_their_events),
		cmocka_unit_test(test_bodies_are_counted_whole_and_said_when_they_end),
		cmocka_unit_test(test_a_stream_has_the_same_events_wherever_it_is_cut),
		cmocka_unit_test(test_events_whose_bytes_were_not_recorded_are_counted),
		cmocka_unit_test(test_a_coded_stream_is_decoded),
		cmocka_unit_test(test_long_data_is_cut_between_characters),
		cmocka_unit_test(test_an_http_2_request_names_its_stream),
		cmocka_unit_test(test_any_bytes_become_text),
		cmocka_unit_test(test_notes_out_of_order_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
