/* What a language model said, as its pieces are joined, and as it is asked for. */
#include "llm_inside.h"

enum { PARTS_KEPT = LLM_TOOLS_MAX + LLM_TOOL };	/* room for what must have a part */

static bool
part_of_kind(const struct llm *l, enum llm_kind kind)
{
	for (size_t i = 0; i < l->parts; i++)
		if (l->part[i].kind == kind)
			return true;
	return false;
}

/* Past the limit a text goes on in its kind's last part. */
static void
part_begin(struct llm *l, enum llm_kind kind, size_t from)
{
	bool goes_on = l->parts && l->part[l->parts - 1].kind == kind && kind != LLM_TOOL && !l->breaks;

	if (goes_on || (kind != LLM_TOOL && l->parts >= LLM_PARTS_MAX - PARTS_KEPT && part_of_kind(l, kind)))
		return;
	l->part[l->parts].kind = kind;
	l->part[l->parts++].from = from;
	l->breaks = false;
}

static void
answer_came(struct llm *l)
{
	l->last = l->now;
	if (!l->first)
		l->first = l->now;
}

static void
delta_came(struct llm *l)
{
	l->deltas++;
	answer_came(l);
}

void
llm_break(struct llm *l)
{
	l->breaks = true;
}

void
llm_say(struct llm *l, enum llm_kind kind, struct bytes value)
{
	if (!pull_is_text(value) || (value.len == 2 && kind != LLM_TROUBLE))
		return;
	part_begin(l, kind, l->said[kind].len);
	if (kind != LLM_TROUBLE)
		delta_came(l);
	if (!pull_text(value, &l->said[kind]))
		l->cut = true;
}

void
llm_set(struct buf *to, struct bytes value)
{
	if (!pull_is_text(value) || value.len == 2)
		return;
	buf_eat(to, to->len);
	(void)pull_text(value, to);
}

struct llm_call *
llm_called(struct llm *l, uint64_t key, struct bytes name, struct bytes id)
{
	struct llm_call *c = l->call;

	while (c < l->call + l->calls && c->key != key)
		c++;
	if (c == l->call + LLM_TOOLS_MAX) {
		l->cut = true;
		return NULL;
	}
	if (c == l->call + l->calls) {
		part_begin(l, LLM_TOOL, l->calls++);
		c->key = key;
		answer_came(l);
	}
	if (!c->name.len)
		llm_set(&c->name, name);
	if (!c->id.len)
		llm_set(&c->id, id);
	return c;
}

void
llm_argue(struct llm *l, struct llm_call *c, struct bytes value)
{
	if (!c || !value.len || bytes_are(value, "\"\"") || bytes_are(value, "null"))
		return;
	delta_came(l);
	if (pull_is_text(value) ? !pull_text(value, &c->arguments) : !buf_add(&c->arguments, value))
		l->cut = true;
}

uint64_t
llm_number(struct bytes value, uint64_t otherwise)
{
	(void)pull_count(value, &otherwise);
	return otherwise;
}

/* The error of an event, a line of its own: {"type": "overloaded_error", "message": "Overloaded"}, or a string. */
void
llm_trouble(struct llm *l, struct bytes error)
{
	static const char *const kinds[] = { "code", "status", "type" };
	struct buf *to = &l->said[LLM_TROUBLE];
	struct bytes kind = { 0 };

	if (!error.len || (*error.at != '{' && *error.at != '"'))
		return;
	for (size_t i = 0; i < ARRAY_LEN(kinds) && !pull_is_text(kind); i++)
		kind = pull_to(error, kinds[i]);
	llm_say(l, LLM_TROUBLE, LIT("\"\""));
	l->cut |= !pull_text(pull_is_text(error) ? error : kind, to);
	if (*error.at == '{' && pull_is_text(pull_to(error, "message"))) {
		l->cut |= pull_is_text(kind) && !buf_add(to, LIT(": "));
		l->cut |= !pull_text(pull_to(error, "message"), to);
	}
	l->cut |= !buf_add(to, LIT("\n"));
}

const char *llm_api(const struct llm *l) { return l->api ? l->api->name : NULL; }
struct bytes llm_model(const struct llm *l) { return buf_bytes(&l->model); }
struct bytes llm_role(const struct llm *l) { return buf_bytes(&l->role); }
struct bytes llm_finish(const struct llm *l) { return buf_bytes(&l->finish); }
bool llm_done(const struct llm *l) { return l->done; }
uint64_t llm_events(const struct llm *l) { return l->events; }
uint64_t llm_deltas(const struct llm *l) { return l->deltas; }
uint64_t llm_tokens(const struct llm *l, enum llm_count which) { return l->tokens[which]; }
uint64_t llm_first(const struct llm *l) { return l->first; }
uint64_t llm_last(const struct llm *l) { return l->last; }
bool llm_others(const struct llm *l) { return l->others; }
bool llm_cut(const struct llm *l) { return l->cut; }
struct bytes llm_text(const struct llm *l) { return buf_bytes(&l->said[LLM_TEXT]); }
struct bytes llm_thought(const struct llm *l) { return buf_bytes(&l->said[LLM_THOUGHT]); }
size_t llm_tools(const struct llm *l) { return l->calls; }
size_t llm_parts(const struct llm *l) { return l->parts; }

struct llm_tool
llm_tool(const struct llm *l, size_t at)
{
	const struct llm_call *c = &l->call[at];

	return (struct llm_tool){ buf_bytes(&c->name), buf_bytes(&c->id), buf_bytes(&c->arguments) };
}

/* A text goes to where the next part of its kind begins. */
struct llm_part
llm_part(const struct llm *l, size_t at)
{
	enum llm_kind kind = l->part[at].kind;
	size_t from = l->part[at].from, next = at + 1;
	struct bytes all;

	if (kind == LLM_TOOL)
		return (struct llm_part){ kind, llm_tool(l, from).arguments, from };
	all = buf_bytes(&l->said[kind]);
	while (next < l->parts && l->part[next].kind != kind)
		next++;
	if (next < l->parts)
		all.len = l->part[next].from;
	if (!all.len)
		return (struct llm_part){ kind, all, 0 };
	return (struct llm_part){ kind, { all.at + from, all.len - from }, 0 };
}
