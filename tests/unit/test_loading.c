/* Sessions that are opened: read while they are looked at, and as far as they are whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "soth/journal.h"
#include "soth/trail.h"

enum { ROWS = 64, LARGE = 200000, CUTS = 60 };

static char path[] = "/tmp/test-loading-XXXXXX", cut_path[] = "/tmp/test-loading-cut-XXXXXX";
static struct row recorded[ROWS];
static size_t rows;

/* The session of all kinds of flows, and one whose body is not read with the rest. */
static int
session_make(void **state)
{
	struct fault why;
	struct making m = { NULL, 0, protocols_begin };
	static uint8_t large[LARGE];

	(void)state;
	close(mkstemp(path));
	close(mkstemp(cut_path));
	m.store = store_create(path, &why);
	assert_non_null(m.store);
	protocols_tell(&m);
	flow_begins(&m, "http", "large.example.com", 80);
	head_comes(&m, CLIENT, 0, "POST / HTTP/1.1\r\nHost: large.example.com\r\n\r\n");
	memset(large, 'x', sizeof(large));
	for (int i = 0; i < 3; i++)
		data_comes(&m, CLIENT, 0, (struct bytes){ large, sizeof(large) });
	store_flush(m.store);
	rows = store_rows(m.store, 0, ROWS, recorded);
	store_free(m.store);
	return 0;
}

static int
session_gone(void **state)
{
	(void)state;
	return unlink(path) | unlink(cut_path);
}

static struct store_stats
read_to_its_end(struct store *s)
{
	struct pollfd fd = { store_fd(s), POLLIN, 0 };
	struct store_stats stats = store_stats(s);

	while (stats.reading) {
		assert_int_equal(poll(&fd, 1, 20000), 1);
		store_seen(s);
		stats = store_stats(s);
	}
	return stats;
}

static void
same_rows(struct store *s)
{
	struct row now[ROWS];

	assert_int_equal(store_rows(s, 0, ROWS, now), rows);
	assert_memory_equal(now, recorded, rows * sizeof(*now));
}

static void
what_is_read_while_it_is_looked_at_is_what_was_recorded(void **state)
{
	struct fault why;
	struct store *s = store_begin(path, &why);
	struct store_stats stats;
	struct stat file;

	(void)state;
	assert_non_null(s);
	stats = read_to_its_end(s);
	assert_string_equal(stats.trouble, "");
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(stats.file_bytes, file.st_size);
	assert_int_equal(stats.size, file.st_size);
	same_rows(s);
	store_free(s);
	s = store_open(path, &why);
	assert_false(store_stats(s).reading);
	same_rows(s);
	store_free(s);
}

static void
heads_are_read_alone(void **state)
{
	struct fault why;
	struct store *s = store_open(path, &why);
	struct lens *l = lens_new(s);

	(void)state;
	for (size_t i = 0; i < rows; i++)
		for (int side = CLIENT; side <= SERVER; side++) {
			struct head *h = lens_head(l, recorded[i].id, (enum side)side);
			struct flow f;

			assert_true(store_flow(s, recorded[i].id, &f, &why));
			assert_int_equal(!h, !f.half[side].head);
			if (h)
				assert_true(bytes_same(head_text(h), head_text(f.half[side].head)));
			head_drop(h);
			flow_release(&f);
		}
	lens_free(l);
	store_free(s);
}

/* The file's first bytes, in another. */
static void
cut_at(off_t len)
{
	static uint8_t all[4 << 20];
	int from = open(path, O_RDONLY), to = open(cut_path, O_WRONLY | O_TRUNC);

	assert_true(len <= (off_t)sizeof(all));
	assert_int_equal(read(from, all, (size_t)len), len);
	assert_int_equal(write(to, all, (size_t)len), len);
	close(from);
	close(to);
}

static void
a_cut_loses_nothing_before_it(void **state)
{
	struct fault why;
	struct stat file;
	uint64_t last_bytes = 0;

	(void)state;
	assert_int_equal(stat(path, &file), 0);
	for (int i = 1; i <= CUTS; i++) {
		off_t len = 15 + (file.st_size - 15) * i / CUTS;
		struct store *s;
		struct store_stats stats;

		cut_at(len);
		s = store_begin(cut_path, &why);
		assert_non_null(s);
		stats = read_to_its_end(s);
		assert_true(stats.file_bytes <= (uint64_t)len && stats.file_bytes >= last_bytes);
		assert_int_equal(*stats.trouble != 0, stats.file_bytes < (uint64_t)len);
		last_bytes = stats.file_bytes;
		store_free(s);
	}
}

static void
one_that_is_left_early_is_left_at_once(void **state)
{
	struct fault why;

	(void)state;
	for (int i = 0; i < 20; i++)
		store_free(store_begin(path, &why));
	assert_null(store_begin("/tmp/there-is-no-such-file", &why));
	assert_non_null(strstr(why.text, "No such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_while_it_is_looked_at_is_what_was_recorded),
		cmocka_unit_test(heads_are_read_alone),
		cmocka_unit_test(a_cut_loses_nothing_before_it),
		cmocka_unit_test(one_that_is_left_early_is_left_at_once),
	};

	return cmocka_run_group_tests(tests, session_make, session_gone);
}
