#ifndef NET_FILING_H
#define NET_FILING_H

#include "asks.h"
#include "soth/ruling.h"

/* Files that messages are answered with, looked for by a thread, which may wait for the disk. */
struct filing;			/* one of a list: whoever asked has it while answers are out */

struct filing_file { void (*look)(struct bytes what, struct local_file *out); struct slice what; unsigned number; };
/* Takes what the file has. `done` is called once, from the loop. False: too many wait, and it will not be. */
bool filing_read(struct filing **list, struct asker *a, const struct filing_file *file,
	void (*done)(void *arg, unsigned number, struct local_file *file), void *arg);
void filing_cancel(struct filing **list);	/* of all: done will not be called */

#endif
