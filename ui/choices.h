#ifndef UI_CHOICES_H
#define UI_CHOICES_H

#include "soth/decode.h"

/*
 * What a person chose of the steps of chains and corrected in them, by side,
 * host and path: in memory, and in a file so that it is there the next time.
 */
struct choices;

enum { CHOICES_MAX = 10000, FIXES_MAX = 2000, CHOICE_KEY_MAX = 800 };

struct chosen {
	struct choice choice;
	char fixes[FIXES_MAX];		/* lines, as hint.fixes has them */
};

/* `path` NULL or empty: in memory alone. A line that is no choice is left out. */
struct choices *choices_open(const char *path);
void choices_close(struct choices *c);
/* Borrowed, until the next put; all "" where nothing was chosen. */
const struct chosen *choices_find(const struct choices *c, const char *key);
/* All "": as if nothing had ever been chosen. False: it holds, but could not be written. */
bool choices_put(struct choices *c, const char *key, const struct chosen *what, struct fault *why) MUST_USE;
/* "response api.example.com:443 /v2/users": the path without its query. */
void choices_key(enum side side, struct bytes host, unsigned port, struct bytes target, char out[CHOICE_KEY_MAX]);

#endif
