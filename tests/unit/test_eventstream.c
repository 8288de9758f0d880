/* Event streams whose events are too large for a golden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/decode.h"

enum { MIB = 1 << 20 };

static char *
shown(struct bytes in, size_t step)
{
	struct doc *doc = doc_new(16 * MIB);
	struct hint hint = { .type = LIT("text/event-stream") };
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	char *out;
	size_t len;
	FILE *to;

	for (size_t at = 0; at < in.len; at += step)
		decode_feed(d, (struct bytes){ in.at + at, in.len - at < step ? in.len - at : step });
	decode_end(d);
	to = open_memstream(&out, &len);
	doc_print(doc, to);
	fclose(to);
	decode_free(d);
	doc_free(doc);
	return out;
}

static void
fill(struct buf *b, const char *line, size_t size)
{
	while (size > strlen(line)) {
		assert_true(buf_add(b, bytes_of(line)));
		size -= strlen(line);
	}
}

/* Whatever the line that the limit falls into, and however the bytes are cut. */
static void
large(const char *line)
{
	static const size_t steps[] = { SIZE_MAX / 2, 4096, 65537, 3 * MIB, 3 * MIB + 1 };
	struct buf b;

	buf_init(&b, 16 * MIB);
	assert_true(buf_add(&b, LIT("data: small\n\n")));
	fill(&b, line, 7 * MIB);
	assert_true(buf_add(&b, LIT("\n\ndata: after\n\n")));
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		char *out = shown(buf_bytes(&b), steps[i]);

		assert_non_null(strstr(out, "event 1  message  5 bytes\n  small\nevent 2  message  "));
		assert_non_null(strstr(out, "\n(larger than 3 MiB: its rest is left out)\n"
			"event 3  message  5 bytes\n  after\n"));
		free(out);
	}
	buf_release(&b);
}

static void
of_an_event_larger_than_3_MiB_the_beginning_is_shown(void **state)
{
	(void)state;
	large("data: some line of text that comes again and again\n");
	large("data: the same, with two for an end\r\n");
	large("data: the same, with the other\r");
}

static void
an_event_of_one_endless_line_is_cut(void **state)
{
	struct buf b;
	char *out;

	(void)state;
	buf_init(&b, 16 * MIB);
	assert_true(buf_add(&b, LIT("data: ")));
	fill(&b, "abcdefgh", 9 * MIB);
	out = shown(buf_bytes(&b), 100000);
	assert_non_null(strstr(out, "\n(larger than 3 MiB: its rest is left out)\n(cut off: "));
	free(out);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_an_event_larger_than_3_MiB_the_beginning_is_shown),
		cmocka_unit_test(an_event_of_one_endless_line_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
