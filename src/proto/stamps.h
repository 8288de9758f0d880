#ifndef PROTO_STAMPS_H
#define PROTO_STAMPS_H

#include "soth/base.h"

/*
 * The files and folders that something was read from, and how they were then:
 * whether one of them has changed since, was replaced, or came, is told by a
 * number that is another one then. All zero is none. Of more than STAMPS_MAX
 * the others are not looked at.
 */
enum { STAMPS_MAX = 4096 };
struct stamps {
	char **path;
	size_t count;
	uint64_t then;			/* the number, when they were read */
};

void stamps_add(struct stamps *s, const char *path);	/* before it is read */
/* `settled`: nobody has written any of them within the last moments. */
uint64_t stamps_now(const struct stamps *s, bool *settled);
void stamps_release(struct stamps *s);

#endif
