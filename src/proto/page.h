#ifndef PROTO_PAGE_H
#define PROTO_PAGE_H

#include "soth/head.h"

/* The small page that soth answers with itself: its head, and its body. */
void page_make(unsigned status, const char *words, struct head **head, struct slice *body);

#endif
