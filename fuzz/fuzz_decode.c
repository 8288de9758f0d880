/* Every decoder, or the one that $DECODER names: the first byte names it and the coding, the second how it is cut; then a type, a line, and the bytes. */
#include <stdlib.h>
#include <string.h>

#include "soth/decode.h"

enum { DOC_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const codings[] = { "", "gzip", "deflate", "br", "zstd", "gzip, br" };
	struct reader r = { { data, size }, false };
	uint8_t which = read_u8(&r), step = read_u8(&r);
	struct bytes type = read_line(&r);
	struct hint hint = { .type = type, .coding = bytes_of(codings[step >> 4 < ARRAY_LEN(codings) ? step >> 4 : 0]) };
	const char *only = getenv("DECODER");
	size_t count = 0;
	struct doc *doc;
	struct decode *d;
	struct report report[DECODE_STEPS_MAX];
	struct span span[8];

	if (r.ran_out)
		return 0;
	while (decoders[count])
		count++;
	doc = doc_new(DOC_MAX);
	hint.as = only ? only : which < count ? decoders[which]->name : NULL;
	d = decode_new(decoders, NULL, &hint, doc);
	step &= 15;
	for (size_t n = step ? step : r.rest.len; r.rest.len; ) {
		if (n > r.rest.len)
			n = r.rest.len;
		decode_feed(d, read_bytes(&r, n));
	}
	decode_end(d);
	if (!decode_reports(d, report, ARRAY_LEN(report)))
		abort();
	decode_free(d);
	for (size_t i = 0; i < doc_lines(doc); i++)
		for (size_t k = 0, n = doc_spans(doc, i, span, ARRAY_LEN(span)); k < n; k++)
			if (!span[k].text.len || doc_depth(doc, i) > DOC_MAX)
				abort();
	doc_free(doc);
	return 0;
}
