#ifndef DIFF_INSIDE_H
#define DIFF_INSIDE_H

#include "jsontree.h"
#include "soth/buf.h"
#include "soth/diff.h"
#include "soth/lcs.h"

/* A comparison at work: for the files of this folder. */
enum { DIFF_BODY_MAX = 16 << 20, DIFF_DECODED_MAX = 32 << 20, VALUE_MAX = 4096, CHANGES_MAX = 20000 };	/* CHANGES_MAX: of two flows */

/* What a change says is copied, and cut at VALUE_MAX; NULL stays NULL. */
char *text_cut(struct bytes from);
/* The group's next change, which has these of the caller; it is counted. NULL: its kind does not count. */
struct diff_change *group_change(struct diff *d, struct diff_group *g, const struct diff_how *how, enum diff_kind kind, enum side side);
struct diff_group *diff_group_new(struct diff *d);	/* good until the next */
void group_drop(struct diff *d);		/* the last one */
/* Times or sizes that are so different that it counts; 0 on both sides: not known. */
void group_amounts(struct diff *d, struct diff_group *g, const struct diff_how *how, const char *where, enum diff_unit unit,
	const uint64_t amount[2]);
void group_sort(struct diff_group *g);
void diff_sort(struct diff *d);

/* How long it took, in microseconds; 0: it has not come, or never ends by itself. */
uint64_t flow_first_byte(const struct flow *f);
uint64_t flow_total(const struct flow *f);

/* A word that only tells one thing from the next: "{n}" and so on; NULL: it is none. */
const char *path_word(struct bytes word);

/* Where one is in JSON, while one walks: $.users[].age. */
enum { PLACE_ROOM = 1024 };
struct place { char text[PLACE_ROOM]; size_t len; };
void place_init(struct place *p, const char *begins);
size_t place_name(struct place *p, struct bytes raw);	/* as it stands between its quotes; the length to go back to */
size_t place_index(struct place *p, uint32_t i);
void place_back(struct place *p, size_t len);

/* Of two flows: their bodies, as JSON, as text, or as bytes. */
void json_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, const struct json_tree t[2]);
void lines_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, const struct bytes text[2]);

/* ... or their messages, of that side: where is a number from 1, and, of JSON, ": $.path"; or DIFF_CLOSE_WHERE. */
#define DIFF_CLOSE_WHERE	"close"		/* the code of it */
void messages_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, struct store *const s[2],
	const flow_id id[2]);
/* As its decoder shows it, a line each; false: none knows it well, or it cannot be shown in words. */
bool body_decoded(const struct flow *f, enum side side, struct bytes body, struct buf *out) MUST_USE;
bool text_is_plain(struct bytes b);		/* UTF-8 without a NUL */

/* The same, word by word, but for numbers, dates and tokens; and what is equal for those that are. */
bool texts_alike(struct bytes a, struct bytes b);
uint64_t alike_hash(struct bytes b);

#endif
