/*
 * A recorder that is killed at any moment: what the store said is in the file is there.
 * KILLS and SEED in the environment say how often, and from which numbers on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/format/soth.h"
#include "soth/journal.h"
#include "soth/store.h"

enum { KILLS = 10, LIVE = 8, LIMIT = 400000, BODY_MAX = 60000, RECORD_ROOM = 1 << 20, BATCH_MAX = 400, TOLD_MAX = 60, SPIN_MAX = 3000000 };

static char path[] = "/tmp/test-killed-XXXXXX";
static uint64_t limit;			/* of the session; 0: none */

/* The same numbers for who writes and who checks. */
static uint64_t
draw(uint64_t *state, uint64_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (*state >> 11) % below;
}

/* Some flows at a time, each from its beginning to its end. */
struct traffic {
	uint64_t state, when;
	flow_id flow[LIVE], flows;
	unsigned at[LIVE];		/* what of it comes next */
};

static struct part
head_of(enum head_kind kind, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		abort();
	return (struct part){ .kind = PART_HEAD, .head = h };
}

static struct part
body(struct traffic *t)
{
	static uint8_t bytes[BODY_MAX];
	size_t len = draw(&t->state, 8) ? draw(&t->state, 800) : draw(&t->state, BODY_MAX);
	uint8_t first = (uint8_t)draw(&t->state, 256);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(first + i * i);
	return (struct part){ .kind = PART_DATA, .data = slice_copy((struct bytes){ bytes, len }) };
}

static struct note
part_note(enum side side, struct part p)
{
	return (struct note){ .kind = NOTE_PART, .side = side, .part = p };
}

static struct note
note_at(struct traffic *t, unsigned at)
{
	struct origin o = { .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = LIT("http"), .host = LIT("killed.example.com"), .port = 80 };

	switch (at) {
	case 0: return (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) };
	case 1: return part_note(CLIENT, head_of(HEAD_REQUEST, "POST /killed HTTP/1.1\r\nHost: killed.example.com\r\n\r\n"));
	case 2: return part_note(CLIENT, body(t));
	case 3: return part_note(CLIENT, (struct part){ .kind = PART_END });
	case 4: return part_note(SERVER, head_of(HEAD_RESPONSE, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"));
	case 5: return part_note(SERVER, body(t));
	case 6: return part_note(SERVER, (struct part){ .kind = PART_END });
	default: return (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } };
	}
}

static struct note
next_note(struct traffic *t)
{
	size_t which = draw(&t->state, LIVE);
	struct note n = note_at(t, t->at[which]);

	if (!t->at[which])
		t->flow[which] = ++t->flows;
	n.flow = t->flow[which];
	n.when = t->when += 1 + draw(&t->state, 90);
	t->at[which] = (t->at[which] + 1) % 8;
	return n;
}

static struct traffic
traffic_of(uint64_t seed)
{
	return (struct traffic){ .state = seed * 0x9e3779b97f4a7c15ull | 1, .when = 1795531640000000ull };
}

/* Writes, and says how many notes are in the file, until it is killed. */
static void
record(uint64_t seed, int told)
{
	struct traffic t = traffic_of(seed);
	struct fault why;
	struct store *s = store_create(path, &why);
	uint64_t notes = 0, batches = seed;

	if (s && limit && !store_limit(s, limit, &why))
		_exit(1);
	for (; s;) {
		for (uint64_t batch = 1 + draw(&batches, BATCH_MAX); batch; batch--, notes++) {
			struct note n = next_note(&t);

			store_note(s, &n);
		}
		store_flush(s);
		if (write(told, &notes, sizeof(notes)) != sizeof(notes))
			break;
	}
	_exit(1);
}

/* How many notes it said are in the file, when it was killed at some moment. */
static uint64_t
killed(uint64_t seed, uint64_t *chance)
{
	int told[2], status;
	uint64_t notes = 0, count = 1 + draw(chance, TOLD_MAX);
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		record(seed, told[1]);
	close(told[1]);
	while (count-- && read(told[0], &notes, sizeof(notes)) == sizeof(notes))
		;
	nanosleep(&(struct timespec){ 0, (long)draw(chance, SPIN_MAX) }, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(told[0], &notes, sizeof(notes)) == sizeof(notes))
		;
	close(told[0]);
	return notes;
}

static void
same_note(const struct note *read, struct note *put, struct buf *a, struct buf *b)
{
	put->order = read->order;
	put->flow_order = read->flow_order;
	buf_eat(a, a->len);
	buf_eat(b, b->len);
	assert_true(soth_pack(read, 0, a) && soth_pack(put, 0, b));
	assert_true(bytes_same(buf_bytes(a), buf_bytes(b)));
}

/* Those of the notes put in that are gone. */
static uint64_t
passed(struct traffic *t, const struct volume *v)
{
	for (uint64_t i = 0; i < volume_order(v); i++) {
		struct note gone = next_note(t);

		note_drop(&gone);
	}
	return volume_order(v);
}

/* Every whole record is the note that was put in; how many there are, and what is said of the end. */
static uint64_t
read_back(uint64_t seed, uint64_t *at, struct fault *cut)
{
	struct traffic t = traffic_of(seed);
	struct buf scratch, a, b;
	uint64_t notes = 0, back;
	struct fault why;
	struct note n;
	struct volume *v = volume_open(path, &why);

	assert_non_null(v);
	*at = volume_whole(v);
	notes = passed(&t, v);
	buf_init(&scratch, RECORD_ROOM);
	buf_init(&a, RECORD_ROOM);
	buf_init(&b, RECORD_ROOM);
	for (; journal_read(v, *at, &scratch, &n, &back, at, cut); notes++) {
		struct note put = next_note(&t);

		assert_int_equal(n.order, notes + 1);
		same_note(&n, &put, &a, &b);
		note_drop(&n);
		note_drop(&put);
	}
	buf_release(&scratch);
	buf_release(&a);
	buf_release(&b);
	volume_close(v);
	return notes;
}

/* Each flow is there, and can be read from its last record to its first. */
static void
flows_are_whole(uint64_t notes, uint64_t at, const struct fault *cut)
{
	struct fault why;
	struct store *s = store_open(path, &why);
	struct store_stats stats;
	struct row row;
	uint64_t told = 0;

	assert_non_null(s);
	stats = store_stats(s);
	assert_string_equal(stats.trouble, cut->text);
	assert_int_equal(stats.file_bytes, at);
	assert_string_equal(stats.disorder, "");
	for (size_t i = 0; store_rows(s, i, 1, &row); i++) {
		struct flow f;

		assert_true(store_flow(s, row.id, &f, &why));
		assert_int_equal(f.notes, row.notes);
		told += f.notes;
		flow_release(&f);
	}
	assert_int_equal(told, limit ? told : notes);
	store_free(s);
}

/* True: the kill had cut a record. */
static bool
round_of(uint64_t seed, uint64_t *chance)
{
	uint64_t said = killed(seed, chance), at, notes;
	struct fault cut = { "" };
	struct stat file;

	notes = read_back(seed, &at, &cut);
	assert_int_equal(stat(path, &file), 0);
	if (notes < said)
		fail_msg("seed %llu: %llu notes were said to be in the file, %llu are", (unsigned long long)seed,
			(unsigned long long)said, (unsigned long long)notes);
	assert_int_equal(*cut.text != 0, at < (uint64_t)file.st_size);
	flows_are_whole(notes, at, &cut);
	return *cut.text;
}

static uint64_t
asked(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void
what_was_said_to_be_written_outlives_a_kill(void **state)
{
	uint64_t seed = asked("SEED", (uint64_t)time(NULL)), kills = asked("KILLS", KILLS), cuts = 0;
	uint64_t chance = seed | 1;

	(void)state;
	print_message("SEED=%llu KILLS=%llu\n", (unsigned long long)seed, (unsigned long long)kills);
	for (uint64_t i = 0; i < kills; i++)
		cuts += round_of(seed + i, &chance);
	print_message("%llu of them cut a record\n", (unsigned long long)cuts);
}

/* The same, while the oldest flows go. */
static void
what_is_left_of_a_limited_session_outlives_a_kill(void **state)
{
	limit = LIMIT;
	what_was_said_to_be_written_outlives_a_kill(state);
	limit = 0;
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
		cmocka_unit_test(what_was_said_to_be_written_outlives_a_kill),
		cmocka_unit_test(what_is_left_of_a_limited_session_outlives_a_kill),
	};

	return cmocka_run_group_tests(tests, file_make, file_gone);
}
