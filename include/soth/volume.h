#ifndef SOTH_VOLUME_H
#define SOTH_VOLUME_H

#include "soth/base.h"

/*
 * A session's file as those see it who read it: bytes at their places, be they
 * there as they are or compacted (soth-session(5) has both). Any thread may
 * read at any time, without a lock. A file that is being written only grows,
 * but for its beginning, which may go.
 */
struct volume;

struct volume *volume_open(const char *path, struct fault *why) MUST_USE;
struct volume *volume_of(int fd);		/* of one that is being written; a descriptor of its own */
void volume_close(struct volume *v);		/* NULL is fine */

/* Bytes at `at`, as many as there are up to `len`. */
size_t volume_read(struct volume *v, uint64_t at, uint8_t *to, size_t len);
uint64_t volume_size(const struct volume *v);	/* as of now */
/* The first record; what is before it is gone, or is no record. */
uint64_t volume_first(const struct volume *v);
uint64_t volume_order(const struct volume *v);	/* of the last note that is gone; 0: none is */
void volume_begin(struct volume *v, uint64_t first);	/* what is before it goes: the writer's */
/* Where nothing can be read: why, where there was more. False. */
bool volume_ends(const struct volume *v, struct fault *why);

bool volume_is_compacted(const struct volume *v);
int volume_fd(const struct volume *v);

enum { VOLUME_LINE = 15 };			/* of the line that it begins with */

#endif
