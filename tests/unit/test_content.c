/* Bodies, read on a thread: what lines they come to, what their steps say, and how little they cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zlib.h>

#include "../../ui/folds.h"
#include "soth/coding.h"
#include "soth/content.h"
#include "soth/spool.h"
#include "soth/study.h"

static char path[] = "/tmp/test-content-XXXXXX";
static struct store *session;

static void
told(enum side side, struct part p)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = 1, .when = 5, .part = p };

	store_note(session, &n);
}

static void
head(enum side side, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	assert_non_null(h);
	told(side, (struct part){ .kind = PART_HEAD, .head = h });
}

static void
begin(const char *fields)
{
	const struct origin o = { .scheme = LIT("http"), .host = LIT("h"), .port = 80 };
	struct note n = { .kind = NOTE_FLOW, .flow = 1, .when = 1, .origin = origin_new(&o) };
	struct fault why;
	char text[400];

	if (session)
		store_free(session);
	session = store_create(path, &why);
	assert_non_null(session);
	store_note(session, &n);
	head(CLIENT, "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n");
	snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\n", fields);
	head(SERVER, text);
}

static void
data(struct bytes b)
{
	told(SERVER, (struct part){ .kind = PART_DATA, .data = slice_copy(b) });
	store_flush(session);
}

static void
end(void)
{
	told(SERVER, (struct part){ .kind = PART_END });
	store_flush(session);
}

static struct content *
content_of(const struct choice *choice)
{
	struct content_how how = { .store = session, .flow = 1, .side = SERVER, .decoders = decoders, .unpack_max = 256 << 20 };

	if (choice)
		how.choice = *choice;
	return content_new(&how);
}

static void
read_all(struct content *c)
{
	while (content_read(c))
		;
}

/* The chain, and below it the lines. */
static const char *
shown(struct content *c)
{
	static char text[8192];
	struct report r[DECODE_STEPS_MAX];
	struct paper *p = content_paper(c);
	struct span s[32];
	size_t len;

	report_words(r, content_reports(c, r, ARRAY_LEN(r)), text, sizeof(text));
	len = strlen(text);
	for (size_t i = 0; p && i < paper_lines(p); i++) {
		struct paper_line l = paper_line(p, content_bytes(c), i);
		size_t n = doc_spans(l.doc, l.line, s, ARRAY_LEN(s));

		len += (size_t)snprintf(text + len, sizeof(text) - len, "\n");
		for (size_t k = 0; k < n; k++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%.*s", (int)s[k].text.len, (const char *)s[k].text.at);
	}
	return text;
}

static size_t
zipped(struct bytes in, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in.at, .avail_in = (uInt)in.len, .next_out = out, .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void
a_body_comes_with_its_chain(void **state)
{
	uint8_t gz[200];
	struct content *c;
	size_t len = zipped(LIT("{\"a\":1}"), gz, sizeof(gz));
	char want[200];

	(void)state;
	begin("Content-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n");
	c = content_of(NULL);
	read_all(c);
	assert_string_equal(shown(c), "");
	for (size_t i = 0; i < len; i++)
		data((struct bytes){ gz + i, 1 });
	end();
	read_all(c);
	snprintf(want, sizeof(want), "chunked %zu › gzip %zu › json 7\n{\n\"a\": 1\n}", len, len);
	assert_string_equal(shown(c), want);
	assert_true(bytes_are(content_bytes(c), "{\"a\":1}"));
	content_free(c);
}

static void
a_choice_is_followed(void **state)
{
	struct choice raw = { .step = { "text" } }, hex = { .step = { "", "hex" } };
	uint8_t gz[200];
	size_t len = zipped(LIT("{\"a\":1}"), gz, sizeof(gz));
	struct content *c;

	(void)state;
	begin("Content-Type: application/json\r\nContent-Encoding: gzip\r\n");
	data((struct bytes){ gz, len });
	end();
	c = content_of(&hex);
	read_all(c);
	assert_non_null(strstr(shown(c), "› hex* 7\n00000000  7b 22 61"));
	content_free(c);
	c = content_of(&raw);	/* in place of gzip: what was recorded */
	read_all(c);
	assert_int_equal(content_bytes(c).len, len);
	assert_memory_equal(content_bytes(c).at, gz, len);
	assert_true(!strncmp(shown(c), "text* ", 6));
	content_free(c);
}

static void
what_came_before_a_failure_is_shown(void **state)
{
	uint8_t gz[400];
	char many[2000];
	size_t len;
	struct content_state s;
	struct content *c;

	(void)state;
	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = (char)("0123456789\n"[i % 11]);
	len = zipped((struct bytes){ (uint8_t *)many, sizeof(many) }, gz, sizeof(gz));
	begin("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n");
	data((struct bytes){ gz, len - 12 });
	end();
	c = content_of(NULL);
	read_all(c);
	content_state(c, &s);
	assert_true(s.done);
	assert_non_null(strstr(s.trouble, "cut off"));
	assert_non_null(strstr(shown(c), "gzip "));
	assert_non_null(strstr(shown(c), "✗ › text"));
	assert_non_null(strstr(shown(c), "\n0123456789\n"));
	content_free(c);
}

static void
what_was_not_recorded_is_counted(void **state)
{
	struct content_state s;
	struct content *c;

	(void)state;
	begin("Content-Type: text/plain\r\n");
	data(LIT("here\n"));
	told(SERVER, (struct part){ .kind = PART_SKIP, .count = 1000 });
	end();
	c = content_of(NULL);
	read_all(c);
	content_state(c, &s);
	assert_int_equal(s.came, 5);
	assert_int_equal(s.skipped, 1000);
	assert_string_equal(shown(c), "text 5\nhere");
	content_free(c);
}

/* 64 MiB at a ratio that no person has; it stops there, and says so. */
static void
a_bomb_is_stopped_and_marked(void **state)
{
	size_t room = 4 << 20, piece = 32 << 20, len;
	uint8_t *zeros = calloc(1, piece), *gz = malloc(room);
	struct content_state s;
	struct content *c;

	(void)state;
	len = zipped((struct bytes){ zeros, piece }, gz, room);
	begin("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n");
	for (int i = 0; i < 40; i++)
		data((struct bytes){ gz, len });
	end();
	c = content_of(NULL);
	read_all(c);
	content_state(c, &s);
	assert_non_null(strstr(s.trouble, "stopped at 64 MiB"));
	assert_in_range(content_bytes(c).len, BOMB_MIN, BOMB_MIN + (16 << 20));
	content_free(c);
	free(zeros);
	free(gz);
}

static void
bytes_that_are_here_are_read_alike(void **state)
{
	struct hint hint = { .type = LIT("application/json"), .message = true };
	struct content_how how = { .decoders = decoders, .hint = &hint, .bytes = LIT("[1]"), .unpack_max = 1 << 20 };
	struct content *c = content_new(&how);

	(void)state;
	read_all(c);
	assert_string_equal(shown(c), "json 3\n[\n1\n]");
	content_free(c);
}

static void
a_spool_stays_where_it_is_when_it_goes_to_a_file(void **state)
{
	struct spool *s = spool_new(8 << 20);
	uint8_t piece[1000];
	struct bytes at;
	struct fault why;

	(void)state;
	memset(piece, 'x', sizeof(piece));
	assert_true(spool_add(s, LIT("begin"), &why));
	at = spool_bytes(s);
	for (int i = 0; i < 5000; i++)
		assert_true(spool_add(s, (struct bytes){ piece, sizeof(piece) }, &why));
	assert_ptr_equal(spool_bytes(s).at, at.at);
	assert_int_equal(spool_bytes(s).len, 5000005);
	assert_memory_equal(at.at, "beginxxx", 8);
	spool_rest(s);
	assert_memory_equal(at.at + 5000000, "xxxxx", 5);
	for (int i = 0; i < 3500 && spool_add(s, (struct bytes){ piece, sizeof(piece) }, &why); i++)
		;
	assert_non_null(strstr(why.text, "more than"));
	spool_free(s);
}

static void
a_spool_without_room_says_so(void **state)
{
	struct spool *s = spool_new(8 << 20);
	uint8_t *piece = calloc(1, 1 << 20);
	struct fault why;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_false(spool_add(s, (struct bytes){ piece, 1 << 20 }, &why));
	unsetenv("TMPDIR");
	assert_non_null(strstr(why.text, "/nonexistent"));
	spool_free(s);
	free(piece);
}

struct counted { unsigned left, calls; };

static bool
count_down(void *of)
{
	struct counted *c = of;

	c->calls++;
	return c->left && --c->left;
}

static void
a_study_reads_until_there_is_no_more_and_again_when_poked(void **state)
{
	struct counted c = { 1000, 0 };
	int wake = eventfd(0, EFD_CLOEXEC);
	struct study *s = study_start(count_down, &c, wake);
	uint64_t told;

	(void)state;
	assert_true(study_wait(s, 60000));
	assert_int_equal(c.calls, 1000);
	assert_int_equal(read(wake, &told, sizeof(told)), sizeof(told));
	c.left = 10;
	study_poke(s);
	assert_true(study_wait(s, 60000));
	assert_int_equal(c.calls, 1010);
	study_stop(s);
	close(wake);
}

static bool
never_ready(void *of)
{
	(void)of;
	return true;
}

static void
a_study_can_be_stopped_at_any_time(void **state)
{
	struct study *s = study_start(never_ready, NULL, -1);

	(void)state;
	assert_false(study_wait(s, 1));
	assert_true(study_busy(s));
	study_stop(s);
}

static void
count_release(void *of)
{
	struct counted *c = of;

	c->left = 4711;
}

static bool
slow(void *of)
{
	struct counted *c = of;

	c->calls++;
	usleep(20000);
	return true;
}

static void
a_study_that_is_left_releases_what_it_read(void **state)
{
	struct counted c = { 0, 0 };
	struct study *s = study_start(slow, &c, -1);

	(void)state;
	study_leave(s, count_release);
	studies_wait();
	assert_int_equal(c.left, 4711);
}

static void
folds_hide_lines_and_count_the_others(void **state)
{
	struct folds f = { 0 };

	(void)state;
	assert_int_equal(folds_shown(&f, 10), 10);
	folds_put(&f, 5, 8);
	assert_int_equal(folds_shown(&f, 10), 8);
	assert_int_equal(folds_line(&f, 5), 5);
	assert_int_equal(folds_line(&f, 6), 8);
	assert_int_equal(folds_index(&f, 6), 5);
	assert_int_equal(folds_index(&f, 9), 7);
	folds_put(&f, 1, 9);	/* with the other in it */
	assert_int_equal(folds_shown(&f, 10), 3);
	assert_int_equal(folds_line(&f, 2), 9);
	assert_int_equal(folds_index(&f, 5), 1);
	folds_take(&f, 1);
	assert_int_equal(folds_shown(&f, 10), 8);
	assert_true(folds_has(&f, 5));
	folds_put(&f, 7, 10);	/* hidden by the first */
	assert_int_equal(folds_line(&f, 6), 8);
	folds_release(&f);
	assert_int_equal(folds_shown(&f, 0), 0);
}

static int
last(void **state)
{
	(void)state;
	if (session)
		store_free(session);
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_comes_with_its_chain),
		cmocka_unit_test(a_choice_is_followed),
		cmocka_unit_test(what_came_before_a_failure_is_shown),
		cmocka_unit_test(what_was_not_recorded_is_counted),
		cmocka_unit_test(a_bomb_is_stopped_and_marked),
		cmocka_unit_test(bytes_that_are_here_are_read_alike),
		cmocka_unit_test(a_spool_stays_where_it_is_when_it_goes_to_a_file),
		cmocka_unit_test(a_spool_without_room_says_so),
		cmocka_unit_test(a_study_reads_until_there_is_no_more_and_again_when_poked),
		cmocka_unit_test(a_study_can_be_stopped_at_any_time),
		cmocka_unit_test(a_study_that_is_left_releases_what_it_read),
		cmocka_unit_test(folds_hide_lines_and_count_the_others),
	};

	close(mkstemp(path));
	return cmocka_run_group_tests(tests, NULL, last);
}
