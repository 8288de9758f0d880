#ifndef EXPLAIN_INSIDE_H
#define EXPLAIN_INSIDE_H

#include "soth/explain.h"

/*
 * An explanation there may be. `holds` looks at a story whose line has failed
 * on `side`, says the rest of *e and gives the score; 0: it does not hold.
 *
 * To add one, add a line to EXPLANATIONS_CLIENT or EXPLANATIONS_SERVER, write
 * its explains_NAME(), and a situation in tests/unit/test_explain.c.
 */
struct explains {
	const char *name, *title;
	unsigned (*holds)(const struct story *s, struct explanation *e);
	enum remedy remedy[REMEDIES_MAX];
};

/* Of the client's side; of the server's; ends with a NULL name. What holds as well as another goes after it. */
extern const struct explains explains_client[], explains_server[];

void said(struct explanation *e, const char *fmt, ...) PRINTF(2, 3);	/* its words */
void shows(struct explanation *e, const char *fmt, ...) PRINTF(2, 3);	/* one more evidence */

bool alerted(const struct handshakes *h, enum alert_by by, int alert);
bool raw_says(const struct handshakes *h, const char *what);	/* the library's name of an error */
bool verify_says(const struct handshakes *h, const char *bit, const char *words);
const char *whose(const struct handshakes *h);		/* "client" "server": the peer of this side */

/* What either side may have run into; `who` is the peer. */
unsigned explains_alpn(const struct story *s, struct explanation *e);
unsigned explains_ciphers(const struct story *s, struct explanation *e);
unsigned explains_damaged(const struct story *s, struct explanation *e);
unsigned explains_timeout(const struct story *s, struct explanation *e);
unsigned explains_own(const struct story *s, struct explanation *e);

#endif
