#ifndef UI_RULEBOOK_H
#define UI_RULEBOOK_H

#include "desk.h"

/* The file of rules and the files they name, read anew when they have changed; looked at once a second. */
struct rulebook { uint64_t second; struct timespec changed; bool wrong; };	/* wrong: it could not be read, and has not changed since */

void rulebook_turn(struct rulebook *b, struct desk *desk);

#endif
