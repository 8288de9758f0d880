/* Flows of datagrams in a running backend: by sockets, orders and notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "soth/backend.h"
#include "soth/ca.h"
#include "soth/ring.h"

enum { PATIENCE_MS = 20000 };

/* "two.test" has two addresses, and nobody is at the first. */
int
getaddrinfo(const char *node, const char *service, const struct addrinfo *want, struct addrinfo **found)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!node || strcmp(node, "two.test") || want->ai_flags & AI_NUMERICHOST)
		return real(node, service, want, found);
	return real("127.0.0.2", service, want, found) || real("127.0.0.1", service, want, &(*found)->ai_next);
}

struct bench {
	char dir[40];
	struct ca *ca;
	struct options options;
	struct backend *backend;
	struct ring *notes;
	int origin, client;
};

static int
udp_socket(struct sockaddr_in *at)
{
	struct timeval patience = { PATIENCE_MS / 1000, 0 };
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_false(bind(fd, (struct sockaddr *)at, len) || getsockname(fd, (struct sockaddr *)at, &len));
	return fd;
}

static void
bench_open(struct bench *b, const char *host)
{
	struct sockaddr_in a, own;
	struct fault why = { "" };
	char mode[80];
	size_t count;

	b->origin = udp_socket(&a);
	b->client = udp_socket(&own);
	snprintf(mode, sizeof(mode), "reverse:udp://%s:%u", host, ntohs(a.sin_port));
	options_init(&b->options);
	assert_true(option_set(&b->options, "mode", mode, &why) && option_set(&b->options, "listen", "127.0.0.1:0", &why) &&
		option_set(&b->options, "workers", "1", &why) &&
		option_set(&b->options, "process-lookup", "no", &why));
	strcpy(b->dir, "/tmp/test-udp-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	assert_non_null(b->ca = ca_open(b->dir, &why));
	b->backend = backend_start(&b->options, b->ca, NULL, &why);
	assert_non_null(b->backend);
	b->notes = backend_rings(b->backend, &count)[0];
	a.sin_port = htons((uint16_t)atoi(strrchr(backend_address(b->backend), ':') + 1));
	assert_int_equal(connect(b->client, (struct sockaddr *)&a, sizeof(a)), 0);
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

static void *
stop_run(void *arg)
{
	backend_stop(arg);
	return NULL;
}

static void
bench_close(struct bench *b)
{
	pthread_t stopping;
	struct note n;

	pthread_create(&stopping, NULL, stop_run, b->backend);
	while (pthread_tryjoin_np(stopping, NULL))
		while (ring_pop(b->notes, &n))
			note_drop(&n);
	while (ring_pop(b->notes, &n))
		note_drop(&n);
	backend_free(b->backend);
	ca_close(b->ca);
	remove_folder(b->dir);
	options_release(&b->options);
	close(b->origin);
	close(b->client);
}

/* Notes up to the next of that kind, which the caller drops. */
static struct note
wait_note(struct bench *b, enum note_kind kind)
{
	struct pollfd p = { ring_fd(b->notes), POLLIN, 0 };
	struct note n;

	for (;;) {
		while (ring_pop(b->notes, &n)) {
			if (n.kind == kind)
				return n;
			note_drop(&n);
		}
		if (ring_park(b->notes))
			assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	}
}

static void
wait_step(struct bench *b, enum step_kind kind, const char *name, const char *value)
{
	struct note n = wait_note(b, NOTE_STEP);

	assert_string_equal(step_event(step_kind(n.step)), step_event(kind));
	assert_true(!*name || bytes_are(step_find(n.step, name), value));
	note_drop(&n);
}

static void
origin_gets(struct bench *b, const char *text, struct sockaddr_in *from)
{
	socklen_t len = sizeof(*from);
	char got[100];
	ssize_t n = recvfrom(b->origin, got, sizeof(got), 0, (struct sockaddr *)from, &len);

	assert_true(n >= 0 && bytes_are((struct bytes){ (uint8_t *)got, (size_t)n }, text));
}

static void
what_the_first_address_refused_goes_to_the_second(void **state)
{
	struct sockaddr_in from;
	struct bench b;
	char got[10];

	(void)state;
	bench_open(&b, "two.test");
	assert_int_equal(send(b.client, "one", 3, 0), 3);
	origin_gets(&b, "one", &from);
	assert_int_equal(sendto(b.origin, "answer", 6, 0, (struct sockaddr *)&from, sizeof(from)), 6);
	assert_int_equal(recv(b.client, got, sizeof(got), 0), 6);
	assert_int_equal(send(b.client, "two", 3, 0), 3);
	origin_gets(&b, "two", &from);		/* and "one" no second time */
	wait_step(&b, STEP_DIALING, "host", "two.test");
	wait_step(&b, STEP_CONNECTED, "", "");
	wait_step(&b, STEP_CONNECT_FAILED, "detail", "Connection refused");
	wait_step(&b, STEP_DIALING, "host", "two.test");
	wait_step(&b, STEP_CONNECTED, "", "");
	bench_close(&b);
}

static void
a_flow_that_was_killed_carries_nothing_more(void **state)
{
	struct sockaddr_in from, own;
	struct bench b;
	struct note n;
	int other;

	(void)state;
	bench_open(&b, "127.0.0.1");
	assert_int_equal(send(b.client, "one", 3, 0), 3);
	origin_gets(&b, "one", &from);
	n = wait_note(&b, NOTE_FLOW);
	backend_order(b.backend, &(struct order){ .kind = ORDER_KILL, .flow = n.flow });
	note_drop(&n);
	n = wait_note(&b, NOTE_GONE);
	assert_int_equal(n.part.code, CLOSE_BLOCKED);
	note_drop(&n);
	assert_int_equal(send(b.client, "lost", 4, 0), 4);
	other = udp_socket(&own);
	own.sin_port = htons((uint16_t)atoi(strrchr(backend_address(b.backend), ':') + 1));
	assert_int_equal(sendto(other, "another", 7, 0, (struct sockaddr *)&own, sizeof(own)), 7);
	origin_gets(&b, "another", &from);
	close(other);
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_first_address_refused_goes_to_the_second),
		cmocka_unit_test(a_flow_that_was_killed_carries_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
