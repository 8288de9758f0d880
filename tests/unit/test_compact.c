/* Compacted sessions: what was recorded is read out of them, and a hostile one costs little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/store/le32.h"
#include "../../src/store/pack.h"
#include "../screen/protocols.h"
#include "soth/journal.h"
#include "soth/store.h"
#include "soth/trail.h"

enum { ROWS = 64, NOISE = 300000, FILE_MAX = 8 << 20, CUTS = 300, LINE = VOLUME_LINE };

static char plain[] = "/tmp/test-compact-XXXXXX", packed[] = "/tmp/test-compacted-XXXXXX", other[] = "/tmp/test-compact-other-XXXXXX";
static struct row recorded[ROWS];
static size_t rows;
static uint8_t file[FILE_MAX];
static size_t file_len;

/* What does not compress, so that there are several blocks. */
static void
noise_comes(struct making *m)
{
	static uint8_t noise[NOISE];
	uint32_t x = 1;

	flow_begins(m, "http", "noise.example.com", 80);
	head_comes(m, CLIENT, 0, "POST /noise HTTP/1.1\r\nHost: noise.example.com\r\n\r\n");
	for (int i = 0; i < 5; i++) {
		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
		data_comes(m, CLIENT, 0, (struct bytes){ noise, sizeof(noise) });
	}
}

static void
file_read(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, file, sizeof(file));

	assert_true(n > 0 && n < FILE_MAX);
	file_len = (size_t)n;
	close(fd);
}

static void
file_write(const char *path, const uint8_t *at, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, at, len), len);
	close(fd);
}

static int
sessions_make(void **state)
{
	struct making m = { NULL, 0, protocols_begin };
	struct fault why, cut;

	(void)state;
	close(mkstemp(plain));
	close(mkstemp(packed));
	close(mkstemp(other));
	m.store = store_create(plain, &why);
	assert_non_null(m.store);
	protocols_tell(&m);
	noise_comes(&m);
	protocols_tell(&m);
	store_flush(m.store);
	rows = store_rows(m.store, 0, ROWS, recorded);
	store_free(m.store);
	assert_true(session_compact(plain, packed, NULL, &cut, &why));
	assert_string_equal(cut.text, "");
	file_read(packed);
	return 0;
}

static int
sessions_gone(void **state)
{
	(void)state;
	return unlink(plain) | unlink(packed) | unlink(other);
}

static void
same_bytes(struct volume *a, struct volume *b)
{
	static uint8_t left[70000], right[70000];
	uint64_t at = 0;
	size_t n;

	assert_int_equal(volume_size(a), volume_size(b));
	do {
		n = volume_read(a, at, left, sizeof(left));
		assert_int_equal(volume_read(b, at, right, sizeof(right)), n);
		assert_memory_equal(left, right, n);
		at += n;
	} while (n);
	assert_int_equal(at, volume_size(a));
}

static void
it_is_the_session_that_it_was_made_of(void **state)
{
	struct fault why;
	struct volume *a = volume_open(plain, &why), *b = volume_open(packed, &why);
	struct store *s = store_open(packed, &why), *was = store_open(plain, &why);
	struct row now[ROWS];

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_true(volume_is_compacted(b) && !volume_is_compacted(a));
	same_bytes(a, b);
	assert_string_equal(store_stats(s).trouble, "");
	assert_int_equal(store_stats(s).misordered, store_stats(was).misordered);
	store_free(was);
	assert_int_equal(store_rows(s, 0, ROWS, now), rows);
	assert_memory_equal(now, recorded, rows * sizeof(*now));
	store_free(s);
	volume_close(a);
	volume_close(b);
}

static void
what_is_compacted_again_is_the_same(void **state)
{
	struct fault why, cut;

	(void)state;
	assert_true(session_compact(packed, other, NULL, &cut, &why));
	assert_string_equal(cut.text, "");
	file_read(other);
	assert_true(file_len > NOISE);
	file_read(packed);
}

/* Every flow of it, as far as it can be read. */
static uint64_t
notes_of(struct store *s)
{
	uint64_t notes = 0;
	struct fault why;
	struct row row;

	for (size_t i = 0; store_rows(s, i, 1, &row); i++) {
		struct flow f;

		if (!store_flow(s, row.id, &f, &why))
			continue;
		notes += f.notes;
		flow_release(&f);
	}
	return notes;
}

static void
cut_anywhere_it_is_read_as_far_as_it_is_whole(void **state)
{
	uint64_t before = 0, notes;
	struct fault why;

	(void)state;
	for (size_t i = 1; i < CUTS; i++) {
		size_t len = LINE + (file_len - LINE) * i / CUTS;
		struct store *s;

		file_write(other, file, len);
		s = store_open(other, &why);
		assert_non_null(s);
		notes = notes_of(s);
		assert_true(notes >= before);
		if (!strstr(store_stats(s).trouble, "cut off at byte"))
			fail_msg("cut at %zu of %zu: '%s'", len, file_len, store_stats(s).trouble);
		before = notes;
		store_free(s);
	}
	assert_true(before > 100);
}

/* Without the table it is as whole as with it; only the end is then not sure. */
static void
without_its_table_all_is_there(void **state)
{
	struct fault why;
	struct store *s;
	size_t table = 8 + get_le32(file + file_len - 9) * 8 + 9;

	(void)state;
	file_write(other, file, file_len - table);
	s = store_open(other, &why);
	assert_int_equal(store_stats(s).flows, rows);
	store_free(s);
}

static void
a_damaged_block_is_named_and_what_is_before_it_is_there(void **state)
{
	size_t first = LINE + get_le32(file + file_len - 9 - get_le32(file + file_len - 9) * 8), at = first + 5000;
	struct fault why;
	struct store *s;
	char words[80];

	(void)state;
	file[at] ^= 0x55;
	file_write(other, file, file_len);
	file[at] ^= 0x55;
	s = store_open(other, &why);
	assert_non_null(s);
	snprintf(words, sizeof(words), "damaged at byte %zu: a block", first);
	if (!strstr(store_stats(s).trouble, words))
		fail_msg("'%s', not '%s'", store_stats(s).trouble, words);
	assert_true(store_stats(s).flows > 5);
	store_free(s);
}

/* A table that says of a block what is not so. */
static void
told(size_t place, uint32_t value)
{
	struct fault why;
	struct store *s;
	uint8_t was[4];

	memcpy(was, file + place, 4);
	put_le32(file + place, value);
	file_write(other, file, file_len);
	s = store_open(other, &why);
	if (s) {
		(void)notes_of(s);
		store_free(s);
	}
	memcpy(file + place, was, 4);
}

static void
lies_of_the_table_do_no_harm(void **state)
{
	static const uint32_t lies[] = { 0, 1, 9, 100, 262143, 262144, 262145, 1u << 30, UINT32_MAX };
	size_t foot = file_len - 9, table = foot - get_le32(file + foot) * 8;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		for (size_t place = table; place < foot; place += 4)
			told(place, lies[i]);
		told(foot, lies[i]);
		told(table - 4, lies[i]);
	}
}

/* A frame of zstd that unpacks to more than a block: of a run of one byte, as long as it says. */
static size_t
bomb(uint8_t *to, uint32_t says, unsigned runs)
{
	size_t n = 0;

	memcpy(to, "soth session 3\n", LINE);
	n += LINE;
	memcpy(to + n, "\x28\xb5\x2f\xfd\xa0", 5);	/* one segment, a size of four bytes */
	n += 5;
	put_le32(to + n, says);
	n += 4;
	for (unsigned i = 0; i < runs; i++) {
		uint32_t block = (uint32_t)(i + 1 == runs) | 1 << 1 | (128u << 10) << 3;

		put_le32(to + n, block);
		to[n + 3] = 's';
		n += 4;
	}
	return n;
}

static void
bombs_are_refused(void **state)
{
	static uint8_t made[1 << 16];
	static const uint32_t says[] = { 1u << 31, PACK_BLOCK + 1, PACK_BLOCK, 100 };
	struct rusage before, after;
	struct fault why;
	struct store *s;

	(void)state;
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < ARRAY_LEN(says); i++) {
		file_write(other, made, bomb(made, says[i], 16000));
		s = store_open(other, &why);
		if (s) {
			assert_int_equal(store_stats(s).flows, 0);
			assert_true(*store_stats(s).trouble);
			store_free(s);
		} else {
			assert_non_null(strstr(why.text, "damaged at byte 15"));
		}
	}
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 8192);
}

static void
a_full_disk_leaves_what_was_there(void **state)
{
	struct rlimit limit, was;
	struct fault why, cut;
	struct stat about;

	(void)state;
	file_write(other, (const uint8_t *)"mine", 4);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	signal(SIGXFSZ, SIG_IGN);
	limit = (struct rlimit){ NOISE, was.rlim_max };
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_false(session_compact(plain, other, NULL, &cut, &why));
	setrlimit(RLIMIT_FSIZE, &was);
	assert_non_null(strstr(why.text, "File too large"));
	assert_int_equal(stat(other, &about), 0);
	assert_int_equal(about.st_size, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_session_that_it_was_made_of),
		cmocka_unit_test(what_is_compacted_again_is_the_same),
		cmocka_unit_test(cut_anywhere_it_is_read_as_far_as_it_is_whole),
		cmocka_unit_test(without_its_table_all_is_there),
		cmocka_unit_test(a_damaged_block_is_named_and_what_is_before_it_is_there),
		cmocka_unit_test(lies_of_the_table_do_no_harm),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(a_full_disk_leaves_what_was_there),
	};

	return cmocka_run_group_tests(tests, sessions_make, sessions_gone);
}
