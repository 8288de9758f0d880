#ifndef UI_RANKING_H
#define UI_RANKING_H

#include "facts.h"

/*
 * Flows in the order of one of their columns; what is equal stays in the order
 * in which it came. They are put in one by one, and take their places at once
 * in ranking_settle().
 *
 * A column may be of a flow's data (see facts.h): who puts a flow in has read
 * it. Of such texts the numbers come first, as numbers, then what is none, and
 * the flows that have nothing last, whichever way round it goes.
 */
enum { RANKING_NAME = FACT_NAME_MAX + 16 };
struct ranking;

/* By "host", "header:server"; "-host": the other way round. NULL: no column is called so. */
struct ranking *ranking_new(const char *by);
void ranking_free(struct ranking *r);		/* NULL is fine */
const char *ranking_column(size_t i);		/* the names there are; NULL past the last */
const char *ranking_by(const struct ranking *r);	/* as it was given */
const struct fact *ranking_fact(const struct ranking *r);	/* what it asks of data; NULL: the row has all */

/* Anew, where it is there. `said`: what its data has; not read where there is no ranking_fact(). */
void ranking_put(struct ranking *r, size_t index, const struct row *row, const char *said);
void ranking_take(struct ranking *r, size_t index);
void ranking_pass(struct ranking *r, struct store *s);	/* those that are gone from there */
/* Many, in order, which do not go on. */
void ranking_take_all(struct ranking *r, const uint32_t *index, size_t count);
bool ranking_settle(struct ranking *r);		/* true: something has moved */
size_t ranking_count(const struct ranking *r);
size_t ranking_at(const struct ranking *r, size_t place);	/* the index that is there */
size_t ranking_place(const struct ranking *r, size_t index);	/* SIZE_MAX: it is not there */

#endif
