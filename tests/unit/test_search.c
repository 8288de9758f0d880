/* Search through a session: what is found, where, and that the second search finds the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "soth/messages.h"
#include "soth/search.h"
#include "soth/study.h"

enum { FOUND_ROOM = 4096, PATIENCE = 20000 };

static char path[] = "/tmp/test-search-XXXXXX";

static struct making
session(void)
{
	struct fault why;
	struct making m = { NULL, 0, protocols_begin };

	unlink(path);
	m.store = store_create(path, &why);

	assert_non_null(m.store);
	return m;
}

static void
session_ends(struct making *m)
{
	studies_wait();
	store_free(m->store);
	unlink(path);
}

static struct search *
begin(struct store *s, struct trigrams *t, const char *text, bool regex, const char *filter)
{
	struct fault why;
	size_t at;
	struct query *q = query_new(bytes_of(text), regex, &why, &at);

	assert_non_null(q);
	return search_new(s, q, filter ? filter_parse(filter, &why, &at) : NULL, false, t, -1);
}

/* "3 response body 17+5" each, with commas between. */
static void
hits_told(struct search *s, char out[FOUND_ROOM])
{
	static const char *const where[] = { "head", "body", "trailer", "message" };
	struct search_hit h;
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; search_hits(s, i, 1, &h) && used < FOUND_ROOM - 100; i++) {
		used += (size_t)snprintf(out + used, FOUND_ROOM - used, "%s%llu %s %s", i ? ", " : "", (unsigned long long)h.flow,
			h.side == CLIENT ? "request" : "response", where[h.where]);
		if (h.where == SEARCH_MESSAGE)
			used += (size_t)snprintf(out + used, FOUND_ROOM - used, " %u", h.message);
		used += (size_t)snprintf(out + used, FOUND_ROOM - used, " %llu+%llu", (unsigned long long)h.at, (unsigned long long)h.len);
	}
}

static void
found(struct store *s, struct trigrams *t, const char *text, bool regex, const char *filter, char out[FOUND_ROOM],
	struct search_state *state)
{
	struct search *of = begin(s, t, text, regex, filter);

	assert_true(search_wait(of, PATIENCE));
	hits_told(of, out);
	search_state(of, state);
	search_leave(of);
}

static void
a_match_is_found_wherever_it_is(void **none)
{
	static const struct { const char *text; bool regex; const char *filter, *found; } cases[] = {
		{ "page=4", false, NULL, "1 request head 14+6, 12 request head 14+6" },
		{ "no such", false, NULL, "1 response body 10+7" },
		{ "user 11", false, NULL, "12 response body 846+7" },				/* behind gzip */
		{ "alice", false, NULL, "3 request message 0 2+5" },
		{ "no right", false, NULL, "3 response trailer 30+8" },
		{ "that was", false, NULL, "5 request message 9 2+8" },
		{ "not masked", false, NULL, "6 request message 3 54+10" },
		{ "content_bl", false, NULL, "7 response message 2 7+10, 7 response message 4 7+10" },	/* an event, and one that has begun */
		{ "disk", false, NULL, "8 response message 1 23+4" },
		{ "starttls", false, NULL, "11 response message 2 26+8" },
		{ "STARTTLS", false, NULL, "11 response message 2 26+8" },
		{ "startTLS", false, NULL, "" },
		{ "(Hello|plainly)", true, NULL, "5 request message 8 7+7, 7 response message 2 72+5" },
		{ "(hello|plainly)", true, "~websocket", "5 request message 8 0+5, 5 request message 8 7+7" },
		{ "^te: \\w+", true, NULL, "3 request head 84+12" },
		{ "\\bACME\\b.{4}", true, NULL, "5 response message 2 50+8, 5 response message 3 50+8, 5 response message 4 50+8" },
		{ "a.c", false, NULL, "" },
		{ "is nowhere", false, NULL, "" },
	};
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];
	unsigned wrong = 0;

	(void)none;
	protocols_tell(&m);
	bodies_tell(&m);
	store_flush(m.store);
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		const char *want = cases[i % ARRAY_LEN(cases)].found;

		found(m.store, t, cases[i % ARRAY_LEN(cases)].text, cases[i % ARRAY_LEN(cases)].regex, cases[i % ARRAY_LEN(cases)].filter,
			got, &state);
		if (strcmp(got, want))
			wrong++, print_error("%s: found %s, not %s\n", cases[i % ARRAY_LEN(cases)].text, got, want);
	}
	trigrams_drop(t);
	session_ends(&m);
	assert_int_equal(wrong, 0);
}

static void
a_hit_tells_its_line_and_how_many_come_before(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search *s;
	struct search_hit h[3];

	(void)none;
	exchange(&m, "a", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n",
		LIT("one needle\n  two Needle, needle here\nthree\n"));
	exchange_ends(&m);
	store_flush(m.store);
	s = begin(m.store, t, "needle", false, NULL);
	assert_true(search_wait(s, PATIENCE));
	assert_int_equal(search_hits(s, 0, 3, h), 3);
	assert_memory_equal(h[1].text, "two Needle, needle here", h[1].used);
	assert_int_equal(h[1].used, 23);
	assert_int_equal(h[1].mark, 4);
	assert_int_equal(h[1].marked, 6);
	assert_int_equal(h[0].before, 0);
	assert_int_equal(h[1].before, 0);	/* whoever looks for "Needle" finds no "needle" */
	assert_int_equal(h[2].before, 2);
	search_leave(s);
	trigrams_drop(t);
	session_ends(&m);
}

static void
what_is_wrong_in_a_regex_is_told_with_its_place(void **none)
{
	struct fault why;
	size_t at;

	(void)none;
	assert_null(query_new(LIT("a(b"), true, &why, &at));
	assert_int_equal(at, 3);
	assert_non_null(strstr(why.text, "parenthesis"));
	assert_null(query_new(LIT(""), false, &why, &at));
}

static void
a_regex_tells_what_each_match_has_in_it(void **none)
{
	static const struct { const char *regex, *literal; } cases[] = {
		{ "needle", "needle" }, { "Needle", "needle" }, { "ab|cd", "" }, { "(ab|cd)efg", "efg" }, { "abc?d", "ab" },
		{ "abc*", "ab" }, { "abc+d", "abc" }, { "abcd{0,2}ef", "abc" }, { "a\\.b\\.c", "a.b.c" }, { "\\d+abc", "abc" },
		{ "x[abc]defg", "defg" }, { "[]abc]defg", "defg" }, { "[[:alpha:]]xyz", "xyz" }, { "(?i)abc", "" }, { "(?x) a b c", "" },
		{ "\\Qa.b\\E", "" }, { "\\x41bc", "" }, { "(*UTF)abc", "" }, { "(?:abc)*def", "def" }, { "ab{|}cd", "" }, { "^user=", "user=" },
		{ "(?!abc)xyz", "xyz" }, { "a{2}bcd", "bcd" }, { "(a(b)c)def", "def" }, { "abc(?#x)d", "" }, { "[\\]abc]de", "de" },
	};
	struct fault why;
	size_t at;

	(void)none;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct query *q = query_new(bytes_of(cases[i].regex), true, &why, &at);

		if (!q)
			fail_msg("%s: %s", cases[i].regex, why.text);
		if (!bytes_are(query_literal(q), cases[i].literal))
			fail_msg("%s: %.*s", cases[i].regex, (int)query_literal(q).len, (const char *)query_literal(q).at);
		query_free(q);
	}
}

static uint32_t seed = 1;

static unsigned
any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Of few letters, so that trigrams come again and again. */
static size_t
any_text(char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = "abcdeABC. \n"[any(11)];
	return len;
}

static void
any_flow(struct making *m, size_t most)
{
	static char body[80000];
	char head[400];

	snprintf(head, sizeof(head), "GET /%u HTTP/1.1\r\nx: %c%c%c%c\r\n\r\n", any(1000), 'a' + (int)any(4), 'A' + (int)any(4),
		'a' + (int)any(4), 'a' + (int)any(4));
	exchange(m, "a", head, (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", (struct bytes){ (uint8_t *)body, any_text(body, any((unsigned)most)) });
	exchange_ends(m);
}

static void
any_query(char out[40], bool *regex)
{
	static const char *const pieces[] = { "a", "b", "c", "d", "e", "A", "B", "\\.", " ", ".", "a?", "b*", "c+", "[ab]", "(?:a|b)", "\\w", "x" };
	unsigned n = 2 + any(9);

	*regex = any(2);
	*out = '\0';
	if (*regex)
		while (n--)
			strcat(out, pieces[any(ARRAY_LEN(pieces) - (any(8) > 0))]);
	else
		out[any_text(out, n)] = '\0';
}

/* The second time, and without what the first learned. */
static void
the_second_search_finds_what_the_first_does(void **none)
{
	static char first[FOUND_ROOM], second[FOUND_ROOM];
	struct making m = session();
	struct trigrams *learned = trigrams_new();
	struct search_state all, told;
	size_t flows, saved = 0, empty = 0;
	char text[40];
	uint64_t bytes;
	bool regex;

	(void)none;
	for (unsigned i = 0; i < 300; i++)
		any_flow(&m, i % 50 ? 60 : 80000);
	store_flush(m.store);
	found(m.store, learned, "is nowhere", false, NULL, first, &all);
	trigrams_size(learned, &flows, &bytes);
	assert_int_equal(flows, 300);
	for (unsigned i = 0; i < 120; i++) {
		struct trigrams *fresh = trigrams_new();

		any_query(text, &regex);
		found(m.store, fresh, text, regex, NULL, first, &all);
		found(m.store, learned, text, regex, NULL, second, &told);
		trigrams_drop(fresh);
		assert_string_equal(first, second);
		assert_int_equal(all.hits, told.hits);
		assert_int_equal(all.flows, told.flows);
		assert_int_equal(all.more, told.more);
		saved += all.read - told.read;
		empty += !all.hits;
	}
	assert_true(saved > 120 * 300 / 4);	/* it was of use */
	assert_in_range(empty, 10, 100);	/* both kinds were asked for */
	trigrams_drop(learned);
	session_ends(&m);
}

static void
signatures_are_a_small_part_of_what_they_stand_for(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	static char body[1 << 20], got[FOUND_ROOM];
	uint64_t bytes;
	size_t flows;

	(void)none;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (char)any(256);
	memcpy(body + 200000, "rare words", 10);
	exchange(&m, "a", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", (struct bytes){ (uint8_t *)body, sizeof(body) });
	exchange_ends(&m);
	store_flush(m.store);
	found(m.store, t, "unheard of, and sought", false, NULL, got, &state);
	assert_int_equal(state.read, 1);
	trigrams_size(t, &flows, &bytes);
	assert_in_range(bytes, 1, sizeof(body) * 16 / 100);
	found(m.store, t, "unheard of, and sought", false, NULL, got, &state);
	assert_int_equal(state.read, 0);
	found(m.store, t, "RARE WORDS", false, NULL, got, &state);
	assert_int_equal(state.hits, 0);
	found(m.store, t, "rare words", false, NULL, got, &state);
	assert_int_equal(state.hits, 1);
	trigrams_drop(t);
	session_ends(&m);
}

/* One signature is of 64 KiB: what is where two meet is in one of them. */
static void
no_match_is_lost_between_two_signatures(void **none)
{
	static char body[70 << 10], got[FOUND_ROOM];
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;

	(void)none;
	for (size_t i = 0; i < 120; i++) {
		memset(body, 'x', sizeof(body));
		memcpy(body + (64 << 10) - 100 + i, "needle in a haystack", 20);
		exchange(&m, "h", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", (struct bytes){ (uint8_t *)body, sizeof(body) });
		exchange_ends(&m);
	}
	store_flush(m.store);
	found(m.store, t, "is nowhere", false, NULL, got, &state);
	found(m.store, t, "is nowhere", false, NULL, got, &state);
	assert_int_equal(state.read, 0);
	found(m.store, t, "needle in a haystack", false, NULL, got, &state);
	assert_int_equal(state.hits, 120);
	trigrams_drop(t);
	session_ends(&m);
}

static void
what_comes_later_is_found_later(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];
	struct search *s;

	(void)none;
	exchange(&m, "a", "GET /needle HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", LIT("nee"));
	store_flush(m.store);
	s = begin(m.store, t, "needle", false, NULL);
	assert_true(search_wait(s, PATIENCE));
	hits_told(s, got);
	assert_string_equal(got, "1 request head 5+6");
	data_comes(&m, SERVER, 0, LIT("dle plugh"));
	store_flush(m.store);
	search_poke(s);
	assert_true(search_wait(s, PATIENCE));
	hits_told(s, got);
	assert_string_equal(got, "1 request head 5+6, 1 response body 0+6");
	exchange_ends(&m);
	exchange(&m, "a", "GET /needles HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", LIT("none"));
	exchange_ends(&m);
	store_flush(m.store);
	search_poke(s);
	assert_true(search_wait(s, PATIENCE));
	hits_told(s, got);
	assert_string_equal(got, "1 request head 5+6, 1 response body 0+6, 2 request head 5+6");
	search_state(s, &state);
	assert_int_equal(state.flows, 2);
	search_leave(s);
	/* The first was told of while it went on, and is known as it came to be. */
	found(m.store, t, "needle", false, NULL, got, &state);
	assert_string_equal(got, "1 request head 5+6, 1 response body 0+6, 2 request head 5+6");
	found(m.store, t, "plugh", false, NULL, got, &state);
	assert_string_equal(got, "1 response body 7+5");
	trigrams_drop(t);
	session_ends(&m);
}

static void
too_many_hits_end_the_search(void **none)
{
	static char body[3 * SEARCH_HITS_MAX];
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];

	(void)none;
	memset(body, 'a', sizeof(body));
	for (int i = 0; i < 3; i++) {
		exchange(&m, "h", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n",
			(struct bytes){ (uint8_t *)body, i ? sizeof(body) : SEARCH_HITS_MAX });
		exchange_ends(&m);
	}
	store_flush(m.store);
	found(m.store, t, "a", false, NULL, got, &state);
	assert_true(state.more);
	assert_int_equal(state.hits, SEARCH_HITS_MAX);
	assert_int_equal(state.flows, 1);
	found(m.store, t, "a", false, "~id 1", got, &state);
	assert_false(state.more);
	assert_int_equal(state.hits, SEARCH_HITS_MAX);
	trigrams_drop(t);
	session_ends(&m);
}

static void
a_regex_that_takes_too_long_is_told_of(void **none)
{
	static char body[1 << 20];
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];

	(void)none;
	memset(body, 'a', sizeof(body));
	exchange(&m, "h", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", (struct bytes){ (uint8_t *)body, sizeof(body) });
	exchange_ends(&m);
	store_flush(m.store);
	found(m.store, t, "(a+a+)+b", true, NULL, got, &state);
	assert_int_equal(state.given_up, 1);
	found(m.store, t, "ab", true, NULL, got, &state);
	assert_int_equal(state.given_up, 0);
	trigrams_drop(t);
	session_ends(&m);
}

/* Both count them alike, so that a hit leads to its message. */
static void
a_hit_in_a_message_has_the_number_that_messages_give_it(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search *s;
	struct search_hit h;
	struct buf scratch;
	unsigned seen = 0;

	(void)none;
	protocols_tell(&m);
	bodies_tell(&m);
	store_flush(m.store);
	buf_init(&scratch, 80 << 20);
	s = begin(m.store, t, "[a-z]{2,}", true, NULL);
	assert_true(search_wait(s, PATIENCE));
	for (size_t i = 0; search_hits(s, i, 1, &h); i++) {
		struct messages *all = messages_new(m.store, h.flow);
		struct bytes text;

		while (messages_read(all))
			;
		if (h.where == SEARCH_MESSAGE) {
			struct message one = messages_get(all, h.message, SIZE_MAX, &scratch);
			bool grpc = one.kind == PART_MARK && (one.code & MARK_KIND) == MARK_GRPC_MESSAGE;

			text = bytes_from(one.bytes, h.at + (grpc ? 5 : 0));
			assert_true(text.len >= h.len);
			assert_memory_equal(text.at, h.text + h.mark, h.marked);
			assert_int_equal(one.side, h.side);
			seen++;
		}
		messages_free(all);
	}
	assert_in_range(seen, 50, 1000);
	search_leave(s);
	buf_release(&scratch);
	trigrams_drop(t);
	session_ends(&m);
}

/* As it was written, with the flows there are. */
static struct store *
opened_again(struct making *m)
{
	struct fault why;
	struct store *s;

	studies_wait();
	store_flush(m->store);
	store_free(m->store);
	s = store_open(path, &why);
	assert_non_null(s);
	return m->store = s;
}

static void
an_opened_session_has_what_was_learned_when_it_was_recorded(void **none)
{
	static char first[FOUND_ROOM], second[FOUND_ROOM];
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	uint64_t bytes, had;
	size_t flows;

	(void)none;
	for (unsigned i = 0; i < 200; i++)
		any_flow(&m, i % 50 ? 400 : 80000);
	store_flush(m.store);
	found(m.store, t, "is nowhere", false, NULL, first, &state);
	assert_int_equal(state.read, 200);
	trigrams_size(t, &flows, &had);
	any_flow(&m, 400);		/* of which nothing was learned */
	found(m.store, t, "cab", false, NULL, first, &state);
	trigrams_drop(t);
	opened_again(&m);
	t = trigrams_new();
	found(m.store, t, "is nowhere", false, NULL, second, &state);
	assert_in_range(state.read, 0, 1);
	trigrams_size(t, &flows, &bytes);
	assert_int_equal(flows, 201);
	assert_true(bytes >= had);
	found(m.store, t, "cab", false, NULL, second, &state);
	trigrams_drop(t);
	t = trigrams_new();
	found(m.store, t, "cab", false, NULL, first, &state);
	assert_string_equal(first, second);
	trigrams_drop(t);
	session_ends(&m);
}

static void
learned(struct making *m, struct bytes records)
{
	struct note n = { .kind = NOTE_LOG, .part = { .kind = PART_DATA, .code = LOG_TRIGRAMS, .data = slice_copy(records) } };

	store_note(m->store, &n);
}

/* Records that are cut, of no flow, or of one that goes on behind them, say nothing. */
static void
what_a_session_claims_to_have_learned_is_held_against_it(void **none)
{
	static const char none_of[] = "\1\0\0\0\1\0\6\1\0";		/* flow 1 has no trigram at all */
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM], any_bytes[64];

	(void)none;
	flow_begins(&m, "https", "h", 443);
	learned(&m, (struct bytes){ (const uint8_t *)none_of, 9 });
	for (size_t i = 0; i <= 9; i++)
		learned(&m, (struct bytes){ (const uint8_t *)none_of, i });
	head_comes(&m, CLIENT, 0, "GET /needle HTTP/1.1\r\n\r\n");
	flow_ends(&m, CLOSE_RELAY_EOF, "");
	for (size_t i = 0; i < 9; i++)
		learned(&m, (struct bytes){ (const uint8_t *)none_of, i });
	for (unsigned i = 0; i < 300; i++) {
		for (size_t k = 0; k < sizeof(any_bytes); k++)
			any_bytes[k] = (char)(any(3) ? any(4) + 5 : any(256));
		any_bytes[0] = 2;	/* no flow is called so */
		learned(&m, (struct bytes){ (uint8_t *)any_bytes, any(sizeof(any_bytes)) });
	}
	opened_again(&m);
	found(m.store, t, "needle", false, NULL, got, &state);
	assert_string_equal(got, "1 request head 5+6");
	trigrams_drop(t);
	session_ends(&m);
}

/* It is kept, and found where the file is read to it. */
static void
a_flow_that_goes_on_behind_its_end_is_read_each_time(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];

	(void)none;
	exchange(&m, "h", "GET / HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", LIT("nothing"));
	exchange_ends(&m);
	store_flush(m.store);
	found(m.store, t, "needle", false, NULL, got, &state);
	assert_string_equal(got, "");
	data_comes(&m, SERVER, 0, LIT(" but a needle"));
	store_flush(m.store);
	found(m.store, t, "needle", false, NULL, got, &state);
	assert_string_equal(got, "1 response body 14+6");
	trigrams_drop(t);
	session_ends(&m);
}

/* What was learned is not lost, and what was not is not taken for learned. */
static void
a_search_that_is_left_does_no_harm(void **none)
{
	struct making m = session();
	struct trigrams *t = trigrams_new();
	struct search_state state;
	char got[FOUND_ROOM];

	(void)none;
	for (int i = 0; i < 200; i++)
		any_flow(&m, 3000);
	exchange(&m, "h", "GET /needle HTTP/1.1\r\n\r\n", (struct bytes){ 0 }, "HTTP/1.1 200 OK\r\n\r\n", LIT("x"));
	exchange_ends(&m);
	store_flush(m.store);
	for (int i = 0; i < 50; i++)
		search_leave(begin(m.store, t, "needle", false, NULL));
	found(m.store, t, "needle", false, NULL, got, &state);
	assert_string_equal(got, "201 request head 5+6");
	trigrams_drop(t);
	session_ends(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_match_is_found_wherever_it_is),
		cmocka_unit_test(a_hit_tells_its_line_and_how_many_come_before),
		cmocka_unit_test(what_is_wrong_in_a_regex_is_told_with_its_place),
		cmocka_unit_test(a_regex_tells_what_each_match_has_in_it),
		cmocka_unit_test(the_second_search_finds_what_the_first_does),
		cmocka_unit_test(signatures_are_a_small_part_of_what_they_stand_for),
		cmocka_unit_test(no_match_is_lost_between_two_signatures),
		cmocka_unit_test(what_comes_later_is_found_later),
		cmocka_unit_test(too_many_hits_end_the_search),
		cmocka_unit_test(a_regex_that_takes_too_long_is_told_of),
		cmocka_unit_test(a_hit_in_a_message_has_the_number_that_messages_give_it),
		cmocka_unit_test(an_opened_session_has_what_was_learned_when_it_was_recorded),
		cmocka_unit_test(what_a_session_claims_to_have_learned_is_held_against_it),
		cmocka_unit_test(a_flow_that_goes_on_behind_its_end_is_read_each_time),
		cmocka_unit_test(a_search_that_is_left_does_no_harm),
	};

	close(mkstemp(path));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
