/*
 * Every decoder, or the one that $DECODER names: it writes the same however the bytes are cut, and on a paper too.
 *
 * The first byte names it, the second the coding and how it is cut; then a type, a line, and the bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "soth/paper.h"

enum { DOC_MAX = 1 << 16, SPANS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct doc *
decoded(const struct hint *hint, struct bytes all, size_t step)
{
	struct doc *doc = doc_new(DOC_MAX);
	struct decode *d = decode_new(decoders, NULL, hint, doc);
	struct report report[DECODE_STEPS_MAX];
	struct reader r = { all, false };

	while (r.rest.len)
		decode_feed(d, read_bytes(&r, r.rest.len < step ? r.rest.len : step));
	decode_end(d);
	if (!decode_reports(d, report, ARRAY_LEN(report)))
		abort();
	decode_free(d);
	return doc;
}

static void
same_line(const struct doc *a, size_t i, const struct doc *b, size_t k)
{
	static struct span x[SPANS], y[SPANS];
	size_t n = doc_spans(a, i, x, SPANS);

	if (doc_depth(a, i) != doc_depth(b, k) || doc_spans(b, k, y, SPANS) != n)
		abort();
	for (size_t s = 0; s < n; s++)
		if (!x[s].text.len || x[s].role != y[s].role || !bytes_same(x[s].text, y[s].text))
			abort();
}

static void
same_doc(const struct doc *a, const struct doc *b)
{
	if (doc_lines(a) != doc_lines(b))
		abort();
	for (size_t i = 0; i < doc_lines(a); i++)
		same_line(a, i, b, i);
}

static void
same_paper(const struct doc *want, const struct hint *hint, struct bytes all)
{
	struct paper *p = paper_new(decoders, NULL, hint, 0);

	for (size_t came = 0; came < all.len; came += 1000)
		while (paper_read(p, (struct bytes){ all.at, came }, false))
			;
	while (paper_read(p, all, true))
		;
	if (!paper_done(p) || paper_lines(p) != doc_lines(want))
		abort();
	for (size_t i = 0; i < doc_lines(want); i++) {
		struct paper_line l = paper_line(p, all, i);

		same_line(want, i, l.doc, l.line);
	}
	paper_free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const codings[] = { "", "gzip", "deflate", "br", "zstd", "gzip, br" };
	struct reader r = { { data, size }, false };
	uint8_t which = read_u8(&r), how = read_u8(&r);
	struct bytes type = read_line(&r);
	struct hint hint = { .type = type, .coding = bytes_of(codings[how >> 4 < ARRAY_LEN(codings) ? how >> 4 : 0]) };
	const char *only = getenv("DECODER");
	struct doc *whole, *pieces;
	size_t count = 0;

	if (r.ran_out)
		return 0;
	while (decoders[count])
		count++;
	hint.as = only ? only : which < count ? decoders[which]->name : NULL;
	whole = decoded(&hint, r.rest, SIZE_MAX);
	/* Where a broken coding ends, or text that is not of its charset, depends on how it came. */
	if (!hint.coding.len && !memmem(type.at, type.len, "charset", 7)) {
		pieces = decoded(&hint, r.rest, how & 15 ? how & 15 : 100);
		same_doc(whole, pieces);
		doc_free(pieces);
		hint.message = true;	/* no charset: a paper has none */
		pieces = decoded(&hint, r.rest, SIZE_MAX);
		if (!doc_is_cut(pieces))
			same_paper(pieces, &hint, r.rest);
		doc_free(pieces);
	}
	doc_free(whole);
	return 0;
}
