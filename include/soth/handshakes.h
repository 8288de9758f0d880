#ifndef SOTH_HANDSHAKES_H
#define SOTH_HANDSHAKES_H

#include "soth/store.h"
#include "soth/tlsreason.h"

/*
 * What came of TLS with each host and port for each process, on either side: a
 * line each, folded from the notes of all flows as they come, be they live or read.
 * There are at most HANDSHAKES_MAX lines: of those without a failure the one
 * that nothing was heard of for longest goes first, then of the others.
 */
enum { HANDSHAKES_MAX = 2048, HANDSHAKES_RECENT_S = 300, HANDSHAKES_SOON_S = 5, HANDSHAKES_LONG_S = 60 };

enum alert_by { ALERT_BY_NOBODY, ALERT_BY_CLIENT, ALERT_BY_SERVER, ALERT_BY_SOTH };

struct handshakes {
	uint32_t number;	/* its own as long as it is there, from 1 */
	enum side side;		/* CLIENT: of the process with soth; SERVER: of soth with the host */
	uint16_t port;		/* 0: not known */
	char host[256];		/* as the handshake named it; where it did not, as the flow does */
	char process[64];	/* whose connection it was: its name, or where that is not known its address */
	uint32_t failures, successes;
	uint32_t recent_failures, recent_successes;	/* of the last HANDSHAKES_RECENT_S */
	uint32_t by_reason[TLS_REASON_COUNT], recent_by_reason[TLS_REASON_COUNT];	/* failures */
	uint64_t last;			/* when there was one, in microseconds since the epoch; as all times here */
	uint64_t first_failed, last_failed, last_succeeded;	/* 0: none did */
	uint32_t before, since;		/* successes before the first failure, and since the last one */
	flow_id failed_in, succeeded_in;	/* the last of each */
	/* Of the last failure: */
	enum tls_reason reason;
	bool inferred;			/* its source is no alert and no library's word */
	bool early, late;		/* it came before soth had answered the client's hello; behind the handshake */
	bool asked;			/* the server had asked for a client certificate */
	int alert;			/* -1: none */
	enum alert_by alert_by;
	char alert_name[32], raw[128], detail[200], sni[128];
	char verify[96];		/* what is wrong with the server's certificate: "signer_not_found,expired" */
	char alpn[64], versions[64];	/* that the client offered, or soth to the server */
	char version[16];		/* of the last success */
	/* The server's certificate, where it showed one: of the last handshake that told of it. */
	uint32_t shown;			/* certificates in the chain; 0: it is not known */
	flow_id shown_in;
	char subject[128], issuer[128], names[160], not_before[24], not_after[24];
	/* Then: */
	uint32_t again;			/* handshakes begun within HANDSHAKES_SOON_S of a failure, in a row */
	uint64_t plain;			/* when it first went on with plain HTTP after the last failure; 0: has not */
	uint64_t quic;			/* ... over QUIC; and */
	uint64_t quic_first;		/* ... the first time of all */
	flow_id plain_in, quic_in;
	bool alt_svc;			/* the host announced HTTP/3 to it */
};

enum { HANDSHAKES_PLACE = sizeof(((struct handshakes *)0)->host) + 10 };
/* Its host, and its port where that is not 443: "a.test:8443", "[::1]:8443"; "?": the host is not known. */
const char *handshakes_place(const struct handshakes *h, char out[HANDSHAKES_PLACE]);
bool handshakes_named(const struct handshakes *h);	/* the process has a name, and no address alone */
/* Copies up to `count` lines as they stand at `now`: those with failures first, and the last heard of; how many. */
size_t store_handshakes(struct store *s, uint64_t now, struct handshakes *out, size_t count);
/* Grows with every change of them. */
uint64_t store_handshakes_version(struct store *s);
/* The line that this flow's failure is told by, or else its client's with its host; 0: there is none, or it is told no more. */
uint32_t store_handshakes_of(struct store *s, flow_id id);
/* When the last note came: for a session that is only looked at, that is now. */
uint64_t store_heard(struct store *s);

#endif
