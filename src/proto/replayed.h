#ifndef PROTO_REPLAYED_H
#define PROTO_REPLAYED_H

#include "inside.h"

/* Answers out of a recording, in place of a server's. A request waits until
 * it is known which it is, which may take its body. */
bool replayed_wants(const struct relay *r, const struct stream *s);	/* its answer is looked for there */
bool replayed_known(const struct relay *r, const struct stream *s);	/* as much of the request has come as it takes */
void replayed_decide(struct relay *r, struct stream *s);	/* it is answered, or what server-replay-extra says becomes of it */

#endif
