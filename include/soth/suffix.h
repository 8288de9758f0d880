#ifndef SOTH_SUFFIX_H
#define SOTH_SUFFIX_H

#include "soth/base.h"

/* Names that people register domains under, "com" "co.uk" "github.io", by the list that
 * the library brings along (https://publicsuffix.org); so is each name of one label. */
bool suffix_is_public(const char *name);
/* The domain right above a host, where somebody can own it; NULL: there is none, or it is an address. */
const char *suffix_parent(const char *host);

#endif
