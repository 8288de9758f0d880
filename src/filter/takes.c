/* Asking filters: of flows in a store, and of scenes. */
#include "inside.h"

enum filter_depth
filter_needs(const struct filter *f)
{
	return f->needs;
}

static bool
node_holds(const struct node *n, struct asked *a)
{
	switch (n->kind) {
	case NODE_AND:
		return node_holds(n->a, a) && node_holds(n->b, a);
	case NODE_OR:
		return node_holds(n->a, a) || node_holds(n->b, a);
	case NODE_NOT:
		return !node_holds(n->a, a);
	case NODE_TERM:
		return n->term->holds(n, a);
	}
	return false;
}

bool
filter_takes(const struct filter *f, struct lens *l, const struct row *row)
{
	struct asked a = { .lens = l, .row = row };
	bool takes = node_holds(f->root, &a);

	asked_release(&a);
	return takes;
}

bool
filter_takes_row(const struct filter *f, const struct scene *s, const struct row *row)
{
	struct asked a = { .scene = s, .row = row };

	return node_holds(f->root, &a);
}

unsigned
filter_asks(const struct filter *f)
{
	return f->asks;
}

bool
filter_literals(const struct filter *f, struct literals *out, unsigned *sources)
{
	return node_literals(f->root, out, sources);
}

enum filter_may
filter_may_take(const struct filter *f, const struct scene *s, const struct row *row)
{
	struct asked a = { .scene = s, .row = row };

	return node_may(f->root, &a);
}

bool
filter_takes_scene(const struct filter *f, const struct scene *s)
{
	struct row row;

	scene_row(s, &row);
	return filter_takes_row(f, s, &row);
}
