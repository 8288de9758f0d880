#ifndef PROTO_FINGERPRINT_H
#define PROTO_FINGERPRINT_H

#include "hello.h"

/*
 * What kind of client sent a ClientHello: the same program asks in the same
 * way each time. All numbers that are grease (RFC 8701) are left out.
 *
 *	JA3	MD5 of "version,ciphers,extensions,groups,points", numbers in decimal
 *	JA3S	MD5 of "version,cipher,extensions", of a ServerHello
 *	JA4	t13d1516h2_8daaf6152771_e5627efa2ab1
 *		transport, version, SNI, counts, ALPN; SHA-256 of the sorted
 *		ciphers; of the sorted extensions and the signatures in their order
 *
 * JA3: https://github.com/salesforce/ja3; JA4: https://github.com/FoxIO-LLC/ja4
 */
enum { JA3_ROOM = 33, JA4_ROOM = 40 };

void hello_ja3(const struct hello *h, char out[JA3_ROOM]);
void hello_ja4(const struct hello *h, char transport, char out[JA4_ROOM]);	/* 't' over TCP, 'q' over QUIC */
/* Of a ServerHello's body, behind the four bytes of its header; empty: it is broken. */
void server_ja3(struct bytes body, char out[JA3_ROOM]);

#endif
