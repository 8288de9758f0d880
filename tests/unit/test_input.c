/* Keys out of a terminal's bytes, whole and byte by byte; and a line being typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../ui/edit.h"
#include "../../ui/input.h"

static void
keys_of(const char *bytes, size_t len, size_t step, char out[1000])
{
	struct input in = { .len = 0 };
	char name[INPUT_NAME_MAX];

	*out = '\0';
	for (size_t at = 0; at < len; at += step) {
		struct bytes more = { (const uint8_t *)bytes + at, len - at < step ? len - at : step };

		while (input_key(&in, &more, name))
			sprintf(out + strlen(out), "%s%s", *out ? " " : "", name);
	}
	if (input_idle(&in, name))
		sprintf(out + strlen(out), "%s%s", *out ? " " : "", name);
}

#define KEYS(bytes, want) do { \
		char got[1000]; \
		keys_of(bytes, sizeof(bytes) - 1, sizeof(bytes), got); \
		assert_string_equal(got, want); \
		keys_of(bytes, sizeof(bytes) - 1, 1, got); \
		assert_string_equal(got, want); \
	} while (0)

static void
plain_characters_are_their_own_names(void **state)
{
	(void)state;
	KEYS("aZ/?:", "a Z / ? :");
	KEYS(" \t\r\x7f\x08", "<Space> <Tab> <Enter> <BS> <BS>");
	KEYS("\x01\x1a\x0c", "<C-a> <C-z> <C-l>");
	KEYS("\xc3\xbc\xe6\x97\xa5\xf0\x9f\x98\x80", "\xc3\xbc \xe6\x97\xa5 \xf0\x9f\x98\x80");
}

static void
sequences_are_keys_with_their_modifiers(void **state)
{
	(void)state;
	KEYS("\033[A\033[B\033[C\033[D", "<Up> <Down> <Right> <Left>");
	KEYS("\033OA\033OP\033[H\033OF\033[Z", "<Up> <F1> <Home> <End> <S-Tab>");
	KEYS("\033[1~\033[4~\033[5~\033[6~\033[3~", "<Home> <End> <PgUp> <PgDn> <Del>");
	KEYS("\033[15~\033[24~\033[15;2~", "<F5> <F12> <S-F5>");
	KEYS("\033[1;2C\033[1;5D\033[1;3A", "<S-Right> <C-Left> <A-Up>");
	KEYS("\033x\033\r", "<A-x> <A-Enter>");
}

static void
an_escape_alone_is_a_key_when_nothing_follows(void **state)
{
	(void)state;
	KEYS("\033", "<Esc>");
	KEYS("\033\033[A", "<Esc> <Up>");
	KEYS("a\033", "a <Esc>");
}

static void
the_mouse_clicks_and_turns(void **state)
{
	(void)state;
	KEYS("\033[<0;12;7M\033[<0;12;7m", "<Click 6 11>");
	KEYS("\033[<64;1;1M\033[<65;2;3M", "<WheelUp 0 0> <WheelDown 2 1>");
	KEYS("\033[<0;0;0M\033[<35;1;1M", "");
}

static void
what_is_no_key_is_left_out(void **state)
{
	(void)state;
	KEYS("\033[?62;4ca", "a");
	KEYS("\033[>1;2;3cb", "b");
	KEYS("\xff\xc3(\x80z", "( z");
	KEYS("\033[99~q", "q");
}

static void
in_a_paste_nothing_is_a_sequence(void **state)
{
	(void)state;
	KEYS("\033[200~a\033[Ab\033[201~c", "<Paste> a [ A b <Pasted> c");
	KEYS("\033[200~q\033[201\033[201~x", "<Paste> q [ 2 0 1 <Pasted> x");
}

static void
a_line_is_typed_and_mended(void **state)
{
	static const char *const keys[] = { "h", "\xc3\xa9", "<Space>", "x", "<Left>", "<Left>", "<BS>", "e", "<End>", "!",
		"<Home>", "<Del>", "H", "<C-Left>" };
	struct edit e = { NULL, 0, 0, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_true(edit_key(&e, keys[i]));
	assert_string_equal(edit_text(&e), "He x!");
	assert_false(edit_key(&e, "<F5>"));
	edit_key(&e, "<End>");
	edit_key(&e, "<C-w>");
	assert_string_equal(edit_text(&e), "He ");
	edit_key(&e, "<C-u>");
	assert_string_equal(edit_text(&e), "");
	edit_key(&e, "<BS>");
	assert_int_equal(e.len, 0);
	edit_release(&e);
}

static void
a_line_has_an_end(void **state)
{
	struct edit e = { NULL, 0, 0, 0 };

	(void)state;
	for (int i = 0; i < EDIT_MAX + 100; i++)
		edit_key(&e, "x");
	assert_int_equal(e.len, EDIT_MAX);
	edit_release(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_characters_are_their_own_names),
		cmocka_unit_test(sequences_are_keys_with_their_modifiers),
		cmocka_unit_test(an_escape_alone_is_a_key_when_nothing_follows),
		cmocka_unit_test(the_mouse_clicks_and_turns),
		cmocka_unit_test(what_is_no_key_is_left_out),
		cmocka_unit_test(in_a_paste_nothing_is_a_sequence),
		cmocka_unit_test(a_line_is_typed_and_mended),
		cmocka_unit_test(a_line_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
