/* Every term of filter expressions, and how each is asked. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "soth/buf.h"

enum { URL_MAX = 17 << 20, BODY_MAX = 64 << 20 };

static bool
in_range(const struct node *n, uint64_t value)
{
	return value >= n->range.from && value <= n->range.to;
}

static bool
row_matches(const struct node *n, const char *text)
{
	return match_in(n->match, bytes_of(text));
}

/* Rows */

static bool all(const struct node *n, struct asked *a) { (void)n, (void)a; return true; }
static bool method(const struct node *n, struct asked *a) { return a->row->request && row_matches(n, a->row->method); }
static bool code(const struct node *n, struct asked *a) { return a->row->status && in_range(n, a->row->status); }
static bool held(const struct node *n, struct asked *a) { (void)n; return a->row->held; }
static bool edited(const struct node *n, struct asked *a) { (void)n; return a->row->edited; }
static bool failed(const struct node *n, struct asked *a) { (void)n; return a->row->state == ROW_FAILED; }
static bool error(const struct node *n, struct asked *a) { (void)n; return a->row->state == ROW_FAILED || *a->row->trouble; }
static bool live(const struct node *n, struct asked *a) { (void)n; return a->row->state == ROW_LIVE; }
static bool tunnel(const struct node *n, struct asked *a) { (void)n; return a->row->tunnel; }
static bool tls(const struct node *n, struct asked *a) { (void)n; return a->row->tls; }
static bool replay(const struct node *n, struct asked *a) { (void)n; return a->row->replay; }
static bool replayed(const struct node *n, struct asked *a) { (void)n; return a->row->replayed; }
static bool either_replay(const struct node *n, struct asked *a) { (void)n; return a->row->replay || a->row->replayed; }
static bool partial(const struct node *n, struct asked *a) { (void)n; return a->row->partial; }
static bool process(const struct node *n, struct asked *a) { return *a->row->process && row_matches(n, a->row->process); }
static bool pid(const struct node *n, struct asked *a) { return a->row->pid && in_range(n, a->row->pid); }
static bool port(const struct node *n, struct asked *a) { return in_range(n, a->row->port); }
static bool connection(const struct node *n, struct asked *a) { return in_range(n, a->row->connection); }
static bool id(const struct node *n, struct asked *a) { return in_range(n, a->row->id); }
static bool asks(const struct node *n, struct asked *a) { return in_range(n, a->row->bytes[CLIENT]); }
static bool answers(const struct node *n, struct asked *a) { return in_range(n, a->row->bytes[SERVER]); }
static bool began(const struct node *n, struct asked *a) { return in_range(n, a->row->begun); }
static bool grpc_status(const struct node *n, struct asked *a) { return a->row->grpc >= 0 && in_range(n, (uint64_t)a->row->grpc); }
static bool trouble(const struct node *n, struct asked *a) { return *a->row->trouble && row_matches(n, a->row->trouble); }

static bool marked(const struct node *n, struct asked *a) { (void)n; return *a->row->mark; }
static bool marker(const struct node *n, struct asked *a) { return *a->row->mark && row_matches(n, a->row->mark); }

static bool
comment(const struct node *n, struct asked *a)
{
	char said[REMARK_ROOM] = "";

	if (a->row->commented && a->lens)
		store_said(lens_store(a->lens), a->row->id, REMARK_COMMENT, said, sizeof(said));
	return *said && row_matches(n, said);
}

static bool
size(const struct node *n, struct asked *a)
{
	return in_range(n, a->row->bytes[CLIENT] + a->row->bytes[SERVER]);
}

static bool
messages(const struct node *n, struct asked *a)
{
	return in_range(n, (uint64_t)a->row->messages[CLIENT] + a->row->messages[SERVER]);
}

static bool
lasted(const struct node *n, struct asked *a)
{
	return a->row->ended && in_range(n, a->row->ended - a->row->begun);
}

static bool
waited(const struct node *n, struct asked *a)
{
	return a->row->answered && in_range(n, a->row->answered - a->row->begun);
}

static bool
speaks(const struct asked *a, enum protocol p)
{
	return a->row->protocol == p;
}

static bool
is_dns(const struct asked *a)
{
	return speaks(a, PROTOCOL_UDP) && a->row->port == 53;
}

static bool http(const struct node *n, struct asked *a) { (void)n; return a->row->request; }
static bool tcp(const struct node *n, struct asked *a) { (void)n; return !a->row->request && speaks(a, PROTOCOL_TCP); }
static bool udp(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_UDP); }
static bool dns(const struct node *n, struct asked *a) { (void)n; return is_dns(a); }
static bool websocket(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_WEBSOCKET); }
static bool has_response(const struct node *n, struct asked *a) { (void)n; return a->row->request ? a->row->status : is_dns(a) && a->row->bytes[SERVER]; }
static bool has_none(const struct node *n, struct asked *a) { (void)n; return a->row->request ? !a->row->status : is_dns(a) && !a->row->bytes[SERVER]; }
static bool sse(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_SSE); }
static bool ndjson(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_NDJSON); }
static bool grpc(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_GRPC); }

static bool
quic(const struct node *n, struct asked *a)
{
	(void)n;
	return speaks(a, PROTOCOL_QUIC) || speaks(a, PROTOCOL_HTTP3);
}

static bool
http2(const struct node *n, struct asked *a)
{
	(void)n;
	return a->row->request && (a->row->version[CLIENT] == HTTP_2 || a->row->version[SERVER] == HTTP_2);
}

static bool
tls_failed(const struct node *n, struct asked *a)
{
	(void)n;
	return a->row->tls_failed >= 0;
}

static bool http3(const struct node *n, struct asked *a) { (void)n; return speaks(a, PROTOCOL_HTTP3); }
static bool protocol(const struct node *n, struct asked *a) { return row_matches(n, protocol_name(a->row->protocol)); }
static bool closed(const struct node *n, struct asked *a) { return a->row->ended && row_matches(n, close_name(a->row->close)); }

static bool
tls_side(const struct node *n, struct asked *a)
{
	return a->row->tls_failed >= 0 && row_matches(n, a->row->tls_failed == CLIENT ? "client" : "server");
}

/* Heads */

static bool
url(const struct node *n, struct asked *a)
{
	struct buf text;
	bool ok;

	if (!a->row->request)
		return false;
	buf_init(&text, URL_MAX);
	(void)!asked_url(a, &text);
	ok = match_in(n->match, buf_bytes(&text));
	buf_release(&text);
	return ok;
}

static bool
domain(const struct node *n, struct asked *a)
{
	const struct head *h;

	if (!a->row->request)
		return false;
	if (row_matches(n, a->row->host))
		return true;
	h = a->row->otherwise ? asked_head(a, CLIENT) : NULL;
	return h && head_has(h, "host") && match_in(n->match, head_find(h, "host"));
}

/* "Name: value\r\n", of every field. */
static bool
head_matches(const struct node *n, const struct head *h)
{
	struct buf text;
	bool ok;

	if (!h)
		return false;
	buf_init(&text, 16 << 20);
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (!(buf_add(&text, f.name) && buf_add(&text, LIT(": ")) && buf_add(&text, f.value) && buf_add(&text, LIT("\r\n"))))
			break;
	}
	ok = match_in(n->match, buf_bytes(&text));
	buf_release(&text);
	return ok;
}

static bool heads(const struct node *n, struct asked *a) { return head_matches(n, asked_head(a, CLIENT)) || head_matches(n, asked_head(a, SERVER)); }
static bool request_head(const struct node *n, struct asked *a) { return head_matches(n, asked_head(a, CLIENT)); }
static bool response_head(const struct node *n, struct asked *a) { return head_matches(n, asked_head(a, SERVER)); }

static bool
type_matches(const struct node *n, const struct head *h)
{
	return h && head_has(h, "content-type") && match_in(n->match, head_find(h, "content-type"));
}

static bool types(const struct node *n, struct asked *a) { return type_matches(n, asked_head(a, CLIENT)) || type_matches(n, asked_head(a, SERVER)); }
static bool request_type(const struct node *n, struct asked *a) { return type_matches(n, asked_head(a, CLIENT)); }
static bool response_type(const struct node *n, struct asked *a) { return type_matches(n, asked_head(a, SERVER)); }

/* What pages are made of, as mitmproxy has it: case matters. */
static bool
asset(const struct node *n, struct asked *a)
{
	static const char *const kinds[] = { "text/javascript", "application/x-javascript", "application/javascript", "text/css",
		"image/", "font/", "application/font" };
	const struct head *h = asked_head(a, SERVER);
	struct bytes type = h ? head_find(h, "content-type") : (struct bytes){ 0 };

	(void)n;
	for (size_t i = 0; i < ARRAY_LEN(kinds) && type.len; i++)
		if (memmem(type.at, type.len, kinds[i], strlen(kinds[i])))
			return true;
	return false;
}

static bool
source(const struct node *n, struct asked *a)
{
	const struct origin *o = asked_origin(a);

	return o && match_in(n->match, o->client);
}

static bool
destination(const struct node *n, struct asked *a)
{
	char text[200];

	snprintf(text, sizeof(text), "%s:%u", a->row->host, a->row->port);
	return row_matches(n, text);
}

static bool step_is(const struct node *n, struct asked *a, const char *value) { return asked_step(a, STEP_COUNT, value, n->match); }
static bool user(const struct node *n, struct asked *a) { return asked_step(a, STEP_PROCESS, "user", n->match); }
static bool sni(const struct node *n, struct asked *a) { return step_is(n, a, "sni"); }
static bool alpn(const struct node *n, struct asked *a) { return step_is(n, a, "negotiated_alpn") || step_is(n, a, "alpn"); }
static bool alert(const struct node *n, struct asked *a) { return step_is(n, a, "alert_name") || step_is(n, a, "alert"); }
static bool confidence(const struct node *n, struct asked *a) { return step_is(n, a, "source_confidence"); }
static bool ja3(const struct node *n, struct asked *a) { return step_is(n, a, "ja3"); }
static bool ja4(const struct node *n, struct asked *a) { return step_is(n, a, "ja4"); }
static bool tls_version(const struct node *n, struct asked *a) { return step_is(n, a, "version"); }
static bool cipher(const struct node *n, struct asked *a) { return step_is(n, a, "cipher"); }
static bool certificate(const struct node *n, struct asked *a) { return step_is(n, a, "subject") || step_is(n, a, "issuer") || step_is(n, a, "names"); }
static bool tls_reason(const struct node *n, struct asked *a) { return a->row->tls_failed >= 0 && step_is(n, a, "tls_failure_reason"); }

/* One of those that are named before what they could not do. */
static bool
ruled_within(const struct node *n, struct bytes by)
{
	uint64_t number = 0;
	bool any = false, found = false;

	for (size_t i = 0; i <= by.len && !found; i++) {
		uint8_t c = i < by.len ? by.at[i] : ':';

		if (c >= '0' && c <= '9') {
			number = number * 10 + (c - '0');
			any = true;
			continue;
		}
		found = any && in_range(n, number);
		number = 0;
		any = false;
		if (c == ':')
			break;
	}
	return found;
}

static bool ruled(const struct node *n, struct asked *a) { return ruled_within(n, asked_ruled(a, CLIENT)) || ruled_within(n, asked_ruled(a, SERVER)); }

static bool anomaly(const struct node *n, struct asked *a) { return asked_fault(a, CLIENT, n->match) || asked_fault(a, SERVER, n->match); }
static bool decided(const struct node *n, struct asked *a, const char *name) { return asked_step(a, STEP_DECIDED, name, n->match); }
static bool policy(const struct node *n, struct asked *a) { return decided(n, a, "action") || decided(n, a, "reason") || decided(n, a, "override_rule_id"); }

static bool
mode(const struct node *n, struct asked *a)
{
	const struct origin *o = asked_origin(a);

	return o && match_in(n->match, o->mode);
}

/* Bodies */

static bool matches(void *match, struct bytes said) { return match_in(match, said); }

static bool
body_matches(const struct node *n, struct asked *a, enum side side)
{
	struct buf body;
	bool found;

	buf_init(&body, BODY_MAX);
	found = asked_body(a, side, &body, matches, n->match) || (body.len && match_in(n->match, buf_bytes(&body)));
	buf_release(&body);
	return found;
}

static bool request_body(const struct node *n, struct asked *a) { return a->row->bytes[CLIENT] && body_matches(n, a, CLIENT); }
static bool response_body(const struct node *n, struct asked *a) { return a->row->bytes[SERVER] && body_matches(n, a, SERVER); }
static bool bodies(const struct node *n, struct asked *a) { return request_body(n, a) || response_body(n, a); }

#define PROTOCOL_WORD(name, text, about) text " "
#define CLOSE_WORD(name, text) text " "

const struct term terms[] = {
	{ "a",		ARG_NONE,	FILTER_HEADS,	0, asset,	"what pages are made of: scripts, styles, images, fonts" },
	{ "alert",	ARG_REGEX,	FILTER_HEADS,	0, alert,	"the alert that TLS failed with, by its name or number", "unknown_ca bad_certificate certificate_unknown certificate_expired handshake_failure protocol_version certificate_required" },
	{ "all",	ARG_NONE,	FILTER_ROW,	0, all,		"every flow" },
	{ "alpn",	ARG_REGEX,	FILTER_HEADS,	0, alpn,	"the protocol that TLS agreed on", "h2 http/1.1" },
	{ "anomaly",	ARG_REGEX,	FILTER_HEADS,	0, anomaly,	"a rule of its protocol that either side broke, in words" },
	{ "b",		ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, bodies, "a body, behind its content codings, or a message" },
	{ "bq",		ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, request_body, "the request's body, or a message of the client" },
	{ "bs",		ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, response_body, "the response's body, or a message of the server" },
	{ "c",		ARG_CODE,	FILTER_ROW,	0, code,	"the status: 200, 4xx, >=400", "2xx 3xx 4xx 5xx >=400 1xx" },
	{ "cert",	ARG_REGEX,	FILTER_HEADS,	0, certificate,	"the server's certificate: its subject, issuer or names" },
	{ "cipher",	ARG_REGEX,	FILTER_HEADS,	0, cipher,	"the cipher suite of TLS" },
	{ "close",	ARG_REGEX,	FILTER_ROW,	0, closed,	"why it is over, as soth-events(7) calls it", CLOSES(CLOSE_WORD) },
	{ "comment",	ARG_REGEX,	FILTER_HEADS,	0, comment,	"what a person said of it" },
	{ "confidence",	ARG_REGEX,	FILTER_HEADS,	0, confidence,	"how sure it is why TLS failed", "authoritative inferred" },
	{ "conn",	ARG_NUMBER,	FILTER_ROW,	0, connection,	"the number of the flow that opened its connection" },
	{ "cookie",	ARG_NAMED,	FILTER_HEADS,	0, term_cookie,	"a cookie, sent or set: session=^abc" },
	{ "d",		ARG_REGEX,	FILTER_HEADS,	0, domain,	"the host, or what Host says" },
	{ "dns",	ARG_NONE,	FILTER_ROW,	0, dns,		"DNS datagrams" },
	{ "dst",	ARG_REGEX,	FILTER_ROW,	0, destination,	"the server's host:port" },
	{ "dur",	ARG_TIME,	FILTER_ROW,	0, lasted,	"how long it took: >500ms" },
	{ "e",		ARG_NONE,	FILTER_ROW,	0, error,	"something went wrong" },
	{ "edited",	ARG_NONE,	FILTER_ROW,	0, edited,	"a message of it was, by a person or a rule" },
	{ "event",	ARG_REGEX,	FILTER_BODIES,	0, term_event,	"the name of an event of an event stream" },
	{ "failed",	ARG_NONE,	FILTER_ROW,	0, failed,	"it ended badly" },
	{ "grpc",	ARG_NONE,	FILTER_ROW,	0, grpc,	"gRPC" },
	{ "grpcmethod",	ARG_REGEX,	FILTER_ROW,	0, term_grpc_method, "gRPC's package.Service/Method" },
	{ "gs",		ARG_NUMBER,	FILTER_ROW,	0, grpc_status,	"the grpc-status: >0" },
	{ "h",		ARG_REGEX,	FILTER_HEADS,	MATCH_LINES, heads, "a field of either head: 'name: value'" },
	{ "hdr",	ARG_NAMED,	FILTER_HEADS,	0, term_header,	"a field of either head, by name: server=nginx", "content-type content-encoding cache-control authorization cookie set-cookie location origin user-agent server" },
	{ "hdrq",	ARG_NAMED,	FILTER_HEADS,	0, term_header_request, "a field of the request, by name", "content-type accept authorization cookie origin referer user-agent" },
	{ "hdrs",	ARG_NAMED,	FILTER_HEADS,	0, term_header_response, "a field of the response, by name", "content-type content-encoding cache-control set-cookie location server etag" },
	{ "held",	ARG_NONE,	FILTER_ROW,	0, held,	"a message of it waits for a person" },
	{ "hq",		ARG_REGEX,	FILTER_HEADS,	MATCH_LINES, request_head, "a field of the request" },
	{ "hs",		ARG_REGEX,	FILTER_HEADS,	MATCH_LINES, response_head, "a field of the response" },
	{ "http",	ARG_NONE,	FILTER_ROW,	0, http,	"there is a request" },
	{ "http1",	ARG_NONE,	FILTER_ROW,	0, term_http1,	"HTTP/1 on either side" },
	{ "http2",	ARG_NONE,	FILTER_ROW,	0, http2,	"HTTP/2 on either side" },
	{ "http3",	ARG_NONE,	FILTER_ROW,	0, http3,	"HTTP/3, passed on unread" },
	{ "id",		ARG_NUMBER,	FILTER_ROW,	0, id,		"the flow's number: 7, 10..20" },
	{ "ja3",	ARG_REGEX,	FILTER_HEADS,	0, ja3,		"the JA3 fingerprint of the client's hello" },
	{ "ja4",	ARG_REGEX,	FILTER_HEADS,	0, ja4,		"the JA4 fingerprint of the client's hello: ^t13d" },
	{ "json",	ARG_PATH,	FILTER_BODIES,	0, term_json,	"a value in JSON: $.user.id=42, $.items[*].price>10" },
	{ "jsonq",	ARG_PATH,	FILTER_BODIES,	0, term_json_request, "a value in JSON of the request, or of the client's messages" },
	{ "jsons",	ARG_PATH,	FILTER_BODIES,	0, term_json_response, "a value in JSON of the response, or of the server's messages" },
	{ "live",	ARG_NONE,	FILTER_ROW,	0, live,	"it goes on" },
	{ "m",		ARG_REGEX,	FILTER_ROW,	0, method,	"the method", "GET POST PUT PATCH DELETE HEAD OPTIONS CONNECT" },
	{ "marked",	ARG_NONE,	FILTER_ROW,	0, marked,	"a person marked it" },
	{ "marker",	ARG_REGEX,	FILTER_ROW,	0, marker,	"what a person marked it with: a colour, a sign, or both", "red orange yellow green blue purple" },
	{ "mode",	ARG_REGEX,	FILTER_HEADS,	0, mode,	"the mode it came in by" },
	{ "msg",	ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, term_message, "a message, by itself" },
	{ "msgcount",	ARG_NUMBER,	FILTER_ROW,	0, messages,	"how many messages it has: >100" },
	{ "msgq",	ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, term_message_request, "a message of the client" },
	{ "msgs",	ARG_REGEX,	FILTER_BODIES,	MATCH_DOTALL, term_message_response, "a message of the server" },
	{ "msgsize",	ARG_SIZE,	FILTER_BODIES,	0, term_message_size, "the size of a message: >1k" },
	{ "ndjson",	ARG_NONE,	FILTER_ROW,	0, ndjson,	"a JSON text a line" },
	{ "partial",	ARG_NONE,	FILTER_ROW,	0, partial,	"not all of it was recorded" },
	{ "pid",	ARG_NUMBER,	FILTER_ROW,	0, pid,		"the number of the client's process, on this machine" },
	{ "policy",	ARG_REGEX,	FILTER_HEADS,	0, policy,	"what policy did with its connection, why, or by which rule", "intercept tunnel block ignored_host blocked_host learned" },
	{ "port",	ARG_NUMBER,	FILTER_ROW,	0, port,	"the server's port" },
	{ "process",	ARG_REGEX,	FILTER_ROW,	0, process,	"the name of the client's process: curl" },
	{ "proto",	ARG_REGEX,	FILTER_ROW,	0, protocol,	"what is spoken: websocket, grpc", PROTOCOLS(PROTOCOL_WORD) },
	{ "q",		ARG_NONE,	FILTER_ROW,	0, has_none,	"no response has come" },
	{ "query",	ARG_NAMED,	FILTER_ROW,	0, term_query,	"a value of the query, by name: page=^4$" },
	{ "quic",	ARG_NONE,	FILTER_ROW,	0, quic,	"QUIC and HTTP/3, passed on unread" },
	{ "reason",	ARG_REGEX,	FILTER_HEADS,	0, tls_reason,	"why a TLS handshake failed" },
	{ "replay",	ARG_NONE,	FILTER_ROW,	0, either_replay, "~replayq or ~replays" },
	{ "replayq",	ARG_NONE,	FILTER_ROW,	0, replay,	"soth itself sent it" },
	{ "replays",	ARG_NONE,	FILTER_ROW,	0, replayed,	"its answer is out of a recording" },
	{ "rule",	ARG_NUMBER,	FILTER_HEADS,	0, ruled,	"the number of a rule that did something to it: 3, >0" },
	{ "s",		ARG_NONE,	FILTER_ROW,	0, has_response, "a response has come" },
	{ "side",	ARG_REGEX,	FILTER_ROW,	0, tls_side,	"with whom a TLS handshake failed: client, server", "client server" },
	{ "size",	ARG_SIZE,	FILTER_ROW,	0, size,	"both bodies: >10k" },
	{ "sizeq",	ARG_SIZE,	FILTER_ROW,	0, asks,	"the request's body" },
	{ "sizes",	ARG_SIZE,	FILTER_ROW,	0, answers,	"the response's body" },
	{ "sni",	ARG_REGEX,	FILTER_HEADS,	0, sni,		"the name that TLS asked for" },
	{ "src",	ARG_REGEX,	FILTER_HEADS,	0, source,	"the client's address:port" },
	{ "sse",	ARG_NONE,	FILTER_ROW,	0, sse,		"an event stream" },
	{ "t",		ARG_REGEX,	FILTER_HEADS,	0, types,	"the media type of either side", "json html javascript css image/ text/ xml form font" },
	{ "tcp",	ARG_NONE,	FILTER_ROW,	0, tcp,		"bytes that are nothing we know" },
	{ "time",	ARG_CLOCK,	FILTER_ROW,	0, began,	"when it began: >14:30, >-5m, >2026-11-26T09:00" },
	{ "tls",	ARG_NONE,	FILTER_ROW,	0, tls,		"it went over TLS" },
	{ "tlsfail",	ARG_NONE,	FILTER_ROW,	0, tls_failed,	"a TLS handshake failed" },
	{ "tlsver",	ARG_REGEX,	FILTER_HEADS,	0, tls_version,	"the version of TLS", "TLS1.3 TLS1.2" },
	{ "tq",		ARG_REGEX,	FILTER_HEADS,	0, request_type, "the media type of the request", "json html javascript css image/ text/ xml form font" },
	{ "trouble",	ARG_REGEX,	FILTER_ROW,	0, trouble,	"what went wrong, in words" },
	{ "ts",		ARG_REGEX,	FILTER_HEADS,	0, response_type, "the media type of the response", "json html javascript css image/ text/ xml form font" },
	{ "ttfb",	ARG_TIME,	FILTER_ROW,	0, waited,	"the same as ~wait" },
	{ "tunnel",	ARG_NONE,	FILTER_ROW,	0, tunnel,	"bytes passed on as they came" },
	{ "u",		ARG_REGEX,	FILTER_ROW,	0, url,		"the URL" },
	{ "udp",	ARG_NONE,	FILTER_ROW,	0, udp,		"datagrams" },
	{ "user",	ARG_REGEX,	FILTER_HEADS,	0, user,	"whose the client's process is" },
	{ "wait",	ARG_TIME,	FILTER_ROW,	0, waited,	"how long the answer took to begin: >1s" },
	{ "websocket",	ARG_NONE,	FILTER_ROW,	0, websocket,	"a WebSocket" },
	{ "wsclose",	ARG_NUMBER,	FILTER_HEADS,	0, term_websocket_close, "a WebSocket's close code: >1000" },
	{ NULL,		ARG_NONE,	FILTER_ROW,	0, NULL,	NULL },
};
