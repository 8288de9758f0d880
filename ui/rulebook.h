#ifndef UI_RULEBOOK_H
#define UI_RULEBOOK_H

#include "desk.h"

/* The file of rules, read anew when it has changed; looked at once a second. */
struct rulebook { uint64_t second; struct timespec changed; };

void rulebook_turn(struct rulebook *b, struct desk *desk);

#endif
