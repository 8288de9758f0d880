#ifndef STORE_KEYLOG_H
#define STORE_KEYLOG_H

#include <stdatomic.h>

#include "soth/note.h"

/*
 * Keys of TLS sessions, as lines that Wireshark reads: whoever has the file can
 * read the traffic, so it is its owner's alone. One thread writes; any may say
 * into which file from now on.
 */
struct keylog {
	int fd;			/* the writer's; -1: none */
	atomic_int next;	/* that takes its place; KEYLOG_AS_BEFORE: none does */
};
enum { KEYLOG_AS_BEFORE = -2 };

void keylog_init(struct keylog *k);
void keylog_release(struct keylog *k);
void keylog_set(struct keylog *k, int fd);	/* takes the descriptor; -1: none. Any thread */
void keylog_turn(struct keylog *k);		/* the writer's: to what was set */
bool keylog_takes(const struct note *n);	/* a note of nothing else */
/* Appends its lines, where there is a file; false: it failed, and none are written from now on. */
bool keylog_note(struct keylog *k, const struct note *n, struct fault *why) MUST_USE;

#endif
