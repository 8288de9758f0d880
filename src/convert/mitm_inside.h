#ifndef CONVERT_MITM_INSIDE_H
#define CONVERT_MITM_INSIDE_H

#include "soth/convert.h"
#include "soth/map.h"
#include "tnet.h"

/*
 * mitmproxy's flow files, between the files of this format. A file is
 * dictionaries one after the other, each a flow with both of its connections:
 *
 *	version type id error client_conn server_conn intercepted is_replay marked metadata comment
 *	timestamp_created backup
 *	http	request response websocket
 *	tcp udp	messages
 *	dns	request response
 */
enum { MITM_FIRST = 18, MITM_VERSION = 21, MITM_FLOW_MAX = 512 << 20, MITM_FIELDS_MAX = 100000,
	MITM_PIECE = 1 << 20, MITM_MESSAGE_MAX = 16 << 20 };

/* How a flow ends in a session that had not ended in its file. */
#define MITM_UNFINISHED	"it was not over when it was saved"

/* Reading. */
struct mitm_reading {
	const struct convert_sink *to;
	flow_id flow;		/* the last one told */
	uint64_t last;		/* when its last part came */
	struct map *conns;	/* id of a connection: the flow that has its steps */
	unsigned lines;		/* of the log */
};

/* A flow, and what is in each. */
struct mitm_flow {
	struct tnet state, request, response, websocket, messages, error, client, server;
	bool new_client, new_server;	/* the first flow of that connection */
	bool late;		/* the server was dialed behind the request */
};

void mitm_tell(struct mitm_reading *r, struct note n);	/* takes what it carries; when 0: when the last was */
void mitm_part(struct mitm_reading *r, enum side side, uint64_t when, struct part p);
void mitm_data(struct mitm_reading *r, enum side side, uint64_t when, struct bytes data);	/* in pieces */
void mitm_reset(struct mitm_reading *r, enum side side, uint64_t when, struct bytes words);
void mitm_gone(struct mitm_reading *r, enum close_code code, struct bytes words);
void mitm_log(struct mitm_reading *r, const char *text);

/* Each false: it is no such flow, and nothing of it was told. */
bool mitm_http_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why) MUST_USE;
bool mitm_messages_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why) MUST_USE;
bool mitm_dns_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why) MUST_USE;

/* A list of [opcode, from_client, content, timestamp, ..], or without opcodes. */
bool mitm_messages_sound(struct tnet list, bool opcodes, struct fault *why) MUST_USE;
void mitm_websocket_tell(struct mitm_reading *r, struct tnet websocket);

/* mitm_head.c: NULL where it would be none. */
struct head *mitm_request_head(struct tnet request, struct fault *why);
struct head *mitm_response_head(struct tnet response, struct fault *why);
bool mitm_trailer(struct tnet message, struct head **out, struct fault *why) MUST_USE;	/* NULL: it has none */

/* mitm_conn.c: FLOW, with that scheme, and the steps. */
void mitm_flow_begin(struct mitm_reading *r, struct mitm_flow *f, struct bytes scheme, struct bytes host, uint16_t port);
void mitm_server_steps(struct mitm_reading *r, const struct mitm_flow *f);	/* where they were late */

/* mitm_marks.c: what the messages in a body are, told behind it; none where it has none. */
void mitm_marks(struct mitm_reading *r, enum side side, uint64_t when, const struct head *request,
	const struct head *response, struct bytes body, bool whole);

/* mitm_names.c: what both have names of. */
struct bytes mitm_tls_here(struct bytes theirs);	/* "TLSv1.3": "TLS1.3" */
struct bytes mitm_tls_there(struct bytes ours);		/* empty: they have no name for it */
/* "127.0.0.1:80", "[::1]:80" */
bool mitm_address_read(struct bytes text, struct bytes *host, uint16_t *port);
bool mitm_address_write(struct bytes host, int64_t port, char *out, size_t room);
bool mitm_is_ip(struct bytes host);

/* Writing. */
struct mitm_writing {
	FILE *out;
	const struct convert_flows *from;
	struct tnet_out o;
	struct buf scratch;
	struct flow flow;
	struct flow opener;	/* of its connection; empty: it is that itself, or not there */
};
bool mitm_write(FILE *out, const struct convert_flows *from, struct fault *why) MUST_USE;
/* mitm_state.c: a flow's state but for what its type adds, which has been put. */
void mitm_put_flow(struct mitm_writing *w, const char *type, struct bytes comment);
/* A step of the connection; NULL: none such. */
const struct moment *mitm_step(const struct mitm_writing *w, enum step_kind kind, int side);
bool mitm_is_h3(const struct mitm_writing *w, enum side side);

#endif
