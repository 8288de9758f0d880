#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "soth/buf.h"
#include "soth/map.h"
#include "soth/mode.h"
#include "soth/ring.h"

static void
test_a_buf_fails_only_at_its_limit_and_then_changes_nothing(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_true(buf_add(&b, LIT("abc")));
	assert_false(buf_add(&b, LIT("def")));
	assert_true(bytes_are(buf_bytes(&b), "abc"));
	buf_eat(&b, 2);
	assert_true(buf_add(&b, LIT("def")));
	assert_true(bytes_are(buf_bytes(&b), "cdef"));
	buf_release(&b);
}

static void
test_a_buf_keeps_its_bytes_while_it_is_eaten_and_grows(void **state)
{
	struct buf b;
	uint8_t in = 0, out = 0;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int turn = 0; turn < 2000; turn++) {
		for (int i = 0; i < 7; i++)
			assert_true(buf_add(&b, (struct bytes){ &(uint8_t){ in++ }, 1 }));
		for (int i = 0; i < 5; i++) {
			assert_int_equal(*buf_bytes(&b).at, out++);
			buf_eat(&b, 1);
		}
	}
	assert_int_equal(b.len, 4000);
	buf_release(&b);
}

static void
test_a_sealed_buf_is_a_slice_and_empty(void **state)
{
	struct buf b;
	struct slice s, cut;

	(void)state;
	buf_init(&b, 100);
	assert_true(buf_addf(&b, "%s %d", "soth", 7));
	buf_eat(&b, 1);
	s = buf_seal(&b);
	assert_int_equal(b.len, 0);
	cut = slice_cut(s, 1, 2);
	slice_drop(&s);
	assert_true(bytes_are(cut.bytes, "th"));
	slice_drop(&cut);
}

static void
test_a_map_finds_what_was_put_and_not_what_was_taken(void **state)
{
	struct map *m = map_new();
	char key[16];

	(void)state;
	for (uintptr_t i = 1; i <= 1000; i++) {
		snprintf(key, sizeof(key), "key %zu", (size_t)i);
		assert_null(map_put(m, bytes_of(key), (void *)i));
	}
	assert_int_equal(map_count(m), 1000);
	assert_int_equal((uintptr_t)map_take(m, LIT("key 500")), 500);
	assert_null(map_find(m, LIT("key 500")));
	assert_int_equal((uintptr_t)map_find(m, LIT("key 501")), 501);
	assert_int_equal((uintptr_t)map_put(m, LIT("key 501"), (void *)9), 501);
	map_free(m, NULL);
}

enum { ITEMS = 200000 };

static void *
push_all(void *ring)
{
	for (uint64_t i = 1; i <= ITEMS; )
		if (ring_push(ring, &i, 3))
			i++;
		else
			sched_yield();
	return NULL;
}

static void
drop_none(void *item)
{
	(void)item;
}

static void
test_a_ring_loses_nothing_and_sleeps_through_no_push(void **state)
{
	struct ring *r = ring_new(sizeof(uint64_t), 64);
	uint64_t want = 1, got;
	pthread_t pusher;

	(void)state;
	assert_int_equal(pthread_create(&pusher, NULL, push_all, r), 0);
	while (want <= ITEMS) {
		struct pollfd p = { ring_fd(r), POLLIN, 0 };

		if (ring_park(r))
			assert_int_equal(poll(&p, 1, 60000), 1);
		while (ring_pop(r, &got))
			assert_int_equal(got, want++);
	}
	pthread_join(pusher, NULL);
	assert_int_equal(ring_weight(r), 0);
	ring_free(r, drop_none);
}

static int
readable(struct ring *r)
{
	return poll(&(struct pollfd){ ring_fd(r), POLLIN, 0 }, 1, 0);
}

static void
test_a_napping_reader_is_woken_by_a_word_and_by_no_push(void **state)
{
	struct ring *r = ring_new(sizeof(uint64_t), 4);
	uint64_t item = 1;

	(void)state;
	ring_rouse(r);
	assert_int_equal(readable(r), 0);		/* nobody sleeps */
	ring_nap(r);
	assert_true(ring_push(r, &item, 5));
	assert_int_equal(readable(r), 0);
	ring_rouse(r);
	assert_int_equal(readable(r), 1);
	ring_nap(r);
	assert_int_equal(readable(r), 0);		/* the word was for the nap before */
	assert_true(ring_pop(r, &item));
	assert_true(ring_park(r));
	assert_true(ring_push(r, &item, 5));
	assert_int_equal(readable(r), 1);
	ring_free(r, drop_none);
}

static void
test_modes_are_read_as_mitmproxy_writes_them(void **state)
{
	struct mode m;
	struct fault why;

	(void)state;
	assert_true(mode_parse("regular@9000", &m, &why));
	assert_string_equal(m.listen, "9000");
	assert_true(mode_parse("Reverse:https://example.com", &m, &why));
	assert_true(m.tls && m.port == 443);
	assert_string_equal(m.host, "example.com");
	assert_true(mode_parse("reverse:http://[::1]:8000/@127.0.0.1:81", &m, &why));
	assert_true(!m.tls && m.port == 8000);
	assert_string_equal(m.host, "::1");
	assert_string_equal(m.listen, "127.0.0.1:81");
	assert_false(mode_parse("reverse:", &m, &why));
	assert_false(mode_parse("regular:x", &m, &why));
	assert_false(mode_parse("magic", &m, &why));
	assert_non_null(strstr(why.text, "'magic' is not known"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_buf_fails_only_at_its_limit_and_then_changes_nothing),
		cmocka_unit_test(test_a_buf_keeps_its_bytes_while_it_is_eaten_and_grows),
		cmocka_unit_test(test_a_sealed_buf_is_a_slice_and_empty),
		cmocka_unit_test(test_a_map_finds_what_was_put_and_not_what_was_taken),
		cmocka_unit_test(test_a_ring_loses_nothing_and_sleeps_through_no_push),
		cmocka_unit_test(test_a_napping_reader_is_woken_by_a_word_and_by_no_push),
		cmocka_unit_test(test_modes_are_read_as_mitmproxy_writes_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
