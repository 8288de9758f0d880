#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include "soth/base.h"

/*
 * The terminal as a device: its modes, its size, and bytes that it takes when
 * it can. Opened anew as /dev/tty, so that nothing of how we use it stays with
 * the shell. Put back as it was on close, on a suspend, and when we crash.
 */
bool terminal_open(struct fault *why) MUST_USE;
void terminal_close(void);
void terminal_raw(void);			/* every key to us; also after a stop */
void terminal_cooked(void);			/* as it was */
int terminal_fd(void);				/* to poll and to read; -1: none */
bool terminal_size(int *rows, int *cols);

enum { TERMINAL_WAITING_MAX = 4 << 20 };
void terminal_put(struct bytes what);		/* past TERMINAL_WAITING_MAX: nothing */
bool terminal_waiting(void);
bool terminal_flush(void);			/* without waiting; false: it is gone */
void terminal_drain(int milliseconds);		/* waits so long at most */

#endif
