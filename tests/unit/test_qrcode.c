#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/qrcode.h"

static struct fault why;

/* What the rows show, read back: the half of a cell that is light is drawn. */
static bool
row_light(const char *row, unsigned x, bool below)
{
	const char *at = row;

	while (x--)
		at += *at == ' ' ? 1 : 3;
	return !strncmp(at, "█", 3) || !strncmp(at, below ? "▄" : "▀", 3);
}

static void
test_rows_are_the_modules_of_the_code(void **state)
{
	static const char *const texts[] = { "http://192.0.2.7:8080/", "x",
		"http://soth.internal/ and quite some words more, so that the code is one of the larger ones, with more than one pattern" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		QRcode *code = QRcode_encodeString8bit(texts[i], 0, QR_ECLEVEL_L);
		struct qrcode *q = qrcode_new(texts[i], &why);
		char row[QRCODE_ROW];

		assert_non_null(q);
		assert_int_equal(qrcode_columns(q), code->width + 8);
		for (unsigned y = 0; y < 2 * qrcode_rows(q); y++) {
			qrcode_row(q, y / 2, row);
			for (unsigned x = 0; x < qrcode_columns(q); x++) {
				bool inside = x >= 4 && y >= 4 && x < 4u + (unsigned)code->width && y < 4u + (unsigned)code->width;
				bool dark = inside && code->data[(y - 4) * (unsigned)code->width + x - 4] & 1;

				assert_int_equal(row_light(row, x, y & 1), !dark);
			}
		}
		qrcode_free(q);
		QRcode_free(code);
	}
}

static void
test_what_has_no_room_is_refused(void **state)
{
	char text[QRCODE_TEXT_MAX + 2];
	struct qrcode *q;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[QRCODE_TEXT_MAX] = '\0';
	q = qrcode_new(text, &why);
	assert_non_null(q);
	assert_true(3 * qrcode_columns(q) < QRCODE_ROW);
	qrcode_free(q);
	text[QRCODE_TEXT_MAX] = 'x';
	text[QRCODE_TEXT_MAX + 1] = '\0';
	assert_null(qrcode_new(text, &why));
	assert_non_null(strstr(why.text, "1001 bytes"));
	assert_null(qrcode_new("", &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_the_modules_of_the_code),
		cmocka_unit_test(test_what_has_no_room_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
