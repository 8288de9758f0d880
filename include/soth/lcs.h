#ifndef SOTH_LCS_H
#define SOTH_LCS_H

#include "soth/base.h"

/* Pairs of equal ones, in order, as many as can be. pair[i]: where a[i] is in b, or LCS_NONE. Past a limit of
 * differences only what is the same at both ends has a pair. */
#define LCS_NONE UINT32_MAX
void lcs_pairs(const uint64_t *a, uint32_t an, const uint64_t *b, uint32_t bn, uint32_t *pair);

#endif
