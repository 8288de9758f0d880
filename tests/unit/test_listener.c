#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../src/net/listener.h"

static void
close_all(const int *fds, size_t count)
{
	while (count--)
		close(fds[count]);
}

static void
test_port_0_is_picked_once_for_all_workers(void **state)
{
	struct fault why = { "" };
	struct address bound;
	int fds[3];

	(void)state;
	assert_true(listener_open("127.0.0.1:0", fds, 3, &bound, &why));
	assert_int_not_equal(address_port(&bound), 0);
	for (int i = 0; i < 3; i++) {
		struct address a = { .len = sizeof(a.v6) };

		assert_int_equal(getsockname(fds[i], &a.any, &a.len), 0);
		assert_true(address_same(&a, &bound));
	}
	close_all(fds, 3);
}

static void
test_a_taken_port_says_by_whom_and_what_to_try(void **state)
{
	struct fault why = { "" };
	struct address bound;
	char where[ADDRESS_TEXT], pid[32];
	const char *try;
	unsigned port;
	int fds[2], more[2];

	(void)state;
	assert_true(listener_open("127.0.0.1:0", fds, 2, &bound, &why));
	address_text(&bound, where);
	assert_false(listener_open(where, more, 2, &bound, &why));
	snprintf(pid, sizeof(pid), ", pid %d)", (int)getpid());
	assert_non_null(strstr(why.text, where));
	assert_non_null(strstr(why.text, "address already in use (by test_listener"));
	assert_non_null(strstr(why.text, pid));
	try = strstr(why.text, "try -p ");
	assert_non_null(try);
	assert_int_equal(sscanf(try, "try -p %u", &port), 1);
	snprintf(where, sizeof(where), "127.0.0.1:%u", port);
	assert_true(listener_open(where, more, 2, &bound, &why));
	close_all(more, 2);
	close_all(fds, 2);
}

/* Else what is meant for one machine would be open to its network. */
static void
test_a_port_without_a_host_is_of_this_machine_alone(void **state)
{
	struct fault why = { "" };
	struct address bound;
	int fd;

	(void)state;
	assert_true(listener_open("0", &fd, 1, &bound, &why));
	assert_false(address_any(&bound));
	close(fd);
	assert_true(listener_open(":0", &fd, 1, &bound, &why));
	assert_true(address_any(&bound));
	close(fd);
}

static void
test_what_is_no_address_of_ours_is_refused_by_name(void **state)
{
	struct fault why = { "" };
	struct address bound;
	int fd;

	(void)state;
	assert_false(listener_open("192.0.2.1:0", &fd, 1, &bound, &why));
	assert_non_null(strstr(why.text, "192.0.2.1"));
	assert_false(listener_open("127.0.0.1:99999", &fd, 1, &bound, &why));
	assert_non_null(strstr(why.text, "127.0.0.1:99999"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_port_0_is_picked_once_for_all_workers),
		cmocka_unit_test(test_a_taken_port_says_by_whom_and_what_to_try),
		cmocka_unit_test(test_a_port_without_a_host_is_of_this_machine_alone),
		cmocka_unit_test(test_what_is_no_address_of_ours_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
