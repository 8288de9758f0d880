/* A language model's answer: which API it is of, and what is known of it so far. */
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "llm_inside.h"

enum {
	TEXT_MAX = 16 << 20, TROUBLE_MAX = 64 << 10, ARGUMENTS_MAX = 4 << 20, DATA_MAX = 16 << 20,
	QUOTED = 100,		/* bytes shown of what is no JSON */
	GUESSES_MAX = 64,	/* events by which the API must be known */
	BLANKS_MAX = 64,	/* blocks without data before the first event */
};

#define ENTRY(name)	&llm_##name,
static const struct llm_api *const apis[] = { LLM_APIS(ENTRY) };

/* "text $.a.b" and "tool $.a.c", each a line among others. */
static void
paths_read(struct llm *l, struct bytes fixes)
{
	static const char *const what[ARRAY_LEN(l->path)] = { "text ", "tool " };
	struct bytes line;

	for (; fixes.len; fixes = (struct bytes){ fixes.at + line.len, fixes.len - line.len }) {
		const uint8_t *nl = memchr(fixes.at, '\n', fixes.len);
		struct bytes path;

		line = (struct bytes){ fixes.at, nl ? (size_t)(nl - fixes.at) + 1 : fixes.len };
		path = (struct bytes){ line.at + 5, line.len - 5 - (nl != NULL) };
		for (size_t i = 0; i < ARRAY_LEN(what); i++)
			if (line.len > 5 + (nl != NULL) && !memcmp(line.at, what[i], 5) && !l->path[i].len &&
					buf_add(&l->path[i], bytes_trim(path)))
				l->api = &llm_paths;
	}
}

struct llm *
llm_new(struct bytes fixes)
{
	struct llm *l = xalloc(sizeof(*l));
	struct buf *names[] = { &l->model, &l->role, &l->finish, &l->path[0], &l->path[1] };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		buf_init(names[i], LLM_NAME_MAX);
	buf_init(&l->said[LLM_TEXT], TEXT_MAX);
	buf_init(&l->said[LLM_THOUGHT], TEXT_MAX);
	buf_init(&l->said[LLM_TROUBLE], TROUBLE_MAX);
	buf_init(&l->joined, DATA_MAX);
	for (size_t i = 0; i < LLM_TOOLS_MAX; i++) {
		buf_init(&l->call[i].name, LLM_NAME_MAX);
		buf_init(&l->call[i].id, LLM_NAME_MAX);
		buf_init(&l->call[i].arguments, ARGUMENTS_MAX);
	}
	for (size_t i = 0; i < LLM_COUNTS; i++)
		l->tokens[i] = UINT64_MAX;
	paths_read(l, fixes);
	return l;
}

void
llm_free(struct llm *l)
{
	if (!l)
		return;
	struct buf *all[] = { &l->model, &l->role, &l->finish, &l->path[0], &l->path[1], &l->said[LLM_TEXT],
		&l->said[LLM_THOUGHT], &l->said[LLM_TROUBLE], &l->joined };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		buf_release(all[i]);
	for (size_t i = 0; i < l->calls; i++) {
		buf_release(&l->call[i].name);
		buf_release(&l->call[i].id);
		buf_release(&l->call[i].arguments);
	}
	free(l);
}

static const struct llm_api *
api_of(struct bytes json)
{
	for (size_t i = 0; i < ARRAY_LEN(apis); i++)
		if (apis[i]->knows(json))
			return apis[i];
	return NULL;
}

/* The data of the first event that has some. Where its block has no end it is
 * cut off, and its first data line has to do. */
static struct bytes
first_data(struct bytes first, struct buf *joined)
{
	struct bytes data = { 0 };

	for (unsigned i = 0; first.len && !data.len && i < BLANKS_MAX; i++) {
		struct block_scan scan = { 0 };
		size_t n = block_end(&scan, first, true);

		n = n ? n : first.len;
		(void)block_data((struct bytes){ first.at, n }, joined, &data);
		first = (struct bytes){ first.at + n, first.len - n };
	}
	return data;
}

bool
llm_suits(struct bytes first, bool sse)
{
	struct buf joined;
	bool known;

	if (sse && first.len > 2 && !memcmp(first.at, "\xef\xbb\xbf", 3))
		first = (struct bytes){ first.at + 3, first.len - 3 };
	buf_init(&joined, DATA_MAX);
	known = api_of(sse ? first_data(first, &joined) : first) != NULL;
	buf_release(&joined);
	return known;
}

/* What stands at the first of the paths that leads somewhere. */
static struct bytes
at_either(struct bytes json, const char *const path[LLM_USAGES])
{
	struct bytes value = { 0 };

	for (size_t i = 0; i < LLM_USAGES && path[i] && !value.len; i++)
		value = pull_to(json, path[i]);
	return value;
}

/* Counts are of all so far: the last one stays. */
static void
tokens_take(struct llm *l, struct bytes json)
{
	struct bytes usage = at_either(json, l->api->usage);

	if (!usage.len || *usage.at != '{')
		return;
	for (size_t i = 0; i < LLM_COUNTS; i++)
		if (l->api->tokens[i])
			(void)pull_count(pull_to(usage, l->api->tokens[i]), &l->tokens[i]);
}

static void
json_take(struct llm *l, struct bytes json)
{
	if (!l->api && l->events <= GUESSES_MAX)
		l->api = api_of(json);
	llm_trouble(l, pull_to(json, "error"));
	if (!l->api)
		return;
	l->api->take(l, json);
	if (!l->model.len)
		llm_set(&l->model, at_either(json, l->api->model));
	tokens_take(l, json);
}

static void
not_json(struct llm *l, struct bytes data)
{
	struct buf *to = &l->said[LLM_TROUBLE];
	int len = data.len < QUOTED ? (int)data.len : QUOTED;

	llm_say(l, LLM_TROUBLE, LIT("\"\""));
	if (!buf_addf(to, "event %llu is no whole JSON: %.*s%s\n", (unsigned long long)l->events, len, data.at,
			len < QUOTED ? "" : "…"))
		l->cut = true;
}

void
llm_message(struct llm *l, uint64_t when_us, struct bytes event, bool sse)
{
	struct bytes data = event;

	if (sse && !block_data(event, &l->joined, &data))
		return;
	while (data.len && strchr(" \t\r\n", data.at[data.len - 1]) && data.at[data.len - 1])
		data.len--;
	if (!data.len)
		return;
	l->now = when_us;
	l->events++;
	if (bytes_are(data, "[DONE]"))
		l->done = true;
	else if (pull_whole(data))
		json_take(l, data);
	else
		not_json(l, data);
}
