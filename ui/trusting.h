#ifndef UI_TRUSTING_H
#define UI_TRUSTING_H

#include "soth/guide.h"

/* How the program of a process is made to trust soth: its guide; NULL: nothing is known of one of that name. */
const struct guide *trusting_of(const char *process);
/* The first command of a guide. */
bool trusting_command(const struct guide *g, const char *path, struct guide_line *out);

#endif
