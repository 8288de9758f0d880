/* The proxy as all above sees it: what it does while nobody takes its notes, and how its listeners change. */
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
#include "soth/ca.h"
#include "soth/ring.h"

enum { BODY = 32 << 20, STALLED_MS = 500 };

struct bench {
	char dir[40];
	struct options options;
	struct ca *ca;
	struct backend *backend;
	struct ring **rings;
	size_t count;
	struct ordered ordered;
	int origin, client;
	pthread_t thread;
};

/* One answer of BODY bytes, to whoever connects. */
static void *
origin_run(void *arg)
{
	struct bench *b = arg;
	static char piece[64 << 10];
	int fd = accept(b->origin, NULL, NULL);
	ssize_t n = recv(fd, piece, sizeof(piece), 0);

	n = dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", BODY) < 0 ? -1 : n;
	for (size_t sent = 0; n > 0 && sent < BODY; sent += (size_t)n)
		n = send(fd, piece, sizeof(piece), MSG_NOSIGNAL);
	close(fd);
	return NULL;
}

static void
bench_start(struct bench *b, const char *mode, const char *workers, const char *record_buffer)
{
	struct fault why = { "" };

	strcpy(b->dir, "/tmp/test-backend-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->ordered = ordered_new();
	options_init(&b->options);
	assert_true(option_set(&b->options, "mode", mode, &why) && option_set(&b->options, "listen", "127.0.0.1:0", &why) &&
		option_set(&b->options, "workers", workers, &why) &&
		option_set(&b->options, "record-buffer", record_buffer, &why));
	assert_non_null(b->ca = ca_open(b->dir, &why));
	assert_non_null(b->backend = backend_start(&b->options, b->ca, NULL, &why));
	b->rings = backend_rings(b->backend, &b->count);
}

static unsigned
bench_origin(struct bench *b)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);

	b->origin = socket(AF_INET, SOCK_STREAM, 0);
	assert_false(bind(b->origin, (struct sockaddr *)&a, len) || listen(b->origin, 4) ||
		getsockname(b->origin, (struct sockaddr *)&a, &len));
	return ntohs(a.sin_port);
}

static unsigned
port_of(const char *address)
{
	return (unsigned)atoi(strrchr(address, ':') + 1);
}

/* -1: nobody listens there. */
static int
call(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_port = htons((uint16_t)port);
	if (!connect(fd, (struct sockaddr *)&a, sizeof(a)))
		return fd;
	close(fd);
	return -1;
}

static void
bench_open(struct bench *b, const char *record_buffer)
{
	char mode[80];

	snprintf(mode, sizeof(mode), "reverse:http://127.0.0.1:%u", bench_origin(b));
	pthread_create(&b->thread, NULL, origin_run, b);
	bench_start(b, mode, "1", record_buffer);
	b->client = call(port_of(backend_address(b->backend)));
	assert_true(dprintf(b->client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") > 0);
}

static void
bench_drain(struct bench *b)
{
	struct note n;

	for (size_t i = 0; i < b->count; i++)
		while (ring_pop(b->rings[i], &n)) {
			ordered_note(&b->ordered, &n);
			note_drop(&n);
		}
}

/* Bytes until there are no more, or none for a while; with `drain`, taking the notes meanwhile. */
static size_t
bench_read(struct bench *b, bool drain)
{
	struct pollfd p = { b->client, POLLIN, 0 };
	static char piece[64 << 10];
	size_t got = 0;
	ssize_t n;

	for (;;) {
		if (drain)
			bench_drain(b);
		if (poll(&p, 1, drain ? 10 : STALLED_MS) <= 0 && !drain)
			return got;
		if (!p.revents)
			continue;
		n = recv(b->client, piece, sizeof(piece), 0);
		if (n <= 0)
			return got;
		got += (size_t)n;
	}
}

static void *
drain_run(void *arg)
{
	backend_stop(arg);
	return NULL;
}

static void
remove_folder(const char *dir)
{
	static const char *const names[] = { "soth-ca.pem", "soth-ca-cert.pem" };
	char path[100];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void
bench_end(struct bench *b)
{
	struct fault why;
	pthread_t stopping;

	pthread_create(&stopping, NULL, drain_run, b->backend);
	while (pthread_tryjoin_np(stopping, NULL)) {
		struct pollfd p = { ring_fd(b->rings[0]), POLLIN, 0 };

		bench_drain(b);
		if (ring_park(b->rings[0]))
			poll(&p, 1, 20);
	}
	bench_drain(b);
	if (!ordered_end(&b->ordered, &why))
		fail_msg("%s", why.text);
	backend_free(b->backend);
	ca_close(b->ca);
	options_release(&b->options);
	remove_folder(b->dir);
}

static void
bench_close(struct bench *b)
{
	close(b->client);
	bench_end(b);
	pthread_join(b->thread, NULL);
	close(b->origin);
}

static void
sockets_wait_when_the_record_buffer_is_full_and_go_on_when_it_is_not(void **state)
{
	struct bench b;
	size_t before;

	(void)state;
	bench_open(&b, "1m");
	before = bench_read(&b, false);
	assert_in_range(before, 1, BODY / 2);
	assert_true(before + bench_read(&b, true) > BODY);
	bench_close(&b);
}

static void
a_record_buffer_larger_than_the_traffic_stalls_nothing(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b, "128m");
	assert_true(bench_read(&b, false) > BODY);
	bench_close(&b);
}

/* Waits: a worker hears of a listener a little later. */
static void
exchange_bytes(int fd, const void *sent, size_t len, const void *want, size_t want_len)
{
	char got[64];

	assert_true(send(fd, sent, len, MSG_NOSIGNAL) == (ssize_t)len);
	assert_int_equal(recv(fd, got, want_len, MSG_WAITALL), want_len);
	assert_memory_equal(got, want, want_len);
}

static void
speaks_socks(unsigned port)
{
	int fd = call(port);

	assert_true(fd >= 0);
	exchange_bytes(fd, "\5\1\0", 3, "\5\0", 2);
	close(fd);
}

static void
speaks_http(unsigned port)
{
	int fd = call(port);

	assert_true(fd >= 0);
	exchange_bytes(fd, "GET / HTTP/1.1\r\n\r\n", 18, "HTTP/1.1 4", 10);
	close(fd);
}

/* The worker closes its socket a little later. */
static void
nobody_listens(unsigned port)
{
	int fd;

	for (int tries = 0; (fd = call(port)) >= 0 && tries < 500; tries++) {
		close(fd);
		poll(NULL, 0, 10);
	}
	assert_int_equal(fd, -1);
}

static void
set_mode(struct bench *b, const char *list)
{
	struct fault why = { "" };
	char text[400];

	snprintf(text, sizeof(text), "mode=%s", list);
	if (!backend_set(b->backend, text, &why))
		fail_msg("%s: %s", list, why.text);
}

/* "SPEC SPEC": what listens; its ports go to `ports`. */
static void
listens(struct bench *b, const char *want, unsigned *ports)
{
	struct listening l[8];
	size_t count = backend_listening(b->backend, l, ARRAY_LEN(l));
	char text[400] = "";

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "", l[i].spec);
		ports[i] = port_of(l[i].address);
		assert_int_not_equal(ports[i], 0);
	}
	assert_string_equal(text, want);
}

static void
each_mode_listens_and_port_0_picks_one_for_each(void **state)
{
	struct bench b;
	unsigned at[3];

	(void)state;
	bench_start(&b, "regular,socks5,socks5", "2", "1m");
	listens(&b, "regular socks5 socks5", at);
	assert_true(at[0] != at[1] && at[1] != at[2] && at[0] != at[2]);
	speaks_http(at[0]);
	speaks_socks(at[1]);
	speaks_socks(at[2]);
	bench_end(&b);
}

static void
listeners_come_and_go_and_those_that_stay_keep_their_ports(void **state)
{
	struct bench b;
	unsigned at[3], now[3];

	(void)state;
	bench_start(&b, "socks5,socks5", "2", "1m");
	listens(&b, "socks5 socks5", at);
	set_mode(&b, "socks5,regular@0,socks5");
	listens(&b, "socks5 regular@0 socks5", now);
	assert_true(now[0] == at[0] && now[2] == at[1]);
	assert_true(now[1] != at[0] && now[1] != at[1]);
	for (int i = 0; i < 8; i++) {	/* whichever worker takes it */
		speaks_socks(now[0]);
		speaks_http(now[1]);
		speaks_socks(now[2]);
	}
	set_mode(&b, "regular@0");
	listens(&b, "regular@0", at);
	assert_int_equal(at[0], now[1]);
	nobody_listens(now[0]);
	nobody_listens(now[2]);
	speaks_http(at[0]);
	bench_end(&b);
}

static void
the_mode_of_an_address_changes_with_no_moment_without_a_listener(void **state)
{
	struct bench b;
	unsigned at[2], now[2];
	int waiting;

	(void)state;
	bench_start(&b, "socks5,socks5", "2", "1m");
	listens(&b, "socks5 socks5", at);
	for (int i = 0; i < 20; i++) {
		set_mode(&b, i % 2 ? "socks5,socks5" : "regular,regular");
		waiting = call(at[0]);
		assert_true(waiting >= 0);
		close(waiting);
	}
	set_mode(&b, "regular,regular");
	listens(&b, "regular regular", now);
	assert_true(now[0] == at[0] && now[1] == at[1]);
	set_mode(&b, "regular");
	listens(&b, "regular", at);
	assert_int_equal(at[0], now[0]);
	nobody_listens(now[1]);
	speaks_http(at[0]);
	bench_end(&b);
}

static void
a_connection_under_way_goes_on_when_its_listener_has_gone(void **state)
{
	uint8_t connect[10] = { 5, 1, 0, 1, 127, 0, 0, 1 };
	struct bench b;
	unsigned at[1], origin = bench_origin(&b);
	int client, server;
	char got[10];

	(void)state;
	bench_start(&b, "socks5", "2", "1m");
	listens(&b, "socks5", at);
	client = call(at[0]);
	assert_true(client >= 0);
	exchange_bytes(client, "\5\1\0", 3, "\5\0", 2);
	connect[8] = (uint8_t)(origin >> 8);
	connect[9] = (uint8_t)origin;
	exchange_bytes(client, connect, sizeof(connect), "\5\0\0", 3);
	assert_int_equal(recv(client, got, 7, MSG_WAITALL), 7);
	assert_int_equal(send(client, "\1before", 7, 0), 7);
	server = accept(b.origin, NULL, NULL);
	assert_int_equal(recv(server, got, 7, MSG_WAITALL), 7);
	set_mode(&b, "regular@127.0.0.2:0");
	nobody_listens(at[0]);
	assert_int_equal(send(client, "\1after", 6, MSG_NOSIGNAL), 6);
	assert_int_equal(recv(server, got, 6, MSG_WAITALL), 6);
	assert_int_equal(send(server, "\1back", 5, MSG_NOSIGNAL), 5);
	assert_int_equal(recv(client, got, 5, MSG_WAITALL), 5);
	close(client);
	close(server);
	bench_end(&b);
	close(b.origin);
}

static void
a_fault_changes_nothing(void **state)
{
	struct bench b;
	unsigned at[2], now[2], taken = bench_origin(&b);
	char text[5][100];

	(void)state;
	bench_start(&b, "regular,socks5@0", "2", "1m");
	listens(&b, "regular socks5@0", at);
	strcpy(text[0], "mode=sock5");
	strcpy(text[1], "mode=");
	strcpy(text[2], "mode");
	snprintf(text[3], sizeof(text[3]), "mode=socks5@:%u,regular@:%u", at[0] + 1, at[0] + 1);
	snprintf(text[4], sizeof(text[4]), "mode=socks5,reverse:http://a@0,regular@%u", taken);
	for (size_t i = 0; i < ARRAY_LEN(text); i++) {
		struct fault why = { "" };

		if (backend_set(b.backend, text[i], &why))
			fail_msg("%s was taken", text[i]);
		assert_true(*why.text);
		listens(&b, "regular socks5@0", now);
		assert_true(now[0] == at[0] && now[1] == at[1]);
		for (int n = 0; n < 4; n++) {
			speaks_http(at[0]);
			speaks_socks(at[1]);
		}
	}
	bench_end(&b);
	close(b.origin);
}

static void
two_modes_on_one_address_are_a_fault_but_for_datagrams(void **state)
{
	struct fault why = { "" };
	struct bench b;
	unsigned at[2];
	char text[100];

	(void)state;
	bench_start(&b, "regular", "1", "1m");
	listens(&b, "regular", at);
	snprintf(text, sizeof(text), "mode=socks5@%u,regular@127.0.0.1:%u", at[0] + 1, at[0] + 1);
	assert_false(backend_set(b.backend, text, &why));
	assert_non_null(strstr(why.text, "both want 127.0.0.1:"));
	assert_non_null(strstr(why.text, "give one an @[HOST:]PORT"));
	snprintf(text, sizeof(text), "regular,reverse:udp://127.0.0.1:9@%u", at[0]);
	set_mode(&b, text);
	*strchr(text, ',') = ' ';
	listens(&b, text, at);
	assert_int_equal(at[0], at[1]);
	bench_end(&b);
}

static int
datagram_socket(unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { 10, 0 };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_false(bind(fd, (struct sockaddr *)&a, len) || getsockname(fd, (struct sockaddr *)&a, &len) ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)));
	*port = ntohs(a.sin_port);
	return fd;
}

static void
a_listener_of_datagrams_changes_its_server_on_the_same_socket(void **state)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	unsigned one_port, other_port, own, at[1], now[1];
	int one = datagram_socket(&one_port), other = datagram_socket(&other_port), client = datagram_socket(&own);
	char mode[80], got[10];
	struct bench b;

	(void)state;
	snprintf(mode, sizeof(mode), "reverse:udp://127.0.0.1:%u", one_port);
	bench_start(&b, mode, "1", "1m");
	listens(&b, mode, at);
	to.sin_port = htons((uint16_t)at[0]);
	assert_int_equal(sendto(client, "one", 3, 0, (struct sockaddr *)&to, sizeof(to)), 3);
	assert_int_equal(recv(one, got, sizeof(got), 0), 3);
	snprintf(mode, sizeof(mode), "reverse:udp://127.0.0.1:%u", other_port);
	set_mode(&b, mode);
	listens(&b, mode, now);
	assert_int_equal(now[0], at[0]);
	do {	/* until the worker has heard of it */
		assert_int_equal(sendto(client, "two", 3, 0, (struct sockaddr *)&to, sizeof(to)), 3);
	} while (recv(other, got, sizeof(got), MSG_DONTWAIT) != 3 && !poll(NULL, 0, 10));
	close(client);
	close(one);
	close(other);
	bench_end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_wait_when_the_record_buffer_is_full_and_go_on_when_it_is_not),
		cmocka_unit_test(a_record_buffer_larger_than_the_traffic_stalls_nothing),
		cmocka_unit_test(each_mode_listens_and_port_0_picks_one_for_each),
		cmocka_unit_test(listeners_come_and_go_and_those_that_stay_keep_their_ports),
		cmocka_unit_test(the_mode_of_an_address_changes_with_no_moment_without_a_listener),
		cmocka_unit_test(a_connection_under_way_goes_on_when_its_listener_has_gone),
		cmocka_unit_test(a_fault_changes_nothing),
		cmocka_unit_test(two_modes_on_one_address_are_a_fault_but_for_datagrams),
		cmocka_unit_test(a_listener_of_datagrams_changes_its_server_on_the_same_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
