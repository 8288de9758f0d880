/* Commands of curl and .http files, as they are read: each a request, or a fault that says where. */
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

/* Every request: its scheme, host, port, and what its bytes are. */
static struct buf heard;

static void
hear(void *arg, struct note *n)
{
	const struct origin *o = n->kind == NOTE_FLOW ? n->origin : NULL;
	bool ok = true;

	(void)arg;
	if (o)
		ok = buf_addf(&heard, "%s[%.*s %.*s %u]\n", heard.len ? "\n" : "", (int)o->scheme.len, (const char *)o->scheme.at,
			(int)o->host.len, (const char *)o->host.at, o->port);
	else if (n->kind == NOTE_PART && n->part.kind == PART_HEAD)
		ok = buf_add(&heard, head_text(n->part.head));
	else if (n->kind == NOTE_PART && n->part.kind == PART_DATA)
		ok = buf_add(&heard, n->part.data.bytes);
	assert_true(ok);
	note_drop(n);
}

/* Without carriage returns, which no one likes to write. */
static const char *
read_as(const char *format, const char *text, size_t len)
{
	static char out[1 << 16];
	struct convert_sink to = { hear, NULL };
	struct fault why = { "" };
	FILE *in = tmpfile();
	size_t n = 0;

	*out = '\0';
	buf_init(&heard, sizeof(out) - 1);
	assert_true(fwrite(text, 1, len, in) == len);
	rewind(in);
	if (!format_named(format)->read(in, &to, &why)) {
		snprintf(out, sizeof(out), "! %s", why.text);
		assert_true(*why.text);
		n = strlen(out);
	}
	for (size_t i = *out == '!' && n ? heard.len : 0; i < heard.len; i++)
		if (heard.at[i] != '\r')
			out[n++] = (char)heard.at[i];
	out[n] = '\0';
	buf_release(&heard);
	fclose(in);
	return out;
}

static void
expect(const char *format, const char *text, const char *want)
{
	const char *got = read_as(format, text, strlen(text));

	if (strcmp(got, want))
		fail_msg("%s\nwanted:\n%s\ngot:\n%s", text, want, got);
}

#define AGENT "User-Agent: curl\n"
#define ACCEPT "Accept: */*\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\n"

static const struct { const char *text, *want; } curls[] = {
	{ "curl h.test", "[http h.test 80]\nGET / HTTP/1.1\nHost: h.test\n" AGENT ACCEPT "\n" },
	{ "$ curl 'https://h.test:8443/a?b#c'\n", "[https h.test 8443]\nGET /a?b HTTP/1.1\nHost: h.test:8443\n" AGENT ACCEPT "\n" },
	{ "curl -H 'accept: a' -H 'User-Agent:' -H 'X-Empty;' h", "[http h 80]\nGET / HTTP/1.1\nHost: h\naccept: a\nX-Empty: \n\n" },
	{ "curl -X PATCH \\\n -d a=1 --data 'b=2' h -A me -H accept:", "[http h 80]\nPATCH / HTTP/1.1\nHost: h\nUser-Agent: me\n" FORM
		"Content-Length: 7\n\na=1&b=2" },
	{ "curl -Gd x=1 --data-urlencode 'q=a b' 'h/?z#f' -A m -H accept:", "[http h 80]\nGET /?z&x=1&q=a%20b HTTP/1.1\nHost: h\nUser-Agent: m\n\n" },
	{ "curl -Ih -A m -Haccept: --url h", "! line 1, column 8: curl's option -h is not known here" },
	{ "curl -I -A m -Haccept: --url h", "[http h 80]\nHEAD / HTTP/1.1\nHost: h\nUser-Agent: m\n\n" },
	{ "curl -u me:pass -e http://r --compressed -b 'a=1' -b b=2 h -A m -H accept:", "[http h 80]\nGET / HTTP/1.1\nHost: h\n"
		"Authorization: Basic bWU6cGFzcw==\nReferer: http://r\nUser-Agent: m\nAccept-Encoding: deflate, gzip, br, zstd\n"
		"Cookie: a=1; b=2\n\n" },
	{ "curl http://me:pass@h -A m -H accept:", "[http h 80]\nGET / HTTP/1.1\nHost: h\nUser-Agent: m\nAuthorization: Basic bWU6cGFzcw==\n\n" },
	{ "curl --json '{\"a\":1}' h -A m", "[http h 80]\nPOST / HTTP/1.1\nHost: h\nUser-Agent: m\nContent-Type: application/json\n"
		"Accept: application/json\nContent-Length: 7\n\n{\"a\":1}" },
	{ "curl --data-raw $'\\u00e9\\x41\\n\\'' h -A m -H accept: -H content-type:", "[http h 80]\nPOST / HTTP/1.1\nHost: h\nUser-Agent: m\n"
		"Content-Length: 5\n\n\xc3\xa9" "A\n'" },
	{ "curl --http2 https://h -A m -H accept:", "[https h 443]\nGET / HTTP/2\nHost: h\nUser-Agent: m\n\n" },
	{ "curl -A m -H accept: a ; curl -A m -H accept: b\n# no\ncurl -A m -H accept: c --next -A m -H accept: d", "[http a 80]\n"
		"GET / HTTP/1.1\nHost: a\nUser-Agent: m\n\n\n[http b 80]\nGET / HTTP/1.1\nHost: b\nUser-Agent: m\n\n\n[http c 80]\n"
		"GET / HTTP/1.1\nHost: c\nUser-Agent: m\n\n\n[http d 80]\nGET / HTTP/1.1\nHost: d\nUser-Agent: m\n\n" },
	{ "curl [::1]:8080/x -A m -H accept: --request-target '/a b'", "! line 1, column 1: the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)" },
	{ "curl ^\"https://h/?a=1^&b=^%^20^\" ^\n  -H ^\"x: ^\\^\"q^\\^\"^\" -H ^\"accept: a^\" -A m ^\r\n --data-raw ^\"a^\n\nb^\"\n",
		"[https h 443]\nPOST /?a=1&b=%20 HTTP/1.1\nHost: h\nx: \"q\"\naccept: a\nUser-Agent: m\n" FORM "Content-Length: 3\n\na\nb" },
	{ "curl \"http://h/?a=1&b\" ^\n -H \"x: \\\"q\\\"\" -A m -H accept:", "[http h 80]\nGET /?a=1&b HTTP/1.1\nHost: h\nx: \"q\"\nUser-Agent: m\n\n" },
	{ "curl -A m -H accept: a >out 2>&1 | jq . | less; curl -A m -H accept: 'b' > 'x y' &> z", "[http a 80]\nGET / HTTP/1.1\nHost: a\nUser-Agent: m\n\n"
		"\n[http b 80]\nGET / HTTP/1.1\nHost: b\nUser-Agent: m\n\n" },
	{ "curl h -d @secret", "! line 1, column 11: -d: it is in a file, and files are not read here" },
	{ "curl h -T x", "! line 1, column 11: -T: it is in a file, and files are not read here" },
	{ "curl h --no-such x", "! line 1, column 8: curl's option --no-such is not known here" },
	{ "curl h -X", "! line 1, column 8: -X wants a value" },
	{ "curl \\\n 'h", "! line 2, column 2: what a ' begins has no end, or is too long" },
	{ "curl -H 'a: b\nX: y' h", "! line 1, column 9: -H: a field has no name, or a line break in it" },
	{ "wget h", "! line 1, column 1: a command of curl is wanted, not wget" },
	{ "curl ftp://h", "! line 1, column 1: its URL is not one of HTTP" },
	{ "curl a b", "! line 1, column 8: a second URL in one command: give it a command of its own" },
	{ "", "! there is no command in it" },
};

static void
commands_of_curl_become_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(curls); i++)
		expect("curl", curls[i].text, curls[i].want);
}

static void
a_form_of_curl_is_multipart(void **state)
{
	static const char text[] = "curl -F a=1 -F 'b=x;type=text/x;filename=f' h";
	const char *got = read_as("curl", text, strlen(text));

	(void)state;
	assert_non_null(strstr(got, "Content-Type: multipart/form-data; boundary=------------------------soth"));
	assert_non_null(strstr(got, "name=\"a\"\n\n1\n--"));
	assert_non_null(strstr(got, "name=\"b\"; filename=\"f\"\nContent-Type: text/x\n\nx\n--"));
}

static const struct { const char *text, *want; } files[] = {
	{ "GET https://h/a HTTP/1.1\nX: y\n", "[https h 443]\nGET /a HTTP/1.1\nHost: h\nX: y\n\n" },
	{ "http://h/a\n", "[http h 80]\nGET /a HTTP/1.1\nHost: h\n\n" },
	{ "# c\n@h = h.test\n@u=http://{{h}}\n### one\nPOST {{u}}/a\n  ?b=1\n  &c={{h}}\n# c\nX: {{ h }}\n\nbody {{h}}\n\nmore\n\n\n### two\nDELETE /d\nHost: x:81\n",
		"[http h.test 80]\nPOST /a?b=1&c=h.test HTTP/1.1\nHost: h.test\nX: h.test\nContent-Length: 17\n\nbody h.test\n\nmore"
		"\n[http x 81]\nDELETE /d HTTP/1.1\nHost: x:81\n\n" },
	{ "POST http://h\r\nContent-Type: multipart/x; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", "[http h 80]\nPOST / HTTP/1.1\nHost: h\n"
		"Content-Type: multipart/x; boundary=b\nContent-Length: 15\n\n--b\n\nx\n--b--" },
	{ "POST http://h\n\n< {% if (x) {\n} %}\nok {{$braces}}\n> {% client.log(1) %}\n>> out.txt\n<> 1.json\n",
		"[http h 80]\nPOST / HTTP/1.1\nHost: h\nContent-Length: 5\n\nok {{" },
	{ "# @base64\n# @target *\nOPTIONS http://h HTTP/1.0\n\nYQpi\n", "[http h 80]\nOPTIONS * HTTP/1.0\nHost: h\nContent-Length: 3\n\na\nb" },
	{ "GET http://h\nAuthorization: Basic me pass\n", "[http h 80]\nGET / HTTP/1.1\nHost: h\nAuthorization: Basic bWU6cGFzcw==\n\n" },
	{ "GET https://h HTTP/2\n", "[https h 443]\nGET / HTTP/2\nHost: h\n\n" },
	{ "GET http://{{no}}\n", "! line 1: {{no}} is not known here" },
	{ "GET http://h\nnonsense\n", "! line 2: a header is wanted, as Name: value" },
	{ "POST http://h\n\n< /etc/passwd\n", "! line 3: /etc/passwd: only files beside it, or below, are read" },
	{ "POST http://h\n\n< a/../../b\n", "! line 3: a/../../b: only files beside it, or below, are read" },
	{ "GET /a\n", "! line 1: its URL has no valid host and port" },
	{ "@a\n", "! line 1: a variable is wanted, as @name = value" },
	{ "### nothing\n", "! there is no request in it" },
};

static void
files_of_editors_become_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		expect("http", files[i].text, files[i].want);
}

static void
formats_are_known_by_how_they_begin(void **state)
{
	static const struct { const char *text, *format; } all[] = {
		{ "curl h", "curl" }, { "# flow 1\n\ncurl 'h'", "curl" }, { "$ curl h", "curl" }, { "### a\nGET http://h\n", "http" },
		{ "# a\n@b = c\nGET https://h\n", "http" }, { "GET /\n", "http" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_string_equal(format_of_bytes(bytes_of(all[i].text))->name, all[i].format);
	assert_null(format_of_bytes(bytes_of("hello world\n")));
}

/* Requests with odd bodies, by way of that format and back: as they were. */
static void
comes_back(const char *by, const char *body, size_t len, const char *type)
{
	char first[4096], *text = NULL, path[] = "/tmp/test-resend-XXXXXX";
	size_t size = 0, n;
	struct fault why = { "" };
	struct store *s = store_create(path, (close(mkstemp(path)), &why));
	struct teller t = { .to = &(struct convert_sink){ (void (*)(void *, struct note *))store_note, s } };
	FILE *out = open_memstream(&text, &size);
	struct head *h;

	n = (size_t)snprintf(first, sizeof(first), "POST /{{a}}?x HTTP/1.1\r\nHost: h.test\r\nX-Odd: {{b}} 'c' \"d\" $e `f`\r\nUser-Agent: me\r\n"
		"Accept: x\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, len);
	h = head_parse((struct bytes){ (uint8_t *)first, n }, HEAD_REQUEST, &why);
	assert_non_null(h);
	tell_flow(&t, 1, &(struct origin){ .scheme = LIT("http"), .host = LIT("h.test"), .port = 80 });
	tell_part(&t, CLIENT, 1, (struct part){ .kind = PART_HEAD, .head = h });
	if (len)
		tell_part(&t, CLIENT, 1, (struct part){ .kind = PART_DATA, .data = slice_copy((struct bytes){ (const uint8_t *)body, len }) });
	tell_part(&t, CLIENT, 1, (struct part){ .kind = PART_END });
	tell_gone(&t, 1, CLOSE_RELAY_EOF, "");
	store_flush(s);
	store_end(s);
	assert_true(format_named(by)->write(out, &(struct convert_flows){ s, (flow_id[]){ 1 }, 1 }, &why));
	fclose(out);
	snprintf(first, sizeof(first), "[http h.test 80]\nPOST /{{a}}?x HTTP/1.1\nHost: h.test\nX-Odd: {{b}} 'c' \"d\" $e `f`\nUser-Agent: me\n"
		"Accept: x\nContent-Type: %s\nContent-Length: %zu\n\n", type, len);
	if (strncmp(read_as(by, text, size), first, strlen(first)))
		fail_msg("%s:\n%s\nis read as:\n%s", by, text, read_as(by, text, size));
	buf_init(&heard, 1 << 16);
	free(text);
	store_free(s);
	unlink(path);
}

static void
what_is_written_is_read_again_as_it_was(void **state)
{
	static const char *const formats_back[] = { "http", "curl" };
	static const char *const bodies[] = { "", "plain", "two\nlines", "\nbegins", "ends\n", "### odd", "a\n< file", "{{x}}", "cr\r\nlf",
		"'quotes' \"too\" \\ $x `y` !z", "\xff\x01\x02", "%d %% \\n", "@file", "a=b&c=d" };

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(formats_back); f++) {
		for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
			comes_back(formats_back[f], bodies[i], strlen(bodies[i]), "text/plain");
		comes_back(formats_back[f], "a\0b", 3, "application/octet-stream");
		comes_back(formats_back[f], "--b\r\n\r\nx\r\n--b--", 15, "multipart/x; boundary=b");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_of_curl_become_requests),
		cmocka_unit_test(a_form_of_curl_is_multipart),
		cmocka_unit_test(files_of_editors_become_requests),
		cmocka_unit_test(formats_are_known_by_how_they_begin),
		cmocka_unit_test(what_is_written_is_read_again_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
