#ifndef SOTH_RULE_H
#define SOTH_RULE_H

#include "soth/decide.h"
#include "soth/filter.h"
#include "soth/option.h"
#include "soth/ruling.h"

/*
 * Rules: what is to be done to exchanges, as soth-rules(7) tells those who
 * write them. One a line:
 *
 *	rule	= ACTION arguments [ N% ] [ xN ] [ "if" filter ]
 *
 * Rules are asked in the order they stand. All filters see the exchange as it
 * came; what one rule has changed the next one changes further. Nothing here
 * does anything: rules_apply() says what is to be done.
 *
 * Files that rules name (@FILE, and the file of map-local) are read when the
 * rules are, RULES_FILES_MAX bytes in all. A folder of map-local is not: what
 * is in it may be any number of files of any size, of which a URL names one;
 * that one is read while its request waits.
 *
 * An exchange has a struct rule_state. With each head that comes its stage is
 * applied; where that says .wait, the message is held, and the next stage is
 * applied once its body is whole; else the head goes on as .head has it. What
 * the head's stage changed stays changed: .head of the next one has it, too.
 *
 * A set of rules does not change. Each worker has a copy of its own, which
 * shares the set, the counts of xN and the jar of cookies, and counts its hits
 * for itself; a copy belongs to one thread, but anybody may ask it for counts.
 *
 * To add an action, add its line to src/rule/rule_actions.c.
 */
struct rules;

enum { RULES_MAX = 10000, RULES_TEXT_MAX = 4 << 20, RULES_WRONG_MAX = 20, RULES_BODY_MAX = 64 << 20, RULES_FILES_MAX = 256 << 20 };

/* What is wrong with a text: `count` things, of which the first ones are kept. */
struct rules_wrong {
	size_t count;
	struct rule_wrong { unsigned line, column; struct fault why; } at[RULES_WRONG_MAX];	/* from 1 */
};

/* All or nothing: NULL, and what is wrong. `folder`: where the files are that it
 * names; NULL: where we are. `before`: a set whose jar of cookies goes on, or NULL. */
struct rules *rules_read(struct bytes text, const char *folder, const struct rules *before, struct rules_wrong *wrong);
/* Of a file, whose folder it is. */
struct rules *rules_load(const char *path, const struct rules *before, struct rules_wrong *wrong);
/* Of the options `rules`, `modify-headers` and those like it. NULL with nothing in *why: they ask for none. */
struct rules *rules_of_options(const struct options *o, const struct rules *before, struct fault *why) MUST_USE;
/* A file that a rule in force names has changed: rules_hold() reads it anew. Not for a thread that must not wait. */
bool rules_stale(void);
bool rules_are_by(const char *option);		/* it is one of these */
struct rules *rules_copy(const struct rules *r);	/* any thread */
void rules_free(struct rules *r);			/* NULL is fine */

/* What mitmproxy's options of that name ("modify-headers", "modify-body",
 * "map-local", "map-remote", "block-list") say, as the text of rules. */
bool rules_option(const char *option, const char *const *value, size_t count, struct buf *out, struct fault *why) MUST_USE;

struct rule_about {
	unsigned number, line;		/* from 1 */
	const char *text, *action;	/* while the set lives */
	uint64_t hits;			/* that it did something, by this copy */
	uint64_t given_up;		/* that one of its regular expressions took too long */
	uint64_t failed;		/* that it could not do what it should */
};
bool rules_about(const struct rules *r, unsigned number, struct rule_about *out);	/* false: there is none. Any thread */

/* The actions, for help and the manual; ends with false. */
struct rule_action_about { const char *name, *arguments, *about; };
bool rules_action(size_t i, struct rule_action_about *out);

/* Of one exchange, zeroed at its begin: the heads as the rules have left them, and the files that were read for it. */
struct rule_file;
struct rule_state {
	struct head *head[2];
	struct rule_file *file;
	size_t files;
};
void rule_state_release(struct rule_state *s);
/* What a .read names, a folder and, behind a NUL, what is to be found in it. Not for a thread that must not wait. */
void rules_local(struct bytes what, struct local_file *out);
void rule_state_read(struct rule_state *s, struct slice what, struct local_file *file);	/* that it was. Takes both */

/* What came is in s: of a whole stage the body, of a message the message. True:
 * *out has anything in it; released by the caller in any case. */
bool rules_apply(struct rules *r, struct rule_state *state, const struct scene *s, enum rule_stage stage,
	struct rule_changes *out);

/* What they would do to a flow of a store, in words, a line each: nothing is
 * counted, and what goes by chance or count goes. How many rules did something.
 * It reads the whole flow: not for a thread that must not wait. */
size_t rules_dry(struct rules *r, struct lens *l, const struct row *row, struct buf *words);

/* Those that hold for all workers from now on, once they hear of a change of options; NULL: none. Takes it. */
void rules_enforce(struct rules *r);
/* Likewise those of options. False: what is wrong in them, and nothing has changed. */
bool rules_hold(const struct options *o, struct fault *why) MUST_USE;
/* Of those in force, with what all workers have counted; the texts last until others are. */
bool rules_told(unsigned number, struct rule_about *out);

/* What backend_start() is given: decides by the options `intercept`, `rules` and what goes with them. */
struct decider *judge_new(const struct options *o);

#endif
