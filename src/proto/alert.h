#ifndef PROTO_ALERT_H
#define PROTO_ALERT_H

#include "soth/layer.h"
#include "soth/tlsreason.h"

/*
 * Why a TLS handshake or session failed, found out and put in words: from
 * numbers first, and from words only where there is no number that says it.
 */
struct failure {
	enum cause {
		CAUSE_ALERT,	/* the peer sent the alert .code */
		CAUSE_VERIFY,	/* its certificate: .code are GnuTLS's status bits */
		CAUSE_ERROR,	/* .code is GnuTLS's */
		CAUSE_EOF,	/* it closed the connection */
		CAUSE_BROKEN,	/* the connection failed: .code is an enum fail */
		CAUSE_HELLO,	/* what the client began with is no ClientHello that can be read: .said */
	} cause;
	int code;
	bool server;		/* our role */
	enum tls_stage { STAGE_HANDSHAKE, STAGE_AFTER, STAGE_SESSION, STAGE_HELLO } stage;	/* AFTER: no data has come; HELLO: nor any answer to it */
	int sent;		/* the alert we sent; -1: none */
	const char *name;	/* client: whom we called */
	const char *said;	/* what the layer below said, or "" */
	bool shown;		/* server: the client has got our certificate */
	bool farewell;		/* EOF: with a close_notify */
	bool proxy;		/* client: that is a parent proxy */
	bool asked;		/* client: the server has asked for a certificate */
	const char *gave;	/* ... the file it was given; NULL: none */
};

enum { FAILURE_FIELDS = 10, FAILURE_WORDS_MAX = 256 };

enum tls_reason failure_reason(const struct failure *f);
/* A sentence for a person. */
void failure_words(const struct failure *f, char *out, size_t room);
/* GnuTLS's words for its status bits; empty: none are set. */
void verify_words(unsigned status, const char *name, char *out, size_t room);
/* Their names, with commas between: what weighs most first. */
void verify_names(unsigned status, char *out, size_t room);
enum tls_reason verify_reason(unsigned status);
int verify_alert(unsigned status);	/* that says it to the peer */

/* What note.h says of TLS_FAILED, behind `peer` and `sni`; how many. Good as long as *w and f are. */
struct failure_texts { char detail[FAILURE_WORDS_MAX], raw[256], verify[256], alert[16]; };
size_t failure_fields(const struct failure *f, struct failure_texts *w, struct field out[FAILURE_FIELDS]);

/* Such a step of a handshake that has not come as far as a session. */
struct step *failure_step(const struct failure *f);

struct alert { int code; const char *name; enum tls_reason reason; const char *words; };
const struct alert *alert_find(int alert);	/* "unknown", where there is none */
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
