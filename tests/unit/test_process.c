/* Whose a connection is: what /proc says, read whatever it says, and a process that is found by its socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/net/census.h"
#include "../../src/net/loop.h"
#include "../../src/net/process.h"
#include "../../src/net/procfs.h"

#define TAIL " 55 7 7 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 1 0 "

static const struct { const char *text; bool is; uint32_t pid, parent; uint64_t started; const char *name; } stats[] = {
	{ "812 (bash) S" TAIL "9001 1 2\n", true, 812, 55, 9001, "bash" },
	{ "812 (a b) c) S" TAIL "9001 1 2\n", true, 812, 55, 9001, "a b) c" },
	{ "812 (((\n) S" TAIL "18446744073709551615 1\n", true, 812, 55, UINT64_MAX, "((\n" },
	{ "812 () S" TAIL "7", true, 812, 55, 7, "" },
	{ "812 (bash) S 55 7 7", false, 812, 0, 0, "" },
	{ "812 (bash)", false, 0, 0, 0, "" },
	{ "812 (bash) ", false, 0, 0, 0, "" },
	{ "812 )bash( S" TAIL "9001 1 2\n", false, 0, 0, 0, "" },
	{ "x (bash) S" TAIL "9001 1 2\n", false, 0, 0, 0, "" },
	{ "", false, 0, 0, 0, "" },
};

static void
a_stat_is_read_whatever_its_name_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stats); i++) {
		struct process p;

		assert_int_equal(procfs_stat(bytes_of(stats[i].text), &p), stats[i].is);
		if (!stats[i].is)
			continue;
		assert_int_equal(p.pid, stats[i].pid);
		assert_int_equal(p.parent, stats[i].parent);
		assert_int_equal(p.started, stats[i].started);
		assert_string_equal(p.name, stats[i].name);
	}
}

static const struct { const char *comm, *exe; const char *cmdline; size_t len; const char *name; } names[] = {
	{ "curl", "/usr/bin/curl", "curl\0-s", sizeof("curl\0-s") - 1, "curl" },
	{ "a-program-that-", "/opt/a-program-that-is-long", "x", sizeof("x") - 1, "a-program-that-is-long" },
	{ "mytool", "/usr/bin/python3.11", "/usr/bin/python3\0/usr/bin/mytool\0-v", sizeof("/usr/bin/python3\0/usr/bin/mytool\0-v") - 1, "mytool" },
	{ "MainThread", "/usr/bin/node", "node\0x.js", sizeof("node\0x.js") - 1, "node" },
	{ "busybox", "/bin/sh", "busybox\0wget", sizeof("busybox\0wget") - 1, "busybox" },
	{ "tool", "/x/tool (deleted)", "tool", sizeof("tool") - 1, "tool" },
	{ "kept", "", "", sizeof("") - 1, "kept" },
	{ "", "", "", sizeof("") - 1, "" },
};

static void
a_process_is_called_what_people_call_it(void **state)
{
	static uint8_t huge[1 << 20];
	char name[PROCFS_NAME], command[PROCFS_COMMAND];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		procfs_called(names[i].comm, names[i].exe, (struct bytes){ (const uint8_t *)names[i].cmdline, names[i].len }, name);
		assert_string_equal(name, names[i].name);
	}
	procfs_command(LIT("sh\0-c\0echo 'a b'\0\0"), command);
	assert_string_equal(command, "sh -c echo 'a b'");
	memset(huge, 'x', sizeof(huge));
	procfs_command((struct bytes){ huge, sizeof(huge) }, command);
	assert_int_equal(strlen(command), PROCFS_COMMAND - 1);
	procfs_called("x", "/y", (struct bytes){ huge, sizeof(huge) }, name);
	assert_int_equal(strlen(name), PROCFS_NAME - 1);
}

struct asking { struct loop *loop; struct step *who; };

static void
answered(void *arg, struct step *who)
{
	struct asking *a = arg;

	a->who = who;
	loop_end(a->loop);
}

/* A child that calls a listener of ours, and stays until it is killed. */
static pid_t
child_calls(int listener, const struct address *at, int *accepted, struct address *peer)
{
	pid_t pid = fork();

	if (!pid) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(fd, &at->any, at->len))
			_exit(1);
		for (;;)
			pause();
	}
	peer->len = sizeof(peer->v6);
	*accepted = accept(listener, &peer->any, &peer->len);
	return pid;
}

static void
a_socket_leads_to_its_process_and_to_nobody_when_it_is_gone(void **state)
{
	struct address at = { .len = sizeof(at.v6) }, peer;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;
	char number[16], me[16];
	struct fault why;
	struct asking a = { loop_new(&why), NULL };
	struct asker *f = asker_new(a.loop);
	pid_t pid;

	(void)state;
	assert_int_equal(listen(listener, 4), 0);
	getsockname(listener, &at.any, &at.len);
	at = address_called(&at);
	pid = child_calls(listener, &at, &fd, &peer);
	for (int again = 0; again < 2; again++) {	/* the second time it was found lately */
		assert_non_null(whose_is(f, &(struct whose_socket){ .protocol = IPPROTO_TCP, .client = &peer, .server = &at }, answered, &a));
		loop_run(a.loop);
		assert_non_null(a.who);
		snprintf(number, sizeof(number), "%d", pid);
		snprintf(me, sizeof(me), "(%d)", getpid());
		assert_true(bytes_are(step_find(a.who, "pid"), number));
		assert_true(step_find(a.who, "name").len > 0);
		assert_true(step_find(a.who, "user").len > 0);
		assert_non_null(memmem(step_find(a.who, "parents").at, step_find(a.who, "parents").len, me, strlen(me)));
		step_drop(a.who);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_non_null(whose_is(f, &(struct whose_socket){ .protocol = IPPROTO_TCP, .client = &peer, .server = &at }, answered, &a));
	loop_run(a.loop);
	assert_null(a.who);
	whose_cancel(whose_is(f, &(struct whose_socket){ .protocol = IPPROTO_TCP, .client = &peer, .server = &at }, answered, &a));	/* its answer is dropped */
	asker_free(f);
	loop_free(a.loop);
	close(fd);
	close(listener);
}

/* A child that has sockets made of what it is told, and says when it has. */
static pid_t
child_opens(int ask[2], int say[2])
{
	pid_t pid;
	char what;

	assert_int_equal(pipe(ask) | pipe(say), 0);
	pid = fork();
	if (pid)
		return pid;
	while (read(ask[0], &what, 1) == 1) {
		if (what == 'f')
			(void)!dup(0);
		else if (socket(AF_INET, SOCK_STREAM, 0) < 0)
			_exit(1);
		(void)!write(say[1], &what, 1);
	}
	_exit(0);
}

static void
child_does(int ask[2], int say[2], const char *what)
{
	char done;

	for (; *what; what++) {
		assert_int_equal(write(ask[1], what, 1), 1);
		assert_int_equal(read(say[0], &done, 1), 1);
	}
}

/* Of its sockets that which was made last. */
static uint64_t
newest_socket(pid_t pid)
{
	uint64_t newest = 0, inode;

	for (uint32_t fd = 0; fd < 100; fd++)
		if (procfs_descriptor((uint32_t)pid, fd, &inode) && inode > newest)
			newest = inode;
	assert_true(newest);
	return newest;
}

static void
who_was_there_before_is_found_by_the_next_descriptor(void **state)
{
	int ask[2], say[2];
	pid_t pid = child_opens(ask, say);
	uint32_t next, again;

	(void)state;
	child_does(ask, say, "f");
	census_take();
	assert_true(census_newest() > 0);
	assert_true(procfs_next((uint32_t)pid, &next));
	assert_int_equal(census_holder(1, getuid()), 0);
	child_does(ask, say, "s");
	assert_true(procfs_next((uint32_t)pid, &again));
	assert_true(again > next);
	assert_int_equal(census_holder(newest_socket(pid), getuid() + 1), 0);
	assert_int_equal(census_holder(newest_socket(pid), getuid()), pid);
	/* ... also behind others that it has opened since; and then by the one after those. */
	child_does(ask, say, "ffs");
	assert_int_equal(census_holder(newest_socket(pid), getuid()), pid);
	assert_int_equal(census_holder(1, getuid()), 0);
	child_does(ask, say, "s");
	assert_int_equal(census_holder(newest_socket(pid), getuid()), pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_false(procfs_next((uint32_t)pid, &next));
}

struct waiter { pthread_barrier_t here, gone; uint32_t tid; };

static void *
thread_waits(void *arg)
{
	struct waiter *w = arg;

	w->tid = (uint32_t)gettid();
	pthread_barrier_wait(&w->here);
	pthread_barrier_wait(&w->gone);
	return NULL;
}

static void
a_thread_is_of_its_process(void **state)
{
	struct waiter w;
	pthread_t t;

	(void)state;
	pthread_barrier_init(&w.here, NULL, 2);
	pthread_barrier_init(&w.gone, NULL, 2);
	assert_int_equal(pthread_create(&t, NULL, thread_waits, &w), 0);
	pthread_barrier_wait(&w.here);
	assert_int_not_equal(w.tid, getpid());
	assert_int_equal(procfs_whole(w.tid), getpid());
	assert_int_equal(procfs_whole((uint32_t)getpid()), getpid());
	pthread_barrier_wait(&w.gone);
	pthread_join(t, NULL);
	pthread_barrier_destroy(&w.here);
	pthread_barrier_destroy(&w.gone);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stat_is_read_whatever_its_name_is),
		cmocka_unit_test(a_process_is_called_what_people_call_it),
		cmocka_unit_test(a_socket_leads_to_its_process_and_to_nobody_when_it_is_gone),
		cmocka_unit_test(who_was_there_before_is_found_by_the_next_descriptor),
		cmocka_unit_test(a_thread_is_of_its_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
