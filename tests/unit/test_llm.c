/* A language model's answer while it comes: times, live text, tools, and limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/llm.h"

static void
event(struct llm *l, uint64_t when, const char *json)
{
	char block[1000];

	snprintf(block, sizeof(block), ": c\r\ndata: %s\r\n\r\n", json);
	llm_message(l, when, bytes_of(block), true);
}

static void
has(struct bytes b, const char *want)
{
	if (!bytes_are(b, want))
		fail_msg("'%.*s' is not '%s'", (int)b.len, (const char *)b.at, want);
}

static void
text_and_times_are_known_while_it_comes(void **state)
{
	struct llm *l = llm_new(LIT(""));

	(void)state;
	assert_null(llm_api(l));
	llm_message(l, 90, LIT(": waiting\n\n"), true);
	assert_int_equal(llm_events(l), 0);
	event(l, 100, "{\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,"
		"\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
	assert_string_equal(llm_api(l), "chat completions");
	has(llm_model(l), "m");
	has(llm_role(l), "assistant");
	assert_int_equal(llm_first(l), 0);	/* an empty text is no token */
	event(l, 200, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}");
	has(llm_text(l), "Hel");
	event(l, 300, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}");
	event(l, 400, "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
	has(llm_text(l), "Hello");
	has(llm_finish(l), "stop");
	assert_int_equal(llm_first(l), 200);
	assert_int_equal(llm_last(l), 300);
	assert_int_equal(llm_deltas(l), 2);
	assert_true(llm_tokens(l, LLM_OUT) == UINT64_MAX);
	event(l, 500, "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":7}}");
	assert_true(llm_tokens(l, LLM_IN) == 0);
	assert_true(llm_tokens(l, LLM_OUT) == 7);
	assert_false(llm_done(l));
	event(l, 600, "[DONE]");
	assert_true(llm_done(l));
	assert_int_equal(llm_parts(l), 1);
	llm_free(l);
}

static void
tool_calls_are_joined_each_for_itself(void **state)
{
	struct llm *l = llm_new(LIT(""));

	(void)state;
	event(l, 1, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}},"
		"{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"[\"}}]}}]}");
	event(l, 2, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"1]\"}}]}}]}");
	event(l, 3, "{\"choices\":[{\"delta\":{\"content\":\"t\",\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}}]}");
	assert_int_equal(llm_tools(l), 2);
	has(llm_tool(l, 0).name, "f");
	has(llm_tool(l, 0).id, "a");
	has(llm_tool(l, 0).arguments, "{}");
	has(llm_tool(l, 1).arguments, "[1]");
	assert_int_equal(llm_first(l), 1);
	assert_int_equal(llm_parts(l), 3);
	assert_int_equal(llm_part(l, 1).kind, LLM_TOOL);
	assert_int_equal(llm_part(l, 1).tool, 1);
	has(llm_part(l, 2).text, "t");
	llm_free(l);
}

static void
records_need_no_event_stream(void **state)
{
	struct llm *l = llm_new(LIT(""));

	(void)state;
	llm_message(l, 5, LIT("{\"model\":\"m\",\"response\":\"a\",\"done\":false}\n"), false);
	llm_message(l, 6, LIT("\n"), false);
	llm_message(l, 7, LIT("{\"model\":\"m\",\"response\":\"b\",\"done\":true,\"eval_count\":2}"), false);
	assert_string_equal(llm_api(l), "Ollama");
	has(llm_text(l), "ab");
	assert_true(llm_done(l));
	assert_int_equal(llm_events(l), 2);
	llm_free(l);
}

static void
other_streams_have_no_api(void **state)
{
	struct llm *l = llm_new(LIT("1.2 string\n"));

	(void)state;
	event(l, 1, "{\"text\":\"hello\"}");
	event(l, 2, "[1,2]");
	event(l, 3, "{\"cut\":");
	assert_null(llm_api(l));
	has(llm_text(l), "");
	assert_int_equal(llm_tools(l), 0);
	llm_free(l);
}

static void
a_path_leads_to_text_in_any_json(void **state)
{
	static const struct { const char *fixes, *json, *text; } rows[] = {
		{ "text $.a.b\n",		"{\"a\":{\"c\":{\"b\":\"no\"},\"b\":\"yes\"}}",		"yes" },
		{ "text a.b",			"{\"a\":{\"b\":\"yes\"}}",				"yes" },
		{ "text $[1][0].x\n",		"[[{\"x\":\"no\"}],[{\"x\":\"yes\"}]]",			"yes" },
		{ "text $['a.b'][\"c\"]\n",	"{\"a.b\":{\"c\":\"yes\"}}",				"yes" },
		{ "1 int\ntext $\n",		"\"y\\u0065s\"",					"yes" },
		{ "text $.a\n",			"{\"a\":{\"b\":1}}",					"" },
		{ "text $.a[9]\n",		"{\"a\":[\"no\"]}",					"" },
		{ "text $.a[x]\n",		"{\"a\":[\"no\"]}",					"" },
		{ "text $.a[0\n",		"{\"a\":[\"yes\"]}",					"yes" },
		{ "text ..\n",			"{\"a\":\"no\",\"\":{\"\":\"yes\"}}",			"yes" },
		{ "text [\n",			"{\"a\":\"no\"}",					"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct llm *l = llm_new(bytes_of(rows[i].fixes));

		event(l, 1, rows[i].json);
		assert_string_equal(llm_api(l), "by paths");
		has(llm_text(l), rows[i].text);
		llm_free(l);
	}
}

static void
what_is_no_json_changes_nothing(void **state)
{
	static const char *const broken[] = { "{", "}", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "{1:2}", "nul", "1 2",
		"\"\\\"", "[}", "{]", "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]", "\x01", "[\"a\":1]" };
	static const char *const whole[] = { "{}", "[]", "[[],{}]", " { \"a\" : [ 1 , -2.5e+3 , null ] } ", "\"\\\\\"", "0" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct llm *l = llm_new(LIT(""));

		event(l, 1, broken[i]);
		if (llm_parts(l) != 1 || llm_part(l, 0).kind != LLM_TROUBLE || llm_api(l))
			fail_msg("'%s' was read", broken[i]);
		llm_free(l);
	}
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		struct llm *l = llm_new(LIT(""));

		event(l, 1, whole[i]);
		if (llm_parts(l))
			fail_msg("'%s' was not read", whole[i]);
		llm_free(l);
	}
}

static void
json_nests_512_deep_and_no_deeper(void **state)
{
	(void)state;
	for (int deep = 512; deep <= 513; deep++) {
		struct llm *l = llm_new(LIT(""));
		char json[2000];

		memset(json, '[', 600);
		memset(json + deep, ']', 600);
		llm_message(l, 1, (struct bytes){ (uint8_t *)json, 2 * (size_t)deep }, false);
		assert_int_equal(llm_parts(l), deep - 512);
		llm_free(l);
	}
}

static void
a_block_of_text_after_another_is_a_part_of_its_own(void **state)
{
	struct llm *l = llm_new(LIT(""));

	(void)state;
	event(l, 1, "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
	event(l, 2, "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"one\"}}");
	event(l, 3, "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"two\"}}");
	event(l, 4, "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\", three\"}}");
	assert_int_equal(llm_parts(l), 2);
	has(llm_part(l, 0).text, "one");
	has(llm_part(l, 1).text, "two, three");
	has(llm_text(l), "onetwo, three");
	llm_free(l);
}

static void
text_has_a_limit_and_says_so(void **state)
{
	struct llm *l = llm_new(LIT(""));
	static char json[100000];
	int n = snprintf(json, sizeof(json), "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"");

	(void)state;
	memset(json + n, 'x', 65536);
	strcpy(json + n + 65536, "\"}]}}]}");
	for (int i = 0; i < 300; i++)
		llm_message(l, 1, bytes_of(json), false);
	assert_true(llm_cut(l));
	assert_int_equal(llm_text(l).len, 16 << 20);
	llm_free(l);
}

/* Kinds that change with each event are more parts than are kept; no text is lost. */
static void
of_many_parts_the_last_go_on(void **state)
{
	struct llm *l = llm_new(LIT(""));
	size_t text = 0;

	(void)state;
	for (int i = 0; i < 2000; i++)
		event(l, 1, i % 2 ? "{\"model\":\"m\",\"done\":false,\"response\":\"ab\"}" :
			"{\"model\":\"m\",\"done\":false,\"thinking\":\"c\"}");
	event(l, 1, "{\"model\":\"m\",\"done\":false,\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}}");
	for (size_t i = 0; i < llm_parts(l); i++)
		text += llm_part(l, i).kind == LLM_TEXT ? llm_part(l, i).text.len : 0;
	assert_int_equal(text, 2000);
	assert_in_range(llm_parts(l), 100, 512);
	assert_int_equal(llm_part(l, llm_parts(l) - 1).kind, LLM_TOOL);
	llm_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_times_are_known_while_it_comes),
		cmocka_unit_test(tool_calls_are_joined_each_for_itself),
		cmocka_unit_test(records_need_no_event_stream),
		cmocka_unit_test(other_streams_have_no_api),
		cmocka_unit_test(a_path_leads_to_text_in_any_json),
		cmocka_unit_test(what_is_no_json_changes_nothing),
		cmocka_unit_test(json_nests_512_deep_and_no_deeper),
		cmocka_unit_test(a_block_of_text_after_another_is_a_part_of_its_own),
		cmocka_unit_test(text_has_a_limit_and_says_so),
		cmocka_unit_test(of_many_parts_the_last_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
