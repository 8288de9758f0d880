#ifndef CONVERT_NUMBERS_H
#define CONVERT_NUMBERS_H

#include "soth/convert.h"

/* The numbers that chosen flows have in what is written: in their order. */
struct numbers;

struct numbers *numbers_new(const struct convert_flows *flows, flow_id first);
void numbers_free(struct numbers *n);
flow_id numbers_of(const struct numbers *n, flow_id old);	/* 0: it is left out */
/* The note's flow, and in an origin the flow that made its connection; false: it is of none of these. */
bool numbers_note(const struct numbers *n, struct note *note) MUST_USE;

/* Remarks that the store could not write into its file, of those flows and under
 * their numbers: as they are now, said again or taken back. Each takes its note. */
void unwritten_each(const struct convert_flows *from, const struct numbers *numbers, void (*each)(void *arg, struct note *n), void *arg);

#endif
