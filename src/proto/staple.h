#ifndef PROTO_STAPLE_H
#define PROTO_STAPLE_H

#include "soth/base.h"

struct held;

/*
 * What an authority says of a certificate that is shown to clients: an OCSP
 * response, DER, in the file beside it whose name ends with ".ocsp" more, as
 * haproxy has it. Where there is none nothing is stapled. False: it is none, is
 * about another certificate, or is over; why, and what to do. One that says the
 * certificate is revoked is for the client to judge.
 */
struct staple;
void staple_free(struct staple *s);		/* NULL is fine */
enum { STAPLE_PATH_ROOM = 4200 };
bool staple_path(const char *certificate, char out[STAPLE_PATH_ROOM]);	/* false: it would be too long */
bool staple_use(struct held *h, struct fault *why) MUST_USE;		/* its credentials are there already */

#endif
