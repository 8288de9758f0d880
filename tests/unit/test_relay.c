#include "rig.h"

/* What a relay must do, or must not, where something happens at an unlucky moment. */

#define GET "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"
#define OK2 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static void
tunnel(const char *first)
{
	said(0, "CONNECT a.test:7 HTTP/1.1\r\nHost: a.test:7\r\n\r\n");
	if (*first)
		said(0, first);
}

static void
test_a_client_that_ends_behind_early_bytes_of_a_tunnel_is_heard_out(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	tunnel("*3\r\n");
	ended(0);
	opened(1);
	log = rig_take();
	assert_has(log, "send 0 HTTP/1.1 200 Connection established");
	assert_has(log, "send 1 *3\r\n");
	assert_has(log, "shut 1");
	said(1, "answer");
	ended(1);
	log = rig_take();
	assert_has(log, "send 0 answer");
	assert_has(log, "gone relay_eof");
	rig_end();
}

static void
test_early_http_behind_connect_and_an_end_is_answered(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	tunnel("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
	ended(0);
	opened(1);
	assert_has(rig_take(), "send 1 GET / HTTP/1.1");
	said(1, OK2);
	log = rig_take();
	assert_has(log, "\r\n\r\nok\n");
	assert_has(log, "gone mitm_http_completed");
	assert_true(rig.over);
	rig_end();
}

static void
test_what_may_still_become_http_passes_when_the_client_ends(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	tunnel("");
	opened(1);
	said(0, "PING");
	assert_lacks(rig_take(), "send 1");
	ended(0);
	log = rig_take();
	assert_has(log, "send 1 PING\nshut 1");
	rig_end();
}

static void
test_what_may_still_become_http_passes_after_a_second(void **state)
{
	(void)state;
	rig_start("regular", "");
	tunnel("");
	opened(1);
	said(0, "PING");
	assert_true(relay_deadline(rig.relay) != 0);
	ticked(2);
	assert_has(rig_take(), "send 1 PING\n");
	said(1, "PONG");
	assert_has(rig_take(), "send 0 PONG\n");
	rig_end();

	rig_start("regular", "");
	tunnel("");
	opened(1);
	said(0, "GET /");
	rig_take();
	ticked(2);
	assert_lacks(rig_take(), "send 1");	/* a method and a space are HTTP */
	rig_end();
}

static void
test_small_letters_are_no_method(void **state)
{
	(void)state;
	rig_start("regular", "");
	tunnel("");
	opened(1);
	said(0, "hello");
	assert_has(rig_take(), "send 1 hello\n");
	rig_end();
}

static void
test_a_tunnel_asked_for_in_two_pieces_has_no_deadline_left(void **state)
{
	(void)state;
	rig_start("regular", "");
	said(0, "CONNECT a.test:7 HTTP/1.1\r\n");
	assert_true(relay_deadline(rig.relay) != 0);
	said(0, "Host: a.test:7\r\n\r\n");
	opened(1);
	ticked(100);
	assert_lacks(rig_take(), "gone");
	rig_end();
}

static void
test_the_next_answer_too_waits_for_a_client_that_takes_none(void **state)
{
	(void)state;
	rig_start("regular", "");
	said(0, GET);
	opened(1);
	said(1, OK2);
	full(0, true);
	rig_take();
	said(0, GET);
	assert_has(rig_take(), "pause 1\nsend 1 GET / HTTP/1.1");
	full(0, false);
	assert_has(rig_take(), "go 1");
	said(1, OK2);
	assert_has(rig_take(), "gone mitm_http_completed");
	rig_end();
}

static void
test_a_request_waits_for_a_server_that_is_still_full_of_the_last(void **state)
{
	(void)state;
	rig_start("regular", "");
	said(0, "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc");
	opened(1);
	full(1, true);
	said(1, OK2);
	rig_take();
	said(0, "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\n");
	assert_has(rig_take(), "pause 0");
	full(1, false);
	assert_has(rig_take(), "go 0");
	rig_end();
}

/* One answered, then the server closes the kept connection under the next. */
static const char *
closed_under(const char *request)
{
	said(0, GET);
	opened(1);
	said(1, OK2);
	rig_take();
	said(0, request);
	ended(1);
	return rig_take();
}

static void
test_only_what_may_be_done_twice_is_sent_again(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	assert_has(closed_under(GET), "dial 2 a.test:80");
	rig_end();

	rig_start("regular", "");
	log = closed_under("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
	assert_lacks(log, "dial 2");
	assert_has(log, "HTTP/1.1 502 ");
	rig_end();
}

static void
test_an_answer_that_is_broken_is_not_asked_for_again(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	said(0, GET);
	opened(1);
	said(1, OK2);
	rig_take();
	said(0, GET);
	said(1, "nonsense\r\n\r\n");
	log = rig_take();
	assert_lacks(log, "dial 2");
	assert_has(log, "HTTP/1.1 502 ");
	rig_end();
}

static void
test_options_for_a_whole_server_ask_for_a_star(void **state)
{
	(void)state;
	rig_start("regular", "");
	said(0, "OPTIONS http://a.test HTTP/1.1\r\nHost: a.test\r\n\r\n");
	opened(1);
	assert_has(rig_take(), "send 1 OPTIONS * HTTP/1.1\r\nHost: a.test\r\n");
	rig_end();

	rig_start("regular", "");
	said(0, "OPTIONS http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n");
	opened(1);
	assert_has(rig_take(), "send 1 OPTIONS / HTTP/1.1\r\nHost: a.test\r\n");
	rig_end();
}

static void
test_an_upgrade_that_is_half_closed_stays_so(void **state)
{
	const char *log;

	(void)state;
	rig_start("regular", "");
	said(0, "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
	ended(0);
	opened(1);
	said(1, "HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nabc");
	log = rig_take();
	assert_has(log, "shut 1");
	assert_has(log, "send 0 abc");
	ended(1);
	assert_has(rig_take(), "gone relay_eof");
	assert_true(rig.over);
	rig_end();
}

/* As TLS may have both at once: what came, and that no more will. */
static void
test_a_server_that_upgrades_and_ends_at_once_is_heard_out(void **state)
{
	struct peer *p;

	(void)state;
	rig_start("reverse:https://a.test", "");
	said(0, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
	p = peer_new(1);
	peer_tls_server(p, "a.test", "http/1.1");
	opened(1);
	rig_take();
	chain_command(p->chain, (struct command){ .kind = CMD_SEND,
		.data = slice_text("HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nabc") });
	chain_command(p->chain, (struct command){ .kind = CMD_SHUT });
	peer_settle(p);
	assert_has(rig_take(), "\r\n\r\nabc\nshut 0");
	rig_end();
}

static void
test_reverse_mode_calls_the_server_by_its_own_name(void **state)
{
	struct peer *client, *server;

	(void)state;
	for (unsigned keep = 0; keep < 2; keep++) {
		rig_start("reverse:https://a.test", keep ? "keep-host-header=yes" : "");
		client = peer_new(0);
		peer_tls_client(client, "b.test", "http/1.1");
		server = peer_new(1);
		peer_tls_server(server, keep ? "b.test" : "a.test", "http/1.1");
		opened(1);
		assert_has(log_take(&server->log), keep ? "sni b.test\n" : "sni a.test\n");
		assert_has(log_take(&client->log), "open http/1.1\n");
		rig_end();
	}
}

static void
test_a_server_of_h2c_is_spoken_to_in_http2_by_any_client(void **state)
{
	struct peer *client, *server;

	(void)state;
	rig_start("reverse:h2c://a.test", "");
	client = peer_new(0);
	peer_tls_client(client, "b.test", "http/1.1");
	server = peer_new(1);
	peer_h2(server, true);
	opened(1);
	assert_has(log_take(&client->log), "open http/1.1\n");
	peer_send(client, "GET /x HTTP/1.1\r\nHost: b.test\r\n\r\n");
	assert_has(log_take(&server->log), "1 HEAD GET /x\n1 END\n");
	peer_put(server, 1, head_part("HTTP/2 200 \r\ncontent-length: 2\r\n\r\n", HEAD_RESPONSE));
	peer_put(server, 1, (struct part){ .kind = PART_DATA, .data = slice_text("ok") });
	peer_put(server, 1, (struct part){ .kind = PART_END });
	peer_settle(server);
	assert_has(log_take(&client->log), "\r\n\r\nok");
	rig_end();
}

static void
test_a_server_of_tls_that_is_lost_while_the_client_shakes_hands_ends_it(void **state)
{
	struct peer *client, *server;

	(void)state;
	for (unsigned how = 0; how < 2; how++) {
		rig_start("reverse:tls://a.test:7", "");
		server = peer_new(1);
		peer_tls_server(server, "a.test", "x");
		client = peer_new(0);
		client->open = false;		/* its ClientHello, and no more */
		peer_tls_client(client, "b.test", "x");
		rig_event(0, (struct event){ .kind = EV_DATA, .data = buf_seal(&client->out) });
		opened(1);
		if (how)
			ended(1);
		else
			failed(1, FAIL_RESET);
		assert_has(rig_take(), "close 0");
		assert_true(rig.over);
		rig_end();
	}
}

/* As one that requires a certificate does, in TLS 1.3: the handshake was good, and then comes an alert. */
static void
test_a_server_that_refuses_before_there_is_a_request_is_asked_again_with_it(void **state)
{
	struct peer *client, *server;

	(void)state;
	rig_start("reverse:https://a.test", "");
	client = peer_new(0);
	peer_tls_client(client, "a.test", "http/1.1");
	server = peer_new(1);
	peer_tls_server(server, "a.test", "http/1.1");
	opened(1);
	assert_has(log_take(&client->log), "open http/1.1\n");
	chain_command(server->chain, (struct command){ .kind = CMD_ALERT, .stream = 116 });
	peer_settle(server);
	assert_lacks(rig_take(), "over");
	peer_send(client, "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n");
	assert_has(rig_take(), "dial 2 a.test:443");
	failed(2, FAIL_REFUSED);
	assert_has(log_take(&client->log), "HTTP/1.1 502 ");
	rig_end();
}

/* What it says so soon waits until the client can hear it. */
static void
test_a_server_behind_tls_that_speaks_first_and_ends_is_heard_out(void **state)
{
	struct peer *client, *server;

	(void)state;
	rig_start("regular", "");
	said(0, "CONNECT a.test:7 HTTP/1.1\r\nHost: a.test:7\r\n\r\n");
	server = peer_new(1);
	peer_tls_server(server, "a.test", "x");
	opened(1);
	rig_take();
	client = peer_new(0);
	client->open = false;
	peer_tls_client(client, "a.test", "x");
	rig_event(0, (struct event){ .kind = EV_DATA, .data = buf_seal(&client->out) });
	chain_command(server->chain, (struct command){ .kind = CMD_SEND, .data = slice_text("banner") });
	chain_command(server->chain, (struct command){ .kind = CMD_SHUT });
	peer_settle(server);
	client->open = true;
	rig_run();
	assert_has(log_take(&client->log), "open x\nbannereof\n");
	rig_end();
}

/* A tunnel behind other requests on the same connection tells its handshake too. */
static void
test_a_tunnel_behind_a_request_is_a_flow_with_steps_of_its_own(void **state)
{
	struct peer *client, *server;

	(void)state;
	rig_start("regular", "");
	said(0, GET);
	opened(1);
	said(1, OK2);
	said(0, "CONNECT a.test:7 HTTP/1.1\r\nHost: a.test:7\r\n\r\n");
	server = peer_new(2);
	peer_tls_server(server, "a.test", "http/1.1");
	opened(2);
	rig.handshakes = 0;
	client = peer_new(0);
	peer_tls_client(client, "a.test", "http/1.1");
	assert_has(log_take(&client->log), "open http/1.1\n");
	assert_int_equal(rig.handshakes, 2);	/* with both sides */
	rig_end();
}

/* Browsers make connections ahead, and let go of them later. */
static void
test_a_client_that_leaves_at_once_behind_its_handshake_has_failed_and_one_that_leaves_later_not(void **state)
{
	static const char *const names[] = { "soon.test", "late.test" };

	(void)state;
	for (unsigned later = 0; later < 2; later++) {
		struct peer *server;
		const char *log;
		char ask[100];

		rig_start("regular", "");
		snprintf(ask, sizeof(ask), "CONNECT %s:7 HTTP/1.1\r\nHost: a\r\n\r\n", names[later]);
		said(0, ask);
		server = peer_new(1);
		peer_tls_server(server, names[later], "http/1.1");
		opened(1);
		peer_tls_client(peer_new(0), names[later], "http/1.1");
		rig_take();
		rig.now += later ? 1100000 : 900000;
		ended(0);
		log = rig_take();
		assert_has(log, later ? "gone relay_eof the client closed the connection\n" :
			"gone tls_handshake_failed the client closed the connection right after the TLS handshake,");
		rig_end();
	}
}

static void
start_h2(struct peer **client, const char *mode, const char *options)
{
	rig_start(mode, options);
	*client = peer_new(0);
	peer_h2(*client, false);
}

#define ASK(path) "GET " path " HTTP/2\r\nhost: a.test\r\n\r\n"

static void
test_an_answer_of_our_own_to_head_has_no_body(void **state)
{
	struct peer *client;
	const char *log;

	(void)state;
	start_h2(&client, "reverse:http://a.test", "");
	peer_ask(client, 1, "HEAD / HTTP/2\r\nhost: a.test\r\n\r\n");
	failed(1, FAIL_REFUSED);
	log = log_take(&client->log);
	assert_has(log, "1 HEAD 502\n1 END\n");
	rig_end();
}

static void
test_a_server_that_refuses_a_websocket_with_200_is_not_believed(void **state)
{
	struct peer *client;
	const char *log;

	(void)state;
	start_h2(&client, "reverse:http://a.test", "");
	peer_put(client, 1, head_part("CONNECT /ws HTTP/2\r\nhost: a.test\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\r\n", HEAD_REQUEST));
	peer_settle(client);
	opened(1);
	said(1, "HTTP/1.1 400 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
	opened(2);
	assert_has(rig_take(), "GET /ws HTTP/1.1");
	said(2, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
	log = log_take(&client->log);
	assert_has(log, "1 RESET 2\n");
	assert_lacks(log, "1 HEAD 200");
	rig_end();
}

/* A WebSocket of an HTTP/1 client, on a stream of an HTTP/2 server. */
static void
test_a_websocket_that_its_server_resets_ends_without_a_page_or_a_second_try(void **state)
{
	struct peer *server;
	const char *log;

	(void)state;
	rig_start("reverse:h2c://a.test", "");
	said(0, "GET /first HTTP/1.1\r\nHost: b.test\r\n\r\n");
	server = peer_new(1);
	peer_h2(server, true);
	opened(1);
	peer_put(server, 1, head_part("HTTP/2 204 \r\n\r\n", HEAD_RESPONSE));
	peer_put(server, 1, (struct part){ .kind = PART_END });
	peer_settle(server);
	assert_has(rig_take(), "HTTP/1.1 204 ");
	said(0, "GET /ws HTTP/1.1\r\nHost: b.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
	assert_has(log_take(&server->log), "3 HEAD CONNECT /ws\n");
	peer_put(server, 3, head_part("HTTP/2 200 \r\n\r\n", HEAD_RESPONSE));
	peer_settle(server);
	assert_has(rig_take(), "send 0 HTTP/1.1 101 ");
	peer_put(server, 3, (struct part){ .kind = PART_RESET, .code = H2_INTERNAL_ERROR });
	peer_settle(server);
	log = rig_take();
	assert_lacks(log, "send 0");
	assert_has(log, "close 0");
	assert_lacks(log_take(&server->log), "5 HEAD");
	rig_end();
}

static void
test_a_stream_that_a_server_has_looked_at_is_not_asked_for_again(void **state)
{
	struct peer *server;

	(void)state;
	rig_start("reverse:h2c://a.test", "");
	said(0, "GET /first HTTP/1.1\r\nHost: b.test\r\n\r\n");
	server = peer_new(1);
	peer_h2(server, true);
	opened(1);
	peer_put(server, 1, head_part("HTTP/2 204 \r\n\r\n", HEAD_RESPONSE));
	peer_put(server, 1, (struct part){ .kind = PART_END });
	peer_settle(server);
	said(0, "GET /second HTTP/1.1\r\nHost: b.test\r\n\r\n");
	rig_take();
	peer_put(server, 3, (struct part){ .kind = PART_RESET, .code = H2_REFUSED_STREAM });
	peer_settle(server);
	assert_has(log_take(&server->log), "5 HEAD GET /second\n");
	peer_put(server, 5, (struct part){ .kind = PART_RESET, .code = H2_INTERNAL_ERROR });
	peer_settle(server);
	assert_lacks(log_take(&server->log), "7 HEAD");
	assert_has(rig_take(), "HTTP/1.1 502 ");
	rig_end();
}

/* More streams than connections to one server of HTTP/1: those that wait get
 * their turn whatever ends the ones before them. */
static void
test_streams_that_wait_for_a_connection_get_theirs_when_others_are_killed(void **state)
{
	enum { STREAMS = 40 };
	struct peer *client;
	unsigned conn = 0;

	(void)state;
	start_h2(&client, "reverse:http://a.test", "");
	for (uint32_t i = 0; i < STREAMS; i++)
		peer_ask(client, 1 + 2 * i, ASK("/"));
	/* HTTP/2 is no use there: 16 connections of HTTP/1, and no more. */
	opened(++conn);
	said(conn, "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n");
	while (strstr(rig_take(), "dial "))
		opened(++conn);
	assert_int_equal(conn, 17);
	for (flow_id flow = 1; flow <= STREAMS; flow++) {
		killed(flow);
		while (strstr(rig_take(), "dial "))
			opened(++conn);
	}
	assert_true(conn > 17);
	rig_end();
}

static void
test_a_request_without_a_host_gets_the_server_s_on_its_way_to_http1(void **state)
{
	struct peer *client;
	const char *log;

	(void)state;
	start_h2(&client, "reverse:http://a.test", "keep-host-header=yes");
	peer_ask(client, 1, "GET / HTTP/2\r\n\r\n");
	opened(1);
	said(1, "HTTP/1.1 400 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
	opened(2);
	log = rig_take();
	assert_has(log, "GET / HTTP/1.1\r\nHost: a.test\r\n");
	rig_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_client_that_ends_behind_early_bytes_of_a_tunnel_is_heard_out),
		cmocka_unit_test(test_early_http_behind_connect_and_an_end_is_answered),
		cmocka_unit_test(test_what_may_still_become_http_passes_when_the_client_ends),
		cmocka_unit_test(test_what_may_still_become_http_passes_after_a_second),
		cmocka_unit_test(test_small_letters_are_no_method),
		cmocka_unit_test(test_a_tunnel_asked_for_in_two_pieces_has_no_deadline_left),
		cmocka_unit_test(test_the_next_answer_too_waits_for_a_client_that_takes_none),
		cmocka_unit_test(test_a_request_waits_for_a_server_that_is_still_full_of_the_last),
		cmocka_unit_test(test_only_what_may_be_done_twice_is_sent_again),
		cmocka_unit_test(test_an_answer_that_is_broken_is_not_asked_for_again),
		cmocka_unit_test(test_options_for_a_whole_server_ask_for_a_star),
		cmocka_unit_test(test_an_upgrade_that_is_half_closed_stays_so),
		cmocka_unit_test(test_a_server_that_upgrades_and_ends_at_once_is_heard_out),
		cmocka_unit_test(test_reverse_mode_calls_the_server_by_its_own_name),
		cmocka_unit_test(test_a_server_of_h2c_is_spoken_to_in_http2_by_any_client),
		cmocka_unit_test(test_a_server_of_tls_that_is_lost_while_the_client_shakes_hands_ends_it),
		cmocka_unit_test(test_a_server_that_refuses_before_there_is_a_request_is_asked_again_with_it),
		cmocka_unit_test(test_a_server_behind_tls_that_speaks_first_and_ends_is_heard_out),
		cmocka_unit_test(test_a_tunnel_behind_a_request_is_a_flow_with_steps_of_its_own),
		cmocka_unit_test(test_a_client_that_leaves_at_once_behind_its_handshake_has_failed_and_one_that_leaves_later_not),
		cmocka_unit_test(test_an_answer_of_our_own_to_head_has_no_body),
		cmocka_unit_test(test_a_server_that_refuses_a_websocket_with_200_is_not_believed),
		cmocka_unit_test(test_a_websocket_that_its_server_resets_ends_without_a_page_or_a_second_try),
		cmocka_unit_test(test_a_stream_that_a_server_has_looked_at_is_not_asked_for_again),
		cmocka_unit_test(test_streams_that_wait_for_a_connection_get_theirs_when_others_are_killed),
		cmocka_unit_test(test_a_request_without_a_host_gets_the_server_s_on_its_way_to_http1),
	};

	return cmocka_run_group_tests(tests, rig_setup, rig_teardown);
}
