/*
 * Answers of OpenAI's two APIs, and of the many that speak the first.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
#include <string.h>

#include "llm_inside.h"

/*
 *	data: {"object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}
 *	data: {..., "choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1",
 *		"function":{"name":"f","arguments":"{\"a"}}]}}]}
 *	data: {..., "choices":[],"usage":{"prompt_tokens":5,"completion_tokens":9}}
 *	data: [DONE]
 */
static bool
chat_knows(struct bytes json)
{
	struct bytes object = pull_to(json, "object"), choices = pull_to(json, "choices");

	return pull_is(object, "chat.completion.chunk") || pull_is(object, "text_completion") ||
		(choices.len && *choices.at == '[');
}

/* Where calls have no index, each with an ID is another. */
static void
chat_call(struct llm *l, struct bytes call)
{
	struct bytes id = pull_to(call, "id");
	uint64_t next = l->calls && !pull_is_text(id) ? l->calls - 1 : l->calls;
	struct llm_call *c = llm_called(l, llm_number(pull_to(call, "index"), next), pull_to(call, "function.name"), id);

	llm_argue(l, c, pull_to(call, "function.arguments"));
}

static void
chat_delta(struct llm *l, struct bytes delta)
{
	static const char *const thoughts[] = { "reasoning_content", "reasoning" };
	struct pull calls = pull_into(pull_to(delta, "tool_calls"), '[');
	struct bytes call = pull_to(delta, "function_call"), thought = { 0 };

	llm_set(&l->role, pull_to(delta, "role"));
	for (size_t i = 0; i < ARRAY_LEN(thoughts) && !pull_is_text(thought); i++)
		thought = pull_to(delta, thoughts[i]);
	llm_say(l, LLM_THOUGHT, thought);
	llm_say(l, LLM_TEXT, pull_to(delta, "content"));
	llm_say(l, LLM_TEXT, pull_to(delta, "refusal"));
	if (call.len && *call.at == '{')
		llm_argue(l, llm_called(l, 0, pull_to(call, "name"), (struct bytes){ 0 }), pull_to(call, "arguments"));
	while (pull_item(&calls, &call))
		chat_call(l, call);
}

static void
chat_take(struct llm *l, struct bytes json)
{
	struct pull choices = pull_into(pull_to(json, "choices"), '[');
	struct bytes choice;

	while (pull_item(&choices, &choice)) {
		if (llm_number(pull_to(choice, "index"), 0)) {
			l->others = true;
			continue;
		}
		llm_say(l, LLM_TEXT, pull_to(choice, "text"));
		chat_delta(l, pull_to(choice, "delta"));
		llm_set(&l->finish, pull_to(choice, "finish_reason"));
	}
}

const struct llm_api llm_chat = {
	.name = "chat completions", .knows = chat_knows, .take = chat_take, .model = { "model" }, .usage = { "usage" },
	.tokens = { "prompt_tokens", "completion_tokens", "completion_tokens_details.reasoning_tokens",
		"prompt_tokens_details.cached_tokens" },
};

/*
 *	data: {"type":"response.created","response":{"model":"m",...}}
 *	data: {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","name":"f"}}
 *	data: {"type":"response.output_text.delta","output_index":1,"delta":"Hi"}
 *	data: {"type":"response.completed","response":{"status":"completed","usage":{...}}}
 */
static bool
responses_knows(struct bytes json)
{
	struct bytes type = pull_to(json, "type");

	return type.len > 10 && !memcmp(type.at, "\"response.", 10);
}

static void
responses_text(struct llm *l, struct bytes json)
{
	llm_say(l, LLM_TEXT, pull_to(json, "delta"));
}

static void
responses_thought(struct llm *l, struct bytes json)
{
	llm_say(l, LLM_THOUGHT, pull_to(json, "delta"));
}

static struct llm_call *
responses_call(struct llm *l, struct bytes json)
{
	return llm_called(l, llm_number(pull_to(json, "output_index"), 0), pull_to(json, "item.name"),
		pull_to(json, "item.call_id"));
}

static void
responses_item(struct llm *l, struct bytes json)
{
	struct bytes type = pull_to(json, "item.type");

	llm_break(l);
	llm_set(&l->role, pull_to(json, "item.role"));
	if (pull_is(type, "function_call") || pull_is(type, "custom_tool_call"))
		(void)responses_call(l, json);
}

static void
responses_part(struct llm *l, struct bytes json)
{
	(void)json;
	llm_break(l);
}

static void
responses_arguments(struct llm *l, struct bytes json)
{
	llm_argue(l, responses_call(l, json), pull_to(json, "delta"));
}

static void
responses_end(struct llm *l, struct bytes json)
{
	llm_trouble(l, pull_to(json, "response.error"));
	llm_set(&l->finish, pull_to(json, "response.status"));
	llm_set(&l->finish, pull_to(json, "response.incomplete_details.reason"));
	l->done = true;
}

static void
responses_take(struct llm *l, struct bytes json)
{
	static const struct { const char *type; void (*take)(struct llm *l, struct bytes json); } rows[] = {
		{ "response.output_text.delta",			responses_text },
		{ "response.refusal.delta",			responses_text },
		{ "response.reasoning_text.delta",		responses_thought },
		{ "response.reasoning_summary_text.delta",	responses_thought },
		{ "response.output_item.added",			responses_item },
		{ "response.content_part.added",		responses_part },
		{ "response.reasoning_summary_part.added",	responses_part },
		{ "response.function_call_arguments.delta",	responses_arguments },
		{ "response.custom_tool_call_input.delta",	responses_arguments },
		{ "response.completed",				responses_end },
		{ "response.incomplete",			responses_end },
		{ "response.failed",				responses_end },
		{ "error",					llm_trouble },
	};
	struct bytes type = pull_to(json, "type");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (pull_is(type, rows[i].type))
			rows[i].take(l, json);
}

const struct llm_api llm_responses = {
	.name = "OpenAI responses", .knows = responses_knows, .take = responses_take,
	.model = { "response.model" }, .usage = { "response.usage" },
	.tokens = { "input_tokens", "output_tokens", "output_tokens_details.reasoning_tokens",
		"input_tokens_details.cached_tokens" },
};
