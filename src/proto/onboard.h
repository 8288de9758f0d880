#ifndef PROTO_ONBOARD_H
#define PROTO_ONBOARD_H

#include "inside.h"

/*
 * Requests that soth answers itself (onboarding): those to a name of
 * onboarding-host, in any mode, and those that a client sends to the proxy as
 * if it were a server. They are given the authority's certificate, and what to
 * do with it; no server is called for them.
 */
bool onboard_host(const struct relay *r, const char *host);	/* it is one of the names, and there is onboarding */
bool onboard_tunnel(const struct relay *r);	/* r->to is such a name, or what TLS asks for: nobody need be called */
/* No proxy was meant: the request names no host. */
bool onboard_direct(const struct relay *r, const struct target *t, struct place *to);
bool onboard_named(const struct relay *r, const struct head *request, const struct target *t, const char *host);
void onboard_answer(struct relay *r, struct stream *s);

#endif
