#ifndef STORE_KEYLOG_H
#define STORE_KEYLOG_H

#include "soth/note.h"

/* Keys of TLS sessions, as lines that Wireshark reads: whoever has the file can
 * read the traffic, so it is its owner's alone. */
bool keylog_takes(const struct note *n);	/* a note of nothing else */
/* Appends its lines; false: it failed, and there is no use in trying again. */
bool keylog_note(int fd, const struct note *n, struct fault *why) MUST_USE;

#endif
