#ifndef UI_SIEVE_H
#define UI_SIEVE_H

#include "soth/messages.h"

/* Which messages are shown: those with a text in them, or of one side. They
 * are looked through a little at a time. */
struct sieve {
	bool on;
	int side;			/* CLIENT, SERVER; -1: either */
	char words[128];		/* as the person said it */
	const char *text;		/* in them */
	size_t looked;			/* at so many */
	size_t *kept;			/* indices of those that are shown */
	size_t count, room;
};

/* "~q TEXT": the client's, "~s TEXT": the server's; "TEXT": both; "": all. */
void sieve_set(struct sieve *s, const char *words);
void sieve_reset(struct sieve *s);	/* of other messages: looks anew */
/* True: it has looked at all there are. */
bool sieve_sift(struct sieve *s, struct messages *m, struct buf *scratch);
/* Which of all messages the i-th is that is shown. */
size_t sieve_real(const struct sieve *s, size_t i);

#endif
