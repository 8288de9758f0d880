#ifndef PROTO_HELLO_H
#define PROTO_HELLO_H

#include "soth/buf.h"
#include "soth/reader.h"

/*
 * What a ClientHello asks for (RFC 8446 section 4.1.2), before TLS is started
 * on it. `first` is the start of the stream, over as many records as it takes.
 */
enum { HELLO_ALPNS = 8, HELLO_MAX = 64 << 10 };

struct hello {
	struct bytes name;		/* server_name; empty: none */
	struct bytes alpn[HELLO_ALPNS];
	size_t alpns;
	uint16_t version;		/* the highest offered: 0x0304 */
	uint16_t legacy;		/* the version in its old place */
	/* Lists as they came: numbers of two bytes, but for points. Empty: not sent. */
	struct bytes versions, ciphers, groups, signatures;
	struct bytes points;
	struct bytes extensions;	/* id:2 | length:2 | ..., one behind the other */
	/* The handshake message put together from its records; what stands
	 * above points into it. hello_release() frees it. */
	uint8_t *message;
	size_t len;			/* of the message */
	size_t records, taken;		/* it came in; what they took of the stream */
	const char *why;		/* HELLO_BAD: what is wrong with it, and ... */
	int alert;			/* ... the alert for that */
};

/* With commas between: "TLS1.3,TLS1.2", "h2,http/1.1". What does not fit is left out. */
void hello_versions(const struct hello *h, struct buf *list);
void hello_alpns(const struct hello *h, struct buf *list);
enum { HELLO_VERSION_ROOM = 16 };
void hello_version(unsigned version, char out[HELLO_VERSION_ROOM]);
/* Numbers that a client greases with, so that nobody relies on a list (RFC 8701). */
bool hello_grease(uint16_t number);

enum hello_kind {
	HELLO_SHORT,			/* more bytes are needed */
	HELLO_BAD,			/* TLS records, but no ClientHello */
	HELLO_OTHER,			/* not TLS at all */
	HELLO_WHOLE,
};
enum hello_kind hello_read(struct bytes first, struct hello *out);
/* The same of the handshake messages alone, as QUIC carries them (RFC 9001 section 4.1.3). */
enum hello_kind hello_read_message(struct bytes first, struct hello *out);
/* A hello of before TLS (RFC 5246 appendix E.2): 1 yes, 0 no, -1 more bytes are needed. */
int hello_sslv2(struct bytes first);
void hello_release(struct hello *h);
/* The message once more, in records as long as they may be. */
void hello_records(const struct hello *h, struct buf *out);

#endif
