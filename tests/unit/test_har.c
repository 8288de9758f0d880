/* HTTP archives: what browsers and proxies write becomes notes, and a session comes back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "soth/convert.h"
#include "../screen/protocols.h"

static const char *const shared[] = { "../shared/data/har/", "../../shared/data/har/" };

static char path[] = "/tmp/test-har-XXXXXX";
static char log_text[8192];		/* the lines about a file that was read */

static const struct format *
har(void)
{
	return format_named("har");
}

static void
into_store(void *arg, struct note *n)
{
	if (n->kind == NOTE_LOG) {
		size_t len = strlen(log_text);

		snprintf(log_text + len, sizeof(log_text) - len, "%.*s\n", (int)n->part.data.bytes.len,
			(const char *)n->part.data.bytes.at);
	}
	store_note(arg, n);
}

/* A store of what is in the file; what is wrong with it in `why`. */
static struct store *
read_file(FILE *in, struct fault *why)
{
	struct fault unused;
	struct store *s = store_create(path, &unused);
	struct convert_sink to = { into_store, s };

	*why = (struct fault){ "" };
	*log_text = 0;
	assert_non_null(in);
	if (!har()->read(in, &to, why))
		assert_true(*why->text);
	fclose(in);
	store_flush(s);
	assert_string_equal(store_stats(s).disorder, "");
	assert_int_equal(store_stats(s).live, 0);
	return s;
}

static struct store *
read_text(const char *text, struct fault *why)
{
	return read_file(fmemopen((char *)(uintptr_t)text, strlen(text), "r"), why);
}

/* All flows as a file; to be freed. */
static char *
written(struct store *s)
{
	size_t count = (size_t)store_stats(s).flows, len;
	flow_id *id = xgrow(NULL, count + 1, sizeof(*id));
	struct convert_flows from = { s, id, count };
	struct fault why = { "" };
	char *text;
	FILE *out = open_memstream(&text, &len);
	struct row r;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(store_rows(s, i, 1, &r), 1);
		id[i] = r.id;
	}
	if (!har()->write(out, &from, &why))
		fail_msg("%s", why.text);
	fclose(out);
	free(id);
	return text;
}

static struct flow
flow_in(struct store *s, flow_id id)
{
	struct fault why = { "" };
	struct flow f;

	if (!store_flow(s, id, &f, &why))
		fail_msg("%s", why.text);
	return f;
}

static struct slice
body_in(struct store *s, flow_id id, enum side side)
{
	bool whole;

	return convert_body(s, id, side, false, 1 << 24, &whole);
}

static void
assert_bytes(struct bytes b, const char *expected)
{
	if (!bytes_are(b, expected))
		fail_msg("\"%.*s\" is not \"%s\"", (int)b.len, (const char *)b.at, expected);
}

static void
assert_body(struct store *s, flow_id id, enum side side, const char *expected)
{
	struct slice b = body_in(s, id, side);

	assert_bytes(b.bytes, expected);
	slice_drop(&b);
}

/* An archive with these entries, of which the first alone is of interest. */
static struct store *
entries(const char *list)
{
	static char text[65536];
	struct fault why;
	struct store *s;

	snprintf(text, sizeof(text), "{\"log\":{\"version\":\"1.2\",\"entries\":[%s]}}", list);
	s = read_text(text, &why);
	assert_string_equal(why.text, "");
	return s;
}

static void
assert_head(struct store *s, flow_id id, enum side side, const char *expected)
{
	struct flow f = flow_in(s, id);

	if (!f.half[side].head)
		fail_msg("there is no head");
	assert_bytes(head_text(f.half[side].head), expected);
	flow_release(&f);
}

#define ASK	"\"startedDateTime\":\"2024-01-02T03:04:05.678+01:00\",\"request\":{\"method\":\"GET\"," \
		"\"url\":\"https://h.example:8443/p?q=1#frag\",\"httpVersion\":\"HTTP/1.1\",\"headers\":[]}"
#define ANSWER	"\"response\":{\"status\":200,\"statusText\":\"OK\",\"httpVersion\":\"HTTP/1.1\",\"headers\":[]," \
		"\"content\":{\"size\":2,\"mimeType\":\"text/plain\",\"text\":\"hi\"}}"

static void
an_entry_becomes_a_request_and_a_response(void **state)
{
	struct store *s = entries("{" ASK "," ANSWER "}");
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_head(s, 1, CLIENT, "GET /p?q=1 HTTP/1.1\r\n\r\n");
	assert_head(s, 1, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
	assert_body(s, 1, SERVER, "hi");
	assert_bytes(f.origin->scheme, "https");
	assert_bytes(f.origin->host, "h.example");
	assert_int_equal(f.origin->port, 8443);
	assert_int_equal(f.begun, 1704161045678000);
	assert_int_equal(f.close, CLOSE_HTTP_COMPLETED);
	flow_release(&f);
	store_free(s);
}

static void
timings_become_times_of_notes(void **state)
{
	struct store *s = entries("{" ASK "," ANSWER ",\"time\":63.5,\"serverIPAddress\":\"[2001:db8::1]\",\"timings\":{\"blocked\":1,"
		"\"dns\":2,\"connect\":30,\"ssl\":20,\"send\":0.5,\"wait\":10,\"receive\":20}}");
	struct flow f = flow_in(s, 1);
	uint64_t at = f.begun;

	(void)state;
	assert_int_equal(f.moments, 4);
	assert_int_equal(f.moment[0].when, at + 1000);
	assert_int_equal(f.moment[1].when, at + 13000);
	assert_bytes(step_find(f.moment[1].step, "address"), "[2001:db8::1]:8443");
	assert_int_equal(f.moment[3].when, at + 33000);
	assert_int_equal(f.half[CLIENT].ended, at + 33500);
	assert_int_equal(f.half[SERVER].begun, at + 43500);
	assert_int_equal(f.half[SERVER].ended, at + 63500);
	assert_int_equal(f.ended, at + 63500);
	flow_release(&f);
	store_free(s);
}

/* Minutes, digits and letters of zones, and none. */
static void
times_are_read_with_any_zone(void **state)
{
	static const struct { const char *text; uint64_t when; } cases[] = {
		{ "2024-01-02T03:04:05Z", 1704164645000000 }, { "2024-01-02T03:04:05.1234567-0530", 1704184445123456 },
		{ "2024-01-02T03:04:05", 1704164645000000 }, { "2024-01-02T03:04:05.5+05:30", 1704144845500000 },
		{ "yesterday", 0 }, { "2024-13-02T03:04:05Z", 0 }, { "2024-01-02T03:04:05.5+99:99", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[1024];
		struct store *s;
		struct flow f;

		snprintf(text, sizeof(text), "{\"startedDateTime\":\"%s\",\"request\":{\"method\":\"GET\",\"url\":\"http://h/\"}}",
			cases[i].text);
		s = entries(text);
		f = flow_in(s, 1);
		assert_int_equal(f.begun, cases[i].when);
		flow_release(&f);
		store_free(s);
	}
}

static void
pseudo_headers_become_host_and_lines_become_fields(void **state)
{
	struct store *s = entries("{\"request\":{\"method\":\"GET\",\"url\":\"https://h/\",\"httpVersion\":\"h2\",\"headers\":["
		"{\"name\":\":method\",\"value\":\"GET\"},{\"name\":\"accept\",\"value\":\"*/*\"},{\"name\":\":authority\",\"value\":\"H:443\"}]},"
		"\"response\":{\"status\":204,\"headers\":[{\"name\":\":status\",\"value\":\"204\"},{\"name\":\"set-cookie\","
		"\"value\":\"a=1\\nb=2\"}]}}");

	(void)state;
	assert_head(s, 1, CLIENT, "GET / HTTP/2\r\nhost: H:443\r\naccept: */*\r\n\r\n");
	assert_head(s, 1, SERVER, "HTTP/2 204 \r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n");
	store_free(s);
}

static void
versions_are_read_however_they_are_spelt(void **state)
{
	static const struct { const char *text; enum http_version version; bool third; } cases[] = {
		{ "HTTP/1.0", HTTP_1_0, false }, { "http/1.1", HTTP_1_1, false }, { "HTTP/2.0", HTTP_2, false }, { "h2", HTTP_2, false },
		{ "http/2+quic/46", HTTP_2, false }, { "h3", HTTP_2, true }, { "HTTP/3", HTTP_2, true }, { "h3-29", HTTP_2, true },
		{ "", HTTP_1_1, false }, { "unknown", HTTP_1_1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[1024];
		struct store *s;
		struct flow f;

		snprintf(text, sizeof(text), "{\"request\":{\"method\":\"GET\",\"url\":\"https://h/\",\"httpVersion\":\"%s\"},"
			"\"response\":{\"status\":200,\"httpVersion\":\"%s\"}}", cases[i].text, cases[i].text);
		s = entries(text);
		f = flow_in(s, 1);
		assert_int_equal(head_version(f.half[CLIENT].head), cases[i].version);
		assert_int_equal(head_version(f.half[SERVER].head), cases[i].version);
		assert_int_equal(f.moments, cases[i].third ? 2 : 0);
		if (cases[i].third)
			assert_bytes(step_find(f.moment[1].step, "alpn"), "h3");
		flow_release(&f);
		store_free(s);
	}
}

static void
what_is_posted_is_text_base64_or_parameters(void **state)
{
	static const struct { const char *data, *body; } cases[] = {
		{ "{\"text\":\"a=b\",\"params\":[{\"name\":\"x\",\"value\":\"y\"}]}", "a=b" },
		{ "{\"text\":\"aGk=\",\"encoding\":\"base64\"}", "hi" },
		{ "{\"mimeType\":\"application/x-www-form-urlencoded\",\"params\":[{\"name\":\"a b\",\"value\":\"1&2\"},{\"name\":\"c\"}]}",
			"a+b=1%262&c=" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[1024];
		struct store *s;

		snprintf(text, sizeof(text), "{\"request\":{\"method\":\"POST\",\"url\":\"http://h/\",\"postData\":%s}}", cases[i].data);
		s = entries(text);
		assert_body(s, 1, CLIENT, cases[i].body);
		store_free(s);
	}
}

static void
codings_are_left_out_of_a_head_when_they_are_off_the_body(void **state)
{
	struct store *s = entries("{" ASK ",\"response\":{\"status\":200,\"httpVersion\":\"HTTP/1.1\",\"headers\":["
		"{\"name\":\"Content-Encoding\",\"value\":\"br\"},{\"name\":\"Transfer-Encoding\",\"value\":\"chunked\"},"
		"{\"name\":\"X\",\"value\":\"y\"}],\"content\":{\"text\":\"plainly\"}}}");

	(void)state;
	assert_head(s, 1, SERVER, "HTTP/1.1 200 \r\nX: y\r\ncontent-length: 7\r\n\r\n");
	assert_non_null(strstr(log_text, "content-length says what is there"));
	store_free(s);
	/* gzip of "hi", which some programs leave as it came. */
	s = entries("{" ASK ",\"response\":{\"status\":200,\"headers\":[{\"name\":\"content-encoding\",\"value\":\"gzip\"}],"
		"\"content\":{\"encoding\":\"base64\",\"text\":\"H4sIAAAAAAAAA8vIBACsKpPYAgAAAA==\"}}}");
	assert_head(s, 1, SERVER, "HTTP/1.1 200 \r\ncontent-encoding: gzip\r\n\r\n");
	assert_string_equal(log_text, "");
	store_free(s);
}

static void
a_body_that_is_not_in_the_file_is_counted(void **state)
{
	struct store *s = entries("{" ASK ",\"response\":{\"status\":200,\"bodySize\":-1,\"content\":{\"size\":5}}}");
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_int_equal(f.half[SERVER].skipped, 5);
	flow_release(&f);
	store_free(s);
}

static void
an_error_or_a_status_of_0_is_a_flow_that_failed(void **state)
{
	static const char *const failing[] = {
		"{" ASK ",\"response\":{\"status\":0,\"statusText\":\"\",\"content\":{},\"_error\":\"net::ERR_FAILED\"}}",
		"{" ASK ",\"response\":{\"status\":200,\"content\":{\"text\":\"hal\"},\"_error\":\"net::ERR_FAILED\"}}",
		"{" ASK ",\"response\":{\"status\":100,\"_error\":\"net::ERR_FAILED\"}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(failing); i++) {
		struct store *s = entries(failing[i]);
		struct row r;

		assert_int_equal(store_rows(s, 0, 1, &r), 1);
		assert_int_equal(r.state, ROW_FAILED);
		assert_string_equal(r.trouble, "net::ERR_FAILED");
		store_free(s);
	}
}

static void
messages_of_a_websocket_are_read(void **state)
{
	struct store *s = entries("{\"_resourceType\":\"websocket\",\"startedDateTime\":\"2024-01-02T03:04:05Z\",\"request\":{"
		"\"method\":\"GET\",\"url\":\"wss://h/s\",\"headers\":[{\"name\":\"Upgrade\",\"value\":\"websocket\"}]},"
		"\"response\":{\"status\":101,\"headers\":[]},\"_webSocketMessages\":["
		"{\"type\":\"send\",\"time\":1704164646.25,\"opcode\":1,\"data\":\"ask\"},"
		"{\"type\":\"receive\",\"time\":1704164647.5,\"opcode\":2,\"data\":\"AAE=\"},{\"type\":\"error\",\"opcode\":-1}]}");
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_int_equal(flow_protocol(&f), PROTOCOL_WEBSOCKET);
	assert_int_equal(f.half[CLIENT].messages, 1);
	assert_int_equal(f.half[SERVER].messages, 1);
	assert_int_equal(f.half[SERVER].bytes, 2);
	assert_int_equal(f.ended, 1704164647500000);
	assert_int_equal(f.close, CLOSE_WEBSOCKET_COMPLETED);
	flow_release(&f);
	store_free(s);
}

static void
trailers_are_read(void **state)
{
	struct store *s = entries("{" ASK ",\"response\":{\"status\":200,\"_trailers\":[{\"name\":\"grpc-status\",\"value\":\"0\"}]}}");
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_bytes(head_find(f.half[SERVER].trailer, "grpc-status"), "0");
	flow_release(&f);
	store_free(s);
}

static void
a_broken_entry_is_said_and_the_others_are_read(void **state)
{
	static const char *const broken[] = {
		"7", "null", "{}", "{\"request\":{}}", "{\"request\":{\"method\":\"GET\",\"url\":\"data:,x\"}}",
		"{\"request\":{\"method\":\"G T\",\"url\":\"http://h/\"}}", "{\"request\":{\"method\":\"GET\",\"url\":\"http://h:99999/\"}}",
		"{\"request\":{\"method\":\"GET\",\"url\":\"http://h/\",\"headers\":[{\"name\":\"a b\",\"value\":\"\"}]}}",
		"{" ASK ",\"response\":{\"status\":12}}", "{\"unclosed}\":\"\\x\"}",
		"{" ASK ",\"response\":{\"status\":200,\"content\":{\"text\":\"*\",\"encoding\":\"base64\"}}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		char text[4096];
		struct fault why;
		struct store *s;

		snprintf(text, sizeof(text), "{\"log\":{\"entries\":[{" ASK "," ANSWER "},%s,{" ASK "," ANSWER "}]}}", broken[i]);
		s = read_text(text, &why);
		assert_int_equal(store_stats(s).flows, 2);
		if (!strstr(why.text, "1 of 3 entries could not be read; the first: entry 2: "))
			fail_msg("%s: %s", broken[i], why.text);
		assert_non_null(strstr(log_text, "entry 2 is left out: "));
		store_free(s);
	}
}

static void
halves_of_characters_are_forgiven(void **state)
{
	struct store *s = entries("{" ASK ",\"response\":{\"status\":200,\"content\":{\"text\":\"a\\ud83d b\\ude00 \\ud83d\\ude00 \xff\"}}}");

	(void)state;
	assert_body(s, 1, SERVER, "a\xef\xbf\xbd b\xef\xbf\xbd \xf0\x9f\x98\x80 ?");
	store_free(s);
}

/* Wherever a file ends, what stands before is there, and the place is said. */
static void
a_file_may_end_anywhere(void **state)
{
	static const char text[] = "\xef\xbb\xbf{\"x\":[1,{}],\"log\":{\"pages\":[],\"entries\":[{" ASK "," ANSWER "}, {" ASK "}]}}";
	size_t end = sizeof(text) - 1 - 2;

	(void)state;
	for (size_t cut = 1; cut < end; cut++) {
		struct fault why;
		struct store *s = read_file(fmemopen((char *)(uintptr_t)text, cut, "r"), &why);

		if (!strstr(why.text, "byte "))
			fail_msg("%zu: %s", cut, why.text);
		if (strchr(text + 60, '}') && cut > sizeof(text) - 4)
			assert_int_equal(store_stats(s).flows, 2);
		store_free(s);
	}
}

/* Nothing but a JSON value is passed over. */
static void
a_byte_that_begins_no_value_ends_the_reading(void **state)
{
	static const char text[] = "{\"log\":{\"entries\":[{" ASK "},\0,{" ASK "}]}}";
	struct fault why;
	struct store *s = read_file(fmemopen((char *)(uintptr_t)text, sizeof(text) - 1, "r"), &why);

	(void)state;
	assert_non_null(strstr(why.text, ": no JSON value"));
	assert_int_equal(store_stats(s).flows, 1);
	store_free(s);
}

static void
a_file_that_is_no_archive_is_refused(void **state)
{
	static const char *const others[] = { "", "[]", "{}", "{\"log\":7}", "{\"log\":{}}", "{\"log\":{\"entries\":7}}", "not JSON" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct fault why;
		char text[64];
		struct store *s;

		snprintf(text, sizeof(text), "%s ", others[i]);
		s = read_text(text, &why);
		assert_true(*why.text);
		assert_int_equal(store_stats(s).flows, 0);
		store_free(s);
	}
}

static void
an_archive_is_known_by_its_beginning(void **state)
{
	(void)state;
	assert_ptr_equal(format_of_bytes(LIT("\xef\xbb\xbf {\"log\": {\"version\"")), har());
	assert_ptr_equal(format_of_path("a/b.har"), har());
	assert_int_equal(har()->suits(LIT("{\"a\": 1}")), 0);
	assert_int_equal(har()->suits(LIT("")), 0);
}

/* What another importer makes of files of browsers. */
static json_t *
json_at(const json_t *j, const char *a, const char *b)
{
	return json_object_get(json_object_get(j, a), b);
}

static void
assert_text_at(struct bytes b, const json_t *flow, const char *a, const char *name)
{
	assert_bytes(b, json_string_value(json_at(flow, a, name)));
}

static void
assert_hash(struct bytes body, const char *expected)
{
	uint8_t hash[32];
	char text[65];

	assert_int_equal(gnutls_hash_fast(GNUTLS_DIG_SHA256, body.len ? body.at : (const uint8_t *)"", body.len, hash), 0);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(text + i * 2, 3, "%02x", hash[i]);
	assert_string_equal(text, expected);
}

static bool
says_how_long(const char *name)
{
	return !strcasecmp(name, "content-length") || !strcasecmp(name, "transfer-encoding") ||
		!strcasecmp(name, "content-encoding");
}

/* It adds a content-length to every head, and keeps pseudo headers, which come to a host here. */
static void
assert_headers(const struct head *h, const json_t *list)
{
	size_t i, seen = 0;
	json_t *pair;

	json_array_foreach(list, i, pair) {
		const char *name = json_string_value(json_array_get(pair, 0)), *value = json_string_value(json_array_get(pair, 1));
		char ours[128];

		if ((*name == ':' && strcmp(name, ":authority")) || says_how_long(name))
			continue;
		do {
			assert_true(seen < head_count(h));
			snprintf(ours, sizeof(ours), "%.*s", (int)head_field(h, seen).name.len, (const char *)head_field(h, seen).name.at);
		} while (says_how_long(ours) && ++seen);
		assert_string_equal(ours, strcmp(name, ":authority") ? name : "host");
		assert_bytes(head_field(h, seen++).value, value);
	}
	for (; seen < head_count(h); seen++)
		assert_true(bytes_like(head_field(h, seen).name, "content-length") ||
			bytes_like(head_field(h, seen).name, "transfer-encoding"));
}

static void
assert_when(uint64_t when, const json_t *flow, const char *a, const char *name)
{
	if (fabs((double)when / 1e6 - json_number_value(json_at(flow, a, name))) > 1e-5)
		fail_msg("%s: %f is not %f", name, (double)when / 1e6, json_number_value(json_at(flow, a, name)));
}

static bool
assert_steps(const struct flow *f)
{
	assert_true(f->moments >= 2);
	assert_int_equal(step_kind(f->moment[1].step), STEP_CONNECTED);
	return true;
}

static void
assert_flow(struct store *s, flow_id id, const json_t *expected)
{
	struct flow f = flow_in(s, id);
	json_int_t status = json_integer_value(json_at(expected, "response", "status_code"));
	const json_t *address = json_array_get(json_at(expected, "server_conn", "address"), 0);

	assert_text_at(head_method(f.half[CLIENT].head), expected, "request", "method");
	assert_text_at(head_target(f.half[CLIENT].head), expected, "request", "path");
	assert_text_at(f.origin->scheme, expected, "request", "scheme");
	assert_text_at(f.origin->host, expected, "request", "host");
	assert_int_equal(f.origin->port, json_integer_value(json_at(expected, "request", "port")));
	assert_when(f.begun, expected, "request", "timestamp_start");
	assert_when(f.ended, expected, "response", "timestamp_end");
	assert_headers(f.half[CLIENT].head, json_at(expected, "request", "headers"));
	if (status) {
		assert_int_equal(head_status(f.half[SERVER].head), status);
		assert_headers(f.half[SERVER].head, json_at(expected, "response", "headers"));
	} else {
		assert_null(f.half[SERVER].head);
		assert_int_equal(f.close, CLOSE_HTTP_ERROR);
	}
	if (address && assert_steps(&f))
		assert_memory_equal(step_find(f.moment[1].step, "address").at, json_string_value(address),
			json_string_length(address));
	for (int side = CLIENT; side <= SERVER; side++) {
		struct slice b = body_in(s, id, side);

		assert_hash(b.bytes, json_string_value(json_at(expected, side == CLIENT ? "request" : "response", "contentHash")));
		slice_drop(&b);
	}
	flow_release(&f);
}

static void
files_of_browsers_come_to_what_another_program_makes_of_them(void **state)
{
	static const char *const names[] = { "chrome", "firefox", "with-bom" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *folder = shared[access(shared[0], R_OK) != 0];
		char file[64];
		json_t *all, *one;
		struct store *s;
		struct fault why;
		size_t k;

		snprintf(file, sizeof(file), "%s%s.json", folder, names[i]);
		all = json_load_file(file, 0, NULL);
		if (!all) {
			print_message("%s is not there: not compared\n", file);
			continue;
		}
		snprintf(file, sizeof(file), "%s%s.har", folder, names[i]);
		s = read_file(fopen(file, "r"), &why);
		assert_string_equal(why.text, "");
		assert_int_equal(store_stats(s).flows, json_array_size(all));
		json_array_foreach(all, k, one)
			assert_flow(s, k + 1, one);
		json_decref(all);
		store_free(s);
	}
}

static void
server_step(struct making *m, enum step_kind kind, const struct field *values, size_t count)
{
	tell(m, (struct note){ .kind = NOTE_STEP, .side = SERVER, .step = step_new(kind, values, count) });
}

/* A flow of each kind there is, each whole. */
static void
make_step_flow(struct making *m)
{
	static const char gzipped[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xc8\x04\x00\xac*\x93\xd8\x02\x00\x00\x00";
	struct field dial[] = { { LIT("host"), LIT("h") }, { LIT("port"), LIT("443") } };
	struct field peer[] = { { LIT("peer"), LIT("upstream") }, { LIT("sni"), LIT("h") } };

	flow_begins(m, "https", "h", 443);
	step_comes(m, STEP_CONNECT_RECEIVED, NULL, 0);
	step_comes(m, STEP_DECIDED, (struct field[]){ { LIT("action"), LIT("mitm") } }, 1);
	head_comes(m, CLIENT, 0, "POST http://h/form?a=b%20c HTTP/1.1\r\nhost:  h\r\nCookie: a=1; b=\"2\"\r\n"
		"content-type: application/x-www-form-urlencoded\r\nx-latin: \xe9\r\n\r\n");
	data_comes(m, CLIENT, 0, LIT("k=v"));
	data_comes(m, CLIENT, 0, LIT("w&x"));
	part_comes(m, CLIENT, 0, (struct part){ .kind = PART_END });
	after(m, 3);
	server_step(m, STEP_DIALING, dial, 2);
	after(m, 4);
	server_step(m, STEP_CONNECTED, (struct field[]){ { LIT("address"), LIT("192.0.2.7:443") } }, 1);
	server_step(m, STEP_TLS_STARTED, peer, 2);
	after(m, 5);
	server_step(m, STEP_TLS_ESTABLISHED, peer, 2);
	after(m, 6);
	head_comes(m, SERVER, 0, "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
	after(m, 7);
	head_comes(m, SERVER, 0, "HTTP/1.1 302 Found\r\nContent-Encoding: gzip\r\nLocation: /x\r\n"
		"Set-Cookie: s=1; Path=/; Expires=Wed, 09 Jun 2021 10:18:14 GMT; HttpOnly\r\n\r\n");
	data_comes(m, SERVER, 0, (struct bytes){ (const uint8_t *)gzipped, sizeof(gzipped) - 1 });
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_SKIP, .count = 77 });
	after(m, 8);
	trailer_comes(m, 0, "x-sum:   1\r\n\r\n");
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_END });
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

static void
make_failed(struct making *m)
{
	flow_begins(m, "tcp", "", 0);
	flow_ends(m, CLOSE_CONNECT_FAILED, "connection refused");
	flow_begins(m, "http", "2001:db8::1", 8080);
	head_comes(m, CLIENT, 0, "OPTIONS * HTTP/1.1\r\n\r\n");
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_RESET, .code = 5, .data = slice_text("the server broke off") });
	flow_ends(m, CLOSE_HTTP_ERROR, "the server broke off");
}

/* On the connection that the first flow opened. */
static void
make_second(struct making *m)
{
	struct origin o = { .opened_by = 1, .scheme = LIT("https"), .host = LIT("h\xff"), .port = 443 };

	m->flow++;
	tell(m, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	head_comes(m, CLIENT, 0, "HEAD /?%zz=%ff&& HTTP/1.0\r\n\r\n");
	part_comes(m, CLIENT, 0, (struct part){ .kind = PART_END });
	head_comes(m, SERVER, 0, "HTTP/1.0 200 \xe4\r\n\r\n");
	data_comes(m, SERVER, 0, (struct bytes){ (const uint8_t *)"\0\xff", 2 });
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_END });
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

static struct store *
session_made(void)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	make_step_flow(&m);
	make_plain(&m);
	make_grpc(&m);
	make_websocket(&m);
	make_broken(&m);
	make_unread(&m);
	make_failed(&m);
	make_second(&m);
	make_events(&m);
	store_flush(m.store);
	assert_string_equal(store_stats(m.store).disorder, "");
	return m.store;
}

static void
a_session_is_written_read_and_written_as_the_same_bytes(void **state)
{
	struct store *s = session_made();
	char *once = written(s), *twice;
	struct fault why;

	(void)state;
	store_free(s);
	s = read_text(once, &why);
	assert_string_equal(why.text, "");
	assert_string_equal(log_text, "");
	twice = written(s);
	assert_string_equal(once, twice);
	store_free(s);
	free(once);
	free(twice);
}

/* Flows that go on, and such as have notes out of turn: no format can say what is not so. */
static void
what_is_not_whole_is_written_all_the_same(void **state)
{
	struct store *s;
	struct fault why = { "" };
	size_t flows;
	char *text;

	(void)state;
	protocols_make(path);
	s = store_open(path, &why);
	assert_non_null(s);
	flows = (size_t)store_stats(s).flows;
	text = written(s);
	store_free(s);
	s = read_text(text, &why);
	assert_string_equal(why.text, "");
	assert_int_equal(store_stats(s).flows, flows);
	store_free(s);
	free(text);
}

static json_t *
entry_written(struct store *s, size_t i)
{
	char *text = written(s);
	json_t *j = json_loads(text, JSON_ALLOW_NUL, NULL), *e;

	assert_non_null(j);
	e = json_incref(json_array_get(json_at(j, "log", "entries"), i));
	json_decref(j);
	free(text);
	assert_non_null(e);
	return e;
}

static void
assert_json(const json_t *j, const char *expected)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void
an_entry_has_what_the_specification_asks_for(void **state)
{
	struct store *s = session_made();
	json_t *e = entry_written(s, 0);

	(void)state;
	assert_json(json_object_get(e, "timings"), "{\"blocked\":3.0,\"dns\":-1,\"connect\":9.0,\"ssl\":5.0,\"send\":0.0,"
		"\"wait\":13.0,\"receive\":8.0}");
	assert_json(json_object_get(e, "time"), "33.0");
	assert_json(json_object_get(e, "serverIPAddress"), "\"192.0.2.7\"");
	assert_json(json_at(e, "request", "url"), "\"http://h/form?a=b%20c\"");
	assert_json(json_at(e, "request", "queryString"), "[{\"name\":\"a\",\"value\":\"b c\"}]");
	assert_json(json_at(e, "request", "cookies"), "[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"\\\"2\\\"\"}]");
	assert_json(json_at(e, "request", "postData"), "{\"mimeType\":\"application/x-www-form-urlencoded\",\"text\":\"k=vw&x\","
		"\"params\":[{\"name\":\"k\",\"value\":\"vw\"},{\"name\":\"x\",\"value\":\"\"}]}");
	assert_json(json_at(e, "request", "bodySize"), "6");
	assert_json(json_at(e, "response", "redirectURL"), "\"/x\"");
	assert_json(json_at(e, "response", "cookies"), "[{\"name\":\"s\",\"value\":\"1\",\"httpOnly\":true,\"secure\":false,"
		"\"path\":\"/\",\"expires\":\"2021-06-09T10:18:14.000000Z\"}]");
	assert_json(json_at(json_object_get(e, "response"), "content", "text"), "\"hi\"");
	assert_json(json_at(e, "response", "_trailers"), "[{\"name\":\"x-sum\",\"value\":\"1\"}]");
	json_decref(e);
	store_free(s);
}

static void
a_tunnel_is_a_connect_that_has_no_status(void **state)
{
	struct store *s = session_made();
	json_t *e = entry_written(s, 7);

	(void)state;
	assert_json(json_at(e, "request", "method"), "\"CONNECT\"");
	assert_json(json_at(e, "request", "url"), "\"tcp://mail.example.com:25\"");
	assert_json(json_at(e, "response", "status"), "0");
	assert_non_null(json_string_value(json_at(e, "response", "_error")));
	json_decref(e);
	e = entry_written(s, 8);
	assert_json(json_at(e, "response", "_error"), "\"connection refused\"");
	json_decref(e);
	store_free(s);
}

static void
a_flow_says_whose_connection_it_used(void **state)
{
	struct store *s = session_made();
	json_t *e = entry_written(s, 10);

	(void)state;
	assert_json(json_object_get(e, "connection"), "\"1\"");
	assert_json(json_object_get(e, "serverIPAddress"), "\"192.0.2.7\"");
	assert_json(json_at(json_object_get(e, "response"), "content", "encoding"), "\"base64\"");
	json_decref(e);
	store_free(s);
}

static void
messages_are_written_as_chrome_does(void **state)
{
	struct store *s = session_made();
	json_t *e = entry_written(s, 3), *m = json_object_get(e, "_webSocketMessages");

	(void)state;
	assert_int_equal(json_array_size(m), 7);
	assert_json(json_array_get(m, 1), "{\"type\":\"receive\",\"time\":1795531640.315,\"opcode\":1,\"data\":\"{\\\"op\\\": \\\"ack\\\", \\\"id\\\": 1}\"}");
	assert_json(json_object_get(json_array_get(m, 5), "data"), "\"AAEC//79IFBORw==\"");
	json_decref(e);
	store_free(s);
}

/* Each of its notes is needed: without one, or with another in its place, it is read as any archive is. */
static void
notes_that_make_no_sense_are_said_and_not_used(void **state)
{
	static const char *const notes[] = {
		"[]", "[[0,\"FLOW\",0,0,0,0,{}]]", "[[0,\"END\",0,0,0,0]]", "[7]", "[[0,\"DATA\",1,0,0,99]]", "[[0,\"NOTHING\",0,0,0,0]]",
		"[[-9,\"END\",0,0,0,0]]", "[[0,\"STEP\",0,0,0,0,[\"dialing\",\"host\"]]]", "[[0,\"GONE\",0,0,99,0]]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		char text[2048];
		struct store *s;

		snprintf(text, sizeof(text), "{" ASK "," ANSWER ",\"_soth\":{\"begun\":1,\"notes\":%s}}", notes[i]);
		s = entries(text);
		assert_body(s, 1, SERVER, "hi");
		assert_non_null(strstr(log_text, "entry 1: its \"_soth\" is not used: "));
		store_free(s);
	}
}

static int
file_make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
file_remove(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_becomes_a_request_and_a_response),
		cmocka_unit_test(timings_become_times_of_notes),
		cmocka_unit_test(times_are_read_with_any_zone),
		cmocka_unit_test(pseudo_headers_become_host_and_lines_become_fields),
		cmocka_unit_test(versions_are_read_however_they_are_spelt),
		cmocka_unit_test(what_is_posted_is_text_base64_or_parameters),
		cmocka_unit_test(codings_are_left_out_of_a_head_when_they_are_off_the_body),
		cmocka_unit_test(a_body_that_is_not_in_the_file_is_counted),
		cmocka_unit_test(an_error_or_a_status_of_0_is_a_flow_that_failed),
		cmocka_unit_test(messages_of_a_websocket_are_read),
		cmocka_unit_test(trailers_are_read),
		cmocka_unit_test(a_broken_entry_is_said_and_the_others_are_read),
		cmocka_unit_test(halves_of_characters_are_forgiven),
		cmocka_unit_test(a_file_may_end_anywhere),
		cmocka_unit_test(a_byte_that_begins_no_value_ends_the_reading),
		cmocka_unit_test(a_file_that_is_no_archive_is_refused),
		cmocka_unit_test(an_archive_is_known_by_its_beginning),
		cmocka_unit_test(files_of_browsers_come_to_what_another_program_makes_of_them),
		cmocka_unit_test(a_session_is_written_read_and_written_as_the_same_bytes),
		cmocka_unit_test(what_is_not_whole_is_written_all_the_same),
		cmocka_unit_test(an_entry_has_what_the_specification_asks_for),
		cmocka_unit_test(a_tunnel_is_a_connect_that_has_no_status),
		cmocka_unit_test(a_flow_says_whose_connection_it_used),
		cmocka_unit_test(messages_are_written_as_chrome_does),
		cmocka_unit_test(notes_that_make_no_sense_are_said_and_not_used),
	};

	return cmocka_run_group_tests_name("har", tests, file_make, file_remove);
}
