/* The list of flows: one line each, in the order they came. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "catalog.h"
#include "cell.h"
#include "codes.h"
#include "desk.h"
#include "glyph.h"
#include "marks.h"
#include "operation.h"
#include "urls.h"
#include "words.h"

enum { BARS = 10, TROUBLE_LEAST = 28 };

struct list {
	struct desk *desk;
	struct catalog catalog;
	uint64_t moved;		/* as the catalog said */
	flow_id anchor;		/* had the cursor when it was asked for another order; 0: is there */
	unsigned columns;
	bool remarked;		/* there are marks or comments: they have a column */
	char advice[4][600];	/* while there is no flow */
	size_t advices;
	struct operations *operations;
};

/* What each column takes; 0: no room for it. Host and path share the rest. */
struct widths { unsigned mark, clock, method, badge, host, path, status, type, size, time, bars; };

static struct widths
list_widths(const struct list *l)
{
	unsigned columns = l->columns, used, rest;
	struct widths w = { .mark = l->remarked ? MARK_COLUMNS + 1 : 0, .method = 8, .status = 6 };

	w.time = columns >= 50 ? 8 : 0;
	w.size = columns >= 60 ? 7 : 0;
	w.type = columns >= 72 ? 9 : 0;
	w.badge = columns >= 68 ? 3 : 0;
	w.clock = columns >= 90 ? 9 : 0;
	w.bars = columns >= 116 ? BARS + 2 : 0;
	used = 3 + w.mark + w.clock + w.method + w.badge + w.status + w.type + w.size + w.time + w.bars + 2;
	rest = columns > used + 12 ? columns - used : 12;
	w.host = rest * 2 / 5 < 34 ? rest * 2 / 5 : 34;
	w.path = rest - w.host;
	return w;
}

static void
list_advise(struct list *l)
{
	const struct desk *d = l->desk;

	l->advices = 0;
	if (!d->backend) {
		snprintf(l->advice[l->advices++], 600, "There is no flow in this session.");
		return;
	}
	snprintf(l->advice[l->advices++], 600, "Listening on %s. Nothing has come yet. Try, in another terminal:", d->address);
	snprintf(l->advice[l->advices++], 600, " ");
	if (strncmp(d->options->mode, "reverse", 7))
		snprintf(l->advice[l->advices++], 600, "curl -x %s --cacert %s https://example.com/", d->address, d->ca_path);
	else
		snprintf(l->advice[l->advices++], 600, "curl --cacert %s --connect-to ::%s https://example.com/",
			d->ca_path, d->address);
	snprintf(l->advice[l->advices++], 600, "soth ca       says how browsers and other programs come to trust soth");
}

static void
list_open(void *st, struct desk *desk)
{
	struct list *l = st;

	l->desk = desk;
	l->operations = operations_new(desk->store);
	catalog_open(&l->catalog, desk->store);
	desk->filter = l->catalog.text;
	desk->shown = &l->catalog;
	list_advise(l);
}

static void
list_close(void *st)
{
	struct list *l = st;

	operations_free(l->operations);
	catalog_close(&l->catalog);
}

static bool
list_refresh(void *st, unsigned columns)
{
	struct list *l = st;

	bool all = catalog_refresh(&l->catalog), moved = l->moved != l->catalog.moved;

	if (!all)
		l->desk->busy = true;
	l->moved = l->catalog.moved;
	l->remarked = store_stats(l->desk->store).remarked;
	l->columns = columns;
	return moved || l->anchor;
}

static size_t
list_where(void *st, flow_id id)
{
	struct list *l = st;
	size_t index = store_index(l->desk->store, l->anchor ? l->anchor : id);

	if (index < l->catalog.looked || (!l->catalog.on && !l->catalog.ranking))
		l->anchor = 0;
	return index == SIZE_MAX ? index : catalog_line(&l->catalog, index);
}

static size_t
list_lines(void *st)
{
	struct list *l = st;

	if (!l->catalog.flows)
		return l->advices;
	return catalog_count(&l->catalog) ? catalog_count(&l->catalog) : 1;
}

static enum role
status_role(const struct row *r)
{
	static const enum role roles[] = { ROLE_FAINT, ROLE_WORD, ROLE_GOOD, ROLE_WORD, ROLE_WARN, ROLE_BAD };

	if (r->grpc >= 0)
		return code_grpc((unsigned)r->grpc)->role;
	if (r->state == ROW_FAILED)
		return ROLE_BAD;
	if (r->tunnel && r->protocol != PROTOCOL_WEBSOCKET)
		return ROLE_TUNNEL;
	return roles[r->status / 100 < ARRAY_LEN(roles) ? r->status / 100 : 0];
}

static void
list_status(struct line *out, const struct row *r, unsigned width)
{
	char text[16] = "…";

	if (r->grpc >= 0)
		snprintf(text, sizeof(text), "%d", r->grpc);
	else if (r->status)
		snprintf(text, sizeof(text), "%u", r->status);
	else if (r->state != ROW_LIVE)
		snprintf(text, sizeof(text), "%s", r->state == ROW_FAILED ? "fail" : "–");
	cell_put(out, status_role(r), bytes_of(text), width, CUT_END);
}

/* The part of a media type that says something. */
static const char *
type_short(const char *type)
{
	static const struct { const char *type, *word; } words[] = {
		{ "application/x-www-form-urlencoded", "form" }, { "multipart/form-data", "form" },
		{ "application/octet-stream", "bytes" }, { "text/javascript", "js" },
		{ "application/javascript", "js" }, { "text/event-stream", "sse" }, { "text/plain", "text" },
		{ "image/svg+xml", "svg" }, { "image/vnd.microsoft.icon", "icon" },
	};
	const char *slash = strchr(type, '/');

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(words[i].type, type))
			return words[i].word;
	if (slash && !strncmp(slash + 1, "x-", 2))
		slash += 2;
	return slash ? slash + 1 : type;
}

/* "214 msgs", "1.4k msg": eight columns at most. */
static void
list_messages(const struct row *r, char out[WORDS_MAX])
{
	uint64_t n = (uint64_t)r->messages[CLIENT] + r->messages[SERVER];

	if (n < 1000)
		snprintf(out, WORDS_MAX, "%u msg%s", (unsigned)n, n == 1 ? "" : "s");
	else if (n < 9950)
		snprintf(out, WORDS_MAX, "%.1fk msg", (double)n / 1000);
	else if (n < 999500)
		snprintf(out, WORDS_MAX, "%.0fk msg", (double)n / 1000);
	else
		snprintf(out, WORDS_MAX, "%.0fM msg", (double)n / 1000000);
}

/* What came, or, of what is read as messages, how many: of a stream that
 * goes on, and of those whose method's column says the rest. */
static void
list_type(struct line *out, const struct row *r, unsigned width)
{
	char count[WORDS_MAX];
	bool counts = r->protocol == PROTOCOL_WEBSOCKET || r->protocol == PROTOCOL_SSE ||
		(r->state == ROW_LIVE && (r->protocol == PROTOCOL_GRPC || r->protocol == PROTOCOL_NDJSON));

	const char *text = r->protocol == PROTOCOL_GRPC ? "grpc" : type_short(r->type);

	if (counts)
		list_messages(r, count);
	cell_put(out, counts && r->state == ROW_LIVE ? ROLE_KEY : ROLE_FAINT, bytes_of(counts ? count : text), width, CUT_END);
}

/* Of both sides, where neither answers the other. */
static uint64_t
row_bytes(const struct row *r)
{
	bool both = r->tunnel || !r->request || r->protocol == PROTOCOL_WEBSOCKET;

	return r->bytes[SERVER] + (both ? r->bytes[CLIENT] : 0);
}

static uint64_t
row_took(const struct row *r, uint64_t now)
{
	uint64_t end = r->ended ? r->ended : now;

	return end > r->begun ? end - r->begun : 0;
}

/* How long it took, a cell for each half power of ten from 1 ms on: waiting
 * low, receiving high. */
static void
list_bars(struct line *out, const struct row *r, uint64_t now)
{
	static const uint64_t step[BARS] = { 1, 3, 10, 32, 100, 316, 1000, 3162, 10000, 31623 };
	uint64_t took = row_took(r, now), waited = r->answered > r->begun ? r->answered - r->begun : took;
	unsigned cells = 1, waiting;

	while (cells < BARS && took / 1000 >= step[cells])
		cells++;
	waiting = took ? (unsigned)((cells * waited + took / 2) / took) : cells;
	line_putf(out, ROLE_FAINT, "  ");
	for (unsigned i = 0; i < cells; i++)
		line_putf(out, i < waiting ? ROLE_MARK : status_role(r), i < waiting ? "▂" : "█");
}

/* Whether it is selected, and how it is. */
static void
list_state(struct line *out, const struct row *r, bool chosen)
{
	const struct badge *b = badge_of(r, BADGE_STATE);

	line_putf(out, ROLE_MARKED, chosen ? "▌" : " ");
	line_putf(out, b ? b->role : ROLE_FAINT, "%s ", b ? b->mark : " ");
	if (chosen)
		out->under = ROLE_CHOSEN;
}

static void
list_mark(struct line *out, const struct row *r, unsigned width)
{
	struct tag m = mark_of(r->mark);

	if (*r->mark)
		cell_put(out, m.role, m.sign, width, CUT_END);
	else
		cell_put(out, ROLE_EDITED, bytes_of(r->commented ? MARK_COMMENT : ""), width, CUT_END);
}

/* What goes behind the path: what a person said of it, or else its operation. */
static const char *
list_words(const struct list *l, const struct row *r, char said[REMARK_ROOM])
{
	if (r->commented && store_said(l->desk->store, r->id, REMARK_COMMENT, said, REMARK_ROOM))
		return said;
	return operation_of(l->operations, r);
}

static void
list_version(struct line *out, const struct row *r, unsigned width)
{
	const struct badge *b = badge_of(r, BADGE_VERSION);

	cell_put(out, b ? b->role : ROLE_TEXT, bytes_of(b ? b->mark : ""), width, CUT_END);
}

/* Where it goes; where it went wrong, how, as far as there is room for both. */
static void
list_path(struct line *out, const struct row *r, const char *words, unsigned width)
{
	bool unread = r->protocol == PROTOCOL_HTTP3 || r->protocol == PROTOCOL_QUIC;
	unsigned path = glyph_columns(bytes_of(r->path));

	if (!r->request && *r->trouble) {
		cell_put(out, ROLE_BAD, bytes_of(r->trouble), width, CUT_END);
	} else if (!r->request && unread) {
		cell_put(out, ROLE_TUNNEL, bytes_of("passes through unread"), width, CUT_END);
	} else if (width < TROUBLE_LEAST || (!*r->trouble && !*words)) {
		cell_put(out, ROLE_PATH, bytes_of(r->path), width, CUT_MIDDLE);
	} else if (!*r->trouble || r->commented) {
		path = path < width * 2 / 5 ? path : width * 2 / 5;
		cell_put(out, ROLE_PATH, bytes_of(r->path), path, CUT_MIDDLE);
		line_putf(out, ROLE_TEXT, "  ");
		cell_put(out, r->commented ? ROLE_EDITED : ROLE_WORD, bytes_of(words), width - path - 2, CUT_END);
	} else {
		path = path < width * 2 / 5 ? path : width * 2 / 5;
		cell_put(out, ROLE_PATH, bytes_of(r->path), path, CUT_MIDDLE);
		line_putf(out, ROLE_TEXT, "  ");
		cell_put(out, r->state == ROW_FAILED ? ROLE_BAD : ROLE_WARN, bytes_of(r->trouble), width - path - 2, CUT_END);
	}
}

static void
list_host(struct line *out, const struct row *r, unsigned width)
{
	bool secure = r->tls || r->protocol == PROTOCOL_HTTP3;
	char host[160];

	if (r->port && r->port != (secure ? 443 : 80))
		snprintf(host, sizeof(host), "%s:%u", r->host, r->port);
	else
		snprintf(host, sizeof(host), "%s", r->host);
	cell_put(out, secure ? ROLE_HOST : ROLE_TEXT, bytes_of(host), width, CUT_START);
}

static void
list_row(const struct list *l, size_t index, const struct row *r, struct line *out)
{
	struct widths w = list_widths(l);
	char text[WORDS_MAX], said[REMARK_ROOM];

	list_state(out, r, selection_has(&l->desk->selection, index));
	if (w.mark)
		list_mark(out, r, w.mark);
	if (w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(words_clock(r->begun, false, text)), w.clock, CUT_END);
	cell_put(out, ROLE_METHOD, bytes_of(row_method(r)), w.method - 1, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	list_version(out, r, w.badge);
	list_host(out, r, w.host - 1);
	line_putf(out, ROLE_TEXT, " ");
	list_path(out, r, list_words(l, r, said), w.path - 1);
	line_putf(out, ROLE_TEXT, " ");
	list_status(out, r, w.status);
	if (w.type)
		list_type(out, r, w.type - 1);
	if (w.size)
		cell_right(out, ROLE_NUMBER, bytes_of(words_size(row_bytes(r), text)), w.size);
	if (w.time)
		cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(r, l->desk->now), text)), w.time);
	if (w.bars)
		list_bars(out, r, l->desk->now);
	if (*r->mark)
		mark_line(out, mark_of(r->mark).role);
}

static void
list_line(void *st, size_t i, struct line *out)
{
	struct list *l = st;
	struct row r;
	size_t index;

	if (!l->catalog.flows) {
		line_put(out, i == 2 ? ROLE_LINK : ROLE_FAINT, bytes_of(l->advice[i]));
		return;
	}
	if (!catalog_count(&l->catalog)) {
		line_putf(out, ROLE_FAINT, "The filter takes none of %zu flows: t shows them, f asks for another.", l->catalog.flows);
		return;
	}
	index = catalog_index(&l->catalog, i);
	if (store_rows(l->desk->store, index, 1, &r) != 1)
		return;
	out->flow = r.id;
	list_row(l, index, &r, out);
}

static void
list_title(void *st, struct line *out, unsigned columns)
{
	struct list *l = st;
	char text[WORDS_MAX];

	(void)columns;
	line_putf(out, ROLE_TITLE, "Flows ");
	if (catalog_filters(&l->catalog)) {
		line_putf(out, ROLE_EDITED, "%s of ", words_count(catalog_count(&l->catalog), text));
		line_putf(out, ROLE_EDITED, "%s  %s%.200s%s", words_count(l->catalog.flows, text), l->catalog.invert ? "!(" : "",
			l->catalog.text, l->catalog.invert ? ")" : "");
	} else {
		line_putf(out, ROLE_FAINT, "%s", words_count(l->catalog.flows, text));
	}
	if (l->catalog.ranking)
		line_putf(out, ROLE_EDITED, "  by %s", ranking_by(l->catalog.ranking));
	if (l->desk->selection.count)
		line_putf(out, ROLE_HELD, "  %s selected", words_count(l->desk->selection.count, text));
}

static void
list_header(void *st, struct line *out)
{
	struct list *l = st;
	struct widths w = list_widths(l);

	line_putf(out, ROLE_HEADER, "   %*s%-*s%-*s%-*s%-*s%-*s%-*s", (int)w.mark, "", (int)w.clock, w.clock ? "TIME" : "", (int)(w.method + w.badge), "METHOD",
		(int)w.host, "HOST", (int)w.path, "PATH", (int)w.status, "STATUS", (int)w.type, w.type ? " TYPE" : "");
	line_putf(out, ROLE_HEADER, "%*s%*s%s", (int)w.size, w.size ? "SIZE" : "", (int)w.time, w.time ? "TOOK" : "",
		w.bars ? "  WAIT▂ RECV█" : "");
}

/* The URL of each; of the advice, its line. */
static bool
list_copy(struct list *l, size_t i, struct fault *why)
{
	if (l->catalog.flows)
		(void)!urls_copy(l->desk, why);
	else
		(void)!desk_copy(l->desk, bytes_of(l->advice[i]), why);
	return true;
}

/* What is wrong in it is shown below the expression. */
static bool
list_filter(struct list *l, struct fault *why)
{
	const char *text = l->desk->arg;
	struct fault *wrong = &l->desk->wrong;
	size_t at;

	if (!*text && !l->desk->asked)
		return false;
	*wrong = (struct fault){ "" };
	l->anchor = l->desk->flow;
	if (catalog_filter(&l->catalog, text, wrong, &at))
		return true;
	l->desk->wrong_at = at;
	return fault(why, "filter, byte %zu: %.150s", at + 1, wrong->text) || true;
}

static bool
list_switch(struct list *l, bool on, bool invert, struct fault *why)
{
	if (!l->catalog.filter)
		return fault(why, "there is no filter: f asks for one") || true;
	l->anchor = l->desk->flow;
	catalog_switch(&l->catalog, on, invert);
	return true;
}

/* By the same column again: the other way round. */
static bool
list_sort(struct list *l, size_t i, struct fault *why)
{
	const char *by = l->desk->arg, *was = l->catalog.ranking ? ranking_by(l->catalog.ranking) : "";
	char back[16];

	if (!*by && !l->desk->asked)
		return false;
	if (*by && !strcmp(by, was)) {
		snprintf(back, sizeof(back), "-%s", by);
		by = back;
	}
	if (!catalog_sort(&l->catalog, by))
		return fault(why, "no column is called '%.40s': Tab completes", by) || true;
	l->anchor = l->desk->flow;
	l->desk->go = i;
	return true;
}

static bool
list_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct list *l = st;

	if (!strcmp(action, "copy"))
		return list_copy(l, i, why);
	if (!strcmp(action, "sort"))
		return list_sort(l, i, why);
	if (!strcmp(action, "filter"))
		return list_filter(l, why);
	if (!strcmp(action, "filter_toggle"))
		return list_switch(l, !l->catalog.on, l->catalog.invert, why);
	return !strcmp(action, "filter_invert") && list_switch(l, true, !l->catalog.invert, why);
}

const struct view_ops view_list = {
	.name = "list", .about = "every flow, a line each",
	.size = sizeof(struct list), .rows = true,
	.open = list_open, .close = list_close, .refresh = list_refresh, .lines = list_lines, .line = list_line,
	.title = list_title, .header = list_header, .where = list_where, .act = list_act,
};
