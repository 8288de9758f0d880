#ifndef UI_HISTORY_H
#define UI_HISTORY_H

#include "soth/base.h"

/*
 * What was answered to each question: in memory, and in a file so that it is
 * there the next time. Of each label the last HISTORY_MAX are kept; what looks
 * like credentials does not go into the file, which is the person's alone.
 */
enum { HISTORY_MAX = 500, HISTORY_LABELS = 32, HISTORY_TEXT = 1024, HISTORY_LABEL = 32 };

struct history;

/* `path` NULL or empty: in memory alone. `why`: empty, or the first that is
 * wrong in the file, from which nothing goes then. */
struct history *history_open(const char *path, struct fault *why);
void history_close(struct history *h);
/* False: it is kept, but could not be written. */
bool history_add(struct history *h, const char *label, const char *text, struct fault *why) MUST_USE;
/* Of that label, the newest first; NULL: there are no more. Borrowed until the next add. */
const char *history_text(struct history *h, const char *label, size_t back);

#endif
