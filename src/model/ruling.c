/* What is to be done to a message: dropping it. */
#include <stdlib.h>

#include "soth/ruling.h"

void
rule_changes_release(struct rule_changes *c)
{
	head_drop(c->answer);
	head_drop(c->head);
	slice_drop(&c->answer_body);
	slice_drop(&c->url);
	slice_drop(&c->body);
	slice_drop(&c->read);
	*c = (struct rule_changes){ 0 };
}

void
local_file_release(struct local_file *f)
{
	free(f->path);
	slice_drop(&f->body);
	*f = (struct local_file){ NULL };
}
