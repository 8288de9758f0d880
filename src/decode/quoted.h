#ifndef DECODE_QUOTED_H
#define DECODE_QUOTED_H

#include "soth/buf.h"

/* Quoted-printable (RFC 2045 section 6.7); what is no escape stays. False: `out` is full. */
bool quoted_decode(struct bytes in, struct buf *out) MUST_USE;

#endif
