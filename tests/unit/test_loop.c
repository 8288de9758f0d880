#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../src/net/loop.h"

enum { PATIENCE_MS = 5 };

struct bench {
	struct loop *loop;
	int fd[2];
	struct watch *reads[2], *end;
};

static int stale;	/* descriptors that were closed before the kernel heard that they are watched no more */

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* In place of libc's, which libevent calls. */
int
epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
	stale += !is_open(fd);
	return (int)syscall(SYS_epoll_ctl, set, op, fd, event);
}

static void
end(void *arg)
{
	loop_end(((struct bench *)arg)->loop);
}

static void
first_is_read(void *arg)
{
	struct bench *b = arg;

	watch_free(b->reads[0]);
	loop_close(b->loop, b->fd[0]);
	assert_int_equal(write(b->fd[1], &(uint64_t){ 1 }, 8), 8);
	watch_in(b->end, PATIENCE_MS);
}

/* In the turn in which the first is closed. */
static void
second_is_read(void *arg)
{
	struct bench *b = arg;

	watch_free(b->reads[1]);
	loop_close(b->loop, b->fd[1]);
}

static void
a_descriptor_is_watched_no_more_when_it_is_closed(void **state)
{
	struct bench b = { .loop = NULL };
	struct fault why;

	(void)state;
	b.loop = loop_new(&why);
	assert_non_null(b.loop);
	for (int i = 0; i < 2; i++) {
		b.fd[i] = eventfd(0, EFD_NONBLOCK);
		b.reads[i] = watch_new(b.loop, b.fd[i], WATCH_READS, i ? second_is_read : first_is_read, &b);
		watch_on(b.reads[i]);
	}
	b.end = watch_new(b.loop, -1, WATCH_TIME, end, &b);
	assert_int_equal(write(b.fd[0], &(uint64_t){ 1 }, 8), 8);
	loop_run(b.loop);
	assert_int_equal(stale, 0);
	assert_false(is_open(b.fd[0]));
	assert_false(is_open(b.fd[1]));
	watch_free(b.end);
	loop_free(b.loop);
}

static void
what_is_to_be_closed_is_closed_with_the_loop(void **state)
{
	struct fault why;
	struct loop *l = loop_new(&why);
	int fd = eventfd(0, EFD_NONBLOCK);

	(void)state;
	loop_close(l, fd);
	loop_free(l);
	assert_false(is_open(fd));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_is_watched_no_more_when_it_is_closed),
		cmocka_unit_test(what_is_to_be_closed_is_closed_with_the_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
