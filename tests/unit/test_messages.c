/* Messages of a flow: cut out of what it is made of, whatever pieces that came in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "soth/messages.h"
#include "soth/store.h"
#include "soth/trail.h"

static const char request[] = "GET /s HTTP/1.1\r\nHost: h\r\n\r\n";
static const char events[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
static const char coded[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n";
static const char upgrade[] = "GET /s HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
static const char upgraded[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

static struct store *session;
static char path[] = "/tmp/test-messages-XXXXXX";

/* A session of one flow, which begins now. */
static void
begin(struct flow *f)
{
	const struct origin o = { .scheme = LIT("http"), .host = LIT("h"), .port = 80 };
	struct note n = { .kind = NOTE_FLOW, .flow = 1, .when = 1, .origin = origin_new(&o) };
	struct fault why = { "" };

	if (session)
		store_free(session);
	session = store_create(path, &why);
	if (!session)
		fail_msg("%s", why.text);
	store_note(session, &n);
	*f = (struct flow){ .id = 1 };
}

/* Told to a flow, and to the session. */
static void
told(struct flow *f, enum side side, uint64_t when, struct part p)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = 1, .when = when, .flow_order = f->notes + 1,
		.part = part_ref(&p) };
	struct note twin = { .kind = NOTE_PART, .side = side, .flow = 1, .when = when, .part = p };

	flow_note(f, &n);
	store_note(session, &twin);
}

/* All that are in the session. */
static struct messages *
read_all(void)
{
	struct messages *m = messages_new(session, 1);

	store_flush(session);
	while (messages_read(m))
		;
	return m;
}

static struct head *
head_of(const char *text)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(text), memcmp(text, "HTTP", 4) ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		fail_msg("%s", why.text);
	return h;
}

static void
heads(struct flow *f, const char *ask, const char *answer)
{
	begin(f);
	told(f, CLIENT, 1, (struct part){ .kind = PART_HEAD, .head = head_of(ask) });
	told(f, SERVER, 2, (struct part){ .kind = PART_HEAD, .head = head_of(answer) });
}

static void
data(struct flow *f, enum side side, uint64_t when, struct bytes b)
{
	told(f, side, when, (struct part){ .kind = PART_DATA, .data = slice_copy(b) });
}

static void
mark(struct flow *f, enum side side, uint64_t when, uint32_t code, uint64_t count)
{
	told(f, side, when, (struct part){ .kind = PART_MARK, .code = code, .count = count });
}

static void
said(struct flow *f, enum side side, uint64_t when, uint32_t code, const char *text)
{
	told(f, side, when, (struct part){ .kind = PART_MESSAGE, .code = code, .count = strlen(text), .data = slice_text(text) });
}

/* "↑text" and "↓text", with commas between. */
static const char *
shown(void)
{
	static char text[4096];
	struct messages *m = read_all();
	struct buf scratch;
	size_t len = 0;

	*text = '\0';
	buf_init(&scratch, 1 << 20);
	for (size_t i = 0; i < messages_count(m); i++) {
		struct message one = messages_get(m, i, SIZE_MAX, &scratch);

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s%s%.*s", i ? "," : "",
			one.side == CLIENT ? "↑" : "↓", one.begun ? "…" : one.kind == PART_FAULT ? "!" : "",
			(int)one.bytes.len, (const char *)one.bytes.at);
	}
	buf_release(&scratch);
	messages_free(m);
	return text;
}

static size_t
bytes_at(struct messages *m, size_t i)
{
	struct buf scratch;
	size_t len;

	buf_init(&scratch, 1 << 20);
	len = messages_get(m, i, SIZE_MAX, &scratch).bytes.len;
	buf_release(&scratch);
	return len;
}

static void
both_sides_of_a_websocket_stand_in_order_of_time(void **state)
{
	struct flow f;

	(void)state;
	heads(&f, upgrade, upgraded);
	said(&f, CLIENT, 10, WS_TEXT, "a");
	said(&f, SERVER, 20, WS_TEXT, "b");
	said(&f, SERVER, 25, WS_PING, "ping");
	told(&f, SERVER, 26, (struct part){ .kind = PART_FAULT, .data = slice_text("broken") });
	said(&f, CLIENT, 30, WS_TEXT, "c");
	said(&f, SERVER, 40, WS_CLOSE, "d");
	assert_string_equal(shown(), "↑a,↓b,↓ping,↓!broken,↑c,↓d");
	assert_int_equal(flow_protocol(&f), PROTOCOL_WEBSOCKET);
	assert_true(messages_likely(&f));
	flow_release(&f);
}

static void
frames_of_a_message_are_counted_and_not_listed(void **state)
{
	struct messages *m;
	struct flow f;

	(void)state;
	heads(&f, upgrade, upgraded);
	told(&f, SERVER, 3, (struct part){ .kind = PART_FRAME, .code = WS_TEXT, .count = 2 });
	said(&f, SERVER, 4, WS_PING, "between");
	told(&f, SERVER, 5, (struct part){ .kind = PART_FRAME, .code = WS_FIN, .count = 2 });
	said(&f, SERVER, 5, WS_TEXT | WS_PIECES, "whole");
	said(&f, SERVER, 6, WS_TEXT, "next");
	m = read_all();
	assert_int_equal(messages_count(m), 3);
	assert_int_equal(messages_at(m, 0).frames, 0);
	assert_int_equal(messages_at(m, 1).frames, 2);
	assert_int_equal(messages_at(m, 2).frames, 0);
	messages_free(m);
	flow_release(&f);
}

static void
marks_cut_a_body_that_came_in_any_pieces(void **state)
{
	static const char body[] = "data: a\n\ndata: bb\n\nda";

	(void)state;
	for (size_t cut = 1; cut < sizeof(body) - 1; cut++) {
		struct flow f;

		heads(&f, request, events);
		for (size_t at = 0; at < sizeof(body) - 1; at += cut) {
			size_t left = sizeof(body) - 1 - at;

			data(&f, SERVER, 10 + at, (struct bytes){ (const uint8_t *)body + at, cut < left ? cut : left });
			if (at < 9 && at + cut >= 9)
				mark(&f, SERVER, 10 + at, MARK_SSE_EVENT, 9);
			if (at < 19 && at + cut >= 19)
				mark(&f, SERVER, 10 + at, MARK_SSE_EVENT, 10);
		}
		assert_string_equal(shown(), "↓data: a\n\n,↓data: bb\n\n,↓…da");
		flow_release(&f);
	}
}

/* gzip of `text`; its length. */
static size_t
zipped(const char *text, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)strlen(text), .next_out = out, .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void
marks_may_count_behind_content_codings(void **state)
{
	uint8_t body[256];
	size_t len = zipped("data: one\n\ndata: two\n\n", body, sizeof(body));

	(void)state;
	for (size_t cut = 1; cut <= len; cut++) {
		struct flow f;

		heads(&f, request, coded);
		for (size_t at = 0; at < len; at += cut)
			data(&f, SERVER, 10, (struct bytes){ body + at, cut < len - at ? cut : len - at });
		mark(&f, SERVER, 10, MARK_SSE_EVENT | MARK_DECODED, 11);
		mark(&f, SERVER, 10, MARK_SSE_EVENT | MARK_DECODED, 11);
		assert_string_equal(shown(), "↓data: one\n\n,↓data: two\n\n");
		flow_release(&f);
	}
}

static void
a_body_that_is_not_what_it_says_has_messages_without_bytes(void **state)
{
	struct messages *m;
	struct flow f;

	(void)state;
	heads(&f, request, coded);
	data(&f, SERVER, 10, LIT("this is no gzip"));
	mark(&f, SERVER, 10, MARK_SSE_EVENT | MARK_DECODED, UINT64_MAX);
	mark(&f, SERVER, 11, MARK_SSE_EVENT | MARK_DECODED, UINT64_MAX);
	m = read_all();
	assert_int_equal(messages_count(m), 2);
	assert_int_equal(bytes_at(m, 1), 0);
	assert_int_equal(messages_at(m, 1).size, UINT64_MAX);
	messages_free(m);
	flow_release(&f);
}

static void
what_was_not_kept_is_missing_in_its_message(void **state)
{
	struct messages *m;
	struct flow f;

	(void)state;
	heads(&f, request, events);
	data(&f, SERVER, 10, LIT("12345678"));
	told(&f, SERVER, 11, (struct part){ .kind = PART_SKIP, .count = 100 });
	mark(&f, SERVER, 10, MARK_SSE_EVENT, 5);
	mark(&f, SERVER, 11, MARK_SSE_EVENT, 50);
	mark(&f, SERVER, 11, MARK_SSE_EVENT, 53);
	m = read_all();
	assert_int_equal(messages_count(m), 3);
	assert_int_equal(messages_at(m, 1).size, 50);
	assert_int_equal(bytes_at(m, 1), 3);
	assert_int_equal(bytes_at(m, 2), 0);
	messages_free(m);
	flow_release(&f);
}

static void
bytes_of_nobody_are_messages_as_they_came(void **state)
{
	struct flow f;

	(void)state;
	begin(&f);
	assert_false(messages_likely(&f));
	data(&f, SERVER, 5, LIT("220 hello"));
	data(&f, CLIENT, 6, LIT("EHLO"));
	data(&f, SERVER, 7, LIT("250 ok"));
	assert_true(messages_likely(&f));
	assert_string_equal(shown(), "↓220 hello,↑EHLO,↓250 ok");
	flow_release(&f);
	heads(&f, upgrade, upgraded);	/* a WebSocket that is not read */
	data(&f, CLIENT, 6, LIT("frame"));
	assert_string_equal(shown(), "↑frame");
	flow_release(&f);
}

static void
a_body_is_no_message(void **state)
{
	struct flow f;

	(void)state;
	heads(&f, request, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
	data(&f, SERVER, 5, LIT("hello"));
	assert_false(messages_likely(&f));
	assert_string_equal(shown(), "");
	flow_release(&f);
}

static void
a_live_flow_goes_on_where_it_was(void **state)
{
	struct messages *m;
	struct flow f;

	(void)state;
	heads(&f, request, events);
	data(&f, SERVER, 5, LIT("data: a\n\nda"));
	mark(&f, SERVER, 5, MARK_SSE_EVENT, 9);
	m = read_all();
	assert_int_equal(messages_count(m), 2);
	assert_true(messages_at(m, 1).begun);
	data(&f, SERVER, 6, LIT("ta: b\n\n"));
	mark(&f, SERVER, 6, MARK_SSE_EVENT, 9);
	store_flush(session);
	while (messages_read(m))
		;
	assert_int_equal(messages_count(m), 2);
	assert_false(messages_at(m, 1).begun);
	assert_int_equal(bytes_at(m, 1), 9);
	assert_int_equal(messages_sums(m).count[SERVER], 2);
	assert_int_equal(messages_sums(m).bytes[SERVER], 18);
	messages_free(m);
	flow_release(&f);
}

static void
only_what_is_asked_for_is_read(void **state)
{
	struct messages *m;
	struct buf scratch;
	struct flow f;

	(void)state;
	heads(&f, upgrade, upgraded);
	said(&f, CLIENT, 10, WS_TEXT, "0123456789");
	m = read_all();
	buf_init(&scratch, 100);
	assert_true(bytes_are(messages_get(m, 0, 4, &scratch).bytes, "0123"));
	assert_int_equal(messages_get(m, 0, 4, &scratch).size, 10);
	buf_release(&scratch);
	messages_free(m);
	flow_release(&f);
}

static void
a_flow_is_told_on_from_where_it_was(void **state)
{
	struct fault why;
	struct buf scratch;
	struct trail *t;
	struct flow own, f = { .id = 1 };

	(void)state;
	heads(&own, upgrade, upgraded);
	said(&own, CLIENT, 10, WS_TEXT, "first");
	store_flush(session);
	buf_init(&scratch, 1 << 20);
	t = trail_new(session, 1);
	while (trail_tell(t, &f, 2, &scratch, &why))
		;
	assert_int_equal(f.half[CLIENT].messages, 1);
	assert_int_equal(f.half[CLIENT].bytes, 5);
	assert_true(f.half[CLIENT].spoke);
	said(&own, CLIENT, 11, WS_TEXT, "second");
	said(&own, SERVER, 12, WS_CLOSE, "\x03\xe8" "bye");
	told(&own, SERVER, 13, (struct part){ .kind = PART_FAULT, .data = slice_text("wrong") });
	assert_false(trail_tell(t, &f, 10, &scratch, &why));
	assert_int_equal(f.half[CLIENT].messages, 1);	/* not in the file yet */
	store_flush(session);
	while (trail_tell(t, &f, 1, &scratch, &why))
		;
	assert_int_equal(f.half[CLIENT].messages, 2);
	assert_int_equal(f.half[CLIENT].bytes, 11);
	assert_true(f.half[SERVER].closed);
	assert_true(bytes_are(f.half[SERVER].farewell.bytes, "\x03\xe8" "bye"));
	assert_int_equal(f.half[SERVER].faults, 1);
	assert_true(bytes_are(f.half[SERVER].fault[0].bytes, "wrong"));
	assert_int_equal(f.notes, 7);
	trail_free(t);
	buf_release(&scratch);
	flow_release(&f);
	flow_release(&own);
}

/* What is on its way to the file when somebody looks does not hide what is there. */
static void
a_flow_that_never_rests_is_read_all_the_same(void **state)
{
	struct fault why;
	struct flow own, f;

	(void)state;
	heads(&own, request, events);
	store_flush(session);
	data(&own, SERVER, 5, LIT("on its way"));
	assert_true(store_flow(session, 1, &f, &why));
	assert_non_null(f.half[SERVER].head);
	assert_int_equal(f.half[SERVER].bytes, 0);
	flow_release(&f);
	flow_release(&own);
}

static void
bodies_are_counted_and_not_read(void **state)
{
	struct fault why;
	struct flow own, f;

	(void)state;
	heads(&own, request, events);
	data(&own, SERVER, 5, LIT("0123456789"));
	told(&own, SERVER, 6, (struct part){ .kind = PART_SKIP, .count = 19 });
	store_flush(session);
	assert_true(store_flow(session, 1, &f, &why));
	assert_int_equal(f.half[SERVER].bytes, 29);
	assert_int_equal(f.half[SERVER].skipped, 19);
	flow_release(&f);
	assert_false(store_flow(session, 99, &f, &why));
	assert_non_null(strstr(why.text, "flow 99"));
	flow_release(&own);
}

static int
last(void **state)
{
	(void)state;
	store_free(session);
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_of_a_websocket_stand_in_order_of_time),
		cmocka_unit_test(frames_of_a_message_are_counted_and_not_listed),
		cmocka_unit_test(marks_cut_a_body_that_came_in_any_pieces),
		cmocka_unit_test(marks_may_count_behind_content_codings),
		cmocka_unit_test(a_body_that_is_not_what_it_says_has_messages_without_bytes),
		cmocka_unit_test(what_was_not_kept_is_missing_in_its_message),
		cmocka_unit_test(bytes_of_nobody_are_messages_as_they_came),
		cmocka_unit_test(a_body_is_no_message),
		cmocka_unit_test(a_live_flow_goes_on_where_it_was),
		cmocka_unit_test(only_what_is_asked_for_is_read),
		cmocka_unit_test(a_flow_is_told_on_from_where_it_was),
		cmocka_unit_test(a_flow_that_never_rests_is_read_all_the_same),
		cmocka_unit_test(bodies_are_counted_and_not_read),
	};

	close(mkstemp(path));
	return cmocka_run_group_tests(tests, NULL, last);
}
