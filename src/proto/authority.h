#ifndef PROTO_AUTHORITY_H
#define PROTO_AUTHORITY_H

#include "soth/buf.h"
#include "soth/ca.h"
#include "soth/map.h"
#include "soth/note.h"

/*
 * The insides that ca.c, leaf.c, trust.c and tls.c share. GnuTLS's types are
 * named by their tags, so that only those files include it.
 */
struct gnutls_session_int;
struct gnutls_x509_crt_int;
struct gnutls_x509_privkey_int;
struct gnutls_priority_st;

enum { TICKET_KEY_MAX = 64, KEY_ID_MAX = 32 };

/* What all sessions of one ca use: counted, because a session may outlive
 * the ca; for one thread. */
struct kit {
	unsigned refs;
	struct gnutls_priority_st *priority;
	struct gnutls_x509_privkey_int *leaf_key;
	uint8_t ticket_key[TICKET_KEY_MAX];
	size_t ticket_key_len;
};
struct kit *kit_ref(struct kit *k);
void kit_drop(struct kit *k);

struct ca {
	struct slice pem, cert_pem, leaf_pem, ticket_key;	/* what copies are made of */
	char *path, *fingerprint;
	struct kit *kit;
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
bool trust_equip(struct trust *t, struct gnutls_session_int *session, const char *name);
struct trust *trust_ref(struct trust *t);
struct gnutls_priority_st *trust_priority(const struct trust *t);	/* what its sessions offer */

/* Whether the server of a handshake under way is who it should be: GnuTLS's
 * status bits, 0 where all is well. */
unsigned trust_judge(struct gnutls_session_int *session, const char *name);
bool trust_verifies(const struct trust *t);

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
size_t peer_describe(struct bytes der, struct peer_words *w, struct field *out);

#endif
