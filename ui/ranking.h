#ifndef UI_RANKING_H
#define UI_RANKING_H

#include "soth/store.h"

/*
 * Flows in the order of one of their columns; what is equal stays in the order
 * in which it came. They are put in one by one, and take their places at once
 * in ranking_settle().
 */
struct ranking;

/* By "host"; "-host": the other way round. NULL: no column is called so. */
struct ranking *ranking_new(const char *by);
void ranking_free(struct ranking *r);		/* NULL is fine */
const char *ranking_column(size_t i);		/* the names there are; NULL past the last */
const char *ranking_by(const struct ranking *r);	/* as it was given */

void ranking_put(struct ranking *r, size_t index, const struct row *row);	/* anew, where it is there */
void ranking_take(struct ranking *r, size_t index);
void ranking_pass(struct ranking *r, struct store *s);	/* those that are gone from there */
/* Many, in order, which do not go on. */
void ranking_take_all(struct ranking *r, const uint32_t *index, size_t count);
bool ranking_settle(struct ranking *r);		/* true: something has moved */
size_t ranking_count(const struct ranking *r);
size_t ranking_at(const struct ranking *r, size_t place);	/* the index that is there */
size_t ranking_place(const struct ranking *r, size_t index);	/* SIZE_MAX: it is not there */

#endif
