/* A line of the list: what its columns say of a flow. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "cell.h"
#include "codes.h"
#include "glyph.h"
#include "list_row.h"
#include "words.h"

enum { BARS = 10, TROUBLE_LEAST = 28 };

/* What each column takes; 0: no room for it. Host and path share the rest. */
struct widths { unsigned clock, method, badge, host, path, status, type, size, time, bars; };

static struct widths
list_widths(unsigned columns)
{
	struct widths w = { .method = 8, .status = 6 };
	unsigned used, rest;

	w.time = columns >= 50 ? 8 : 0;
	w.size = columns >= 60 ? 7 : 0;
	w.type = columns >= 72 ? 9 : 0;
	w.badge = columns >= 68 ? 3 : 0;
	w.clock = columns >= 90 ? 9 : 0;
	w.bars = columns >= 116 ? BARS + 2 : 0;
	used = 3 + w.clock + w.method + w.badge + w.status + w.type + w.size + w.time + w.bars + 2;
	rest = columns > used + 12 ? columns - used : 12;
	w.host = rest * 2 / 5 < 34 ? rest * 2 / 5 : 34;
	w.path = rest - w.host;
	return w;
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

uint64_t
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
list_state(struct line *out, const struct row *r)
{
	const struct badge *b = badge_of(r, BADGE_STATE);

	line_putf(out, b ? b->role : ROLE_FAINT, " %s ", b ? b->mark : " ");
}

static void
list_version(struct line *out, const struct row *r, unsigned width)
{
	const struct badge *b = badge_of(r, BADGE_VERSION);

	cell_put(out, b ? b->role : ROLE_TEXT, bytes_of(b ? b->mark : ""), width, CUT_END);
}

/* Where it goes; where it went wrong, how, as far as there is room for both. */
static void
list_path(struct line *out, const struct row *r, const char *operation, unsigned width)
{
	bool unread = r->protocol == PROTOCOL_HTTP3 || r->protocol == PROTOCOL_QUIC;
	unsigned path = glyph_columns(bytes_of(r->path));

	if (!r->request && *r->trouble) {
		cell_put(out, ROLE_BAD, bytes_of(r->trouble), width, CUT_END);
	} else if (!r->request && unread) {
		cell_put(out, ROLE_TUNNEL, bytes_of("passes through unread"), width, CUT_END);
	} else if (width < TROUBLE_LEAST || (!*r->trouble && !*operation)) {
		cell_put(out, ROLE_PATH, bytes_of(r->path), width, CUT_MIDDLE);
	} else if (!*r->trouble) {
		path = path < width * 2 / 5 ? path : width * 2 / 5;
		cell_put(out, ROLE_PATH, bytes_of(r->path), path, CUT_MIDDLE);
		line_putf(out, ROLE_TEXT, "  ");
		cell_put(out, ROLE_WORD, bytes_of(operation), width - path - 2, CUT_END);
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

/* How often it was asked; and since when, where that leaves the path whole. */
static void
list_times(const struct list_row *l, struct line *out, unsigned width)
{
	struct bytes path = { (const uint8_t *)l->row->path, strcspn(l->row->path, "?") };
	char text[64], clock[WORDS_MAX];
	unsigned shown = glyph_columns(path), times;

	snprintf(text, sizeof(text), "×%u since %s", l->times, words_clock(l->since, false, clock));
	if (shown + 2 + glyph_columns(bytes_of(text)) > width)
		snprintf(text, sizeof(text), "×%u", l->times);
	times = glyph_columns(bytes_of(text)) + 2;
	if (shown + times > width)
		shown = width > times ? width - times : 0;
	cell_put(out, ROLE_PATH, path, shown, CUT_MIDDLE);
	cell_put(out, ROLE_TEXT, LIT(""), width - shown < 2 ? width - shown : 2, CUT_END);
	cell_put(out, ROLE_KEY, bytes_of(text), width - shown > 2 ? width - shown - 2 : 0, CUT_END);
}

/* Of one that stands for several: what is of it, how many they are, and when the newest began. */
void
list_row_put(const struct list_row *l, struct line *out)
{
	struct widths w = list_widths(l->columns);
	const struct row *r = l->row;
	char text[WORDS_MAX], last[WORDS_MAX];

	words_clock(l->last, false, last);
	list_state(out, r);
	if (w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(last), w.clock, CUT_END);
	cell_put(out, ROLE_METHOD, bytes_of(row_method(r)), w.method - 1, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	list_version(out, r, w.badge);
	list_host(out, r, w.host - 1);
	line_putf(out, ROLE_MARK, "%s", l->mark);
	if (l->times)
		list_times(l, out, w.path - 1);
	else
		list_path(out, r, l->operation, w.path - 1);
	line_putf(out, ROLE_TEXT, " ");
	list_status(out, r, w.status);
	if (w.type && l->times && !w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(last), w.type - 1, CUT_END);
	else if (w.type)
		list_type(out, r, w.type - 1);
	if (w.size)
		cell_right(out, ROLE_NUMBER, bytes_of(words_size(row_bytes(r), text)), w.size);
	if (w.time)
		cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(r, l->now), text)), w.time);
	if (w.bars)
		list_bars(out, r, l->now);
}

void
list_row_names(unsigned columns, struct line *out)
{
	struct widths w = list_widths(columns);

	line_putf(out, ROLE_HEADER, "   %-*s%-*s%-*s%-*s%-*s%-*s", (int)w.clock, w.clock ? "TIME" : "", (int)(w.method + w.badge), "METHOD",
		(int)w.host, "HOST", (int)w.path, "PATH", (int)w.status, "STATUS", (int)w.type, w.type ? " TYPE" : "");
	line_putf(out, ROLE_HEADER, "%*s%*s%s", (int)w.size, w.size ? "SIZE" : "", (int)w.time, w.time ? "TOOK" : "",
		w.bars ? "  WAIT▂ RECV█" : "");
}
