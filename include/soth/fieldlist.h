#ifndef SOTH_FIELDLIST_H
#define SOTH_FIELDLIST_H

#include "soth/buf.h"
#include "soth/head.h"

/*
 * The fields of an HTTP/2 message as a person types them, in the order and case
 * they go out, however wrong that is, with the body behind:
 *
 *	:method: POST
 *	:path: /x
 *	X-Upper: as typed
 *	"odd \"name\"": "\x00 and \r\n"
 *	#! trailers
 *	x-checksum: 12
 *
 *	the body
 *
 * A line is a name, a colon, a space that is left out, and the value: all the
 * rest of the line, blanks too, without its line end (LF or CRLF). The first
 * byte of a name may be a colon. What cannot stand so is put in double quotes,
 * a name, or both: \\ \" \r \n \t and \xHH stand for a byte. Below the line
 * "#! trailers" are the fields that go behind the body. An empty line ends the
 * fields; what is behind it is the body, to its last byte.
 */
enum {
	FIELDLIST_SENT_MAX = 1 << 20,	/* of a head, or of trailers: what HPACK may make of them */
	FIELDLIST_COST = 12,		/* of each field, besides its name and value */
};

struct fieldlist {
	struct field *field;	/* those of the head, then those of the trailers; they lie in .text and .unquoted */
	size_t fields, room, heads;	/* heads: how many are the head's */
	bool trailed;		/* there was the line that begins the trailers */
	struct slice text, unquoted;
	struct slice body;
};

/* Takes text. False: what is wrong, and how far into it; *l is empty. */
bool fieldlist_read(struct slice text, struct fieldlist *l, size_t *at, struct fault *why) MUST_USE;
void fieldlist_release(struct fieldlist *l);

/*
 * A head like it, for who wants to know what the message is: the first of each
 * pseudo-header field, and the fields that can stand in a head. *whole: that is
 * all there is. NULL: a response without a status.
 */
struct head *fieldlist_head(const struct fieldlist *l, enum head_kind kind, bool *whole);
struct head *fieldlist_trailer(const struct fieldlist *l, bool *whole);	/* NULL: none */
struct bytes fieldlist_find(const struct fieldlist *l, const char *name);	/* of the head's, the first, exactly so; empty: none */

/* What would go without an edit, but for the body: names in small letters, and
 * of a head of HTTP/1 no field that is the connection's. tls: of a target that
 * names no scheme. False: there is no room. */
bool fieldlist_write(const struct head *head, const struct head *trailers, bool tls, struct buf *out) MUST_USE;

#endif
