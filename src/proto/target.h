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
	struct bytes path;	/* origin-form, borrowed; "/" where there is none */
};

bool target_read(const struct head *request, struct target *out, struct fault *why) MUST_USE;

/* The head to send to the server: in origin-form, without what is only for
 * the proxy; with `host` as Host unless that is empty. NULL: not possible. */
struct head *target_rewrite(const struct head *request, const struct target *t,
	struct bytes host, struct fault *why) MUST_USE;

/* "host:port", or "[v6]:port"; without ":port" where that is `usual`. */
struct bytes target_text(const char *host, uint16_t port, uint16_t usual, char out[300]);

#endif
