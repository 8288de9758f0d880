#ifndef PROTO_H2_INSIDE_H
#define PROTO_H2_INSIDE_H

#include <nghttp2/nghttp2.h>

#include "h2.h"
#include "headers.h"
#include "mend.h"
#include "soth/buf.h"
#include "soth/fieldlist.h"

/*
 * What the files of HTTP/2 share: h2.c the connection, h2_recv.c what comes, h2_send.c
 * what goes, h2_head.c heads as header lists and back, h2_frame.c each frame
 * before nghttp2 has it.
 *
 * nghttp2 knows the states of RFC 9113 section 5.1, windows and HPACK. It is
 * told to leave HTTP alone (no_http_messaging), since it drops in silence what
 * it does not like of a head.
 */
struct h2_list {		/* a header list on its way in, put together as the text of a head */
	struct h2_stream *stream;	/* whose; NULL: nobody's, nothing is kept */
	enum head_kind kind;
	struct pseudos pseudos;
	nghttp2_rcbuf *held[PSEUDO_COUNT];	/* where their values lie */
	struct buf text, cookies;
	size_t cookie_at;	/* in text: where they go */
	size_t size;		/* RFC 9113 section 6.5.2 */
	bool begun;		/* the start line is in the text */
	bool host;		/* there was one beside :authority */
	bool bad;
	struct fault why;
	struct buf mend;	/* room for a field that is mended */
	struct mended mended;	/* what was, of this list and interim ones before it */
};

struct h2_typed {		/* what a person typed: nghttp2 keeps to its names until they are sent */
	uint32_t id;
	struct fieldlist list;
	struct h2_typed *next;
};

struct h2_stream {
	uint32_t id;
	struct h2_stream *next, **at;	/* of the connection's list, the newest first */
	struct bytes method;	/* "HEAD", "CONNECT"; empty: any other */

	bool begun;		/* the head (no 1xx) has come */
	bool ended;		/* END has gone up */
	bool closed;		/* END_STREAM came */
	bool quiet;		/* nothing more goes up: RESET has, or went down */
	bool refused;		/* RESET with 431 went up: reset when we settle, unless it is answered */
	struct framing come;	/* of what comes; .length counts down */
	bool paused;
	size_t unread;		/* bytes of the window not given back yet */
	size_t window, brisk;	/* its size; read since it was last grown */

	struct head *head;	/* to be sent once it is known what follows */
	struct head *trailer;
	struct h2_typed *typed;	/* goes in place of both; NULL: they do */
	struct framing go;	/* of what goes; .length counts down */
	bool submitted;		/* the head of a request, the last of an answer */
	bool sent;		/* something of it is on the wire */
	bool end;		/* ... and then the end */
	bool enough;		/* when that is sent, a reset says that no more of the request is wanted */
	bool idle;		/* nghttp2 asked for data and got none */
	bool full;
	struct slice *queue;	/* from `next_slice` on; the first from `offset` on */
	size_t next_slice, slices, room, offset, waiting, weight;
};

struct h2_frame {		/* where in a frame we are */
	uint8_t head[9];
	unsigned have;
	uint32_t left;
	unsigned preface;	/* bytes of the client's preface still to come */
	bool any;		/* there was one before */
};

enum { H2_SEEN = 64 };

struct h2 {
	nghttp2_session *session;
	struct h2_args args;
	struct out *out;	/* of the call under way */
	struct slice in;	/* what is being read */
	struct h2_frame frame;
	struct h2_list list;	/* the one header list that is coming: a block is never interrupted (section 4.3) */
	struct h2_typed *typed;	/* for heads that have not come down yet */
	const struct head *nv_head;	/* what was last made into: */
	nghttp2_nv *nv;
	size_t nvs, nv_room;
	struct buf to;		/* what goes down when we settle */
	struct h2_stream *all, *head_due;
	size_t streams;
	size_t unsent;		/* client: those of them that nghttp2 may not know yet */
	uint32_t next;		/* client: the id of the next request */
	struct h2_seen {
		uint32_t id;
		bool ended;	/* by the peer, which may send no more on it */
	} seen[H2_SEEN];	/* the last that were opened, in a ring */
	unsigned seens;		/* all that ever were */
	uint32_t seen_last;
	unsigned strikes;	/* streams broken off before their answer, against answers */
	unsigned idle;		/* frames that carry nothing, against those that do */
	unsigned continuations;	/* of the header list that is coming */
	unsigned refusals;	/* streams that are .refused */
	bool open, blocked, alien, going_away, shut, closed;
	bool dead;		/* a rule was broken, or the connection is no more */
	bool broken;		/* a rule was: */
	uint32_t code;		/* ... which code that has, and words */
	struct fault why;
	bool told;		/* our GOAWAY with that code is written */
	struct fault farewell;	/* what the peer's GOAWAY said */
};

struct h2_stream *h2_stream(const struct h2 *h, int32_t id);	/* NULL: none */
struct h2_stream *h2_stream_new(struct h2 *h, int32_t id);
/* A rule was broken on it: RESET goes up, RST_STREAM down. */
void h2_stream_break(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words);
void h2_stream_reset(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words);	/* RESET up, once */
void h2_stream_free(struct h2 *h, struct h2_stream *s);
void h2_up(struct h2 *h, const struct h2_stream *s, struct part part);
/* How much may follow a head, in either direction. */
struct framing h2_framing(const struct h2_stream *s, const struct head *head);
/* A rule was broken on the connection: told when nghttp2 has returned. */
void h2_broken(struct h2 *h, uint32_t code, const char *words);

/* h2_recv.c */
void h2_recv_callbacks(nghttp2_session_callbacks *cb);
void h2_window_back(struct h2 *h, struct h2_stream *s, size_t len);	/* read: the peer may send as much again */
void h2_window_set(struct h2 *h, struct h2_stream *s, size_t window);

/* h2_send.c */
void h2_send_part(struct h2 *h, uint32_t id, struct part *p);
void h2_submit_due(struct h2 *h);	/* the head that waited for what follows it */
void h2_pump(struct h2 *h);		/* what nghttp2 has to send, into h->to and down */
void h2_pump_down(struct h2 *h);
void h2_queue_drop(struct h2_stream *s);
void h2_typed_free(struct h2_typed *t);		/* and all behind it; NULL is fine */
struct bytes h2_method(const struct head *request);	/* as struct h2_stream has it */
void h2_send_callbacks(nghttp2_session_callbacks *cb);

/* h2_head.c */
void h2_list_init(struct h2_list *l);
void h2_list_release(struct h2_list *l);
void h2_list_begin(struct h2_list *l, struct h2_stream *s, enum head_kind kind);
void h2_list_field(struct h2 *h, struct h2_list *l, nghttp2_rcbuf *name, nghttp2_rcbuf *value);
struct head *h2_list_head(struct h2 *h, struct h2_list *l, struct fault *why) MUST_USE;	/* NULL: see why */
bool h2_list_too_long(const struct h2 *h, const struct h2_list *l);
/* Into h->nv; what that points to is the head's. */
bool h2_nv(struct h2 *h, const struct head *head, struct fault *why) MUST_USE;
/* Likewise, as they are: from the list, which is to last until they are sent. */
void h2_nv_typed(struct h2 *h, const struct fieldlist *l, size_t from, size_t to);

/* h2_frame.c: how many of these bytes nghttp2 may have now: to the end of a
 * frame, or of its head; 0 where the connection is broken. */
size_t h2_frame_pass(struct h2 *h, struct bytes b);
/* A frame that does something makes good for some that do nothing. */
void h2_frame_credit(struct h2 *h, size_t bytes);
/* A sentence for what nghttp2 calls `reason`; that may be empty. */
void h2_frame_fault(struct fault *why, uint32_t code, struct bytes reason);
/* What is remembered of streams, though they be gone: that it was opened, and
 * that the peer ended it. */
void h2_seen(struct h2 *h, uint32_t id);
void h2_seen_end(struct h2 *h, uint32_t id);

#endif
