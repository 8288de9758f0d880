/* Flows that are taken, many at once: as one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../ui/ranking.h"
#include "../../ui/selection.h"
#include "../../ui/taken.h"

enum { FLOWS = 300, TURNS = 400 };

/* Some of them, in order, all of which are there, or none of which is. */
static size_t
some(const bool there[FLOWS], bool which, uint32_t out[FLOWS])
{
	size_t n = 0;

	for (uint32_t i = 0; i < FLOWS; i++)
		if (there[i] == which && rand() % 3 == 0)
			out[n++] = i;
	return n;
}

static void
assert_there(const struct taken *t, const bool there[FLOWS])
{
	size_t n = 0;

	for (uint32_t i = 0; i < FLOWS; i++) {
		if (!there[i])
			continue;
		assert_int_equal(t->index[n], i);
		assert_int_equal(t->key[n], i * 7u);
		n++;
	}
	assert_int_equal(t->count, n);
}

static void
many_come_and_go_as_one_by_one(void **state)
{
	struct taken t = { .keyed = true };
	bool there[FLOWS] = { false };
	uint32_t index[FLOWS];
	uint64_t key[FLOWS];
	size_t n;

	(void)state;
	srand(7);
	for (int turn = 0; turn < TURNS; turn++) {
		n = some(there, turn % 2, index);
		for (size_t i = 0; i < n; i++) {
			there[index[i]] = !(turn % 2);
			key[i] = index[i] * 7u;
		}
		if (turn % 2)
			taken_drop_all(&t, index, n);
		else
			taken_put_all(&t, index, key, n);
		assert_there(&t, there);
	}
	taken_release(&t);
}

static void
those_that_are_not_there_do_not_go(void **state)
{
	struct taken t = { .keyed = false };

	(void)state;
	taken_put_all(&t, (uint32_t[]){ 2, 4, 6 }, NULL, 3);
	taken_drop_all(&t, (uint32_t[]){ 1, 4, 5, 7 }, 4);
	assert_int_equal(t.count, 2);
	assert_int_equal(t.index[0], 2);
	assert_int_equal(t.index[1], 6);
	taken_release(&t);
}

static void
put(struct ranking *r, size_t index, const char *mark)
{
	struct row row = { .ended = 1 };

	strcpy(row.mark, mark);
	ranking_put(r, index, &row, NULL);
}

static void
what_has_another_mark_has_another_place(void **state)
{
	struct ranking *r = ranking_new("mark");

	(void)state;
	put(r, 0, "c");
	put(r, 1, "b");
	put(r, 2, "a");
	(void)ranking_settle(r);
	assert_int_equal(ranking_at(r, 0), 2);
	ranking_take_all(r, (uint32_t[]){ 0, 2, 9 }, 3);
	put(r, 0, "a");
	put(r, 2, "c");
	assert_true(ranking_settle(r));
	assert_int_equal(ranking_count(r), 3);
	assert_int_equal(ranking_at(r, 0), 0);
	assert_int_equal(ranking_at(r, 1), 1);
	assert_int_equal(ranking_at(r, 2), 2);
	ranking_free(r);
}

static void
a_selection_counts_what_is_in_it(void **state)
{
	struct selection s;

	(void)state;
	selection_init(&s);
	assert_false(selection_has(&s, 1000000));
	selection_put(&s, 1000000, true);
	selection_put(&s, 1000000, true);
	selection_put(&s, 3, true);
	selection_put(&s, 4, false);
	assert_int_equal(s.count, 2);
	assert_true(selection_has(&s, 1000000) && selection_has(&s, 3) && !selection_has(&s, 4));
	selection_put(&s, 3, false);
	assert_int_equal(s.count, 1);
	selection_clear(&s);
	assert_int_equal(s.count, 0);
	assert_false(selection_has(&s, 1000000));
	selection_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_come_and_go_as_one_by_one),
		cmocka_unit_test(those_that_are_not_there_do_not_go),
		cmocka_unit_test(what_has_another_mark_has_another_place),
		cmocka_unit_test(a_selection_counts_what_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
