#ifndef DECODE_LLM_INSIDE_H
#define DECODE_LLM_INSIDE_H

#include "pull.h"
#include "soth/llm.h"

/*
 * To add an API, write its `const struct llm_api llm_NAME` and add its line
 * here. The first that knows the first event is taken, for good.
 */
#define LLM_APIS(_) \
	_(responses) \
	_(messages) \
	_(gemini) \
	_(ollama) \
	_(chat)

enum { LLM_TOOLS_MAX = 64, LLM_PARTS_MAX = 512, LLM_NAME_MAX = 200, LLM_USAGES = 2 };

struct llm_api {
	const char *name;
	bool (*knows)(struct bytes json);	/* which may be cut off */
	void (*take)(struct llm *l, struct bytes json);
	const char *model[LLM_USAGES];		/* paths to it */
	const char *usage[LLM_USAGES];		/* paths to what counts tokens; "": all of it */
	const char *tokens[LLM_COUNTS];		/* paths from there; NULL: never said */
};

struct llm_call {
	uint64_t key;				/* what the stream tells calls apart by */
	struct buf name, id, arguments;
};

struct llm {
	const struct llm_api *api;
	struct buf said[LLM_TOOL];		/* of each kind that is text */
	struct buf joined;			/* an event's data */
	struct buf model, role, finish;
	struct buf path[2];			/* to text and a tool's arguments, if a person said */
	struct { enum llm_kind kind; size_t from; } part[LLM_PARTS_MAX];	/* of a tool, its place */
	struct llm_call call[LLM_TOOLS_MAX];
	size_t parts, calls;
	uint64_t tokens[LLM_COUNTS], events, deltas, now, first, last;
	bool breaks;				/* the next text begins a part */
	bool done, others, cut;
};

extern const struct llm_api llm_paths;
#define LLM_DECLARE(name)	extern const struct llm_api llm_##name;
LLM_APIS(LLM_DECLARE)
#undef LLM_DECLARE

/* Does a stream of an API that we know begin so? It may be cut off. */
bool llm_suits(struct bytes first, bool sse);

/* For APIs. Values are JSON, as pull.h has them; what is no string does nothing. */
void llm_say(struct llm *l, enum llm_kind kind, struct bytes value);
void llm_break(struct llm *l);
void llm_set(struct buf *to, struct bytes value);
/* The call of that key, which is made if need be; names and IDs may be missing. NULL: too many. */
struct llm_call *llm_called(struct llm *l, uint64_t key, struct bytes name, struct bytes id);
void llm_argue(struct llm *l, struct llm_call *c, struct bytes value);	/* a string: more of the JSON; an object: all of it */
void llm_trouble(struct llm *l, struct bytes error);
uint64_t llm_number(struct bytes value, uint64_t otherwise);

#endif
