/* Any bytes, as commands of curl and as a .http file: requests in turn and whole, or a fault. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/convert.h"
#include "soth/ordering.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct hearing { struct ordering ordering; struct ordering_flow flow; flow_id last; };

/* Each flow from FLOW to GONE, numbered from 1 without gaps. */
static void
hear(void *arg, struct note *n)
{
	struct hearing *h = arg;

	if (n->flow != h->last) {
		if (n->flow != h->last + 1 || h->ordering.live)
			__builtin_trap();
		h->flow = (struct ordering_flow){ 0 };
		h->last = n->flow;
	}
	if (!ordering_note(&h->ordering, &h->flow, n))
		__builtin_trap();
	note_drop(n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "curl", "http" };

	for (size_t i = 0; size && i < 2; i++) {
		const struct format *f = format_named(names[i]);
		struct hearing h = { 0 };
		struct convert_sink to = { hear, &h };
		struct fault why = { "" };
		FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");

		f->suits((struct bytes){ data, size });
		if (!f->read(in, &to, &why) && !*why.text)
			__builtin_trap();
		if (h.ordering.live)
			__builtin_trap();
		fclose(in);
	}
	return 0;
}
