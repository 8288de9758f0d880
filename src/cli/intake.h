#ifndef CLI_INTAKE_H
#define CLI_INTAKE_H

#include <stdio.h>

#include "soth/convert.h"

/* A session that is gone when it is closed. */
struct passing { char path[64]; struct store *store; };

bool passing_open(struct passing *p, struct convert_sink *sink, struct fault *why) MUST_USE;
void passing_end(struct passing *p);		/* nothing comes any more; it is read from now on */
void passing_close(struct passing *p);

/* What is read: a session as it is, or one that is made of the file for the while. Begins zeroed. */
struct intake {
	FILE *file;
	struct passing made;
	struct store *store;
	bool cut;		/* something of it could not be read, and has been said */
};

bool path_is_pipe(const char *path);
/* In the format of that name; NULL: as the file says. Closed in any case. */
bool intake_open(struct intake *s, const char *path, const char *from, struct fault *why) MUST_USE;
void intake_close(struct intake *s);

#endif
