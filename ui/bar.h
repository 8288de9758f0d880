#ifndef UI_BAR_H
#define UI_BAR_H

#include "screen.h"

struct desk;

/* The line at the top: where soth listens, and how the traffic goes. */
struct bar {
	uint64_t second;	/* the last one that was looked at */
	uint64_t flows;		/* at its end */
	unsigned rate[12];	/* flows a second, the newest last */
	uint64_t looked;	/* of the flows that ended */
	uint64_t p50, p95;	/* microseconds, of the last flows that ended */
	uint64_t resident;	/* bytes of this program */
};

void bar_tick(struct bar *b, struct desk *d);	/* once a frame; looks once a second */
void bar_draw(const struct bar *b, struct desk *d, struct area a);

/* The line at the bottom: a question, a message, or the keys of this view. */
void keys_draw(struct desk *d, struct area a);

#endif
