#ifndef CLI_PRINTING_H
#define CLI_PRINTING_H

#include "cli.h"

/* How flows are printed, where, and which. */
struct printer {
	print_fn *print;	/* NULL: none is printed */
	FILE *to;
	struct filter *filter;		/* NULL: all */
	struct lens *lens;		/* of the store that they come from */
};

/* The flows that have ended since `done`; how many there are now. */
size_t printer_ended(const struct printer *p, struct store *s, size_t done);
void printer_all(const struct printer *p, struct store *s);

#endif
