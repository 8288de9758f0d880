/* A language model's answer, shown as what it comes to rather than as the events that it comes in. */
#include <string.h>

#include "block.h"
#include "llm_inside.h"
#include "soth/decode.h"
#include "type.h"

static bool
fixes_say(struct bytes fixes)
{
	struct llm *l = llm_new(fixes);
	bool paths = llm_api(l) != NULL;

	llm_free(l);
	return paths;
}

static int
llm_decoder_suits(const struct hint *h, struct bytes first)
{
	bool sse = type_is(h->type, "text/event-stream");

	if (!sse && !type_is(h->type, "application/x-ndjson") && !type_is(h->type, "application/ndjson"))
		return 0;
	return llm_suits(first, sse) || fixes_say(h->fixes) ? 95 : 0;
}

static void
line_of(struct doc *to, const char *name)
{
	doc_putf(to, ROLE_KEY, "%-8s", name);
}

static void
put_or(struct doc *to, enum role role, struct bytes text, const char *none)
{
	if (text.len)
		doc_put(to, role, text);
	else
		doc_put(to, ROLE_FAINT, bytes_of(none));
	doc_line(to);
}

/* Tokens as the stream counts them; where it does not, how many pieces came. */
static void
show_counts(struct doc *to, const struct llm *l)
{
	static const char *const words[LLM_COUNTS] = { "in", "out", "reasoning", "cached" };
	const char *before = "";

	for (int i = 0; i < LLM_COUNTS; i++) {
		uint64_t n = llm_tokens(l, (enum llm_count)i);

		if (n == UINT64_MAX)
			continue;
		if (!*before)
			line_of(to, "tokens");
		doc_putf(to, ROLE_NUMBER, "%s%llu", before, (unsigned long long)n);
		doc_putf(to, ROLE_FAINT, " %s", words[i]);
		before = "  ";
	}
	if (!*before) {
		line_of(to, "deltas");
		doc_putf(to, ROLE_NUMBER, "%llu", (unsigned long long)llm_deltas(l));
	}
	doc_line(to);
}

static void
show_head(struct doc *to, const struct llm *l)
{
	line_of(to, "api");
	put_or(to, ROLE_WORD, llm_api(l) ? bytes_of(llm_api(l)) : (struct bytes){ 0 }, "not known");
	line_of(to, "model");
	put_or(to, ROLE_STRING, llm_model(l), "not said");
	line_of(to, "finish");
	if (llm_finish(l).len || llm_done(l))
		put_or(to, ROLE_WORD, llm_finish(l), "not said");
	else {
		doc_put(to, ROLE_WARN, LIT("none came"));
		doc_line(to);
	}
	show_counts(to, l);
	line_of(to, "events");
	doc_putf(to, ROLE_NUMBER, "%llu", (unsigned long long)llm_events(l));
	doc_line(to);
}

/* Line by line, as it is. */
static void
show_text(struct doc *to, enum role role, struct bytes text)
{
	doc_in(to);
	while (text.len) {
		const uint8_t *nl = memchr(text.at, '\n', text.len);
		size_t n = nl ? (size_t)(nl - text.at) : text.len;
		bool cr = nl && n && text.at[n - 1] == '\r';

		doc_put(to, role, (struct bytes){ text.at, n - cr });
		doc_line(to);
		n += nl != NULL;
		text = (struct bytes){ text.at + n, text.len - n };
	}
	doc_out(to);
}

static void
show_tool(struct decode *d, const struct llm_tool *t)
{
	struct hint h = { .type = LIT("application/json"), .message = true, .side = decode_hint(d)->side };
	struct doc *to = decode_doc(d);

	doc_put(to, ROLE_TITLE, LIT("tool"));
	doc_put(to, ROLE_TEXT, LIT(" "));
	doc_put(to, t->name.len ? ROLE_WORD : ROLE_FAINT, t->name.len ? t->name : LIT("not named"));
	if (t->id.len) {
		doc_put(to, ROLE_FAINT, LIT("  "));
		doc_put(to, ROLE_FAINT, t->id);
	}
	doc_line(to);
	decode_inner(d, &h, t->arguments);
}

static void
show_part(struct decode *d, const struct llm *l, const struct llm_part *p)
{
	static const struct { const char *title; enum role head, text; } looks[] = {
		[LLM_TEXT]	= { "text",		ROLE_TITLE, ROLE_TEXT },
		[LLM_THOUGHT]	= { "reasoning",	ROLE_FAINT, ROLE_FAINT },
		[LLM_TROUBLE]	= { "error",		ROLE_ERROR, ROLE_ERROR },
	};
	struct doc *to = decode_doc(d);
	struct llm_tool tool;

	if (p->kind == LLM_TOOL) {
		tool = llm_tool(l, p->tool);
		show_tool(d, &tool);
		return;
	}
	doc_put(to, looks[p->kind].head, bytes_of(looks[p->kind].title));
	doc_line(to);
	show_text(to, looks[p->kind].text, p->text);
}

static void
show_note(struct doc *to, bool when, const char *words)
{
	if (!when)
		return;
	doc_put(to, ROLE_FAINT, bytes_of(words));
	doc_line(to);
}

static void
show_answer(struct decode *d, const struct llm *l)
{
	struct doc *to = decode_doc(d);

	show_head(to, l);
	for (size_t i = 0; i < llm_parts(l); i++) {
		struct llm_part p = llm_part(l, i);

		show_part(d, l, &p);
	}
	show_note(to, llm_others(l), "more answers than the first came: not put together");
	show_note(to, llm_cut(l), "too large: not all of it was kept");
}

static void
take_events(struct llm *l, struct bytes in)
{
	if (in.len > 2 && !memcmp(in.at, "\xef\xbb\xbf", 3))
		in = (struct bytes){ in.at + 3, in.len - 3 };
	while (in.len) {
		struct block_scan scan = { 0 };
		size_t n = block_end(&scan, in, true);

		n = n ? n : in.len;
		llm_message(l, 0, (struct bytes){ in.at, n }, true);
		in = (struct bytes){ in.at + n, in.len - n };
	}
}

static void
take_records(struct llm *l, struct bytes in)
{
	while (in.len) {
		const uint8_t *nl = memchr(in.at, '\n', in.len);
		size_t n = nl ? (size_t)(nl - in.at) + 1 : in.len;

		llm_message(l, 0, (struct bytes){ in.at, n }, false);
		in = (struct bytes){ in.at + n, in.len - n };
	}
}

/* Gemini has them in an array, too. */
static void
take_items(struct llm *l, struct bytes in)
{
	struct pull items = pull_into(in, '[');
	struct bytes item;

	while (pull_item(&items, &item))
		llm_message(l, 0, item, false);
}

static void
llm_decoder_end(void *st, struct reader *in, struct decode *d)
{
	struct llm *l = llm_new(decode_hint(d)->fixes);
	struct bytes all = read_bytes(in, in->rest.len);
	size_t space = 0;
	bool sse;

	(void)st;
	while (space < all.len && all.at[space] && strchr(" \t\r\n", all.at[space]))
		space++;
	sse = type_is(decode_hint(d)->type, "text/event-stream") ||
		(space < all.len && all.at[space] != '{' && all.at[space] != '[');
	if (sse)
		take_events(l, all);
	else if (space < all.len && all.at[space] == '[')
		take_items(l, all);
	else
		take_records(l, all);
	show_answer(d, l);
	show_note(decode_doc(d), true, sse ? "raw events: decoder sse" :
		space < all.len && all.at[space] == '[' ? "raw items: decoder json" : "raw records: decoder ndjson");
	decode_words(d, "%llu event%s", (unsigned long long)llm_events(l), llm_events(l) == 1 ? "" : "s");
	llm_free(l);
}

const struct decoder decoder_llm = {
	.name = "llm", .about = "a language model's answer, put together from its events", .stage = STAGE_ENVELOPE,
	.suits = llm_decoder_suits, .end = llm_decoder_end,
};
