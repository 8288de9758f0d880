/*
 * Answers of Anthropic's messages API: https://docs.anthropic.com/en/api/messages-streaming
 *
 *	data: {"type":"message_start","message":{"role":"assistant","model":"m","usage":{"input_tokens":25}}}
 *	data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
 *	data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}
 *	data: {"type":"content_block_stop","index":0}
 *	data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}
 *	data: {"type":"message_stop"}
 */
#include "llm_inside.h"

static uint64_t
block_key(struct bytes json)
{
	return llm_number(pull_to(json, "index"), 0);
}

static void
messages_start(struct llm *l, struct bytes json)
{
	llm_set(&l->role, pull_to(json, "message.role"));
}

/* What calls something has an ID and its input. */
static void
messages_block(struct llm *l, struct bytes json)
{
	struct bytes block = pull_to(json, "content_block"), input = pull_to(block, "input");
	struct llm_call *c;

	llm_break(l);
	llm_say(l, LLM_TEXT, pull_to(block, "text"));
	llm_say(l, LLM_THOUGHT, pull_to(block, "thinking"));
	if (!input.len)
		return;
	c = llm_called(l, block_key(json), pull_to(block, "name"), pull_to(block, "id"));
	if (!bytes_are(input, "{}"))	/* else it comes in pieces */
		llm_argue(l, c, input);
}

static void
messages_delta(struct llm *l, struct bytes json)
{
	struct bytes delta = pull_to(json, "delta"), input = pull_to(delta, "partial_json");

	llm_say(l, LLM_TEXT, pull_to(delta, "text"));
	llm_say(l, LLM_THOUGHT, pull_to(delta, "thinking"));
	if (input.len)
		llm_argue(l, llm_called(l, block_key(json), (struct bytes){ 0 }, (struct bytes){ 0 }), input);
}

static void
messages_ends(struct llm *l, struct bytes json)
{
	llm_set(&l->finish, pull_to(json, "delta.stop_reason"));
}

static void
messages_stop(struct llm *l, struct bytes json)
{
	(void)json;
	l->done = true;
}

static void
messages_other(struct llm *l, struct bytes json)
{
	(void)l, (void)json;
}

static const struct {
	const char *type;
	void (*take)(struct llm *l, struct bytes json);
} rows[] = {
	{ "message_start",		messages_start },
	{ "content_block_start",	messages_block },
	{ "content_block_delta",	messages_delta },
	{ "content_block_stop",		messages_other },
	{ "message_delta",		messages_ends },
	{ "message_stop",		messages_stop },
};

static bool
messages_knows(struct bytes json)
{
	struct bytes type = pull_to(json, "type");
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		known = known || pull_is(type, rows[i].type);
	return known;
}

static void
messages_take(struct llm *l, struct bytes json)
{
	struct bytes type = pull_to(json, "type");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (pull_is(type, rows[i].type))
			rows[i].take(l, json);
}

const struct llm_api llm_messages = {
	.name = "Anthropic messages", .knows = messages_knows, .take = messages_take,
	.model = { "message.model" }, .usage = { "usage", "message.usage" },
	.tokens = { "input_tokens", "output_tokens", NULL, "cache_read_input_tokens" },
};
