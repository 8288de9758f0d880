#ifndef SOTH_EDIT_H
#define SOTH_EDIT_H

#include "soth/buf.h"
#include "soth/head.h"

/*
 * An HTTP message as text that a person edits, and back.
 *
 *	#! 118 bytes behind gzip, as msgpack; gzip is put back
 *	POST /login HTTP/1.1
 *	Host: example.org
 *	Content-Type: application/msgpack
 *	#! trailers
 *	X-Checksum: 12
 *
 *	{
 *	  "name": "ann"
 *	}
 *
 * Lines of the head that begin with "#! " are left out on the way back; but
 * "#! trailers" tells that the fields below it come after the body. Behind a
 * body that is not empty stands one line end more than it has, so that an
 * editor that ends the last line changes nothing; it is taken off again.
 *
 * What is not touched stays as it was, byte for byte: the whole body where its
 * text is the same, else each value of it that is. A way of writing a body down
 * is taken only if reading it gives the same bytes again; hex always does.
 *
 * Messages of gRPC and parts of a multipart body stand each below a line that
 * begins with "#! message" or "#! part" and says which shape it is in; copying
 * one with its line makes another.
 *
 * All of these are pure: no file, no clock, no thread, nothing kept. Bodies
 * and texts are not trusted. A body of more than 64 MiB stays in its codings.
 * A large one takes a while, some 100 ms a MiB at worst: not for the screen's
 * thread.
 */
struct schema;

struct edit_message {		/* borrowed, all of it */
	struct head *head;	/* NULL: a body alone, as of a WebSocket message */
	struct bytes body;	/* as on the wire, behind the transfer coding */
	struct head *trailers;	/* HEAD_FIELDS, of a message with a head; or NULL */
	struct bytes type;	/* its media type, where the head has none; or empty */
	const char *as;		/* the decoder that a person chose; NULL: the best */
	/* For Protocol Buffers: */
	const struct schema *schema;	/* or NULL */
	struct bytes path;	/* of the request: "/pkg.Service/Method"; of a request's own head, empty will do */
	enum side side;		/* who sends it */
	bool to_head;		/* it is the answer to a HEAD */
};

enum edit_mode {
	EDIT_BEST,		/* what is easiest to edit */
	EDIT_PLAIN,		/* behind its codings, but not laid out: as text where it is, else in hex */
	EDIT_HEX,		/* the same, in hex */
	EDIT_RAW,		/* head and body as they are, and nothing else: what is typed is sent */
	EDIT_LIST,		/* likewise as the fields of HTTP/2 and a body: fieldlist.h */
	EDIT_TYPED,		/* for who picks one of the two: none of edit_write()'s */
};

enum { EDIT_NAME_MAX = 24 };

/* How a message was written down. */
struct edit_form {
	enum edit_mode mode;	/* said by the caller */
	bool bare;		/* said by the caller: no lines about it */
	bool tls;		/* said by the caller: of EDIT_LIST, whose target names no scheme */
	bool forced;		/* said by the caller: what could not be sent is no fault, and stays as it was typed */
	/* Filled by edit_write(): */
	const char *shape;	/* of the body: "text" "json" "hex"; see edit_shapes[] */
	bool coded;		/* its content codings are undone */
	char charset[EDIT_NAME_MAX];	/* it is in, and the text is not; "": as it is */
	bool notes;		/* "#! " before the start line is ours */
};

/* The ways there are to write a body down, the last with a NULL name. */
struct edit_shape { const char *name, *about; };
extern const struct edit_shape edit_shapes[];

/* False: `out` has no room for it. */
bool edit_write(const struct edit_message *m, struct edit_form *form, struct buf *out) MUST_USE;

enum { EDIT_SAID_MAX = 8, EDIT_WORDS_MAX = 120 };

struct edit_result {
	struct head *head;	/* NULL: the message has none; raw: what was typed is none */
	struct slice body;	/* as it goes on the wire, but for the transfer coding */
	struct head *trailers;	/* or NULL */
	struct slice raw;	/* EDIT_RAW, EDIT_LIST: all that was typed */
	bool list;		/* ... it is EDIT_LIST's; the head, where it has none, is as it was */
	bool head_changed, body_changed, trailers_changed;
	/* What was done beside the edit, and what looks wrong: "content-length: 12 -> 15". */
	char said[EDIT_SAID_MAX][EDIT_WORDS_MAX];
	size_t saids;
	/* A fault's place in the text, from 1, in bytes; 0: it has none. */
	unsigned line, column;
};

/*
 * The text, edited, as a message. `was` and `form` as edit_write() had them. A
 * body goes into the codings of the head as it is now. Content-Length follows
 * the body. What could not be sent is a fault, but for EDIT_RAW and EDIT_LIST. False: a
 * fault, "line 3, column 8: ..."; *out is empty but for the place.
 */
bool edit_read(const struct edit_message *was, const struct edit_form *form, struct bytes text,
	struct edit_result *out, struct fault *why) MUST_USE;
void edit_result_release(struct edit_result *r);

/*
 * One thing of a message, set: by "method" "target" "query:page" ...; a thing
 * of that name that is not there is added. value.at NULL: it is taken away.
 */
struct edit_thing { const char *name, *about; bool named; };	/* named: "header:accept" */
extern const struct edit_thing edit_things[];			/* the last with a NULL name */

bool edit_field(const struct edit_message *m, const char *what, struct bytes value, struct edit_result *out,
	struct fault *why) MUST_USE;

/* What it is now, to begin with; added to `out`. False: it is not there, or there is no room. */
bool edit_value(const struct edit_message *m, const char *what, struct buf *out) MUST_USE;

/* Two texts by their lines. */
enum edit_row_kind { EDIT_SAME, EDIT_REMOVED, EDIT_ADDED };
struct edit_row {
	enum edit_row_kind kind;
	struct bytes line;	/* without its line end */
	uint32_t number;	/* of the line in the text it is of, from 1 */
};
struct edit_rows {
	struct edit_row *row;
	size_t rows;
	struct slice text[2];	/* that the lines are of, where nobody else has it */
};

void edit_rows_of(struct bytes was, struct bytes is, struct edit_rows *out);	/* borrows both */
/* Two messages, each as text in its best form; what has no room is cut. */
void edit_compare(const struct edit_message *was, const struct edit_message *is, struct edit_rows *out);
void edit_rows_release(struct edit_rows *r);

#endif
