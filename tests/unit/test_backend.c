/* The proxy as all above sees it: what it does while nobody takes its notes. */
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
bench_open(struct bench *b, const char *record_buffer)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	struct fault why = { "" };
	char mode[80];

	strcpy(b->dir, "/tmp/test-backend-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->origin = socket(AF_INET, SOCK_STREAM, 0);
	assert_false(bind(b->origin, (struct sockaddr *)&a, len) || listen(b->origin, 4) ||
		getsockname(b->origin, (struct sockaddr *)&a, &len));
	pthread_create(&b->thread, NULL, origin_run, b);
	snprintf(mode, sizeof(mode), "reverse:http://127.0.0.1:%u", ntohs(a.sin_port));
	b->ordered = ordered_new();
	options_init(&b->options);
	assert_true(option_set(&b->options, "mode", mode, &why) && option_set(&b->options, "listen", "127.0.0.1:0", &why) &&
		option_set(&b->options, "workers", "1", &why) && option_set(&b->options, "record-buffer", record_buffer, &why));
	assert_non_null(b->ca = ca_open(b->dir, &why));
	assert_non_null(b->backend = backend_start(&b->options, b->ca, &why));
	b->rings = backend_rings(b->backend, &b->count);
	a.sin_port = htons((uint16_t)atoi(strrchr(backend_address(b->backend), ':') + 1));
	b->client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(b->client, (struct sockaddr *)&a, sizeof(a)), 0);
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
bench_close(struct bench *b)
{
	struct fault why;
	pthread_t stopping;

	close(b->client);
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
	pthread_join(b->thread, NULL);
	backend_free(b->backend);
	ca_close(b->ca);
	options_release(&b->options);
	close(b->origin);
	remove_folder(b->dir);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_wait_when_the_record_buffer_is_full_and_go_on_when_it_is_not),
		cmocka_unit_test(a_record_buffer_larger_than_the_traffic_stalls_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
