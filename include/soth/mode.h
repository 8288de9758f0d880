#ifndef SOTH_MODE_H
#define SOTH_MODE_H

#include "soth/base.h"

/*
 * How a listener works, in mitmproxy's words: MODE[:DATA][@[HOST:]PORT].
 *
 *	regular				clients that know of a proxy
 *	reverse:https://host[:port]	clients that take us for the server
 *
 * To add one, add its line to the table in mode.c.
 */
enum mode_kind { MODE_REGULAR, MODE_REVERSE };

struct mode {
	enum mode_kind kind;
	const char *name;
	bool tls;		/* reverse: to the server */
	char host[256];		/* reverse: the server; IPv6 without brackets */
	uint16_t port;
	char listen[300];	/* "HOST:PORT" or "PORT" behind the @; empty: as -l says */
};

bool mode_parse(const char *spec, struct mode *out, struct fault *why) MUST_USE;

/* "host", "host:port", "[v6]:port", ":port", "port": port -1 where there is none. */
bool address_split(struct bytes text, char *host, size_t room, int *port);

#endif
