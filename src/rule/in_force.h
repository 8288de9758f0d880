#ifndef RULE_IN_FORCE_H
#define RULE_IN_FORCE_H

#include "soth/rule.h"

/* For judges, of which each worker has one. */
bool rules_renewed(unsigned *version);		/* others are in force than at that version, which becomes the newest */
struct rules *rules_in_force(void);		/* a copy, which counts for itself; NULL: there are none */
void rules_take_back(struct rules *copy);	/* what it counted is kept; NULL is fine */

bool rules_out_of_date(const struct rules *r);	/* a file that they name has changed */
bool rules_of_messages(const struct rules *r);	/* some of them are about messages of streams */

#endif
