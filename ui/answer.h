#ifndef UI_ANSWER_H
#define UI_ANSWER_H

#include "desk.h"
#include "soth/llm.h"

/*
 * A language model's answer, put together from a flow's events or records as
 * they come, with their times. It looks at a flow until it knows that there is
 * none in it.
 */
struct answer;

struct answer *answer_new(struct desk *desk);
void answer_free(struct answer *a);
/* Before each drawing. True: there is more of it than before. */
bool answer_show(struct answer *a, const struct flow *f);
/* NULL: it is no answer of a model, as far as is known. */
const struct llm *answer_llm(const struct answer *a);

#endif
