#ifndef PROTO_AUTHORITY_H
#define PROTO_AUTHORITY_H

#include <stdatomic.h>

#include "keypair.h"
#include "soth/buf.h"
#include "soth/ca.h"
#include "soth/keyring.h"
#include "soth/map.h"
#include "soth/note.h"
#include "stamps.h"

/*
 * The insides that ca.c, leaf.c, trust.c and tls.c share. GnuTLS's types are
 * named by their tags, so that only those files include it.
 */
struct gnutls_session_int;
struct gnutls_x509_crt_int;
struct gnutls_subject_alt_names_st;
struct gnutls_x509_privkey_int;
struct gnutls_priority_st;
struct gnutls_certificate_credentials_st;
struct gnutls_pcert_st;
struct gnutls_privkey_st;

enum { TICKET_KEY_MAX = 64, KEY_ID_MAX = 32 };

/* What all sessions of one ca use: counted, because a session may outlive
 * the ca; for one thread. */
struct kit {
	unsigned refs;
	struct gnutls_x509_privkey_int *leaf_key;
};
struct kit *kit_ref(struct kit *k);
void kit_drop(struct kit *k);

/* A key and certificate of a person's, and whom they are for. */
struct held {
	char *host;		/* "example.com", "*.example.com", "*" */
	char *path;
	struct keypair pair;
	struct gnutls_certificate_credentials_st *cred;	/* of one to show to clients */
	struct staple *staple;				/* to it; NULL: none */
	struct gnutls_pcert_st *pcert;			/* of one to give to servers */
	struct gnutls_privkey_st *key;
};
struct held_list { struct held *at; size_t count; };

struct keyring {
	atomic_uint refs;
	struct gnutls_priority_st *priority[2];	/* of sessions with clients, and with servers */
	struct gnutls_certificate_credentials_st *calls;	/* of all sessions with servers */
	struct held_list shown, given;
	struct stamps files;	/* that it was read from */
	bool asks;		/* clients for a certificate */
	bool logs;		/* keys */
	struct fault untrusted;	/* why nobody can be trusted; "": somebody is */
	uint8_t ticket_key[TICKET_KEY_MAX];
	size_t ticket_key_len;
};
/* Of all that fit the closest: a name before *.example.com before *; NULL: none. */
const struct held *held_for(const struct held_list *l, const char *host);
struct keyring *keyring_bare(struct fault *why);	/* without files: the usual, and no trust */

/* A server asks for a certificate: what to give it; NULL: nothing. tls.c's, for keyring.c. */
const struct held *tls_asked(struct gnutls_session_int *session);

struct ca {
	struct slice pem, cert_pem, leaf_pem;	/* what copies are made of */
	struct slice p12;		/* caform.c's; empty: nobody has asked for it */
	char *path, *fingerprint;
	char *dir;			/* that it was opened in; NULL: of a copy */
	size_t bits;			/* of the RSA keys it makes; 0: they are of ECDSA */
	struct stamps files;		/* likewise */
	struct kit *kit;
	struct keyring *keys;
	struct gnutls_x509_crt_int *cert;
	struct gnutls_x509_privkey_int *key;
	uint8_t key_id[KEY_ID_MAX];	/* SKI of its leaves, which share a key */
	size_t key_id_len;

	struct map *leaves;		/* struct leaf, by name and mirror */
	struct leaf *newest, *oldest;	/* as they were asked for */
	struct trust *trusts;
};

void ca_forget_leaves(struct ca *ca);
void ca_forget_trusts(struct ca *ca);

/* Sets a session up as the server that has this leaf; as a client that calls
 * `name`, with the ticket of an earlier session where there is one. */
bool leaf_equip(struct leaf *l, struct gnutls_session_int *session);
/* A client has said something behind this certificate; whether one of that fingerprint has, as far as is known. */
void leaf_trust(struct leaf *l, struct bytes ja4);
bool leaf_trusted(const struct leaf *l, struct bytes ja4);
bool trust_equip(struct trust *t, struct gnutls_session_int *session, const char *name);
struct trust *trust_ref(struct trust *t);
struct gnutls_priority_st *trust_priority(const struct trust *t);	/* what its sessions offer */

/* Whether the server of a handshake under way is who it should be: GnuTLS's
 * status bits, 0 where all is well. */
unsigned trust_judge(struct gnutls_session_int *session, const char *name);
bool trust_verifies(const struct trust *t);
/* What that host is given when it asks for a certificate; NULL: nothing. */
const struct held *trust_gives(const struct trust *t, const char *host);
bool trust_logs(const struct trust *t);
bool leaf_logs(const struct leaf *l);
const struct held *leaf_shown(const struct leaf *l);	/* NULL: it was made */
bool leaf_asks(const struct leaf *l);		/* the client for a certificate */

/* Keeps the ticket that the session was sent; forgets one that did not serve. */
void trust_remember(struct trust *t, struct gnutls_session_int *session, const char *name,
	unsigned judged);
void trust_forget(struct trust *t, const char *name);
/* What was found when the session that `name`'s ticket resumes was new. */
unsigned trust_judged(const struct trust *t, const char *name);

/* A server's certificate in the words of STEP_TLS_ESTABLISHED. */
enum { PEER_FIELDS = 6 };
struct peer_words {
	char subject[256], issuer[256], names[1024];
	char not_before[32], not_after[32], fingerprint[96];
};
/* All its subjectAltNames, the caller's; NULL: it has none, or none that can be read. */
struct gnutls_subject_alt_names_st *trust_names(struct gnutls_x509_crt_int *cert);
size_t peer_describe(struct bytes der, struct peer_words *w, struct field *out);

#endif
