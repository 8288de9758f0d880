#ifndef PROTO_PAGE_H
#define PROTO_PAGE_H

#include "soth/buf.h"
#include "soth/head.h"

/* The small page that soth answers with itself: its head, and its body. */
void page_make(unsigned status, const char *words, struct head **head, struct slice *body);
bool page_escape(struct buf *b, const char *words) MUST_USE;	/* words as text of HTML; false: b is full */

#endif
