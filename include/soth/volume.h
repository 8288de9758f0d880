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
/* From here on nothing is missing. What is between the first and here is what
 * flows began with that go on behind it, written anew: a record behind it that
 * leads back before it goes on at the last of those of its flow. */
uint64_t volume_whole(const struct volume *v);
uint64_t volume_order(const struct volume *v);	/* of the last note that is gone; 0: none is */
/* The writer's: bytes before a new `whole` change from now on, until it says where the file begins. */
void volume_stir(struct volume *v);
void volume_begin(struct volume *v, uint64_t order, uint64_t first, uint64_t whole);
/* Another one: what was read before `whole` may not be what is there. Odd: it is being changed. */
unsigned volume_epoch(const struct volume *v);
/* Where nothing can be read: why, where there was more. False. */
bool volume_ends(const struct volume *v, struct fault *why);

bool volume_is_compacted(const struct volume *v);
int volume_fd(const struct volume *v);

enum { VOLUME_LINE = 15 };			/* of the line that it begins with */

#endif
