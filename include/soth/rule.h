#ifndef SOTH_RULE_H
#define SOTH_RULE_H

#include "soth/decide.h"

/* What backend_start() is given: decides by the options `intercept` and what goes with it. */
struct decider *judge_new(const struct options *o);

#endif
