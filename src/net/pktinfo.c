/* Datagrams, and which address of ours they came to. */
#include <string.h>

#include "pktinfo.h"

/* Large enough for either, and aligned for the kernel's headers. */
union control {
	struct cmsghdr head;
	uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

ssize_t
pktinfo_receive(int fd, void *to, size_t room, struct address *client, struct address *called)
{
	union control control;
	struct iovec io = { to, room };
	struct msghdr m = { .msg_name = &client->any, .msg_namelen = sizeof(client->v6), .msg_iov = &io, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, 0);

	*called = (struct address){ .len = 0 };
	client->len = m.msg_namelen;
	for (struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_IP && c->cmsg_type == IP_PKTINFO) {
			called->len = sizeof(called->v4);
			called->v4.sin_family = AF_INET;
			memcpy(&called->v4.sin_addr, CMSG_DATA(c) + offsetof(struct in_pktinfo, ipi_addr), sizeof(called->v4.sin_addr));
		} else if (c->cmsg_level == SOL_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			called->len = sizeof(called->v6);
			called->v6.sin6_family = AF_INET6;
			memcpy(&called->v6.sin6_addr, CMSG_DATA(c) + offsetof(struct in6_pktinfo, ipi6_addr), sizeof(called->v6.sin6_addr));
		}
	}
	return n;
}

void
pktinfo_send(int fd, struct bytes datagram, const struct address *client, const struct address *from)
{
	const bool v6 = from->any.sa_family == AF_INET6;
	const struct in_pktinfo p4 = { .ipi_spec_dst = from->v4.sin_addr };
	const struct in6_pktinfo p6 = { .ipi6_addr = from->v6.sin6_addr };
	const size_t len = v6 ? sizeof(p6) : sizeof(p4);
	union control control = { .room = { 0 } };
	struct iovec io = { (void *)(uintptr_t)datagram.at, datagram.len };
	struct msghdr m = { .msg_name = (void *)(uintptr_t)&client->any, .msg_namelen = client->len, .msg_iov = &io, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = CMSG_SPACE(len) };

	control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(len), .cmsg_level = v6 ? SOL_IPV6 : SOL_IP,
		.cmsg_type = v6 ? IPV6_PKTINFO : IP_PKTINFO };
	memcpy(CMSG_DATA(&control.head), v6 ? (const void *)&p6 : (const void *)&p4, len);
	(void)!sendmsg(fd, &m, MSG_NOSIGNAL);
}
