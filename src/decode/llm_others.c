/* Answers of further APIs, and of any of which a person said where its text is. */
#include "llm_inside.h"

static void
whole_call(struct llm *l, struct bytes call, const char *arguments)
{
	llm_argue(l, llm_called(l, l->calls, pull_to(call, "name"), pull_to(call, "id")), pull_to(call, arguments));
}

/*
 * Gemini: https://ai.google.dev/api/generate-content
 *
 *	data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],
 *		"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":9},"modelVersion":"m"}
 */
static bool
gemini_knows(struct bytes json)
{
	return pull_to(json, "candidates[0].content").len || pull_to(json, "usageMetadata.promptTokenCount").len ||
		pull_to(json, "promptFeedback.blockReason").len;
}

static void
gemini_part(struct llm *l, struct bytes part)
{
	struct bytes call = pull_to(part, "functionCall");

	llm_say(l, bytes_are(pull_to(part, "thought"), "true") ? LLM_THOUGHT : LLM_TEXT, pull_to(part, "text"));
	if (call.len)
		whole_call(l, call, "args");
}

static void
gemini_take(struct llm *l, struct bytes json)
{
	struct bytes candidate = pull_to(json, "candidates[0]"), part;
	struct pull parts = pull_into(pull_to(candidate, "content.parts"), '[');

	l->others = l->others || pull_to(json, "candidates[1]").len;
	if (llm_number(pull_to(candidate, "index"), 0)) {
		l->others = true;
		return;
	}
	llm_set(&l->role, pull_to(candidate, "content.role"));
	while (pull_item(&parts, &part))
		gemini_part(l, part);
	llm_set(&l->finish, pull_to(json, "promptFeedback.blockReason"));
	llm_set(&l->finish, pull_to(candidate, "finishReason"));
}

const struct llm_api llm_gemini = {
	.name = "Gemini", .knows = gemini_knows, .take = gemini_take,
	.model = { "modelVersion" }, .usage = { "usageMetadata" },
	.tokens = { "promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "cachedContentTokenCount" },
};

/*
 * Ollama: https://github.com/ollama/ollama/blob/main/docs/api.md
 *
 *	{"model":"m","message":{"role":"assistant","content":"Hi"},"done":false}
 *	{"model":"m","response":"Hi","done":true,"done_reason":"stop","prompt_eval_count":26,"eval_count":9}
 */
static bool
ollama_knows(struct bytes json)
{
	struct bytes done = pull_to(json, "done");

	return pull_is_text(pull_to(json, "model")) && (bytes_are(done, "true") || bytes_are(done, "false"));
}

static void
ollama_take(struct llm *l, struct bytes json)
{
	struct bytes message = pull_to(json, "message"), call;
	struct pull calls = pull_into(pull_to(message, "tool_calls"), '[');

	llm_set(&l->role, pull_to(message, "role"));
	llm_say(l, LLM_THOUGHT, pull_to(message, "thinking"));
	llm_say(l, LLM_THOUGHT, pull_to(json, "thinking"));
	llm_say(l, LLM_TEXT, pull_to(message, "content"));
	llm_say(l, LLM_TEXT, pull_to(json, "response"));
	while (pull_item(&calls, &call))
		whole_call(l, pull_to(call, "function"), "arguments");
	llm_set(&l->finish, pull_to(json, "done_reason"));
	l->done = l->done || bytes_are(pull_to(json, "done"), "true");
}

const struct llm_api llm_ollama = {
	.name = "Ollama", .knows = ollama_knows, .take = ollama_take, .model = { "model" }, .usage = { "" },
	.tokens = { "prompt_eval_count", "eval_count" },
};

/* As a person said. */
static void
paths_take(struct llm *l, struct bytes json)
{
	struct bytes text = buf_bytes(&l->path[0]), tool = buf_bytes(&l->path[1]);

	if (text.len)
		llm_say(l, LLM_TEXT, pull_at(json, text));
	if (tool.len && (tool = pull_at(json, tool)).len)
		llm_argue(l, llm_called(l, 0, (struct bytes){ 0 }, (struct bytes){ 0 }), tool);
}

const struct llm_api llm_paths = {
	.name = "by paths", .take = paths_take, .model = { "model" }, .usage = { "usage" },
};
