#ifndef SOTH_EXPLAIN_H
#define SOTH_EXPLAIN_H

#include "soth/handshakes.h"

/*
 * Why TLS failed, as a person would say it: out of what is known of one line
 * of handshakes, and of the others of the same process and of the same host.
 * Pure: the same story always has the same explanations.
 */
struct story {
	const struct handshakes *line;
	uint64_t now;			/* microseconds since the epoch */
	/* With soth, of the client's side: */
	uint32_t accepted, refused;	/* other hosts that the process let soth speak for, and that it refused it for */
	uint32_t accepted_here;		/* other ports of this host for which it did */
	uint32_t others_here;		/* other processes that let it speak for this host */
	uint32_t others_anywhere;	/* ... for any */
	/* With servers: */
	uint32_t trusted, untrusted;	/* other hosts whose certificate was accepted, and whose issuer was not trusted */
	uint32_t others_failed;		/* other processes whose handshakes with this host failed on the same side */
};

/* The story of all[i]. */
void story_of(const struct handshakes *all, size_t count, size_t i, uint64_t now, struct story *out);

/* What can be done about it. */
#define REMEDIES(_) \
	_(NONE) \
	_(TRUST)		/* the program is made to trust soth's authority */ \
	_(TUNNEL)		/* its bytes pass unread */ \
	_(BLOCK)		/* nothing of this host passes */ \
	_(INSECURE)		/* the server's certificate is not verified */ \
	_(HTTP1)		/* HTTP/2 is not spoken */ \
	_(NO_HTTP3)		/* what announces HTTP/3 is taken out, QUIC is dropped */ \
	_(AUTHORITY)		/* soth is told to trust the server's authority */ \
	_(CERTIFICATE)		/* soth is given a certificate for the server */ \
	_(OLD_CLIENT)		/* older versions of TLS are spoken with clients */ \
	_(OLD_SERVER)		/* ... with servers */ \
	_(PLAIN)		/* http:// instead of https:// */ \
	_(CLOCK)		/* a clock is set right */

enum remedy {
#define REMEDY_ENUM(name) REMEDY_##name,
	REMEDIES(REMEDY_ENUM)
#undef REMEDY_ENUM
	REMEDY_COUNT
};

enum { EXPLANATIONS_MAX = 6, REMEDIES_MAX = 4, EVIDENCE_MAX = 4 };
enum sure { SURE_POSSIBLE, SURE_LIKELY, SURE_CERTAIN };

struct explanation {
	const char *name;		/* "pinned": one word for a column */
	const char *title;		/* "the certificate is pinned" */
	unsigned score;			/* of 100 */
	enum sure sure;			/* ... in words, see sure_word() */
	char words[400];		/* for a person, sentences */
	char evidence[EVIDENCE_MAX][160];
	size_t evidences;
	enum remedy remedy[REMEDIES_MAX];	/* the best first, then REMEDY_NONE */
};

/* The likeliest first, at most EXPLANATIONS_MAX; how many. A line without a failure has none. */
size_t explain(const struct story *s, struct explanation out[EXPLANATIONS_MAX]);
const char *explain_name(size_t i);		/* of all there are; NULL past the last */
const char *sure_word(enum sure sure);		/* "certain" "likely" "possible" */

/* What the client did after the last failure, in order. `flow`: the one to look at, or 0. */
enum { NEXTS_MAX = 5 };
struct next {
	char words[120];
	flow_id flow;
	bool well;		/* it got through */
};
size_t explain_next(const struct story *s, struct next out[NEXTS_MAX]);

#endif
