#ifndef DECODE_BASE64_H
#define DECODE_BASE64_H

#include "soth/buf.h"

/* Base64 in either alphabet (RFC 4648 sections 4 and 5), padded or not. False:
 * something else stands in it, or `out` is full. */
bool base64_decode(struct bytes in, struct buf *out) MUST_USE;

#endif
