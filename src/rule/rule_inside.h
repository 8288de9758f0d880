#ifndef RULE_INSIDE_H
#define RULE_INSIDE_H

#include <stdatomic.h>

#include "soth/rule.h"

enum { OF_CLIENT = 1 << CLIENT, OF_SERVER = 1 << SERVER, OF_BOTH = OF_CLIENT | OF_SERVER };
enum { WORDS_MAX = 64, ALWAYS = 10000, CLOSE_ALONE = 444 };

/* A word of a line. */
struct word {
	struct bytes text;
	size_t column;		/* in the line, from 0 */
	bool quoted, file;	/* ... behind an @ */
};

/* A line of rules in words, without its comment and its filter. */
struct words {
	struct word word[WORDS_MAX];
	size_t count, end;	/* where they end */
	size_t filter;		/* where it begins; 0: there is none */
	size_t filter_end;
	struct buf texts;
};
/* False: what is wrong, at *column. Released in any case. */
bool words_read(struct words *w, struct bytes line, size_t *column, struct fault *why);
void words_release(struct words *w);

/* A file that a rule names, as it was when the rules were read. */
struct filed;
struct filed *filed_read(const char *path);		/* it need not be there */
void filed_free(struct filed *c);			/* NULL is fine */
size_t filed_size(const struct filed *c);
bool filed_get(const struct filed *c, struct slice *out, struct fault *why);	/* shares it; any thread */
bool filed_stale(const struct filed *c);		/* it is another by now: not for a thread that must not wait */

/* .at ends with a NUL; file: the name of one that has it, which `content` is; of map-local, NULL: a folder, where each is read in its turn */
struct text { char *at; size_t len; bool file; struct filed *content; };

struct pair { char *name; struct text value; };

struct rule {
	unsigned number, line;
	char *written;
	const struct action *action;
	struct filter *filter;		/* NULL: of every exchange */
	struct match *match;		/* NULL: it has none */
	struct literals literals;	/* ... of it, in the URL */
	unsigned sides, stages;		/* bits */
	bool chosen;			/* a person chose the side */
	char *name;			/* of a field; a path */
	struct text value;
	struct pair *pair;
	size_t pairs;
	unsigned code;			/* status, alert, close code */
	enum rule_break broken;
	uint64_t amount[4];
	unsigned chance;		/* of ALWAYS */
	uint64_t most;			/* times; 0: any */
	atomic_uint_fast64_t used;
};
void rule_release(struct rule *r);

/* Where a line is read. */
struct reading {
	struct words *words;
	size_t at;			/* the next word */
	struct rule *rule;
	const char *folder;
	struct fault *why;
	size_t column;			/* what is wrong is there */
	size_t *files;			/* bytes of the files that were read so far, of the whole set */
};
bool reading_file(struct reading *r, const struct word *w, struct text *t);	/* t names one: it is read */
bool reading_wrong(struct reading *r, const struct word *w, const char *fmt, ...) PRINTF(3, 4);	/* false; w NULL: at the end */
const struct word *reading_peek(const struct reading *r);	/* NULL: there is none */
const struct word *reading_next(struct reading *r, const char *what);	/* NULL: it is missing, which is wrong */
bool reading_text(struct reading *r, const char *what, struct text *out);
bool reading_regex(struct reading *r, unsigned flags);
bool reading_ends(struct reading *r);	/* no more words, but for modifiers */
bool read_modifiers(struct reading *r);
bool rule_when(struct rule *r, struct fault *why);	/* sets .stages by its filter */

struct acting;
enum action_flags {
	ACTS_ON_BODY = 1,	/* whole bodies, and messages */
	ACTS_ON_MESSAGE = 2,	/* messages, where the filter is about them */
	ACTS_ANYTIME = 4,	/* with the request, or with the response where the filter asks for it */
	ACTS_ON_BOTH = 8,	/* heads of both sides, whatever the filter */
};
struct action {
	const char *name, *arguments, *about;
	bool (*read)(struct reading *r);
	bool (*act)(const struct rule *rule, struct acting *a);	/* true: it did something */
	unsigned flags;
};
extern const struct action rule_actions[];	/* ends with a NULL name */
const struct action *rule_action_named(struct bytes name);

/* Of a stage: which of its rules may apply, by what is said. */
struct index;
struct index *index_new(struct rule *const *rule, size_t count);
void index_free(struct index *x);
/* What is said of a scene, as far as it was asked for. */
struct said { struct buf *text; unsigned sources; };
/* Sets a bit for each of the rules that may; false: none may. */
bool index_choose(const struct index *x, const struct scene *s, struct said *said, uint64_t *may);

/* Those too that may when the URL has become this. */
void index_also(const struct index *x, struct bytes url, uint64_t *may);

struct jar;
struct jar *jar_new(void);
struct jar *jar_ref(struct jar *j);
void jar_drop(struct jar *j);
struct place { struct bytes host; uint16_t port; struct bytes path; };
void jar_set(struct jar *j, const struct place *from, struct bytes set_cookie, uint64_t now);
/* What is to be sent there with `own`, the client's; false: nothing more than that. */
bool jar_get(struct jar *j, const struct place *to, struct bytes own, uint64_t now, struct buf *out);
void jar_set_auth(struct jar *j, const struct place *from, struct bytes value);
bool jar_get_auth(struct jar *j, const struct place *to, struct buf *out);

/* Besides those of each stage, the rules of what comes later with the same side, or with messages. */
#define LATER_OF(side) ((unsigned)RULE_STAGES + (unsigned)(side))
enum { RULE_LISTS = RULE_STAGES + 2 };

struct set {			/* shared by all copies */
	atomic_uint refs;
	struct rule *rule;
	size_t count;
	struct rule **at[RULE_LISTS];	/* those of a stage */
	size_t ats[RULE_LISTS];
	struct index *index[RULE_LISTS];
	unsigned keep;			/* sides whose bodies are asked about in a later stage */
	struct jar *jar;
	size_t files;			/* bytes of the files they name */
	size_t folders;			/* rules that answer out of one */
};

struct tally { atomic_uint_fast64_t hits, given_up, failed; };

struct rules {
	struct set *set;
	struct tally *tally;
	uint64_t *may;			/* scratch: a bit a rule of a stage */
	struct buf scratch;
	uint64_t dice;
};

/* Where rules are carried out. */
struct acting {
	struct rules *rules;
	struct rule_state *state;
	const struct scene *scene;
	struct row row;
	bool row_made;
	enum rule_stage stage;
	enum side side;			/* whose head or body it is about */
	struct rule_changes *out;
	struct said said;
	struct draft draft;
	bool drafted, changed;		/* it is there; a rule that did something had it */
	struct slice *kept;		/* what the draft borrows */
	size_t keeps;
	struct buf url;			/* as it is by now; empty: not asked for yet */
	unsigned url_changes;
	bool missed;			/* a file that map-local wanted was not there */
	struct buf body;		/* as it is by now */
	enum { BODY_UNREAD, BODY_READ, BODY_CHANGED, BODY_BAD } body_state;
	struct fault body_why;		/* BODY_BAD */
	bool answered;
	bool dry;
	bool ahead;			/* of a folder only what was read for this exchange is there */
	struct buf *words;		/* NULL: nobody wants them */
};
const struct row *acting_row(struct acting *a);
const struct head *acting_head(const struct acting *a, enum side side);	/* as it is by now */
struct draft *acting_draft(struct acting *a);	/* NULL: there is no head */
struct bytes acting_keep(struct acting *a, struct slice s);	/* takes s; as long as the draft */
struct bytes acting_url(struct acting *a);	/* empty: there is none */
struct buf *acting_body(struct acting *a, const struct rule *r);	/* NULL: it cannot be read; said already */
void acting_say(struct acting *a, const char *fmt, ...) PRINTF(2, 3);
/* It could not do what it should: said and counted. False. */
bool acting_fail(struct acting *a, const struct rule *r, const char *fmt, ...) PRINTF(3, 4);
/* What rules_local() makes of it, which it takes; NULL: that is not known yet, and asked for. Good until the next is. */
const struct local_file *acting_file(struct acting *a, struct slice what);
/* What a text says, a file's or its own. */
bool acting_text(struct acting *a, const struct rule *r, const struct text *t, struct slice *out);
/* Takes the body. */
bool acting_answer(struct acting *a, const struct rule *r, unsigned status, const struct field *field, size_t fields,
	struct slice body);
bool acting_begin(struct acting *a);		/* false: nothing can be done to it */
bool acting_run(struct acting *a);
void acting_end(struct acting *a);

/* A template with its groups put in: $1 or \1 to 9, $0 for all, $$ and \\. */
bool template_expand(struct bytes template, const struct match_groups *g, struct buf *out);
/* Every match replaced; *count of them. False: it does not fit. */
bool template_replace(const struct match *m, struct bytes text, const struct text *with, struct buf *out, size_t *count);

bool rule_file_read(const char *path, struct slice *out, struct fault *why);
/* "@FILE" and the like, from a folder; "~/" is home. */
char *rule_file_path(const char *folder, const char *name);
/* The file in a folder, or the file itself, that `rest` of a URL means; NULL: there is none. */
bool rule_file_is_folder(const char *path);
char *rule_file_local(const char *path, struct bytes rest);
const char *rule_file_type(const char *path);	/* its media type by its name; NULL: not known */

bool act_set_header(const struct rule *rule, struct acting *a);
bool act_add_header(const struct rule *rule, struct acting *a);
bool act_remove_header(const struct rule *rule, struct acting *a);
bool act_anticache(const struct rule *rule, struct acting *a);
bool act_anticomp(const struct rule *rule, struct acting *a);
bool act_sticky_cookie(const struct rule *rule, struct acting *a);
bool act_sticky_auth(const struct rule *rule, struct acting *a);
bool act_replace_body(const struct rule *rule, struct acting *a);
bool act_set_json(const struct rule *rule, struct acting *a);
bool act_map_local(const struct rule *rule, struct acting *a);
bool act_map_remote(const struct rule *rule, struct acting *a);
bool act_answer_block(const struct rule *rule, struct acting *a);
bool act_respond(const struct rule *rule, struct acting *a);
bool act_redirect(const struct rule *rule, struct acting *a);
bool act_delay(const struct rule *rule, struct acting *a);
bool act_throttle(const struct rule *rule, struct acting *a);
bool act_fault(const struct rule *rule, struct acting *a);

/* Several texts as one set, whose files are in the folder of each. */
struct rule_text { struct bytes text; const char *folder; };
struct rules *rules_of_texts(const struct rule_text *text, size_t texts, const struct rules *before, struct rules_wrong *wrong);
/* Of a file, and behind its rules those of a text. */
struct rules *rules_load_and(const char *path, struct bytes more, const struct rules *before, struct rules_wrong *wrong);

#endif
