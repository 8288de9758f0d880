#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "soth/note.h"

/*
 * How many TLS handshakes failed so far, for the event log: of each host, with
 * each side, for each reason, in all; and of late, as rolling.h has it. Of TALLY_HOSTS_MAX hosts; the one that
 * failed longest ago goes, and begins anew. The host is the name that TLS asked
 * for, or where it asked for none, the one that the client named.
 */
enum { TALLY_HOSTS_MAX = 4096 };

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *t);

struct tallied { uint64_t host, side, reason, all; uint32_t host_recent, side_recent, reason_recent; };
/* With a TLS_FAILED of a flow to `host`, at that time. */
struct tallied tally_add(struct tally *t, const struct step *failed, struct bytes host, uint64_t when);

#endif
