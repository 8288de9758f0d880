/* Any bytes, as a flow file: flows in order, or a fault that says where, never more. */
#include <stdio.h>

#include "soth/convert.h"
#include "soth/ordering.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	struct ordering all;
	struct ordering_flow at;
	flow_id flow;
};

static void
hear(void *arg, struct note *n)
{
	struct heard *h = arg;

	if (n->kind == NOTE_FLOW) {
		if (n->flow != h->flow + 1)
			__builtin_trap();
		h->flow = n->flow;
		h->at = (struct ordering_flow){ 0 };
	}
	if (n->kind != NOTE_LOG && n->flow != h->flow)
		__builtin_trap();
	if (!ordering_note(&h->all, &h->at, n)) {
		fprintf(stderr, "%s\n", h->all.first.text);
		__builtin_trap();
	}
	note_drop(n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard h = { 0 };
	struct convert_sink to = { hear, &h };
	const struct format *mitm = format_named("mitm");
	struct fault why = { "" };
	FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;

	mitm->suits((struct bytes){ data, size });
	if (!in)
		return 0;
	if (mitm->read(in, &to, &why) == (*why.text != 0) || !ordering_end(&h.all))
		__builtin_trap();
	fclose(in);
	return 0;
}
