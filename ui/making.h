#ifndef UI_MAKING_H
#define UI_MAKING_H

#include "soth/doc.h"

/*
 * A doc that takes a while to make: a thread of its own does it, so that the
 * screen need not wait.
 */
struct making;
struct desk;

/* Takes `of`, whose memory is freed when it is over. */
struct making *making_start(struct desk *d, void (*make)(void *of, struct doc *to), void *of);
struct doc *making_take(struct making *m);	/* once it is made; NULL: not yet, or it was taken */
bool making_busy(const struct making *m);
void making_leave(struct making *m);		/* does not wait; NULL is fine */

#endif
