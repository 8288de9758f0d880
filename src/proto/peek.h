#ifndef PROTO_PEEK_H
#define PROTO_PEEK_H

#include "inside.h"

/*
 * What the hellos of a tunnel say that passes unread: a copy of each side's
 * first bytes is read, while they go on as they came and at once. Told as a
 * STEP_PEEKED of each side, where that is TLS.
 */
struct peek *peek_new(void);
void peek_free(struct peek *p);			/* NULL is fine */
/* More of that side has come. False: there is nothing more to be seen. */
bool peek_bytes(struct peek *p, struct relay *r, struct stream *s, enum side side, struct bytes more);

#endif
