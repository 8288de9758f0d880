#ifndef CONVERT_HEIRS_H
#define CONVERT_HEIRS_H

#include "numbers.h"

/*
 * Of connections whose first flow is left out, the first that is not: it
 * inherits the steps of the connection, which are told as its own. Notes are
 * to come in the order of their session.
 */
struct heirs;
struct heir;

struct heirs *heirs_new(const struct convert_flows *flows, const struct numbers *numbers);
void heirs_free(struct heirs *h);

/* Whether n is a step that waits for an heir, which is taken then. */
bool heirs_keep(struct heirs *h, struct note *n) MUST_USE;
/* A FLOW, still under its old numbers, names as its opener one that is there.
 * Where it is itself the heir, that is told: behind it come the steps. */
struct heir *heirs_open(struct heirs *h, struct note *n);
bool heir_takes(struct heir *h, struct note *out) MUST_USE;	/* the next step that waits for it; false: there are no more */

#endif
