/* mitmproxy's flow files: what it saved becomes notes, and what we save it would have saved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/convert/tnet.h"
#include "soth/convert.h"
#include "soth/messages.h"
#include "../screen/protocols.h"

static const char *const shared[] = { "../shared/data/mitm/", "../../shared/data/mitm/" };

static char path[] = "/tmp/test-mitm-XXXXXX", second[] = "/tmp/test-mitm-XXXXXX";
static char log_text[4096];

static const struct format *
mitm(void)
{
	return format_named("mitm");
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

/* A session of what is in the file; what is wrong with that in `why`. */
static struct store *
read_to(const char *session, FILE *in, struct fault *why)
{
	struct fault unused;
	struct store *s = store_create(session, &unused);
	struct convert_sink to = { into_store, s };

	*why = (struct fault){ "" };
	*log_text = 0;
	assert_non_null(in);
	if (!mitm()->read(in, &to, why))
		assert_true(*why->text);
	fclose(in);
	store_flush(s);
	assert_string_equal(store_stats(s).disorder, "");
	assert_int_equal(store_stats(s).live, 0);
	return s;
}

static struct store *
read_bytes_of(struct bytes b, struct fault *why)
{
	return read_to(path, fmemopen((void *)(uintptr_t)b.at, b.len, "r"), why);
}

static struct store *
read_well(struct bytes b)
{
	struct fault why;
	struct store *s = read_bytes_of(b, &why);

	assert_string_equal(why.text, "");
	return s;
}

/* All flows of a session as a file; to be freed. */
static struct bytes
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
	if (!mitm()->write(out, &from, &why))
		fail_msg("%s", why.text);
	fclose(out);
	free(id);
	return (struct bytes){ (uint8_t *)text, len };
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

static void
assert_bytes(struct bytes b, const char *expected)
{
	if (!bytes_are(b, expected))
		fail_msg("\"%.*s\" is not \"%s\"", (int)b.len, (const char *)b.at, expected);
}

static void
assert_same(struct bytes a, struct bytes b)
{
	if (!bytes_same(a, b))
		fail_msg("\"%.*s\" is not \"%.*s\"", (int)a.len, (const char *)a.at, (int)b.len, (const char *)b.at);
}

/* Text with [..] {..} and tags, as Python would print it, turned into tnetstrings. */
static void put_text(struct tnet_out *o, const char **at);

static void
put_string(struct tnet_out *o, const char **at, enum tnet_tag tag)
{
	const char *end = strchr(*at, '\'');

	tnet_put(o, NULL, tag, (struct bytes){ (const uint8_t *)*at, (size_t)(end - *at) });
	*at = end + 1;
}

/* Values are put last to first: found by going over them once for each. */
static const char *
value_end(const char *at)
{
	int depth = 0;

	do {
		if (*at == '\'')
			at = strchr(at + 1, '\'');
		depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
		at++;
	} while (depth || !strchr(",:]}", *at));
	return at;
}

static void
put_inside(struct tnet_out *o, const char **at, enum tnet_tag tag)
{
	const char *begins[256], *end = *at;
	size_t count = 0, opened;

	while (*end != ']' && *end != '}') {
		begins[count++] = end;
		end = value_end(end);
		end += *end == ',' || *end == ':';
	}
	opened = tnet_open(o, tag);
	while (count--)
		put_text(o, &begins[count]);
	tnet_close(o, NULL, opened);
	*at = end + 1;
}

static void
put_text(struct tnet_out *o, const char **at)
{
	size_t len = strcspn(*at, ",:]}");
	struct bytes word = { (const uint8_t *)*at, len };

	if (**at == '[' || **at == '{') {
		(*at)++;
		put_inside(o, at, (*at)[-1] == '[' ? TNET_LIST : TNET_DICT);
	} else if (**at == '\'') {
		(*at)++;
		put_string(o, at, TNET_TEXT);
	} else if (**at == 'b') {
		*at += 2;
		put_string(o, at, TNET_BYTES);
	} else {
		tnet_put(o, NULL, bytes_are(word, "~") ? TNET_NULL : bytes_are(word, "true") || bytes_are(word, "false") ?
			TNET_BOOL : memchr(word.at, '.', len) ? TNET_FLOAT : TNET_INT,
			bytes_are(word, "~") ? (struct bytes){ 0 } : word);
		*at += len;
	}
}

/* Good until the next call. */
static struct bytes
tnet_of(const char *text)
{
	static struct tnet_out o;

	tnet_out_release(&o);
	tnet_out_init(&o, 1 << 20);
	put_text(&o, &text);
	return tnet_out_bytes(&o);
}

#define CLIENT_CONN	"'client_conn':{'id':'c1','peername':['10.0.0.7',5000],'sockname':['::1',8080,0,0],'tls':true," \
	"'proxy_mode':'regular','timestamp_start':100.5,'timestamp_tls_setup':100.75,'tls_version':'TLSv1.3'," \
	"'cipher':'TLS_AES_128_GCM_SHA256','alpn':b'h2','alpn_offers':[b'h2',b'http/1.1'],'sni':'h.example','error':~}"
#define SERVER_CONN	"'server_conn':{'id':'s1','address':['h.example',443],'peername':['2001:db8::1',443],'tls':true," \
	"'timestamp_start':100.55,'timestamp_tcp_setup':100.6,'timestamp_tls_setup':100.7,'tls_version':'TLSv1.2'," \
	"'alpn':b'h2','alpn_offers':[b'h2'],'sni':'h.example','via':['http',['10.0.0.1',3128]],'error':~}"
#define REQUEST	"'request':{'http_version':b'HTTP/2.0','headers':[[b'accept',b'*/*']],'content':b'','trailers':~," \
	"'timestamp_start':101.0,'timestamp_end':101.1,'host':'h.example','port':443,'method':b'GET','scheme':b'https'," \
	"'authority':b'h.example','path':b'/a?b'}"
#define RESPONSE	"'response':{'http_version':b'HTTP/2.0','headers':[[b'x',b'y'],[b'x',b'z']],'content':b'hello'," \
	"'trailers':[[b't',b'u']],'timestamp_start':102.0,'timestamp_end':102.25,'status_code':200,'reason':b''}"
#define FLOW	"{'version':21,'type':'http','timestamp_created':101.0," CLIENT_CONN "," SERVER_CONN ","

static void
a_flow_becomes_a_request_and_a_response(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST "," RESPONSE "}"));
	struct flow f = flow_in(s, 1);
	bool whole;
	struct slice body = convert_body(s, 1, SERVER, false, 100, &whole);

	(void)state;
	assert_bytes(head_text(f.half[CLIENT].head), "GET /a?b HTTP/2\r\nhost: h.example\r\naccept: */*\r\n\r\n");
	assert_bytes(head_text(f.half[SERVER].head), "HTTP/2 200 \r\nx: y\r\nx: z\r\n\r\n");
	assert_bytes(head_find(f.half[SERVER].trailer, "t"), "u");
	assert_bytes(body.bytes, "hello");
	assert_true(whole);
	assert_bytes(f.origin->scheme, "https");
	assert_bytes(f.origin->host, "h.example");
	assert_bytes(f.origin->client, "10.0.0.7:5000");
	assert_bytes(f.origin->listener, "[::1]:8080");
	assert_int_equal(f.origin->port, 443);
	assert_int_equal(f.begun, 100500000);
	assert_int_equal(f.half[CLIENT].begun, 101000000);
	assert_int_equal(f.half[CLIENT].ended, 101100000);
	assert_int_equal(f.half[SERVER].ended, 102250000);
	assert_int_equal(f.close, CLOSE_HTTP_COMPLETED);
	slice_drop(&body);
	flow_release(&f);
	store_free(s);
}

static void
connections_become_steps_of_their_first_flow(void **state)
{
	struct bytes one = tnet_of(FLOW REQUEST "," RESPONSE "}");
	uint8_t two[8192];
	struct store *s;
	struct flow f;

	(void)state;
	memcpy(two, one.at, one.len);
	memcpy(two + one.len, one.at, one.len);
	s = read_well((struct bytes){ two, 2 * one.len });
	f = flow_in(s, 1);
	assert_int_equal(f.moments, 7);
	assert_int_equal(step_kind(f.moment[0].step), STEP_TLS_STARTED);
	assert_bytes(step_find(f.moment[0].step, "alpn_offered"), "h2,http/1.1");
	assert_bytes(step_find(f.moment[2].step, "address"), "[2001:db8::1]:443");
	assert_int_equal(f.moment[2].when, 100600000);
	assert_bytes(step_find(f.moment[4].step, "version"), "TLS1.2");
	assert_bytes(step_find(f.moment[5].step, "proxy"), "http://10.0.0.1:3128");
	assert_bytes(step_find(f.moment[6].step, "version"), "TLS1.3");
	assert_bytes(step_find(f.moment[6].step, "cipher"), "TLS_AES_128_GCM_SHA256");
	assert_int_equal(f.origin->opened_by, 0);
	flow_release(&f);
	f = flow_in(s, 2);
	assert_int_equal(f.moments, 0);
	assert_int_equal(f.origin->opened_by, 1);
	assert_int_equal(f.begun, 101000000);
	flow_release(&f);
	store_free(s);
}

static void
a_server_that_was_dialed_for_a_request_comes_behind_it(void **state)
{
	struct store *s = read_well(tnet_of("{'version':21,'type':'http','timestamp_created':101.0," CLIENT_CONN
		",'server_conn':{'id':'s','address':['h',80],'timestamp_start':101.5,'timestamp_tcp_setup':101.75},"
		REQUEST "," RESPONSE "}"));
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_int_equal(f.moments, 4);
	assert_int_equal(step_kind(f.moment[1].step), STEP_TLS_ESTABLISHED);
	assert_int_equal(step_kind(f.moment[2].step), STEP_DIALING);
	assert_bytes(step_find(f.moment[2].step, "port"), "80");
	assert_int_equal(f.moment[3].when, 101750000);
	flow_release(&f);
	store_free(s);
}

static void
targets_are_as_the_client_sent_them(void **state)
{
	static const struct { const char *request, *line; } cases[] = {
		{ "'method':b'GET','scheme':b'http','authority':b'','path':b'/p','http_version':b'HTTP/1.1'", "GET /p HTTP/1.1\r\n\r\n" },
		{ "'method':b'GET','scheme':b'http','authority':b'h:81','path':b'/p','http_version':b'HTTP/1.0'",
			"GET http://h:81/p HTTP/1.0\r\n\r\n" },
		{ "'method':b'CONNECT','scheme':b'','authority':b'h:443','path':b'','http_version':b'HTTP/1.1'",
			"CONNECT h:443 HTTP/1.1\r\n\r\n" },
		{ "'method':b'OPTIONS','scheme':b'http','authority':b'','path':b'*','http_version':b'HTTP/1.1'", "OPTIONS * HTTP/1.1\r\n\r\n" },
		{ "'method':b'GET','scheme':b'https','authority':b'n:1','path':b'/p','http_version':b'HTTP/3'",
			"GET /p HTTP/2\r\nhost: n:1\r\n\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[2048];
		struct store *s;
		struct flow f;
		struct bytes again;

		snprintf(text, sizeof(text), "{'version':20,'type':'http','request':{'headers':[],'content':b'','timestamp_start':5.0,"
			"'timestamp_end':6.0,'host':'h','port':80,%s},'response':~}", cases[i].request);
		s = read_well(tnet_of(text));
		f = flow_in(s, 1);
		assert_bytes(head_text(f.half[CLIENT].head), cases[i].line);
		again = written(s);
		store_free(s);
		s = read_well(again);
		flow_release(&f);
		f = flow_in(s, 1);
		assert_bytes(head_text(f.half[CLIENT].head), cases[i].line);
		flow_release(&f);
		free((void *)(uintptr_t)again.at);
		store_free(s);
	}
}

static void
an_address_is_named_as_the_client_named_it(void **state)
{
	struct store *s = read_well(tnet_of("{'version':19,'type':'http','client_conn':{'proxy_mode':'transparent'},'request':{"
		"'headers':[[b'Host',b'named:8080']],'content':b'','timestamp_start':5.0,'timestamp_end':6.0,'host':'10.1.1.1',"
		"'port':80,'method':b'GET','scheme':b'http','authority':b'','path':b'/','http_version':b'HTTP/1.1'},'response':~}"));
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_bytes(f.origin->host, "named");
	flow_release(&f);
	store_free(s);
}

static void
an_error_is_a_flow_that_failed(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST ",'response':~,'error':{'msg':'it broke','timestamp':103.0}}"));
	struct flow f = flow_in(s, 1);
	struct row r;

	(void)state;
	assert_int_equal(store_rows(s, 0, 1, &r), 1);
	assert_int_equal(r.state, ROW_FAILED);
	assert_string_equal(r.trouble, "it broke");
	assert_int_equal(f.ended, 103000000);
	flow_release(&f);
	store_free(s);
}

static void
a_connection_that_failed_says_so_in_its_steps(void **state)
{
	struct store *s = read_well(tnet_of("{'version':21,'type':'tcp','messages':[],'error':{'msg':'gone','timestamp':9.0},"
		"'client_conn':{'id':'c','timestamp_start':5.0,'tls':true,'error':'the client does not trust us'},"
		"'server_conn':{'id':'s','address':['h',1],'timestamp_start':6.0,'error':'refused'}}"));
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_int_equal(f.moments, 4);
	assert_int_equal(step_kind(f.moment[2].step), STEP_CONNECT_FAILED);
	assert_bytes(step_find(f.moment[2].step, "detail"), "refused");
	assert_int_equal(step_kind(f.moment[3].step), STEP_TLS_FAILED);
	assert_bytes(step_find(f.moment[3].step, "detail"), "the client does not trust us");
	assert_bytes(step_find(f.moment[3].step, "tls_failure_reason"), "unknown_ca");
	assert_bytes(step_find(f.moment[3].step, "tls_ops_provider"), "mitmproxy");
	assert_bytes(step_find(f.moment[3].step, "source_confidence"), "inferred");
	assert_int_equal(f.close, CLOSE_RELAY_ERROR);
	flow_release(&f);
	store_free(s);
}

static void
a_body_that_was_not_kept_is_counted(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST ",'response':{'http_version':b'HTTP/1.1','headers':[[b'content-length',b'70']],"
		"'content':~,'trailers':~,'timestamp_start':102.0,'timestamp_end':~,'status_code':200,'reason':b'OK'}}"));
	struct flow f = flow_in(s, 1);
	struct bytes again;

	(void)state;
	assert_int_equal(f.half[SERVER].skipped, 70);
	assert_int_equal(f.half[SERVER].ended, 0);
	assert_int_equal(f.close, CLOSE_HTTP_ERROR);
	assert_bytes(f.detail.bytes, "it was not over when it was saved");
	flow_release(&f);
	again = written(s);
	assert_non_null(memmem(again.at, again.len, "7:content;0:~", 13));
	assert_non_null(memmem(again.at, again.len, "soth did not keep 0 bytes of the client's and 70", 48));
	assert_non_null(memmem(again.at, again.len, "5:error;0:~", 11));
	free((void *)(uintptr_t)again.at);
	store_free(s);
}

/* An event stream has no length, and none of it may have been kept. */
static void
a_body_of_no_known_length_that_was_not_kept_stays_null(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST ",'response':{'http_version':b'HTTP/1.1','headers':[],'content':~,"
		"'trailers':~,'timestamp_start':102.0,'timestamp_end':103.0,'status_code':200,'reason':b'OK'}}"));
	struct bytes again = written(s);
	struct tnet flow;

	(void)state;
	assert_true(tnet_next(&(struct bytes){ again.at, again.len }, &flow));
	assert_int_equal(tnet_find(tnet_find(flow, "response"), "content").tag, TNET_NULL);
	assert_int_equal(tnet_find(tnet_find(flow, "request"), "content").tag, TNET_BYTES);
	free((void *)(uintptr_t)again.at);
	store_free(s);
}

/* "↑text" and "↓text" of messages, with commas between; a WebSocket's with their opcodes; NUL as '.'. Of one side, or -1. */
static const char *
said_by(struct store *s, flow_id id, int side)
{
	static char text[8192];
	struct messages *m = messages_new(s, id);
	struct buf scratch;
	size_t len = 0;

	*text = 0;
	while (messages_read(m))
		;
	buf_init(&scratch, 1 << 20);
	for (size_t i = 0; i < messages_count(m); i++) {
		struct message one = messages_get(m, i, SIZE_MAX, &scratch);
		unsigned opcode = one.kind == PART_MESSAGE ? one.code & WS_OPCODE : 0;

		/* What mitmproxy has no place for. */
		if (one.kind == PART_FAULT || opcode == WS_PING || opcode == WS_PONG || one.begun || (side >= 0 && (int)one.side != side))
			continue;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s%u:", len ? "," : "", one.side == CLIENT ? "↑" : "↓", opcode);
		assert_true(one.bytes.len < sizeof(text) - len);
		for (size_t n = 0; n < one.bytes.len; n++)
			text[len++] = (char)(one.bytes.at[n] ? one.bytes.at[n] : '.');
		text[len] = 0;
	}
	buf_release(&scratch);
	messages_free(m);
	return text;
}

static const char *
said(struct store *s, flow_id id)
{
	return said_by(s, id, -1);
}

/* Of bodies mitmproxy does not keep when which piece came, so nor which side's was first. */
static void
assert_same_said(struct store *a, struct store *b, flow_id id, const struct flow *f)
{
	bool ordered = flow_is_raw(f);

	for (int side = ordered ? -1 : CLIENT; side <= (ordered ? -1 : SERVER); side++) {
		char *first = strdup(said_by(a, id, side));

		/* A close frame is kept of who closed first; the other's answer is not. */
		if (f->half[CLIENT].closed && f->half[SERVER].closed)
			first[strlen(first) - strlen(",↓8:\x03\xe8")] = 0;
		assert_string_equal(first, said_by(b, id, side));
		free(first);
	}
}

#define SOCKET	FLOW "'request':{'http_version':b'HTTP/1.1','headers':[[b'Upgrade',b'websocket']],'content':b'','trailers':~," \
	"'timestamp_start':101.0,'timestamp_end':101.1,'host':'h','port':80,'method':b'GET','scheme':b'http'," \
	"'authority':b'','path':b'/s'},'response':{'http_version':b'HTTP/1.1','headers':[],'content':b'','trailers':~," \
	"'timestamp_start':102.0,'timestamp_end':102.0,'status_code':101,'reason':b'Switching Protocols'},'websocket':{"

static void
messages_of_a_websocket_are_read(void **state)
{
	struct store *s = read_well(tnet_of(SOCKET "'messages':[[1,true,b'ask',103.0,false,false],[2,false,b'answer',104.5,false,false]],"
		"'closed_by_client':false,'close_code':1000,'close_reason':'bye','timestamp_end':105.0}}"));
	struct flow f = flow_in(s, 1);

	(void)state;
	assert_string_equal(said(s, 1), "↑1:ask,↓2:answer,↓8:\x03\xe8" "bye");
	assert_int_equal(flow_protocol(&f), PROTOCOL_WEBSOCKET);
	assert_int_equal(f.close, CLOSE_WEBSOCKET_COMPLETED);
	assert_int_equal(f.ended, 105000000);
	flow_release(&f);
	store_free(s);
}

static void
a_websocket_that_broke_off_has_no_close_frame(void **state)
{
	static const struct { const char *end; bool closed; enum close_code code; } cases[] = {
		{ "'closed_by_client':true,'close_code':1006,'close_reason':'','timestamp_end':105.0", false, CLOSE_WEBSOCKET_COMPLETED },
		{ "'closed_by_client':true,'close_code':1005,'close_reason':'','timestamp_end':105.0", true, CLOSE_WEBSOCKET_COMPLETED },
		{ "'closed_by_client':~,'close_code':~,'close_reason':~,'timestamp_end':~", false, CLOSE_WEBSOCKET_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[4096];
		struct store *s;
		struct flow f;

		snprintf(text, sizeof(text), SOCKET "'messages':[],%s}}", cases[i].end);
		s = read_well(tnet_of(text));
		f = flow_in(s, 1);
		assert_int_equal(f.half[CLIENT].closed, cases[i].closed);
		assert_int_equal(f.half[CLIENT].farewell.bytes.len, 0);
		assert_int_equal(f.close, cases[i].code);
		flow_release(&f);
		store_free(s);
	}
}

static void
tcp_and_udp_are_bytes_of_both_sides(void **state)
{
	static const char *const types[] = { "tcp", "udp" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		char text[2048];
		struct store *s;
		struct flow f;

		snprintf(text, sizeof(text), "{'version':21,'type':'%s',%s,'messages':[[true,b'hello',101.5],[false,b'you',102.0]]}",
			types[i], SERVER_CONN);
		s = read_well(tnet_of(text));
		f = flow_in(s, 1);
		assert_string_equal(said(s, 1), "↑0:hello,↓0:you");
		assert_bytes(f.origin->scheme, types[i]);
		assert_bytes(f.origin->host, "h.example");
		assert_null(f.half[CLIENT].head);
		assert_int_equal(f.close, CLOSE_RELAY_EOF);
		flow_release(&f);
		store_free(s);
	}
}

#define DNS	"'id':4660,'query':true,'op_code':0,'authoritative_answer':false,'truncation':false,'recursion_desired':true," \
	"'recursion_available':false,'reserved':0,'response_code':0,'questions':[{'name':'example.com','type':1,'class_':1}]," \
	"'authorities':[],'additionals':[]"

static void
dns_is_made_of_what_it_says(void **state)
{
	static const char ask[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1";
	static const char answer[] = "\x12\x34\1\0\0\1\0\1\0\0\0\0\7example\3com\0\0\1\0\1\1x\0\0\1\0\1\0\1\0\0\0\4abcd";
	struct store *s = read_well(tnet_of("{'version':21,'type':'dns','client_conn':{'transport_protocol':'udp'},"
		"'server_conn':{'address':['9.9.9.9',53]},'request':{" DNS ",'answers':[],'timestamp':7.0},'response':{" DNS
		",'answers':[{'name':'x.','type':1,'class_':1,'ttl':65536,'data':b'abcd'}],'timestamp':8.0}}"));
	bool whole;
	struct slice b = convert_body(s, 1, CLIENT, false, 1000, &whole);

	(void)state;
	assert_same(b.bytes, LIT(ask));
	slice_drop(&b);
	b = convert_body(s, 1, SERVER, false, 1000, &whole);
	assert_same(b.bytes, LIT(answer));
	slice_drop(&b);
	store_free(s);
	s = read_well(tnet_of("{'version':21,'type':'dns','client_conn':{'transport_protocol':'tcp'},'request':{" DNS
		",'answers':[],'timestamp':7.0},'response':~}"));
	b = convert_body(s, 1, CLIENT, false, 1000, &whole);
	assert_int_equal(b.bytes.len, sizeof(ask) - 1 + 2);
	assert_int_equal(b.bytes.at[1], sizeof(ask) - 1);
	slice_drop(&b);
	store_free(s);
}

static void
events_of_a_body_are_marked(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST ",'response':{'http_version':b'HTTP/1.1','headers':[[b'content-type',"
		"b'application/x-ndjson']],'content':b'{}\n[]\n\n7','trailers':~,'timestamp_start':102.0,'timestamp_end':103.0,"
		"'status_code':200,'reason':b'OK'}}"));

	(void)state;
	assert_string_equal(said(s, 1), "↓0:{}\n,↓0:[]\n,↓0:\n,↓0:7");
	store_free(s);
}

static void
a_mark_and_a_comment_come_and_go_again(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST "," RESPONSE ",'marked':':red_circle:','comment':'look'}"));
	char said[REMARK_ROOM];
	struct row r;

	(void)state;
	assert_int_equal(store_rows(s, 0, 1, &r), 1);
	assert_string_equal(r.mark, ":red_circle:");
	store_said(s, r.id, REMARK_COMMENT, said, sizeof(said));
	assert_string_equal(said, "look");
	assert_string_equal(log_text, "");
	assert_int_equal(store_stats(s).misordered, 0);
	store_free(s);
}

static void
other_versions_are_refused_by_their_number(void **state)
{
	static const struct { const char *version, *words; } cases[] = {
		{ "17", "it is of version 17 of the format; versions 18 to 21 are read: a newer mitmproxy" },
		{ "22", "it is of version 22 of the format; versions 18 to 21 are read, this one is newer" },
		{ "[0,10,1]", "it was saved by mitmproxy 0.10; versions 18 to 21 of the format are read" },
		{ "~", "it does not say its version" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[4096];
		struct fault why;
		struct store *s;

		snprintf(text, sizeof(text), "{'version':%s,'type':'http'," REQUEST "}", cases[i].version);
		s = read_bytes_of(tnet_of(text), &why);
		assert_non_null(strstr(why.text, "1 of 1 flows could not be read; the first: flow 1, at byte 0: "));
		if (!strstr(why.text, cases[i].words))
			fail_msg("%s", why.text);
		assert_int_equal(store_stats(s).flows, 0);
		store_free(s);
	}
}

/* Between two that are well. */
static void
a_broken_flow_is_said_and_the_others_are_read(void **state)
{
	static const char *const broken[] = {
		"7", "'text'", "[1,2]", "{}", "{'version':21}", "{'version':21,'type':'smtp'}", "{'version':21,'type':'http'}",
		"{'version':21,'type':'tcp'}", "{'version':21,'type':'tcp','messages':[[true]]}", "{'version':21,'type':'dns'}",
		"{'version':21,'type':'http','request':{'headers':[[b'a']],'method':b'G','path':b'/'}}",
		"{'version':21,'type':'http','request':{'headers':[[b'a b',b'c']],'method':b'G','path':b'/'}}",
		"{'version':21,'type':'http','request':{'headers':[],'method':b'G T','path':b'/'}}",
		FLOW REQUEST ",'response':{'headers':[],'status_code':12}}", FLOW REQUEST ",'websocket':{'messages':[7]}}",
		"{'version':21,'type':'dns','request':{'id':70000}}", "{'version':21,'a':4-4,'b':.}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		char all[16384];
		struct bytes b = tnet_of(FLOW REQUEST "," RESPONSE "}");
		size_t first = b.len, len = first;
		struct fault why, at;
		struct store *s;

		memcpy(all, b.at, b.len);
		b = tnet_of(broken[i]);
		memcpy(all + len, b.at, b.len);
		memcpy(all + len + b.len, all, first);
		s = read_bytes_of((struct bytes){ (uint8_t *)all, 2 * first + b.len }, &why);
		fault(&at, "1 of 3 flows could not be read; the first: flow 2, at byte %zu: ", first);
		if (!strstr(why.text, at.text))
			fail_msg("%s: %s", broken[i], why.text);
		assert_int_equal(store_stats(s).flows, 2);
		assert_non_null(strstr(log_text, "flow 2, at byte"));
		store_free(s);
	}
}

static void
what_is_cut_or_no_tnetstring_is_said_with_its_byte(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "x", "byte 0: this is no length" }, { "12", "byte 2: the file ends inside a length" },
		{ "01:a,", "byte 1: this is no length" }, { ":", "byte 0: this is no length" },
		{ "9999999999999:", "byte 12: this is no length" }, { "999999999999:", "byte 0: a value of 999999999999 bytes" },
		{ "5:abc", "byte 5: the file ends inside the value that begins at byte 0, of 5 bytes" },
		{ "3:abc", "byte 5: the file ends before a value's tag" }, { "3:abcx", "byte 5: this is no tag" },
		{ "6:1:a,1x}", "byte 6: this is no tnetstring" }, { "4:1:a,}", "byte 6: a key has no value" },
		{ "8:1:1#1:a,}", "byte 2: this key is no text" }, { "9:1:a,2:xx#}", "byte 8: this is no integer" },
		{ "8:1:a,1:x!}", "byte 8: this is neither true nor false" }, { "8:1:a,1:x~}", "byte 8: null has no data" },
		{ "8:1:a,1:x^}", "byte 8: this is no number" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fault why;

		store_free(read_bytes_of(bytes_of(cases[i].text), &why));
		if (!strstr(why.text, cases[i].words))
			fail_msg("%s: %s", cases[i].text, why.text);
	}
}

static void
values_may_not_be_too_deep(void **state)
{
	struct tnet_out o;
	size_t opened[100];
	struct fault why;

	(void)state;
	tnet_out_init(&o, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(opened); i++)
		opened[i] = tnet_open(&o, i ? TNET_LIST : TNET_DICT);
	for (size_t i = ARRAY_LEN(opened); i-- > 1;)
		tnet_close(&o, i == 1 ? "a" : NULL, opened[i]);
	tnet_close(&o, NULL, opened[0]);
	store_free(read_bytes_of(tnet_out_bytes(&o), &why));
	assert_non_null(strstr(why.text, "values are too deep in each other"));
	tnet_out_release(&o);
}

/* Cut anywhere, what stands whole before the cut is read, and the rest is a fault. */
static void
a_file_may_be_cut_anywhere(void **state)
{
	struct bytes one = tnet_of(FLOW REQUEST "," RESPONSE "}");
	uint8_t two[8192];

	(void)state;
	memcpy(two, one.at, one.len);
	memcpy(two + one.len, one.at, one.len);
	for (size_t len = 1; len < 2 * one.len; len += 7) {
		struct fault why;
		struct store *s = read_bytes_of((struct bytes){ two, len }, &why);

		assert_int_equal(store_stats(s).flows, len >= one.len ? 1 : 0);
		assert_true(*why.text || len == one.len);
		store_free(s);
	}
}

static void
numbers_are_read_and_written_without_loss(void **state)
{
	static const struct { const char *text; uint64_t micros; const char *again; } cases[] = {
		{ "1699167601.7918932", 1699167601791893, "1699167601.791893" }, { "5", 5000000, "5.0" }, { "5.0", 5000000, "5.0" },
		{ "1690281721.9999996", 1690281722000000, "1690281722.0" }, { "0.5", 500000, "0.5" }, { "-1.5", 0, "0.0" },
		{ "1e300", 0, "0.0" }, { "nan", 0, "0.0" }, { "999999999999.0", 0, "0.0" }, { "1.00000049", 1000000, "1.0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tnet_out o;
		char text[64];

		assert_int_equal(tnet_micros((struct tnet){ TNET_FLOAT, bytes_of(cases[i].text) }), cases[i].micros);
		tnet_out_init(&o, 100);
		tnet_put_time(&o, NULL, cases[i].micros);
		snprintf(text, sizeof(text), "%zu:%s^", strlen(cases[i].again), cases[i].again);
		assert_bytes(tnet_out_bytes(&o), text);
		tnet_out_release(&o);
	}
	assert_int_equal(tnet_int((struct tnet){ TNET_INT, LIT("-12") }, 7), -12);
	assert_int_equal(tnet_int((struct tnet){ TNET_INT, LIT("9999999999999999999999") }, 7), 7);
	assert_int_equal(tnet_int((struct tnet){ TNET_TEXT, LIT("12") }, 7), 7);
}

static void
text_that_is_written_is_utf8(void **state)
{
	struct tnet_out o;

	(void)state;
	tnet_out_init(&o, 100);
	tnet_put_text(&o, "k", LIT("a\xff\xc3\xa9"));
	assert_bytes(tnet_out_bytes(&o), "1:k;6:a\xef\xbf\xbd\xc3\xa9;");
	tnet_out_clear(&o);
	tnet_put_bytes(&o, NULL, LIT("\xff"));
	assert_bytes(tnet_out_bytes(&o), "1:\xff,");
	assert_false(o.full);
	for (int i = 0; i < 40; i++)
		tnet_put_int(&o, NULL, i);
	assert_true(o.full);
	tnet_out_release(&o);
}

static void
assert_keys(struct tnet dict, const char *expected)
{
	char keys[1024] = "";
	struct tnet k, v;

	assert_int_equal(dict.tag, TNET_DICT);
	while (tnet_next(&dict.data, &k) && tnet_next(&dict.data, &v)) {
		size_t len = strlen(keys);

		assert_int_equal(k.tag, TNET_TEXT);
		snprintf(keys + len, sizeof(keys) - len, "%s%.*s%c", len ? " " : "", (int)k.data.len, (const char *)k.data.at, (int)v.tag);
	}
	assert_string_equal(keys, expected);
}

/* mitmproxy refuses a flow with a key too many or too few, and wants them all of their types. */
static void
what_is_written_has_exactly_the_keys_of_version_21(void **state)
{
	struct store *s = read_well(tnet_of(FLOW REQUEST "," RESPONSE "}"));
	struct bytes file = written(s), rest = file;
	struct tnet flow;

	(void)state;
	assert_true(tnet_next(&rest, &flow));
	assert_int_equal(rest.len, 0);
	assert_keys(flow, "websocket~ response} request} backup~ timestamp_created^ comment; metadata} marked; is_replay~ "
		"intercepted! server_conn} client_conn} error~ id; type; version#");
	assert_keys(tnet_find(flow, "client_conn"), "proxy_mode; mitmcert~ timestamp_tls_setup^ timestamp_end~ timestamp_start^ "
		"sni; tls_version; cipher_list] cipher; alpn_offers] alpn, certificate_list] tls! error~ transport_protocol; id; "
		"sockname] peername]");
	assert_keys(tnet_find(flow, "server_conn"), "via] timestamp_tcp_setup^ address] timestamp_tls_setup^ timestamp_end~ "
		"timestamp_start^ sni; tls_version; cipher_list] cipher~ alpn_offers] alpn, certificate_list] tls! error~ "
		"transport_protocol; id; sockname~ peername]");
	assert_keys(tnet_find(flow, "request"), "path, authority, scheme, method, port# host; timestamp_end^ timestamp_start^ "
		"trailers~ content, headers] http_version,");
	assert_keys(tnet_find(flow, "response"), "reason, status_code# timestamp_end^ timestamp_start^ trailers] content, headers] "
		"http_version,");
	assert_int_equal(tnet_int(tnet_find(flow, "version"), 0), 21);
	assert_bytes(tnet_text(tnet_find(tnet_find(flow, "client_conn"), "tls_version")), "TLSv1.3");
	assert_bytes(tnet_find(tnet_find(flow, "client_conn"), "alpn_offers").data, "2:h2,8:http/1.1,");
	assert_bytes(tnet_find(tnet_find(flow, "client_conn"), "sockname").data, "3:::1;4:8080#");
	assert_bytes(tnet_find(tnet_find(flow, "server_conn"), "via").data, "4:http;18:8:10.0.0.1;4:3128#]");
	assert_bytes(tnet_find(tnet_find(flow, "request"), "headers").data, "15:6:accept,3:*/*,]");
	free((void *)(uintptr_t)file.at);
	store_free(s);
}

static void
assert_same_head(const struct head *a, const struct head *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_same(head_text(a), head_text(b));
}

/* But for what mitmproxy has no place for: see said(). */
static void
assert_same_flow(struct store *a, struct store *b, flow_id id)
{
	struct flow x = flow_in(a, id), y = flow_in(b, id);

	assert_same(x.origin->host, y.origin->host);
	assert_same(x.origin->scheme, y.origin->scheme);
	assert_same(x.origin->client, y.origin->client);
	assert_same(x.origin->listener, y.origin->listener);
	assert_int_equal(x.origin->port, y.origin->port);
	assert_int_equal(x.begun, y.begun);
	assert_int_equal(flow_protocol(&x), flow_protocol(&y));
	for (int side = CLIENT; side <= SERVER; side++) {
		bool whole;
		struct slice p = convert_body(a, id, (enum side)side, false, 1 << 20, &whole),
			q = convert_body(b, id, (enum side)side, false, 1 << 20, &whole);

		assert_same_head(x.half[side].head, y.half[side].head);
		assert_same_head(x.half[side].trailer, y.half[side].trailer);
		assert_int_equal(x.half[side].begun, y.half[side].begun);
		assert_same(p.bytes, q.bytes);
		slice_drop(&p);
		slice_drop(&q);
	}
	assert_same_said(a, b, id, &x);
	flow_release(&x);
	flow_release(&y);
}

static void
a_session_comes_back_the_same(void **state)
{
	struct fault why;
	struct store *a, *b;
	struct bytes file;

	(void)state;
	protocols_make(path);
	a = store_open(path, &why);
	assert_non_null(a);
	file = written(a);
	b = read_to(second, fmemopen((void *)(uintptr_t)file.at, file.len, "r"), &why);
	assert_string_equal(why.text, "");
	assert_int_equal(store_stats(a).flows, 11);
	assert_int_equal(store_stats(b).flows, 11);
	for (flow_id id = 1; id <= 11; id++)
		assert_same_flow(a, b, id);
	free((void *)(uintptr_t)file.at);
	store_free(a);
	store_free(b);
}

/* Written, read and written again: the same bytes. */
static void
a_file_that_was_read_is_written_the_same_each_time(void **state)
{
	struct bytes one = tnet_of(FLOW REQUEST "," RESPONSE ",'websocket':~}"), file, again;
	struct store *s = read_well(one);

	(void)state;
	file = written(s);
	store_free(s);
	s = read_well(file);
	again = written(s);
	assert_same(file, again);
	free((void *)(uintptr_t)file.at);
	free((void *)(uintptr_t)again.at);
	store_free(s);
}

static void
bytes_behind_an_upgrade_are_a_flow_of_their_own(void **state)
{
	struct fault why;
	struct making m = { store_create(path, &why), 0, 1000000 };
	struct bytes file;
	struct store *s;

	(void)state;
	flow_begins(&m, "http", "h", 80);
	head_comes(&m, CLIENT, 0, "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n");
	head_comes(&m, SERVER, 0, "HTTP/1.1 101 Yes\r\nUpgrade: x\r\n\r\n");
	data_comes(&m, CLIENT, 0, LIT("raw"));
	flow_ends(&m, CLOSE_RELAY_EOF, "");
	store_flush(m.store);
	file = written(m.store);
	store_free(m.store);
	s = read_well(file);
	assert_int_equal(store_stats(s).flows, 2);
	assert_string_equal(said(s, 2), "↑0:raw");
	free((void *)(uintptr_t)file.at);
	store_free(s);
}

static void
files_of_this_format_are_known_by_their_first_bytes(void **state)
{
	(void)state;
	assert_ptr_equal(format_of_path("a.mitm"), mitm());
	assert_ptr_equal(format_of_bytes(LIT("9494:9:websocket;0:~8:response;")), mitm());
	assert_ptr_equal(format_of_bytes(LIT("2134:5:error,0:~")), mitm());
	assert_int_equal(mitm()->suits(LIT("{\"log\": 1}")), 0);
	assert_int_equal(mitm()->suits(LIT("12:34:56 a line of a log")), 0);
	assert_int_equal(mitm()->suits(LIT("123")), 0);
	assert_int_equal(mitm()->suits(LIT("")), 0);
}

static size_t
size_in(const json_t *entry, enum side side)
{
	const json_t *message = json_object_get(entry, side == CLIENT ? "request" : "response");
	json_int_t size = json_integer_value(json_object_get(message, "bodySize"));

	return size > 0 ? (size_t)size : 0;
}

/* The host of an URL. */
static struct bytes
host_in(const json_t *entry)
{
	const char *url = json_string_value(json_object_get(json_object_get(entry, "request"), "url"));
	const char *host = strstr(url, "://") + 3;

	return (struct bytes){ (const uint8_t *)host, strcspn(host, ":/?") };
}

static void
assert_like_entry(struct store *s, flow_id id, const json_t *entry)
{
	const json_t *request = json_object_get(entry, "request"), *response = json_object_get(entry, "response");
	json_int_t status = json_integer_value(json_object_get(response, "status"));
	struct flow f = flow_in(s, id);

	assert_bytes(head_method(f.half[CLIENT].head), json_string_value(json_object_get(request, "method")));
	assert_same(f.origin->host, host_in(entry));
	assert_int_equal(f.half[SERVER].head ? head_status(f.half[SERVER].head) : 0, status);
	assert_int_equal(head_count(f.half[CLIENT].head) - (head_version(f.half[CLIENT].head) == HTTP_2),
		json_array_size(json_object_get(request, "headers")));
	for (int side = CLIENT; side <= SERVER; side++)
		if (status != 101)
			assert_int_equal(f.half[side].bytes, size_in(entry, (enum side)side));
	assert_int_equal(f.half[CLIENT].messages + f.half[SERVER].messages,
		json_array_size(json_object_get(entry, "_webSocketMessages")));
	flow_release(&f);
}

static void
assert_like_archive(struct store *s, const char *name)
{
	json_error_t error;
	json_t *har, *list;
	size_t i = 0;
	struct row r;

	if (access(name, R_OK))
		return;
	har = json_load_file(name, JSON_ALLOW_NUL, &error);
	if (!har)
		fail_msg("%s: %s", name, error.text);
	list = json_object_get(json_object_get(har, "log"), "entries");
	/* An archive has requests alone. */
	for (flow_id id = 1; store_rows(s, (size_t)id - 1, 1, &r) == 1; id++)
		if (r.request)
			assert_like_entry(s, id, json_array_get(list, i++));
	assert_int_equal(i, json_array_size(list));
	json_decref(har);
}

static void
check_file(const char *dir, const char *file)
{
	char name[512];
	struct fault why;
	struct store *s, *again;
	struct bytes out;

	snprintf(name, sizeof(name), "%s%s", dir, file);
	s = read_to(path, fopen(name, "r"), &why);
	if (!strcmp(file, "dumpfile-010.mitm")) {
		assert_non_null(strstr(why.text, "it was saved by mitmproxy 0.10; versions 18 to 21"));
		store_free(s);
		return;
	}
	assert_string_equal(why.text, "");
	assert_true(store_stats(s).flows);
	strcpy(strrchr(name, '.'), ".har");
	assert_like_archive(s, name);
	out = written(s);
	again = read_to(second, fmemopen((void *)(uintptr_t)out.at, out.len, "r"), &why);
	assert_string_equal(why.text, "");
	for (flow_id id = 1; id <= store_stats(s).flows; id++)
		assert_same_flow(s, again, id);
	free((void *)(uintptr_t)out.at);
	store_free(again);
	store_free(s);
}

static void
files_that_mitmproxy_saved_are_as_the_archives_beside_them(void **state)
{
	const char *dir = getenv("MITM_DATA");
	struct dirent *e;
	size_t files = 0;
	DIR *d = dir ? opendir(dir) : NULL;

	(void)state;
	for (size_t i = 0; !d && i < ARRAY_LEN(shared); i++)
		d = opendir(dir = shared[i]);
	if (!d) {
		print_message("no ../shared/data/mitm: its files were not read\n");
		skip();
	}
	while ((e = readdir(d)))
		if (strstr(e->d_name, ".mitm")) {
			check_file(dir, e->d_name);
			files++;
		}
	closedir(d);
	assert_true(files >= 4);
}

static int
last(void **state)
{
	(void)state;
	unlink(path);
	unlink(second);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flow_becomes_a_request_and_a_response),
		cmocka_unit_test(connections_become_steps_of_their_first_flow),
		cmocka_unit_test(a_server_that_was_dialed_for_a_request_comes_behind_it),
		cmocka_unit_test(targets_are_as_the_client_sent_them),
		cmocka_unit_test(an_address_is_named_as_the_client_named_it),
		cmocka_unit_test(an_error_is_a_flow_that_failed),
		cmocka_unit_test(a_connection_that_failed_says_so_in_its_steps),
		cmocka_unit_test(a_body_that_was_not_kept_is_counted),
		cmocka_unit_test(a_body_of_no_known_length_that_was_not_kept_stays_null),
		cmocka_unit_test(messages_of_a_websocket_are_read),
		cmocka_unit_test(a_websocket_that_broke_off_has_no_close_frame),
		cmocka_unit_test(tcp_and_udp_are_bytes_of_both_sides),
		cmocka_unit_test(dns_is_made_of_what_it_says),
		cmocka_unit_test(events_of_a_body_are_marked),
		cmocka_unit_test(a_mark_and_a_comment_come_and_go_again),
		cmocka_unit_test(other_versions_are_refused_by_their_number),
		cmocka_unit_test(a_broken_flow_is_said_and_the_others_are_read),
		cmocka_unit_test(what_is_cut_or_no_tnetstring_is_said_with_its_byte),
		cmocka_unit_test(values_may_not_be_too_deep),
		cmocka_unit_test(a_file_may_be_cut_anywhere),
		cmocka_unit_test(numbers_are_read_and_written_without_loss),
		cmocka_unit_test(text_that_is_written_is_utf8),
		cmocka_unit_test(what_is_written_has_exactly_the_keys_of_version_21),
		cmocka_unit_test(a_session_comes_back_the_same),
		cmocka_unit_test(a_file_that_was_read_is_written_the_same_each_time),
		cmocka_unit_test(bytes_behind_an_upgrade_are_a_flow_of_their_own),
		cmocka_unit_test(files_of_this_format_are_known_by_their_first_bytes),
		cmocka_unit_test(files_that_mitmproxy_saved_are_as_the_archives_beside_them),
	};

	close(mkstemp(path));
	close(mkstemp(second));
	return cmocka_run_group_tests(tests, NULL, last);
}
