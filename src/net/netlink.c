/* Netlink: requests of several messages, and what the kernel says to each. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "netlink.h"

enum { PATIENCE = 5 };		/* seconds for an answer of the kernel */

static void *
netlink_room(struct netlink *n, size_t len)
{
	size_t at = n->len, room = NLMSG_ALIGN(len);
	struct nlmsghdr *message;

	if (n->full || room > sizeof(n->at) - at) {
		n->full = true;
		return NULL;
	}
	memset(n->at + at, 0, room);
	n->len += room;
	message = (struct nlmsghdr *)(void *)(n->at + n->message);
	message->nlmsg_len = (uint32_t)(n->len - n->message);
	return n->at + at;
}

void
netlink_message(struct netlink *n, uint16_t type, uint16_t flags, const void *head, size_t len)
{
	struct nlmsghdr *m;
	void *to;

	n->message = n->len;
	m = netlink_room(n, sizeof(*m));
	if (!m)
		return;
	m->nlmsg_len = sizeof(*m);
	m->nlmsg_type = type;
	m->nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST);
	m->nlmsg_seq = ++n->count;
	to = netlink_room(n, len);
	if (to)
		memcpy(to, head, len);
}

void
netlink_put(struct netlink *n, uint16_t type, const void *value, size_t len)
{
	struct nlattr *a = netlink_room(n, NLA_HDRLEN + len);

	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memcpy((uint8_t *)a + NLA_HDRLEN, value, len);
}

void
netlink_text(struct netlink *n, uint16_t type, const char *text)
{
	netlink_put(n, type, text, strlen(text) + 1);
}

void
netlink_be32(struct netlink *n, uint16_t type, uint32_t value)
{
	uint32_t be = htonl(value);

	netlink_put(n, type, &be, sizeof(be));
}

size_t
netlink_nest(struct netlink *n, uint16_t type)
{
	size_t nest = n->len;

	netlink_put(n, type | NLA_F_NESTED, "", 0);
	return nest;
}

void
netlink_nested(struct netlink *n, size_t nest)
{
	if (!n->full)
		((struct nlattr *)(void *)(n->at + nest))->nla_len = (uint16_t)(n->len - nest);
}

/* How many answers come. */
static size_t
netlink_asks(const struct netlink *n)
{
	const struct nlmsghdr *m;
	size_t asks = 0;

	for (size_t at = 0; at < n->len; at += NLMSG_ALIGN(m->nlmsg_len)) {
		m = (const struct nlmsghdr *)(const void *)(n->at + at);
		asks += (m->nlmsg_flags & NLM_F_ACK) != 0;
	}
	return asks;
}

static int
netlink_answers(int fd, size_t asks)
{
	_Alignas(8) uint8_t answer[NETLINK_ROOM];

	while (asks) {
		ssize_t got = recv(fd, answer, sizeof(answer), 0);
		int left = (int)got;

		if (got < 0)
			return errno;
		for (struct nlmsghdr *m = (void *)answer; NLMSG_OK(m, left) && asks; m = NLMSG_NEXT(m, left)) {
			const struct nlmsgerr *e = NLMSG_DATA(m);

			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error)
				return -e->error;
			asks--;
		}
	}
	return 0;
}

int
netlink_send(struct netlink *n, int protocol)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), error;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ PATIENCE, 0 }, sizeof(struct timeval));
	if (n->full)
		error = ENOBUFS;
	else if (sendto(fd, n->at, n->len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		error = errno;
	else
		error = netlink_answers(fd, netlink_asks(n));
	close(fd);
	return error;
}
