/* Rules: what is to be done to an exchange, at each stage; what is wrong with a text; which rules are asked at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "soth/rule.h"

enum { ROOM = 4096 };

static char folder[] = "/tmp/test-rule-XXXXXX";
static struct origin origin;

static struct rules *
rules_of(const char *text)
{
	struct rules_wrong wrong;
	struct rules *r = rules_read(bytes_of(text), folder, NULL, &wrong);

	if (!r)
		fail_msg("%s: %u:%u %s", text, wrong.at[0].line, wrong.at[0].column, wrong.at[0].why.text);
	return r;
}

static struct head *
head_of(const char *text, enum head_kind kind)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	return h;
}

/* A line for each thing that is to be done; of heads the fields with bars between. */
struct told { char text[ROOM]; size_t len; };

static void __attribute__((format(printf, 2, 3)))
told_add(struct told *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	t->len += (size_t)vsnprintf(t->text + t->len, ROOM - t->len, fmt, ap);
	va_end(ap);
	assert_true(t->len < ROOM);
}

static void
told_head(struct told *t, const char *what, const struct head *h)
{
	struct bytes b = h ? head_text(h) : (struct bytes){ 0 };

	if (!h)
		return;
	told_add(t, "%s ", what);
	for (size_t i = 0; i + 4 < b.len; i++)
		if (b.at[i] != '\r')
			told_add(t, "%c", b.at[i] == '\n' ? '|' : b.at[i]);
	told_add(t, "; ");
}

static void
told_body(struct told *t, const char *what, struct bytes b)
{
	told_add(t, "%s '%.*s'; ", what, (int)b.len, (const char *)b.at);
}

static void
told_pace(struct told *t, const struct rule_changes *c)
{
	if (c->delay)
		told_add(t, "delay %llu; ", (unsigned long long)c->delay);
	if (c->throttle.up || c->throttle.down || c->throttle.latency)
		told_add(t, "throttle %llu %llu %llu %llu; ", (unsigned long long)c->throttle.up, (unsigned long long)c->throttle.down,
			(unsigned long long)c->throttle.latency, (unsigned long long)c->throttle.jitter);
	if (c->broken.kind)
		told_add(t, "break %d %d %llu %u; ", c->broken.kind, c->broken.side, (unsigned long long)c->broken.at, c->broken.code);
}

static void
tell_changes(struct told *t, const struct rule_changes *c)
{
	*t = (struct told){ 0 };
	told_add(t, "%s%s%s%s%s", c->wait ? "wait; " : "", c->keep ? "keep; " : "", c->messages ? "messages; " : "",
		c->drop ? "drop; " : "", c->close ? "close; " : "");
	told_pace(t, c);
	told_head(t, "answer", c->answer);
	if (c->answer_body.bytes.len)
		told_body(t, "with", c->answer_body.bytes);
	if (c->url.bytes.len)
		told_add(t, "to %.*s; ", (int)c->url.bytes.len, (const char *)c->url.bytes.at);
	told_head(t, "head", c->head);
	if (c->has_body)
		told_body(t, "body", c->body.bytes);
	for (size_t i = 0; i < c->touches; i++)
		told_add(t, "%s%u", i ? "," : "by ", c->touched[i]);
	if (*c->trouble.text)
		told_add(t, "! %s", c->trouble.text);
}

#define GET "GET /a/b?c=1 HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX: 1\r\nX: 2\r\n\r\n"
#define JSON "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

static unsigned reads;		/* files that were asked for by what was applied last */

struct given { const char *request, *response, *body; struct bytes raw; bool cut; };

static void
applied(struct rules *r, struct rule_state *state, const struct given *g, enum rule_stage stage, struct told *out)
{
	enum side side = stage < RULE_RESPONSE_HEAD ? CLIENT : SERVER;
	struct head *asks = head_of(g->request ? g->request : GET, HEAD_REQUEST);
	struct head *answers = side == SERVER ? head_of(g->response ? g->response : OK, HEAD_RESPONSE) : NULL;
	struct scene s = { .flow = 1, .now = 1764150000000000, .origin = &origin, .head = { asks, answers }, .side = side };
	struct rule_changes c;

	if (stage == RULE_REQUEST_WHOLE || stage == RULE_RESPONSE_WHOLE) {
		s.body[side] = g->body ? bytes_of(g->body) : g->raw;
		s.bytes[side] = s.body[side].len;
		s.whole[side] = !g->cut;
	}
	(void)rules_apply(r, state, &s, stage, &c);
	*out = (struct told){ 0 };
	for (reads = 0; c.read.bytes.len; reads++) {
		struct slice what = slice_ref(c.read);
		struct local_file file;

		tell_changes(out, &c);
		assert_string_equal(out->text, "");	/* nothing else is in there */
		rule_changes_release(&c);
		rules_local(what.bytes, &file);
		rule_state_read(state, what, &file);
		(void)rules_apply(r, state, &s, stage, &c);
	}
	tell_changes(out, &c);
	rule_changes_release(&c);
	head_drop(asks);
	head_drop(answers);
}

static void
comes_out(const char *text, const struct given *g, enum rule_stage stage, const char *want)
{
	struct rules *r = rules_of(text);
	struct rule_state state = { { NULL } };
	struct told got;

	applied(r, &state, g, stage, &got);
	if (strcmp(got.text, want))
		fail_msg("%s:\n  %s\n  %s (meant)", text, got.text, want);
	rule_state_release(&state);
	rules_free(r);
}

static const struct given plain;

static void
fields_are_set_added_and_removed(void **state)
{
	(void)state;
	comes_out("set-header request X-New 7", &plain, RULE_REQUEST_HEAD,
		"head GET /a/b?c=1 HTTP/1.1|Host: example.com|Accept: */*|X-New: 7; by 1");
	comes_out("set-header request accept text/html if ~d example", &plain, RULE_REQUEST_HEAD,
		"head GET /a/b?c=1 HTTP/1.1|Host: example.com|Accept: text/html; by 1");
	comes_out("set-header response x 'a b'", &plain, RULE_RESPONSE_HEAD,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|X: a b; by 1");
	comes_out("add-header both X 3", &plain, RULE_RESPONSE_HEAD,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|X: 1|X: 2|X: 3; by 1");
	comes_out("remove-header response x\nremove-header response Y\nset-header response Z 1 # here", &plain, RULE_RESPONSE_HEAD,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|Z: 1; by 1,3");
	comes_out("set-header request Accept */*", &plain, RULE_REQUEST_HEAD, "");
	comes_out("set-header response X 9 if ~c 404", &plain, RULE_RESPONSE_HEAD, "");
	comes_out("set-header both X 9 if ~c 200", &plain, RULE_RESPONSE_HEAD,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|X: 9; by 1");
	comes_out("set-header request X @value.txt", &plain, RULE_REQUEST_HEAD,
		"head GET /a/b?c=1 HTTP/1.1|Host: example.com|Accept: */*|X: from a file; by 1");
	comes_out("set-header request X @/nowhere/none.txt", &plain, RULE_REQUEST_HEAD, "! line 1: set-header: /nowhere/none.txt: No such file or directory");
}

static void
files_that_rules_name_have_a_limit_in_all(void **state)
{
	struct rules_wrong wrong;
	char path[] = "/tmp/soth-rule-XXXXXX", text[400];
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(ftruncate(fd, RULES_BODY_MAX), 0);
	snprintf(text, sizeof(text), "respond 200 @%s\nrespond 200 @%s\nrespond 200 @%s\nrespond 200 @%s\nrespond 200 @%s\n",
		path, path, path, path, path);
	assert_null(rules_read(bytes_of(text), NULL, NULL, &wrong));
	unlink(path);
	close(fd);
	assert_int_equal(wrong.count, 1);
	assert_int_equal(wrong.at[0].line, 5);
	assert_string_equal(wrong.at[0].why.text, "the files that rules name are larger than 256 MiB together");
}

static void
caches_and_codings_are_not_asked_for(void **state)
{
	const struct given g = { .request = "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: x\r\nAccept-Encoding: gzip, br\r\nIf-Modified-Since: y\r\n\r\n" };

	(void)state;
	comes_out("anticache\nanticomp", &g, RULE_REQUEST_HEAD, "head GET / HTTP/1.1|Host: a|Accept-Encoding: identity; by 1,2");
	comes_out("anticache", &plain, RULE_REQUEST_HEAD, "");
}

static void
bodies_are_changed_once_they_are_whole(void **state)
{
	const struct given g = { .body = "one two one" };
	const struct given json = { .response = JSON, .body = "{\"a\":{\"b\":1},\"l\":[{\"n\":1},{\"n\":\"x\"}]}" };
	const struct given none = { .response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", .body = "abc" };

	(void)state;
	comes_out("replace-body response one 1", &g, RULE_RESPONSE_HEAD, "wait; ");
	comes_out("replace-body response one 1 if ~c 404", &g, RULE_RESPONSE_HEAD, "");
	comes_out("replace-body response one 1 if ~bs two", &g, RULE_RESPONSE_HEAD, "wait; ");
	comes_out("replace-body response one 1 if ~bs two ~d elsewhere", &g, RULE_RESPONSE_HEAD, "");
	comes_out("replace-body response one 1", &g, RULE_RESPONSE_WHOLE,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|X: 1|X: 2|Content-Length: 7; body '1 two 1'; by 1");
	comes_out("replace-body response '(o)(ne)' '$2\\\\1$$0'\nreplace-body response two 2", &g, RULE_RESPONSE_WHOLE,
		"head HTTP/1.1 200 OK|Content-Type: text/plain|X: 1|X: 2|Content-Length: 13; body 'neo$0 2 neo$0'; by 1,2");
	comes_out("replace-body response three 3", &g, RULE_RESPONSE_WHOLE, "");
	comes_out("replace-body response .* x", &none, RULE_RESPONSE_WHOLE, "head HTTP/1.1 200 OK|Content-Length: 2; body 'xx'; by 1");
	comes_out("replace-body response b @value.txt", &none, RULE_RESPONSE_WHOLE,
		"head HTTP/1.1 200 OK|Content-Length: 15; body 'afrom a file\n\nc'; by 1");
	comes_out("set-json response $.a.b '{\"c\":2}'", &json, RULE_RESPONSE_WHOLE,
		"head HTTP/1.1 200 OK|Content-Type: application/json|Content-Length: 43; body '{\"a\":{\"b\":{\"c\":2}},\"l\":[{\"n\":1},{\"n\":\"x\"}]}'; by 1");
	comes_out("set-json response $.l[*].n null", &json, RULE_RESPONSE_WHOLE,
		"head HTTP/1.1 200 OK|Content-Type: application/json|Content-Length: 41; body '{\"a\":{\"b\":1},\"l\":[{\"n\":null},{\"n\":null}]}'; by 1");
	comes_out("replace-body response .* x\nset-json response $ 1", &plain, RULE_RESPONSE_WHOLE, "");
	comes_out("replace-body response one 1", &(struct given){ .body = "one", .cut = true }, RULE_RESPONSE_WHOLE, "! line 1: replace-body: the body is not whole");
}

static void
a_body_is_freed_of_its_codings(void **state)
{
	uint8_t gz[200];
	struct given g = { .response = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" };

	(void)state;
	g.raw = zipped(LIT("hello world"), gz, sizeof(gz));
	comes_out("replace-body response world you", &g, RULE_RESPONSE_WHOLE, "head HTTP/1.1 200 OK|Content-Length: 9; body 'hello you'; by 1");
	comes_out("replace-body response nobody you", &g, RULE_RESPONSE_WHOLE, "");
	g.raw.len -= 9;
	comes_out("replace-body response hello you", &g, RULE_RESPONSE_WHOLE, "! line 1: replace-body: cut off: the compressed data has no end");
	g.response = "HTTP/1.1 200 OK\r\nContent-Encoding: own\r\n\r\n";
	comes_out("replace-body response hello you", &g, RULE_RESPONSE_WHOLE, "! line 1: replace-body: its content coding is not known");
}

static void
requests_are_answered_here(void **state)
{
	(void)state;
	comes_out("block", &plain, RULE_REQUEST_HEAD, "answer HTTP/1.1 403 |Content-Length: 0; by 1");
	comes_out("block 444 if ~u c=1", &plain, RULE_REQUEST_HEAD, "close; by 1");
	comes_out("block 503 if ~c 200", &plain, RULE_RESPONSE_HEAD, "answer HTTP/1.1 503 |Content-Length: 0; by 1");
	comes_out("block 503 if ~bq x", &(struct given){ .body = "xyz" }, RULE_REQUEST_HEAD, "wait; ");
	comes_out("block 503 if ~bq x", &(struct given){ .body = "xyz" }, RULE_REQUEST_WHOLE, "answer HTTP/1.1 503 |Content-Length: 0; by 1");
	comes_out("block 404\nblock 405\nset-header request A b", &plain, RULE_REQUEST_HEAD,
		"answer HTTP/1.1 404 |Content-Length: 0; head GET /a/b?c=1 HTTP/1.1|Host: example.com|Accept: */*|A: b; by 1,3");
	comes_out("respond 200 '{\"ok\": 1}' content-type application/json X-A 'b c'", &plain, RULE_REQUEST_HEAD,
		"answer HTTP/1.1 200 |content-type: application/json|X-A: b c|Content-Length: 9; with '{\"ok\": 1}'; by 1");
	comes_out("respond 204 100%", &plain, RULE_REQUEST_HEAD, "answer HTTP/1.1 204 ; by 1");
	comes_out("respond 200 hi 100% x3", &plain, RULE_REQUEST_HEAD,
		"answer HTTP/1.1 200 |Content-Type: text/plain; charset=utf-8|Content-Length: 2; with 'hi'; by 1");
	comes_out("respond 200 @value.txt", &plain, RULE_REQUEST_HEAD,
		"answer HTTP/1.1 200 |Content-Type: text/plain|Content-Length: 13; with 'from a file\n\n'; by 1");
	comes_out("redirect ^https://([^/]*)/(.*) https://www.$1/$2", &plain, RULE_REQUEST_HEAD,
		"answer HTTP/1.1 302 |Location: https://www.example.com/a/b?c=1|Content-Length: 0; by 1");
	comes_out("redirect /a/ /z/ 308", &plain, RULE_REQUEST_HEAD, "answer HTTP/1.1 308 |Location: /z/|Content-Length: 0; by 1");
	comes_out("redirect /nowhere/ /z/ 308", &plain, RULE_REQUEST_HEAD, "");
}

static void
requests_go_elsewhere(void **state)
{
	const struct given absolute = { .request = "GET http://example.com/a HTTP/1.1\r\nHost: example.com\r\n\r\n" };

	(void)state;
	comes_out("map-remote ^https://example.com/a/ http://localhost:8080/v2/", &plain, RULE_REQUEST_HEAD,
		"to http://localhost:8080/v2/b?c=1; head GET /v2/b?c=1 HTTP/1.1|Host: localhost:8080|Accept: */*; by 1");
	comes_out("map-remote 'c=(\\\\d)' 'd=$1$1'\nmap-remote example.com example.org", &plain, RULE_REQUEST_HEAD,
		"to https://example.org/a/b?d=11; head GET /a/b?d=11 HTTP/1.1|Host: example.org|Accept: */*; by 1,2");
	comes_out("map-remote https: http:", &absolute, RULE_REQUEST_HEAD,
		"to http://example.com/a; head GET http://example.com/a HTTP/1.1|Host: example.com; by 1");
	comes_out("map-remote example.com staging.local\nmap-remote nowhere x\nmap-remote ^https://Staging.local/a http://other\n"
		"redirect other/b there", &plain, RULE_REQUEST_HEAD, "answer HTTP/1.1 302 |Location: there|Content-Length: 0; "
		"to http://other/b?c=1; head GET /b?c=1 HTTP/1.1|Host: other|Accept: */*; by 1,3,4");
	comes_out("map-remote nowhere somewhere", &plain, RULE_REQUEST_HEAD, "");
	comes_out("map-remote https: ftp:", &plain, RULE_REQUEST_HEAD, "! line 1: map-remote: ftp://example.com/a/b?c=1 is no http or https URL");
}

static void
file_put(const char *name, const char *text)
{
	char path[200];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void
folder_put(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
local(const char *rules, const char *target, const char *want)
{
	char request[400];

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: example.com\r\n\r\n", target);
	comes_out(rules, &(struct given){ .request = request }, RULE_REQUEST_HEAD, want);
}

#define ANSWER(type, length, body) "answer HTTP/1.1 200 |Content-Type: " type "|Content-Length: " length "; with '" body "'; by 1"
#define MISSED "answer HTTP/1.1 404 |Content-Length: 0; by 1"

static void
files_answer_and_nothing_outside_their_folder(void **state)
{
	char link[200];

	(void)state;
	folder_put("site");
	folder_put("site/sub");
	file_put("site/index.html", "home");
	file_put("site/sub/index.html", "sub");
	file_put("site/a b.css", "css");
	file_put("site/what_.js", "js");
	file_put("secret", "secret");
	folder_put("evil");
	file_put("evil/secret", "secret");
	snprintf(link, sizeof(link), "%s/site/link", folder);
	assert_int_equal(symlink("../secret", link), 0);
	local("map-local example.com/ site", "/", ANSWER("text/html", "4", "home"));
	local("map-local example.com/ site", "/sub/?q=1", ANSWER("text/html", "3", "sub"));
	local("map-local example.com/ site", "/a%20b.css", ANSWER("text/css", "3", "css"));
	local("map-local example.com/ site", "/what!.js", ANSWER("text/javascript", "2", "js"));
	local("map-local example.com/x/(.*)/y site", "/x/sub/y", ANSWER("text/html", "3", "sub"));
	local("map-local example.com/ site/index.html", "/anything", ANSWER("text/html", "4", "home"));
	local("map-local example.com/ site", "/none", MISSED);
	local("map-local example.com/ site", "/../secret", MISSED);
	local("map-local example.com/ site", "/%2e%2e/secret", MISSED);
	local("map-local example.com/ site", "//../secret", MISSED);
	local("map-local example.com/ site", "/link", MISSED);
	local("map-local example.com/ site", "/../evil/secret", MISSED);
	local("map-local example.com/ site", "/a%00b", MISSED);
	local("map-local example.com/ nowhere", "/", MISSED);
	local("map-local example.com/ nowhere\nmap-local example.com/ site", "/",
		"answer HTTP/1.1 200 |Content-Type: text/html|Content-Length: 4; with 'home'; by 1,2");
	local("map-local example.com/ site if ~m POST", "/", "");
	assert_int_equal(reads, 0);
}

/* Nothing is read while messages pass: what is wanted is said first, and nothing done that would be done twice. */
static void
what_is_in_a_folder_is_asked_for_first(void **state)
{
	struct rule_about about;
	struct rule_state s = { { NULL } };
	struct rules *r = rules_of("set-header request X 1 x1\nmap-remote example.com/a example.com/site\nmap-local example.com/site(.*) site");
	struct given g = { .request = "GET /a/index.html HTTP/1.1\r\nHost: example.com\r\n\r\n" };
	struct told got;

	(void)state;
	applied(r, &s, &g, RULE_REQUEST_HEAD, &got);
	assert_int_equal(reads, 1);
	assert_non_null(strstr(got.text, "with 'home'"));
	assert_non_null(strstr(got.text, "by 1,2,3"));
	for (unsigned i = 1; i <= 3; i++) {
		assert_true(rules_about(r, i, &about));
		assert_int_equal(about.hits, 1);
		assert_int_equal(about.failed, 0);
	}
	applied(r, &s, &g, RULE_REQUEST_HEAD, &got);	/* it is known by now */
	assert_int_equal(reads, 0);
	rule_state_release(&s);
	rules_free(r);
	folder_put("empty");
	folder_put("empty2");
	local("map-local example.com/ empty\nmap-local example.com/ empty2\nmap-local example.com/ site", "/",
		"answer HTTP/1.1 200 |Content-Type: text/html|Content-Length: 4; with 'home'; by 1,3");
	assert_int_equal(reads, 3);
	local("map-local example.com/ site/index.html", "/", ANSWER("text/html", "4", "home"));
	assert_int_equal(reads, 0);
}

enum { SWAPS = 20000 };

/* The file "swap" is a link out of the folder every other moment. */
static void *
swaps(void *site)
{
	char at[200], one[200];

	snprintf(at, sizeof(at), "%s/swap", (const char *)site);
	snprintf(one, sizeof(one), "%s/swap-next", (const char *)site);
	for (int i = 0; i < SWAPS; i++) {
		unlink(one);
		if (i & 1)
			file_put("site/swap-next", "");
		else
			assert_int_equal(symlink("../secret", one), 0);
		assert_int_equal(rename(one, at), 0);
	}
	return NULL;
}

static void
what_becomes_a_link_out_of_the_folder_is_not_followed(void **state)
{
	char site[200];
	struct local_file f;
	struct buf what;
	pthread_t t;

	(void)state;
	snprintf(site, sizeof(site), "%s/site", folder);
	buf_init(&what, ROOM);
	assert_true(buf_add(&what, (struct bytes){ (uint8_t *)site, strlen(site) + 1 }) && buf_add(&what, LIT("/swap")));
	assert_int_equal(pthread_create(&t, NULL, swaps, site), 0);
	for (int i = 0; i < SWAPS; i++) {
		rules_local(buf_bytes(&what), &f);
		assert_int_equal(f.body.bytes.len, 0);
		local_file_release(&f);
	}
	pthread_join(t, NULL);
	buf_release(&what);
}

static void
exchanges_are_slowed_down_and_broken(void **state)
{
	(void)state;
	comes_out("delay 1.5s\ndelay 20ms", &plain, RULE_REQUEST_HEAD, "delay 1520000; by 1,2");
	comes_out("delay response 2s", &plain, RULE_REQUEST_HEAD, "");
	comes_out("delay response 2s", &plain, RULE_RESPONSE_HEAD, "delay 2000000; by 1");
	comes_out("delay 1s if ~c 200", &plain, RULE_RESPONSE_HEAD, "delay 1000000; by 1");
	comes_out("throttle down 50k up 10k latency 200ms jitter 50ms\nthrottle down 20k", &plain, RULE_REQUEST_HEAD,
		"throttle 10240 20480 200000 50000; by 1,2");
	comes_out("fault truncate 1k", &plain, RULE_RESPONSE_HEAD, "break 1 1 1024 0; by 1");
	comes_out("fault stall request 5", &plain, RULE_REQUEST_HEAD, "break 2 0 5 0; by 1");
	comes_out("fault reset\nfault goaway", &plain, RULE_REQUEST_HEAD, "break 3 0 0 0; by 1");
	comes_out("fault reset 10", &plain, RULE_RESPONSE_HEAD, "break 3 1 10 0; by 1");
	comes_out("fault goaway 11", &plain, RULE_REQUEST_HEAD, "break 4 0 0 11; by 1");
	comes_out("fault tls-alert 40", &plain, RULE_REQUEST_HEAD, "break 5 0 0 40; by 1");
	comes_out("fault close-code 1012", &plain, RULE_RESPONSE_HEAD, "");
	comes_out("fault close-code 1012", &(struct given){
		.request = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", .response = "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n" },
		RULE_RESPONSE_HEAD, "break 6 1 0 1012; by 1");
}

static void
chance_and_count_say_how_often(void **state)
{
	struct rules *r = rules_of("block x3"), *other = rules_copy(r), *half = rules_of("block 50%"), *never = rules_of("block 0%");
	struct rule_state s = { { NULL } };
	struct rule_about about;
	struct told got;
	unsigned blocked = 0;

	(void)state;
	for (int i = 0; i < 10; i++) {
		applied(i & 1 ? r : other, &s, &plain, RULE_REQUEST_HEAD, &got);
		blocked += *got.text != '\0';
	}
	assert_int_equal(blocked, 3);
	assert_true(rules_about(r, 1, &about));
	assert_int_equal(about.hits, 1);
	assert_true(rules_about(other, 1, &about));
	assert_int_equal(about.hits, 2);
	assert_string_equal(about.text, "block x3");
	assert_string_equal(about.action, "block");
	assert_false(rules_about(r, 2, &about));
	assert_false(rules_about(r, 0, &about));
	blocked = 0;
	for (int i = 0; i < 1000; i++) {
		applied(half, &s, &plain, RULE_REQUEST_HEAD, &got);
		blocked += *got.text != '\0';
		applied(never, &s, &plain, RULE_REQUEST_HEAD, &got);
		assert_string_equal(got.text, "");
	}
	assert_in_range(blocked, 350, 650);
	rules_free(r);
	rules_free(other);
	rules_free(half);
	rules_free(never);
}

static void
asks(struct rules *r, const char *request, const char *want)
{
	struct rule_state s = { { NULL } };
	struct told got;

	applied(r, &s, &(struct given){ .request = request }, RULE_REQUEST_HEAD, &got);
	assert_string_equal(got.text, want);
	rule_state_release(&s);
}

static void
sets(struct rules *r, const char *request, const char *cookie)
{
	struct rule_state s = { { NULL } };
	char response[400];
	struct told got;

	snprintf(response, sizeof(response), "HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\n\r\n", cookie);
	applied(r, &s, &(struct given){ .request = request, .response = response }, RULE_RESPONSE_HEAD, &got);
	assert_string_equal(got.text, "by 1");
	rule_state_release(&s);
}

static void
cookies_and_credentials_stick(void **state)
{
	static const char there[] = "GET /a/b HTTP/1.1\r\nHost: example.com\r\n\r\n", elsewhere[] = "GET /c HTTP/1.1\r\nHost: example.com\r\n\r\n",
		own[] = "GET /a HTTP/1.1\r\nHost: example.com\r\nCookie: own=1; s=old\r\n\r\n",
		auth[] = "GET /a HTTP/1.1\r\nHost: example.com\r\nAuthorization: Basic x\r\n\r\n";
	struct rules *r = rules_of("sticky-cookie"), *copy = rules_copy(r), *after;
	struct rules_wrong wrong;

	(void)state;
	asks(r, there, "");
	sets(r, there, "s=new; Path=/a; HttpOnly");
	sets(r, there, "t=1; Domain=.example.com; Expires=Wed, 21 Oct 2099 07:28:00 GMT");
	sets(r, there, "other=1; Domain=elsewhere.com");
	sets(r, there, "below=1; Path=/a/b/c");
	asks(copy, there, "head GET /a/b HTTP/1.1|Host: example.com|Cookie: s=new; t=1; by 1");
	asks(copy, elsewhere, "head GET /c HTTP/1.1|Host: example.com|Cookie: t=1; by 1");
	asks(copy, own, "head GET /a HTTP/1.1|Host: example.com|Cookie: own=1; s=new; t=1; by 1");
	origin.host = LIT("elsewhere.com");
	asks(r, there, "");
	origin.host = LIT("example.com");
	sets(copy, there, "t=; Domain=example.com; Max-Age=0");
	asks(r, elsewhere, "");
	sets(r, there, "s=x; Path=/a; Expires=Thu, 01-Jan-1970 00:00:00 GMT");
	sets(r, there, "u=2");
	after = rules_read(LIT("sticky-auth\nsticky-cookie"), NULL, r, &wrong);
	rules_free(r);
	rules_free(copy);
	asks(after, auth, "head GET /a HTTP/1.1|Host: example.com|Authorization: Basic x|Cookie: u=2; by 2");
	asks(after, there, "head GET /a/b HTTP/1.1|Host: example.com|Authorization: Basic x|Cookie: u=2; by 1,2");
	rules_free(after);
}

static void
message_comes_out(const char *text, enum side side, const char *message, const char *want)
{
	struct rules *r = rules_of(text);
	struct head *request = head_of("GET /s HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\r\n", HEAD_REQUEST);
	struct head *response = head_of("HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n", HEAD_RESPONSE);
	struct scene s = { .now = 1, .origin = &origin, .head = { request, response }, .websocket = true, .side = side,
		.message = message ? bytes_of(message) : (struct bytes){ 0 }, .message_kind = PART_MESSAGE, .message_code = WS_TEXT | WS_FIN };
	struct rule_state state = { { NULL } };
	struct rule_changes c;
	struct told got;

	(void)rules_apply(r, &state, &s, message ? RULE_MESSAGE : RULE_RESPONSE_HEAD, &c);
	tell_changes(&got, &c);
	if (strcmp(got.text, want))
		fail_msg("%s:\n  %s\n  %s (meant)", text, got.text, want);
	rule_changes_release(&c);
	rule_state_release(&state);
	head_drop(request);
	head_drop(response);
	rules_free(r);
}

static void
messages_are_changed_each_by_itself(void **state)
{
	(void)state;
	message_comes_out("replace-body response 7 8", SERVER, "{\"n\":7}", "body '{\"n\":8}'; by 1");
	message_comes_out("replace-body response 7 8", CLIENT, "{\"n\":7}", "");
	message_comes_out("set-json both $.n 9 if ~json $.n=7", CLIENT, "{\"n\":7}", "body '{\"n\":9}'; by 1");
	message_comes_out("block if ~msg secret", CLIENT, "a secret", "drop; by 1");
	message_comes_out("block if ~msg secret", CLIENT, "nothing", "");
	message_comes_out("delay 1s if ~msgq ping", CLIENT, "ping", "delay 1000000; by 1");
	message_comes_out("fault close-code if ~msg bye", SERVER, "bye", "break 6 1 0 1011; by 1");
	message_comes_out("replace-body response 7 8", SERVER, NULL, "messages; ");
	message_comes_out("replace-body response 7 8 if ~d elsewhere", SERVER, NULL, "");
	message_comes_out("block if ~msg secret", SERVER, NULL, "messages; ");
}

static const struct { const char *text; unsigned line, column; const char *why; } wrongs[] = {
	{ "nothing", 1, 1, "no action is called so: soth-rules(7) lists them" },
	{ "\n# x\n  set-headers", 3, 3, "no action is called so: soth-rules(7) lists them" },
	{ "set-header", 1, 11, "request, response or both is missing here" },
	{ "set-header up X 1", 1, 12, "request, response or both is meant here" },
	{ "set-header request X:Y 1", 1, 20, "this is no name of a field (RFC 9110 section 5.1)" },
	{ "set-header request X", 1, 21, "the value of a field is missing here" },
	{ "set-header request X 'a\\nb'", 1, 22, "a control character cannot be in a field (RFC 9110 section 5.5)" },
	{ "set-header request X 1 2", 1, 24, "the end, 50%, x3 or 'if' is meant here" },
	{ "set-header request X 'a", 1, 22, "a quote that does not end" },
	{ "set-header request X 'a'b", 1, 22, "a space is missing behind the quote" },
	{ "block if ~nosuch", 1, 10, "no term is called so: soth-filter(7) lists them" },
	{ "block if ~c 200 (", 1, 18, "an expression is missing here" },
	{ "block if", 1, 9, "an expression is missing here" },
	{ "block 99", 1, 7, "the end, 50%, x3 or 'if' is meant here" },
	{ "block 120%", 1, 7, "the end, 50%, x3 or 'if' is meant here" },
	{ "block x0", 1, 7, "the end, 50%, x3 or 'if' is meant here" },
	{ "replace-body response a(b c", 1, 26, "missing closing parenthesis" },
	{ "map-remote a", 1, 13, "what takes its place is missing here" },
	{ "map-local a", 1, 12, "a file or a folder is missing here" },
	{ "set-json response $.a {", 1, 23, "this is no value of JSON: 7, true, null, '\"text\"', '{\"a\":1}'" },
	{ "set-json response a 1", 1, 19, NULL },
	{ "delay soon", 1, 7, "a duration is meant here: 500ms, 2s" },
	{ "delay 5", 1, 7, "a duration is meant here: 500ms, 2s" },
	{ "throttle", 1, 9, "up, down, latency or jitter is meant here" },
	{ "throttle down fast", 1, 15, "a size is meant here: 10k, 1m" },
	{ "fault burn", 1, 7, "truncate, stall, reset, goaway, tls-alert or close-code is meant here" },
	{ "respond 99", 1, 9, "a status is meant here: 200 to 599" },
	{ "set-header request X 1 if ~c 200", 1, 27, "set-header cannot be done once the filter knows: the request has passed on by then" },
	{ "anticache if ~bs x", 1, 14, "anticache cannot be done once the filter knows: the request has passed on by then" },
	{ "set-header response X 1 if ~msg x", 1, 28, "set-header cannot be done to messages, which the filter asks for" },
	{ "block if ~dur >1s", 1, 10, "the filter asks what is known only of flows that are over" },
	{ "respond 204 hello", 1, 13, "no body can be with 204 (RFC 9110 section 6.4.1)" },
	{ "respond 200 hello X", 1, 20, "the value of a field is missing here" },
	{ "sticky-cookie if ~c 200", 1, 18, "sticky-cookie cannot be done once the filter knows: the request has passed on by then" },
};

static void
what_is_wrong_is_told_by_line_and_column(void **state)
{
	struct rules_wrong wrong;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		if (rules_read(bytes_of(wrongs[i].text), NULL, NULL, &wrong))
			fail_msg("%s: it is taken", wrongs[i].text);
		if (wrong.count != 1 || wrong.at[0].line != wrongs[i].line || wrong.at[0].column != wrongs[i].column ||
				(wrongs[i].why && strcmp(wrong.at[0].why.text, wrongs[i].why)))
			fail_msg("%s: %zu wrong, %u:%u %s", wrongs[i].text, wrong.count, wrong.at[0].line, wrong.at[0].column, wrong.at[0].why.text);
	}
}

static void
all_that_is_wrong_is_told_up_to_a_limit(void **state)
{
	static char many[RULES_WRONG_MAX * 8 + 100];
	struct rules_wrong wrong;

	(void)state;
	assert_null(rules_read(LIT("block\nblok\nblock 404\r\nblock if ~x"), NULL, NULL, &wrong));
	assert_int_equal(wrong.count, 2);
	assert_int_equal(wrong.at[0].line, 2);
	assert_int_equal(wrong.at[1].line, 4);
	for (int i = 0; i < RULES_WRONG_MAX + 5; i++)
		strcat(many, "wrong\n");
	assert_null(rules_read(bytes_of(many), NULL, NULL, &wrong));
	assert_int_equal(wrong.count, RULES_WRONG_MAX + 5);
	assert_null(rules_load("/nowhere/at/all", NULL, &wrong));
	assert_string_equal(wrong.at[0].why.text, "/nowhere/at/all: No such file or directory");
	assert_null(rules_read((struct bytes){ (const uint8_t *)"block\0", 6 }, NULL, NULL, &wrong));
}

static void
option_is(const char *option, const char *const *value, size_t count, const char *want)
{
	struct fault why = { "" };
	struct buf out;

	buf_init(&out, ROOM);
	if (rules_option(option, value, count, &out, &why))
		why.text[0] = '\0';
	if (*why.text)
		(void)!buf_add(&out, bytes_of(why.text));
	if (!bytes_are(buf_bytes(&out), want))
		fail_msg("%s %s:\n%.*s\n%s (meant)", option, *value, (int)out.len, (char *)out.at, want);
	buf_release(&out);
}
#define OPTION(option, want, ...) option_is(option, (const char *const[]){ __VA_ARGS__ }, \
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), want)

static void
what_mitmproxy_writes_becomes_rules(void **state)
{
	(void)state;
	OPTION("modify-headers", "remove-header both 'X' if ~q\nremove-header both 'Y' \nadd-header both 'X' 'a b' if ~q\n",
		"/~q/X/a b", "|Y|");
	OPTION("modify_headers", "remove-header both 'X' \nadd-header both 'X' @'f' \n", ":X:@f");
	OPTION("modify-body", "replace-body both '(?-i)a\\\\.b' 'c$$1\\nd/e' if ~d x\n", "/~d x/a\\.b/c$1\\nd/e");
	OPTION("map-local", "map-local '(?-i)example.com/js' '~/js' \n", "|example.com/js|~/js");
	OPTION("map-remote", "map-remote '(?-i)^(.*)a' '\\\\1b$$' if ~m GET\n", "#~m GET#^(.*)a#\\1b$");
	OPTION("block-list", "block 444 if ~d ads\n", "/~d ads/444");
	OPTION("block-list", "block-list: there is too much in it", "/~d ads/444/5");
	OPTION("block-list", "block x if ~d ads\nblock-list: the end, 50%, x3 or 'if' is meant here", "/~d ads/x");
	OPTION("map-remote", "a: /filter/what/with is meant, or /what/with", "a");
	OPTION("map-remote", ": /filter/what/with is meant, or /what/with", "");
	OPTION("no-such", "no-such: no such option makes rules", "/a/b");
	OPTION("modify-body", "replace-body both '(?-i)a(' 'b' \nmodify-body: missing closing parenthesis", "/a(/b");
}

static void
heads_change_further_from_stage_to_stage(void **state)
{
	struct rules *r = rules_of("set-header response A 1\nset-header response B 2 if ~bs x");
	struct rule_state s = { { NULL } };
	const struct given g = { .response = JSON, .body = "x" };
	struct told got;

	(void)state;
	applied(r, &s, &g, RULE_RESPONSE_HEAD, &got);
	assert_string_equal(got.text, "wait; head HTTP/1.1 200 OK|Content-Type: application/json|A: 1; by 1");
	applied(r, &s, &g, RULE_RESPONSE_WHOLE, &got);
	assert_string_equal(got.text, "head HTTP/1.1 200 OK|Content-Type: application/json|A: 1|B: 2; by 2");
	rule_state_release(&s);
	rules_free(r);
	comes_out("set-header response A 1 if ~bq x", &plain, RULE_REQUEST_HEAD, "keep; ");
}

static void
streams_are_not_waited_for(void **state)
{
	const struct given events = { .response = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" };

	(void)state;
	comes_out("replace-body response a b", &events, RULE_RESPONSE_HEAD, "messages; ");
}

static void
a_regex_that_takes_too_long_is_named(void **state)
{
	static char body[4000];
	struct rules *r = rules_of("replace-body response 'x|(a+)+$' b");
	struct rule_state s = { { NULL } };
	struct rule_about about;
	struct told got;

	(void)state;
	memset(body, 'a', sizeof(body) - 2);
	body[sizeof(body) - 2] = 'b';
	applied(r, &s, &(struct given){ .body = body }, RULE_RESPONSE_WHOLE, &got);
	assert_string_equal(got.text, "! line 1: replace-body: a regular expression took too long and was given up");
	assert_true(rules_about(r, 1, &about));
	assert_int_equal(about.given_up, 1);
	assert_int_equal(about.hits, 0);
	body[0] = 'x';	/* there is something to be replaced before it is given up */
	body[1] = '\n';
	applied(r, &s, &(struct given){ .body = body }, RULE_RESPONSE_WHOLE, &got);
	assert_string_equal(got.text, "! line 1: replace-body: a regular expression took too long and was given up");
	rules_free(r);
}

/* Of many rules those that apply are found, as if each were asked. */
static void
of_many_rules_those_that_apply_are_found(void **state)
{
	static const char *const filters[] = { "~d host%u.example", "~u /path%u/", "~d host%u.example | ~u /path%u/", "~hq x-%u:",
		"!~d host%u.example", "~m GET ~u path%u", "~hdrq x-%u", "~u path%u$|th%u/x", "~dst host%u.example.com:443", "~t t%u" };
	static char text[100000];
	struct rule_state s = { { NULL } };
	struct rules *r;
	size_t len = 0;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		char filter[100];

		snprintf(filter, sizeof(filter), filters[i % ARRAY_LEN(filters)], i, i);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "add-header request R %u if %s\n", i, filter);
	}
	r = rules_of(text);
	for (unsigned i = 0; i < 300; i++) {
		struct head *h;
		char request[200];
		struct scene scene = { .now = 1, .origin = &origin };
		struct rule_changes c;
		struct bytes host = origin.host;
		char name[40];
		size_t taken = 0;

		snprintf(request, sizeof(request), "GET /path%u/x HTTP/1.1\r\nHost: Host%u.example.com\r\nX-%u: 1\r\nContent-Type: T%u\r\n\r\n", i, i, i, i);
		h = head_of(request, HEAD_REQUEST);
		scene.head[CLIENT] = h;
		snprintf(name, sizeof(name), "host%u.example.com", i);
		origin.host = bytes_of(name);
		(void)rules_apply(r, &s, &scene, RULE_REQUEST_HEAD, &c);
		for (unsigned k = 0; k < 300; k++) {
			struct fault why;
			struct filter *f;
			char filter[100];
			size_t at;

			snprintf(filter, sizeof(filter), filters[k % ARRAY_LEN(filters)], k, k);
			f = filter_parse(filter, &why, &at);
			taken += filter_takes_scene(f, &scene);
			filter_free(f);
		}
		assert_int_equal(c.touches, taken);
		rule_changes_release(&c);
		rule_state_release(&s);
		origin.host = host;
		head_drop(h);
	}
	rules_free(r);
}

static void
a_dry_run_says_what_would_be_done(void **state)
{
	char path[] = "/tmp/test-rule-session-XXXXXX", got[ROOM];
	struct fault why = { "" };
	struct making m;
	struct rules *r = rules_of("set-header response Cache-Control no-store x1 if ~u login\nset-json response $.user.name '\"Eve\"' 1%\n"
		"replace-body response blue green\nblock if ~u order\nreplace-body response user nobody if ~u v2/users");
	struct lens *lens;
	struct row row[40];
	struct rule_about about;
	struct buf words;
	size_t n, touches = 0;

	(void)state;
	close(mkstemp(path));
	m = (struct making){ store_create(path, &why), 0, protocols_begin };
	bodies_tell(&m);
	store_flush(m.store);
	lens = lens_new(m.store);
	buf_init(&words, ROOM);
	n = store_rows(m.store, 0, 40, row);
	for (size_t i = 0; i < n; i++)
		touches += rules_dry(r, lens, &row[i], &words);
	snprintf(got, sizeof(got), "%.*s", (int)words.len, (char *)words.at);
	assert_string_equal(got,
		"line 5: replace-body response user nobody if ~u v2/users: 12 places of 903 bytes in the body\n"
		"line 2: set-json: cut off: the compressed data has no end\n"
		"line 1: set-header response Cache-Control no-store x1 if ~u login: Cache-Control: no-store\n"
		"line 2: set-json response $.user.name '\"Eve\"' 1%: 1 value\n"
		"line 4: block if ~u order: answered here\n"
		"line 3: replace-body response blue green: 1 place of 98 bytes in the message\n");
	assert_int_equal(touches, 5);
	assert_true(rules_about(r, 1, &about));
	assert_int_equal(about.hits, 0);
	buf_release(&words);
	lens_free(lens);
	store_free(m.store);
	unlink(path);
	rules_free(r);
}

/* Lines of man/soth-rules.7 that begin so are rules. */
static void
the_examples_of_the_manual_are_right(void **state)
{
	FILE *in = fopen("man/soth-rules.7", "r");
	char line[400];
	unsigned examples = 0;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in)) {
		struct rules_wrong wrong;
		struct rules *r;
		size_t n = 0;

		if (strncmp(line, ".D1 Li ", 7))
			continue;
		for (const char *s = line + 7; *s && *s != '\n'; s++) {
			if (*s == '\\' && s[1] == '&')
				s++;
			else
				line[n++] = *s == '\\' && s[1] == 'e' ? s++, '\\' : *s;
		}
		r = rules_read((struct bytes){ (uint8_t *)line, n }, NULL, NULL, &wrong);
		if (!r)
			fail_msg("%.*s: %s", (int)n, line, wrong.at[0].why.text);
		rules_free(r);
		examples++;
	}
	fclose(in);
	assert_in_range(examples, 17, 30);
}

static int
first(void **state)
{
	(void)state;
	origin = (struct origin){ .client = LIT("127.0.0.1:1"), .mode = LIT("regular"), .scheme = LIT("https"), .host = LIT("example.com"),
		.port = 443 };
	if (!mkdtemp(folder))
		return -1;
	file_put("value.txt", "from a file\n\n");
	return 0;
}

static int
last(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_set_added_and_removed),
		cmocka_unit_test(files_that_rules_name_have_a_limit_in_all),
		cmocka_unit_test(caches_and_codings_are_not_asked_for),
		cmocka_unit_test(bodies_are_changed_once_they_are_whole),
		cmocka_unit_test(a_body_is_freed_of_its_codings),
		cmocka_unit_test(requests_are_answered_here),
		cmocka_unit_test(requests_go_elsewhere),
		cmocka_unit_test(files_answer_and_nothing_outside_their_folder),
		cmocka_unit_test(what_is_in_a_folder_is_asked_for_first),
		cmocka_unit_test(what_becomes_a_link_out_of_the_folder_is_not_followed),
		cmocka_unit_test(exchanges_are_slowed_down_and_broken),
		cmocka_unit_test(chance_and_count_say_how_often),
		cmocka_unit_test(cookies_and_credentials_stick),
		cmocka_unit_test(messages_are_changed_each_by_itself),
		cmocka_unit_test(what_is_wrong_is_told_by_line_and_column),
		cmocka_unit_test(all_that_is_wrong_is_told_up_to_a_limit),
		cmocka_unit_test(what_mitmproxy_writes_becomes_rules),
		cmocka_unit_test(heads_change_further_from_stage_to_stage),
		cmocka_unit_test(streams_are_not_waited_for),
		cmocka_unit_test(a_regex_that_takes_too_long_is_named),
		cmocka_unit_test(of_many_rules_those_that_apply_are_found),
		cmocka_unit_test(a_dry_run_says_what_would_be_done),
		cmocka_unit_test(the_examples_of_the_manual_are_right),
	};

	return cmocka_run_group_tests_name("rules", tests, first, last);
}
