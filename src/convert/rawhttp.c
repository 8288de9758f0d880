/* Requests and responses as bytes of HTTP/1.1, one after the other: what a socket would have said. */
#include <stdio.h>

#include "soth/convert.h"

enum { BODY_MAX = 1 << 30 };

static bool
raw_half(FILE *out, const struct convert_flows *from, const struct flow *f, enum side side)
{
	const struct half *h = &f->half[side];
	struct slice body;
	struct bytes text;
	bool whole, ok;

	if (!h->head)
		return true;
	text = head_text(h->head);
	ok = fwrite(text.at, 1, text.len, out) == text.len;
	body = convert_body(from->store, f->id, side, false, BODY_MAX, &whole);
	ok = ok && (!body.bytes.len || fwrite(body.bytes.at, 1, body.bytes.len, out) == body.bytes.len);
	slice_drop(&body);
	return ok;
}

static bool
raw_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	for (size_t i = 0; i < from->count; i++) {
		struct flow f;
		bool ok;

		if (!store_flow(from->store, from->id[i], &f, why)) {
			flow_release(&f);
			return false;
		}
		ok = raw_half(out, from, &f, CLIENT) && raw_half(out, from, &f, SERVER);
		flow_release(&f);
		if (!ok)
			return fault(why, "flow %llu: it could not be written", (unsigned long long)from->id[i]);
	}
	return true;
}

const struct format format_raw = {
	.name = "raw", .about = "requests and responses as HTTP/1.1, one after the other", .suffixes = ".raw",
	.write = raw_write,
};
