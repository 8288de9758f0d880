#ifndef SOTH_PART_H
#define SOTH_PART_H

#include "soth/head.h"
#include "soth/slice.h"

/*
 * A piece of a message: the one noun that goes all the way from the wire to
 * the screen. A codec makes parts of bytes, an exchange passes them on, a
 * note carries them to the other thread, a flow is made of them, and a
 * session file is a list of them.
 *
 * A part is a value that owns its head or slice. Hand it on by part_move(),
 * which leaves PART_NONE behind, or by part_ref(), which makes a second one.
 */
#define PARTS(_) \
	_(NONE,		"nothing: moved away") \
	_(HEAD,		"start line and fields; of a response also each 1xx before it") \
	_(DATA,		"a run of body bytes, or of a tunnel's") \
	_(SKIP,		".count body bytes that passed on and were not kept; of datagrams: .code of them") \
	_(MESSAGE,	"one whole WebSocket message or control frame: .code of enum ws_bits, .count its payload on the wire, .data unmasked and inflated") \
	_(TRAILER,	"fields after the body") \
	_(END,		"this side is complete") \
	_(RESET,	"this side broke off: .code, and .data in words") \
	_(FRAME,	"a WebSocket frame that is a piece of a message: .code of enum ws_bits, .count its payload on the wire") \
	_(MARK,		"the .count bytes of the body up to here are one message of it: .code of enum mark") \
	_(FAULT,	".data in words: this side broke a rule of its protocol, and the bytes passed on all the same")

enum part_kind {
#define PART_ENUM(name, about) PART_##name,
	PARTS(PART_ENUM)
#undef PART_ENUM
	PART_COUNT
};

/* MESSAGE and FRAME: RFC 6455 section 5.2. The low four bits are the opcode
 * (of a MESSAGE that came in pieces: of its first frame). */
enum ws_bits {
	WS_OPCODE = 0x0f,
	WS_RSV3 = 0x10, WS_RSV2 = 0x20, WS_RSV1 = 0x40,
	WS_FIN = 0x80,
	WS_MASKED = 0x100,
	WS_DEFLATED = 0x200,	/* MESSAGE: it was compressed (RFC 7692) */
	WS_PIECES = 0x400,	/* MESSAGE: it came in frames of its own, each told before it */
	WS_CUT = 0x800,		/* MESSAGE: .data is its beginning alone */
};
enum ws_opcode { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

/* What the bytes before a MARK are, with flags or'ed in. */
enum mark {
	MARK_SSE_EVENT = 1,	/* WHATWG SSE: a block up to and with its empty line */
	MARK_RECORD = 2,	/* NDJSON: a line with its LF */
	MARK_GRPC_MESSAGE = 3,	/* five bytes and what they announce */
	MARK_KIND = 0x0f,
	MARK_COMPRESSED = 0x10,	/* gRPC: the message itself is */
	MARK_DECODED = 0x20,	/* the bytes counted are those behind the body's content codings */
	MARK_NO_EVENT = 0x40,	/* SSE: a block of comments, retry or id alone: nothing is dispatched */
};

struct part {
	enum part_kind kind;
	uint32_t code;		/* MESSAGE, FRAME, MARK: bits. RESET: see who makes it */
	uint64_t count;		/* SKIP, MESSAGE, FRAME, MARK */
	union {
		struct head *head;	/* HEAD, TRAILER */
		struct slice data;	/* DATA, MESSAGE, RESET, FAULT */
	};
};

struct part part_move(struct part *p);
struct part part_ref(const struct part *p);
void part_drop(struct part *p);
/* It stands for a message that a person would count: no control frame, no
 * block of an event stream that dispatches nothing. */
bool part_is_message(const struct part *p);
const char *part_name(enum part_kind kind);

/* Parts of a message, one after the other, unchanging: counted, so that several threads may have them. */
struct parts;
struct parts *parts_new(struct part *at, size_t count);	/* takes what they carry; the array stays the caller's */
struct parts *parts_ref(struct parts *p);
void parts_drop(struct parts *p);		/* NULL is fine */
size_t parts_count(const struct parts *p);
const struct part *parts_at(const struct parts *p, size_t i);	/* borrowed */

#endif
