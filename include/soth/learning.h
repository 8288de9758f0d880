#ifndef SOTH_LEARNING_H
#define SOTH_LEARNING_H

#include "soth/temporary.h"

/*
 * What can be learned of a failure of TLS: that a client does not believe our
 * certificate for a host, so that its connections there had better pass unread
 * for a while. Only where the client itself said so, by an alert about the
 * certificate; each other failure is written down with why it taught nothing.
 *
 * One for all workers and the screen, behind a lock that is held for a look.
 * What was learned is in the table of temporaries.
 */
#define LEARNING_CODES(_) \
	_(AUTHORITATIVE,	"authoritative",		"the client said that it does not believe our certificate") \
	_(NO_REASON,		"missing_failure_reason",	"no reason was found") \
	_(INFERRED,		"inferred_signal",		"nobody said so: the connection broke off, which may mean anything") \
	_(PROVIDER,		"non_authoritative_provider",	"another program said so") \
	_(SOURCE,		"non_authoritative_source",	"it is not known whose handshake failed") \
	_(UPSTREAM,		"upstream_failure",		"it is the server's handshake that failed") \
	_(NOT_TRUST,		"not_a_trust_failure",		"it is not about our certificate") \
	_(NO_HOST,		"missing_host",			"the client named no host") \
	_(FULL,			"table_full",			"too much is said for a time already")

enum learning_code {
#define LEARNING_ENUM(name, word, about) LEARNING_##name,
	LEARNING_CODES(LEARNING_ENUM)
#undef LEARNING_ENUM
	LEARNING_CODE_COUNT
};
const char *learning_word(enum learning_code c);
const char *learning_about(enum learning_code c);

/* What a STEP_TLS_FAILED says; AUTHORITATIVE: it can be learned from. */
enum learning_code learning_gate(const struct step *failed);

struct learning;
struct learning *learning_new(struct temporaries *t);	/* t outlives it */
void learning_free(struct learning *l);

enum { LEDGER_MAX = 128 };
struct learning_signal {
	uint64_t when;		/* the last time */
	flow_id flow;		/* likewise */
	unsigned times;		/* ... in a row */
	enum learning_code code;
	char host[256], process[PROCESS_ROOM];
	char reason[32], source[16];	/* "unknown_ca" "downstream" */
	char evidence[EVIDENCE_ROOM];	/* in words */
	uint64_t id;		/* AUTHORITATIVE: of the temporary; 0: it was there, and has begun anew */
};
/* A handshake for that host by that process failed. Whether it was learned from, in *out, which becomes
 * a line of the ledger. For so many minutes. */
void learning_hear(struct learning *l, const char *host, const char *process, flow_id flow, const struct step *failed,
	uint64_t now, unsigned minutes, struct learning_signal *out);
struct learning_counts { uint64_t applied, ignored; };
/* The newest first: at most `room`; how many there are. l may be NULL. */
size_t learning_ledger(struct learning *l, struct learning_signal *out, size_t room, struct learning_counts *counts);

#endif
