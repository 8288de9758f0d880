#ifndef NET_NETLINK_H
#define NET_NETLINK_H

#include "soth/base.h"

/*
 * Messages to the kernel's own configuration (RFC 3549): put together in
 * place, sent together, and answered one by one. Nothing is allocated, so that
 * a process that has just been forked may do it.
 */
enum { NETLINK_ROOM = 4096 };
struct netlink {
	_Alignas(8) uint8_t at[NETLINK_ROOM];
	size_t len, message;	/* of all; where the last one begins */
	uint32_t count;
	bool full;
};

/* `head` is what stands between netlink's own header and the attributes. */
void netlink_message(struct netlink *n, uint16_t type, uint16_t flags, const void *head, size_t len);
void netlink_put(struct netlink *n, uint16_t type, const void *value, size_t len);
void netlink_text(struct netlink *n, uint16_t type, const char *text);	/* with its NUL */
void netlink_be32(struct netlink *n, uint16_t type, uint32_t value);
size_t netlink_nest(struct netlink *n, uint16_t type);	/* what follows is within it ... */
void netlink_nested(struct netlink *n, size_t nest);	/* ... until here */
/* To that protocol (NETLINK_ROUTE ...); messages with NLM_F_ACK are waited for. 0, or the first errno. */
int netlink_send(struct netlink *n, int protocol);

#endif
