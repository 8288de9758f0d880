#ifndef SOTH_GUIDE_H
#define SOTH_GUIDE_H

#include "soth/buf.h"

/*
 * How systems and programs come to trust the authority, for people: shown by
 * `soth ca`, and on the page that clients are given.
 *
 * To add one, add its row in guide.c. Of `steps` each line that begins with
 * "$ " is a command, any other is words; %s in it stands for the certificate's
 * path, %h for its name in Android's folder.
 */
struct guide {
	const char *system, *steps;
};
const struct guide *guide_at(size_t i);		/* NULL after the last */

struct guide_line {
	bool command;
	char text[600];
};
/* The next line of the steps at *at, which moves on; false: there are no more. */
bool guide_next(const char **at, const char *path, const char *hash, struct guide_line *out);

#endif
