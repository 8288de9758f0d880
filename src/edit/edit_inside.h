#ifndef EDIT_INSIDE_H
#define EDIT_INSIDE_H

#include "soth/edit.h"

/* What the files of this folder share. */
enum {
	EDIT_PLAIN_MAX = 64 << 20,	/* of a body behind its codings */
	EDIT_SHAPED_MAX = 16 << 20,	/* ... that is more than text */
	EDIT_DEPTH_MAX = 128,		/* of values in values */
	EDIT_LIST_MAX = 64 * 1024,	/* of the names of codings */
	EDIT_LIST_SHOWN = 60,
};

/* A fault, and where it is in the text that a person typed; at NULL: nowhere. */
struct spot { const uint8_t *at; struct fault why; };
bool spot_fault(struct spot *s, const uint8_t *at, const char *fmt, ...) PRINTF(3, 4);	/* false */

/* Without its first n bytes, as bytes_from(); but where none are left it still tells the place. */
static inline struct bytes
behind(struct bytes b, size_t n)
{
	if (n > b.len)
		n = b.len;
	return n ? (struct bytes){ b.at + n, b.len - n } : b;
}

/* A body being written down or read. */
struct work {
	struct bytes plain;	/* as it was, behind its codings and charset */
	struct bytes type;
	const char *decoder;	/* what shows it on the screen: its name */
	struct bytes coding;	/* grpc-encoding: of messages in it */
	struct bytes path;
	const struct schema *schema;
	enum side side;
	unsigned depth;		/* of bodies in bodies */
};

struct shape {
	bool (*suits)(const struct work *w);
	/* False: it does not suit after all, or there is no room. */
	bool (*show)(const struct work *w, struct buf *out);
	bool (*read)(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
	bool text;		/* reads as its bytes do, line by line */
	bool laid_out;		/* not for EDIT_PLAIN */
	bool holds;		/* bodies in it, each of its own shape */
};

/* The first that suits and gives the same bytes again; its text is added. SHAPES: there is no room. */
size_t shape_best(const struct work *w, enum edit_mode mode, bool text_alone, struct buf *out);
bool shape_read(size_t shape, const struct work *w, struct bytes text, struct buf *out, struct spot *why) MUST_USE;
bool shape_show(size_t shape, const struct work *w, struct buf *out) MUST_USE;
size_t shape_named(const char *name);	/* hex, where it is none */
bool shape_is_text(size_t shape);
/* By the name that a person typed; not one that holds others. */
bool shape_word(struct bytes word, size_t *shape, struct spot *why) MUST_USE;
/* Of blocks that each begin with a line that begins with the title, the first, without the line end behind it. */
struct bytes block_take(struct bytes *rest, const char *title);

/* Says who decodes it: `as`, or the best. */
void work_choose(struct work *w, const char *as);

/* Each line end as the other. */
bool lines_each(struct bytes from, const char *end_was, const char *end_is, struct buf *out);

bool text_suits(const struct work *w);
bool hex_show(const struct work *w, struct buf *out);
bool hex_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool json_valid(struct bytes text, struct spot *why);	/* RFC 8259 */
bool spread_suits(const struct work *w);
bool spread_show(const struct work *w, struct buf *out);
bool spread_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool pairs_suits(const struct work *w);
bool pairs_show(const struct work *w, struct buf *out);
bool pairs_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool msgpack_suits(const struct work *w);
bool msgpack_put(const struct work *w, struct buf *out);
bool msgpack_pack(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool cbor_suits(const struct work *w);
bool cbor_put(const struct work *w, struct buf *out);
bool cbor_pack(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool wired_suits(const struct work *w);
bool wired_show(const struct work *w, struct buf *out);
bool wired_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool mixed_suits(const struct work *w);
bool mixed_show(const struct work *w, struct buf *out);
bool mixed_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);
bool frames_suits(const struct work *w);
bool frames_show(const struct work *w, struct buf *out);
bool frames_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why);

/* The body behind its codings, and behind its charset. */
struct opened { struct buf plain, chars; struct fault trouble; };
void opened_init(struct opened *o);
void opened_release(struct opened *o);
/* False: they stay on; o->plain is the body as it is. */
bool open_codings(const struct edit_message *m, struct opened *o);
/* In "text/plain; charset=latin1", its name; a mark at the beginning says more. "": none, or one that needs nothing. */
void charset_of(struct bytes type, struct bytes plain, char out[EDIT_NAME_MAX]);
/* Whether it is text of that charset, which comes back as it was; then o->chars is that. */
bool open_charset(const char *charset, struct opened *o);
struct bytes message_type(const struct edit_message *m);
struct work work_of(const struct edit_message *m, struct bytes plain);

/* Content codings, by Content-Encoding: "gzip, br". */
bool codings_known(struct bytes list);
bool codings_undo(struct bytes list, struct bytes body, struct buf *out, struct fault *why) MUST_USE;
bool codings_put(struct bytes list, struct bytes plain, struct buf *out, struct fault *why) MUST_USE;
/* *used: of `in`, up to what is not of the charset. False: that, or no room. */
bool charset_convert(const char *from, const char *to, struct bytes in, struct buf *out, size_t *used) MUST_USE;

/* The head and the trailers as lines, each ended by LF; and the empty one. */
bool headlines_put(const struct head *head, const struct head *trailers, struct buf *out) MUST_USE;
/* *rest begins with them, and then with the body. Both are NULL where there are none. */
bool headlines_read(struct bytes *rest, enum head_kind kind, bool notes, struct head **head, struct head **trailers,
	struct spot *why) MUST_USE;
/* Where in the text a field of that name stands; NULL: nowhere. */
const uint8_t *headlines_find(struct bytes text, const char *name);

/* Content-Encoding of all fields of the name, joined; good until *scratch is touched. */
struct bytes joined(const struct head *h, const char *name, struct buf *scratch);

void result_say(struct edit_result *r, const char *fmt, ...) PRINTF(2, 3);
/* Content-Length and what else must be so that it can be sent. `text` is where faults are looked for. */
bool sendable(const struct edit_message *was, struct bytes text, struct edit_result *r, struct spot *why) MUST_USE;
/* A body as it is now, behind codings; into r->body. */
bool body_encode(struct bytes plain, struct edit_result *r, struct fault *why) MUST_USE;

#endif
