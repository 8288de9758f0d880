/* A language model's answer: who gave it, how fast, and its text. */
#include <string.h>

#include "answer.h"
#include "page.h"
#include "words.h"

enum { LOOK_MAX = 4 << 20 };

static void
page_tokens(const struct llm *l, struct doc *to)
{
	static const char *const names[LLM_COUNTS] = { "in", "out", "reasoning", "cached" };
	uint64_t took = llm_last(l) > llm_first(l) ? llm_last(l) - llm_first(l) : 0, out = llm_tokens(l, LLM_OUT);
	char n[WORDS_MAX];
	bool any = false;

	page_name(to, out == UINT64_MAX ? "Deltas" : "Tokens");
	for (size_t i = 0; i < LLM_COUNTS; i++) {
		if (llm_tokens(l, (enum llm_count)i) == UINT64_MAX)
			continue;
		doc_putf(to, ROLE_NUMBER, "%s%s", any ? "  " : "", words_count(llm_tokens(l, (enum llm_count)i), n));
		doc_putf(to, ROLE_FAINT, " %s", names[i]);
		any = true;
	}
	if (out == UINT64_MAX)
		doc_putf(to, ROLE_NUMBER, "%s%s", any ? "  " : "", words_count(llm_deltas(l), n));
	else if (took)
		doc_putf(to, ROLE_FAINT, "  %.1f/s", (double)out * 1e6 / (double)took);
	doc_line(to);
}

static void
page_times(const struct llm *l, const struct flow *f, struct doc *to)
{
	const struct half *request = &f->half[CLIENT];
	uint64_t sent = request->ended ? request->ended : request->begun;
	char first[WORDS_MAX], all[WORDS_MAX];

	if (!llm_first(l) || !sent || llm_first(l) < sent)
		return;
	page_pairf(to, "First token", ROLE_NUMBER, "%s after the request, the last after %s",
		words_time(llm_first(l) - sent, first), words_time(llm_last(l) - sent, all));
}

static void
page_lines(struct doc *to, enum role role, struct bytes text)
{
	struct reader r = { text, false };

	if (r.rest.len > LOOK_MAX)
		r.rest.len = LOOK_MAX;
	while (r.rest.len) {
		struct reader ahead = r;
		struct bytes line = read_line(&ahead);

		if (ahead.ran_out) {
			line = r.rest;
			ahead.rest.len = 0;
			ahead.ran_out = false;
		}
		r = ahead;
		doc_put(to, role, line);
		doc_line(to);
	}
}

static void
part_text(const struct page *p, const struct llm_part *part, struct doc *to)
{
	(void)p;
	page_lines(to, ROLE_TEXT, part->text);
}

static void
part_thought(const struct page *p, const struct llm_part *part, struct doc *to)
{
	(void)p;
	doc_putf(to, ROLE_KEY, "reasoning");
	doc_line(to);
	doc_in(to);
	page_lines(to, ROLE_FAINT, part->text);
	doc_out(to);
}

static void
part_trouble(const struct page *p, const struct llm_part *part, struct doc *to)
{
	(void)p;
	page_lines(to, ROLE_ERROR, part->text);
}

static void
part_tool(const struct page *p, const struct llm_part *part, struct doc *to)
{
	struct llm_tool tool = llm_tool(p->llm, part->tool);
	struct hint hint = { .message = true, .as = "json" };
	struct decode *d;

	doc_putf(to, ROLE_KEY, "tool ");
	doc_put(to, ROLE_WORD, tool.name);
	doc_line(to);
	if (!tool.arguments.len)
		return;
	doc_in(to);
	d = decode_new(p->desk->decoders, NULL, &hint, to);
	decode_feed(d, tool.arguments);
	decode_end(d);
	decode_free(d);
	doc_out(to);
}

static void (*const parts[])(const struct page *p, const struct llm_part *part, struct doc *to) = {
	[LLM_TEXT] = part_text, [LLM_THOUGHT] = part_thought, [LLM_TROUBLE] = part_trouble, [LLM_TOOL] = part_tool,
};

void
page_answer(const struct page *p, struct doc *to)
{
	const struct llm *l = p->llm;

	if (!l) {
		doc_putf(to, ROLE_FAINT, "This is no answer of a language model that is known: llm-text says where its text is.");
		doc_line(to);
		return;
	}
	page_pairf(to, "API", ROLE_TEXT, "%s", llm_api(l));
	page_pair(to, "Model", ROLE_WORD, llm_model(l));
	page_times(l, p->flow, to);
	page_tokens(l, to);
	page_pair(to, "Finish", ROLE_TEXT, llm_finish(l));
	if (!llm_done(l))
		page_pairf(to, "Finish", p->flow->ended ? ROLE_ERROR : ROLE_GOOD, "%s", p->flow->ended ? "it broke off" : "goes on");
	for (size_t i = 0; i < llm_parts(l); i++) {
		struct llm_part part = llm_part(l, i);

		doc_line(to);
		parts[part.kind](p, &part, to);
	}
}
