/* Sessions that may grow no larger: the oldest flows go, and the others are as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../ui/catalog.h"
#include "../screen/protocols.h"
#include "soth/journal.h"
#include "soth/store.h"
#include "soth/study.h"
#include "soth/trail.h"

enum { LIMIT = 200000, FLOWS = 600, BODY = 1500, RUN = 100, LONG = 1 };

static char path[] = "/tmp/test-eviction-XXXXXX";

static struct store *
limited(uint64_t limit)
{
	struct fault why;
	struct store *s = store_create(path, &why);

	assert_non_null(s);
	if (!store_limit(s, limit, &why)) {
		print_message("%s\n", why.text);
		store_free(s);
		skip();
	}
	return s;
}

static void
data_of(struct making *m, enum side side, size_t len)
{
	static uint8_t bytes[BODY];

	memset(bytes, 'a' + (int)(m->flow % 26), sizeof(bytes));
	data_comes(m, side, 0, (struct bytes){ bytes, len });
}

/* A flow that goes on from the first note to the last. */
static void
long_begins(struct making *m)
{
	flow_begins(m, "http", "long.example.com", 80);
	head_comes(m, CLIENT, 0, "GET /long HTTP/1.1\r\nHost: long.example.com\r\n\r\n");
	part_comes(m, CLIENT, 0, (struct part){ .kind = PART_END });
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
}

static void
flow_whole(struct making *m)
{
	char head[200];

	flow_begins(m, "http", "short.example.com", 80);
	snprintf(head, sizeof(head), "GET /%llu HTTP/1.1\r\nHost: short.example.com\r\n\r\n", (unsigned long long)m->flow);
	head_comes(m, CLIENT, 0, head);
	part_comes(m, CLIENT, 0, (struct part){ .kind = PART_END });
	head_comes(m, SERVER, 0, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
	data_of(m, SERVER, BODY);
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_END });
	tell(m, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } });
}

static uint64_t
in_file(void)
{
	struct stat file;

	assert_int_equal(stat(path, &file), 0);
	return (uint64_t)file.st_blocks * 512;
}

/* Many flows, and the long one among them; flushed after each. */
static void
traffic(struct making *m, unsigned flows)
{
	struct making l = *m;

	long_begins(m);
	l.flow = m->flow;
	for (unsigned i = 0; i < flows; i++) {
		flow_whole(m);
		l.when = m->when;
		data_of(&l, SERVER, RUN);
		after(m, 1);
		store_flush(m->store);
	}
}

static void
every_flow_is_whole(struct store *s)
{
	struct store_stats stats = store_stats(s);
	uint64_t there = 0;
	struct fault why;
	struct row row;

	for (size_t i = 0; store_rows(s, i, 1, &row); i++) {
		struct flow f;

		if (!row.id)
			continue;
		there++;
		assert_int_equal(store_index(s, row.id), i);
		if (!store_flow(s, row.id, &f, &why))
			fail_msg("%s", why.text);
		assert_int_equal(f.notes, row.notes);
		assert_int_equal(f.half[SERVER].bytes, row.bytes[SERVER]);
		assert_non_null(f.origin);
		assert_non_null(f.half[CLIENT].head);
		assert_non_null(f.half[SERVER].head);
		assert_int_equal(f.half[SERVER].skipped != 0, row.partial);
		flow_release(&f);
	}
	assert_int_equal(there, stats.flows - stats.gone);
}

static void
the_oldest_go_and_the_others_are_whole(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	struct store_stats stats;
	struct row row;

	(void)state;
	traffic(&m, FLOWS);
	stats = store_stats(m.store);
	assert_true(stats.gone > FLOWS / 2 && stats.gone < FLOWS);
	assert_true(stats.file_bytes - stats.freed <= LIMIT);
	assert_true(in_file() < LIMIT + 3 * 4096);
	assert_int_equal(store_index(m.store, 2), SIZE_MAX);
	assert_int_equal(store_ended(m.store, 0), STORE_GONE);
	assert_int_equal(store_ended(m.store, FLOWS - 1), FLOWS);
	assert_int_equal(store_rows(m.store, store_index(m.store, LONG), 1, &row), 1);
	assert_true(row.partial);
	assert_int_equal(row.bytes[SERVER], FLOWS * RUN);
	every_flow_is_whole(m.store);
	store_free(m.store);
}

/* What ended before the place where the file is cut keeps its turn: only that the flow is over comes behind it. */
static void
what_came_before_an_end_stays_before_it(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin }, late;
	struct fault why;
	struct store *s;
	struct row row;

	(void)state;
	long_begins(&m);
	data_of(&m, SERVER, RUN);
	part_comes(&m, SERVER, 0, (struct part){ .kind = PART_END });
	late = m;
	traffic(&m, FLOWS);
	tell(&late, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } });
	store_flush(m.store);
	s = store_open(path, &why);
	assert_non_null(s);
	assert_string_equal(store_stats(s).disorder, "");
	assert_int_equal(store_rows(s, store_index(s, LONG), 1, &row), 1);
	assert_int_equal(row.bytes[SERVER], RUN);
	assert_int_equal(row.state, ROW_DONE);
	every_flow_is_whole(s);
	store_free(s);
	store_free(m.store);
}

/* What a person saw is what is read: only the indices are others. */
static void
what_is_left_is_read_back(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	struct row was, is;
	struct fault why;
	struct store *s;
	size_t n = 0;

	(void)state;
	memset(&was, 0, sizeof(was));	/* what is behind a text's end is not told */
	memset(&is, 0, sizeof(is));
	traffic(&m, FLOWS);
	s = store_open(path, &why);
	assert_non_null(s);
	assert_string_equal(store_stats(s).trouble, "");
	assert_string_equal(store_stats(s).disorder, "");
	assert_int_equal(store_stats(s).misordered, 0);
	every_flow_is_whole(s);
	for (size_t i = 0; store_rows(m.store, i, 1, &was); i++) {
		if (!was.id)
			continue;
		assert_int_equal(store_rows(s, n++, 1, &is), 1);
		assert_memory_equal(&was, &is, sizeof(is));
	}
	assert_int_equal(store_stats(s).flows, n);
	store_free(s);
	store_free(m.store);
}

/* The long flow's body, as those see it who have read its beginning. */
static void
one_who_reads_on_loses_nothing_of_what_comes(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	struct trail *t = trail_new(m.store, LONG);
	struct flow f = { .id = LONG };
	struct fault why = { "" };
	struct buf scratch;

	(void)state;
	buf_init(&scratch, 1 << 20);
	traffic(&m, 20);
	while (trail_tell(t, &f, SIZE_MAX, &scratch, &why))
		;
	assert_int_equal(f.half[SERVER].bytes, 20 * RUN);
	for (unsigned i = 0; i < FLOWS; i++) {
		struct making l = m;

		flow_whole(&m);
		l.flow = LONG;
		data_of(&l, SERVER, RUN);
		store_flush(m.store);
		while (trail_tell(t, &f, SIZE_MAX, &scratch, &why))
			;
		assert_string_equal(why.text, "");
		assert_int_equal(f.half[SERVER].bytes, (21 + i) * RUN);
	}
	assert_true(store_stats(m.store).gone > FLOWS / 2);
	flow_release(&f);
	buf_release(&scratch);
	trail_free(t);
	store_free(m.store);
}

/* Every line of it is a flow that is there, and all there are that it takes are in it. */
static void
lists(struct catalog *c, size_t count)
{
	struct row row;

	catalog_refresh(c);
	catalog_refresh(c);
	assert_int_equal(catalog_count(c), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(store_rows(c->store, catalog_index(c, i), 1, &row), 1);
		assert_true(row.id);
	}
}

static void
what_is_listed_is_there(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	static const char *const by[] = { "", "path", "-took" };
	struct store_stats stats;
	struct fault why;
	struct catalog c;
	size_t at;

	(void)state;
	catalog_open(&c, m.store, -1, 20000);
	for (unsigned i = 0; i < 12; i++) {
		assert_true(catalog_filter(&c, i % 2 ? "~d short" : "", &why, &at));
		assert_true(catalog_sort(&c, by[i / 2 % 3]));
		traffic(&m, 80);
		stats = store_stats(m.store);
		lists(&c, stats.flows - stats.gone - (i % 2 ? 2 * i + 1 : 0));
		traffic(&m, 1);
		flow_whole(&m);
		store_flush(m.store);
		stats = store_stats(m.store);
		lists(&c, stats.flows - stats.gone - (i % 2 ? 2 * i + 2 : 0));
	}
	assert_true(stats.gone > 500);
	catalog_close(&c);
	studies_wait();
	store_free(m.store);
}

static void
memory_stays_bounded(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	uint64_t memory;

	(void)state;
	traffic(&m, 4000);
	memory = store_stats(m.store).memory;
	traffic(&m, 20000);
	assert_true(store_stats(m.store).memory < memory + 512 * 1024);
	assert_true(in_file() < LIMIT + 4 * 4096);
	store_free(m.store);
}

static void
flows_without_an_end_are_never_gone(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };

	(void)state;
	for (int i = 0; i < 3000; i++) {
		long_begins(&m);
		data_of(&m, SERVER, BODY);
		store_flush(m.store);
	}
	assert_int_equal(store_stats(m.store).gone, 0);
	assert_int_equal(store_stats(m.store).limit, LIMIT);
	every_flow_is_whole(m.store);
	store_free(m.store);
}

static void
file_begins(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void
what_is_newer_or_damaged_is_refused_with_words(void **state)
{
	struct making m = { limited(LIMIT), 0, protocols_begin };
	struct fault why;
	int fd;

	(void)state;
	traffic(&m, FLOWS);
	store_free(m.store);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "\xff\xff", 2, 40), 2);
	close(fd);
	assert_null(store_open(path, &why));
	assert_non_null(strstr(why.text, "damaged at byte 15"));
	file_begins("soth session 4\n", 15);
	assert_null(store_open(path, &why));
	assert_non_null(strstr(why.text, "version 4, from a newer soth"));
	file_begins("soth session 12345\nmore", 23);
	assert_null(store_open(path, &why));
	assert_non_null(strstr(why.text, "version 12345"));
	file_begins("soth session 1", 14);
	assert_null(store_open(path, &why));
	assert_non_null(strstr(why.text, "not a soth session"));
}

static int
file_make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd);
}

static int
file_gone(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_go_and_the_others_are_whole),
		cmocka_unit_test(what_came_before_an_end_stays_before_it),
		cmocka_unit_test(what_is_left_is_read_back),
		cmocka_unit_test(one_who_reads_on_loses_nothing_of_what_comes),
		cmocka_unit_test(what_is_listed_is_there),
		cmocka_unit_test(memory_stays_bounded),
		cmocka_unit_test(flows_without_an_end_are_never_gone),
		cmocka_unit_test(what_is_newer_or_damaged_is_refused_with_words),
	};

	return cmocka_run_group_tests(tests, file_make, file_gone);
}
