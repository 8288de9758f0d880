/* How long a flow took. */
#include "diff_inside.h"

static uint64_t
between(uint64_t from, uint64_t to)
{
	return from && to > from ? to - from : 0;
}

/* From the end of the request; a response that comes before it is measured from the request's head. */
uint64_t
flow_first_byte(const struct flow *f)
{
	const struct half *asked = &f->half[CLIENT], *answer = &f->half[SERVER];
	uint64_t from = asked->ended && asked->ended <= answer->begun ? asked->ended : asked->begun;

	return between(from, answer->begun);
}

uint64_t
flow_total(const struct flow *f)
{
	return flow_is_raw(f) || messages_likely(f) ? 0 : between(f->half[CLIENT].begun, f->half[SERVER].ended);
}
