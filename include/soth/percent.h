#ifndef SOTH_PERCENT_H
#define SOTH_PERCENT_H

#include "soth/buf.h"

/* Percent-encoding (RFC 3986 section 2.1), as it is met: what is no escape
 * stays. `plus`: a + is a space. */
size_t percent_next(struct bytes in, bool plus, uint8_t *c);	/* the length of one character of it */
bool percent_decode(struct bytes in, bool plus, struct buf *out) MUST_USE;	/* false: it is full */
bool percent_has(struct bytes in, bool plus);	/* is anything in it escaped? */

#endif
