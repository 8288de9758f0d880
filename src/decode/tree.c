/* Maps and lists of counted items, laid out like JSON. */
#include "tree.h"

static struct tree_level *
tree_inner(struct tree *t)
{
	return t->depth ? &t->at[t->depth - 1] : NULL;
}

void
tree_item(struct tree *t, struct doc *to)
{
	struct tree_level *in = tree_inner(t);

	if (t->begun)
		return;
	t->begun = true;
	if (!in || in->value)
		return;		/* behind its name */
	if (doc_open(to))
		doc_line(to);
	in->empty = false;
}

static void
tree_shut(struct tree *t, struct doc *to)
{
	bool map = tree_inner(t)->map, empty = tree_inner(t)->empty;

	t->depth--;
	if (!empty) {
		if (doc_open(to))
			doc_line(to);
		doc_out(to);
	}
	doc_put(to, ROLE_MARK, map ? LIT("}") : LIT("]"));
}

/* True: the innermost is full, and closed: it is an item that is done. */
static bool
tree_count(struct tree *t, struct doc *to)
{
	struct tree_level *in = tree_inner(t);

	if (!in)
		return false;
	if (in->map && !in->value) {
		doc_put(to, ROLE_MARK, LIT(": "));
		in->value = true;
		return false;
	}
	in->value = false;
	if (in->left != TREE_ENDLESS && !--in->left) {
		tree_shut(t, to);
		return true;
	}
	if (in->left != TREE_ENDLESS && doc_open(to))	/* not behind lines of bytes */
		doc_put(to, ROLE_MARK, LIT(","));
	return false;
}

void
tree_done(struct tree *t, struct doc *to)
{
	t->begun = false;
	while (tree_count(t, to))
		;
	if (!t->depth && doc_open(to))
		doc_line(to);
}

bool
tree_open(struct tree *t, struct doc *to, bool map, uint64_t count)
{
	if (t->depth == TREE_DEPTH_MAX)
		return false;
	doc_put(to, ROLE_MARK, map ? LIT("{") : LIT("["));
	if (!count) {
		doc_put(to, ROLE_MARK, map ? LIT("}") : LIT("]"));
		tree_done(t, to);
		return true;
	}
	t->at[t->depth++] = (struct tree_level){ .left = count, .map = map, .empty = true };
	t->begun = false;
	doc_in(to);
	return true;
}

bool
tree_stop(struct tree *t, struct doc *to)
{
	struct tree_level *in = tree_inner(t);

	if (!in || in->left != TREE_ENDLESS || in->value || t->begun)
		return false;
	if (in->empty)
		doc_out(to);
	tree_shut(t, to);
	tree_done(t, to);
	return true;
}

bool
tree_at_top(const struct tree *t)
{
	return !t->depth && !t->begun;
}
