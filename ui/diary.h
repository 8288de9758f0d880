#ifndef UI_DIARY_H
#define UI_DIARY_H

#include "soth/doc.h"

/* What soth itself had to say, the last DIARY_LINES of it; from any thread. */
struct diary;

enum { DIARY_LINES = 500 };

struct diary *diary_open(void);			/* hears log_line() until it is closed */
void diary_close(struct diary *d);
uint64_t diary_version(struct diary *d);	/* grows with each line */
void diary_doc(struct diary *d, struct doc *to);

#endif
