#ifndef PROTO_OBSERVE_INSIDE_H
#define PROTO_OBSERVE_INSIDE_H

#include "coded.h"
#include "observe.h"

/* What the observers share: observe.c has the table, and each observe_NAME.c one line of it. */
extern const struct observer_ops observe_grpc, observe_record, observe_sse, observe_ws;

/* Words, and the section of the RFC where there is one. False, always. */
bool observe_fault(struct moves *out, enum side side, const char *fmt, ...) PRINTF(3, 4);
/* More of a body behind its content codings. False: it reads no further. */
bool observe_coded(struct coded *c, struct bytes more, coded_sink *to, void *arg, enum side side, struct moves *out);
void observe_coded_end(const struct coded *c, enum side side, struct moves *out);	/* complete, as it seems */
void observe_mark(struct moves *out, enum side side, uint32_t code, uint64_t count);

#endif
