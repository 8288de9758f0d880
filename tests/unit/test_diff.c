/* What is different between two sessions, and between two flows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/diff.h"

enum { BEGUN = 1000000, MS = 1000 };

static char path[2][40];
static struct store *session[2];
static flow_id flows[2];
static struct diff_how how;

static int
begin(void **state)
{
	struct fault why = { "" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		strcpy(path[i], "/tmp/test-diff-XXXXXX");
		close(mkstemp(path[i]));
		session[i] = store_create(path[i], &why);
		flows[i] = 0;
	}
	diff_how_init(&how);
	return !session[0] || !session[1];
}

static int
end(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		store_free(session[i]);
		unlink(path[i]);
	}
	return 0;
}

static void
note(int which, uint64_t when, struct note n)
{
	n.flow = flows[which];
	n.when = when;
	store_note(session[which], &n);
}

static void
side_says(int which, enum side side, uint64_t when, const char *head, struct bytes body)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(head), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		fail_msg("%s: %s", head, why.text);
	note(which, when, (struct note){ .kind = NOTE_PART, .side = side, .part = { .kind = PART_HEAD, .head = h } });
	if (body.len)
		note(which, when, (struct note){ .kind = NOTE_PART, .side = side,
			.part = { .kind = PART_DATA, .data = slice_copy(body) } });
	note(which, when, (struct note){ .kind = NOTE_PART, .side = side, .part = { .kind = PART_END } });
}

static void
flow_bytes(int which, const char *ask, struct bytes asked, unsigned ms, const char *answer, struct bytes answered)
{
	const struct origin o = { .scheme = LIT("http"), .host = LIT("h"), .port = 80 };
	char head[600];

	flows[which]++;
	note(which, BEGUN, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	snprintf(head, sizeof(head), "%s HTTP/1.1\r\nhost: h\r\n\r\n", ask);
	side_says(which, CLIENT, BEGUN, head, asked);
	snprintf(head, sizeof(head), "HTTP/1.1 %s\r\n\r\n", answer);
	side_says(which, SERVER, BEGUN + (uint64_t)ms * MS, head, answered);
	note(which, BEGUN + (uint64_t)ms * MS,
		(struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } });
	store_flush(session[which]);
}

static void
flow(int which, const char *ask, const char *answer, const char *body)
{
	flow_bytes(which, ask, LIT(""), 1, answer, bytes_of(body));
}

static void
json_flow(int which, const char *body)
{
	flow(which, "GET /j", "200 OK\r\ncontent-type: application/json", body);
}

static void
printed(struct diff *d, const char *expected)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diff_print(d, out, false);
	fclose(out);
	diff_free(d);
	assert_string_equal(text, expected);
	free(text);
}

static void
sessions(const char *expected)
{
	printed(diff_sessions(session, &how), expected);
}

/* The last flow of each. */
static void
two(const char *expected)
{
	struct fault why;
	struct diff *d = diff_flows(session, flows, &how, &why);

	if (!d)
		fail_msg("%s", why.text);
	printed(d, expected);
}

static void
shape(const char *of, const char *is)
{
	char out[DIFF_SHAPE_ROOM];

	diff_shape(bytes_of(of), out);
	assert_string_equal(out, is);
}

static void
what_tells_one_thing_from_the_next_has_a_name_in_a_shape(void **state)
{
	(void)state;
	shape("/", "/");
	shape("", "");
	shape("/users/17/posts/", "/users/{n}/posts/");
	shape("/v2/users", "/v2/users");
	shape("/o/123e4567-e89b-12d3-a456-426614174000", "/o/{uuid}");
	shape("/o/507f1f77bcf86cd799439011", "/o/{hex}");
	shape("/o/deadbeefdead", "/o/deadbeefdead");
	shape("/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/t/{token}");
	shape("/t/aZ93kQpL0xYvB7mN", "/t/{token}");
	shape("/how-to-read-a-path-in-2-steps", "/how-to-read-a-path-in-2-steps");
	shape("/static/app.3f2a9c1b.js", "/static/app.{hex}.js");
	shape("/photo-20261126.jpg", "/photo-{n}.jpg");
	shape("/ISO-8859", "/ISO-{n}");
	shape("/s?b=1&a=2&b=3#x", "/s?a&b");
	shape("/s?1795531640", "/s?{n}");
	shape("/s?", "/s");
}

static void
a_shape_that_is_too_long_is_cut(void **state)
{
	char of[3 * DIFF_SHAPE_ROOM], out[DIFF_SHAPE_ROOM];

	(void)state;
	memset(of, '/', sizeof(of));
	diff_shape((struct bytes){ (uint8_t *)of, sizeof(of) }, out);
	assert_int_equal(strlen(out), DIFF_SHAPE_ROOM - 1);
}

static void
sessions_of_the_same_shapes_are_the_same(void **state)
{
	(void)state;
	flow(0, "GET /u/1?a=1", "200 OK", "x");
	flow(0, "GET /u/2?a=2", "200 OK", "x");
	flow(1, "GET http://h/u/3?a=3", "200 OK", "y");
	sessions("1 shape the same; 2 and 1 flows\n");
}

static void
what_matters_comes_first(void **state)
{
	(void)state;
	flow_bytes(0, "GET /slow", LIT(""), 40, "200 OK", LIT(""));
	flow_bytes(1, "GET /slow", LIT(""), 90, "200 OK", LIT(""));
	flow(0, "GET /gone", "204 No Content", "");
	flow(1, "GET /new", "200 OK", "");
	flow(1, "GET /new", "404 Not Found", "");
	flow(0, "GET /status", "200 OK", "");
	flow(0, "GET /status", "200 OK", "");
	flow(1, "GET /status", "503 Busy", "");
	flow(1, "GET /status", "200 OK", "");
	sessions("GET h/status  2 -> 2 flows\n"
		"  status   200 x2 -> 200 x1, 503 x1\n"
		"- GET h/gone  1 -> 0 flows\n"
		"  gone     204 x1\n"
		"+ GET h/new  0 -> 2 flows\n"
		"  new      200 x1, 404 x1\n"
		"GET h/slow  1 -> 1 flows\n"
		"  slower   first byte: 40.0 ms -> 90.0 ms (2.25x)\n"
		"  slower   total: 40.0 ms -> 90.0 ms (2.25x)\n"
		"\n1 status, 1 gone, 1 new, 2 slower; 0 shapes the same; 4 and 5 flows\n");
}

static void
noise_of_times_does_not_count(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		flow_bytes(i, "GET /floor", LIT(""), i ? 20 : 1, "200 OK", LIT(""));
		flow_bytes(i, "GET /ratio", LIT(""), i ? 140 : 100, "200 OK", LIT(""));
		flow_bytes(i, "GET /median", LIT(""), 100, "200 OK", LIT(""));
		flow_bytes(i, "GET /median", LIT(""), i ? 9000 : 100, "200 OK", LIT(""));
		flow_bytes(i, "GET /median", LIT(""), 100, "200 OK", LIT(""));
	}
	sessions("3 shapes the same; 5 and 5 flows\n");
	how.slower = 1.3;
	sessions("GET h/ratio  1 -> 1 flows\n"
		"  slower   first byte: 100.0 ms -> 140.0 ms (1.40x)\n"
		"  slower   total: 100.0 ms -> 140.0 ms (1.40x)\n"
		"\n2 slower; 2 shapes the same; 5 and 5 flows\n");
}

static void
members_of_json_appear_go_and_change_their_type(void **state)
{
	(void)state;
	json_flow(0, "{\"users\": [{\"age\": 1, \"id\": 1}, {\"id\": 2, \"old\": true}], \"list\": [], \"by\": {\"17\": {\"a\": 1}}}");
	json_flow(1, "{\"users\": [{\"age\": \"1\", \"id\": 3, \"a b\": null}], \"list\": [{\"x\": 1}], \"by\": {\"99\": {\"a\": 2.5}}, \"more\": {\"in\": 1}}");
	sessions("GET h/j  1 -> 1 flows\n"
		"  schema   $.users[].age: number -> string\n"
		"  schema   - $.users[].old: boolean\n"
		"  schema   + $.users[][\"a b\"]: null\n"
		"  schema   + $.more: object\n"
		"\n4 schema; 0 shapes the same; 1 and 1 flows\n");
}

static void
json_of_a_fault_is_not_held_against_that_of_a_success(void **state)
{
	static const char failed[] = "500 Oh\r\ncontent-type: application/json";

	(void)state;
	how.kinds = 1u << DIFF_SCHEMA;
	json_flow(0, "{\"a\": 1}");
	flow(1, "GET /j", failed, "{\"error\": 1}");
	sessions("1 shape the same; 1 and 1 flows\n");
	flow(0, "GET /j", failed, "{\"error\": \"x\"}");
	sessions("GET h/j  2 -> 1 flows\n"
		"  schema   5xx $.error: string -> number\n"
		"\n1 schema; 0 shapes the same; 2 and 1 flows\n");
}

static void
response_fields_are_compared_by_name_and_types_by_value(void **state)
{
	(void)state;
	flow(0, "GET /h", "200 OK\r\nX-Old: 1\r\nEtag: a\r\nContent-Type: text/html", "");
	flow(1, "GET /h", "200 OK\r\netag: b\r\ncontent-type: text/plain\r\nx-new: 1", "");
	sessions("GET h/h  1 -> 1 flows\n"
		"  headers  - x-old\n"
		"  headers  + x-new\n"
		"  headers  content-type: text/html -> text/plain\n"
		"\n3 headers; 0 shapes the same; 1 and 1 flows\n");
}

static void
only_what_is_asked_for_counts(void **state)
{
	struct fault why;

	(void)state;
	flow(0, "GET /h", "200 OK\r\nx-old: 1", "");
	flow(1, "GET /h", "404 Gone", "");
	assert_true(diff_kinds("gone,new", &how.kinds, &why));
	sessions("1 shape the same; 1 and 1 flows\n");
	assert_true(diff_kinds("headers", &how.kinds, &why));
	sessions("GET h/h  1 -> 1 flows\n  headers  - x-old\n\n1 headers; 0 shapes the same; 1 and 1 flows\n");
	assert_false(diff_kinds("headers,head", &how.kinds, &why));
	assert_string_equal(why.text, "'head': no kind of difference (man soth lists them)");
	assert_false(diff_kinds("", &how.kinds, &why));
}

static void
a_filter_takes_flows_of_both(void **state)
{
	struct fault why;
	size_t at;
	struct filter *f = filter_parse("~c 200", &why, &at);

	(void)state;
	flow(0, "GET /h", "200 OK", "");
	flow(1, "GET /h", "200 OK", "");
	flow(1, "GET /h", "404 No", "");
	how.filter = f;
	sessions("1 shape the same; 1 and 1 flows\n");
	filter_free(f);
}

static void
two_flows_are_told_field_by_field(void **state)
{
	(void)state;
	flow_bytes(0, "GET /a", LIT(""), 1, "200 OK\r\nx: 1\r\nx: 2\r\nold: \r\nsame: s", LIT(""));
	flow_bytes(1, "POST /b", LIT("p"), 100, "404 Not Found\r\nX: 1\r\nSame: s\r\nx: 3\r\nnew: n", LIT(""));
	two("GET h/a\n"
		"  status   status: 200 -> 404\n"
		"  start    request method: GET -> POST\n"
		"  start    request target: /a -> /b\n"
		"  headers  x: 2 -> 3\n"
		"  headers  - old\n"
		"  headers  + new: n\n"
		"  body     request bytes, from the one at 0: 0 bytes -> 1 bytes\n"
		"  slower   first byte: 1.0 ms -> 100.0 ms (100x)\n"
		"  slower   total: 1.0 ms -> 100.0 ms (100x)\n"
		"\n1 status, 2 start, 3 headers, 1 body, 2 slower\n");
}

static void
json_of_two_flows_is_told_by_path(void **state)
{
	(void)state;
	json_flow(0, "{\"a\": 1, \"b\": [1, 2, 3, 4], \"c\": {\"d\": null}, \"e\": \"\\u0041\"}");
	json_flow(1, "{\"e\":\"A\",\"c\":{\"d\":false,\"n\":[]},\"b\":[0,1,2,4]}");
	two("GET h/j\n"
		"  body     - $.a: 1\n"
		"  body     + $.b[0]: 0\n"
		"  body     - $.b[2]: 3\n"
		"  body     $.c.d: null -> false\n"
		"  body     + $.c.n: []\n"
		"\n5 body\n");
}

static void
things_with_a_name_of_their_own_are_known_by_it(void **state)
{
	(void)state;
	json_flow(0, "[{\"id\": 1, \"v\": 1}, {\"id\": 2, \"v\": 2}, {\"id\": 3, \"v\": 3}]");
	json_flow(1, "[{\"id\": 2, \"v\": 9}, {\"id\": 3, \"v\": 3}, {\"id\": 4, \"v\": 4}]");
	two("GET h/j\n"
		"  body     - $[0]: {\"id\": 1, \"v\": 1}\n"
		"  body     $[1].v: 2 -> 9\n"
		"  body     + $[2]: {\"id\": 4, \"v\": 4}\n"
		"\n3 body\n");
}

static void
json_in_another_dress_is_the_same(void **state)
{
	(void)state;
	json_flow(0, "{\"a\": [1, {\"x\": \"\\ud83d\\ude00/\"}], \"b\": {}}");
	json_flow(1, " {\"b\":{},\"a\":[1,{\"x\":\"\xf0\x9f\x98\x80\\/\"}]}\n");
	two("the same\n");
}

static void
what_is_no_json_is_told_by_lines(void **state)
{
	static const char *const broken[] = {
		"{\"a\": 1,}", "[1 2]", "{\"a\" 1}", "[01]", "[1.]", "[1e]", "[-]", "\"\\x\"", "\"\\u12g4\"", "nul", "[1]]", "\"\t\"", "{1: 2}", "[\"a", "+1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		char expected[200];

		json_flow(0, "[1]");
		json_flow(1, broken[i]);
		snprintf(expected, sizeof(expected), "GET h/j\n  body     lines\n           @@ -1,1 +1,1 @@\n           -[1]\n"
			"           \\ no line end\n           +%s\n           \\ no line end\n\n1 body\n", broken[i]);
		two(expected);
	}
}

static void
json_that_is_too_deep_is_text(void **state)
{
	static char deep[2001];

	(void)state;
	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	json_flow(0, deep);
	json_flow(1, deep);
	two("the same\n");
	sessions("1 shape the same; 1 and 1 flows\n");
}

static void
text_is_told_as_diff_does(void **state)
{
	(void)state;
	flow(0, "GET /t", "200 OK", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n");
	flow(1, "GET /t", "200 OK", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n15\nend");
	two("GET h/t\n"
		"  body     lines\n"
		"           @@ -2,7 +2,7 @@\n"
		"            2\n            3\n            4\n           -5\n           +five\n            6\n            7\n            8\n"
		"           @@ -11,5 +11,5 @@\n"
		"            11\n            12\n            13\n           -14\n            15\n           +end\n"
		"           \\ no line end\n"
		"\n1 body\n");
}

static void
a_long_line_is_told_in_pieces(void **state)
{
	char a[4000] = "", b[4000] = "";

	(void)state;
	for (int i = 0; i < 100; i++) {
		sprintf(a + strlen(a), "function f%d(){return %d;}", i, i);
		sprintf(b + strlen(b), "function f%d(){return %d;}", i, i == 50 ? 5000 : i);
	}
	flow(0, "GET /t", "200 OK", a);
	flow(1, "GET /t", "200 OK", b);
	two("GET h/t\n"
		"  body     lines\n"
		"           @@ -149,7 +149,7 @@\n"
		"            return 49;\n            }\n            function f50(){\n"
		"           -return 50;\n           +return 5000;\n"
		"            }\n            function f51(){\n            return 51;\n"
		"\n1 body\n");
}

static void
bytes_are_told_by_their_sizes_and_where_they_part(void **state)
{
	(void)state;
	flow_bytes(0, "GET /b", LIT(""), 1, "200 OK", LIT("\x89PNG\0\1\2"));
	flow_bytes(1, "GET /b", LIT(""), 1, "200 OK", LIT("\x89PNG\0\1\3\4"));
	two("GET h/b\n  body     bytes, from the one at 6: 7 bytes -> 8 bytes\n\n1 body\n");
}

static void
what_a_decoder_reads_is_told_by_its_lines(void **state)
{
	static const char grpc[] = "200 OK\r\nContent-Type: application/grpc";

	(void)state;
	/* Two messages; in the second another name, and a field more. */
	flow_bytes(0, "GET /p.S/M", LIT(""), 1, grpc, LIT("\0\0\0\0\5\12\3ada" "\0\0\0\0\5\12\3bob"));
	flow_bytes(1, "GET /p.S/M", LIT(""), 1, grpc, LIT("\0\0\0\0\5\12\3ada" "\0\0\0\0\7\12\3eve\20\7"));
	two("GET h/p.S/M\n"
		"  body     lines\n"
		"           @@ -1,4 +1,5 @@\n"
		"            message 1  5 bytes\n"
		"              1: \"ada\"\n"
		"           -message 2  5 bytes\n"
		"           -  1: \"bob\"\n"
		"           +message 2  7 bytes\n"
		"           +  1: \"eve\"\n"
		"           +  2: 7\n"
		"\n1 body\n");
	flow_bytes(0, "GET /f", LIT(""), 1, "200 OK\r\nContent-Type: application/x-www-form-urlencoded", LIT("user=ada&pw=a%20b"));
	flow_bytes(1, "GET /f", LIT(""), 1, "200 OK\r\nContent-Type: application/x-www-form-urlencoded", LIT("user=ada&pw=c"));
	two("GET h/f\n"
		"  body     lines\n"
		"           @@ -1,2 +1,2 @@\n"
		"            user = ada\n"
		"           -pw   = a b\n"
		"           +pw   = c\n"
		"\n"
		"1 body\n");
	flow_bytes(0, "GET /m", LIT(""), 1, "200 OK\r\nContent-Type: application/msgpack", LIT("\x82\xa1" "a\1\xa1" "b\xc0"));
	flow_bytes(1, "GET /m", LIT(""), 1, "200 OK\r\nContent-Type: application/msgpack", LIT("\x82\xa1" "a\2\xa1" "b\xc0"));
	two("GET h/m\n"
		"  body     lines\n"
		"           @@ -1,4 +1,4 @@\n"
		"            {\n"
		"           -  \"a\": 1,\n"
		"           +  \"a\": 2,\n"
		"              \"b\": nil\n"
		"            }\n"
		"\n"
		"1 body\n");
}

static void
what_a_decoder_cannot_read_is_told_by_bytes(void **state)
{
	static const char grpc[] = "200 OK\r\nContent-Type: application/grpc";

	(void)state;
	flow_bytes(0, "GET /p.S/M", LIT(""), 1, grpc, LIT("\0\0\0\0\5\12\3ada"));
	flow_bytes(1, "GET /p.S/M", LIT(""), 1, grpc, LIT("\0\0\0\0\x50\12\3ada"));
	two("GET h/p.S/M\n  body     bytes, from the one at 4: 10 bytes -> 10 bytes\n\n1 body\n");
}

static void
nothing_foreign_reaches_the_terminal(void **state)
{
	(void)state;
	json_flow(0, "{\"\xe2\x80\xae\xff\": \"\xe2\x80\xae\x80\"}");
	json_flow(1, "{\"ok\": \"\xc3\xbc\"}");
	two("GET h/j\n"
		"  body     - $.\\xe2\\x80\\xae\\xff: \"\\xe2\\x80\\xae\\x80\"\n"
		"  body     + $.ok: \"\xc3\xbc\"\n"
		"\n2 body\n");
}

static void
a_flow_that_is_not_there_is_a_fault(void **state)
{
	struct fault why = { "" };

	(void)state;
	flow(0, "GET /", "200 OK", "");
	flow(1, "GET /", "200 OK", "");
	assert_null(diff_flows(session, (flow_id[]){ 1, 2 }, &how, &why));
	assert_string_equal(why.text, "there is no flow 2");
}

static void
programs_get_one_object(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct diff *d;
	json_t *j, *group, *change;
	json_error_t wrong;

	(void)state;
	flow_bytes(0, "GET /\xff", LIT(""), 10, "200 OK", LIT(""));
	flow_bytes(1, "GET /\xff", LIT(""), 100, "200 OK", LIT(""));
	d = diff_sessions(session, &how);
	diff_json(d, out);
	diff_free(d);
	fclose(out);
	j = json_loads(text, 0, &wrong);
	assert_non_null(j);
	assert_true(json_is_false(json_object_get(j, "same")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "found"), "slower")), 2);
	group = json_array_get(json_object_get(j, "groups"), 0);
	assert_string_equal(json_string_value(json_object_get(group, "path")), "/\xc3\xbf");
	change = json_array_get(json_object_get(group, "changes"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "kind")), "slower");
	assert_int_equal(json_integer_value(json_object_get(change, "was")), 10 * MS);
	assert_int_equal(json_integer_value(json_object_get(change, "is")), 100 * MS);
	json_decref(j);
	free(text);
}

/* "<text" the server said, ">text" the client; with a NUL in it, bytes. */
static bool over_http2;		/* of the next talk */

static void
talk(int which, const char *const *said, size_t count)
{
	const struct origin o = { .scheme = LIT("http"), .host = LIT("h"), .port = 80 };

	flows[which]++;
	note(which, BEGUN, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	for (int side = CLIENT; side <= SERVER; side++) {
		struct fault why;
		struct head *h = head_parse(over_http2 ? side == CLIENT ?
			LIT("CONNECT /ws HTTP/2\r\nhost: h\r\nupgrade: websocket\r\n\r\n") : LIT("HTTP/2 200 \r\n\r\n") : side == CLIENT ? LIT("GET /ws HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n") :
			LIT("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

		note(which, BEGUN, (struct note){ .kind = NOTE_PART, .side = (enum side)side, .part = { .kind = PART_HEAD, .head = h } });
	}
	for (size_t i = 0; i < count; i++) {
		bool bytes = said[i][1] == '#';
		struct bytes b = bytes ? (struct bytes){ (const uint8_t *)said[i] + 1, strlen(said[i]) } : bytes_of(said[i] + 1);

		note(which, BEGUN, (struct note){ .kind = NOTE_PART, .side = *said[i] == '>' ? CLIENT : SERVER, .part = { .kind = PART_MESSAGE,
			.code = (bytes ? WS_BINARY : WS_TEXT) | WS_FIN, .count = b.len, .data = slice_copy(b) } });
	}
	store_flush(session[which]);
}

#define TALK(which, ...) talk(which, (const char *const[]){ __VA_ARGS__ }, ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))

static void
verdict(enum replay_verdict want, const char *words)
{
	char got[VERDICT_ROOM] = "";

	assert_int_equal(replay_check(session, flows, got), want);
	assert_string_equal(got, words);
}

static void
messages_are_held_against_those_that_are_alike(void **state)
{
	(void)state;
	TALK(0, ">hello", "<{\"a\":1}", "<at 12:01", "<bye");
	TALK(1, ">hello", "<{\"a\":1}", "<new, and unlike all others", "<at 12:02", "<bye");
	two("GET h/ws\n"
		"  message  + 2: new, and unlike all others\n"
		"  message  2: at 12:01 -> at 12:02\n"
		"\n2 message\n");
}

static void
what_a_server_says_anew_is_no_difference_of_a_replay(void **state)
{
	(void)state;
	TALK(0, ">hello", "<{\"id\":1,\"at\":\"2026-11-26\"}", "<token a1b2 of Thu", "<#\x01");
	TALK(1, ">hello", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<token c3d4 of Fri", "<#\x01");
	verdict(REPLAY_SAME, "");
	TALK(1, ">hello", "<{\"id\":2}", "<token c3d4 of Fri", "<#\x01");
	verdict(REPLAY_OTHER, "message 1: $.at: is no more");
	TALK(1, ">hello", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<token c3d4 of Fri");
	verdict(REPLAY_OTHER, "message 3: is no more");
	TALK(1, ">hello", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<token c3d4 of Fri", "<#\x02");
	verdict(REPLAY_OTHER, "message 3 is another");
	TALK(1, ">hello", "<hello", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<token c3d4 of Fri", "<#\x01");
	verdict(REPLAY_OTHER, "message 1: was not there");
	TALK(1, ">hello", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<#oken a1b2 of Thu", "<#\x01");
	verdict(REPLAY_OTHER, "message 2: was (text), is (binary)");
	TALK(1, ">another", "<{\"id\":2,\"at\":\"2026-11-27\"}", "<token c3d4 of Fri", "<#\x01");
	verdict(REPLAY_SAME, "");		/* the client's are not the answer */
}

static void
closes(int which, unsigned code)
{
	uint8_t b[2] = { (uint8_t)(code >> 8), (uint8_t)code };

	note(which, BEGUN, (struct note){ .kind = NOTE_PART, .side = SERVER, .part = { .kind = PART_MESSAGE,
		.code = WS_CLOSE | WS_FIN, .count = 2, .data = slice_copy((struct bytes){ b, 2 }) } });
	store_flush(session[which]);
}

static void
a_websocket_is_agreed_to_by_either_version(void **state)
{
	(void)state;
	over_http2 = true;
	TALK(0, "<one");
	over_http2 = false;
	TALK(1, "<one");
	verdict(REPLAY_SAME, "");
	flow(0, "GET /x", "200 OK", "");
	flow(1, "GET /x", "101 No", "");
	verdict(REPLAY_OTHER, "status: was 200, is 101");
}

static void
how_a_websocket_was_closed_counts(void **state)
{
	(void)state;
	TALK(0, "<one");
	TALK(1, "<one");
	closes(0, 1000);
	closes(1, 1011);
	verdict(REPLAY_OTHER, "close: was 1000, is 1011");
}

/* Nothing is called the same that was not looked at, and what a hostile peer says takes no end of memory. */
static void
what_is_past_the_limits_is_told(void **state)
{
	static char big[2][(1 << 20) + 100];
	const char *const *said;
	static const char *many[20002];
	static char member[2][20000 * 12];
	struct fault why;
	struct diff *d;

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(big[i], 'x', sizeof(big[i]) - 1);
		big[i][0] = '<';
		big[i][sizeof(big[i]) - 2] = (char)('a' + i);
		said = (const char *const[]){ big[i] };
		talk(i, said, 1);
	}
	verdict(REPLAY_SAME, "as far as it was compared");
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < ARRAY_LEN(many); k++)
			many[k] = k < ARRAY_LEN(many) - 1 ? "<same" : i ? "<this" : "<that";
		talk(i, many, ARRAY_LEN(many));
	}
	verdict(REPLAY_SAME, "as far as it was compared");
	for (int i = 0; i < 2; i++) {
		size_t len = (size_t)sprintf(member[i], "<{");

		for (int k = 0; k < 15000; k++)
			len += (size_t)sprintf(member[i] + len, "%s\"%c%d\":1", k ? "," : "", 'a' + i, k);
		strcpy(member[i] + len, "}");
		said = (const char *const[]){ member[i], member[i] };
		talk(i, said, 2);
	}
	d = diff_flows(session, flows, &how, &why);
	assert_non_null(d);
	assert_true(d->members_cut);
	assert_int_equal(d->found[DIFF_MESSAGE], 20000);
	diff_free(d);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(what_tells_one_thing_from_the_next_has_a_name_in_a_shape),
		T(a_shape_that_is_too_long_is_cut),
		T(sessions_of_the_same_shapes_are_the_same),
		T(what_matters_comes_first),
		T(noise_of_times_does_not_count),
		T(members_of_json_appear_go_and_change_their_type),
		T(json_of_a_fault_is_not_held_against_that_of_a_success),
		T(response_fields_are_compared_by_name_and_types_by_value),
		T(only_what_is_asked_for_counts),
		T(a_filter_takes_flows_of_both),
		T(two_flows_are_told_field_by_field),
		T(json_of_two_flows_is_told_by_path),
		T(things_with_a_name_of_their_own_are_known_by_it),
		T(json_in_another_dress_is_the_same),
		T(what_is_no_json_is_told_by_lines),
		T(json_that_is_too_deep_is_text),
		T(text_is_told_as_diff_does),
		T(a_long_line_is_told_in_pieces),
		T(bytes_are_told_by_their_sizes_and_where_they_part),
		T(what_a_decoder_reads_is_told_by_its_lines),
		T(what_a_decoder_cannot_read_is_told_by_bytes),
		T(nothing_foreign_reaches_the_terminal),
		T(a_flow_that_is_not_there_is_a_fault),
		T(programs_get_one_object),
		T(messages_are_held_against_those_that_are_alike),
		T(what_a_server_says_anew_is_no_difference_of_a_replay),
		T(a_websocket_is_agreed_to_by_either_version),
		T(how_a_websocket_was_closed_counts),
		T(what_is_past_the_limits_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
