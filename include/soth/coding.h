#ifndef SOTH_CODING_H
#define SOTH_CODING_H

#include "soth/decode.h"

/*
 * The codings of a body on their way off, as it comes: each of
 * Content-Encoding, the outermost first, and then its charset where that is
 * not UTF-8. Memory is bounded, and so is what comes out: a stream that
 * unpacks to more than `most`, or to more than BOMB_RATIO times itself and
 * BOMB_MIN, is stopped there.
 */
struct coding;

enum { BOMB_RATIO = 200, BOMB_MIN = 64 << 20 };

struct coding *coding_new(const struct hint *h, const struct choice *c, uint64_t most);
void coding_free(struct coding *c);
/* What comes out goes to `sink`, in pieces. */
void coding_feed(struct coding *c, struct bytes more, void (*sink)(void *arg, struct bytes out), void *arg);
void coding_end(struct coding *c, void (*sink)(void *arg, struct bytes out), void *arg);
/* What went wrong, in words; NULL: nothing. No more comes out then. */
const char *coding_trouble(const struct coding *c);
/* ... it names a coding that we do not know: what comes out is as it came. */
bool coding_unknown(const struct coding *c);
/* A person chose the charset that what comes out was in. */
bool coding_is_text(const struct coding *c);
/* The transfer step, if the body had one, and those of the codings. */
size_t coding_reports(const struct coding *c, struct report *out, size_t max);
size_t coding_steps(const struct coding *c);	/* places of a choice that they take */

#endif
