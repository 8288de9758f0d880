/* What stands on the screen for any byte and any character; and how themes and keys are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../ui/glyph.h"
#include "../../ui/keymap.h"
#include "../../ui/theme.h"
#include "soth/utf8.h"

/* The glyphs of a text, and the columns they take. */
static unsigned
drawn(struct bytes s, char out[500])
{
	unsigned columns = 0;
	struct glyph g;
	size_t used;

	*out = '\0';
	while ((used = glyph_next(s, columns, &g))) {
		strcat(out, g.text);
		columns += g.columns;
		s.at += used;
		s.len -= used;
	}
	return columns;
}

#define DRAWN(text, want, columns) do { \
		char got[500]; \
		assert_int_equal(drawn(LIT(text), got), columns); \
		assert_string_equal(got, want); \
		assert_int_equal(glyph_columns(LIT(text)), columns); \
	} while (0)

static void
what_a_terminal_obeys_is_a_mark(void **state)
{
	(void)state;
	DRAWN("\033[31m", "^[[31m", 6);
	DRAWN("\a\x7f\0", "^G^?^@", 6);
	DRAWN("\xc2\x9b", "<009b>", 6);
	DRAWN("\x9b\xff", "\\x9b\\xff", 8);
	DRAWN("\xe2\x80\xae", "<202e>", 6);
	DRAWN("\xe2\x80\x8b", "<200b>", 6);
	DRAWN("\xef\xbb\xbf", "<feff>", 6);
	DRAWN("a\tb", "a   b", 5);
}

static void
widths_are_those_of_the_terminal(void **state)
{
	(void)state;
	DRAWN("abc", "abc", 3);
	DRAWN("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", 4);
	DRAWN("e\xcc\x81x", "e\xcc\x81x", 2);
	DRAWN("\xcc\x81", "<0301>", 6);
	DRAWN("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 2);
}

static void
no_byte_and_no_character_comes_through_that_a_terminal_obeys(void **state)
{
	(void)state;
	for (uint32_t rune = 0; rune < 0x110000; rune++) {
		uint8_t u[4];
		size_t n = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
		struct glyph g;

		for (size_t i = 1; i < n; i++)
			u[i] = (uint8_t)(0x80 | (rune >> (6 * (n - 1 - i)) & 0x3f));
		u[0] = n == 1 ? (uint8_t)rune : (uint8_t)((0xf00 >> n & 0xff) | rune >> (6 * (n - 1)));
		(void)glyph_next((struct bytes){ u, n }, 0, &g);
		assert_true(strlen(g.text) < sizeof(g.text) && g.columns);
		for (const char *c = g.text; *c; c++)
			assert_true((uint8_t)*c >= 0x20 && *c != 0x7f);
		assert_null(memmem(g.text, strlen(g.text), "\xc2\x9b", 2));
	}
}

static void
cutting_to_columns_splits_nothing(void **state)
{
	(void)state;
	assert_int_equal(glyph_fit(LIT("abc"), 2), 2);
	assert_int_equal(glyph_fit(LIT("\xe6\x97\xa5x"), 1), 0);
	assert_int_equal(glyph_fit(LIT("\xe6\x97\xa5x"), 3), 4);
	assert_int_equal(glyph_fit(LIT("\033x"), 1), 0);
}

static void
utf8_is_the_shortest_form_alone(void **state)
{
	(void)state;
	assert_true(utf8_valid(LIT("a\xc3\xbc\xe6\x97\xa5\xf4\x8f\xbf\xbf")));
	assert_false(utf8_valid(LIT("\xc0\x80")));
	assert_false(utf8_valid(LIT("\xe0\x80\x80")));
	assert_false(utf8_valid(LIT("\xed\xa0\x80")));
	assert_false(utf8_valid(LIT("\xf4\x90\x80\x80")));
	assert_false(utf8_valid(LIT("\xe6\x97")));
	assert_int_equal(utf8_columns(LIT("a\xe6\x97\xa5")), 3);
}

static void
built_in_themes_are_whole(void **state)
{
	struct theme t;
	struct fault why;
	const char *name;

	(void)state;
	for (size_t i = 0; (name = theme_name(i)); i++) {
		if (!theme_load(&t, name, &why))
			fail_msg("%s", why.text);
		for (size_t role = 0; strcmp(name, "mono") && role < ROLE_COUNT; role++)
			assert_true(t.style[role].fg != COLOUR_DEFAULT || t.style[role].bg != COLOUR_DEFAULT);
	}
	assert_true(theme_load(&t, "mono", &why));
	for (size_t role = 0; role < ROLE_COUNT; role++)
		assert_true(t.style[role].fg == COLOUR_DEFAULT && t.style[role].bg == COLOUR_DEFAULT);
}

static void
a_bad_theme_says_where_and_changes_nothing(void **state)
{
	struct theme t = { .style[ROLE_KEY] = { 7, 8, 9 } };
	struct fault why;

	(void)state;
	assert_false(theme_parse(&t, "my.theme", LIT("# c\nkey #ff0000 default bold\nkee red default\n"), &why));
	assert_non_null(strstr(why.text, "my.theme:3: \"kee\""));
	assert_false(theme_parse(&t, "my.theme", LIT("key #ff0000 default loud\n"), &why));
	assert_non_null(strstr(why.text, "my.theme:1: \"loud\""));
	assert_int_equal(t.style[ROLE_KEY].fg, 7);
	assert_true(theme_parse(&t, "my.theme", LIT("key #ff8000 bright_red bold underline\n"), &why));
	assert_int_equal(t.style[ROLE_KEY].fg, 0xff8000);
	assert_int_equal(t.style[ROLE_KEY].bg, COLOUR_NAMED + 9);
	assert_int_equal(t.style[ROLE_KEY].attrs, STYLE_BOLD | STYLE_UNDERLINE);
	assert_false(theme_load(&t, "/nowhere/my.theme", &why));
	assert_non_null(strstr(why.text, "/nowhere/my.theme"));
}

static void
colours_become_the_nearest_there_is(void **state)
{
	(void)state;
	assert_int_equal(colour_nearest(0xff0000, 256), 196);
	assert_int_equal(colour_nearest(0x808080, 256), 244);
	assert_int_equal(colour_nearest(0xff0000, 16), 9);
	assert_int_equal(colour_nearest(0xcc0000, 8), 1);
	assert_int_equal(colour_nearest(COLOUR_DEFAULT, 256), -1);
	assert_int_equal(colour_nearest(COLOUR_NAMED + 9, 8), 1);
}

static const struct action some[] = {
	{ "open", "<Enter> o", "list", "", "", NULL },
	{ "find", "/", "", "", "", NULL },
	{ "flip", "o", "detail", "", "", NULL },
	{ 0 },
};

static void
a_view_s_own_key_comes_first(void **state)
{
	struct keymap *k = keymap_new(some);
	struct fault why;
	char keys[100];

	(void)state;
	assert_string_equal(keymap_find(k, "list", "o")->name, "open");
	assert_string_equal(keymap_find(k, "detail", "o")->name, "flip");
	assert_string_equal(keymap_find(k, "detail", "/")->name, "find");
	assert_null(keymap_find(k, "detail", "<Enter>"));
	assert_true(keymap_bind(k, "*", "<F5>", "flip", &why));
	assert_string_equal(keymap_find(k, "list", "<F5>")->name, "flip");
	assert_false(keymap_bind(k, "*", "<F5>", "nothing", &why));
	assert_false(keymap_bind(k, "*", "", "flip", &why));
	keymap_keys(k, &some[0], keys, sizeof(keys));
	assert_string_equal(keys, "<Enter> o");
	keymap_cap(k, &some[0], keys, sizeof(keys));
	assert_string_equal(keys, "Enter");
	assert_true(action_in(&some[1], "any") && action_in(&some[0], "list") && !action_in(&some[0], "detail"));
	keymap_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_obeys_is_a_mark),
		cmocka_unit_test(widths_are_those_of_the_terminal),
		cmocka_unit_test(no_byte_and_no_character_comes_through_that_a_terminal_obeys),
		cmocka_unit_test(cutting_to_columns_splits_nothing),
		cmocka_unit_test(utf8_is_the_shortest_form_alone),
		cmocka_unit_test(built_in_themes_are_whole),
		cmocka_unit_test(a_bad_theme_says_where_and_changes_nothing),
		cmocka_unit_test(colours_become_the_nearest_there_is),
		cmocka_unit_test(a_view_s_own_key_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
