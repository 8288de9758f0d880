#ifndef PROTO_KEYFILE_H
#define PROTO_KEYFILE_H

#include <sys/types.h>

#include "soth/slice.h"

/* Small files of keys and certificates. Faults name the file. */
enum { FILE_MAX = 1 << 20, PATH_ROOM = 4096 };

bool path_in(char out[PATH_ROOM], const char *dir, const char *name, struct fault *why) MUST_USE;
bool dir_make(const char *dir, struct fault *why) MUST_USE;	/* and those above it */
bool file_read(const char *path, struct slice *out, struct fault *why) MUST_USE;
/* Whole or not at all, and on disk. With `replace` false a file that somebody
 * else made meanwhile stays, and that is no fault. */
bool file_put(const char *dir, const char *path, struct bytes b, mode_t mode, bool replace,
	struct fault *why) MUST_USE;

#endif
