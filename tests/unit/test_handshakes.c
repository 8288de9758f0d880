/* The table of what came of TLS: counted, bounded, rolling, and the same live and read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/handshakes.h"

#define BEGIN 1795531640000000ull
#define SECONDS 1000000ull

struct made {
	struct store *store;
	flow_id flow;
	uint64_t when;
	char path[40];
};

static struct made
made_new(void)
{
	struct made m = { .when = BEGIN, .path = "/tmp/test-handshakes-XXXXXX" };
	struct fault why;

	close(mkstemp(m.path));
	unlink(m.path);
	m.store = store_create(m.path, &why);
	assert_non_null(m.store);
	return m;
}

static void
made_free(struct made *m)
{
	store_free(m->store);
	unlink(m->path);
}

static void
flow_at(struct made *m, const char *client, const char *scheme, const char *host, uint16_t port)
{
	struct origin o = { .client = bytes_of(client), .listener = LIT("l"), .mode = LIT("regular"), .scheme = bytes_of(scheme),
		.host = bytes_of(host), .port = port };
	struct note n = { .kind = NOTE_FLOW, .flow = ++m->flow, .when = m->when, .origin = origin_new(&o) };

	store_note(m->store, &n);
}

static void
flow_of(struct made *m, const char *client, const char *scheme, const char *host)
{
	flow_at(m, client, scheme, host, 443);
}

static void
step_of(struct made *m, enum step_kind kind, const char *peer, const char *name, const char *value)
{
	struct field v[] = { { LIT("peer"), bytes_of(peer) }, { bytes_of(name), bytes_of(value) } };
	struct note n = { .kind = NOTE_STEP, .flow = m->flow, .when = m->when, .step = step_new(kind, v, ARRAY_LEN(v)) };

	store_note(m->store, &n);
}

static void
succeeds(struct made *m, const char *client, const char *host)
{
	flow_of(m, client, "tcp", host);
	step_of(m, STEP_TLS_STARTED, "downstream", "sni", "");
	step_of(m, STEP_TLS_ESTABLISHED, "downstream", "version", "TLS1.3");
}

static void
fails(struct made *m, const char *client, const char *host, const char *reason)
{
	flow_of(m, client, "tcp", host);
	step_of(m, STEP_TLS_STARTED, "downstream", "sni", "");
	step_of(m, STEP_TLS_FAILED, "downstream", "tls_failure_reason", reason);
}

static struct handshakes
line_of(struct store *s, uint64_t now, const char *host)
{
	static struct handshakes all[HANDSHAKES_MAX];
	size_t count = store_handshakes(s, now, all, HANDSHAKES_MAX);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(all[i].host, host))
			return all[i];
	return (struct handshakes){ .number = 0 };
}

static void
each_host_and_client_and_side_has_a_line(void **state)
{
	struct made m = made_new();
	struct handshakes all[8];

	(void)state;
	succeeds(&m, "10.0.0.1:5", "a.test");
	succeeds(&m, "10.0.0.1:6", "a.test");
	fails(&m, "10.0.0.2:5", "a.test", "unknown_ca");
	step_of(&m, STEP_TLS_ESTABLISHED, "upstream", "version", "TLS1.2");
	assert_int_equal(store_handshakes(m.store, m.when, all, 8), 3);
	assert_string_equal(all[0].process, "10.0.0.2");	/* failures come first */
	assert_int_equal(all[0].failures, 1);
	assert_int_equal(all[0].by_reason[TLS_UNKNOWN_CA], 1);
	assert_int_equal(all[1].side, SERVER);
	assert_int_equal(all[2].successes, 2);
	assert_int_equal(store_handshakes_of(m.store, 3), all[0].number);
	assert_int_equal(store_handshakes_of(m.store, 1), all[2].number);
	assert_int_equal(store_handshakes_of(m.store, 99), 0);
	made_free(&m);
}

static void
a_process_that_is_known_goes_by_its_name(void **state)
{
	struct made m = made_new();
	struct handshakes all[4];

	(void)state;
	flow_of(&m, "127.0.0.1:5", "tcp", "a.test");
	step_of(&m, STEP_PROCESS, "", "name", "curl");
	step_of(&m, STEP_TLS_ESTABLISHED, "downstream", "version", "TLS1.3");
	succeeds(&m, "127.0.0.1:6", "a.test");
	assert_int_equal(store_handshakes(m.store, m.when, all, 4), 2);
	assert_string_equal(all[0].process, "127.0.0.1");
	assert_string_equal(all[1].process, "curl");
	made_free(&m);
}

static void
the_last_minutes_are_counted_apart(void **state)
{
	struct made m = made_new();
	struct handshakes h;

	(void)state;
	for (int i = 0; i < 10; i++, m.when += 60 * SECONDS)
		fails(&m, "c:1", "a.test", "timeout");
	h = line_of(m.store, m.when - 1, "a.test");
	assert_int_equal(h.failures, 10);
	assert_int_equal(h.recent_failures, 5);
	assert_int_equal(line_of(m.store, m.when + 240 * SECONDS, "a.test").recent_failures, 1);
	assert_int_equal(line_of(m.store, m.when + 300 * SECONDS, "a.test").recent_failures, 0);
	made_free(&m);
}

static void
the_last_minutes_are_counted_by_reason(void **state)
{
	struct made m = made_new();
	struct handshakes h;

	(void)state;
	fails(&m, "c:1", "a.test", "unknown_ca");
	fails(&m, "c:1", "a.test", "unknown_ca");
	m.when += 200 * SECONDS;
	fails(&m, "c:1", "a.test", "timeout");
	h = line_of(m.store, m.when, "a.test");
	assert_int_equal(h.recent_by_reason[TLS_UNKNOWN_CA], 2);
	assert_int_equal(h.recent_by_reason[TLS_TIMEOUT], 1);
	h = line_of(m.store, m.when + 200 * SECONDS, "a.test");
	assert_int_equal(h.recent_by_reason[TLS_UNKNOWN_CA], 0);
	assert_int_equal(h.recent_by_reason[TLS_TIMEOUT], 1);
	assert_int_equal(h.recent_failures, 1);
	assert_int_equal(h.by_reason[TLS_UNKNOWN_CA], 2);
	made_free(&m);
}

static void
each_port_of_a_host_has_a_line(void **state)
{
	struct made m = made_new();
	struct handshakes all[4];
	char place[HANDSHAKES_PLACE];

	(void)state;
	succeeds(&m, "c:1", "a.test");
	flow_at(&m, "c:2", "tcp", "a.test", 8443);
	step_of(&m, STEP_TLS_FAILED, "downstream", "tls_failure_reason", "unknown_ca");
	assert_int_equal(store_handshakes(m.store, m.when, all, 4), 2);
	assert_int_equal(all[0].port, 8443);
	assert_int_equal(all[0].successes, 0);
	assert_string_equal(handshakes_place(&all[0], place), "a.test:8443");
	assert_int_equal(all[1].failures, 0);
	assert_string_equal(handshakes_place(&all[1], place), "a.test");
	assert_int_equal(store_handshakes_of(m.store, 1), all[1].number);
	assert_int_equal(store_handshakes_of(m.store, 2), all[0].number);
	flow_at(&m, "c:3", "http", "a.test", 80);	/* which is what the client did then, be it another port */
	assert_int_equal(store_handshakes(m.store, m.when, all, 4), 2);
	assert_int_equal(all[0].plain_in, 3);
	flow_at(&m, "c:4", "tcp", "::1", 8443);
	step_of(&m, STEP_TLS_ESTABLISHED, "downstream", "version", "TLS1.3");
	assert_int_equal(store_handshakes(m.store, m.when, all, 4), 3);
	assert_string_equal(handshakes_place(&all[1], place), "[::1]:8443");
	made_free(&m);
}

static void
a_host_is_told_from_another_by_all_of_its_name(void **state)
{
	struct made m = made_new();
	struct handshakes all[4];
	char host[254];

	(void)state;
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	fails(&m, "c:1", host, "unknown_ca");
	host[252] = 'b';
	fails(&m, "c:1", host, "unknown_ca");
	assert_int_equal(store_handshakes(m.store, m.when, all, 4), 2);
	assert_string_equal(all[0].host, host);
	made_free(&m);
}

static void
a_refusal_long_after_what_looked_like_success_takes_it_back(void **state)
{
	struct made m = made_new();

	(void)state;
	succeeds(&m, "c:1", "a.test");
	m.when += 45 * SECONDS;
	step_of(&m, STEP_TLS_FAILED, "downstream", "tls_failure_reason", "unknown_ca");
	assert_int_equal(line_of(m.store, m.when, "a.test").recent_successes, 0);
	made_free(&m);
}

static void
a_refusal_behind_what_looked_like_success_takes_it_back(void **state)
{
	struct made m = made_new();
	struct handshakes h;

	(void)state;
	succeeds(&m, "c:1", "a.test");
	step_of(&m, STEP_TLS_FAILED, "downstream", "tls_failure_reason", "unknown_ca");
	h = line_of(m.store, m.when, "a.test");
	assert_int_equal(h.successes, 0);
	assert_int_equal(h.before, 0);
	assert_int_equal(h.recent_successes, 0);
	assert_int_equal(h.failures, 1);
	made_free(&m);
}

static void
what_the_client_does_then_is_kept(void **state)
{
	struct made m = made_new();
	struct handshakes h;

	(void)state;
	for (int i = 0; i < 3; i++, m.when += SECONDS)
		fails(&m, "c:1", "a.test", "eof_or_reset");
	h = line_of(m.store, m.when, "a.test");
	assert_int_equal(h.again, 2);
	flow_of(&m, "c:2", "http", "a.test");
	flow_of(&m, "c:2", "udp", "a.test");
	step_of(&m, STEP_HTTP3_PASSTHROUGH, "", "sni", "a.test");
	m.when += 60 * SECONDS;
	succeeds(&m, "c:3", "a.test");
	h = line_of(m.store, m.when, "a.test");
	assert_int_equal(h.plain_in, 4);
	assert_int_equal(h.quic_in, 5);
	assert_int_equal(h.since, 1);
	assert_int_equal(h.again, 0);
	assert_int_equal(h.before, 0);
	made_free(&m);
}

static void
a_million_hosts_take_no_more_room_than_some(void **state)
{
	static struct handshakes all[HANDSHAKES_MAX + 1];
	struct made m = made_new();
	char host[40];

	(void)state;
	fails(&m, "c:1", "first.test", "timeout");
	for (int i = 0; i < HANDSHAKES_MAX * 3; i++, m.when += 1000) {
		snprintf(host, sizeof(host), "h%d.test", i);
		succeeds(&m, "c:1", host);
	}
	assert_int_equal(store_handshakes(m.store, m.when, all, HANDSHAKES_MAX + 1), HANDSHAKES_MAX);
	assert_string_equal(all[0].host, "first.test");		/* one that failed stays */
	assert_string_equal(all[1].host, host);
	assert_int_equal(line_of(m.store, m.when, "h0.test").number, 0);
	for (int i = 0; i < HANDSHAKES_MAX; i++, m.when += 1000) {
		snprintf(host, sizeof(host), "f%d.test", i);
		fails(&m, "c:1", host, "timeout");
	}
	assert_int_equal(store_handshakes(m.store, m.when, all, HANDSHAKES_MAX + 1), HANDSHAKES_MAX);
	assert_int_equal(line_of(m.store, m.when, "first.test").number, 0);
	assert_int_equal(store_handshakes_of(m.store, 1), 0);
	made_free(&m);
}

static void
a_session_that_is_read_has_the_same_lines(void **state)
{
	struct made m = made_new();
	struct handshakes live, read;
	struct fault why = { "" };
	struct store *s;

	(void)state;
	succeeds(&m, "c:1", "a.test");
	fails(&m, "c:1", "a.test", "unknown_ca");
	store_flush(m.store);
	live = line_of(m.store, m.when, "a.test");
	s = store_open(m.path, &why);
	assert_non_null(s);
	assert_int_equal(store_heard(s), m.when);
	read = line_of(s, m.when, "a.test");
	assert_memory_equal(&live, &read, sizeof(live));
	assert_int_equal(read.recent_failures, 1);
	store_free(s);
	made_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_host_and_client_and_side_has_a_line),
		cmocka_unit_test(a_process_that_is_known_goes_by_its_name),
		cmocka_unit_test(the_last_minutes_are_counted_apart),
		cmocka_unit_test(the_last_minutes_are_counted_by_reason),
		cmocka_unit_test(each_port_of_a_host_has_a_line),
		cmocka_unit_test(a_host_is_told_from_another_by_all_of_its_name),
		cmocka_unit_test(a_refusal_long_after_what_looked_like_success_takes_it_back),
		cmocka_unit_test(a_refusal_behind_what_looked_like_success_takes_it_back),
		cmocka_unit_test(what_the_client_does_then_is_kept),
		cmocka_unit_test(a_million_hosts_take_no_more_room_than_some),
		cmocka_unit_test(a_session_that_is_read_has_the_same_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
