#ifndef PROTO_PROXYAUTH_H
#define PROTO_PROXYAUTH_H

#include "soth/head.h"

/* The request gives the credentials of `auth`, "user:password", in
 * Proxy-Authorization (RFC 9110 section 11.7.2, RFC 7617). */
bool proxyauth_fits(const struct head *request, const char *auth);

#endif
