/* Who is at the other end of a connection: one thread asks the kernel, and then /proc. */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "census.h"
#include "process.h"
#include "procfs.h"

enum { QUEUE_MOST = 1024, LATELY = 64, FEW = 4, FEW_FDS = 4, NEAR = 64, PARENTS_KEPT = 64, PIDS_MOST = 1 << 16, PARENTS_ROOM = 512, USER_ROOM = 64, ANSWER_ROOM = 512,
	PASSWD_ROOM = 4096 };

struct whose {
	struct ask ask;
	int protocol;
	bool elsewhere;
	struct address client, server;
	void (*done)(void *arg, struct step *who);
	void *arg;
	struct step *who;
};

static atomic_int elsewhere = -1;

/* The thread's own: who was found lately, the last first, with what is told of it. */
struct lately { struct process p; struct step *who; };
static struct lately lately[LATELY];
static size_t latelies;

/* ... and processes that others came of, with those above them in words. */
static struct parent { uint32_t pid; int levels; uint64_t started; char line[PARENTS_ROOM]; } parent[PARENTS_KEPT];

/* A request of sock_diag(7) for that one socket: the client's, which has the server as its peer. */
static void
diag_about(int protocol, const struct address *client, const struct address *server, struct inet_diag_req_v2 *out)
{
	bool v6 = client->any.sa_family == AF_INET6;

	*out = (struct inet_diag_req_v2){ .sdiag_family = (uint8_t)client->any.sa_family, .sdiag_protocol = (uint8_t)protocol,
		.idiag_states = ~0u, .id = { .idiag_sport = htons(address_port(client)), .idiag_dport = htons(address_port(server)),
			.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE } } };
	memcpy(out->id.idiag_src, v6 ? (const void *)&client->v6.sin6_addr : (const void *)&client->v4.sin_addr, v6 ? 16 : 4);
	memcpy(out->id.idiag_dst, v6 ? (const void *)&server->v6.sin6_addr : (const void *)&server->v4.sin_addr, v6 ? 16 : 4);
	out->id.idiag_if = v6 ? client->v6.sin6_scope_id : 0;
}

static bool
diag_read(const char *answer, size_t len, uint64_t *inode, uint32_t *uid)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)answer;
	const struct inet_diag_msg *m;

	if (!NLMSG_OK(h, len) || h->nlmsg_type != SOCK_DIAG_BY_FAMILY || h->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return false;
	m = NLMSG_DATA(h);
	*inode = m->idiag_inode;
	*uid = m->idiag_uid;
	return *inode;
}

static int
diag_socket(const struct whose *q)
{
	static int here = -1;

	if (q->elsewhere)
		return atomic_load(&elsewhere);
	if (here < 0)
		here = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	return here;
}

static bool
diag_one(const struct whose *q, const struct address *client, const struct address *server, uint64_t *inode, uint32_t *uid)
{
	struct { struct nlmsghdr h; struct inet_diag_req_v2 r; } ask = { .h = { .nlmsg_len = sizeof(ask),
		.nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST } };
	_Alignas(struct nlmsghdr) char answer[ANSWER_ROOM];
	int fd = diag_socket(q);
	ssize_t n;

	diag_about(q->protocol, client, server, &ask.r);
	if (fd < 0 || send(fd, &ask, sizeof(ask), 0) != sizeof(ask))
		return false;
	n = recv(fd, answer, sizeof(answer), 0);
	return n > 0 && diag_read(answer, (size_t)n, inode, uid);
}

/* Of datagrams the kernel looks for who would get them: what is said of the socket is the other way round there. */
static bool
diag_ask(const struct whose *q, uint64_t *inode, uint32_t *uid)
{
	return (q->protocol == IPPROTO_UDP && diag_one(q, &q->server, &q->client, inode, uid)) ||
		diag_one(q, &q->client, &q->server, inode, uid);
}

/* The last one is remembered: mostly there is only one. */
static const char *
user_name(uint32_t uid)
{
	static char name[USER_ROOM];
	static uint32_t last;
	char room[PASSWD_ROOM];
	struct passwd pw, *found = NULL;

	if (*name && uid == last)
		return name;
	last = uid;
	if (getpwuid_r(uid, &pw, room, sizeof(room), &found) || !found)
		snprintf(name, sizeof(name), "%u", uid);
	else
		snprintf(name, sizeof(name), "%s", pw.pw_name);
	return name;
}

static struct parent *
parent_known(const struct process *p)
{
	for (size_t i = 0; i < PARENTS_KEPT; i++)
		if (parent[i].pid == p->pid && parent[i].started == p->started)
			return &parent[i];
	return NULL;
}

/* "bash (812), tmux (790)": the nearest first, as many as there shall be. */
static const char *
line_of(uint32_t pid, int levels)
{
	static size_t next;
	char command[PROCFS_COMMAND], name[PROCFS_NAME], line[PARENTS_ROOM];
	const char *above;
	struct process p;
	struct parent *known;

	if (!pid || !levels || !procfs_process(pid, &p))
		return "";
	known = parent_known(&p);
	if (known && known->levels >= levels)
		return known->line;
	procfs_about(pid, p.name, name, command);
	above = line_of(p.parent, levels - 1);
	snprintf(line, sizeof(line), "%s (%u)%s%s", name, pid, *above ? ", " : "", above);
	known = known ? known : &parent[next++ % PARENTS_KEPT];
	*known = (struct parent){ .pid = pid, .started = p.started, .levels = levels };
	memcpy(known->line, line, sizeof(line));
	return known->line;
}

static struct step *
described(const struct process *p, uint32_t uid)
{
	char pid[16], name[PROCFS_NAME], command[PROCFS_COMMAND];

	snprintf(pid, sizeof(pid), "%u", p->pid);
	procfs_about(p->pid, p->name, name, command);
	return step_new(STEP_PROCESS, (struct field[]){ { LIT("pid"), bytes_of(pid) }, { LIT("name"), bytes_of(name) },
		{ LIT("command"), bytes_of(command) }, { LIT("user"), bytes_of(user_name(uid)) },
		{ LIT("parents"), bytes_of(line_of(p->parent, PROCFS_PARENTS)) } }, 5);
}

static struct step *
lately_first(size_t i)
{
	struct lately one = lately[i];

	memmove(&lately[1], &lately[0], i * sizeof(one));
	lately[0] = one;
	return step_ref(one.who);
}

/* A number that is another's by now, or whose process runs something else since, is described anew. */
static struct step *
lately_found(uint32_t pid, uint32_t uid)
{
	struct process p;
	size_t i = 0;

	if (!procfs_process(pid, &p))
		return NULL;
	while (i < latelies && lately[i].p.pid != pid)
		i++;
	if (i < latelies && lately[i].p.started == p.started && !strcmp(lately[i].p.name, p.name))
		return lately_first(i);
	if (i == latelies && latelies < LATELY)
		latelies++;
	i = i < LATELY ? i : LATELY - 1;
	step_drop(lately[i].who);
	lately[i] = (struct lately){ p, described(&p, uid) };
	return lately_first(i);
}

/* Among those that were found lately; who is gone is forgotten. */
static uint32_t
holder_lately(uint64_t inode, size_t from, size_t to, size_t fds)
{
	size_t kept = from;
	uint32_t found = 0;

	to = to < latelies ? to : latelies;
	for (size_t i = from; i < to; i++) {
		bool seen = true;

		if (!found && procfs_holds(lately[i].p.pid, inode, fds, &seen))
			found = lately[i].p.pid;
		if (seen)
			lately[kept++] = lately[i];
		else
			step_drop(lately[i].who);
	}
	memmove(&lately[kept], &lately[to], (latelies - to) * sizeof(*lately));
	memset(&lately[latelies - (to - kept)], 0, (to - kept) * sizeof(*lately));
	latelies -= to - kept;
	return found;
}

static bool
holds(uint32_t pid, uint64_t inode, uint32_t uid, bool theirs, size_t fds)
{
	uint32_t owner;
	bool seen;

	return procfs_user(pid, &owner) && (owner == uid) == theirs && procfs_holds(pid, inode, fds, &seen);
}

/* Of so many that began last: the numbers are those of threads, too. */
static uint32_t
holder_new(uint64_t inode, uint32_t uid, uint32_t newest, size_t most, size_t fds)
{
	for (uint32_t p = newest; p && newest - p < most; p--)
		if (holds(p, inode, uid, true, fds))
			return procfs_whole(p);
	return 0;
}

static uint32_t
holder_any(uint64_t inode, uint32_t uid)
{
	static uint32_t pid[PIDS_MOST];
	size_t count = procfs_all(pid, PIDS_MOST);
	static const struct { bool theirs; size_t fds; } tries[] = { { true, FEW_FDS }, { true, PROCFS_FDS }, { false, PROCFS_FDS } };

	for (size_t t = 0; t < ARRAY_LEN(tries); t++)
		for (size_t i = 0; i < count; i++)
			if (holds(pid[i], inode, uid, tries[t].theirs, tries[t].fds))
				return pid[i];
	return 0;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* What is most likely first; 0: nobody that can be seen holds it. */
static uint32_t
holder_of(uint64_t inode, uint32_t uid)
{
	static uint32_t newest_before;
	uint32_t newest = procfs_newest(), began = newest - newest_before, found;

	newest_before = newest;
	if (geteuid() && geteuid() != uid)
		return 0;	/* others' descriptors are not for us */
	found = holder_new(inode, uid, newest, least(began, FEW), FEW_FDS);
	found = found ? found : holder_lately(inode, 0, FEW, FEW_FDS);
	found = found ? found : holder_new(inode, uid, newest, least(newest - census_newest(), NEAR), PROCFS_FDS);
	found = found ? found : census_holder(inode, uid);
	found = found ? found : holder_lately(inode, 0, LATELY, PROCFS_FDS);
	if (found)
		return found;
	census_take();
	return holder_any(inode, uid);
}

static void
whose_answer(struct ask *ask)
{
	struct whose *q = (struct whose *)ask;
	uint64_t inode;
	uint32_t uid, pid;

	if (!q->done) {
		if (!census_newest())
			census_take();
		return;
	}
	pid = diag_ask(q, &inode, &uid) ? holder_of(inode, uid) : 0;
	q->who = pid ? lately_found(pid, uid) : NULL;
}

static void
whose_tell(struct ask *ask)
{
	struct whose *q = (struct whose *)ask;
	struct step *who = q->who;

	q->who = NULL;
	if (q->done)
		q->done(q->arg, who);
}

static void
whose_drop(struct ask *ask)
{
	struct whose *q = (struct whose *)ask;

	step_drop(q->who);
	free(q);
}

/* One thread: what was found lately is its own. */
static struct pool_state state = POOL_STATE;
static const struct pool processes = { whose_answer, whose_tell, whose_drop, 1, QUEUE_MOST, &state };

struct whose *
whose_is(struct asker *a, const struct whose_socket *socket, void (*done)(void *arg, struct step *who), void *arg)
{
	struct whose *q = xalloc(sizeof(*q));

	*q = (struct whose){ .protocol = socket->protocol, .elsewhere = socket->elsewhere,
		.client = address_called(socket->client), .server = address_called(socket->server), .done = done, .arg = arg };
	if (ask(a, &processes, &q->ask))
		return q;
	free(q);
	return NULL;
}

void
whose_elsewhere(int diag)
{
	atomic_store(&elsewhere, diag);
}

void
whose_prepare(struct asker *a)
{
	struct address none = { .len = 0 };

	(void)whose_is(a, &(struct whose_socket){ .client = &none, .server = &none }, NULL, NULL);
}

void
whose_cancel(struct whose *q)
{
	ask_cancel(&q->ask);
}
