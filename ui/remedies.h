#ifndef UI_REMEDIES_H
#define UI_REMEDIES_H

#include "desk.h"
#include "soth/explain.h"

/*
 * What a key does about TLS, for one host alone, and takes back. To add one,
 * add its line to the table in ui/remedies.c, and its key to the action.
 */
struct remedy_key {
	enum remedy remedy;
	char key;
	const char *name;	/* of `:remedy NAME` */
	const char *about;	/* "accept the server's certificate as it is" */
	const char *holds;	/* a word for a column while it holds: "unverified" */
	/* Whether it holds for that host now, and words for how long, or empty. */
	bool (*there)(const struct remedy_key *r, const struct desk *d, const char *host, char words[40]);
	bool (*turn)(const struct remedy_key *r, struct desk *d, const char *host, bool on, struct fault *why);
	const char *option, *value;
};

extern const struct remedy_key remedies[];		/* ends with a NULL name */
const struct remedy_key *remedy_named(const char *text);	/* a name or a key; NULL: there is none */
const struct remedy_key *remedy_of(enum remedy remedy);	/* NULL: no key does that */
/* One that no key does, in words; "": a key does it. */
const char *remedy_words(enum remedy remedy);
/* Those that hold for a host, in a few words; "": none does. */
void remedies_hold(const struct desk *d, const char *host, char out[80]);

#endif
