#ifndef UI_ARCHIVE_H
#define UI_ARCHIVE_H

#include "desk.h"
#include "parcel.h"

/*
 * Files that are opened into the session and those that it is saved to, each
 * on a thread of its own; what becomes of them is said on the bottom line.
 */
struct archive;

struct archive *archive_new(struct desk *desk);
void archive_free(struct archive *a);		/* leaves what is not over */
/* Its flows come behind those there are. */
bool archive_open(struct archive *a, const char *path, struct fault *why) MUST_USE;
/* A session that is being recorded goes on in that file: no byte of it is
 * copied, where both are on one file system; but one whose oldest flows go
 * (session-size) is copied, so that they stay in the copy. What is there already is
 * replaced when the copy is whole. */
bool archive_save(struct archive *a, const char *path, struct fault *why) MUST_USE;
/* As it is now, compressed. */
bool archive_compact(struct archive *a, const char *path, struct fault *why) MUST_USE;
/* Takes how->index. One at a time. */
bool archive_write(struct archive *a, const struct parcel_how *how, const char *path, struct fault *why) MUST_USE;
bool archive_stop(struct archive *a);		/* what is being written so; false: nothing is */
void archive_turn(struct archive *a);		/* each frame: says what is over */
bool archive_busy(const struct archive *a);

#endif
