/* By which address others in the network reach this machine. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "soth/backend.h"
#include "soth/mode.h"

/* The address that this machine would call `far` from: nothing is sent for it. */
static bool
address_towards(const char *far, struct address *out)
{
	struct address to;
	int fd;
	bool known;

	if (!address_read(&to, far, 9))
		return false;
	fd = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	out->len = sizeof(*out);
	known = connect(fd, &to.any, to.len) == 0 && getsockname(fd, &out->any, &out->len) == 0;
	close(fd);
	return known;
}

static bool
is_loopback(const struct address *a)
{
	struct address called = address_called(a);

	return called.any.sa_family == AF_INET ? ntohl(called.v4.sin_addr.s_addr) >> 24 == 127 :
		IN6_IS_ADDR_LOOPBACK(&called.v6.sin6_addr);
}

bool
backend_reach(const char *listening, char out[300])
{
	struct address a;
	char host[256];
	int port;

	if (!address_split(bytes_of(listening), host, sizeof(host), &port) || port <= 0)
		return false;
	if (!*host)
		snprintf(host, sizeof(host), "0.0.0.0");
	if (!address_read(&a, host, (uint16_t)port))
		return snprintf(out, 300, "%s:%d", host, port) > 0;	/* a name of ours */
	if (address_any(&a) && !address_towards("192.0.2.1", &a) && !address_towards("2001:db8::1", &a))
		return false;
	if (is_loopback(&a))
		return false;
	address_set_port(&a, (uint16_t)port);
	address_text(&a, out);
	return true;
}
