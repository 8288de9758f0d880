#ifndef SOTH_NOTE_H
#define SOTH_NOTE_H


#include "soth/part.h"

/*
 * What crosses between the threads. Notes go from the workers to the recorder
 * and say what happened; orders go the other way and say what to do. Nothing
 * else is shared, and nothing in either can be changed once it is sent.
 *
 * A flow is what its notes make of it: the screen never changes one by
 * itself, it gives an order and learns from a note what came of it. So a
 * session file is just the notes, and loading one is hearing them again.
 *
 * The first request of a connection shares its flow with the making of that
 * connection: CONNECT, dialling and both handshakes are steps of it, as they
 * happen. A connection that never gets a request is a flow all the same.
 * Later requests have flows of their own, whose origin names the first.
 */
typedef uint64_t flow_id;	/* from 1; unique in a session */

/* Between whom. Counted, unchanging; the texts lie in the same block. */
struct origin {
	_Alignas(8) uint64_t refs;	/* atomic: for origin.c alone */
	flow_id opened_by;	/* the flow with the steps of this connection */
	struct bytes client;	/* "127.0.0.1:50312" */
	struct bytes listener;	/* "127.0.0.1:8080" */
	struct bytes mode;	/* "regular" "reverse" */
	struct bytes scheme;	/* "http" "https"; "tcp" where nothing is known yet */
	struct bytes host;	/* as the client named it; IPv6 without brackets */
	uint16_t port;
};

struct origin *origin_new(const struct origin *like);	/* copies the texts */
struct origin *origin_ref(struct origin *o);
void origin_drop(struct origin *o);

/*
 * A step of a connection, with what is known of it: counted, unchanging,
 * values under the names of the event log.
 */
#define STEPS(_) \
	_(CONNECT_RECEIVED,	"connect_received",	"the client asked for a tunnel") \
	_(PARSE_FAILED,		"connect_parse_failed",	"what came was no request") \
	_(DECIDED,		"connect_decision",	"action and reason") \
	_(DIALING,		"dialing",		"host, port") \
	_(CONNECTED,		"connected",		"address") \
	_(CONNECT_FAILED,	"connect_failed",	"reason, detail") \
	_(TLS_STARTED,		"tls_handshake_started", "peer, sni, alpn offered") \
	_(TLS_ESTABLISHED,	"tls_handshake_succeeded", "peer, version, cipher, alpn, certificate") \
	_(TLS_FAILED,		"tls_handshake_failed",	"peer, reason, alert, detail") \
	_(HTTP3_PASSTHROUGH,	"http3_passthrough",	"passthrough_protocol, passthrough_mode, sni, alpn, version") \
	_(SWITCHED,		"switch",		"name, value, what: a kill switch that is not at its default did this") \
	_(PARENT,		"upstream_proxy",	"proxy: it has given us the connection") \
	_(REPLAYED,		"replay",		"of: the number of the flow that soth sends again; 0: it sends one of its own") \
	_(ANSWERED,		"server_replay",	"result: answered out of a recording, or no answer; of: the number of its flow there; action: of server-replay-extra") \
	_(CERTIFICATES,		"tls_certificates",	"peer; what it showed in a full handshake, accepted or not") \
	_(ONBOARDING,		"onboarding",		"what: soth answered this itself; path") \
	_(PROCESS,		"process",		"pid, name, command, user, parents: who the client is, on this machine") \
	_(TLS_ASKED,		"tls_client_certificate", "peer, client_certificate: a server asked for one within a session, and what it got") \
	_(LEARNING,		"tls_learning_audit",	"a failure of TLS, while learn-passthrough is on: what it taught, or why nothing") \
	_(PEEKED,		"tunnel_hello",		"peer, and what its hello said, which passed unread")

enum step_kind {
#define STEP_ENUM(name, event, about) STEP_##name,
	STEPS(STEP_ENUM)
#undef STEP_ENUM
	STEP_COUNT
};

/*
 * Values of the steps of TLS, all of them texts, left out where they are not
 * known. `peer` is "downstream" (the client) or "upstream" (the server).
 *
 * TLS_STARTED: peer, sni, alpn_offered ("h2,http/1.1"), versions_offered
 * ("TLS1.3,TLS1.2"); of a client also ja3, ja4.
 *
 * TLS_ESTABLISHED: peer, sni, version ("TLS1.3"), cipher, group,
 * negotiated_alpn, resumed ("yes", "no"); of a server also ja3s, its
 * certificate's subject, issuer, names, not_before, not_after, fingerprint
 * (SHA-256), `verified` ("yes", "no: why"), and the four of OCSP below.
 * client_certificate: of a server, the file that it was given when it asked,
 * or that there was none; of a client that we asked, whether one came, and
 * then its subject and so on. shown_certificate: the file of one that the
 * client was shown in place of one that we make.
 *
 * TLS_FAILED: peer, sni, tls_failure_reason (tlsreason.h), detail (a sentence
 * for a person), raw_provider_error ("GNUTLS_E_...: text"), tls_ops_provider
 * ("gnutls"), source_confidence ("authoritative": an alert or the library
 * said so; "inferred": the connection broke off), tls_stage ("hello": before the
 * client's was answered; "handshake"; "after_handshake": before any data came;
 * "session"), all of TLS_STARTED, client_certificate as above,
 * and what had been agreed on: version, negotiated_alpn. Of a certificate that
 * we refuse, verify_status ("signer_not_found,expired": verify_names() of
 * alert.h). Where there was an alert: alert (its number), alert_name, alert_by
 * (who sent it: "client", "server", "soth"). Upstream the four of OCSP:
 *
 * upstream_ocsp_staple_present: true, false; unknown: no certificate came in
 * this handshake. upstream_ocsp_staple_status: present, missing, invalid,
 * revoked, not_checked. revocation_policy_mode: passive_observe, as nothing is
 * asked of anybody. revocation_decision: signal_present, signal_missing_staple
 * (the certificate says there must be one), signal_invalid_staple,
 * signal_revoked, no_signal.
 *
 * CERTIFICATES: peer, count (that came); of the first subject, issuer, names,
 * not_before, not_after, fingerprint; then `certificate` for each in DER, its
 * own first, CERTIFICATES_MAX and CERTIFICATES_TEXT_MAX at most.
 */
enum {
	STEP_VALUES_MAX = 24, STEP_TEXT_MAX = 4096,
	CERTIFICATES_MAX = 10, CERTIFICATES_TEXT_MAX = 64 << 10,
};

struct step;

/* Copies `count` values; at most STEP_VALUES_MAX are kept, and their texts are
 * cut where they pass STEP_TEXT_MAX in all, or CERTIFICATES_TEXT_MAX of that
 * kind. Their owner is whoever made it. */
struct step *step_new(enum step_kind kind, const struct field *values, size_t count);
struct step *step_ref(struct step *s);
void step_drop(struct step *s);
enum step_kind step_kind(const struct step *s);
size_t step_count(const struct step *s);
size_t step_weight(const struct step *s);	/* bytes of memory */
struct field step_value(const struct step *s, size_t i);
struct bytes step_find(const struct step *s, const char *name);	/* empty: none */
uint32_t step_number(const struct step *s, const char *name);	/* 0: it is none */
const char *step_event(enum step_kind kind);	/* "tls_handshake_failed" */

/* Why a flow is over. */
#define CLOSES(_) \
	_(BLOCKED,		"blocked") \
	_(PARSE_FAILED,		"connect_parse_failed") \
	_(TLS_FAILED,		"tls_handshake_failed") \
	_(ROUTE_FAILED,		"route_planner_failed") \
	_(CONNECT_FAILED,	"upstream_connect_failed") \
	_(RELAY_EOF,		"relay_eof") \
	_(RELAY_ERROR,		"relay_error") \
	_(IDLE,			"idle_watchdog_timeout") \
	_(STAGE_TIMEOUT,	"stream_stage_timeout") \
	_(HTTP_COMPLETED,	"mitm_http_completed") \
	_(HTTP_ERROR,		"mitm_http_error") \
	_(WEBSOCKET_COMPLETED,	"websocket_completed") \
	_(WEBSOCKET_ERROR,	"websocket_error")

enum close_code {
#define CLOSE_ENUM(name, text) CLOSE_##name,
	CLOSES(CLOSE_ENUM)
#undef CLOSE_ENUM
	CLOSE_COUNT
};
const char *close_name(unsigned code);		/* "?" past the last */

#define NOTES(_) \
	_(FLOW,		".origin: a flow began, or it is known better between whom") \
	_(STEP,		".step: decided, connected, TLS done or failed, and why") \
	_(PART,		".part came from .side") \
	_(GONE,		"the flow is over: .part is a RESET, its code a close_code, its data the detail; the last note of a flow but for remarks") \
	_(LOG,		".part is DATA, a line of text, or what its code says; flow 0") \
	_(HAND,		".part is DATA: a hand, or a rule, is on the message of .side; its code an enum hand, its text who or why") \
	_(REMARK,	".part is DATA: what a person says of the flow, see remark.h")

enum note_kind {
#define NOTE_ENUM(name, about) NOTE_##name,
	NOTES(NOTE_ENUM)
#undef NOTE_ENUM
	NOTE_COUNT
};

/* What becomes of a message that does not simply pass. */
#define HANDS(_) \
	_(HELD,		"held",		"it waits for a person; why. Of a stream, its message .count, from 1") \
	_(FREED,	"freed",	"it goes on; who let it, or which limit. .count likewise") \
	_(EDITED,	"edited",	"what is told of .side from here on goes on in place of what was told before; who did it") \
	_(LEFT,		"left",		"while it was held, .side left") \
	_(MESSAGE,	"message",	"the message .count of .side goes on as this") \
	_(DROPPED,	"dropped",	"the message .count of .side goes no further; who did it") \
	_(RULED,	"ruled",	"rules did something to the message of .side, or to its message .count: which, and what they could not do") \
	_(RAW,		"raw",		"the message of .side went on as bytes that were typed, however they are framed: so many") \
	_(INJECTED,	"injected",	"the message .count of .side, told next, did not come from there: who put it between the others") \
	_(TYPED,	"typed",	"the fields of .side's message went on HTTP/2 as they were typed: these lines, see fieldlist.h; its head is what they are like") \
	_(VERBATIM,	"verbatim",	"the message of .side went on HTTP/1 as these bytes, which were typed; told where they are not too many")

enum hand {
#define HAND_ENUM(name, word, about) HAND_##name,
	HANDS(HAND_ENUM)
#undef HAND_ENUM
	HAND_COUNT
};
const char *hand_word(unsigned code);		/* "?" past the last */
/* What a LOG's DATA is. TRIGRAMS: of flows before it; see search.h and soth-session(5). KEYS: lines for the key log,
 * which are in no session. */
enum log_code { LOG_LINE, LOG_TRIGRAMS, LOG_KEYS };

struct note {
	enum note_kind kind;
	enum side side;
	flow_id flow;
	uint32_t stream;	/* PART: the HTTP/2 stream it came or went on, on .side's connection; 0: none */
	uint64_t when;		/* microseconds since the epoch */
	uint64_t order;		/* of all notes of a session, from 1, without gaps: the recorder's */
	uint64_t flow_order;	/* of the notes of its flow, likewise */
	union {
		struct part part;
		struct origin *origin;
		struct step *step;
	};
};
void note_drop(struct note *n);
size_t note_weight(const struct note *n);	/* about how much memory it pins */

#define ORDERS(_) \
	_(SET,		"an option changed: .text is name=value") \
	_(KILL,		"break .flow off; .how, and the .code of an alert or of HTTP/2 where that has one") \
	_(RESUME,	"what is held of .flow goes on; of all flows where that is 0") \
	_(EDIT,		".parts go on in place of what is held of .flow's .side: HEAD, DATA, TRAILER, END; or of a stream's message a MESSAGE. It stays held. With .raw those bytes go on, or with .list those fields, and .parts are what is told of them") \
	_(DROP,		"the message that is held of .flow's .side goes no further") \
	_(INJECT,	".parts is a MESSAGE, of WS_OPCODE alone, that goes on as if .side of .flow had said it, once none of its own is under way") \
	_(ANSWER,	".parts are the answer to .flow, whose request is held and goes no further") \
	_(LISTEN,	"open .gate, and take its socket") \
	_(UNLISTEN,	"close .gate; what came in by it goes on") \
	_(SEND,		"send .sending as .flow, the way that .mode says") \
	_(KEYS,		"look at the keys that were made anew") \
	_(RECORDING,	"from now on requests are answered out of .answers; NULL: by servers")

enum order_kind {
#define ORDER_ENUM(name, about) ORDER_##name,
	ORDERS(ORDER_ENUM)
#undef ORDER_ENUM
};

struct gate;			/* net's: a listener. It outlives the orders */
struct mode;			/* ... and so does this */
struct sending;
struct answers;

/* Where a stream of HTTP/2 is broken off the others go on, but for an alert. */
enum kill_how {
	KILL_CLOSE,		/* FIN; RST_STREAM with CANCEL */
	KILL_RESET,		/* a TCP reset; RST_STREAM with CANCEL */
	KILL_ALERT,		/* a fatal alert of TLS: .code */
	KILL_CODE,		/* RST_STREAM with .code */
};

struct order {
	enum order_kind kind;
	enum kill_how how;
	uint32_t code;
	enum side side;
	flow_id flow;
	struct slice text;	/* SET; else who gave it, in words */
	const struct gate *gate;
	struct parts *parts;
	struct slice raw;	/* EDIT; empty: there are none */
	bool list;		/* .raw are fields of HTTP/2 and a body: fieldlist.h */
	struct sending *sending;	/* its own */
	const struct mode *mode;
	struct answers *answers;	/* its own */
};
struct order order_ref(const struct order *o);	/* the same once more */
void order_drop(struct order *o);

#endif
