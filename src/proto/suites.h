#ifndef PROTO_SUITES_H
#define PROTO_SUITES_H

#include "soth/base.h"

/*
 * What a side may agree on, from the words of a person to what GnuTLS calls a
 * priority. Faults name the option and the word.
 *
 * Versions: UNBOUNDED SSL3 TLS1 TLS1_1 TLS1_2 TLS1_3. Cipher suites by the
 * name of IANA, OpenSSL or GnuTLS, with : , or blanks between; GnuTLS takes
 * the parts of suites, so what can be made of the key exchanges, ciphers and
 * digests that are named may be agreed on too. Groups likewise, by name.
 */
struct suites_wanted {
	const char *side;		/* "client": options' names end with it */
	const char *min, *max, *ciphers, *groups;	/* "": as usual */
};

struct gnutls_priority_st;
bool suites_priority(const struct suites_wanted *w, struct gnutls_priority_st **out, struct fault *why) MUST_USE;
/* A version below TLS 1.2 may be agreed on. */
bool suites_old(const char *min);

#endif
