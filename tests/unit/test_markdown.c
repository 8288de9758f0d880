/* A report of flows: what is foreign in it stays in code, and ends no fence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/convert.h"

static char path[] = "/tmp/test-markdown-XXXXXX";
static struct store *session;
static flow_id flows;

static void
note(uint64_t when, struct note n)
{
	n.flow = flows;
	n.when = when;
	store_note(session, &n);
}

static void
side_says(enum side side, uint64_t when, const char *head, struct bytes body)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(head), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		fail_msg("%s", why.text);
	note(when, (struct note){ .kind = NOTE_PART, .side = side, .part = { .kind = PART_HEAD, .head = h } });
	if (body.len)
		note(when, (struct note){ .kind = NOTE_PART, .side = side, .part = { .kind = PART_DATA, .data = slice_copy(body) } });
	note(when + 500, (struct note){ .kind = NOTE_PART, .side = side, .part = { .kind = PART_END } });
}

static void
flow(const char *ask, struct bytes asked, const char *answer, struct bytes answered)
{
	const struct origin o = { .scheme = LIT("https"), .host = LIT("api.example.com"), .port = 443 };

	flows++;
	note(1795531640104000, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	side_says(CLIENT, 1795531640104100, ask, asked);
	side_says(SERVER, 1795531640145600, answer, answered);
	note(1795531640150000, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } });
	store_flush(session);
}

/* Of the last flow; good until the next. */
static const char *
report(void)
{
	static char *text;
	struct convert_flows from = { session, &flows, 1 };
	struct fault why = { "" };
	size_t len;
	FILE *out;

	free(text);
	out = open_memstream(&text, &len);
	if (!format_named("markdown")->write(out, &from, &why))
		fail_msg("%s", why.text);
	fclose(out);
	return text;
}

static void
has(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no\n%s\nin\n%s", piece, text);
}

static const char get[] = "GET /a?b=1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n";

static void
a_flow_is_a_heading_a_table_and_two_messages(void **state)
{
	(void)state;
	flow(get, LIT(""), "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n", LIT("{\"error\": 1}"));
	assert_string_equal(report(),
		"# 1 flow\n\n## ` GET ` ` https://api.example.com/a?b=1 `\n\nFlow 1\n\n| | |\n|---|---|\n"
		"| Begun | 2026-11-24 14:47:20.104000 UTC |\n| Request | after 0.100 ms |\n| Request sent | after 0.600 ms |\n"
		"| Response | after 41.600 ms |\n| Response whole | after 42.100 ms |\n| Over | after 46.000 ms |\n"
		"| Request size | head 46 bytes, body 0 bytes |\n| Response size | head 58 bytes, body 12 bytes |\n"
		"| Protocol | http |\n| End | mitm_http_completed |\n\n### Request\n\n```http\nGET /a?b=1 HTTP/1.1\nHost: api.example.com\n```\n"
		"\n### Response\n\n```http\nHTTP/1.1 404 Not Found\nContent-Type: application/json\n```\n\n```json\n{\"error\": 1}\n```\n");
}

static void
a_fence_is_longer_than_any_in_the_body(void **state)
{
	(void)state;
	flow(get, LIT(""), "HTTP/1.1 200 OK\r\nX: `````\r\n\r\n", LIT("```\n# not a heading\n````\r<script>\r\n``"));
	has(report(), "\n``````http\nHTTP/1.1 200 OK\nX: `````\n``````\n");
	has(report(), "\n`````\n```\n# not a heading\n````\n<script>\n``\n`````\n");
}

static void
what_a_terminal_or_a_reader_obeys_is_in_code_and_escaped(void **state)
{
	(void)state;
	flow("GET /`<img/src=x>``](x) HTTP/1.1\r\nHost: a\r\nX: \xff\xe2\x80\xae|\r\n\r\n", LIT(""), "HTTP/1.1 200 OK\r\n"
		"Content-Type: a/`b|\xc2\x9b\r\n\r\n", LIT("\x1b[31m\0"));
	has(report(), "## ` GET ` ``` https://api.example.com/`<img/src=x>``](x) ```\n");
	has(report(), "X: \\xff\\xe2\\x80\\xae|\n");
	has(report(), "\nA body of 6 bytes, of type `` a/`b|\\xc2\\x9b ``.\n");
	assert_null(strchr(report(), '\x1b'));
}

static void
bodies_are_told_behind_their_codings(void **state)
{
	static const uint8_t gz[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0 };

	(void)state;
	flow(get, LIT(""), "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", (struct bytes){ gz, sizeof(gz) });
	has(report(), "\n```\nhello\n```\n");
}

static void
a_body_too_large_is_cut_and_says_so(void **state)
{
	static char body[(1 << 20) + 100];

	(void)state;
	memset(body, 'x', sizeof(body) - 1);
	memcpy(body + (1 << 20) - 2, "\xe6\x97\xa5", 3);
	flow(get, LIT(""), "HTTP/1.1 200 OK\r\n\r\n", bytes_of(body));
	has(report(), "\nThat is not the whole body, of 1048675 bytes.\n");
	has(report(), "xx\n```\n");
}

static void
a_flow_without_a_request_has_a_heading(void **state)
{
	const struct origin o = { .scheme = LIT("tcp"), .host = LIT("::1"), .port = 25 };

	(void)state;
	flows++;
	note(5, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	note(9, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_CONNECT_FAILED, .data = slice_text("no `route`") } });
	store_flush(session);
	has(report(), "## ` tcp://[::1]:25 `\n");
	has(report(), "It ended with: `` no `route` ``\n");
	has(report(), "### Request\n\nThere is none.\n");
}

static int
begin(void **state)
{
	struct fault why = { "" };

	(void)state;
	close(mkstemp(path));
	session = store_create(path, &why);
	return session ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	store_free(session);
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flow_is_a_heading_a_table_and_two_messages),
		cmocka_unit_test(a_fence_is_longer_than_any_in_the_body),
		cmocka_unit_test(what_a_terminal_or_a_reader_obeys_is_in_code_and_escaped),
		cmocka_unit_test(bodies_are_told_behind_their_codings),
		cmocka_unit_test(a_body_too_large_is_cut_and_says_so),
		cmocka_unit_test(a_flow_without_a_request_has_a_heading),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
