#ifndef UI_EVENT_H
#define UI_EVENT_H

#include "soth/base.h"

/* The next line of a block of text/event-stream (WHATWG HTML section 9.2.6):
 * its field and value, or a comment under an empty name. False: none is left. */
bool event_line(struct bytes *block, struct bytes *name, struct bytes *value);

#endif
