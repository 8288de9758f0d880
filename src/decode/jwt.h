#ifndef DECODE_JWT_H
#define DECODE_JWT_H

#include "soth/base.h"

/* Whether it reads as a JWS in compact form, or a JWE: parts in base64url with
 * dots between, of which the first is an object in JSON. */
bool jwt_is(struct bytes token);

#endif
