#ifndef PROTO_MEND_H
#define PROTO_MEND_H

#include "soth/buf.h"
#include "soth/head.h"

/*
 * What a peer wrote carelessly, as it should have been written: for peers
 * whose heads are not to be taken strictly (validate-inbound-headers off), and where
 * head_parse() or headers.h refused what came.
 *
 * Mended is only what all readers would take for the same message. What frames
 * or routes it (Content-Length, Transfer-Encoding, Host, ...), or looks to any
 * reader as if it did, is never mended, and neither is CR alone, or NUL. What
 * comes of it is judged again as if it had come so: a mended head is a strict one.
 */
struct mended {
	struct fault first;	/* in words; empty: nothing */
	unsigned more;		/* so many other things */
};

/*
 * HTTP/1, with the empty line at its end:
 *
 *	a line that ends with LF alone (RFC 9112 section 2.2)
 *	a folded field becomes one line (section 5.2)
 *	white space before a colon is taken out, of responses (section 5.1)
 *	a line without a colon, or whose name is no token, is left out
 *	a control character in a value becomes a space (RFC 9110 section 5.5)
 *	Content-Length said again, the same, is left out, of responses (section 8.6)
 *
 * False: there is something that may not be mended. What `out` has then is of no use.
 */
bool mend_head(struct bytes text, enum head_kind kind, struct buf *out, struct mended *m) MUST_USE;

/*
 * A field of HTTP/2 (RFC 9113 section 8.2):
 *
 *	upper case in a name becomes lower case; a name that is no token is left out
 *	white space around a value goes, a control character in it becomes a space
 *	what is an HTTP/1 connection's own is left out (section 8.2.2)
 *
 * The field that goes on lies in `room`, which is emptied first; its name is empty where it is left out.
 */
bool mend_field(struct field f, struct buf *room, struct field *out, struct mended *m) MUST_USE;

void mended_add(struct mended *to, const struct mended *m);
/* "a line ends without CR, and 2 more: mended". */
void mended_words(const struct mended *m, struct fault *out);

#endif
