/* Listening sockets, one a worker, on one port. */
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listener.h"
#include "soth/mode.h"

enum { BACKLOG = 4096, PORTS_TRIED = 50 };

/* The inode of the socket that listens on that port; 0: none seen. */
static unsigned long
inode_of(const char *table, unsigned port)
{
	FILE *f = fopen(table, "re");
	unsigned long inode = 0, i;
	unsigned local, state;
	char line[512];

	while (f && !inode && fgets(line, sizeof(line), f))
		if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*u %*u %lu",
				&local, &state, &i) == 3 && local == port && state == 0x0a)
			inode = i;
	if (f)
		fclose(f);
	return inode;
}

static void
name_of(unsigned long pid, char name[64])
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%lu/comm", pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%63[^\n]", name) != 1)
		snprintf(name, 64, "?");
	if (f)
		fclose(f);
	/* A program names itself. */
	for (char *c = name; *c; c++)
		*c = isprint((unsigned char)*c) ? *c : '?';
}

/* " (by nginx, pid 12)", or nothing where we may not know. */
static void
who_listens(unsigned port, char *out, size_t room)
{
	unsigned long inode = inode_of("/proc/net/tcp", port);
	char want[64], name[64];
	glob_t found;

	*out = 0;
	inode = inode ? inode : inode_of("/proc/net/tcp6", port);
	snprintf(want, sizeof(want), "socket:[%lu]", inode);
	if (!inode || glob("/proc/[0-9]*/fd/[0-9]*", GLOB_NOSORT, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc && !*out; i++) {
		unsigned long pid = strtoul(found.gl_pathv[i] + strlen("/proc/"), NULL, 10);
		char link[64];
		ssize_t n = readlink(found.gl_pathv[i], link, sizeof(link));

		if (n < 0 || (size_t)n != strlen(want) || memcmp(link, want, (size_t)n))
			continue;
		name_of(pid, name);
		snprintf(out, room, " (by %s, pid %lu)", name, pid);
	}
	globfree(&found);
}

/* `alone` fails where anyone has the port, another soth too; only then the
 * socket is opened for sharing, with the workers' others. */
static int
bind_one(const struct address *a, int type, bool alone, int *error)
{
	int fd = socket(a->any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		if (type == SOCK_STREAM)
			setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
		if (!alone)
			setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int));
		if (!bind(fd, &a->any, a->len)) {
			setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int));
			if (type == SOCK_DGRAM || !listen(fd, BACKLOG))
				return fd;
		}
	}
	*error = errno;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A port after this one that can be had; 0: none near. */
static unsigned
port_free(const struct address *a, int type)
{
	struct address other = *a;
	const unsigned first = address_port(a) + 1u;

	for (unsigned port = first; port <= 65535 && port < first + PORTS_TRIED; port++) {
		int error, fd;

		address_set_port(&other, (uint16_t)port);
		fd = bind_one(&other, type, true, &error);
		if (fd >= 0) {
			close(fd);
			return port;
		}
	}
	return 0;
}

static bool
listener_where(const char *where, struct address *a, struct fault *why)
{
	char host[256];
	struct addrinfo *found = NULL;
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	int port;
	bool ok;

	if (!address_split(bytes_of(where), host, sizeof(host), &port) || port < 0)
		return fault(why, "listen: '%.80s': expected HOST:PORT", where);
	/* A port alone is of this machine; to be open to its network takes a ':'. */
	if (getaddrinfo(*host ? host : *where == ':' ? NULL : "127.0.0.1", "0", &want, &found))
		return fault(why, "listen: %.80s: no such host", where);
	ok = address_take(a, found, (uint16_t)port);
	freeaddrinfo(found);
	return ok || fault(why, "listen: %.80s: no address to listen on", where);
}

static bool
listener_fault(const struct address *a, int type, int error, struct fault *why)
{
	char text[ADDRESS_TEXT], who[120] = "", advice[40] = "";
	unsigned port;

	address_text(a, text);
	if (error != EADDRINUSE)
		return fault(why, "listen: %s: %s", text, strerror(error));
	if (type == SOCK_STREAM)
		who_listens(address_port(a), who, sizeof(who));
	port = port_free(a, type);
	if (port)
		snprintf(advice, sizeof(advice), "; try -p %u", port);
	return fault(why, "listen: %s: address already in use%s%s", text, who, advice);
}

static bool
listener_bind(const char *where, int type, int *fds, size_t count, struct address *bound, struct fault *why)
{
	int error = 0;

	if (!listener_where(where, bound, why))
		return false;
	for (size_t i = 0; i < count; i++) {
		fds[i] = bind_one(bound, type, i == 0, &error);
		if (fds[i] < 0) {
			while (i--)
				close(fds[i]);
			return listener_fault(bound, type, error, why);
		}
		bound->len = sizeof(bound->v6);
		getsockname(fds[i], &bound->any, &bound->len);
	}
	return true;
}

bool
listener_open(const char *where, int *fds, size_t count, struct address *bound, struct fault *why)
{
	return listener_bind(where, SOCK_STREAM, fds, count, bound, why);
}

bool
listener_open_udp(const char *where, int *fds, size_t count, struct address *bound, struct fault *why)
{
	return listener_bind(where, SOCK_DGRAM, fds, count, bound, why);
}
