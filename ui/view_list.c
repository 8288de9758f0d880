/* The list of flows: one line each, in the order they came. */
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "words.h"

enum { BARS = 10, TYPE_MAX = 12 };

struct list {
	struct desk *desk;
	size_t flows;
	unsigned columns;
	char advice[4][600];	/* while there is no flow */
	size_t advices;
};

/* What each column takes; 0: no room for it. Host and path share the rest. */
struct widths { unsigned clock, method, host, path, status, type, size, time, bars; };

static struct widths
list_widths(unsigned columns)
{
	struct widths w = { .method = 8, .status = 6 };
	unsigned used, rest;

	w.time = columns >= 50 ? 8 : 0;
	w.size = columns >= 60 ? 7 : 0;
	w.type = columns >= 72 ? 9 : 0;
	w.clock = columns >= 90 ? 9 : 0;
	w.bars = columns >= 116 ? BARS + 2 : 0;
	used = 3 + w.clock + w.method + w.status + w.type + w.size + w.time + w.bars + 2;
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
	list_advise(l);
}

static bool
list_refresh(void *st, unsigned columns)
{
	struct list *l = st;

	l->flows = store_stats(l->desk->store).flows;
	l->columns = columns;
	return false;
}

static size_t
list_lines(void *st)
{
	struct list *l = st;

	return l->flows ? l->flows : l->advices;
}

static enum role
status_role(const struct row *r)
{
	static const enum role roles[] = { ROLE_FAINT, ROLE_WORD, ROLE_GOOD, ROLE_WORD, ROLE_WARN, ROLE_BAD };

	if (r->state == ROW_FAILED)
		return ROLE_BAD;
	return r->tunnel ? ROLE_TUNNEL : roles[r->status / 100 < ARRAY_LEN(roles) ? r->status / 100 : 0];
}

static void
list_status(struct line *out, const struct row *r, unsigned width)
{
	char text[16] = "…";

	if (r->status)
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

static void
list_badge(struct line *out, const struct row *r)
{
	if (r->state == ROW_FAILED)
		line_putf(out, ROLE_BAD, " ⚠ ");
	else if (r->state == ROW_LIVE)
		line_putf(out, ROLE_LINK, " ↓ ");
	else
		line_putf(out, ROLE_FAINT, r->tunnel ? " ≡ " : r->partial ? " ◌ " : "   ");
}

static void
list_row(const struct list *l, const struct row *r, struct line *out)
{
	struct widths w = list_widths(l->columns);
	bool words = !r->request && *r->trouble;
	char text[WORDS_MAX], host[160];

	if (r->port && r->port != (r->tls ? 443 : 80))
		snprintf(host, sizeof(host), "%s:%u", r->host, r->port);
	else
		snprintf(host, sizeof(host), "%s", r->host);
	list_badge(out, r);
	if (w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(words_clock(r->begun, false, text)), w.clock, CUT_END);
	cell_put(out, ROLE_METHOD, bytes_of(r->tls_failed >= 0 ? "TLS" : *r->method ? r->method : "–"), w.method - 1, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, r->tls ? ROLE_HOST : ROLE_TEXT, bytes_of(host), w.host - 1, CUT_START);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, words ? ROLE_BAD : ROLE_PATH, bytes_of(words ? r->trouble : r->path), w.path - 1,
		words ? CUT_END : CUT_MIDDLE);
	line_putf(out, ROLE_TEXT, " ");
	list_status(out, r, w.status);
	if (w.type)
		cell_put(out, ROLE_FAINT, bytes_of(type_short(r->type)), w.type - 1, CUT_END);
	if (w.size)
		cell_right(out, ROLE_NUMBER, bytes_of(words_size(r->bytes[SERVER], text)), w.size);
	if (w.time)
		cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(r, l->desk->now), text)), w.time);
	if (w.bars)
		list_bars(out, r, l->desk->now);
}

static void
list_line(void *st, size_t i, struct line *out)
{
	struct list *l = st;
	struct row r;

	if (!l->flows) {
		line_put(out, i == 2 ? ROLE_LINK : ROLE_FAINT, bytes_of(l->advice[i]));
		return;
	}
	if (store_rows(l->desk->store, i, 1, &r) != 1)
		return;
	out->flow = r.id;
	list_row(l, &r, out);
}

static void
list_title(void *st, struct line *out, unsigned columns)
{
	struct list *l = st;
	char text[WORDS_MAX];

	(void)columns;
	line_putf(out, ROLE_TITLE, "Flows ");
	line_putf(out, ROLE_FAINT, "%s", words_count(l->flows, text));
}

static void
list_header(void *st, struct line *out)
{
	struct list *l = st;
	struct widths w = list_widths(l->columns);

	line_putf(out, ROLE_HEADER, "   %-*s%-*s%-*s%-*s%-*s%-*s", (int)w.clock, w.clock ? "TIME" : "", (int)w.method, "METHOD",
		(int)w.host, "HOST", (int)w.path, "PATH", (int)w.status, "STATUS", (int)w.type, w.type ? " TYPE" : "");
	line_putf(out, ROLE_HEADER, "%*s%*s%s", (int)w.size, w.size ? "SIZE" : "", (int)w.time, w.time ? "TOOK" : "",
		w.bars ? "  WAIT▂ RECV█" : "");
}

/* What copies is the URL; of the advice, its line. */
static bool
list_copy(struct list *l, size_t i, struct fault *why)
{
	char url[800], port[8] = "";
	struct row r;

	if (!l->flows) {
		(void)!desk_copy(l->desk, bytes_of(l->advice[i]), why);
		return true;
	}
	if (store_rows(l->desk->store, i, 1, &r) != 1)
		return fault(why, "no flow here") || true;
	if (r.port && r.port != (r.tls ? 443 : 80))
		snprintf(port, sizeof(port), ":%u", r.port);
	snprintf(url, sizeof(url), "%s://%s%s%s", r.scheme, r.host, port, r.path);
	(void)!desk_copy(l->desk, bytes_of(url), why);
	return true;
}

static bool
list_act(void *st, const char *action, size_t i, struct fault *why)
{
	return !strcmp(action, "copy") && list_copy(st, i, why);
}

const struct view_ops view_list = {
	.name = "list", .about = "every flow, a line each",
	.size = sizeof(struct list), .rows = true,
	.open = list_open, .refresh = list_refresh, .lines = list_lines, .line = list_line,
	.title = list_title, .header = list_header, .act = list_act,
};
