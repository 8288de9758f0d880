#ifndef PROTO_TLS_INSIDE_H
#define PROTO_TLS_INSIDE_H

#include <gnutls/gnutls.h>

#include "alert.h"
#include "fingerprint.h"
#include "soth/buf.h"
#include "tls.h"

/*
 * What the files of layer_tls share:
 *
 *	tls.c		the session: bytes in, bytes out
 *	tls_read.c	records read
 *	tls_tell.c	what is told of it, in steps
 *	tls_keys.c	its keys for the key log, and the certificate that a server asks for
 */
enum { NAME_ROOM = 256, RECORD_MAX = 16384 };

struct tls {
	gnutls_session_t session;
	struct leaf *leaf;
	struct trust *trust;
	char *name;			/* client: whom we call */
	struct bytes now;		/* ciphertext of this event, not yet pulled */
	struct buf out;			/* ciphertext, not yet put down */
	struct buf plain;		/* less than a record, until we settle */
	struct buf keys;		/* lines of the key log, not yet put up */
	const struct held *gives;	/* client: the certificate it was asked for; NULL: none is there */
	struct command *wait;		/* until EV_OPEN */
	size_t waits, waiting;		/* commands; their bytes */
	struct sniffer sniffer;
	int refused;			/* the alert it found; -1: none */
	unsigned judged;		/* of the server's certificate: GnuTLS's status */
	struct step *started;		/* what was told at the start; NULL behind the first data */
	char ja3s[JA3_ROOM];		/* client: of the server's hello */
	bool server, open, dead;
	bool agreed;			/* a ServerHello has passed */
	bool shown;			/* the peer's certificates are told */
	bool heard;			/* data came */
	bool asked;			/* client: for a certificate */
	bool asked_late;		/* ... within the session, which is not told yet */
	bool anew;			/* client: within a session there is another handshake */
	bool proxy;			/* client: the server is a parent proxy */
	bool bidden;			/* farewell: a close_notify came */
	bool named;			/* client: the name was sent */
	bool ended;			/* the peer sends no more */
	bool shut;			/* we have said so too */
	bool remembered;		/* the session's ticket is kept */
};

void tls_flush(struct tls *t, struct out *out);		/* what was written goes down */
void tls_fail(struct tls *t, int rc, struct out *out);	/* with GnuTLS's code */
void tls_read(struct tls *t, struct out *out);
void tls_end(struct tls *t, struct out *out);		/* the peer sends no more; once */

/* The steps of note.h. */
void tls_tell_started(struct tls *t, const struct tls_args *a, struct out *out);
void tls_tell_established(struct tls *t, struct out *out);
void tls_tell_asked(struct tls *t, struct out *out);	/* for a certificate, since that was last told */
void tls_tell_failed(struct tls *t, const struct failure *f, struct out *out);
struct step *tls_failed_step(struct tls *t, const struct failure *f);

/* A line as NSS writes it, which Wireshark reads: label, the client's random, secret. GnuTLS calls it. */
int tls_log_key(gnutls_session_t session, const char *label, const gnutls_datum_t *secret);
void tls_tell_keys(struct tls *t, struct out *out);

#endif
