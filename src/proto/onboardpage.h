#ifndef PROTO_ONBOARDPAGE_H
#define PROTO_ONBOARDPAGE_H

#include "soth/ca.h"

/* The page with the certificate and how to have it trusted. `proxy`: the
 * client called soth as a server, by that address; NULL: as a proxy. */
struct slice onboardpage_html(const struct ca *ca, const char *proxy);
struct slice onboardpage_text(const struct ca *ca, const char *proxy);

#endif
