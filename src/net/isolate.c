/* A network of a process's own, whose connections come to us. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "netlink.h"
#include "soth/isolate.h"
#include "turning.h"

enum { LOOPBACK = 1, BACKLOG = 4096, DNS_PORT = 53 };	/* LOOPBACK: its interface is the first of every network */

/* What is told to the parent, with the sockets beside it. */
struct report {
	int error;
	char what[60];
	uint8_t kind[ISOLATE_SOCKETS];	/* enum adopted_kind */
};

bool
isolate_prepare(struct isolate *i, struct fault *why)
{
	*i = (struct isolate){ { -1, -1 }, 0, "" };
	return !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, i->ends) || fault(why, "a socket: %s", strerror(errno));
}

void
isolate_release(struct isolate *i)
{
	for (int end = 0; end < 2; end++)
		if (i->ends[end] >= 0)
			close(i->ends[end]);
	i->ends[0] = i->ends[1] = -1;
}

/* False, and errno is kept. */
static bool
wrong(struct isolate *i, const char *what)
{
	i->error = errno;
	snprintf(i->what, sizeof(i->what), "%s", what);
	return false;
}

static bool
write_file(struct isolate *i, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (!ok)
		wrong(i, path);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Who we are stays so; nobody else is there. user_namespaces(7), "Defining user and group ID mappings". */
static bool
map_user(struct isolate *i, uid_t user, gid_t group)
{
	char users[40], groups[40];

	snprintf(users, sizeof(users), "%u %u 1\n", user, user);
	snprintf(groups, sizeof(groups), "%u %u 1\n", group, group);
	return write_file(i, "/proc/self/uid_map", users) && write_file(i, "/proc/self/setgroups", "deny") &&
		write_file(i, "/proc/self/gid_map", groups);
}

static bool
leave(struct isolate *i)
{
	uid_t user = geteuid();
	gid_t group = getegid();

	if (!unshare(CLONE_NEWNET))
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return wrong(i, "a user and a network namespace");
	return map_user(i, user, group);
}

static bool
loopback_up(struct isolate *i)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &r);

	if (!ok)
		wrong(i, "its interface lo");
	if (fd >= 0)
		close(fd);
	return ok;
}

/* ip route add local default dev lo src 127.0.0.1: every address is one of this machine's. */
static int
route_all(int family)
{
	static const uint8_t v4[] = { 127, 0, 0, 1 }, v6[16] = { [15] = 1 };
	struct rtmsg head = { .rtm_family = (uint8_t)family, .rtm_table = RT_TABLE_LOCAL, .rtm_protocol = RTPROT_BOOT,
		.rtm_scope = RT_SCOPE_HOST, .rtm_type = RTN_LOCAL };
	struct netlink n = { .len = 0 };
	uint32_t interface = LOOPBACK;

	netlink_message(&n, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &head, sizeof(head));
	netlink_put(&n, RTA_OIF, &interface, sizeof(interface));
	if (family == AF_INET)
		netlink_put(&n, RTA_PREFSRC, v4, sizeof(v4));
	else
		netlink_put(&n, RTA_PREFSRC, v6, sizeof(v6));
	return netlink_send(&n, NETLINK_ROUTE);
}

/* On any address, at that port; 0: one that is free. -1: errno says why not. */
static int
open_socket(int family, int type, uint16_t port)
{
	bool v6 = family == AF_INET6;
	int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), level = v6 ? SOL_IPV6 : SOL_IP, on = 1;
	struct address a = { .len = v6 ? sizeof(a.v6) : sizeof(a.v4) };

	if (fd < 0)
		return -1;
	a.any.sa_family = (sa_family_t)family;
	address_set_port(&a, port);
	if (v6)
		setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (!setsockopt(fd, level, v6 ? IPV6_TRANSPARENT : IP_TRANSPARENT, &on, sizeof(on)) && !bind(fd, &a.any, a.len) &&
			!(type == SOCK_STREAM ? listen(fd, BACKLOG) :
			setsockopt(fd, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, &on, sizeof(on))))
		return fd;
	close(fd);
	return -1;
}

static uint16_t
port_of(int fd)
{
	struct address a = { .len = sizeof(a.v6) };

	return getsockname(fd, &a.any, &a.len) ? 0 : address_port(&a);
}

/* One for connections, one for questions. */
static bool
serve_family(struct isolate *i, int family, int fd[2])
{
	errno = route_all(family);
	if (errno)
		return wrong(i, "its routes");
	fd[0] = open_socket(family, SOCK_STREAM, 0);
	fd[1] = fd[0] < 0 ? -1 : open_socket(family, SOCK_DGRAM, DNS_PORT);
	if (fd[1] < 0)
		return wrong(i, "a socket in it");
	errno = turning_on(family, port_of(fd[0]));
	return !errno || wrong(i, "nf_tables with tproxy");
}

static bool
diag_open(struct isolate *i, int *fd)
{
	*fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	return *fd >= 0 || wrong(i, "sock_diag in it");
}

static void
tell(const struct isolate *i, const int *fd, size_t count)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int) * ISOLATE_SOCKETS)] = { 0 };
	struct report r = { .error = i->error, .kind = { ADOPTED_DIAG, ADOPTED_LISTENER, ADOPTED_DATAGRAMS,
		ADOPTED_LISTENER, ADOPTED_DATAGRAMS } };
	struct iovec io = { &r, sizeof(r) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
	struct cmsghdr *c;

	memcpy(r.what, i->what, sizeof(r.what));
	if (count) {
		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(c), fd, sizeof(int) * count);
	}
	(void)!sendmsg(i->ends[1], &m, MSG_NOSIGNAL);
}

/* A kernel without IPv6 has none in there either. */
void
isolate_enter(void *isolate)
{
	struct isolate *i = isolate;
	int fd[ISOLATE_SOCKETS], probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = leave(i) && loopback_up(i) && diag_open(i, fd) && serve_family(i, AF_INET, fd + 1) &&
		(probe < 0 || serve_family(i, AF_INET6, fd + 3));

	tell(i, fd, !ok ? 0 : probe < 0 ? 3 : 5);
	if (!ok)
		_exit(EXIT_FAILURE);
}

/* What may forbid it, and how that is lifted. */
static const char *
advice(int error)
{
	static const struct { const char *file; int forbids; const char *words; } switches[] = {
		{ "/proc/sys/kernel/unprivileged_userns_clone", 0, "as root: sysctl kernel.unprivileged_userns_clone=1" },
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
			"as root: sysctl kernel.apparmor_restrict_unprivileged_userns=0" },
		{ "/proc/sys/user/max_user_namespaces", 0, "as root: sysctl user.max_user_namespaces=10000" },
		{ "/proc/sys/user/max_net_namespaces", 0, "as root: sysctl user.max_net_namespaces=10000" },
	};

	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		FILE *f = fopen(switches[i].file, "re");
		int value = -1;

		if (f && fscanf(f, "%d", &value) != 1)
			value = -1;
		if (f)
			fclose(f);
		if (value == switches[i].forbids)
			return switches[i].words;
	}
	return error == EPERM ? "in a container: allow it user namespaces, or CAP_SYS_ADMIN" :
		error == ENOENT || error == EOPNOTSUPP || error == EPROTONOSUPPORT ? "as root: modprobe nft_tproxy" : "see user_namespaces(7)";
}

size_t
isolate_take(struct isolate *i, struct adopted out[ISOLATE_SOCKETS], struct fault *why)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int) * ISOLATE_SOCKETS)];
	struct report r = { .error = ECHILD };
	struct iovec io = { &r, sizeof(r) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = NULL;
	size_t count;
	int fd[ISOLATE_SOCKETS];

	if (recvmsg(i->ends[0], &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) == sizeof(r))
		c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS) {
		r.what[sizeof(r.what) - 1] = '\0';
		fault(why, "isolate: %s: %s; %s", *r.what ? r.what : "a network", strerror(r.error), advice(r.error));
		return 0;
	}
	count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fd, CMSG_DATA(c), count * sizeof(int));
	for (size_t n = 0; n < count; n++)
		out[n] = (struct adopted){ fd[n], (enum adopted_kind)r.kind[n] };
	return count;
}
