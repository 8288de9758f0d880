#ifndef SOTH_OPTION_H
#define SOTH_OPTION_H

#include "soth/base.h"

/*
 * Every option, once. This table is the command line, the config file, :set
 * and its completion; soth(1) describes each, and a test says so if it does
 * not. `-` and `_` in names are equal. What mitmproxy has keeps its name.
 *
 * To add one, add its line. A new field needs a reader and a test.
 *
 * Those that HOST hears are switches: they may be set for some hosts alone,
 * as NAME@PATTERN (`http2@*.example.com = no`), where `*.example.com` is that
 * name and all below it, and `*` is every host. The last that fits counts; one
 * that is set again keeps its place. Before the host may stand a process, or `*`, and
 * a slash: `http2@curl/www.example.com`. The value `default` takes a switch back:
 * for single hosts, to what holds for all. They hold from the next connection,
 * or request, on; the screen shows them while they are not at their default.
 *
 *	field, "name", type, default, who must hear of a change, help
 */
#define OPTIONS(_) \
	_(listen,	"listen",	STRING,	"127.0.0.1:8080", AT_START, "address and port to listen on") \
	_(mode,		"mode",		STRING,	"regular",	BACKEND,  "regular, socks5, reverse:SCHEME://HOST[:PORT], upstream:SCHEME://HOST[:PORT], transparent; several with commas, each with @[HOST:]PORT") \
	_(workers,	"workers",	COUNT,	"0",		AT_START, "threads that carry traffic; 0: the cores, at most 4") \
	_(confdir,	"confdir",	STRING,	"",		AT_START, "one folder for authority, config and sessions; empty: the XDG folders") \
	_(write,	"save-stream-file", STRING, "",		AT_START, "record into this file") \
	_(read,		"rfile",	STRING,	"",		AT_START, "open this session and capture nothing") \
	_(sessions,	"sessions-kept", COUNT,	"10",		AT_START, "how many earlier sessions are kept") \
	_(session_size,	"session-size",	SIZE,	"0",		AT_START, "let the oldest flows go when the session is larger than this; 0: keep all") \
	_(record_buffer, "record-buffer", SIZE,	"64m",		AT_START, "bytes on their way to the journal before sockets wait") \
	_(ignore_hosts,	"ignore-hosts",	LIST,	"",		BACKEND,  "pass connections on unread whose HOST:PORT this regex finds; given again, one more") \
	_(allow_hosts,	"allow-hosts",	LIST,	"",		BACKEND,  "pass all connections on unread but those, likewise") \
	_(block_hosts,	"block-hosts",	LIST,	"",		BACKEND,  "refuse connections and requests to those, likewise") \
	_(learn,	"learn-passthrough", BOOL, "no",	BACKEND,  "pass on unread, for a while, hosts whose clients refuse our certificate by an alert") \
	_(learn_minutes, "learn-minutes", COUNT, "15",		BACKEND,  "how long that holds") \
	_(trusted_ca,	"ssl-verify-upstream-trusted-ca", STRING, "", BACKEND, "PEM file of what to trust of servers; this and the next empty: the system's") \
	_(trusted_folder, "ssl-verify-upstream-trusted-confdir", STRING, "", BACKEND, "a folder of PEM files of what to trust of servers, likewise") \
	_(client_certs,	"client-certs",	STRING,	"",		BACKEND,  "[HOST=]PATH, with commas: PEM of key and certificate for servers that ask for one; or a folder with HOST.pem each") \
	_(certs,	"certs",	STRING,	"",		BACKEND,  "[HOST=]PATH, with commas: PEM of key and certificate to show to clients in place of one that soth makes") \
	_(cert_passphrase, "cert-passphrase", STRING, "",	BACKEND,  "what opens the keys of client-certs and certs") \
	_(key_size,	"key-size",	COUNT,	"0",		AT_START, "bits of the RSA keys that soth makes, for an authority and the certificates it signs; 0: ECDSA, P-256") \
	_(request_client_cert, "request-client-cert", BOOL, "no", BACKEND, "ask clients for a certificate, and show it; it cannot be passed on") \
	_(tls_client_min, "tls-version-client-min", STRING, "TLS1_2", BACKEND, "oldest version of TLS with clients: UNBOUNDED SSL3 TLS1 TLS1_1 TLS1_2 TLS1_3") \
	_(tls_client_max, "tls-version-client-max", STRING, "UNBOUNDED", BACKEND, "... and the newest") \
	_(tls_server_min, "tls-version-server-min", STRING, "TLS1_2", BACKEND, "oldest version of TLS with servers") \
	_(tls_server_max, "tls-version-server-max", STRING, "UNBOUNDED", BACKEND, "... and the newest") \
	_(ciphers_client, "ciphers-client", STRING, "",		BACKEND,  "cipher suites to agree on with clients, with : between; empty: the usual") \
	_(ciphers_server, "ciphers-server", STRING, "",		BACKEND,  "likewise, with servers") \
	_(curve_client,	"tls-ecdh-curve-client", STRING, "",	BACKEND,  "groups to agree on with clients, as X25519; empty: the usual") \
	_(curve_server,	"tls-ecdh-curve-server", STRING, "",	BACKEND,  "likewise, with servers") \
	_(keylog,	"tls-keylog",	STRING,	"",		BACKEND,  "append the keys of TLS sessions to this file, for Wireshark; empty: what SSLKEYLOGFILE says") \
	_(http2,	"http2",	BOOL,	"yes",		HOST,	  "speak HTTP/2; no: HTTP/1.1 alone") \
	_(websocket,	"websocket",	BOOL,	"yes",		HOST,	  "read WebSocket messages; no: they pass as bytes") \
	_(http3,	"http3-passthrough", BOOL, "yes",	HOST,	  "leave Alt-Svc as it is and pass QUIC on; no: strip what announces HTTP/3, and drop QUIC") \
	_(rawtcp,	"rawtcp",	BOOL,	"yes",		HOST,	  "pass on what is not HTTP; no: close it") \
	_(record_bodies, "stream-large-bodies", SIZE, "32m",	HOST,	  "record this much of each body; the rest passes on unrecorded") \
	_(store_streamed, "store-streamed-bodies", BOOL, "no",	HOST,	  "record all of each body, whatever stream-large-bodies says") \
	_(body_limit,	"body-size-limit", SIZE, "0",		HOST,	  "refuse bodies larger than this; 0: none") \
	_(policy,	"policy",	ACTION,	"intercept",	HOST,	  "intercept, tunnel or block connections") \
	_(validate,	"validate-inbound-headers", BOOL, "yes", HOST,	  "refuse messages whose heads break the rules; no: mend what can be read in one way only") \
	_(insecure,	"ssl-insecure",	BOOL,	"no",		HOST,	  "do not verify servers' certificates") \
	_(event_log,	"event-log",	STRING,	"",		AT_START, "write the events of each flow into this file, as JSON lines") \
	_(proxyauth,	"proxyauth",	STRING,	"",		BACKEND,  "USER:PASSWORD that clients of the proxy must give; empty: none") \
	_(onboarding,	"onboarding",	BOOL,	"yes",		BACKEND,  "soth itself answers requests to onboarding-host, and those to the proxy as a server, with its certificate") \
	_(onboarding_host, "onboarding-host", STRING, "soth.internal,mitm.it", BACKEND, "the names that onboarding answers to, with commas") \
	_(upstream_auth, "upstream-auth", STRING, "",		BACKEND,  "USER:PASSWORD to give to the parent proxy") \
	_(server_replay, "server-replay", STRING, "",		AT_START, "answer requests out of these files, with commas, and not by servers") \
	_(server_replay_extra, "server-replay-extra", STRING, "forward", BACKEND, "a request that no recorded answer is to: forward, kill, 204, 400, 404, 500") \
	_(server_replay_reuse, "server-replay-reuse", BOOL, "no", BACKEND, "give a recorded answer again and again; no: each once, in their order") \
	_(server_replay_refresh, "server-replay-refresh", BOOL, "yes", BACKEND, "dates in recorded answers become as much later as it is now") \
	_(server_replay_speed, "server-replay-speed", STRING, "1", BACKEND, "streams of messages are said so many times as fast as they were recorded; 0: at once") \
	_(server_replay_use_headers, "server-replay-use-headers", STRING, "", AT_START, "request fields that must be the same too, with commas") \
	_(server_replay_ignore_content, "server-replay-ignore-content", BOOL, "no", AT_START, "request bodies need not be the same") \
	_(server_replay_ignore_host, "server-replay-ignore-host", BOOL, "no", AT_START, "hosts need not be the same") \
	_(server_replay_ignore_port, "server-replay-ignore-port", BOOL, "no", AT_START, "ports need not be the same") \
	_(server_replay_ignore_params, "server-replay-ignore-params", STRING, "", AT_START, "parameters of the query that need not be the same, with commas") \
	_(server_replay_ignore_payload_params, "server-replay-ignore-payload-params", STRING, "", AT_START, "likewise, of a body that is a form") \
	_(head_limit,	"head-size-limit", SIZE, "64k",		BACKEND,  "refuse heads larger than this") \
	_(keep_host,	"keep-host-header", BOOL, "no",		BACKEND,  "reverse: leave the Host header as the client sent it") \
	_(connect_timeout, "connect-timeout", SECONDS, "10",	BACKEND,  "for a connection to a server") \
	_(head_timeout,	"header-timeout", SECONDS, "30",	BACKEND,  "for a whole request head, once begun, and for handshakes") \
	_(intercept,	"intercept",	STRING,	"",		BACKEND,  "hold the requests and responses that this filter takes, until they are let go; empty: none") \
	_(intercept_active, "intercept-active", BOOL, "yes",	BACKEND,  "no: intercept holds nothing for now") \
	_(rules,	"rules",	STRING,	"",		BACKEND,  "a file of rules for the messages that pass, as soth-rules(7) has them; empty: none") \
	_(modify_headers, "modify-headers", LIST, "",		BACKEND,  "/filter/name/value as mitmproxy has it: a field is set, or taken out; each one more rule, behind those of the file") \
	_(modify_body,	"modify-body",	LIST,	"",		BACKEND,  "/filter/regex/replacement: in bodies; likewise") \
	_(map_remote,	"map-remote",	LIST,	"",		BACKEND,  "/filter/regex/replacement: in URLs, where the request goes then; likewise") \
	_(map_local,	"map-local",	LIST,	"",		BACKEND,  "/filter/regex/path: answered out of a file or folder; likewise") \
	_(block_list,	"block-list",	LIST,	"",		BACKEND,  "/filter/status: answered with that status, or closed with 444; likewise") \
	_(hold_size,	"hold-size",	SIZE,	"32m",		BACKEND,  "a held message may grow to this many bytes") \
	_(hold_count,	"hold-count",	COUNT,	"1000",		BACKEND,  "so many messages are held at once, and no more; 0: any number") \
	_(hold_age,	"hold-age",	SECONDS, "0",		BACKEND,  "a message is held no longer than this; 0: for ever") \
	_(hold_kill,	"hold-kill",	BOOL,	"no",		BACKEND,  "break a flow off when its message is past hold-size, hold-count or hold-age; no: it passes on") \
	_(theme,	"theme",	STRING,	"",		SCREEN,	  "colours: dark, light, mono, or a file; empty: dark, or mono under NO_COLOR") \
	_(columns,	"columns",	STRING,	"",		SCREEN,	  "what the list shows of a flow: names with spaces between; empty: what there is room for") \
	_(wrap,		"wrap",		BOOL,	"yes",		SCREEN,	  "long lines go on below; no: they are cut") \
	_(unpack_limit,	"unpack-limit",	SIZE,	"256m",		SCREEN,	  "show this much of a body behind its content codings") \
	_(llm_text,	"llm-text",	STRING,	"",		SCREEN,	  "where in an event's JSON a language model's text is, as $.choices[0].delta.content, of an API that is not known") \
	_(llm_tool,	"llm-tool",	STRING,	"",		SCREEN,	  "likewise, the arguments of a tool") \
	_(descriptors,	"protobuf-descriptors", STRING, "",	SCREEN,	  "descriptor sets and .proto files with the types of protobuf messages, with commas") \
	_(redact_fields, "redact-fields", STRING, "",		AT_START, "names whose values --redact takes out, with commas; empty: those of credentials") \
	_(follow,	"console-focus-follow", BOOL, "yes",	SCREEN,	  "the list begins by following the newest flow") \
	_(fold,		"fold",		BOOL,	"no",		SCREEN,	  "in the list, flows in a row that ask the same with the same outcome are one line") \
	_(process_lookup, "process-lookup", BOOL, "yes",	BACKEND,  "find out which process of this machine a client is") \
	_(idle_timeout,	"tcp-timeout",	SECONDS, "600",		BACKEND,  "for a connection on which nothing moves")

enum option_type { OPTION_BOOL, OPTION_COUNT, OPTION_SECONDS, OPTION_SIZE, OPTION_STRING, OPTION_LIST, OPTION_ACTION };
enum option_hears { HEARS_AT_START, HEARS_BACKEND, HEARS_SCREEN, HEARS_HOST };

typedef bool option_BOOL;
typedef unsigned option_COUNT;
typedef unsigned option_SECONDS;
typedef size_t option_SIZE;	/* "10", "64k", "32m", "1g" */
typedef char *option_STRING;
typedef char *option_LIST;	/* set again it is one more; a line end stands behind each. "" takes all of them out */

/* What becomes of a connection: see policy.h. */
#define POLICY_ACTIONS(_) \
	_(INTERCEPT,	"intercept") \
	_(TUNNEL,	"tunnel") \
	_(BLOCK,	"block")

enum policy_action {
#define POLICY_ENUM(name, word) POLICY_##name,
	POLICY_ACTIONS(POLICY_ENUM)
#undef POLICY_ENUM
};
typedef enum policy_action option_ACTION;

struct options {
#define OPTION_FIELD(field, name, type, def, hears, help) option_##type field;
	OPTIONS(OPTION_FIELD)
#undef OPTION_FIELD
	struct override *override;	/* option.c's: NAME@PATTERN, in the order they were set */
	size_t overrides;
};

/* The switches, as they stand for one host, port and process; 0, "": it is not known. */
struct switches {
#define SWITCH_FIELD_AT_START(field, type)
#define SWITCH_FIELD_BACKEND(field, type)
#define SWITCH_FIELD_SCREEN(field, type)
#define SWITCH_FIELD_HOST(field, type) option_##type field;
#define SWITCH_FIELD(field, name, type, def, hears, help) SWITCH_FIELD_##hears(field, type)
	OPTIONS(SWITCH_FIELD)
#undef SWITCH_FIELD
#undef SWITCH_FIELD_AT_START
#undef SWITCH_FIELD_BACKEND
#undef SWITCH_FIELD_SCREEN
#undef SWITCH_FIELD_HOST
};
void options_switches(const struct options *o, const char *host, unsigned port, const char *process, struct switches *out);

struct option;
/* The pattern of the NAME@PATTERN that counts there; NULL: none fits. */
const char *options_pattern(const struct options *o, const struct option *opt, const char *host, unsigned port, const char *process);
/* The pattern has a host of that name and port in it: *.example.com has www.example.com, *:8443 all at that port. */
bool option_host_fits(const char *pattern, const char *host, unsigned port);
/* The i-th NAME@PATTERN, in the order they were set; false: there are no more. */
bool option_override(const struct options *o, size_t i, const struct option **opt, const char **pattern,
	char *value, size_t room);

struct option {
	const char *name, *def, *help;
	enum option_type type;
	enum option_hears hears;
	size_t offset;		/* of its field in struct options */
};

void options_init(struct options *o);		/* to the defaults */
void options_copy(struct options *to, const struct options *from);
void options_release(struct options *o);

/* Bools take yes no true false on off toggle; no value is "yes". Nothing
 * changes where it fails. */
bool option_set(struct options *o, const char *name, const char *value, struct fault *why) MUST_USE;
/* "name=value". */
bool option_assign(struct options *o, const char *text, struct fault *why) MUST_USE;
/* A config file: `name = value` lines, # comments. A fault names file and
 * line, and nothing has changed then. A file that is not there is no fault. */
bool options_load(struct options *o, const char *path, struct fault *why) MUST_USE;

const struct option *option_at(size_t i);	/* NULL after the last */
const struct option *option_named(const char *name);	/* NULL: no such */
void option_format(const struct options *o, const struct option *opt, char *out, size_t room);

#endif
