#ifndef UI_PAGE_WHY_H
#define UI_PAGE_WHY_H

#include "casebook.h"
#include "desk.h"

/* What is known of one line of handshakes, as a doc. */
struct why_page {
	struct desk *desk;
	const struct story *story;
	const struct flow *flow;	/* of its last failure, or else success; NULL: it cannot be read */
	unsigned columns;
};

void page_why(const struct why_page *p, struct doc *to);
void page_chain(const struct why_page *p, struct doc *to);	/* of it: what the server showed, and which link is wrong */
/* page_pair(), of a value that may be a sentence: on as many lines as it takes. */
void why_pair(const struct why_page *p, struct doc *to, const char *name, enum role role, const char *value);
/* Copies the command by which its program trusts soth; of one that is not known, the first of all there are. */
bool why_copy(struct desk *d, const struct handshakes *h, struct fault *why) MUST_USE;

#endif
