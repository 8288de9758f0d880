#ifndef UI_CASEBOOK_H
#define UI_CASEBOOK_H

#include "soth/explain.h"

/*
 * The lines of handshakes as the TLS view shows them: those with a failure
 * that nothing got better of first, then other failures, each the newest
 * first, then the others by host. Made anew where there is something new, at
 * most CASEBOOK_MS after the time before.
 */
struct casebook;
struct desk;

/* What a line is called where flows are by number: it is no flow. */
#define CASEBOOK_LINE(number) (1ull << 61 | (number))
#define IS_CASEBOOK_LINE(id) ((id) & 1ull << 61)

struct casebook *casebook_new(struct desk *d);
void casebook_free(struct casebook *c);		/* NULL is fine */
bool casebook_refresh(struct casebook *c);	/* true: lines changed */
uint64_t casebook_version(const struct casebook *c);
uint64_t casebook_now(const struct casebook *c);	/* microseconds: of a session that is only looked at, its end */
size_t casebook_lines(const struct casebook *c);
const struct handshakes *casebook_line(const struct casebook *c, size_t i);	/* good until the next refresh */
size_t casebook_find(const struct casebook *c, uint32_t number);	/* SIZE_MAX: it is not there */
void casebook_story(const struct casebook *c, size_t i, struct story *out);
const char *casebook_why(struct casebook *c, size_t i);		/* the likeliest explanation's name; "" */

/* What keys do about a line is about its process alone, and not about all. */
bool casebook_alone(const struct casebook *c);
void casebook_set_alone(struct casebook *c, bool alone);

#endif
