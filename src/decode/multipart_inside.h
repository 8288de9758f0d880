#ifndef DECODE_MULTIPART_INSIDE_H
#define DECODE_MULTIPART_INSIDE_H

#include "soth/decode.h"

/* One part; for multipart.c and multipart_part.c. */
enum { MULTIPART_WHOLE = 3 << 20, MULTIPART_HEAD_MAX = 64 * 1024 };

/* Fields, an empty line, a body: where the body begins; 0: the fields do not end in there. */
size_t multipart_head(struct bytes part);
/* Its line and its fields. `whole`: else there is more of the body than is there. */
void multipart_begin(struct decode *d, unsigned number, struct bytes head, struct bytes body, bool whole);
void multipart_body(struct decode *d, struct bytes head, struct bytes body);
/* A piece of a body that is too large to be decoded. */
void multipart_piece(struct decode *d, struct bytes piece, bool text);

#endif
