/* Files that rules answer with: read by a thread. */
#include <stdlib.h>

#include "filing.h"

enum { THREADS = 4, QUEUE_MOST = 1024 };

struct filing {
	struct ask ask;
	struct filing_file of;
	struct local_file file;
	void (*done)(void *arg, unsigned number, struct local_file *file);
	void *arg;
	struct filing **list, *next;
};

static void
filing_answer(struct ask *ask)
{
	struct filing *f = (struct filing *)ask;

	f->of.look(f->of.what.bytes, &f->file);
}

static void
filing_leave(struct filing *f)
{
	struct filing **at = f->list;

	while (*at && *at != f)
		at = &(*at)->next;
	if (*at)
		*at = f->next;
}

static void
filing_tell(struct ask *ask)
{
	struct filing *f = (struct filing *)ask;
	struct local_file file = f->file;

	f->file = (struct local_file){ NULL };
	filing_leave(f);
	f->done(f->arg, f->of.number, &file);
}

static void
filing_drop(struct ask *ask)
{
	struct filing *f = (struct filing *)ask;

	local_file_release(&f->file);
	slice_drop(&f->of.what);
	free(f);
}

static struct pool_state state = POOL_STATE;
static const struct pool files = { filing_answer, filing_tell, filing_drop, THREADS, QUEUE_MOST, &state };

bool
filing_read(struct filing **list, struct asker *a, const struct filing_file *file,
	void (*done)(void *arg, unsigned number, struct local_file *file), void *arg)
{
	struct filing *f = xalloc(sizeof(*f));

	*f = (struct filing){ .of = *file, .done = done, .arg = arg, .list = list, .next = *list };
	if (!ask(a, &files, &f->ask)) {
		filing_drop(&f->ask);
		return false;
	}
	*list = f;
	return true;
}

void
filing_cancel(struct filing **list)
{
	for (struct filing *f = *list; f; f = f->next)
		ask_cancel(&f->ask);
	*list = NULL;
}
