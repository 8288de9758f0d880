#ifndef PROTO_H2_H
#define PROTO_H2_H

#include "soth/layer.h"

/*
 * HTTP/2 of either role (RFC 9113), with extended CONNECT (RFC 8441): bytes to
 * parts on streams, and parts to bytes.
 *
 * Up come, on each stream: HEAD (its .count is 1 where the stream ends with
 * it: no body, and END follows at once), then DATA, TRAILER where there is one, and
 * END; as a client's each 1xx is a HEAD of its own before the last one. Down
 * go the same. Heads are the same as in HTTP/1 (soth/head.h), with version
 * HTTP_2: `:authority` is the field host, put first, unless there is one that
 * is the same; `:protocol` of an extended CONNECT is the field upgrade, and
 * its target the path; cookies are joined into one field (section 8.2.3). What
 * goes down may be of any version: names are made small, fields that are the
 * connection's (section 8.2.2) and HTTP/1's framing are left out, host becomes
 * :authority.
 *
 * As a client the owner numbers the streams: 1, 3, 5 and on, each HEAD that
 * goes down opening the next.
 *
 * Every head is checked by headers.h before it goes up and before it goes
 * down; one that fails is a RESET up on its stream and an RST_STREAM.
 *
 * A RESET part has an HTTP/2 error code in .code, and in .data the words, with
 * the section of the rule that was broken. It comes up once a stream at most
 * and is its last part: when the peer resets it, breaks a rule on it, when the
 * connection dies, or when a GOAWAY says that it was not looked at
 * (H2_REFUSED_STREAM: it can be sent again elsewhere). One with H2_NO_ERROR
 * after the END of an answer says only that no more of the request is wanted.
 * A RESET that goes down sends RST_STREAM, and nothing comes up for it; with
 * H2_NO_ERROR, after END, not before that END has gone.
 *
 * A rule broken on the whole connection sends GOAWAY with the code, then a
 * RESET on each stream goes up, then EV_FAIL (FAIL_PROTOCOL, the words), and
 * CMD_CLOSE goes down. EV_EOF from below does the same but for the words, and
 * EV_EOF goes up after the RESETs.
 *
 * As a client it sends the preface at once; EV_OPEN goes up when the peer's
 * SETTINGS are there, and where its first bytes are no HTTP/2 at all, EV_FAIL
 * with FAIL_PROTOCOL and h2_alien(). As a server EV_OPEN goes up with the
 * client's SETTINGS.
 *
 * Flow control is tied from end to end: what came on a stream is given back to
 * the peer's window of that stream unless it is paused (CMD_PAUSE with its
 * number), the connection's at once, so a paused stream stalls no other. What
 * waits to be sent on a stream past its high mark is EV_FULL with its number,
 * then EV_DRAINED. EV_FULL from below keeps everything here until EV_DRAINED.
 *
 * Limits: see enum h2_limits; the peer that passes one gets
 * H2_ENHANCE_YOUR_CALM. They count frames and streams, not time, so it never
 * matters how what comes is cut. The field `priority` passes on like any
 * other. PRIORITY frames (RFC 7540) only order what goes to that same peer,
 * PRIORITY_UPDATE is ignored; neither passes on.
 *
 * A body that goes down is cut at its content-length, and reset where it is
 * shorter; a RESET comes up for that, as for a head that may not go.
 *
 * CMD_SHUT: GOAWAY with the last stream, what is under way goes on, and when
 * the last has ended CMD_CLOSE. As a server it is the same after the client's
 * GOAWAY, and EV_EOF goes up. With a RESET in it CMD_SHUT is GOAWAY with that
 * code, and the last stream the one before its own. CMD_CLOSE: GOAWAY, and close.
 */
enum h2_code {			/* RFC 9113 section 7 */
	H2_NO_ERROR, H2_PROTOCOL_ERROR, H2_INTERNAL_ERROR, H2_FLOW_CONTROL_ERROR, H2_SETTINGS_TIMEOUT,
	H2_STREAM_CLOSED, H2_FRAME_SIZE_ERROR, H2_REFUSED_STREAM, H2_CANCEL, H2_COMPRESSION_ERROR,
	H2_CONNECT_ERROR, H2_ENHANCE_YOUR_CALM, H2_INADEQUATE_SECURITY, H2_HTTP_1_1_REQUIRED,
};

enum h2_limits {
	H2_STREAMS_MAX = 1000,		/* SETTINGS_MAX_CONCURRENT_STREAMS that we say */
	H2_WINDOW = 64 << 10,		/* of a stream at first, and again after a pause; while it is read it grows to ... */
	H2_WINDOW_MAX = 1 << 20,
	H2_STREAM_HIGH = 64 << 10,	/* more waits to be sent on a stream: EV_FULL */
	H2_STREAM_LOW = 16 << 10,
	H2_CONTINUATIONS_MAX = 8,	/* of a head, and one for each 16 KiB of .head_limit */
	H2_LIST_BOMB = 16,		/* a header list so many times the limit ends the connection */
	H2_STRIKES_MAX = 200,		/* more streams that the client broke off, or that broke a rule, before their
					 * answer; each that ended well makes good for one */
	H2_IDLE_MAX = 10000,		/* more frames that carry nothing (PING, SETTINGS, empty DATA, ...); each that
					 * does makes good for ten, and its DATA for one every 256 bytes */
};

struct h2_args {
	bool server;			/* the peer is a client */
	bool proxy;			/* server: requests name where they go: their targets come up in absolute-form */
	bool tls;			/* client: :scheme is https, for targets that name none */
	bool websocket;			/* server: extended CONNECT is offered */
	bool lenient;			/* what mend.h can mend is, and a FAULT behind the head or trailers says so */
	size_t head_limit;		/* bytes of a header list; a longer one is a RESET with H2_ENHANCE_YOUR_CALM, as a
					 * server with .count 431: the owner may answer that at once, before the layer
					 * settles and resets the stream */
};

struct h2;			/* what chain_find(c, &layer_h2) gives */

/* Client: a new request may be sent: no GOAWAY has come, and ids are left. */
bool h2_accepts(const struct h2 *h);
/* Client: the server takes extended CONNECT (RFC 8441). */
bool h2_takes_websocket(const struct h2 *h);
/* Client: what answered speaks no HTTP/2. */
bool h2_alien(const struct h2 *h);
size_t h2_streams(const struct h2 *h);		/* under way; for tests */
const char *h2_code_name(uint32_t code);	/* "CANCEL"; "?" past the last */

/* The next head that goes down on that stream goes out as these fields, without
 * a look at them, with the list's body and trailers and an end: what else goes
 * down there is left out. Takes it. */
struct fieldlist;
void h2_instead(struct h2 *h, uint32_t stream, struct fieldlist *list);

/* The first bytes of a client: 1 the HTTP/2 preface, 0 not, -1 not enough yet. */
int h2_preface(struct bytes first);
/* ... of a server, which may say its SETTINGS unasked (section 3.4). */
int h2_server_preface(struct bytes first);

#endif
