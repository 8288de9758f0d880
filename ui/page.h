#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "desk.h"

/*
 * What is said of one flow, a doc a page. A page writes what it can of what
 * has come so far; every page of a live flow is made anew as more comes.
 */
struct page {
	struct desk *desk;
	const struct flow *flow;
	const struct llm *llm;		/* the model's answer in it; NULL: there is none */
};

void page_overview(const struct page *p, struct doc *to);
void page_protocol(const struct page *p, struct doc *to);	/* of the overview */
void page_request(const struct page *p, struct doc *to);
void page_response(const struct page *p, struct doc *to);
void page_answer(const struct page *p, struct doc *to);
void page_timing(const struct page *p, struct doc *to);
void page_tls(const struct page *p, struct doc *to);
/* Where a body stands between: what is behind it. */
void page_request_foot(const struct page *p, struct doc *to);
void page_response_foot(const struct page *p, struct doc *to);
/* The bodies alone. */
void page_request_body(const struct page *p, struct doc *to);
void page_response_body(const struct page *p, struct doc *to);
void page_request_body_foot(const struct page *p, struct doc *to);
void page_response_body_foot(const struct page *p, struct doc *to);

/* What a decoder makes of it, under a line that says what the decoding came to. */
void page_decoded(const struct desk *desk, const struct hint *hint, struct bytes body, struct doc *to);

enum { PAGE_NAME_COLUMNS = 15 };
void page_name(struct doc *to, const char *name);	/* the value follows it, on as many rows as that takes */
/* "name          value", a line; nothing where the value is empty. */
void page_pair(struct doc *to, const char *name, enum role role, struct bytes value);
void page_pairf(struct doc *to, const char *name, enum role role, const char *fmt, ...) PRINTF(4, 5);
void page_heading(struct doc *to, const char *text);	/* with an empty line before it, but at the top */

#endif
