/* Cells of pictures: what stands for them, and what the terminal gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "../../ui/paint.h"
#include "soth/doc.h"
#include "soth/utf8.h"

#define ONE	PAINT(0xff0000, 0x0000ff)
#define TWO	PAINT(0xff0000, 0x00ff00)

/* What a frame of these bytes becomes. */
static const char *
written(const char *frame, uint32_t *shown)
{
	static char out[4096];
	const uint8_t *at = (const uint8_t *)frame;
	size_t n = 0, len = strlen(frame);

	while (len) {
		char piece[64];
		size_t used = paint_sequence(at, len, shown, piece);

		n += strlen(strcpy(out + n, piece));
		if (!used)
			out[n++] = (char)*at;
		at += used ? used : 1;
		len -= used ? used : 1;
	}
	out[n] = '\0';
	return out;
}

static void
colours_are_as_near_as_five_bits_allow(void **state)
{
	(void)state;
	assert_int_equal(paint_upper(ONE), 0xff0000);
	assert_int_equal(paint_lower(ONE), 0x0000ff);
	assert_int_equal(paint_lower(PAINT(0, 0x808080)), 0x848484);
}

static void
what_stands_for_a_cell_is_one_private_character(void **state)
{
	char first[5], second[5], again[5];
	uint32_t rune;

	(void)state;
	paint_private(ONE, first);
	paint_private(TWO, second);
	paint_private(ONE, again);
	assert_string_equal(first, again);
	assert_string_not_equal(first, second);
	assert_int_equal(utf8_next(bytes_of(first), &rune), 4);
	assert_true(rune >= PAINT_PRIVATE && utf8_printable(rune));
}

static void
only_colours_that_change_are_written(void **state)
{
	char one[5], two[5], frame[40];
	uint32_t shown = 0;

	(void)state;
	paint_private(ONE, one);
	paint_private(TWO, two);
	strcat(strcat(strcat(strcat(strcat(strcpy(frame, "a"), one), one), two), "b"), one);
	assert_string_equal(written(frame, &shown), "a\033[38;2;255;0;0m\033[48;2;0;0;255m▀▀\033[48;2;0;255;0m▀"
		"\033[39;49mb\033[38;2;255;0;0m\033[48;2;0;0;255m▀");
	assert_string_equal(written("\033[H", &shown), "\033[39;49m\033[H");
}

static void
what_stands_for_nothing_stays(void **state)
{
	uint32_t shown = 0;

	(void)state;
	paint_forget();
	assert_string_equal(written("\xf4\x80\x80\x81x\xe2\x96\x80\xf4\x80", &shown), "\xf4\x80\x80\x81x\xe2\x96\x80\xf4\x80");
}

/* A frame of more cells than there are characters still gets blocks. */
static void
cells_run_out_and_are_forgotten(void **state)
{
	char block[5];

	(void)state;
	paint_forget();
	for (uint32_t i = 1; i < 70000; i++) {
		uint32_t rune;

		paint_private(0x40000000u | i, block);
		assert_true(utf8_next(bytes_of(block), &rune) == strlen(block) && rune <= 0x10fffd);
	}
	assert_string_equal(block, PAINT_BLOCK);
	assert_true(paint_crowded());
	paint_forget();
	assert_false(paint_crowded());
	paint_private(ONE, block);
	assert_string_not_equal(block, PAINT_BLOCK);
}

static void
shades_go_by_how_light_it_is(void **state)
{
	(void)state;
	assert_string_equal(paint_shade(PAINT(0, 0)), " ");
	assert_string_equal(paint_shade(PAINT(0xffffff, 0)), "▒");
	assert_string_equal(paint_shade(PAINT(0x00ff00, 0x00ff00)), "▓");
	assert_string_equal(paint_shade(PAINT(0x0000ff, 0x0000ff)), " ");
	assert_string_equal(paint_shade(PAINT(0xffffff, 0xffffff)), "█");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_are_as_near_as_five_bits_allow),
		cmocka_unit_test(what_stands_for_a_cell_is_one_private_character),
		cmocka_unit_test(only_colours_that_change_are_written),
		cmocka_unit_test(what_stands_for_nothing_stays),
		cmocka_unit_test(cells_run_out_and_are_forgotten),
		cmocka_unit_test(shades_go_by_how_light_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
