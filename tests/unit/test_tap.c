#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>

#include "../../src/net/tap.h"

enum { SLOTS = 4 };

static struct note
note_of(uint64_t flow, size_t len)
{
	struct note n = { .kind = NOTE_LOG, .flow = flow, .part = { .kind = PART_DATA } };
	uint8_t *at;

	if (len)
		n.part.data = slice_new(len, &at);
	return n;
}

static void
put(struct tap *t, uint64_t flow, size_t len)
{
	struct note n = note_of(flow, len);

	tap_note(t, &n);
}

static uint64_t
take(struct tap *t)
{
	struct note n;
	uint64_t flow;

	if (!ring_pop(t->ring, &n))
		return 0;
	flow = n.flow;
	note_drop(&n);
	return flow;
}

static void
test_notes_that_do_not_fit_wait_and_keep_their_order(void **state)
{
	struct tap t;
	uint64_t next = 1;

	(void)state;
	tap_init(&t, SLOTS, 1 << 20);
	for (uint64_t i = 1; i <= 3 * SLOTS; i++)
		put(&t, i, 1);
	assert_false(tap_flush(&t));
	while (next <= 3 * SLOTS) {
		assert_int_equal(take(&t), next++);
		put(&t, 3 * SLOTS + next - 1, 1);
	}
	while (!tap_flush(&t))
		assert_int_equal(take(&t), next++);
	tap_release(&t);
}

static void
test_a_tap_is_behind_while_notes_wait_outside_the_ring(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t, SLOTS, 1 << 20);
	for (uint64_t i = 1; i <= SLOTS; i++)
		put(&t, i, 1);
	assert_false(tap_behind(&t));
	put(&t, SLOTS + 1, 1);
	assert_true(tap_behind(&t));
	assert_int_equal(take(&t), 1);
	assert_false(tap_behind(&t));
	tap_release(&t);
}

static void
test_a_tap_that_fell_behind_catches_up_at_half_its_bound(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t, SLOTS, 10000);
	put(&t, 1, 6000);
	assert_false(tap_behind(&t));
	put(&t, 2, 6000);
	assert_true(tap_behind(&t));
	assert_int_equal(take(&t), 1);
	assert_true(tap_behind(&t));
	assert_int_equal(take(&t), 2);
	assert_false(tap_behind(&t));
	tap_release(&t);
}

static bool
roused(const struct tap *t)
{
	return poll(&(struct pollfd){ ring_fd(t->ring), POLLIN, 0 }, 1, 0) == 1;
}

static void
test_a_napping_reader_is_roused_long_before_the_tap_is_behind(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t, SLOTS, 10000);
	ring_nap(t.ring);
	put(&t, 1, 1000);
	assert_false(tap_behind(&t));
	assert_false(roused(&t));
	put(&t, 2, 1000);
	assert_false(tap_behind(&t));
	assert_true(roused(&t));
	tap_release(&t);
}

static void
test_a_napping_reader_is_roused_where_slots_run_out(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t, SLOTS, 1 << 20);
	ring_nap(t.ring);
	for (uint64_t i = 1; i <= SLOTS + 1; i++)
		put(&t, i, 1);
	assert_false(roused(&t));
	assert_true(tap_behind(&t));
	assert_true(roused(&t));
	tap_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notes_that_do_not_fit_wait_and_keep_their_order),
		cmocka_unit_test(test_a_tap_is_behind_while_notes_wait_outside_the_ring),
		cmocka_unit_test(test_a_tap_that_fell_behind_catches_up_at_half_its_bound),
		cmocka_unit_test(test_a_napping_reader_is_roused_long_before_the_tap_is_behind),
		cmocka_unit_test(test_a_napping_reader_is_roused_where_slots_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
