#ifndef SOTH_MODE_H
#define SOTH_MODE_H

#include "soth/base.h"

/*
 * How a listener works, in mitmproxy's words: MODE[:DATA][@[HOST:]PORT].
 *
 *	regular				clients that know of a proxy: HTTP, CONNECT, SOCKS5 and TLS are told apart by their first bytes
 *	socks5				SOCKS5 alone (RFC 1928), TCP and UDP
 *	reverse:SCHEME://host[:port]	clients that take us for the server; the schemes are below
 *	upstream:SCHEME://host[:port]	as regular, but by way of another proxy: http, https or socks5
 *	transparent			connections that the kernel has turned to us
 *
 * To add one, add its line to the table in mode.c.
 */
enum mode_kind { MODE_REGULAR, MODE_REVERSE, MODE_SOCKS5, MODE_UPSTREAM, MODE_TRANSPARENT };

/* What the server of `reverse`, or the parent of `upstream`, speaks. */
#define SCHEMES(_) \
	_(HTTP,		"http",		80,	"HTTP/1.1, or HTTP/2 where the client speaks it; reverse, upstream") \
	_(HTTPS,	"https",	443,	"the same over TLS; reverse, upstream") \
	_(H2C,		"h2c",		80,	"HTTP/2 with prior knowledge; reverse") \
	_(TCP,		"tcp",		0,	"bytes; reverse") \
	_(TLS,		"tls",		0,	"bytes over TLS; reverse") \
	_(UDP,		"udp",		0,	"datagrams; reverse") \
	_(QUIC,		"quic",		443,	"datagrams, whose first are read for their name; reverse") \
	_(SOCKS5,	"socks5",	1080,	"upstream")

enum scheme {
#define SCHEME_ENUM(name, text, port, about) SCHEME_##name,
	SCHEMES(SCHEME_ENUM)
#undef SCHEME_ENUM
	SCHEME_COUNT
};

struct mode {
	enum mode_kind kind;
	const char *name;
	enum scheme scheme;	/* reverse, upstream */
	bool tls;		/* ... the server, or the parent, is called by TLS */
	bool datagrams;		/* it listens for UDP */
	char host[256];		/* reverse, upstream; IPv6 without brackets */
	uint16_t port;
	char listen[300];	/* "HOST:PORT" or "PORT" behind the @; empty: as -l says */
	char spec[640];		/* as it was written */
};

bool mode_parse(const char *spec, struct mode *out, struct fault *why) MUST_USE;

/* One after the other, with commas between: at most `room`. *count says how many. */
enum { MODES_MAX = 32 };
bool modes_parse(const char *list, struct mode *out, size_t room, size_t *count, struct fault *why) MUST_USE;

/* "host", "host:port", "[v6]:port", ":port", "port": port -1 where there is none. */
bool address_split(struct bytes text, char *host, size_t room, int *port);

#endif
