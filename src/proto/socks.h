#ifndef PROTO_SOCKS_H
#define PROTO_SOCKS_H

#include "soth/buf.h"
#include "soth/datagram.h"
#include "soth/layer.h"

/*
 * SOCKS5 (RFC 1928) with user name and password (RFC 1929).
 *
 * As the server: bytes of the client in, answers out, until it says what the
 * client wants. Give it all that came and was not yet eaten, from the
 * greeting on; it eats what it reads. Sans-io, and the same however the bytes
 * are cut.
 */
enum socks_state {
	SOCKS_GREETING, SOCKS_AUTH, SOCKS_REQUEST,
	SOCKS_DONE,		/* .command, .host and .port are there; answer with socks_reply() */
	SOCKS_FAILED,		/* .why says what was wrong; send .out, and close */
};

enum socks_command { SOCKS_CONNECT = 1, SOCKS_BIND = 2, SOCKS_UDP = 3 };

enum socks_answer {		/* RFC 1928 section 6, REP */
	SOCKS_OK, SOCKS_GENERAL, SOCKS_NOT_ALLOWED, SOCKS_NET_UNREACHABLE, SOCKS_HOST_UNREACHABLE,
	SOCKS_REFUSED, SOCKS_TTL, SOCKS_NO_COMMAND, SOCKS_NO_ADDRESS_TYPE,
};

struct socks {
	enum socks_state state;
	const char *auth;	/* "user:password" that is asked for; NULL or empty: none. Borrowed */
	enum socks_command command;
	char host[256];		/* IPv6 without brackets */
	uint16_t port;
	struct fault why;	/* with the RFC and section */
};

void socks_init(struct socks *s, const char *auth);
/* Eats from *rest, adds to `out` what is to be sent. BIND is refused by itself (SOCKS_FAILED). */
void socks_read(struct socks *s, struct bytes *rest, struct buf *out);
/* The answer to a request; `bound` "192.0.2.1:1080" or "[v6]:port", or empty. */
void socks_reply(enum socks_answer answer, struct bytes bound, struct buf *out);
enum socks_answer socks_answer_of(enum fail code);	/* of a connection that could not be had */

/* The first byte of a client that speaks SOCKS5. */
static inline bool
socks_begins(struct bytes first)
{
	return first.len && first.at[0] == 5;
}

/*
 * As the client, of a parent proxy: layer_socks asks it for host:port when
 * started. When it has agreed, EV_OPEN goes up (.data: what it says it bound),
 * and from then on the layer passes everything as it is. Before that, what
 * comes down waits, but for CMD_CLOSE. Where it refuses: EV_FAIL, with the
 * enum fail that its answer stands for, and words that name the proxy.
 *
 * layer_connect does the same by HTTP CONNECT (RFC 9110 section 9.3.6). An
 * answer that is not 2xx is EV_FAIL with FAIL_REFUSED (FAIL_OTHER: no HTTP).
 */
struct parent_args {		/* of both layers; borrowed */
	const char *host;	/* where to */
	uint16_t port;
	const char *auth;	/* "user:password"; NULL or empty: none */
	const char *proxy;	/* "proxy.example:3128", for words */
	size_t head_limit;	/* of the answer's head */
};

#endif
