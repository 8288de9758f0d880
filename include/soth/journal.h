#ifndef SOTH_JOURNAL_H
#define SOTH_JOURNAL_H

#include "soth/buf.h"
#include "soth/note.h"
#include "soth/volume.h"

/*
 * The session file: notes, one after the other, as they happened. Appended to
 * by one thread; read by any, at any time, without a lock, below the offset
 * that the writer has said is written. Cut off anywhere, what stands before
 * the cut is whole. soth-session(5) has the format.
 */
struct journal;			/* the writer's end */

struct journal *journal_create(const char *path, struct fault *why) MUST_USE;

/* Goes on with a file that was opened, behind `end`, which must be its end; `fd` is what it was opened as. */
struct journal *journal_go_on(const char *path, int fd, uint64_t end, struct fault *why) MUST_USE;

/* Appends to the batch in memory; `back` is the offset of the same flow's
 * record before, or 0. Returns this record's offset. Drops nothing of n. */
uint64_t journal_add(struct journal *j, const struct note *n, uint64_t back);
bool journal_pack(const struct note *n, uint64_t back, struct buf *out) MUST_USE;	/* a record, behind what is there */
size_t journal_waiting(const struct journal *j);	/* bytes in the batch */
bool journal_write(struct journal *j, struct fault *why) MUST_USE;	/* the batch, to the file */
uint64_t journal_end(const struct journal *j);		/* the offset the next record will have */
int journal_fd(const struct journal *j);
void journal_close(struct journal *j);

/* Reads the record at `at`. False with why->text empty: the end of the file,
 * exactly. False with words: the record is cut off or damaged. `scratch` is
 * reused between calls; the note owns its own. */
bool journal_read(struct volume *v, uint64_t at, struct buf *scratch, struct note *n,
	uint64_t *back, uint64_t *next, struct fault *why) MUST_USE;
/* What a record is and where its bytes are, without all of them being read or
 * checked: .data is the place in the file of what it carries, `len` bytes. */
struct glance {
	uint64_t at;
	enum note_kind kind;
	enum side side;
	flow_id flow;
	uint64_t when, order, flow_order, back;
	enum part_kind part;
	uint32_t code;
	uint64_t count, data, len;
	uint64_t next;		/* the record behind it */
};
/* Records that are near each other are looked at through a window, which is
 * read at once: one for each who looks; zeroed, released by free(w.at). */
struct journal_window { uint8_t *at; uint64_t from, last; size_t len; unsigned epoch; };
/* Records from there to there will be looked at, either way: the window has them, if it can. */
void journal_reach(struct volume *v, struct journal_window *w, uint64_t from, uint64_t to);
/* As journal_read(), by a window: for those who read one after the other. */
bool journal_read_near(struct volume *v, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n,
	uint64_t *back, uint64_t *next, struct fault *why) MUST_USE;
/* As journal_read_near(), but of a large run of body bytes only its length is
 * told: .part.data has it, and no bytes. */
bool journal_skim(struct volume *v, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n,
	uint64_t *back, uint64_t *next, struct fault *why) MUST_USE;
bool journal_glance(struct volume *v, struct journal_window *w, uint64_t at, struct glance *g, struct fault *why) MUST_USE;
/* What it carries, read and checked. Borrowed from scratch. */
bool journal_data(struct volume *v, const struct glance *g, struct buf *scratch, struct bytes *data, struct fault *why) MUST_USE;
/* `len` bytes from there, or what can be read of them, unchecked. Borrowed from scratch. */
struct bytes journal_bytes(struct volume *v, uint64_t at, size_t len, struct buf *scratch);
/* As journal_data(), by a window; the bytes may be the window's. */
bool journal_data_near(struct volume *v, struct journal_window *w, const struct glance *g, struct buf *scratch, struct bytes *data,
	struct fault *why) MUST_USE;

#endif
