#ifndef SOTH_LLM_H
#define SOTH_LLM_H

#include "soth/base.h"

/*
 * A language model's answer, put together from the pieces that it comes in:
 * events of an event stream, or records of NDJSON. Hand it each as it comes;
 * what there is so far can be asked at any time, and what is returned is good
 * until the next message.
 *
 *	struct llm *l = llm_new(hint.fixes);
 *
 *	llm_message(l, when, block, true);	each event
 *	if (llm_api(l))
 *		show(llm_text(l), llm_first(l) - sent);
 *	llm_free(l);
 *
 * The first of its first 64 events that is of a known API tells which one.
 * Where a person knows better, lines among the fixes say where in an event's
 * JSON the text is, and a tool's arguments:
 *
 *	text $.choices[0].delta.content
 *	tool $.call.arguments
 *
 * Of several answers to choose from, only the first is put together. Work is
 * linear in the bytes; each text has a limit.
 */
struct llm;

enum llm_kind { LLM_TEXT, LLM_THOUGHT, LLM_TROUBLE, LLM_TOOL };
enum llm_count { LLM_IN, LLM_OUT, LLM_REASONING, LLM_CACHED, LLM_COUNTS };	/* tokens, as the API counts them */

struct llm_tool {
	struct bytes name, id, arguments;	/* JSON, as far as it came */
};
struct llm_part {		/* in the order in which they began */
	enum llm_kind kind;
	struct bytes text;	/* of a tool, its arguments */
	size_t tool;
};

struct llm *llm_new(struct bytes fixes);
void llm_free(struct llm *l);		/* NULL is fine */
/* An event's block, or (sse false) a record of JSON. */
void llm_message(struct llm *l, uint64_t when_us, struct bytes event, bool sse);

const char *llm_api(const struct llm *l);		/* NULL: not a known stream */
struct bytes llm_model(const struct llm *l);		/* empty: not said */
struct bytes llm_role(const struct llm *l);
struct bytes llm_finish(const struct llm *l);		/* why it ended; empty: it did not say */
bool llm_done(const struct llm *l);			/* the stream said that nothing more comes */
uint64_t llm_events(const struct llm *l);
uint64_t llm_deltas(const struct llm *l);		/* pieces of text, reasoning or arguments: no tokens */
uint64_t llm_tokens(const struct llm *l, enum llm_count which);	/* UINT64_MAX: not said */
uint64_t llm_first(const struct llm *l);		/* when the first delta came; 0: none */
uint64_t llm_last(const struct llm *l);			/* when the last delta did */
bool llm_others(const struct llm *l);			/* there were more answers than the first */
bool llm_cut(const struct llm *l);			/* something went past its limit */

struct bytes llm_text(const struct llm *l);
struct bytes llm_thought(const struct llm *l);
size_t llm_tools(const struct llm *l);
struct llm_tool llm_tool(const struct llm *l, size_t at);
size_t llm_parts(const struct llm *l);
struct llm_part llm_part(const struct llm *l, size_t at);

#endif
