#ifndef PROTO_H2_INSIDE_H
#define PROTO_H2_INSIDE_H

#include <nghttp2/nghttp2.h>

#include "gather.h"
#include "h2.h"

/*
 * What the files of HTTP/2 share: h2.c the connection and what comes,
 * h2_send.c what goes, h2_head.c heads as header lists and back.
 */
struct h2_list {		/* a header list while it comes */
	struct buf text;	/* the fields, as HTTP/1 writes them */
	struct buf all;		/* the whole head, in the end */
	struct buf cookie;
	char method[32], scheme[16], protocol[32], status[4];
	struct buf authority, path;
	unsigned seen;		/* which pseudo fields */
	bool fields;		/* a field that is none has come */
	size_t size;		/* as RFC 9113 section 10.5.1 counts */
	struct fault why;	/* the first rule broken; empty: none */
	bool too_long;
};

struct h2_stream {
	uint32_t id;
	struct h2_stream *next, **at;	/* of the connection's list */

	bool begun;		/* the head (no 1xx) has come */
	bool ended;		/* END has gone up */
	bool quiet;		/* nothing more goes up: RESET has, or went down */
	bool head_only;		/* it answers a HEAD: what its content-length says does not come */
	bool counts;		/* content-length was said: */
	uint64_t length, got;
	bool paused;
	size_t unread;		/* bytes of the window not given back yet */
	size_t window, brisk;	/* its size; read since it was last grown */

	struct head *head;	/* to be sent once it is known what follows */
	struct head *trailer;
	bool submitted, answered;	/* the request is; the answer's head is */
	bool end;		/* ... and then the end */
	bool end_sent;
	bool enough;		/* when that is sent, a reset says that no more of the request is wanted */
	bool idle;		/* nghttp2 asked for data and got none */
	bool full;
	struct slice *queue;	/* from `next_slice` on; the first from `offset` on */
	size_t next_slice, slices, room, offset, waiting;
};

struct h2 {
	nghttp2_session *session;
	struct h2_args args;
	struct out *out;	/* of the call under way */
	struct slice in;	/* what is being read */
	struct h2_list list;	/* the one header list that is coming, and its stream; 0: none */
	uint32_t listed;
	struct buf to;		/* what goes down when we settle */
	struct h2_stream *all, *head_due;
	size_t streams;
	uint32_t next;		/* client: the id of the next request */
	uint8_t first[9];	/* client: the server's first bytes */
	size_t firsts;
	bool open, blocked, alien, going_away, shut, closed;
	bool dead;		/* a rule was broken, or the connection is no more */
	uint32_t code;		/* ... and the code of that, and words */
	struct fault why;
	uint64_t resets, answers;	/* streams that the peer broke off; that ended well */
	unsigned pieces;	/* of the header list that is coming */
	unsigned empties;	/* frames without anything in them, in a row */
};

struct h2_stream *h2_stream(const struct h2 *h, int32_t id);	/* NULL: none */
struct h2_stream *h2_stream_new(struct h2 *h, int32_t id);
/* A rule was broken on it: RESET goes up, RST_STREAM down. */
void h2_stream_break(struct h2 *h, struct h2_stream *s, uint32_t code, unsigned status, const char *words);
void h2_up(struct h2 *h, const struct h2_stream *s, struct part part);

/* h2_send.c */
void h2_send_part(struct h2 *h, uint32_t id, struct part *p);
void h2_submit_due(struct h2 *h);	/* the head that waited for what follows it */
void h2_pump(struct h2 *h);		/* what nghttp2 has to send, into h->to and down */
void h2_queue_drop(struct h2_stream *s);
int h2_send_data(nghttp2_session *session, nghttp2_frame *frame, const uint8_t *head, size_t len,
	nghttp2_data_source *source, void *arg);

/* h2_head.c */
void h2_list_init(struct h2_list *l, size_t limit);
void h2_list_reset(struct h2_list *l);	/* as new, but for the room it has */
void h2_list_release(struct h2_list *l);
void h2_list_add(struct h2_list *l, struct bytes name, struct bytes value, bool request, size_t limit);
struct head *h2_list_head(struct h2_list *l, enum head_kind kind, bool proxy, struct fault *why);

struct h2_fields {		/* a head as nghttp2 takes it */
	nghttp2_nv *at;
	size_t count;
	char *names;		/* made small */
};
void h2_fields_make(struct h2_fields *f, const struct head *h, bool tls);
void h2_fields_release(struct h2_fields *f);

#endif
