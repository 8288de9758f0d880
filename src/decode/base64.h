#ifndef DECODE_BASE64_H
#define DECODE_BASE64_H

#include "soth/buf.h"

/* Base64 (RFC 4648 sections 4 and 5): either alphabet, with or without its
 * padding; line ends and spaces are passed over. False: it is something else,
 * or `out` is full. */
bool base64_decode(struct bytes in, struct buf *out) MUST_USE;

#endif
