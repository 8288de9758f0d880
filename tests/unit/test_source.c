/* Colours, which goldens do not show: K<key> S<string> N<number> W<word> F<faint> E<error> and the like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "soth/decode.h"

static void
is(const char *as, const char *text, const char *want)
{
	static const char letter[ROLE_COUNT] = { [ROLE_KEY] = 'K', [ROLE_STRING] = 'S', [ROLE_NUMBER] = 'N',
		[ROLE_WORD] = 'W', [ROLE_FAINT] = 'F', [ROLE_ERROR] = 'E', [ROLE_WARN] = '!', [ROLE_TITLE] = 'T' };
	struct doc *doc = doc_new(1 << 16);
	struct hint hint = { .as = as };
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	struct span span[100];
	char *out;
	size_t len;
	FILE *to = open_memstream(&out, &len);

	decode_feed(d, bytes_of(text));
	decode_end(d);
	for (size_t i = 0; i < doc_lines(doc); i++) {
		size_t n = doc_spans(doc, i, span, ARRAY_LEN(span));

		fprintf(to, "%s", i ? "\n" : "");
		for (size_t k = 0; k < n; k++)
			fprintf(to, letter[span[k].role] ? "%c<%.*s>" : "%c%.*s",
				letter[span[k].role] ? letter[span[k].role] : *span[k].text.at,
				(int)span[k].text.len - !letter[span[k].role],
				(const char *)span[k].text.at + !letter[span[k].role]);
	}
	fclose(to);
	assert_string_equal(out, want);
	free(out);
	decode_free(d);
	doc_free(doc);
}

static void
names_and_numbers_of_style_sheets(void **state)
{
	(void)state;
	is("css", "a:b{color:#fff;top:-1.5em!important}", "a:b{K<color>:N<#fff>;K<top>:N<-1.5em>!W<important>}");
	is("css", "@media (a:1){p:x{b:c}}", "W<@media> (a:1){p:x{K<b>:c}}");
	is("css", "@font-face{src:url(a;b) \"c\"}", "W<@font-face>{K<src>:url(S<a;b>) S<\"c\">}");
	is("css", "a/* b */c", "aF</* b */>c");
}

static void
a_slash_divides_a_value_and_else_begins_an_expression(void **state)
{
	(void)state;
	is("javascript", "a / b / c", "a / b / c");
	is("javascript", "(1) / 2 / 3", "(N<1>) / N<2> / N<3>");
	is("javascript", "if (a) /b/g.c", "W<if> (a) S</b/g>.c");
	is("javascript", "return /[/]/", "W<return> S</[/]/>");
	is("javascript", "a.return / b / c", "a.return / b / c");
	is("javascript", "a++ / b / c", "a++ / b / c");
	is("javascript", "x = /never", "x = /never");
	is("javascript", "x // y", "x F<// y>");
}

static void
code_stands_in_templates(void **state)
{
	(void)state;
	is("javascript", "`a${b ? `c` : {d}}e` + 1", "S<`a>${b ? S<`c`> : {d}}S<e`> + N<1>");
	is("javascript", "'a\\'b' + \"c", "S<'a\\'b'> + S<\"c>");
}

static void
tags_and_their_attributes(void **state)
{
	(void)state;
	is("html", "<a b=c d='e'>f</a>", "<W<a> K<b>=S<c> K<d>=S<'e'>>f</W<a>>");
	is("html", "<!-- a -->", "F<<!-- a -->>");
	is("xml", "<a/>b<", "<W<a>/>\nb\nE<(line 1, column 6: < that begins no tag)>\n<");
}

static void
what_is_wrong_with_cookies_is_a_warning(void **state)
{
	(void)state;
	is("setcookie", "__Secure-a=b", "K<__Secure-a> S<b>\n!<__Secure- needs Secure: browsers drop it>\n"
		"F<without Secure HttpOnly SameSite>");
	is("jwt", "eyJhbGciOiJub25lIn0.e30.", "K<header>\n{\nK<\"alg\">: S<\"none\">\n}\n!<alg none: nothing is signed>\n"
		"K<payload>\n{}\nK<signature>\nF<empty>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_of_style_sheets),
		cmocka_unit_test(a_slash_divides_a_value_and_else_begins_an_expression),
		cmocka_unit_test(code_stands_in_templates),
		cmocka_unit_test(tags_and_their_attributes),
		cmocka_unit_test(what_is_wrong_with_cookies_is_a_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
