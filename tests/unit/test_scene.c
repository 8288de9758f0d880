/*
 * Filters of flows as they stand: what tests/filter/expressions has is asked of each flow in its store and of the
 * scene that is made of it, and both must say the same; but for what is known of a flow only when it is over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "soth/filter.h"
#include "soth/messages.h"

enum { LINE_ROOM = 1024, ROWS = 64, STEPS = 16, BODY_ROOM = 1 << 20 };

static char path[] = "/tmp/test-scene-XXXXXX";
static struct store *session;
static struct lens *lens;
static unsigned foreseen;

/* A flow of the store, as if it still stood. */
struct staged { struct flow flow; struct step *step[STEPS]; struct buf body[2]; struct scene scene; };

static void
staged_bodies(struct staged *s)
{
	struct trail *t = trail_by(lens, s->flow.id);
	struct bytes data;
	struct fault why;
	struct glance g;

	while (trail_next(t, &g, &why) || trail_busy(t))
		if (g.kind == NOTE_PART && g.part == PART_DATA && lens_data(lens, &g, &data, &why))
			assert_true(buf_add(&s->body[g.side], data));
	trail_free(t);
}

static void
stage(struct staged *s, const struct row *row)
{
	struct scene *c = &s->scene;
	struct fault why;

	*s = (struct staged){ .scene = { .flow = row->id, .begun = row->begun, .answered = row->answered, .now = row->begun } };
	assert_true(lens_flow(lens, row->id, &s->flow, &why));
	c->origin = s->flow.origin;
	c->step = s->step;
	for (size_t i = 0; i < s->flow.moments; i++)
		if (s->flow.moment[i].step)
			s->step[c->steps++] = s->flow.moment[i].step;
	for (int side = CLIENT; side <= SERVER; side++) {
		buf_init(&s->body[side], BODY_ROOM);
		c->head[side] = s->flow.half[side].head;
		c->trailer[side] = s->flow.half[side].trailer;
		c->bytes[side] = row->bytes[side];
		c->messages[side] = row->messages[side];
	}
	staged_bodies(s);
	c->body[CLIENT] = buf_bytes(&s->body[CLIENT]);
	c->body[SERVER] = buf_bytes(&s->body[SERVER]);
}

static void
staged_release(struct staged *s)
{
	flow_release(&s->flow);
	buf_release(&s->body[CLIENT]);
	buf_release(&s->body[SERVER]);
}

/* What nobody knows before the end; and bodies of flows that have messages. */
static bool
can_agree(const char *text, const struct filter *f, const struct row *row)
{
	static const char *const late[] = { "~e ", "~failed", "~live", "~dur", "~close", "~wsclose", "~trouble", "~partial", "~rule", "~anomaly" };
	size_t len = strlen(text);

	for (size_t i = 0; i < ARRAY_LEN(late); i++)
		if (strstr(text, late[i]) || (len >= 2 && !strcmp(text + len - 2, "~e")) || strstr(text, "~e)") || strstr(text, "~e&") ||
				strstr(text, "~e|"))
			return false;
	return filter_needs(f) < FILTER_BODIES || !(row->messages[CLIENT] || row->messages[SERVER] || row->tunnel);
}

/* What is foreseen of a filter holds: before its bodies are there, and of what must be said. */
static void
foresees(const char *text, const struct filter *f, const struct scene *s, bool takes)
{
	struct literals literals;
	unsigned sources;
	struct row row;
	struct buf said;
	bool found = false;

	scene_row(s, &row);
	assert_int_not_equal(filter_may_take(f, s, &row), takes ? FILTER_NO : FILTER_YES);
	if (!takes || !filter_literals(f, &literals, &sources))
		return;
	buf_init(&said, BODY_ROOM);
	assert_true(scene_said(s, sources, &said));
	for (size_t i = 0; i < literals.count; i++)
		found |= memmem(said.at, said.len, literals.text[i].at, literals.text[i].len) != NULL;
	buf_release(&said);
	if (!found)
		fail_msg("%s: takes flow %u, which says nothing of what it must", text, (unsigned)s->flow);
	foreseen++;
}

static unsigned
compare(const char *text, const struct row *row, struct staged *staged, size_t n)
{
	struct fault why;
	size_t at;
	struct filter *f = filter_parse(text, &why, &at);
	unsigned compared = 0;

	for (size_t i = 0; f && i < n; i++) {
		bool in_store;

		if (!can_agree(text, f, &row[i]))
			continue;
		in_store = filter_takes(f, lens, &row[i]);
		if (filter_takes_scene(f, &staged[i].scene) != in_store)
			fail_msg("%s: in the store it %s flow %u, as a scene not so", text, in_store ? "takes" : "leaves", (unsigned)row[i].id);
		foresees(text, f, &staged[i].scene, in_store);
		compared++;
	}
	filter_free(f);
	return compared;
}

static void
each_expression_says_the_same_of_a_flow_as_it_stands(void **state)
{
	FILE *in = fopen("tests/filter/expressions", "r");
	static struct staged staged[ROWS];
	struct row row[ROWS];
	size_t n = store_rows(session, 0, ROWS, row);
	char line[LINE_ROOM];
	unsigned compared = 0;

	(void)state;
	assert_non_null(in);
	for (size_t i = 0; i < n; i++)
		stage(&staged[i], &row[i]);
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\t\n")] = '\0';
		if (*line && *line != '#')
			compared += compare(line, row, staged, n);
	}
	fclose(in);
	for (size_t i = 0; i < n; i++)
		staged_release(&staged[i]);
	assert_true(compared > 2000);
	assert_true(foreseen > 300);
}

static struct head *
head_of(const char *text, enum head_kind kind)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	assert_non_null(h);
	return h;
}

static struct origin somewhere;

static void
takes(const struct scene *s, const char *text, bool want)
{
	struct fault why = { "" };
	size_t at;
	struct filter *f = filter_parse(text, &why, &at);

	if (!f)
		fail_msg("%s: %s", text, why.text);
	if (filter_takes_scene(f, s) != want)
		fail_msg("%s: it %s", text, want ? "is left" : "is taken");
	filter_free(f);
}

static void
a_message_is_matched_by_itself(void **state)
{
	struct scene s = { .flow = 7, .now = 1000000, .origin = &somewhere, .websocket = true, .side = SERVER,
		.message = LIT("{\"n\":7}"), .message_kind = PART_MESSAGE, .message_code = WS_TEXT | WS_FIN, .message_size = 40,
		.body[SERVER] = LIT("elsewhere") };
	struct head *asks = head_of("GET /s HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\r\n", HEAD_REQUEST);

	(void)state;
	s.head[CLIENT] = asks;
	takes(&s, "~msg n.:7", true);
	takes(&s, "~msgs n.:7", true);
	takes(&s, "~msgq n.:7", false);
	takes(&s, "~b n.:7", true);
	takes(&s, "~b elsewhere", false);
	takes(&s, "~json $.n=7", true);
	takes(&s, "~json $.n=8", false);
	takes(&s, "~msgsize 40", true);
	takes(&s, "~websocket ~d example.com ~tls", true);
	takes(&s, "~id 7", true);
	s.message_code = WS_CLOSE | WS_FIN;
	s.message = LIT("\x03\xe9");
	takes(&s, "~wsclose 1001", true);
	takes(&s, "~wsclose 1000", false);
	takes(&s, "~msg .", false);
	head_drop(asks);
}

static void
an_event_and_a_grpc_message_are_read(void **state)
{
	struct scene s = { .now = 1, .origin = &somewhere, .side = SERVER, .message = LIT("event: tick\ndata: {\"n\":9}\n\n"),
		.message_kind = PART_MARK, .message_code = MARK_SSE_EVENT };
	struct head *asks = head_of("GET /s HTTP/1.1\r\nHost: example.com\r\n\r\n", HEAD_REQUEST);
	struct head *answers = head_of("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", HEAD_RESPONSE);

	(void)state;
	s.head[CLIENT] = asks;
	s.head[SERVER] = answers;
	takes(&s, "~event ^tick$", true);
	takes(&s, "~json $.n=9", true);
	takes(&s, "~msg ^event", false);
	s.message = LIT("hello");
	s.message_code = MARK_GRPC_MESSAGE | MARK_COMPRESSED;
	takes(&s, "~msg ^hello$", true);
	head_drop(asks);
	head_drop(answers);
}

static void
of_what_has_not_come_nothing_is_true(void **state)
{
	struct head *asks = head_of("POST http://example.com/a?b=1 HTTP/1.1\r\nHost: example.com\r\n\r\n", HEAD_REQUEST);
	struct scene s = { .now = 1, .origin = &somewhere, .head[CLIENT] = asks };

	(void)state;
	takes(&s, "~q", true);
	takes(&s, "~c >0", false);
	takes(&s, "~hs .", false);
	takes(&s, "~b .", false);
	takes(&s, "~wait >0", false);
	takes(&s, "~u ^https://example.com/a.b=1$ ~query b=1 ~m POST", true);
	takes(&(struct scene){ .now = 1 }, "~http", false);
	head_drop(asks);
}

static void
what_must_stand_in_a_text_is_read_from_a_pattern(void **state)
{
	static const struct { const char *pattern, *literals; } known[] = {
		{ "example\\.com", "example.com" }, { "^https://API", "https://api" }, { "ab*c", "a" }, { "abc?d", "ab" },
		{ "colou+rs", "colou" }, { "abc+?d", "abc" }, { "x{0}yz", "yz" }, { "foo|bar", "foo bar" }, { "(foo|bar)baz", "baz" },
		{ "[abc]x[]^]yy", "yy" }, { "a.bc", "bc" }, { "\\bword\\d", "word" }, { "(?:a(b)c)*de", "de" }, { "a\\+b", "a+b" },
		{ "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz012345" }, { "ab|", "" }, { ".*", "" }, { "", "" },
		{ "(?i)abc", "" }, { "(?-i)ABC", "abc" }, { "a\\Qb*\\E", "" }, { "\\x41bc", "" }, { "a(?#b)c", "" }, { "[[:alpha:]]bc", "bc" }, { "(?=x)abc", "abc" },
		{ "ab{|}cd", "" }, { "[[.a.]]bc", "" }, { "(?<=x)abc", "abc" }, { "(a(?i)b)cd", "" },
		{ "a|b|c|d|e|f|g|h|i", "" }, { "ab\\Kcd", "" }, { "(*ANYCRLF)abc", "" }, { "a{2", "" }, { "(?x)a b", "" }, { "[a", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct literals l;
		char got[300] = "";
		size_t used = 0;
		bool there = match_literals(bytes_of(known[i].pattern), &l);

		for (size_t k = 0; there && k < l.count; k++)
			used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%.*s", k ? " " : "", (int)l.text[k].len, (char *)l.text[k].at);
		if (strcmp(got, known[i].literals))
			fail_msg("%s: '%s', not '%s'", known[i].pattern, got, known[i].literals);
	}
}

static void
a_path_is_matched_however_long(void **state)
{
	static const char *const texts[] = { "~u /end.last=1$", "~query last=1", "~u aaa/end" };
	struct row rows[ROWS], row;
	size_t n = store_rows(session, 0, ROWS, rows);
	struct staged staged;

	(void)state;
	row = rows[n - 1];
	stage(&staged, &row);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(compare(texts[i], &row, &staged, 1), 1);
	takes(&staged.scene, texts[0], true);
	takes(&staged.scene, texts[1], true);
	staged_release(&staged);
}

/* The last flow of the session. */
static void
long_tell(struct making *m)
{
	char request[600], path_of[400];

	memset(path_of, 'a', sizeof(path_of));
	snprintf(request, sizeof(request), "GET /%.*s/end?last=1 HTTP/1.1\r\nHost: long.example.com\r\n\r\n", (int)sizeof(path_of), path_of);
	exchange(m, "long.example.com", request, (struct bytes){ 0 }, "HTTP/1.1 204 No Content\r\n\r\n", (struct bytes){ 0 });
	exchange_ends(m);
}

static int
last(void **state)
{
	(void)state;
	lens_free(lens);
	store_free(session);
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_expression_says_the_same_of_a_flow_as_it_stands),
		cmocka_unit_test(a_message_is_matched_by_itself),
		cmocka_unit_test(an_event_and_a_grpc_message_are_read),
		cmocka_unit_test(of_what_has_not_come_nothing_is_true),
		cmocka_unit_test(a_path_is_matched_however_long),
		cmocka_unit_test(what_must_stand_in_a_text_is_read_from_a_pattern),
	};
	struct making m = { .when = protocols_begin };
	struct fault why;

	somewhere = (struct origin){ .client = LIT("127.0.0.1:1"), .mode = LIT("regular"), .scheme = LIT("https"),
		.host = LIT("example.com"), .port = 443 };
	setenv("TZ", "UTC", 1);
	tzset();
	close(mkstemp(path));
	m.store = session = store_create(path, &why);
	assert_non_null(session);
	protocols_tell(&m);
	bodies_tell(&m);
	long_tell(&m);
	store_flush(session);
	lens = lens_new(session);
	return cmocka_run_group_tests_name("scenes", tests, NULL, last);
}
