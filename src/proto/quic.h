#ifndef PROTO_QUIC_H
#define PROTO_QUIC_H

#include "hello.h"

/*
 * Reads what a QUIC client asks for out of its first datagrams: the Initial
 * packets of version 1 (RFC 9000 section 17.2.2) and 2 (RFC 9369) are
 * protected with keys that anyone can derive (RFC 9001 section 5.2). Their
 * CRYPTO frames, in whatever order and over however many datagrams they come,
 * make up the ClientHello.
 */
enum { QUIC_CRYPTO_MAX = 16 << 10 };

enum quic_kind {
	QUIC_NOT,		/* no QUIC */
	QUIC_MORE,		/* an Initial, and more of the ClientHello is to come */
	QUIC_HELLO,		/* it is whole: quic_hello() */
	QUIC_LATER,		/* QUIC, but no Initial that can be read: of another version, or it is broken. One may follow */
};

struct quic;

struct quic *quic_new(void);
void quic_free(struct quic *q);
enum quic_kind quic_read(struct quic *q, struct bytes datagram);
const struct hello *quic_hello(const struct quic *q);	/* NULL: not whole. Good as long as q */
uint32_t quic_version(const struct quic *q);		/* the newest seen; 0: none was */
bool quic_readable(uint32_t version);			/* its Initials are */

enum { QUIC_VERSION_ROOM = 16 };
void quic_version_text(uint32_t version, char out[QUIC_VERSION_ROOM]);	/* "1" "draft-29" "0x1a2a3a4a" */
/* A server's Version Negotiation (RFC 9000 section 17.2.1): the versions it has, with commas between. */
bool quic_negotiation(struct bytes datagram, char *out, size_t room) MUST_USE;

#endif
