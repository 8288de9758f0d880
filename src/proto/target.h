#ifndef PROTO_TARGET_H
#define PROTO_TARGET_H

#include "soth/head.h"

/*
 * Where a request is to go (RFC 9112 section 3.2): absolute-form names it
 * all, authority-form (CONNECT) host and port, origin-form only the path.
 */
struct target {
	bool absolute;
	bool tls;		/* https */
	char host[256];		/* IPv6 without brackets; empty: not named */
	uint16_t port;
	struct bytes path;	/* origin-form, borrowed; where there is none "/", or "*" of OPTIONS */
};

/* A CONNECT that asks for a tunnel; an extended one (RFC 8441) names a path. */
bool target_is_authority(const struct head *request);
bool target_read(const struct head *request, struct target *out, struct fault *why) MUST_USE;

/* "host:port", or "[v6]:port"; without ":port" where that is `usual`. */
struct bytes target_text(const char *host, uint16_t port, uint16_t usual, char out[300]);

#endif
