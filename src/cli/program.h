#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "soth/buf.h"

/* Other programs that soth calls, by name from PATH or by path; argv ends with NULL. */
enum { PROGRAM_PATH = 1024 };

bool program_there(const char *name, char path[PROGRAM_PATH]);	/* where in PATH; false: nowhere */
/* On soth's own terminal, to its end: its exit status; -1: it could not be called, or died. */
int program_run(const char *const argv[]);
/*
 * With nothing to read: what it says on both outputs, cut at the limit of
 * `out`, and its exit status; -1: it could not be called, died, or was killed
 * after `seconds`, which *late says. env: NULL for our own.
 */
int program_read(const char *const argv[], char *const env[], unsigned seconds, struct buf *out, bool *late);

#endif
