#ifndef DECODE_VALUE_H
#define DECODE_VALUE_H

#include "soth/base.h"

/* What the value of a field, a cookie or the like holds, for hint.as: "json",
 * "jwt". NULL: nothing but itself. */
const char *value_holds(struct bytes value);

/* JSON Web Tokens in compact form (RFC 7515 section 7.1): how many parts it
 * has, 3 or 5; 0: it is none. */
unsigned jwt_parts(struct bytes token);

#endif
