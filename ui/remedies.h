#ifndef UI_REMEDIES_H
#define UI_REMEDIES_H

#include "desk.h"
#include "soth/explain.h"

/*
 * What a key does about TLS, for one host at one port alone, and takes back; of one process
 * alone, where the person says so. To add one, add its line to the table in
 * ui/remedies.c, and its key to the action.
 *
 * `process`: of that one alone; REMEDY_ALL: of all, and so it was said; "": of
 * all, and taken back, whomever it is about. `host`: as remedy_there() has it.
 */
#define REMEDY_ALL "*"
enum { REMEDY_HOST = 270 };

struct remedy_key {
	enum remedy remedy;
	char key;
	const char *name;	/* of `:remedy NAME` */
	const char *about;	/* "accept the server's certificate as it is" */
	const char *holds;	/* a word for a column while it holds: "unverified" */
	/* Whether it was said so of that host and process, and holds now, and words for how long, or empty. */
	bool (*there)(const struct remedy_key *r, const struct desk *d, const char *host, const char *process, char words[40]);
	bool (*turn)(const struct remedy_key *r, struct desk *d, const char *host, const char *process, bool on, struct fault *why);
	const char *option, *value;
};

extern const struct remedy_key remedies[];		/* ends with a NULL name */
const struct remedy_key *remedy_named(const char *text);	/* a name or a key; NULL: there is none */
const struct remedy_key *remedy_of(enum remedy remedy);	/* NULL: no key does that */
/* One that no key does, in words; "": a key does it. */
const char *remedy_words(enum remedy remedy);
/* Whether it was said so of the line's host at its port, or else at all of them: in `host` of which of these; where it
 * was not, with the port, where that is not the usual one. */
bool remedy_there(const struct remedy_key *r, const struct desk *d, const struct handshakes *h, const char *process,
	char host[REMEDY_HOST], char words[40]);
/* The process of a line as policy knows it; "": it is not known. */
const char *remedy_process(const struct handshakes *h);
/* Whether it holds for this line, be it by its process and port or for all. */
bool remedy_holds(const struct remedy_key *r, const struct desk *d, const struct handshakes *h, char words[40]);
/* Those that do, in a few words; "": none does. */
void remedies_hold(const struct desk *d, const struct handshakes *h, char out[80]);

#endif
