#ifndef FILTER_INSIDE_H
#define FILTER_INSIDE_H

#include "soth/buf.h"
#include "soth/filter.h"
#include "soth/match.h"

/* A flow that is asked about, in a store or as it stands: terms do not know
 * which. What is asked for is read once. */
struct asked {
	struct lens *lens;		/* or: */
	const struct scene *scene;
	const struct row *row;
	struct head *head[2];
	bool head_tried[2];
	struct flow *flow;	/* NULL: it cannot be read */
	struct flow *opener;	/* the flow that made its connection, and has the steps of that; NULL: it is the same */
	bool flow_tried, opener_tried;
};
void asked_release(struct asked *a);

const struct head *asked_head(struct asked *a, enum side side);	/* NULL: there is none */
const struct origin *asked_origin(struct asked *a);	/* NULL: it is not known */
/* Without scheme and authority, however long. */
struct bytes asked_path(struct asked *a);
/* "https://host:port/path", with the name that the client used; false: it does not fit. */
bool asked_url(struct asked *a, struct buf *out);
/* Whether a value of a step of that kind, or with STEP_COUNT of any, matches by that name ("sni", "version" of TLS). */
bool asked_step(struct asked *a, enum step_kind kind, const char *name, const struct match *m);
bool asked_fault(struct asked *a, enum side side, const struct match *m);	/* a rule of its protocol that was broken, in words */

/* "rules 3, 7: words": those that did something to the message of that side. Empty: none, or it is not known yet. */
struct bytes asked_ruled(struct asked *a, enum side side);

struct farewell {		/* of a WebSocket */
	bool closed[2];		/* that side said close, with this payload: */
	uint8_t code[2][2];
	bool coded[2];		/* ... if there was one */
	bool ended;
};
struct farewell asked_farewell(struct asked *a);

/* A side's body behind its content codings, as far as they can be undone. What
 * is whole by itself, a message or bytes that are nobody's, goes to alone() in
 * its place, where that is not NULL: the first true is returned. */
bool asked_body(struct asked *a, enum side side, struct buf *body, bool (*alone)(void *arg, struct bytes said), void *arg);

/* Calls each() with the messages of those sides (bits), with at most `most`
 * bytes of each, until one is true; `bare`: what frames it is off already. */
struct message;
bool asked_messages(struct asked *a, unsigned sides, size_t most,
	bool (*each)(void *arg, const struct message *m, bool bare), void *arg);

/* Freed of a content coding, as far as that can be undone: as much as fits. */
void undo(struct bytes coding, struct bytes in, struct buf *out);

/* What stands behind a term's name. */
enum argument { ARG_NONE, ARG_REGEX, ARG_NUMBER, ARG_SIZE, ARG_TIME, ARG_CLOCK, ARG_CODE, ARG_NAMED, ARG_PATH };
static const char *const argument_words[] = { "", "REGEX", "N", "SIZE", "DURATION", "TIME", "CODE", "NAME[=REGEX]", "PATH[OP VALUE]" };

struct range { uint64_t from, to; };	/* both within */
struct pick;				/* see pick.h */

struct node {
	enum { NODE_AND, NODE_OR, NODE_NOT, NODE_TERM } kind;
	struct node *a, *b;
	const struct term *term;
	struct match *match;	/* ARG_REGEX */
	struct pick *pick;	/* ARG_NAMED, ARG_PATH */
	struct range range;	/* the others */
	unsigned asks, source;	/* enum filter_asks; where its literals stand, of enum scene_source */
	struct literals *literals;	/* NULL: none are known */
};

struct term {
	const char *name;
	enum argument argument;
	enum filter_depth needs;
	unsigned flags;		/* enum match_flags */
	bool (*holds)(const struct node *n, struct asked *a);
	const char *about;
	const char *values;	/* what its argument may be, a word each, for completion; NULL: anything */
};

extern const struct term terms[];	/* ends with a NULL name */

struct filter { struct node *root; enum filter_depth needs; unsigned asks; };
enum filter_depth node_needs(const struct node *n);	/* NULL: nothing */

/* Of foresee.c. */
void term_foresee(const struct term *t, unsigned *asks, unsigned *source);
void node_keep(struct node *n, const struct literals *literals);
unsigned node_asks(const struct node *n);
bool node_literals(const struct node *n, struct literals *out, unsigned *sources);
enum filter_may node_may(const struct node *n, struct asked *a);

/* Of terms_http.c and terms_message.c. */
bool term_header(const struct node *n, struct asked *a);
bool term_header_request(const struct node *n, struct asked *a);
bool term_header_response(const struct node *n, struct asked *a);
bool term_cookie(const struct node *n, struct asked *a);
bool term_query(const struct node *n, struct asked *a);
bool term_http1(const struct node *n, struct asked *a);
bool term_grpc_method(const struct node *n, struct asked *a);
bool term_websocket_close(const struct node *n, struct asked *a);
bool term_message(const struct node *n, struct asked *a);
bool term_message_request(const struct node *n, struct asked *a);
bool term_message_response(const struct node *n, struct asked *a);
bool term_message_size(const struct node *n, struct asked *a);
bool term_event(const struct node *n, struct asked *a);
bool term_json(const struct node *n, struct asked *a);
bool term_json_request(const struct node *n, struct asked *a);
bool term_json_response(const struct node *n, struct asked *a);

struct filter_term_about term_about(const struct term *t);

/* May be in an argument without quotes. */
bool argument_bare(char c);
/* A text in quotes, or bare, from *at on, which moves behind it. False: there
 * is none, or `why` (empty else) says what is wrong with it. */
bool argument_text(const char *text, size_t *at, struct buf *out, struct fault *why);
/* How far one goes, right or not. */
size_t argument_length(enum argument kind, const char *s);
/* A number as written; false: a fault. */
bool argument_range(enum argument kind, struct bytes text, struct range *out, struct fault *why);

#endif
