#ifndef UI_REREAD_H
#define UI_REREAD_H

#include "desk.h"

/* Files of certificates and keys, and the authority, read anew when they have changed; looked at once a second. */
struct rereading { uint64_t second; char pin[PIN_ROOM]; };

void reread_turn(struct rereading *r, struct desk *desk);

#endif
