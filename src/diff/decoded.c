/* Bodies that are no text as their decoders show them: two of those are compared line by line. */
#include <stdio.h>
#include <stdlib.h>

#include "diff_inside.h"
#include "soth/decode.h"
#include "soth/doc.h"
#include "soth/flow.h"

enum { FIRST = 1024, GUESSED = 10 };	/* GUESSED: at most so well does what shows anything suit */

static bool
went_well(const struct decode *d)
{
	struct report all[DECODE_STEPS_MAX];
	size_t n = decode_reports(d, all, DECODE_STEPS_MAX);

	for (size_t i = 0; i < n; i++)
		if (all[i].state != STAGE_APPLIED)
			return false;
	return n;
}

/* A picture says nothing line by line. */
static bool
is_words(const struct doc *doc)
{
	struct span first;

	for (size_t i = 0; i < doc_lines(doc); i++)
		if (doc_spans(doc, i, &first, 1) && first.paint)
			return false;
	return !doc_is_cut(doc);
}

static void
print(const struct doc *doc, struct buf *out)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	doc_print(doc, to);
	fclose(to);
	(void)!buf_add(out, (struct bytes){ (uint8_t *)text, len });
	free(text);
}

bool
body_decoded(const struct flow *f, enum side side, struct bytes body, struct buf *out)
{
	const struct head *own = f->half[side].head, *request = f->half[CLIENT].head;
	struct bytes first = { body.at, body.len < FIRST ? body.len : FIRST };
	struct hint h = { .side = side };
	struct decode *d;
	struct doc *doc;
	bool done;

	if (!own || !body.len)
		return false;
	h.type = head_find(own, "content-type");
	h.path = request ? head_target(request) : (struct bytes){ 0 };
	if (decoder_best(decoders, &h, first)->suits(&h, first) <= GUESSED)
		return false;
	doc = doc_new(DIFF_DECODED_MAX / 2);
	d = decode_new(decoders, NULL, &h, doc);
	decode_feed(d, body);
	decode_end(d);
	done = went_well(d) && is_words(doc);
	decode_free(d);
	if (done)
		print(doc, out);
	doc_free(doc);
	return done;
}
