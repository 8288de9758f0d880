#ifndef UI_TRANSCRIPT_H
#define UI_TRANSCRIPT_H

#include "desk.h"
#include "soth/decode.h"
#include "soth/messages.h"

/*
 * The messages of a flow as lines: one each, made when it is drawn, so that
 * a hundred thousand cost little more than ten; and under those that a person
 * has opened, what a decoder makes of them.
 */
struct transcript;

struct transcript *transcript_new(struct desk *desk);
void transcript_free(struct transcript *t);	/* NULL is fine */
/* `same`: it is the flow of before, and what was opened stays so. */
void transcript_show(struct transcript *t, const struct flow *f, bool same);
bool transcript_grew(struct transcript *t);	/* more have been read */
size_t transcript_lines(const struct transcript *t);
void transcript_line(struct transcript *t, size_t i, unsigned columns, struct line *out);
void transcript_fold(struct transcript *t, size_t i);	/* opens or closes the message of line i */
/* Whether the message of line i has that text in it, seen or not. */
bool transcript_has(struct transcript *t, size_t i, struct bytes what);
/* Opens a message, by its number among all of them, and no other: where it is, and the
 * first line behind it. False: it has not been read yet. */
bool transcript_reach(struct transcript *t, size_t message, size_t *line, size_t *past);
void transcript_header(unsigned columns, struct line *out);
/* What the view's act() passes on, with the cursor on line i. */
bool transcript_act(struct transcript *t, const char *action, size_t i, struct fault *why);
/* How many went each way, in at most `columns`. */
void transcript_sums(const struct transcript *t, struct line *out, unsigned columns);
bool transcript_live(const struct transcript *t);
/* The message that is open in a view of its own: `way` 1 or -1 goes to the
 * next or the one before. False: there is none. What it gives lasts until the
 * next call. */
struct opened_message { size_t index, count; struct message m; struct bytes payload; struct hint hint; };
bool transcript_opened(struct transcript *t, int way, struct opened_message *out);
/* What choices for messages of that side are remembered under. */
const char *transcript_key(struct transcript *t, enum side side);

#endif
