/* Processes that have not called yet. */
#include "census.h"
#include "procfs.h"

enum { PIDS_MOST = 1 << 15 };

static struct counted { uint32_t pid, uid, next; } counted[PIDS_MOST];
static size_t count;
static uint32_t newest;

void
census_take(void)
{
	static uint32_t pid[PIDS_MOST];
	size_t pids = procfs_all(pid, PIDS_MOST);

	count = 0;
	newest = procfs_newest();
	for (size_t i = 0; i < pids; i++) {
		struct counted c = { .pid = pid[i] };

		if (procfs_user(c.pid, &c.uid) && procfs_next(c.pid, &c.next))
			counted[count++] = c;
	}
}

uint32_t
census_newest(void)
{
	return newest;
}

/* It has opened something since: whether that is it, or what it opened then. */
static bool
holds_since(struct counted *c, uint64_t inode)
{
	bool seen;

	if (procfs_holds(c->pid, inode, PROCFS_FDS, &seen))
		return true;
	(void)procfs_next(c->pid, &c->next);
	return false;
}

uint32_t
census_holder(uint64_t inode, uint32_t uid)
{
	for (size_t i = 0; i < count; i++) {
		struct counted *c = &counted[i];
		uint64_t socket;

		if (c->uid == uid && procfs_descriptor(c->pid, c->next, &socket) && (socket == inode || holds_since(c, inode)))
			return c->pid;
	}
	return 0;
}
