#ifndef NET_CENSUS_H
#define NET_CENSUS_H

#include "soth/base.h"

/*
 * The processes that there are, each with the number that its next descriptor
 * gets, which is the lowest that is free (open(2)): who has never called is
 * found by one look at each, and not at all of its descriptors. For one thread.
 */
void census_take(void);			/* anew; it takes a while */
uint32_t census_newest(void);		/* the last number given to a process when it was taken; 0: it was not */
/* Whose that socket is, of those of that user; 0: nobody's that is in it. */
uint32_t census_holder(uint64_t inode, uint32_t uid);

#endif
