#ifndef SOTH_LOG_H
#define SOTH_LOG_H

#include "soth/base.h"

/*
 * A line for the log: what soth itself has to say, never traffic. Safe from
 * any thread; never waits on a terminal or a disk. Until log_to() names a
 * sink, lines are dropped. The sink is called under a lock and must be quick.
 */
void log_line(const char *fmt, ...) PRINTF(1, 2);
void log_to(void (*sink)(void *arg, const char *line), void *arg);

#endif
