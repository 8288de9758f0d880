#ifndef PROTO_KEYPAIR_H
#define PROTO_KEYPAIR_H

#include "soth/slice.h"

/*
 * A PEM file with a private key and its certificate, and what of the chain to
 * an authority comes with it, in any order. Faults say which file, what is
 * wrong with it, and what to do.
 */
struct gnutls_x509_crt_int;
struct gnutls_x509_privkey_int;

enum { CHAIN_MAX = 10 };

struct keypair {
	struct gnutls_x509_privkey_int *key;
	struct gnutls_x509_crt_int *chain[CHAIN_MAX];	/* the key's own first */
	unsigned chains;
};

/* `passphrase` NULL: its key has none. Where the key belongs to one of the
 * certificates, and nobody but its owner may read the file, as ssh wants it. */
bool keypair_load(struct keypair *p, const char *path, const char *passphrase, struct fault *why) MUST_USE;
/* The same of bytes that came from there. */
bool keypair_parse(struct keypair *p, struct bytes pem, const char *path, const char *passphrase, struct fault *why) MUST_USE;
void keypair_release(struct keypair *p);
bool key_is_private(const char *path, struct fault *why) MUST_USE;	/* nobody but us may read it */

#endif
