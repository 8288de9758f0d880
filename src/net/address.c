/* IP addresses with ports: reading, showing and comparing them. */
#include <arpa/inet.h>
#include <netdb.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address.h"

bool
address_take(struct address *a, const struct addrinfo *ai, uint16_t port)
{
	if (ai->ai_addrlen > sizeof(a->v6) || (ai->ai_family != AF_INET && ai->ai_family != AF_INET6))
		return false;
	*a = (struct address){ .len = ai->ai_addrlen };
	memcpy(&a->v6, ai->ai_addr, ai->ai_addrlen);
	address_set_port(a, port);
	return true;
}

bool
address_read(struct address *a, const char *host, uint16_t port)
{
	const struct addrinfo want = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	bool good;

	if (!*host || getaddrinfo(host, NULL, &want, &found))
		return false;
	good = address_take(a, found, port);
	freeaddrinfo(found);
	return good;
}

uint16_t
address_port(const struct address *a)
{
	return ntohs(a->any.sa_family == AF_INET ? a->v4.sin_port : a->v6.sin6_port);
}

void
address_set_port(struct address *a, uint16_t port)
{
	if (a->any.sa_family == AF_INET)
		a->v4.sin_port = htons(port);
	else
		a->v6.sin6_port = htons(port);
}

void
address_text(const struct address *a, char *out)
{
	char host[INET6_ADDRSTRLEN] = "?", zone[IF_NAMESIZE];

	if (a->any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &a->v4.sin_addr, host, sizeof(host));
		snprintf(out, ADDRESS_TEXT, "%s:%u", host, address_port(a));
		return;
	}
	inet_ntop(AF_INET6, &a->v6.sin6_addr, host, sizeof(host));
	if (a->v6.sin6_scope_id && if_indextoname(a->v6.sin6_scope_id, zone))
		snprintf(out, ADDRESS_TEXT, "[%s%%%s]:%u", host, zone, address_port(a));
	else
		snprintf(out, ADDRESS_TEXT, "[%s]:%u", host, address_port(a));
}

bool
address_same(const struct address *a, const struct address *b)
{
	if (a->any.sa_family != b->any.sa_family || address_port(a) != address_port(b))
		return false;
	if (a->any.sa_family == AF_INET)
		return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
}

bool
address_any(const struct address *a)
{
	if (a->any.sa_family == AF_INET)
		return a->v4.sin_addr.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_UNSPECIFIED(&a->v6.sin6_addr);
}

bool
address_local(const struct address *a)
{
	struct address probe = *a;
	int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ours;

	if (fd < 0)
		return false;
	address_set_port(&probe, 0);
	ours = !bind(fd, &probe.any, probe.len);
	close(fd);
	return ours;
}

bool
address_near(const struct address *a)
{
	struct address to = address_called(a);
	bool loopback = to.any.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&to.v6.sin6_addr) :
		(ntohl(to.v4.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;

	return loopback || address_local(&to);
}

struct address
address_called(const struct address *a)
{
	struct address to = *a;

	if (a->any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr)) {
		to = (struct address){ .len = sizeof(to.v4) };
		to.v4.sin_family = AF_INET;
		to.v4.sin_port = a->v6.sin6_port;
		memcpy(&to.v4.sin_addr, &a->v6.sin6_addr.s6_addr[12], 4);
	}
	if (!address_any(&to))
		return to;
	if (to.any.sa_family == AF_INET)
		to.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		to.v6.sin6_addr = in6addr_loopback;
	return to;
}
