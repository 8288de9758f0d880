#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "soth/ordering.h"
#include "soth/store.h"

/*
 * A row as it is kept: small. Its texts lie in one block, one after the other;
 * hosts are shared by the table of the store.
 */
struct kept {
	flow_id id;
	uint64_t begun;
	uint64_t last, flushed;	/* the offsets of its newest record, and of one that is surely in the file */
	uint64_t head[2];	/* the offset of each side's head; 0: none */
	uint64_t bytes[2];
	uint32_t answered;	/* milliseconds after begun, plus 1; 0: not */
	union {			/* by .state: */
		uint32_t ended;	/* ... over: likewise */
		struct ordering_flow ordering;	/* ... live: what may come next */
	};
	uint32_t orders;	/* notes so far */
	uint16_t status, port;
	uint8_t state : 2, held : 2, replayed : 1, raw : 1;	/* held: sides, 1u << side; replayed: out of a recording; raw: see HAND_RAW */
	uint8_t otherwise : 1, onboarding : 1;	/* as of a row */
	uint8_t close, flags;
	uint8_t action : 2, reason : 4, decided : 1;	/* as of a row */
	int8_t tls_failed;
	uint8_t version[2], protocol;
	int8_t grpc;		/* grpc-status; -1: none yet */
	uint32_t messages[2];
	uint32_t opener;	/* the row of the flow that opened its connection, plus 1; 0: itself */
	struct head *request;	/* until its answer's head comes */
	const char *host;	/* the store's */
	uint32_t pid;		/* as .process is */
	const char *process;	/* likewise: the name of the client's, of a flow that opened its connection; NULL: not known */
	char *text;		/* method NUL scheme NUL path NUL type NUL trouble NUL client NUL; of one with remarks these, each with a NUL */
};

enum { KEPT_REQUEST = 1, KEPT_TLS = 2, KEPT_TUNNEL = 4, KEPT_PARTIAL = 8, KEPT_CONNECT = 16, KEPT_REMARKED = 32,
	KEPT_EDITED = 64, KEPT_REPLAY = 128 };

void kept_note(struct kept *k, const struct note *n);
void kept_at(struct kept *k, const struct note *n, uint64_t at);	/* the record of a note that it heard */
void kept_remark(struct kept *k, const struct note *n);	/* of one that is over, too */
const char *kept_said(const struct kept *k, enum remark which);	/* "": nothing */
const char *kept_client(const struct kept *k);		/* its address, of one that opened its connection */
void kept_release(struct kept *k);
/* `opener`: the row of the flow that opened its connection, which has the client's name; or itself. */
void kept_show(const struct kept *k, const struct kept *opener, struct row *out);

#endif
