/* Requests that soth itself sends: what reaches a server, and what is told of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../ordered.h"
#include "soth/backend.h"
#include "soth/buf.h"
#include "soth/ca.h"
#include "soth/ring.h"
#include "soth/sending.h"

enum { BODY = 8 << 20, WAIT_MS = 20 };

/* One server that answers once, and a proxy without listeners. */
static struct stage {
	char dir[40];
	struct options options;
	struct ca *ca;
	struct backend *backend;
	struct ring **rings;
	size_t count;
	struct ordered ordered;
	int origin, peer;
	struct buf told;	/* a line for each note of interest */
	bool gone;
} st;

static void
origin_open(void)
{
	st.origin = socket(AF_INET, SOCK_STREAM, 0);
	assert_false(listen(st.origin, 4));
	st.peer = -1;
}

static unsigned
origin_port(void)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	assert_false(getsockname(st.origin, (struct sockaddr *)&a, &len));
	return ntohs(a.sin_port);
}

static void
stage_open(const char *mode)
{
	struct fault why = { "" };

	memset(&st, 0, sizeof(st));
	origin_open();
	strcpy(st.dir, "/tmp/test-sending-XXXXXX");
	assert_non_null(mkdtemp(st.dir));
	st.ordered = ordered_new();
	options_init(&st.options);
	buf_init(&st.told, 1 << 20);
	assert_true(option_set(&st.options, "mode", mode, &why) && option_set(&st.options, "workers", "1", &why));
	assert_non_null(st.ca = ca_open(st.dir, &why));
	assert_non_null(st.backend = backend_start_silent(&st.options, st.ca, NULL, &why));
	st.rings = backend_rings(st.backend, &st.count);
}

static void
tell(const char *what, struct bytes b)
{
	assert_true(buf_addf(&st.told, "%s %.*s\n", what, (int)b.len, b.len ? (const char *)b.at : ""));
}

static void
tell_part(const struct note *n)
{
	const char *side = n->side == CLIENT ? "request" : "answer";
	uint64_t status = n->part.kind == PART_HEAD ? head_status(n->part.head) : 0;

	if (n->part.kind == PART_HEAD && n->side == CLIENT)
		tell("head", head_target(n->part.head));
	else if (status)
		assert_true(buf_addf(&st.told, "status %u\n", (unsigned)status));
	else if (n->part.kind == PART_DATA && n->part.data.bytes.len < 100)
		tell(side, n->part.data.bytes);
}

static void
take_note(struct note *n)
{
	if (n->kind == NOTE_FLOW)
		tell("client", n->origin->client);
	else if (n->kind == NOTE_STEP && step_kind(n->step) == STEP_REPLAYED)
		tell("of", step_find(n->step, "of"));
	else if (n->kind == NOTE_PART)
		tell_part(n);
	else if (n->kind == NOTE_GONE)
		tell("gone", bytes_of(close_name(n->part.code)));
	st.gone = st.gone || n->kind == NOTE_GONE;
	ordered_note(&st.ordered, n);
	note_drop(n);
}

static void
drain(void)
{
	struct note n;

	for (size_t i = 0; i < st.count; i++)
		while (ring_pop(st.rings[i], &n))
			take_note(&n);
}

static void
wait_gone(void)
{
	for (int i = 0; !st.gone && i < 500; i++) {
		drain();
		poll(NULL, 0, st.gone ? 0 : WAIT_MS);
	}
	assert_true(st.gone);
}

static const char *
told(void)
{
	uint8_t *end = buf_room(&st.told, 1);

	assert_non_null(end);
	*end = 0;
	return (const char *)st.told.at;
}

static void *
stop_run(void *arg)
{
	backend_stop(arg);
	return NULL;
}

static void
stage_close(void)
{
	pthread_t stopping;
	struct fault why;
	char command[80];

	pthread_create(&stopping, NULL, stop_run, st.backend);
	while (pthread_tryjoin_np(stopping, NULL)) {
		drain();
		poll(NULL, 0, 1);
	}
	drain();
	if (!ordered_end(&st.ordered, &why))
		fail_msg("%s", why.text);
	backend_free(st.backend);
	ca_close(st.ca);
	options_release(&st.options);
	buf_release(&st.told);
	if (st.peer >= 0)
		close(st.peer);
	close(st.origin);
	snprintf(command, sizeof(command), "rm -r %s", st.dir);
	assert_int_equal(system(command), 0);
}

static struct sending
request(const char *text, const char *body)
{
	struct sending s = { .of = 7, .host = "127.0.0.1", .port = (uint16_t)origin_port() };
	struct fault why = { "" };

	s.head = head_parse(bytes_of(text), HEAD_REQUEST, &why);
	if (!s.head)
		fail_msg("%s", why.text);
	s.body = slice_text(body);
	return s;
}

static flow_id
send_out(struct sending s)
{
	struct fault why = { "" };
	flow_id flow = backend_send(st.backend, &s, &why);

	if (!flow)
		fail_msg("%s", why.text);
	sending_release(&s);
	return flow;
}

/* What came, up to `want` bytes. */
static const char *
received(size_t want)
{
	static char got[4096];
	size_t len = 0;
	ssize_t n;

	if (st.peer < 0)
		st.peer = accept(st.origin, NULL, NULL);
	while (len < want && (n = recv(st.peer, got + len, sizeof(got) - 1 - len, 0)) > 0)
		len += (size_t)n;
	got[len] = 0;
	return got;
}

static void
answers(const char *text)
{
	assert_true(send(st.peer, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
}

static void
expect_received(const char *text)
{
	assert_string_equal(received(strlen(text)), text);
}

static void
a_request_goes_out_as_it_is_and_its_flow_says_of_which_it_is(void **state)
{
	static const char text[] = "POST /a?b HTTP/1.1\r\nHost: x.test\r\nContent-Length: 5\r\nX-Odd:  y\r\n\r\n";

	(void)state;
	stage_open("regular");
	send_out(request(text, "hello"));
	expect_received("POST /a?b HTTP/1.1\r\nHost: x.test\r\nContent-Length: 5\r\nX-Odd:  y\r\n\r\nhello");
	answers("HTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok");
	wait_gone();
	assert_string_equal(told(), "client soth\nof 7\nhead /a?b\nrequest hello\nstatus 201\nanswer ok\ngone mitm_http_completed\n");
	stage_close();
}

static void
chunks_and_trailers_are_made_of_a_body(void **state)
{
	struct sending s;
	struct fault why;

	(void)state;
	stage_open("regular");
	s = request("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "hello");
	s.trailer = head_parse(LIT("X-Sum: 5\r\n\r\n"), HEAD_FIELDS, &why);
	assert_non_null(s.trailer);
	send_out(s);
	expect_received("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n");
	answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	wait_gone();
	stage_close();
}

static void
exact_bytes_go_out_whatever_they_are_and_the_answer_is_read(void **state)
{
	static const char text[] = "BREW /pot HTTP/1.1\nHost : x\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
	struct sending s = { .host = "127.0.0.1" };

	(void)state;
	stage_open("regular");
	s.port = (uint16_t)origin_port();
	sending_raw(&s, slice_text(text));
	send_out(s);
	expect_received(text);
	answers("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
	wait_gone();
	assert_non_null(strstr(told(), "head /pot\n"));
	assert_non_null(strstr(told(), "status 400\n"));
	stage_close();
}

static void *
swallow(void *arg)
{
	static char piece[64 << 10];
	size_t got = 0;
	ssize_t n;

	(void)arg;
	st.peer = accept(st.origin, NULL, NULL);
	while (got < BODY && (n = recv(st.peer, piece, sizeof(piece), 0)) > 0)
		got += (size_t)n;
	answers("HTTP/1.1 204 No\r\n\r\n");
	return NULL;
}

static void
a_body_larger_than_sockets_take_goes_out_whole(void **state)
{
	char text[100];
	struct sending s;
	pthread_t thread;
	uint8_t *at;

	(void)state;
	stage_open("regular");
	pthread_create(&thread, NULL, swallow, NULL);
	snprintf(text, sizeof(text), "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", BODY);
	s = request(text, "");
	s.body = slice_new(BODY, &at);
	memset(at, 'a', BODY);
	send_out(s);
	wait_gone();
	pthread_join(thread, NULL);
	assert_non_null(strstr(told(), "status 204\ngone mitm_http_completed\n"));
	stage_close();
}

static void
a_parent_proxy_is_asked_as_a_client_would_have_it(void **state)
{
	char mode[60], text[80];
	struct sending s;

	(void)state;
	stage_open("regular");
	snprintf(mode, sizeof(mode), "upstream:http://127.0.0.1:%u", origin_port());
	backend_stop(st.backend);
	backend_free(st.backend);
	assert_true(option_set(&st.options, "mode", mode, &(struct fault){ "" }));
	assert_non_null(st.backend = backend_start_silent(&st.options, st.ca, NULL, &(struct fault){ "" }));
	st.rings = backend_rings(st.backend, &st.count);
	s = request("GET /p HTTP/1.1\r\nHost: far.test\r\n\r\n", "");
	strcpy(s.host, "far.test");
	s.port = 8081;
	send_out(s);
	snprintf(text, sizeof(text), "GET http://far.test:8081/p HTTP/1.1\r\nHost: far.test\r\n\r\n");
	expect_received(text);
	answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	wait_gone();
	stage_close();
}

static void
an_answer_without_an_end_is_told_as_it_comes_until_it_is_killed(void **state)
{
	struct order kill = { .kind = ORDER_KILL };

	(void)state;
	stage_open("regular");
	kill.flow = send_out(request("GET / HTTP/1.1\r\nHost: x\r\n\r\n", ""));
	received(1);
	answers("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
	while (!strstr(told(), "answer data: 1")) {
		drain();
		poll(NULL, 0, 1);
	}
	backend_order(st.backend, &kill);
	wait_gone();
	assert_non_null(strstr(told(), "gone blocked\n"));
	stage_close();
}

static void
a_server_that_is_not_there_is_told_of(void **state)
{
	struct sending s;

	(void)state;
	stage_open("regular");
	s = request("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "");
	close(st.origin);
	origin_open();
	send_out(s);
	wait_gone();
	assert_non_null(strstr(told(), "status 502\n"));
	assert_non_null(strstr(told(), "gone upstream_connect_failed\n"));
	stage_close();
}

static void
what_is_no_request_of_its_own_is_refused_in_words(void **state)
{
	static const char *const texts[][2] = {
		{ "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", "a tunnel cannot be sent again" },
		{ "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", "a WebSocket cannot be sent again" },
	};
	struct fault why = { "" };

	(void)state;
	stage_open("regular");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct sending s = request(texts[i][0], "");

		assert_int_equal(backend_send(st.backend, &s, &why), 0);
		assert_string_equal(why.text, texts[i][1]);
		sending_release(&s);
	}
	stage_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_goes_out_as_it_is_and_its_flow_says_of_which_it_is),
		cmocka_unit_test(chunks_and_trailers_are_made_of_a_body),
		cmocka_unit_test(exact_bytes_go_out_whatever_they_are_and_the_answer_is_read),
		cmocka_unit_test(a_body_larger_than_sockets_take_goes_out_whole),
		cmocka_unit_test(a_parent_proxy_is_asked_as_a_client_would_have_it),
		cmocka_unit_test(an_answer_without_an_end_is_told_as_it_comes_until_it_is_killed),
		cmocka_unit_test(a_server_that_is_not_there_is_told_of),
		cmocka_unit_test(what_is_no_request_of_its_own_is_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
