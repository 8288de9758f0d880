#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "soth/doc.h"
#include "soth/store.h"

struct desk;

/*
 * A view: what a pane shows, as lines. It knows no curses, no window and no
 * scrolling: the pane asks it how many lines there are, and for the spans of
 * those in sight, at the pane's width. Its name is its title, its section of
 * the keymap, and what `:view NAME` opens.
 *
 * Text in spans may be foreign bytes: screen_row() makes them harmless.
 *
 * The layout opens these by name: "list", "detail" (a flow with tabs), and on
 * a wide screen "request" and "response" beside the list in detail's place.
 *
 * To add one, write ui/view_NAME.c and add its line to ui/views.c.
 */
struct line {
	struct span span[72];	/* a picture has 64 cells a line */
	size_t spans;
	unsigned depth;
	unsigned hang;		/* where it goes on below, in words: at that column; 0: at the edge, and at the first */
	enum role under;	/* of the whole line; ROLE_TEXT: nothing special */
	bool single;		/* never goes on below: what does not fit is cut */
	flow_id flow;		/* what enter would act on; or 0. Of a line that is no flow: what is no flow's */
	char room[2048];	/* for text the view makes up */
	size_t used;		/* of it */
};

/* Adds a span of foreign text (which must live until the line is drawn), or
 * of text made up in line->room, cut where there is no room. */
void line_put(struct line *l, enum role role, struct bytes text);
void line_putf(struct line *l, enum role role, const char *fmt, ...) PRINTF(3, 4);
/* A line of a doc, with its colours and depth; one of a picture is single. */
void line_of(struct line *l, const struct doc *doc, size_t i);

/* A place that the cursor is to go to, and a text there that is marked. */
struct goal {
	size_t line;
	char text[128];		/* sought from line `from` up to `to`; "": the line is all */
	size_t from, to;
	size_t before;		/* where it stands so many times first */
};

struct view_ops {
	const char *name, *about;
	size_t size;		/* of its state, which is handed over zeroed */
	bool rows;		/* its lines are things to pick: new ones come at the end
				 * and can be followed, the cursor shows without the keys */
	bool wraps;		/* long lines go on below where the option `wrap` says so */
	const char *companion;	/* a view that stands under it, or beside it: of the line under its cursor, desk->line; NULL: none */
	void (*open)(void *st, struct desk *desk);
	/* Called before each drawing: bring yourself up to date with the
	 * store and desk->flow for a pane of that width; true: lines changed. */
	bool (*refresh)(void *st, unsigned columns);
	size_t (*lines)(void *st);
	void (*line)(void *st, size_t i, struct line *out);
	/* The pane's title and a line above the lines that never scrolls
	 * (column names; NULL: none). */
	void (*title)(void *st, struct line *out, unsigned columns);
	void (*header)(void *st, struct line *out);
	/* NULL where the view has none of it: */
	/* The line that a flow is on now, asked where lines have moved; SIZE_MAX: none. */
	size_t (*where)(void *st, flow_id id);
	bool (*follows)(void *st);	/* whether new lines come at the end now, as they do in one with rows */
	bool (*grows)(void *st);	/* ... which are followed when the person goes to the end */
	void (*fold)(void *st, size_t i);	/* open or close what starts at line i */
	bool (*has)(void *st, size_t i, struct bytes what);	/* line i stands for text with this in it; more than it shows */
	/* Asked before each drawing: where to go, told once. */
	bool (*goes)(void *st, struct goal *out);
	/* Actions that mean something of their own here, with the cursor on
	 * line i; an argument is in desk->arg. True: done, or failed and `why`
	 * (empty before) says so. False: not one of mine. */
	bool (*act)(void *st, const char *action, size_t i, struct fault *why);
	void (*close)(void *st);
};

extern const struct view_ops *const views[];	/* ends with NULL */
const struct view_ops *view_named(const struct view_ops *const *all, const char *name);

#endif
