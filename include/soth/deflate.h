#ifndef SOTH_DEFLATE_H
#define SOTH_DEFLATE_H

#include "soth/buf.h"

/* Content codings put on, by name (RFC 9110 section 8.4.1): gzip x-gzip
 * deflate (as zlib) br zstd identity; all at once. */

bool deflate_knows(struct bytes coding);
/* False: it is not known, or `out` has no room for it. */
bool deflate_all(struct bytes coding, struct bytes in, struct buf *out, struct fault *why) MUST_USE;

#endif
