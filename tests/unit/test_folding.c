/* Flows that ask the same again and again, as one line: against what the rows themselves say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ui/catalog.h"
#include "generated.h"

enum { TURNS = 1200, PATIENCE_MS = 60000 };

struct bench {
	struct generated made;
	struct catalog catalog;
};

static void
begin(struct bench *b)
{
	generated_begin(&b->made);
	catalog_open(&b->catalog, b->made.store, -1, PATIENCE_MS);
	catalog_fold(&b->catalog, true);
}

static void
end(struct bench *b)
{
	catalog_close(&b->catalog);
	generated_end(&b->made);
}

static void
filtered(struct bench *b, const char *text)
{
	struct fault why;
	size_t at;

	if (!catalog_filter(&b->catalog, text, &why, &at))
		fail_msg("%s: %s", text, why.text);
	catalog_refresh(&b->catalog);
}

static struct row
row_at(struct bench *b, size_t index)
{
	struct row r;

	assert_int_equal(store_rows(b->made.store, index, 1, &r), 1);
	return r;
}

static bool
same(const struct row *a, const struct row *b)
{
	size_t len = strcspn(a->path, "?");

	return a->ended && b->ended && a->request && b->request && a->status == b->status && a->state == b->state && a->port == b->port &&
		!strcmp(a->method, b->method) && !strcmp(a->host, b->host) && len == strcspn(b->path, "?") && !memcmp(a->path, b->path, len);
}

static void
turn(struct bench *b, size_t line)
{
	assert_true(catalog_turn(&b->catalog, line));
	catalog_refresh(&b->catalog);
}

/* The flows of the filter are there in their order, each in the run that it must be in. */
static void
check(struct bench *b, const char *text)
{
	const struct catalog *c = &b->catalog;
	struct fault why;
	size_t at, line = 0, flows = 0, in = 0, before = SIZE_MAX;
	struct filter *f = *text ? filter_parse(text, &why, &at) : NULL;
	struct lens *lens = lens_new(b->made.store);
	struct row was = { 0 };

	for (size_t i = 0; i < c->flows; i++) {
		struct row r = row_at(b, i);
		bool again = before != SIZE_MAX && same(&was, &r);
		const struct run *run;

		if (f && !filter_takes(f, lens, &r))
			continue;
		line = catalog_line(c, i);
		run = catalog_run(c, line);
		in = again ? in + 1 : 1;
		if (again && run && !run->open)
			assert_int_equal(line, catalog_line(c, before));
		else
			assert_int_equal(line, before == SIZE_MAX ? 0 : catalog_line(c, before) + 1);
		assert_true(!again || run);
		if (run) {
			assert_true(in <= run->count && i >= run->first && i <= catalog_newest(c, run));
			assert_int_equal(catalog_index(c, line), run->open ? i : catalog_newest(c, run));
			assert_int_equal(in == 1, i == run->first);
			assert_int_equal(in == run->count, i == catalog_newest(c, run));
		} else {
			assert_int_equal(catalog_index(c, line), i);
		}
		was = r;
		before = i;
		flows++;
	}
	assert_int_equal(flows, catalog_flows(c));
	assert_int_equal(flows ? line + 1 : 0, catalog_count(c));
	lens_free(lens);
	filter_free(f);
}

/* Those that go on for a while, among some that ask the same. */
static void
comes(struct bench *b)
{
	static const char *const paths[] = { "/v1/jobs/17?at=%u", "/v1/jobs/17", "/v1/jobs/18?at=%u" };
	char path[60];

	if (generated_chance(&b->made, 8) == 0) {
		generated_step(&b->made);
		return;
	}
	snprintf(path, sizeof(path), paths[generated_chance(&b->made, 12) ? 0 : generated_chance(&b->made, 3)], generated_chance(&b->made, 99));
	(void)generated_whole(&b->made, "poll.example.com", path, generated_chance(&b->made, 16) ? 200 : 503);
}

static void
runs_are_right_with_each_flow_that_comes(void **state)
{
	static const char *const filters[] = { "", "~d poll", "~c 2xx", "!~live & !~u jobs/18" };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(filters); k++) {
		struct bench b;
		size_t runs = 0;

		begin(&b);
		filtered(&b, filters[k]);
		for (unsigned i = 0; i < TURNS; i++) {
			comes(&b);
			catalog_refresh(&b.catalog);
			if (i % 16 == 0 && catalog_count(&b.catalog) && catalog_run(&b.catalog, catalog_count(&b.catalog) / 2))
				turn(&b, catalog_count(&b.catalog) / 2);
			if (i % 20 == 0)
				check(&b, filters[k]);
		}
		for (size_t i = 0; i < catalog_count(&b.catalog); i++)
			runs += catalog_run(&b.catalog, i) != NULL;
		assert_in_range(runs, 20, TURNS);
		check(&b, filters[k]);
		end(&b);
	}
}

static void
a_run_opens_and_closes_again(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < 10; i++)
		(void)generated_whole(&b.made, "poll.example.com", i < 4 ? "/a?x" : i == 4 ? "/b" : "/c", 200);
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 3);
	assert_false(catalog_turn(&b.catalog, 1));
	turn(&b, 2);
	turn(&b, 0);
	assert_int_equal(catalog_count(&b.catalog), 10);
	turn(&b, 2);
	assert_int_equal(catalog_count(&b.catalog), 7);
	assert_int_equal(catalog_index(&b.catalog, 0), 3);
	assert_true(catalog_run(&b.catalog, 6)->open);
	check(&b, "");
	filtered(&b, "~u /a|/c");		/* what is open stays so */
	assert_int_equal(catalog_count(&b.catalog), 6);
	turn(&b, 5);
	assert_int_equal(catalog_count(&b.catalog), 2);
	check(&b, "~u /a|/c");
	end(&b);
}

static void
a_run_stays_open_where_a_filter_leaves_others_of_it(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < 6; i++)
		(void)generated_whole(&b.made, "poll.example.com", "/a", 200);
	filtered(&b, "~id >3");
	turn(&b, 0);
	assert_int_equal(catalog_count(&b.catalog), 3);
	filtered(&b, "~id <5");		/* the first of those is the last of these */
	assert_int_equal(catalog_count(&b.catalog), 4);
	filtered(&b, "~id <4");
	assert_int_equal(catalog_count(&b.catalog), 1);
	end(&b);
}

static void
what_goes_on_is_in_no_run(void **state)
{
	struct bench b;
	flow_id id[2];

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < 2; i++) {
		id[i] = generated_flow(&b.made, "a", 80, 0);
		generated_request(&b.made, id[i], "GET", "/a");
	}
	store_flush(b.made.store);
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(catalog_count(&b.catalog), 2);
		generated_gone(&b.made, id[i], CLOSE_HTTP_ERROR);
		store_flush(b.made.store);
		catalog_refresh(&b.catalog);
	}
	assert_int_equal(catalog_count(&b.catalog), 1);
	end(&b);
}

static void
what_differs_in_one_thing_is_not_the_same(void **state)
{
	static const struct { const char *host, *path; unsigned status; uint16_t port; const char *method; } other[] = {
		{ "b", "/p?q=1", 200, 80, "GET" }, { "a", "/P", 200, 80, "GET" }, { "a", "/p/", 200, 80, "GET" }, { "a", "/p", 201, 80, "GET" },
		{ "a", "/p", 200, 81, "GET" }, { "a", "/p", 200, 80, "HEAD" }, { "a", "/p?q=2", 200, 80, "GET" },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		flow_id id;

		begin(&b);
		(void)generated_whole(&b.made, "a", "/p?q=1", 200);
		id = generated_flow(&b.made, other[i].host, other[i].port, 0);
		generated_request(&b.made, id, other[i].method, other[i].path);
		generated_answer(&b.made, id, other[i].status, "text/plain");
		store_flush(b.made.store);
		catalog_refresh(&b.catalog);
		assert_int_equal(catalog_count(&b.catalog), 2);		/* it goes on */
		generated_part(&b.made, id, SERVER, (struct part){ .kind = PART_END });
		generated_gone(&b.made, id, CLOSE_HTTP_COMPLETED);
		store_flush(b.made.store);
		catalog_refresh(&b.catalog);
		assert_int_equal(catalog_count(&b.catalog), i + 1 == ARRAY_LEN(other) ? 1 : 2);
		end(&b);
	}
}

static void
in_the_order_of_a_column_there_are_no_runs(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < 10; i++)
		(void)generated_whole(&b.made, "poll.example.com", "/a", 200);
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 1);
	assert_true(catalog_sort(&b.catalog, "size"));
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 10);
	assert_null(catalog_run(&b.catalog, 0));
	assert_true(catalog_sort(&b.catalog, ""));
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 1);
	catalog_fold(&b.catalog, false);
	catalog_refresh(&b.catalog);
	assert_int_equal(catalog_count(&b.catalog), 10);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_are_right_with_each_flow_that_comes),
		cmocka_unit_test(a_run_opens_and_closes_again),
		cmocka_unit_test(a_run_stays_open_where_a_filter_leaves_others_of_it),
		cmocka_unit_test(what_goes_on_is_in_no_run),
		cmocka_unit_test(what_differs_in_one_thing_is_not_the_same),
		cmocka_unit_test(in_the_order_of_a_column_there_are_no_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
