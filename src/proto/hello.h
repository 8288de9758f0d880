#ifndef PROTO_HELLO_H
#define PROTO_HELLO_H

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
	/* The handshake message put together from its records; what stands
	 * above points into it. hello_release() frees it. */
	uint8_t *message;
};

enum hello_kind {
	HELLO_SHORT,			/* more bytes are needed */
	HELLO_BAD,			/* TLS records, but no ClientHello */
	HELLO_OTHER,			/* not TLS at all */
	HELLO_WHOLE,
};
enum hello_kind hello_read(struct bytes first, struct hello *out);
/* The same of the handshake messages alone, as QUIC carries them (RFC 9001 section 4.1.3). */
enum hello_kind hello_read_message(struct bytes first, struct hello *out);
void hello_release(struct hello *h);

#endif
