#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "soth/ordering.h"

/*
 * A flow as a line of words: FLOW, LOG, REMARK, GONE, DONE (completed); a part with
 * > from the client and < from the server; a head of a status as <103; a step
 * by its name, with > or < where it has a side.
 */
static struct head *
head_of(const char *text, enum head_kind kind)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	assert_non_null(h);
	return h;
}

static struct note
part_of(const char *word, enum side side)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = 1 };
	char text[64];

	for (unsigned kind = PART_NONE + 1; kind < PART_COUNT; kind++)
		if (!strcmp(word, part_name((enum part_kind)kind)))
			n.part.kind = (enum part_kind)kind;
	snprintf(text, sizeof(text), "HTTP/1.1 %s OK\r\n\r\n", *word >= '1' && *word <= '5' ? word : "200");
	if (*word >= '1' && *word <= '5')
		n.part.kind = PART_HEAD;
	if (n.part.kind == PART_HEAD)
		n.part.head = side == CLIENT ? head_of("GET / HTTP/1.1\r\nHost: x\r\n\r\n", HEAD_REQUEST) :
			head_of(text, HEAD_RESPONSE);
	else if (n.part.kind == PART_TRAILER)
		n.part.head = head_of("A: b\r\n\r\n", HEAD_FIELDS);
	return n;
}

static struct note
note_of(const char *word)
{
	enum side side = *word == '<' ? SERVER : CLIENT;
	const char *bare = word + (*word == '<' || *word == '>');
	struct note n = { .flow = 1, .side = side };

	for (unsigned kind = 0; kind < STEP_COUNT; kind++)
		if (!strcmp(bare, step_event((enum step_kind)kind))) {
			n.kind = NOTE_STEP;
			n.step = step_new((enum step_kind)kind, NULL, 0);
			return n;
		}
	if (!strcmp(word, "FLOW"))
		n.kind = NOTE_FLOW;
	else if (!strcmp(word, "REMARK"))
		n = (struct note){ .kind = NOTE_REMARK, .flow = 1, .part = { .kind = PART_DATA, .data = slice_text("mark red") } };
	else if (!strcmp(word, "LOG"))
		n = (struct note){ .kind = NOTE_LOG };
	else if (!strcmp(word, "GONE") || !strcmp(word, "DONE"))
		n = (struct note){ .kind = NOTE_GONE, .flow = 1, .part = { .kind = PART_RESET,
			.code = *word == 'G' ? CLOSE_RELAY_EOF : CLOSE_HTTP_COMPLETED } };
	else
		n = part_of(bare, side);
	return n;
}

/* How many words were in turn before the first that was not. */
static size_t
in_turn(const char *line, struct ordering *o)
{
	struct ordering_flow f = { 0 };
	char copy[512], *rest = copy, *word;
	size_t good = 0;
	bool ok = true;

	*o = (struct ordering){ 0 };
	snprintf(copy, sizeof(copy), "%s", line);
	while (ok && (word = strsep(&rest, " "))) {
		struct note n = note_of(word);

		ok = ordering_note(o, &f, &n);
		good += ok;
		note_drop(&n);
	}
	return good;
}

static size_t
words_in(const char *line)
{
	size_t words = 1;

	for (; *line; line++)
		words += *line == ' ';
	return words;
}

static void
good(const char *line)
{
	struct ordering o;

	if (in_turn(line, &o) != words_in(line))
		fail_msg("%s: %s", line, o.first.text);
	assert_int_equal(o.broken, 0);
	assert_true(ordering_end(&o));
}

/* All but the last word are in turn, and the last is not. */
static void
bad(const char *line)
{
	struct ordering o;
	size_t n = in_turn(line, &o);

	if (n != words_in(line) - 1)
		fail_msg("%s: the first %zu are in turn: %s", line, n, o.first.text);
	assert_int_equal(o.broken, 1);
	assert_true(*o.first.text);
}

static void
test_whole_flows_are_in_turn(void **state)
{
	(void)state;
	good("FLOW >HEAD >END dialing <connected <HEAD <DATA <DATA <END DONE");
	good("FLOW >HEAD dialing >DATA >DATA <connected >SKIP >END <103 <100 <HEAD <DATA <TRAILER <END DONE");
	good("FLOW >tls_handshake_started >tls_handshake_succeeded connect_received connect_decision dialing <connected "
		"<tls_handshake_started <tls_handshake_succeeded FLOW >HEAD >END <HEAD <END DONE");
	good("FLOW >HEAD >DATA <HEAD <DATA <END >DATA >END DONE");
	good("FLOW >HEAD >END dialing <connected dialing <connected <HEAD <END DONE");
	good("FLOW GONE");
}

static void
test_bytes_need_no_heads(void **state)
{
	(void)state;
	good("FLOW connect_received connect_decision dialing <connected <DATA >DATA >END <DATA <END GONE");
	good("FLOW >END <DATA <END GONE");
	good("FLOW >SKIP <SKIP >MESSAGE GONE");
	good("FLOW >DATA http3_passthrough FLOW >SKIP <SKIP GONE");
	bad("FLOW >DATA >HEAD");
	bad("FLOW >DATA <HEAD");
	bad("FLOW <DATA >TRAILER");
}

static void
test_behind_a_101_both_sides_are_bytes_again(void **state)
{
	(void)state;
	good("FLOW >HEAD >END <101 <DATA >DATA >MESSAGE <FRAME <MESSAGE >END <END GONE");
	bad("FLOW >HEAD >END <101 >HEAD");
	bad("FLOW >HEAD >END <101 <DATA <HEAD");
}

static void
test_nothing_comes_before_the_flow_and_nothing_after_its_end(void **state)
{
	(void)state;
	bad(">HEAD");
	bad("dialing");
	bad("GONE");
	bad("FLOW GONE GONE");
	bad("FLOW GONE FLOW");
	bad("FLOW GONE dialing");
	bad("FLOW GONE >RESET");
	good("LOG FLOW LOG GONE LOG");
}

static void
test_a_person_may_say_something_at_any_time(void **state)
{
	(void)state;
	bad("REMARK");
	good("FLOW REMARK >HEAD >END REMARK <HEAD <END DONE REMARK REMARK");
	bad("FLOW GONE REMARK GONE");
}

static void
test_a_flow_is_known_better_only_before_its_request(void **state)
{
	(void)state;
	good("FLOW connect_received FLOW >HEAD GONE");
	bad("FLOW >HEAD FLOW");
	bad("FLOW >HEAD >END FLOW");
}

static void
test_a_side_is_head_body_trailer_end(void **state)
{
	(void)state;
	bad("FLOW >HEAD >HEAD");
	bad("FLOW >TRAILER");
	bad("FLOW >HEAD >TRAILER >DATA");
	bad("FLOW >HEAD >TRAILER >TRAILER");
	bad("FLOW >HEAD >TRAILER >MESSAGE");
	good("FLOW >HEAD >TRAILER >SKIP >MARK >FAULT >END GONE");
	bad("FLOW >HEAD >END >DATA");
	bad("FLOW >HEAD >END >END");
	bad("FLOW >HEAD >END <HEAD <HEAD");
	bad("FLOW >HEAD >END <HEAD <END <TRAILER");
}

static void
test_no_response_comes_before_its_request(void **state)
{
	(void)state;
	bad("FLOW <HEAD");
	bad("FLOW <103");
	bad("FLOW >HEAD <DATA");
	bad("FLOW >HEAD <END");
	bad("FLOW >HEAD <TRAILER");
}

static void
test_interim_heads_come_before_the_final_one(void **state)
{
	(void)state;
	good("FLOW >HEAD <103 <100 <103 <204 <END GONE");
	bad("FLOW >HEAD <200 <103");
	bad("FLOW >HEAD <200 <END <100");
	bad("FLOW >HEAD <103 <DATA");
	bad("FLOW >HEAD <200 <101");
}

static void
test_messages_and_marks_come_after_the_head(void **state)
{
	(void)state;
	good("FLOW >HEAD >FRAME >MESSAGE >DATA >MARK >FAULT >END <HEAD <DATA <MARK <FAULT <END DONE");
	bad("FLOW >MARK");
	bad("FLOW >MESSAGE");
	bad("FLOW >HEAD <FRAME");
	bad("FLOW >HEAD <FAULT");
	bad("FLOW >HEAD >END >MARK");
	bad("FLOW >HEAD >RESET >FAULT");
}

static void
test_what_broke_off_may_break_off_again_and_no_more(void **state)
{
	(void)state;
	good("FLOW >HEAD >RESET >RESET <RESET <RESET GONE");
	good("FLOW >HEAD >END >RESET <HEAD <END <RESET GONE");
	bad("FLOW >HEAD >RESET >DATA");
	bad("FLOW >HEAD >RESET >END");
	bad("FLOW >HEAD <HEAD <RESET <DATA");
	bad("FLOW >HEAD <HEAD <RESET <HEAD");
}

static void
test_soth_s_own_answer_begins_with_why(void **state)
{
	(void)state;
	good("FLOW <RESET <HEAD <DATA <END GONE");
	good("FLOW connect_parse_failed <RESET <HEAD <DATA <END GONE");
	good("FLOW >HEAD >END <RESET <RESET <HEAD <DATA <END GONE");
	good("FLOW >RESET <RESET <HEAD <DATA <END GONE");
	bad("FLOW >HEAD <RESET <DATA");
	bad("FLOW <RESET <HEAD <END <HEAD");
}

static void
test_steps_come_in_their_order(void **state)
{
	(void)state;
	good("FLOW connect_received connect_decision dialing <connected connect_decision >END <END GONE");	/* its ClientHello names another host */
	bad("FLOW connect_received connect_received");
	bad("FLOW connect_decision connect_received");
	bad("FLOW connect_received dialing");
	bad("FLOW <connected");
	bad("FLOW connect_failed");
	bad("FLOW >HEAD connect_received");
	bad("FLOW >HEAD connect_decision");
	bad("FLOW >HEAD connect_parse_failed");
	good("FLOW >HEAD dialing connect_failed dialing <connected connect_failed GONE");
}

static void
test_a_handshake_succeeds_once_when_begun(void **state)
{
	(void)state;
	good("FLOW >tls_handshake_failed GONE");
	good("FLOW <tls_handshake_started <tls_handshake_failed <tls_handshake_started <tls_handshake_succeeded GONE");
	bad("FLOW >tls_handshake_succeeded");
	bad("FLOW >tls_handshake_started <tls_handshake_succeeded");
	bad("FLOW <tls_handshake_started <tls_handshake_succeeded <tls_handshake_succeeded");
	bad("FLOW >HEAD >tls_handshake_started");
}

static void
test_what_is_completed_has_an_answer_that_ended(void **state)
{
	(void)state;
	bad("FLOW DONE");
	bad("FLOW >HEAD >END DONE");
	bad("FLOW >HEAD >END <HEAD <DATA DONE");
	bad("FLOW >HEAD >END <HEAD <RESET DONE");
}

static void
test_at_the_end_of_a_session_every_flow_has_ended(void **state)
{
	struct ordering o;

	(void)state;
	in_turn("FLOW >HEAD", &o);
	assert_int_equal(o.live, 1);
	assert_false(ordering_end(&o));
	assert_string_equal(o.first.text, "1 flows have no end");
}

static void
test_numbers_have_no_gaps(void **state)
{
	struct note n = { .kind = NOTE_GONE, .flow = 3, .order = 8, .flow_order = 2 };
	struct ordering o = { 0 };

	(void)state;
	assert_true(ordering_numbers(&o, &n, 8, 2));
	assert_false(ordering_numbers(&o, &n, 7, 2));
	assert_false(ordering_numbers(&o, &n, 8, 1));
	assert_int_equal(o.broken, 2);
}

static void
test_a_note_of_no_known_flow_is_out_of_turn(void **state)
{
	struct note n = { .kind = NOTE_GONE, .flow = 3 };
	struct ordering o = { 0 };

	(void)state;
	assert_false(ordering_note(&o, NULL, &n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_flows_are_in_turn),
		cmocka_unit_test(test_bytes_need_no_heads),
		cmocka_unit_test(test_behind_a_101_both_sides_are_bytes_again),
		cmocka_unit_test(test_nothing_comes_before_the_flow_and_nothing_after_its_end),
		cmocka_unit_test(test_a_person_may_say_something_at_any_time),
		cmocka_unit_test(test_a_flow_is_known_better_only_before_its_request),
		cmocka_unit_test(test_a_side_is_head_body_trailer_end),
		cmocka_unit_test(test_no_response_comes_before_its_request),
		cmocka_unit_test(test_interim_heads_come_before_the_final_one),
		cmocka_unit_test(test_messages_and_marks_come_after_the_head),
		cmocka_unit_test(test_what_broke_off_may_break_off_again_and_no_more),
		cmocka_unit_test(test_soth_s_own_answer_begins_with_why),
		cmocka_unit_test(test_steps_come_in_their_order),
		cmocka_unit_test(test_a_handshake_succeeds_once_when_begun),
		cmocka_unit_test(test_what_is_completed_has_an_answer_that_ended),
		cmocka_unit_test(test_at_the_end_of_a_session_every_flow_has_ended),
		cmocka_unit_test(test_numbers_have_no_gaps),
		cmocka_unit_test(test_a_note_of_no_known_flow_is_out_of_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
