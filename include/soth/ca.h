#ifndef SOTH_CA_H
#define SOTH_CA_H

#include "soth/buf.h"

/*
 * The authority soth signs with, the leaf certificates it has made, and what
 * soth trusts of servers. Each worker has one of its own (ca_copy), of the
 * same keys; none is shared between threads.
 *
 * In `dir`: soth-ca.pem (key and certificate, 0600), soth-ca-cert.pem (the
 * certificate alone, to hand out). A mitmproxy-ca.pem there, where there is no
 * soth-ca.pem, is used as it is.
 */
struct ca;
struct keyring;
struct leaf;			/* credentials for one name; counted, one thread */
struct trust;			/* credentials for calling servers; likewise */

/* Opens the authority in dir, making it (and dir) where there is none. */
struct ca *ca_open(const char *dir, struct fault *why) MUST_USE;
/* Likewise. Keys that are made, of a new authority and of leaves, are of RSA with so many bits; 0: of ECDSA, as above. */
struct ca *ca_open_sized(const char *dir, size_t bits, struct fault *why) MUST_USE;
struct ca *ca_copy(const struct ca *ca);	/* the same keys, caches of its own */
void ca_close(struct ca *ca);		/* NULL is fine */
/* Likewise, of one that was opened: how its files are now, and were when they were read (another number where they
 * have changed); and what they have in them now, where there is one: none is made. */
uint64_t ca_files_now(const struct ca *ca, bool *settled);
uint64_t ca_read_of(const struct ca *ca);
struct ca *ca_open_anew(const struct ca *ca, struct fault *why) MUST_USE;
/* Has the keys of `of` from now on; what was made before stays as it was. Takes it. */
void ca_become(struct ca *ca, struct ca *of);
/* What options say of TLS, from now on: see keyring.h. What was made before
 * stays as it was. A reference is taken. Until then: no client certificates,
 * nobody is trusted, and the usual versions and ciphers. */
void ca_use(struct ca *ca, struct keyring *k);

/* For people: where its certificate lies, its SHA-256 ("AB:CD:..."), as PEM.
 * Good as long as the ca. */
const char *ca_path(const struct ca *ca);
const char *ca_fingerprint(const struct ca *ca);
struct bytes ca_pem(const struct ca *ca);

/* For how long its certificate is valid, in seconds since the epoch; and whether it is among what GnuTLS
 * takes for the system's authorities. */
struct ca_state {
	int64_t from, to;
	bool system;
};
void ca_state(const struct ca *ca, struct ca_state *out);

/* For programs that read what to trust out of one file: this authority and the system's, as PEM; as a
 * key store of Java's (JKS). `out` is the caller's to release, where it is true. */
#define CA_KEYSTORE_PASSWORD "changeit"
bool ca_bundle(const struct ca *ca, struct buf *out, struct fault *why) MUST_USE;
bool ca_keystore(const struct ca *ca, struct buf *out, struct fault *why) MUST_USE;
/* SHA-256 of its public key (RFC 7469 section 2.4), as base64. */
enum { CA_PIN_ROOM = 48 };
bool ca_pin(const struct ca *ca, char out[CA_PIN_ROOM]) MUST_USE;

/*
 * The certificate, never the key, in a form that some system takes. To add
 * one, add its row in caform.c.
 */
struct ca_form {
	const char *name;	/* "pem" */
	const char *type;	/* media type */
	const char *title;	/* "PEM" */
	const char *file;	/* what it is called; NULL: by a hash of its subject */
	const char *about;
	bool (*make)(struct ca *ca, struct slice *out, struct fault *why);	/* *out is the caller's */
};
const struct ca_form *ca_form_at(size_t i);	/* NULL after the last */
const struct ca_form *ca_form_named(struct bytes name);	/* NULL: no such */
enum { CA_FILE_ROOM = 32 };
const char *ca_form_file(const struct ca *ca, const struct ca_form *form, char out[CA_FILE_ROOM]);	/* out */

/*
 * By what authorities of soth's are known where they were put: a name with the
 * beginning of the SHA-256 in it, and their subject.
 */
enum { CA_LABEL_ROOM = 24, CA_ID_ROOM = 32 };
struct ca_mark {
	char label[CA_LABEL_ROOM];	/* "soth-0db6bb9f" */
	bool made;			/* it is one that soth makes, going by its subject and issuer */
	uint8_t id[CA_ID_ROOM];		/* SHA-1 of its key */
	size_t id_len;
};
/* Of the next certificate in text that has PEM in it, which goes on behind it; false: there are no more. */
bool ca_mark_next(struct bytes *text, struct ca_mark *out);

/*
 * A certificate for `name` (the SNI, or the host where there was none; a DNS
 * name or an IP address): the one that a person has for it, or with the names
 * of the server's own certificate `mirror` (DER, or empty). Made, or from the
 * cache. The caller drops it.
 */
struct leaf *ca_leaf(struct ca *ca, struct bytes name, struct bytes mirror, struct fault *why) MUST_USE;
struct leaf *leaf_ref(struct leaf *l);
void leaf_drop(struct leaf *l);

/* What servers are believed by; `verify` false believes anyone. From the cache, where it is there; the caller drops it. */
struct trust *ca_trust(struct ca *ca, bool verify, struct fault *why) MUST_USE;
void trust_drop(struct trust *t);

#endif
