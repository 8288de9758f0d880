/* What is to be done to a message: dropping it. */
#include "soth/ruling.h"

void
rule_changes_release(struct rule_changes *c)
{
	head_drop(c->answer);
	head_drop(c->head);
	slice_drop(&c->answer_body);
	slice_drop(&c->url);
	slice_drop(&c->body);
	*c = (struct rule_changes){ 0 };
}
