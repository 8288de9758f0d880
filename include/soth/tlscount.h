#ifndef SOTH_TLSCOUNT_H
#define SOTH_TLSCOUNT_H

#include "soth/store.h"
#include "soth/tlsreason.h"

/*
 * How often TLS handshakes of a session failed: by host, by the side that
 * they failed with, and by reason; in all, and within the last
 * TLS_WINDOW_SECONDS. They are counted as notes come, so opened sessions have
 * them too. The host is the name that TLS asked for, or where it asked for
 * none, the one that the client named.
 *
 * Of TLS_COUNT_HOSTS_MAX hosts; the one that failed longest ago goes. The sums
 * over all hosts keep what it had.
 */
enum { TLS_COUNT_HOSTS_MAX = 4096, TLS_WINDOW_SECONDS = 300 };

struct tls_count {
	char host[128];
	enum side side;		/* CLIENT: downstream */
	enum tls_reason reason;
	uint64_t total;
	uint64_t sure;		/* of them authoritative */
	uint32_t recent;	/* within the window */
	uint64_t last;		/* when, in microseconds since the epoch */
	flow_id flow;		/* of the last one */
};

struct tls_sums {
	uint64_t total, side[2], reason[TLS_REASON_COUNT];
	uint32_t recent;
	size_t hosts;		/* of which there are counts */
};

/* Copies up to `room`, of the host that failed last first; returns how many there
 * are. `now` is where the window ends, to ten seconds. Any thread. */
size_t store_tls_counts(struct store *s, uint64_t now, struct tls_count *out, size_t room);
struct tls_sums store_tls_sums(struct store *s, uint64_t now);

#endif
