/* Commands of curl: run by shells, against a server in this process, they send what was recorded; whatever that is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "soth/convert.h"

static char folder[] = "/tmp/test-curl-XXXXXX";
static struct store *session;
static flow_id flows;
static int listener;
static uint16_t port;
static char script[64], canary[64];
static struct slice expected[80], heard[80];	/* whole requests, in their order */
static size_t expecteds, heards;

/* What the head says the body has. */
static size_t
announced(const char *head, const char *end)
{
	const char *at = strcasestr(head, "\r\ncontent-length: ");

	return at && at < end ? (size_t)strtoul(at + 18, NULL, 10) : 0;
}

static struct slice
hear(int peer)
{
	static char in[4 << 20];
	size_t len = 0, head;
	char *end = NULL;
	ssize_t n;

	while (len < sizeof(in) - 1 && (n = read(peer, in + len, sizeof(in) - 1 - len)) > 0) {
		len += (size_t)n;
		in[len] = '\0';
		end = end ? end : strstr(in, "\r\n\r\n");
		head = end ? (size_t)(end - in) + 4 : 0;
		if (end && len >= head + announced(in, end))
			break;
	}
	return slice_copy((struct bytes){ (uint8_t *)in, len });
}

/* One request a connection; one without any is the end. */
static void *
serve(void *arg)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

	(void)arg;
	for (int peer; (peer = accept(listener, NULL, NULL)) >= 0; ) {
		struct slice s = hear(peer);
		bool over = !s.bytes.len || heards == ARRAY_LEN(heard) || write(peer, answer, sizeof(answer) - 1) < 0;

		close(peer);
		if (over)
			return NULL;
		heard[heards++] = s;
	}
	return NULL;
}

static void
slices_drop(struct slice *s, size_t *count)
{
	while (*count)
		slice_drop(&s[--*count]);
}

static void
poke(void)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port) };
	int s = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(s, (struct sockaddr *)&there, sizeof(there)), 0);
	close(s);
}

static void
note(struct note n)
{
	n.flow = flows;
	n.when = 1;
	store_note(session, &n);
}

static void
part(enum side side, struct part p)
{
	note((struct note){ .kind = NOTE_PART, .side = side, .part = p });
}

/* A session with a flow more: that request, sent to this server. */
static void
recorded_at(const char *host, uint16_t at, struct bytes head, struct bytes body)
{
	struct origin o = { .scheme = LIT("http"), .host = bytes_of(host), .port = at };
	struct fault why = { "" };
	struct head *h = head_parse(head, HEAD_REQUEST, &why);

	if (!h)
		fail_msg("%s", why.text);
	flows++;
	note((struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	part(CLIENT, (struct part){ .kind = PART_HEAD, .head = h });
	if (body.len)
		part(CLIENT, (struct part){ .kind = PART_DATA, .data = slice_copy(body) });
	part(CLIENT, (struct part){ .kind = PART_END });
	store_flush(session);
}

static void
recorded(const char *head, struct bytes body)
{
	recorded_at("127.0.0.1", port, bytes_of(head), body);
}

/* The commands of those flows; to be freed. */
static char *
written(flow_id first, size_t count)
{
	flow_id id[80];
	struct convert_flows from = { session, id, count };
	struct fault why = { "" };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < count; i++)
		id[i] = first + i;
	if (!format_named("curl")->write(out, &from, &why))
		fail_msg("%s", why.text);
	fclose(out);
	return text;
}

static void
script_make(const char *text)
{
	FILE *f = fopen(script, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* By that shell, as a script or typed at its prompt. */
static void
run(const char *shell)
{
	char command[400];
	pthread_t server;
	int status;

	slices_drop(heard, &heards);
	snprintf(command, sizeof(command), "cd %s && %s %s >%s/out 2>&1", folder, shell, script, folder);
	pthread_create(&server, NULL, serve, NULL);
	status = system(command);
	poke();
	pthread_join(server, NULL);
	if (status || !access(canary, F_OK))
		fail_msg("%s: %d, or something was obeyed", command, status);
}

static const char *const shells[] = { "sh", "bash", "bash --posix", "LC_ALL=C.UTF-8 bash --norc -i <", "sh -s <" };

/* The same start line, fields and body, whatever shell it is: one script of all that is expected. */
static void
all_arrive(void)
{
	char *text = written(flows + 1 - expecteds, expecteds);

	script_make(text);
	for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
		run(shells[i]);
		for (size_t k = 0; k < expecteds; k++)
			if (k >= heards || !bytes_same(heard[k].bytes, expected[k].bytes))
				fail_msg("%s: %zu sent\n%.2000s\nand not\n%.2000s", shells[i], k,
					k < heards ? (const char *)heard[k].bytes.at : "", (const char *)expected[k].bytes.at);
		assert_int_equal(heards, expecteds);
	}
	free(text);
	slices_drop(expected, &expecteds);
}

/* It is recorded, and this is what must come of it. */
static void
expect(const char *head, const char *arrives, struct bytes body)
{
	struct buf b;

	recorded(head, body);
	buf_init(&b, 4 << 20);
	assert_true(buf_add(&b, bytes_of(arrives)) && buf_add(&b, body) && buf_add(&b, (struct bytes){ (const uint8_t *)"", 1 }));
	b.len--;
	assert_true(expecteds < ARRAY_LEN(expected));
	expected[expecteds++] = buf_seal(&b);
}

/* "PORT" is the server's. */
static const char *
with_port(const char *text)
{
	static char out[2][16384];
	static unsigned turn;
	char *to = out[turn++ % 2];
	const char *at = strstr(text, "PORT");

	if (at)
		snprintf(to, sizeof(out[0]), "%.*s%u%s", (int)(at - text), text, port, at + 4);
	else
		snprintf(to, sizeof(out[0]), "%s", text);
	return to;
}

static const char plain[] = "GET /v2/users?page=4&x=%2541 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: me\r\nAccept: */*\r\n\r\n";

static void
a_plain_request_arrives_as_it_was(void **state)
{
	(void)state;
	expect(with_port(plain), with_port(plain), LIT(""));
	all_arrive();
}

static void
fields_that_curl_would_add_are_not_sent(void **state)
{
	const char *head = with_port("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX-Empty:\r\n\r\n");

	(void)state;
	expect(head, head, LIT(""));
	all_arrive();
}

/* Each would be obeyed somewhere, were it not quoted. */
static const char *const hostile[] = {
	"'; touch CANARY; '", "$(touch CANARY)", "`touch CANARY`", "\"; touch CANARY; \"", "'\"$(touch CANARY)`touch CANARY`",
	"\\'; touch CANARY; #", "a\tb", "a\tb'$(touch CANARY)'", "\x80\t '; touch CANARY; '", "%s%n%d%%\\n\\0\\c%", "\\", "\\\\'", "!!", "'!touch", "a'!!'\t!!",
	"it's !x \\!x 'and' !\"y", "@/etc/passwd", "-o/tmp/x", "~root", "{a,b} [1-3] *?", "&& touch CANARY", "| touch CANARY", "> CANARY",
	"\xff\xfe\x80\x81\x82\x83\x84\x85\x86\x87\x88", "\xe6\x97\xa5\xe6\x9c\xac 'x'", "\xe2\x80\xae" "bidi", "\xc2\x9b" "31m", "$'\\x41'", "$HOME ${HOME} $1 $$",
	"a;b:c=d,e", "\xe3\x81\x82'\xe3\x81", "\\\xc2\x81\\", "EOF END", "\xef\xbf\xbd", "<<'END'", "\xc3\xa9\t)\"; touch CANARY; (\"", "=", "a\\\tb",
};

static void
no_field_value_is_obeyed_by_a_shell(void **state)
{
	char head[2048], value[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		const char *name = strstr(hostile[i], "CANARY");

		snprintf(value, sizeof(value), "%s", hostile[i]);
		for (char *to = value; name && (to = strstr(to, "CANARY")); )
			memcpy(to, "canary", 6);
		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: %s\r\nAccept: a\r\nX-It: %s\r\n\r\n", port,
			value, value);
		expect(head, head, LIT(""));
	}
	all_arrive();
}

static void
no_method_or_target_is_obeyed_by_a_shell(void **state)
{
	static const char *const line[] = { "G'`$!|~ /$(touch${IFS}canary)", "-X /`touch${IFS}canary`", "DELETE /';touch${IFS}canary;'",
		"PROPFIND /a/../b/./c//d#e?f#g", "GET /[1-3]{a,b}\\\"<>^|", "OPTIONS *", "get //x", "GET /%2e%2e/\xff\x80", "GET /%2E/x", "PUT /a%", "GET @x", "GET /a/../b/./c", "GET /.",
		"GET ?a" };
	char head[2048], sent[2048];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(line); i++) {
		snprintf(head, sizeof(head), "%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: a\r\nAccept: a\r\n\r\n", line[i], port);
		snprintf(sent, sizeof(sent), "%s", head);
		if (!strcmp(line[i], "GET ?a"))
			snprintf(sent, sizeof(head), "GET /?a HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: a\r\nAccept: a\r\n\r\n", port);
		expect(head, sent, LIT(""));
	}
	all_arrive();
}

/* A POST of that body arrives. */
static void
body_arrives(struct bytes body)
{
	char head[512];

	snprintf(head, sizeof(head), "POST /in HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: a\r\nAccept: a\r\nContent-Length: %zu\r\n\r\n",
		port, body.len);
	expect(head, head, body);
}

static void
bodies_arrive_whatever_bytes_they_have(void **state)
{
	static const char *const text[] = { "", "a=b&c=d", "@/etc/passwd", "-", "-n x", "--", "-n\n1", "--\n", "{\n  \"a\": \"it's 100% \\n !x $(touch canary)\"\n}\n", "\n", "\n\n\n",
		"\\", "%", "%%s%c\\c", "'", "'; touch canary; '\n!!\n", "\r\n\r\n", "\tx", "`touch canary`\n$(touch canary)\n${IFS}", "END\n", "7\0" "1",
		"\xe6\x97\xa5\n'\xff", "!\n" };
	uint8_t all[700];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		body_arrives(bytes_of(text[i]));
	body_arrives(LIT("nul \0 1\0" "1 and \0"));
	body_arrives(LIT("\0"));
	body_arrives(LIT("\0\0\0\0\5\n\3abc\x1b]0;owned\a"));
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	for (size_t len = 253; len < 260; len++)
		body_arrives((struct bytes){ all, len });
	for (size_t len = 690; len < 700; len++)
		body_arrives((struct bytes){ all, len });
	all_arrive();
}

static void
large_bodies_arrive(void **state)
{
	static uint8_t text[90000], noise[1500000];
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 71 ? (uint8_t)" !\"#$%&'()*+,-./\\`{}~abc"[i % 24] : '\n';
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
	body_arrives((struct bytes){ text, 3999 });
	body_arrives((struct bytes){ text, 60000 });
	body_arrives((struct bytes){ text, sizeof(text) });
	body_arrives((struct bytes){ noise, sizeof(noise) });
	all_arrive();
}

static void
long_values_go_on_in_more_lines(void **state)
{
	static char value[20001], head[21000];
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(value) - 1; i++)
		value[i] = "abc'!\\\xc3\xa9"[i % 8];
	memset(value + sizeof(value) - 9, 'x', 8);
	snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: a\r\nAccept: a\r\nX-It: %s\r\n\r\n", port, value);
	expect(head, head, LIT(""));
	all_arrive();
	text = written(flows, 1);
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
		assert_true(end - line < 1000);
	free(text);
}

static void
what_is_of_the_connection_is_left_out(void **state)
{
	(void)state;
	expect(with_port("POST /a HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
		"Transfer-Encoding: chunked\r\nUser-Agent: a\r\nProxy-Connection: x\r\nAccept: a\r\nContent-Type: t\r\n\r\n"), with_port("POST /a HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: a\r\nAccept: a\r\nContent-Type: t\r\n"
		"Content-Length: 3\r\n\r\n"), LIT("abc"));
	all_arrive();
}

static void
another_host_field_is_kept(void **state)
{
	const char *head = "GET / HTTP/1.1\r\nHost: elsewhere.example\r\nUser-Agent: a\r\nAccept: a\r\n\r\n";

	(void)state;
	expect(head, head, LIT(""));
	all_arrive();
}

static void
cookies_are_an_option_and_never_a_file(void **state)
{
	static const char *const cookie[][2] = { { "Cookie: a=b; c=it's\r\n", "Cookie: a=b; c=it's\r\n" },
		{ "Cookie: a=1\r\nCookie: b=2\r\n", "Cookie: a=1; b=2\r\n" }, { "Cookie: CANARY\r\n", "Cookie: CANARY\r\n" },
		{ "Cookie: @/etc/passwd=\r\n", "Cookie: @/etc/passwd=\r\n" }, { "Cookie: \r\n", "" } };
	char head[512], sent[512];
	char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cookie); i++) {
		static const char start[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1", ua[] = "User-Agent: a\r\nAccept: a\r\n";
		bool last = !strncmp(cookie[i][1], "Cookie: C", 9) || !strncmp(cookie[i][1], "Cookie: @", 9);	/* a field among the others */

		snprintf(head, sizeof(head), "%s:%u\r\n%s%s\r\n", start, port, ua, cookie[i][0]);
		snprintf(sent, sizeof(sent), "%s:%u\r\n%s%s%s\r\n", start, port, last ? "" : cookie[i][1], ua, last ? cookie[i][1] : "");
		expect(head, sent, LIT(""));
	}
	all_arrive();
	text = written(flows - 4, 1);
	assert_non_null(strstr(text, " -b 'a=b; c=it'\\''s'"));
	free(text);
}

/* What curl says on the wire by itself is not what is asked here. */
static void
options_are_there_where_they_are_needed_alone(void **state)
{
	static const struct { const char *scheme_head, *has, *lacks; } table[] = {
		{ "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br, gzip\r\n\r\n", " --compressed", "-X" },
		{ "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n", "'Accept-Encoding: br'", "--compressed" },
		{ "GET / HTTP/2\r\nhost: h\r\n\r\n", " --http2-prior-knowledge", "Host:" },
		{ "GET / HTTP/1.0\r\n\r\n", " --http1.0", "--http2" },
		{ "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", " --head", "-X" },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", " --data-raw ''", "-X" },
		{ "POST / HTTP/1.1\r\nHost: h\r\n\r\n", " -X 'POST'", "--data" },
		{ "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\n\r\n", "-H 'Authorization: Basic YTpi'", "-u" },
		{ "GET /s HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "-H 'Connection: Upgrade'", "-X" },
		{ "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "curl 'http://127.0.0.1/'", "-H 'Host" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char *text;

		recorded_at("127.0.0.1", 80, bytes_of(table[i].scheme_head), LIT(""));
		text = written(flows, 1);
		if (!strstr(text, table[i].has) || strstr(text, table[i].lacks))
			fail_msg("%s is not right in\n%s", table[i].has, text);
		free(text);
	}
}

static void
what_can_not_be_sent_is_a_comment(void **state)
{
	static const char *const host[] = { "a'b", "a b", "$(touch canary)", "user@evil", "a/b", "", "[::1]", "a:b@c", "h\xff" };
	char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(host); i++) {
		recorded_at(host[i], 80, LIT("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), LIT(""));
		text = written(flows, 1);
		assert_non_null(strstr(text, "\n# the name of its host can not stand in a URL\n"));
		assert_null(strstr(text, "curl"));
		free(text);
	}
	recorded_at("h", 80, LIT("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), LIT(""));
	text = written(flows, 1);
	assert_non_null(strstr(text, "# a tunnel is"));
	free(text);
}

static void
an_address_of_ipv6_has_brackets(void **state)
{
	char *text;

	(void)state;
	recorded_at("::1", 8080, LIT("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), LIT(""));
	text = written(flows, 1);
	assert_non_null(strstr(text, "curl 'http://[::1]:8080/'"));
	assert_null(strstr(text, "Host"));
	free(text);
}

static void
several_flows_stand_one_after_the_other(void **state)
{
	char *text, both[200];

	(void)state;
	recorded_at("h", 80, LIT("GET /1 HTTP/1.1\r\nHost: h\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"), LIT(""));
	recorded_at("h", 80, LIT("GET /2 HTTP/1.1\r\nHost: h\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"), LIT(""));
	text = written(flows - 1, 2);
	snprintf(both, sizeof(both), "# flow %u\ncurl 'http://h/1' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: a'\n\n"
		"# flow %u\ncurl 'http://h/2' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: a'\n", (unsigned)flows - 1, (unsigned)flows);
	assert_string_equal(text, both);
	free(text);
}

static void
bytes_of_a_body_that_were_not_kept_are_told(void **state)
{
	char *text;

	(void)state;
	recorded_at("h", 80, LIT("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"), LIT("abc"));
	flows++;
	note((struct note){ .kind = NOTE_FLOW, .origin = origin_new(&(struct origin){ .scheme = LIT("http"), .host = LIT("h") }) });
	part(CLIENT, (struct part){ .kind = PART_HEAD, .head = head_parse(LIT("POST / HTTP/1.1\r\n\r\n"), HEAD_REQUEST, &(struct fault){ "" }) });
	part(CLIENT, (struct part){ .kind = PART_SKIP, .count = 77 });
	store_flush(session);
	text = written(flows, 1);
	assert_non_null(strstr(text, "# 77 bytes of its body were not kept\n"));
	free(text);
}

static int
begin(void **state)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(here);
	struct fault why = { "" };
	char path[80];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	setenv("HOME", folder, 1);
	snprintf(path, sizeof(path), "%s/s.soth", folder);
	snprintf(script, sizeof(script), "%s/script", folder);
	snprintf(canary, sizeof(canary), "%s/canary", folder);
	session = store_create(path, &why);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!session || bind(listener, (struct sockaddr *)&here, len) || listen(listener, 8) ||
			getsockname(listener, (struct sockaddr *)&here, &len))
		return -1;
	port = ntohs(here.sin_port);
	return 0;
}

static int
end(void **state)
{
	char command[100];

	(void)state;
	store_free(session);
	close(listener);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_request_arrives_as_it_was),
		cmocka_unit_test(fields_that_curl_would_add_are_not_sent),
		cmocka_unit_test(no_field_value_is_obeyed_by_a_shell),
		cmocka_unit_test(no_method_or_target_is_obeyed_by_a_shell),
		cmocka_unit_test(bodies_arrive_whatever_bytes_they_have),
		cmocka_unit_test(large_bodies_arrive),
		cmocka_unit_test(long_values_go_on_in_more_lines),
		cmocka_unit_test(what_is_of_the_connection_is_left_out),
		cmocka_unit_test(another_host_field_is_kept),
		cmocka_unit_test(cookies_are_an_option_and_never_a_file),
		cmocka_unit_test(options_are_there_where_they_are_needed_alone),
		cmocka_unit_test(what_can_not_be_sent_is_a_comment),
		cmocka_unit_test(an_address_of_ipv6_has_brackets),
		cmocka_unit_test(several_flows_stand_one_after_the_other),
		cmocka_unit_test(bytes_of_a_body_that_were_not_kept_are_told),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
