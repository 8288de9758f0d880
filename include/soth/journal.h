#ifndef SOTH_JOURNAL_H
#define SOTH_JOURNAL_H

#include "soth/buf.h"
#include "soth/note.h"

/*
 * The session file: notes, one after the other, as they happened. Appended to
 * by one thread; read by any, at any time, without a lock, below the offset
 * that the writer has said is written. Cut off anywhere, what stands before
 * the cut is whole. soth-session(5) has the format.
 */
struct journal;			/* the writer's end */

struct journal *journal_create(const char *path, struct fault *why) MUST_USE;

/* Appends to the batch in memory; `back` is the offset of the same flow's
 * record before, or 0. Returns this record's offset. Drops nothing of n. */
uint64_t journal_add(struct journal *j, const struct note *n, uint64_t back);
size_t journal_waiting(const struct journal *j);	/* bytes in the batch */
bool journal_write(struct journal *j, struct fault *why) MUST_USE;	/* the batch, to the file */
uint64_t journal_end(const struct journal *j);		/* the offset the next record will have */
int journal_fd(const struct journal *j);
void journal_close(struct journal *j);

/* Reads the record at `at`. False with why->text empty: the end of the file,
 * exactly. False with words: the record is cut off or damaged. `scratch` is
 * reused between calls; the note owns its own. */
bool journal_read(int fd, uint64_t at, struct buf *scratch, struct note *n,
	uint64_t *back, uint64_t *next, struct fault *why) MUST_USE;
/* Opens a file and checks that it is a journal; *first is its first record. */
int journal_open(const char *path, uint64_t *first, struct fault *why) MUST_USE;

#endif
