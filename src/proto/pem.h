#ifndef PROTO_PEM_H
#define PROTO_PEM_H

#include "soth/base.h"

/*
 * The blocks of a PEM file (RFC 7468), one after the other, with the line that
 * each begins at. What stands between blocks is passed over.
 *
 *	struct pem p = { file, 0 };
 *	struct pem_block b;
 *	while (pem_next(&p, &b, &why))
 *		...
 */
struct pem {
	struct bytes rest;
	unsigned line;		/* lines before the rest */
};

struct pem_block {
	struct bytes label;	/* "CERTIFICATE" */
	struct bytes text;	/* all of it, from BEGIN to the end of its last line */
	unsigned line;		/* of BEGIN, from 1 */
	bool encrypted;
};

/* False: there are no more, or with words in why, "line 3: ...", one is broken. */
bool pem_next(struct pem *p, struct pem_block *b, struct fault *why);

#endif
