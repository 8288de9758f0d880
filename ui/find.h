#ifndef UI_FIND_H
#define UI_FIND_H

#include "soth/base.h"

/* Where `what` stands in text; SIZE_MAX: nowhere, or it is empty. Case matters
 * where it has a capital. */
size_t find_text(struct bytes text, struct bytes what);

#endif
