/* The order of a column, held against one that is made anew each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ui/ranking.h"

enum { FLOWS = 300, TURNS = 2000 };

static struct row rows[FLOWS];
static bool there[FLOWS];

/* The same numbers each time. */
static unsigned
chance(unsigned below)
{
	static uint32_t state = 7;

	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static int
by_size(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;

	if (rows[x].bytes[SERVER] != rows[y].bytes[SERVER])
		return rows[x].bytes[SERVER] < rows[y].bytes[SERVER] ? -1 : 1;
	return x < y ? -1 : 1;
}

static int
by_host_back(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int way = strcmp(rows[y].host, rows[x].host);

	return way ? way : x < y ? -1 : 1;
}

static void
same_order(struct ranking *r, int (*order)(const void *, const void *))
{
	size_t want[FLOWS], n = 0;

	(void)ranking_settle(r);
	for (size_t i = 0; i < FLOWS; i++)
		if (there[i])
			want[n++] = i;
	qsort(want, n, sizeof(*want), order);
	assert_int_equal(ranking_count(r), n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ranking_at(r, i), want[i]);
		assert_int_equal(ranking_place(r, want[i]), i);
	}
	assert_false(ranking_settle(r));
}

static void
run(const char *by, int (*order)(const void *, const void *))
{
	struct ranking *r = ranking_new(by);

	assert_non_null(r);
	memset(rows, 0, sizeof(rows));
	memset(there, 0, sizeof(there));
	for (unsigned turn = 0; turn < TURNS; turn++) {
		size_t i = chance(FLOWS);

		if (there[i] && !chance(4)) {
			ranking_take(r, i);
			there[i] = false;
		} else if (!there[i] || !rows[i].ended) {
			rows[i].bytes[SERVER] = chance(20);
			snprintf(rows[i].host, sizeof(rows[i].host), "host%u", chance(9));
			rows[i].ended = !chance(3);
			ranking_put(r, i, &rows[i], NULL);
			there[i] = true;
		}
		if (!chance(5))
			same_order(r, order);
	}
	same_order(r, order);
	ranking_free(r);
}

static void
numbers_and_texts_keep_their_order_while_flows_go_on(void **state)
{
	(void)state;
	run("size", by_size);
	run("-host", by_host_back);
}

/* What the flows' data has: numbers, texts, then nothing, whichever way. */
static void
what_is_read_from_data_has_its_order(void **state)
{
	static const char *said[] = { "", "10", "b", "9.5", "-3", "", "a", "1e3" };
	static const size_t up[] = { 4, 3, 1, 7, 6, 2, 0, 5 }, down[] = { 2, 6, 7, 1, 3, 4, 0, 5 };
	struct row row = { .ended = 1 };

	(void)state;
	for (int back = 0; back < 2; back++) {
		struct ranking *r = ranking_new(back ? "-json:$.n" : "json:$.n");

		assert_non_null(r);
		assert_non_null(ranking_fact(r));
		for (size_t i = 0; i < ARRAY_LEN(said); i++)
			ranking_put(r, i, &row, said[i]);
		assert_true(ranking_settle(r));
		for (size_t i = 0; i < ARRAY_LEN(said); i++)
			assert_int_equal(ranking_at(r, i), (back ? down : up)[i]);
		ranking_free(r);
	}
	assert_null(ranking_new("json:n"));
	assert_null(ranking_new("header:"));
}

static void
columns_have_names(void **state)
{
	(void)state;
	for (size_t i = 0; ranking_column(i); i++) {
		struct ranking *r = ranking_new(ranking_column(i));

		assert_non_null(r);
		assert_string_equal(ranking_by(r), ranking_column(i));
		ranking_free(r);
	}
	assert_null(ranking_new("nothing"));
	assert_null(ranking_new("-"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_texts_keep_their_order_while_flows_go_on),
		cmocka_unit_test(columns_have_names),
		cmocka_unit_test(what_is_read_from_data_has_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
