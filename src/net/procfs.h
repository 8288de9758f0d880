#ifndef NET_PROCFS_H
#define NET_PROCFS_H

#include "soth/base.h"

/*
 * What /proc says of processes, as proc(5) has it; all of it is a peer's word,
 * and may change while it is read. For one thread.
 */
enum { PROCFS_NAME = 64, PROCFS_COMMAND = 1024, PROCFS_PARENTS = 5, PROCFS_FDS = 4096 };

struct process {
	uint32_t pid, parent;
	uint64_t started;	/* in clock ticks after boot: the same pid with another is another process */
	char name[PROCFS_NAME];
};

/* The text of a /proc/PID/stat; false: it is none. */
bool procfs_stat(struct bytes text, struct process *out) MUST_USE;
/* What people call it: its file, or the script that the file runs; of a text of /proc/PID/cmdline. */
void procfs_called(const char *comm, const char *exe, struct bytes cmdline, char out[PROCFS_NAME]);
/* Words with spaces between. */
void procfs_command(struct bytes cmdline, char out[PROCFS_COMMAND]);

bool procfs_process(uint32_t pid, struct process *out) MUST_USE;	/* its name is what it calls itself; false: it is gone */
/* What people call it, and its command line. */
void procfs_about(uint32_t pid, const char *comm, char name[PROCFS_NAME], char command[PROCFS_COMMAND]);
bool procfs_user(uint32_t pid, uint32_t *uid) MUST_USE;
/* Of its descriptors, the highest first, so many are looked at: whether one is that socket. *seen: they can be. */
bool procfs_holds(uint32_t pid, uint64_t inode, size_t most, bool *seen);
/* Whether it has a descriptor of that number; *inode: of the socket that it is, or 0. */
bool procfs_descriptor(uint32_t pid, uint32_t fd, uint64_t *inode);
bool procfs_next(uint32_t pid, uint32_t *fd);	/* the lowest number that no descriptor of it has; false: they cannot be seen */
uint32_t procfs_whole(uint32_t tid);	/* the process of that thread, or process; 0: gone */
uint32_t procfs_newest(void);			/* the last number given to a process or thread; 0: not known */
/* Every process, the newest number first; how many. */
size_t procfs_all(uint32_t *out, size_t room);

#endif
