/*
 * WebSocket echo for bench.py, both ends of it, each connection a thread:
 *
 *	wsload serve PORT			says "ready", and sends back what comes
 *	wsload load PORT CONNECTIONS WINDOW MESSAGES	of SIZE bytes each, WINDOW of them under way at once
 *
 * The key of the handshake is that of RFC 6455 section 1.3, and so is its
 * answer. What passes is unmasked from the server, masked with zero to it.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 100, TO_SERVER = 2 + 4 + SIZE, TO_CLIENT = 2 + SIZE, ROOM = 1 << 16, WINDOW_MAX = 512 };

static const char hello[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static const char welcome[] = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static int port;
static long window, messages;

static struct sockaddr_in
address(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void
at_once(int fd)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}

static bool
send_all(int fd, const void *data, size_t len)
{
	for (const char *at = data; len; ) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* Byte by byte, so that nothing behind it is taken. */
static bool
read_head(int fd)
{
	char last[4] = "";

	while (memcmp(last, "\r\n\r\n", 4)) {
		memmove(last, last + 1, 3);
		if (recv(fd, last + 3, 1, 0) != 1)
			return false;
	}
	return true;
}

/* What is whole of `len` bytes goes back; the rest moves to the front. */
static size_t
echo(int fd, char *in, size_t len)
{
	static _Thread_local char out[ROOM];
	size_t at = 0, made = 0;

	for (; len - at >= TO_SERVER; at += TO_SERVER) {
		out[made] = (char)0x82;
		out[made + 1] = SIZE;
		for (int i = 0; i < SIZE; i++)
			out[made + 2 + (size_t)i] = in[at + 6 + (size_t)i] ^ in[at + 2 + (size_t)(i & 3)];
		made += TO_CLIENT;
	}
	if (!send_all(fd, out, made))
		return SIZE_MAX;
	memmove(in, in + at, len - at);
	return len - at;
}

static void *
serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char *in = malloc(ROOM);
	size_t len = 0;

	at_once(fd);
	if (in && read_head(fd) && send_all(fd, welcome, sizeof(welcome) - 1)) {
		ssize_t n;

		while (len != SIZE_MAX && (n = recv(fd, in + len, ROOM - len, 0)) > 0)
			len = echo(fd, in, len + (size_t)n);
	}
	free(in);
	close(fd);
	return NULL;
}

static int
serve(void)
{
	struct sockaddr_in a = address();
	int s = socket(AF_INET, SOCK_STREAM, 0), fd;
	pthread_t t;

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (bind(s, (void *)&a, sizeof(a)) || listen(s, 512))
		return 1;
	puts("ready");
	fflush(stdout);
	while ((fd = accept(s, NULL, NULL)) >= 0)
		if (!pthread_create(&t, NULL, serve_one, (void *)(intptr_t)fd))
			pthread_detach(t);
	return 1;
}

/* Keeps `window` messages under way until all have come back. */
static bool
talk(int fd)
{
	static const char one[TO_SERVER] = { (char)0x82, (char)(0x80 | SIZE) };
	static _Thread_local char in[ROOM];
	char out[TO_SERVER * WINDOW_MAX];
	size_t want = (size_t)messages * TO_CLIENT, got = 0;
	long sent = 0, due = window;

	for (int i = 0; i < WINDOW_MAX; i++)
		memcpy(out + i * TO_SERVER, one, TO_SERVER);
	while (got < want) {
		ssize_t n;

		due = due < messages - sent ? due : messages - sent;
		if (due && !send_all(fd, out, (size_t)due * TO_SERVER))
			return false;
		sent += due;
		if ((n = recv(fd, in, sizeof(in), 0)) <= 0)
			return false;
		due = (long)((got + (size_t)n) / TO_CLIENT - got / TO_CLIENT);
		got += (size_t)n;
	}
	return true;
}

static void *
load_one(void *arg)
{
	struct sockaddr_in a = address();
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool *ok = arg;

	at_once(fd);
	*ok = !connect(fd, (void *)&a, sizeof(a)) && send_all(fd, hello, sizeof(hello) - 1) && read_head(fd) && talk(fd);
	close(fd);
	return NULL;
}

static int
load(long connections)
{
	pthread_t *t = calloc((size_t)connections, sizeof(*t));
	bool *ok = calloc((size_t)connections, sizeof(*ok));
	struct timespec from, to;
	long good = 0;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (long i = 0; i < connections; i++)
		if (pthread_create(&t[i], NULL, load_one, &ok[i]))
			return 1;
	for (long i = 0; i < connections; i++) {
		pthread_join(t[i], NULL);
		good += ok[i];
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%ld messages in %.3f s\n", good * messages,
		(double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	free(t);
	free(ok);
	return good != connections;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "serve")) {
		port = atoi(argv[2]);
		return serve();
	}
	if (argc == 6 && !strcmp(argv[1], "load")) {
		long connections = atol(argv[3]);

		port = atoi(argv[2]);
		window = atol(argv[4]);
		messages = atol(argv[5]);
		if (connections > 0 && window > 0 && window <= WINDOW_MAX && messages > 0)
			return load(connections);
	}
	fputs("usage: wsload serve PORT | load PORT CONNECTIONS WINDOW MESSAGES\n", stderr);
	return 2;
}
