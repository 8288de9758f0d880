#ifndef SOTH_CERTCHAIN_H
#define SOTH_CERTCHAIN_H

#include "soth/base.h"

/* A chain of X.509 certificates as a person reads it (RFC 5280). Texts are cut to fit, and may hold any byte but NUL. */
enum { CERTCHAIN_MAX = 10 };

struct certlink {
	char subject[200], issuer[200];	/* "CN=example.com,O=..." */
	char name[128];			/* what it is called in short: its common name, or all of its subject */
	char names[512];		/* that it is for: "a.example, *.b.example, 192.0.2.1" */
	int64_t from, until;		/* seconds since the epoch */
	char key[48], signature[48];	/* "EC/ECDSA, 256 bits", "RSA-SHA256" */
	char fingerprint[96];		/* SHA-256: "AB:CD:..." */
	bool authority;			/* it may sign others */
	bool self_signed;		/* by itself */
	bool by_next;			/* by the one behind it in the chain, and its signature is right */
	bool claims_next;		/* it says that the next one signed it, but the signature is wrong */
	bool weak;			/* its signature is no longer safe */
	bool fits;			/* the first: it is for the host that was called */
};

/* Those of a server, its own first, as DER; how many could be read: the first that cannot be ends it. */
size_t certchain_read(const struct bytes *der, size_t count, const char *host, struct certlink *out);

/* What is wrong with link i, in a few words; false: nothing is, as far as the chain itself says. `untrusted`: no authority
 * that is trusted was found at its end. */
enum { CERTCHAIN_WORDS = 200 };
bool certchain_wrong(const struct certlink *chain, size_t count, size_t i, bool untrusted, int64_t now,
	char out[CERTCHAIN_WORDS]);

/* "3 days ago", "in 5 hours": of two times in seconds. */
enum { SPAN_WORDS = 40 };
const char *span_words(int64_t when, int64_t now, char out[SPAN_WORDS]);

#endif
