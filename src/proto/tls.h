#ifndef PROTO_TLS_H
#define PROTO_TLS_H

#include "soth/ca.h"
#include "soth/layer.h"

/*
 * TLS 1.2 and 1.3, of either role, on bytes in memory (RFC 8446, RFC 5246).
 *
 * As a server it waits for the ClientHello, which is fed like any bytes; as a
 * client it calls at once when started. STEP_TLS_STARTED goes up with the
 * start, then either STEP_TLS_ESTABLISHED and EV_OPEN (.data: the ALPN name),
 * or STEP_TLS_FAILED and EV_FAIL (FAIL_TLS). An alert for us that comes after
 * that, as the refusal of a certificate under TLS 1.3 does, is a
 * STEP_TLS_FAILED too.
 *
 * EV_FAIL from below during the handshake is such a failure too: whoever
 * waits no longer puts one in at the bottom, with FAIL_TIMEOUT.
 *
 * Commands before EV_OPEN wait until then, but for CMD_CLOSE. CMD_SHUT sends
 * close_notify.
 *
 * Values of the steps: peer ("downstream": we are the server, "upstream"),
 * sni, alpn_offered; version ("TLS1.3"), cipher, group, negotiated_alpn,
 * resumed, and of a server's certificate: subject, issuer, names,
 * not_before, not_after, fingerprint, verified, and likewise of a client's that
 * was asked for; client_certificate (upstream: the file that was given),
 * shown_certificate (a file in place of a certificate of ours); of a failure:
 * tls_failure_reason (unknown_ca cert_validation handshake timeout
 * eof_or_reset other), alert (number), alert_name, alert_by (client, server,
 * soth), raw_provider_error, tls_ops_provider ("gnutls"), detail (a sentence
 * for a person).
 */
struct hello;

struct tls_args {
	bool server;			/* we answer; else we call */
	struct leaf *leaf;		/* server: with what; a reference is taken */
	struct trust *trust;		/* client: whom to believe; likewise */
	bool proxy;			/* client: of a parent proxy, which is said where it fails */
	struct bytes name;		/* client: whom we call, as SNI (no IP address is sent) and to verify */
	const struct hello *hello;	/* server: what was asked for, where it is known, for STEP_TLS_STARTED; or NULL */
	const char *const *alpn;	/* ends with NULL; what may be agreed on, best first */
};

struct tls;			/* what chain_find(c, &layer_tls) gives */

struct bytes tls_peer_certificate(const struct tls *t);	/* DER; empty: none. Good as long as the layer */
struct bytes tls_alpn(const struct tls *t);
/*
 * A client that does not accept the certificate may finish the handshake, and
 * then close. Where it has: the STEP_TLS_FAILED that says so, which is inferred,
 * else NULL. Not when it said something, in a session that was resumed, or where
 * a client like it has said something behind that certificate before.
 * `code` is an enum fail, `said` the words; said NULL: the connection ended.
 */
struct step *tls_left(struct tls *t, unsigned code, const char *said);

#endif
