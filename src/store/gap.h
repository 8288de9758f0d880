#ifndef STORE_GAP_H
#define STORE_GAP_H

#include "../format/soth.h"

/*
 * How a session's file begins: with a line that names its version, and, where
 * the oldest of it is gone, a record that says how far.
 */
enum { SESSION_PLAIN = 1, SESSION_GAP = 2, SESSION_COMPACTED = 3, GAP_MOST = 128 };	/* bytes of the line and the record */

struct bytes gap_line(unsigned version);	/* "soth session 1\n" */
/* The version that the line names. A fault says what else it is. */
bool gap_version(int fd, unsigned *version, struct fault *why) MUST_USE;
/* The line and the record: all at once, so that a crash leaves the one or the other. */
bool gap_write(int fd, const struct gap *g, struct fault *why) MUST_USE;
bool gap_read(int fd, uint64_t size, struct gap *out, struct fault *why) MUST_USE;

#endif
