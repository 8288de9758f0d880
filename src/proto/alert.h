#ifndef PROTO_ALERT_H
#define PROTO_ALERT_H

#include "soth/layer.h"

/*
 * Why a TLS handshake or session failed, found out and put in words.
 *
 * The six reasons: unknown_ca, cert_validation, handshake, timeout,
 * eof_or_reset, other. The same cause always has the same reason.
 */
struct failure {
	enum cause {
		CAUSE_ALERT,	/* the peer sent the alert .code */
		CAUSE_VERIFY,	/* its certificate: .code are GnuTLS's status bits */
		CAUSE_ERROR,	/* .code is GnuTLS's */
		CAUSE_EOF,	/* it closed the connection */
		CAUSE_BROKEN,	/* the connection failed: .code is an enum fail */
	} cause;
	int code;
	bool server;		/* our role */
	bool open;		/* after the handshake */
	int sent;		/* the alert we sent; -1: none */
	const char *name;	/* client: whom we called */
	const char *said;	/* what the layer below said, or "" */
};

enum { FAILURE_FIELDS = 8, FAILURE_WORDS_MAX = 256 };

const char *failure_reason(const struct failure *f);
/* A sentence for a person. */
void failure_words(const struct failure *f, char *out, size_t room);
/* GnuTLS's words for its status bits; empty: none are set. */
void verify_words(unsigned status, const char *name, char *out, size_t room);
/* What tls.h says of a failure, beside `peer` and `sni`. */
struct step *failure_step(const struct failure *f, struct bytes sni);

const char *alert_name(int alert);		/* "unknown_ca"; "unknown" */

/*
 * OpenSSL refuses a certificate under TLS 1.3 with an alert that is not
 * encrypted, which GnuTLS takes for a record it cannot decrypt. So the records
 * of a handshake are watched as they come, whatever pieces they come in:
 *
 *	15 03 xx 00 02 | level | alert
 */
struct sniffer {
	uint8_t head[7];
	size_t have;		/* of head */
	size_t skip;		/* of a record that is none */
};
/* The alert that stands in `more`, else -1. */
int sniff_alert(struct sniffer *s, struct bytes more);

#endif
