/* Terms of filter expressions that want flows of their own: TLS, close codes, compressed messages; and where a term is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "soth/filter.h"

enum { LINE_ROOM = 200, ROWS = 32 };

static char path[] = "/tmp/test-filter-terms-XXXXXX";
static struct store *session;

static void
rules_come(struct making *m, enum side side, const char *words)
{
	tell(m, (struct note){ .kind = NOTE_HAND, .side = side, .part = { .kind = PART_DATA, .code = HAND_RULED, .data = slice_text(words) } });
}

/* 1: with the steps of a connection; 2: a later request in it. */
static void
make_secure(struct making *m)
{
	struct field begun[] = { { LIT("peer"), LIT("downstream") }, { LIT("ja3"), LIT("0149f47e") },
		{ LIT("ja4"), LIT("t13d3112h2_e8f1e7e78f70_b26ce05bbdd6") } };
	struct field done[] = { { LIT("peer"), LIT("upstream") }, { LIT("version"), LIT("TLS1.3") }, { LIT("negotiated_alpn"), LIT("h2") },
		{ LIT("cipher"), LIT("AES-256-GCM") }, { LIT("subject"), LIT("CN=example.com") },
		{ LIT("issuer"), LIT("CN=Some Authority") }, { LIT("names"), LIT("example.com, *.example.net") } };
	struct origin later = { .opened_by = 1, .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"),
		.mode = LIT("regular"), .scheme = LIT("https"), .host = LIT("a.example.net"), .port = 443 };
	struct field said[] = { { LIT("action"), LIT("intercept") }, { LIT("reason"), LIT("compat_override") },
		{ LIT("override_rule_id"), LIT("http2@curl/*") } };
	struct field who[] = { { LIT("pid"), LIT("812") }, { LIT("name"), LIT("curl") }, { LIT("user"), LIT("ann") } };

	flow_begins(m, "https", "example.com", 443);
	step_comes(m, STEP_PROCESS, who, ARRAY_LEN(who));
	step_comes(m, STEP_DECIDED, said, ARRAY_LEN(said));
	step_comes(m, STEP_TLS_STARTED, begun, ARRAY_LEN(begun));
	step_comes(m, STEP_TLS_ESTABLISHED, done, ARRAY_LEN(done));
	head_comes(m, CLIENT, 0, "GET /?a=1%262&b=x+y&c&%41=z#a=5 HTTP/1.1\r\nHost: example.com\r\nX: one\r\nX: two\r\n\r\n");
	rules_come(m, CLIENT, "rules 3, 12: http://example.com:404/ cannot be had");
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
	m->flow++;
	tell(m, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&later) });
	head_comes(m, CLIENT, 0, "GET / HTTP/1.1\r\nHost: a.example.net\r\nCookie: a=\"b=c\"; d\r\nCookie: e=f\r\n\r\n");
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nSet-Cookie: s=1; Path=/x\r\nSet-Cookie: t=2\r\n\r\n");
	rules_come(m, SERVER, "rule 12");
	fault_comes(m, SERVER, "RFC 9112 section 6.3: a length that is none");
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

/* 3 and 4: a handshake that failed, with either side. */
static void
make_failed(struct making *m)
{
	static const char *const peers[] = { "downstream", "upstream" };

	for (int i = 0; i < 2; i++) {
		struct field v[] = { { LIT("peer"), bytes_of(peers[i]) }, { LIT("tls_failure_reason"), LIT("unknown_ca") },
			{ LIT("source_confidence"), i ? LIT("inferred") : LIT("authoritative") },
			{ LIT("alert"), LIT("48") }, { LIT("alert_name"), LIT("unknown_ca") } };

		flow_begins(m, "https", "example.com", 443);
		tell(m, (struct note){ .kind = NOTE_STEP, .side = i ? SERVER : CLIENT, .step = step_new(STEP_TLS_FAILED, v, i ? 3 : 5) });
		flow_ends(m, CLOSE_TLS_FAILED, "");
	}
}

static void
websocket_begins(struct making *m)
{
	flow_begins(m, "http", "example.com", 80);
	head_comes(m, CLIENT, 0, "GET /s HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	head_comes(m, SERVER, 0, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
}

/* 5: closed without a code; 6: without a frame; 7: not closed. */
static void
make_closed(struct making *m)
{
	websocket_begins(m);
	message_comes(m, CLIENT, WS_TEXT, 0, LIT("[{\"n\": 7}]"));
	message_comes(m, CLIENT, WS_CLOSE, 0, LIT(""));
	flow_ends(m, CLOSE_WEBSOCKET_COMPLETED, "");
	websocket_begins(m);
	message_comes(m, SERVER, WS_TEXT, 0, LIT("{\"n\": 7}"));
	flow_ends(m, CLOSE_RELAY_EOF, "");
	websocket_begins(m);
	message_comes(m, SERVER, WS_PING, 0, LIT("{\"n\": 7}"));
}

/* 8: gRPC that speaks JSON, compressed; 9: events in gzip. */
static void
make_zipped(struct making *m)
{
	uint8_t gz[400], framed[405] = { 1 };
	struct bytes all = zipped(LIT("{\"n\":8,\"deep\":{\"list\":[1,{\"is\":true}]}}"), gz, sizeof(gz));
	static const char event[] = "event: tick\ndata: {\"n\":\ndata: 9}\n\n";

	framed[4] = (uint8_t)all.len;
	memcpy(framed + 5, all.at, all.len);
	flow_begins(m, "https", "example.com", 443);
	head_comes(m, CLIENT, 1, "POST /a.B/C HTTP/2\r\nhost: example.com\r\ncontent-type: application/grpc+json\r\ngrpc-encoding: gzip\r\n\r\n");
	data_comes(m, CLIENT, 1, (struct bytes){ framed, all.len + 5 });
	mark_comes(m, CLIENT, 1, MARK_GRPC_MESSAGE | MARK_COMPRESSED, all.len + 5);
	all = zipped((struct bytes){ (const uint8_t *)event, sizeof(event) - 1 }, gz, sizeof(gz));
	exchange(m, "example.com", "GET /events HTTP/1.1\r\nHost: other.example:81\r\n\r\n", (struct bytes){ 0 },
		"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n", all);
	mark_comes(m, SERVER, 0, MARK_SSE_EVENT | MARK_DECODED, sizeof(event) - 1);
}

static const struct { const char *text, *takes; } cases[] = {
	{ "~cipher gcm", "1 2" }, { "~cipher chacha", "" }, { "~cert authority", "1 2" }, { "~cert cn=example", "1 2" },
	{ "~cert '\\\\*\\.example\\.net'", "1 2" }, { "~tlsver 1.3", "1 2" },
	{ "~alpn ^h2$", "1 2" }, { "~alpn h3", "" }, { "~ja3 ^0149", "1 2" }, { "~ja3 t13", "" }, { "~ja4 ^t13d", "1 2" }, { "~ja4 0149", "" },
	{ "~alert 48", "3" }, { "~alert unknown_ca", "3" }, { "~alert 42", "" }, { "~confidence auth", "3" }, { "~confidence inferred", "4" },
	{ "~side client", "3" }, { "~side server", "4" }, { "~side .", "3 4" }, { "~tlsfail & !~side client", "4" },
	{ "~close tls_handshake", "3 4" }, { "~close relay", "6" },
	{ "~query a=^1&2$", "1" }, { "~query b='^x y$'", "1" }, { "~query c", "1" }, { "~query c=.", "" }, { "~query a=z", "1" },
	{ "~query a=5", "" }, { "~hdr x=one", "1" }, { "~hdr x=two", "1" }, { "~hdr x=three", "" }, { "~hdrs x", "" },
	{ "~cookie a=b=c", "2" }, { "~cookie d", "2" }, { "~cookie e=f", "2" }, { "~cookie s", "2" }, { "~cookie t=2", "2" },
	{ "~cookie path", "" }, { "~cookie x", "" },
	{ "~wsclose 1005", "5" }, { "~wsclose 1006", "6" }, { "~wsclose 1000", "" }, { "~wsclose >0", "5 6" },
	{ "~json $[*].n=7", "5" }, { "~json $.n=7", "6" }, { "~msg n.:", "5 6 8 9" }, { "~msgq n.:", "5 8" }, { "~msgs n.:", "6 9" },
	{ "~json $.n=8", "8" }, { "~json $.deep.list[*].is=true", "8" }, { "~json $.deep=~list", "8" }, { "~json $.deep.list[2]", "" },
	{ "~json $.n=9", "9" }, { "~json $.n>7", "8 9" }, { "~event ^tick$", "9" }, { "~event message", "" }, { "~grpcmethod ^a.b/c$", "8" },
	{ "~msgsize >40", "8" }, { "~http1", "1 2 5 6 7 9" },
	{ "~d ^other.example:81$", "9" }, { "~d ^example.com$", "1 5 6 7 8 9" }, { "~d example.net", "2" }, { "~process ^curl$", "1 2" },
	{ "~process cur", "1 2" }, { "~process url$ & ~pid 812", "1 2" }, { "~pid 81", "" }, { "~pid <9000", "1 2" }, { "~user ^ann$", "1 2" },
	{ "~user curl", "" }, { "!~process .", "3 4 5 6 7 8 9" }, { "~policy ^intercept$", "1 2" },
	{ "~policy ^compat", "1 2" }, { "~policy http2@curl", "1 2" }, { "~policy block", "" }, { "~policy curl$", "" },
	{ "~anomaly 'rfc 9112'", "2" }, { "~anomaly .", "2" }, { "~anomaly 6455", "" }, { "~rule 3", "1" }, { "~rule 12", "1 2" }, { "~rule 1", "" }, { "~rule 2", "" }, { "~rule >0", "1 2" }, { "~rule 404", "" },
};

static void
each_term_takes_the_flows_it_should(void **state)
{
	struct lens *lens = lens_new(session);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fault why = { "" };
		struct row row[ROWS];
		char got[LINE_ROOM] = "";
		size_t at, n = store_rows(session, 0, ROWS, row), used = 0;
		struct filter *f = filter_parse(cases[i].text, &why, &at);

		if (!f)
			fail_msg("%s: %s", cases[i].text, why.text);
		for (size_t k = 0; k < n; k++)
			if (filter_takes(f, lens, &row[k]))
				used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%u", used ? " " : "", (unsigned)row[k].id);
		if (strcmp(got, cases[i].takes))
			fail_msg("%s: takes '%s', not '%s'", cases[i].text, got, cases[i].takes);
		filter_free(f);
	}
	lens_free(lens);
}

/* The cursor is at the bar. */
static const struct { const char *text, *name, *argument; } places[] = {
	{ "|~m GET", NULL, NULL }, { "~|m GET", "m", NULL }, { "~m| GET", "m", NULL }, { "~m |GET", "m", "GET" },
	{ "~m GET|", "m", "GET" }, { "~m GET |", NULL, NULL }, { "~m |", "m", "" }, { "~m GET & ~d|", "d", NULL },
	{ "~m GET & ~|", "", NULL }, { "~nosuch|", "", NULL }, { "a|", NULL, NULL }, { "'~m| x'", NULL, NULL },
	{ "~u 'a ~m| b' x", "u", "'a ~m b'" }, { "~u 'a ~m|", "u", "'a ~m" }, { "(~c 200|)", "c", "200" }, { "~c 200&~q|", "q", NULL },
	{ "~c 200|&~q", "c", "200" }, { "~q |", NULL, NULL }, { "~json $[\"a b\"].c = 1|", "json", "$[\"a b\"].c = 1" },
	{ "~json $.a=~b|", "json", "$.a=~b" }, { "~json $.a=~'b c| d' x", "json", "$.a=~'b c d'" }, { "~hdr a=\"b |", "hdr", "a=\"b " },
};

static void
a_place_in_the_text_tells_its_term(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char text[LINE_ROOM], argument[LINE_ROOM];
		size_t at = strcspn(places[i].text, "|");
		struct filter_place p;
		bool there;

		snprintf(text, sizeof(text), "%.*s%s", (int)at, places[i].text, places[i].text + at + 1);
		there = filter_place(text, at, &p);
		if (there != (places[i].name != NULL))
			fail_msg("%s: %s term", places[i].text, there ? "a" : "no");
		if (!there)
			continue;
		assert_string_equal(p.term.name ? p.term.name : "", places[i].name);
		snprintf(argument, sizeof(argument), "%.*s", (int)(p.end - p.argument), text + p.argument);
		if (places[i].argument)
			assert_string_equal(argument, places[i].argument);
	}
}

static int
last(void **state)
{
	(void)state;
	store_free(session);
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_term_takes_the_flows_it_should),
		cmocka_unit_test(a_place_in_the_text_tells_its_term),
	};
	struct making m = { .when = protocols_begin };
	struct fault why;

	close(mkstemp(path));
	m.store = session = store_create(path, &why);
	make_secure(&m);
	make_failed(&m);
	make_closed(&m);
	make_zipped(&m);
	store_flush(session);
	return cmocka_run_group_tests_name("filter terms", tests, NULL, last);
}
