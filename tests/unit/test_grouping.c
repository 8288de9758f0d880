/* Flows in groups: one by one and all at once, and what each group's filter takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ui/grouping.h"
#include "generated.h"

enum { FLOWS = 400, TEXT_MAX = 256 * 1024, PATIENCE_MS = 60000 };

struct bench {
	struct generated made;
	struct catalog catalog;
	struct grouping *grouping;
};

static void
begin(struct bench *b)
{
	generated_begin(&b->made);
	catalog_open(&b->catalog, b->made.store, -1, PATIENCE_MS);
	b->grouping = grouping_new(&b->catalog);
}

static void
end(struct bench *b)
{
	grouping_free(b->grouping);
	catalog_close(&b->catalog);
	generated_end(&b->made);
}

static void
frame(struct bench *b)
{
	catalog_refresh(&b->catalog);
	while (!grouping_refresh(b->grouping))
		;
}

static void
open_all(struct bench *b)
{
	for (size_t i = 0; i < grouping_lines(b->grouping); i++) {
		struct group_line l = grouping_line(b->grouping, i);

		if (l.kind != LINE_GROUP || l.group->open)
			continue;
		grouping_turn(b->grouping, i);
		frame(b);
		i = (size_t)-1;
	}
}

/* All lines as text. */
static char *
shown(struct bench *b)
{
	char *text = calloc(1, TEXT_MAX);
	size_t len = 0;

	for (size_t i = 0; i < grouping_lines(b->grouping); i++) {
		struct group_line l = grouping_line(b->grouping, i);
		const struct group *g = l.group;

		if (l.kind == LINE_GROUP)
			len += (size_t)snprintf(text + len, TEXT_MAX - len, "%u %s: %u flows, %u failed, %u %u %u, %llu bytes, took %llu, %llu\n",
				g->level, g->name, g->flows, g->failed, g->status[0], g->status[2], g->status[4],
				(unsigned long long)g->bytes, (unsigned long long)group_took(g), (unsigned long long)g->last);
		else
			len += (size_t)snprintf(text + len, TEXT_MAX - len, "flow %u\n", l.index);
	}
	assert_in_range(len, 1, TEXT_MAX - 1000);
	return text;
}

static void
filtered(struct bench *b, const char *text)
{
	struct fault why;
	size_t at;

	if (!catalog_filter(&b->catalog, text, &why, &at))
		fail_msg("%s: %s", text, why.text);
}

static void
flows_one_by_one_give_the_same_tree_as_all_at_once(void **state)
{
	static const char *const filters[] = { "", "~c 2xx", "!~live & ~d host1" };
	char *one, *all;

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(filters); k++) {
		struct bench slow, fast;

		begin(&slow);
		begin(&fast);
		filtered(&slow, filters[k]);
		filtered(&fast, filters[k]);
		for (unsigned i = 0; i < FLOWS * 4; i++) {
			generated_step(&slow.made);
			generated_step(&fast.made);
			frame(&slow);
			if (i % 100 == 50)
				open_all(&slow);
		}
		frame(&fast);
		open_all(&slow);
		open_all(&fast);
		one = shown(&slow);
		all = shown(&fast);
		assert_string_equal(one, all);
		free(one);
		free(all);
		end(&slow);
		end(&fast);
	}
}

/* As many as the catalog shows by the filter of each group. */
static void
the_filter_of_a_group_takes_what_is_in_it(void **state)
{
	static const char *const keys[] = { "host", "connection", "client", "type", "status", "method" };
	struct bench b;
	struct fault why;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < FLOWS; i++)
		generated_step(&b.made);
	generated_odd(&b.made);
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		assert_true(grouping_by(b.grouping, keys[k]));
		frame(&b);
		open_all(&b);
		assert_in_range(grouping_lines(b.grouping), 3, 5000);
		for (size_t i = 0; i < grouping_lines(b.grouping); i++) {
			const struct group *g = grouping_line(b.grouping, i).group;
			struct catalog c;
			char text[2000];
			struct buf out;
			size_t at;

			if (grouping_line(b.grouping, i).kind != LINE_GROUP)
				continue;
			buf_init(&out, sizeof(text));
			assert_true(grouping_filter(b.grouping, i, &out, &why));
			snprintf(text, sizeof(text), "%.*s", (int)out.len, (const char *)out.at);
			buf_release(&out);
			catalog_open(&c, b.made.store, -1, PATIENCE_MS);
			if (!catalog_filter(&c, text, &why, &at))
				fail_msg("%s: %s", text, why.text);
			catalog_refresh(&c);
			if (catalog_count(&c) != g->flows)
				fail_msg("%s takes %zu flows; %s has %u", text, catalog_count(&c), g->name, g->flows);
			catalog_close(&c);
		}
	}
	assert_false(grouping_by(b.grouping, "nothing"));
	end(&b);
}

static void
what_is_open_stays_open_under_another_filter(void **state)
{
	struct bench b;
	char *before, *after;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < FLOWS; i++)
		generated_step(&b.made);
	frame(&b);
	open_all(&b);
	before = shown(&b);
	filtered(&b, "~c 2xx");
	frame(&b);
	after = shown(&b);
	assert_string_not_equal(before, after);
	assert_int_equal(grouping_all(b.grouping)->flows, catalog_flows(&b.catalog));
	assert_in_range(catalog_flows(&b.catalog), 1, b.catalog.flows - 1);
	free(after);
	filtered(&b, "");
	frame(&b);
	after = shown(&b);
	assert_string_equal(before, after);
	free(before);
	free(after);
	end(&b);
}

/* What a filter said of a flow that went on may be another when it has ended. */
static void
a_flow_is_settled_when_the_filter_was_asked_after_its_end(void **state)
{
	struct bench b;
	flow_id id;

	(void)state;
	begin(&b);
	filtered(&b, "~d one");
	id = generated_flow(&b.made, "one", 80, 0);
	generated_request(&b.made, id, "GET", "/");
	store_flush(b.made.store);
	frame(&b);
	assert_true(catalog_shows(&b.catalog, 0));
	assert_false(catalog_settled(&b.catalog, 0));
	generated_gone(&b.made, id, CLOSE_HTTP_ERROR);
	store_flush(b.made.store);
	assert_false(catalog_settled(&b.catalog, 0));
	frame(&b);
	assert_true(catalog_settled(&b.catalog, 0));
	end(&b);
}

static void
groups_are_sorted_by_what_is_counted(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < FLOWS; i++)
		generated_step(&b.made);
	assert_true(grouping_sort(b.grouping, "flows"));
	frame(&b);
	for (size_t i = 1; i < grouping_lines(b.grouping); i++)
		assert_true(grouping_line(b.grouping, i - 1).group->flows >= grouping_line(b.grouping, i).group->flows);
	assert_true(grouping_sort(b.grouping, "-name"));
	frame(&b);
	for (size_t i = 1; i < grouping_lines(b.grouping); i++)
		assert_true(strverscmp(grouping_line(b.grouping, i - 1).group->name, grouping_line(b.grouping, i).group->name) > 0);
	assert_false(grouping_sort(b.grouping, "nothing"));
	for (size_t i = 0; grouping_order(i); i++)
		assert_true(grouping_sort(b.grouping, grouping_order(i)));
	end(&b);
}

/* Of a flow that is not shown any more, the group around it. */
static void
lines_are_found_again(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	for (unsigned i = 0; i < FLOWS; i++)
		generated_step(&b.made);
	frame(&b);
	open_all(&b);
	for (size_t i = 0; i < grouping_lines(b.grouping); i++)
		assert_int_equal(grouping_find(b.grouping, grouping_line(b.grouping, i)), i);
	for (size_t i = 1; i < grouping_lines(b.grouping); i++) {
		struct group_line l = grouping_line(b.grouping, i);

		if (l.kind != LINE_FLOW || grouping_line(b.grouping, i - 1).kind != LINE_GROUP)
			continue;
		grouping_turn(b.grouping, i);
		assert_int_equal(grouping_find(b.grouping, l), i - 1);
		grouping_turn(b.grouping, i - 1);
		break;
	}
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_one_by_one_give_the_same_tree_as_all_at_once),
		cmocka_unit_test(the_filter_of_a_group_takes_what_is_in_it),
		cmocka_unit_test(what_is_open_stays_open_under_another_filter),
		cmocka_unit_test(a_flow_is_settled_when_the_filter_was_asked_after_its_end),
		cmocka_unit_test(groups_are_sorted_by_what_is_counted),
		cmocka_unit_test(lines_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
