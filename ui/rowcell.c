/* What the list draws of a row, a column each. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "codes.h"
#include "glyph.h"
#include "marks.h"
#include "rowcell.h"
#include "words.h"

enum { TROUBLE_LEAST = 28 };

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

void
rowcell_status(struct line *out, const struct row *r, unsigned width)
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
row_messages(const struct row *r, char out[WORDS_MAX])
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
void
rowcell_type(struct line *out, const struct row *r, unsigned width)
{
	char count[WORDS_MAX];
	bool counts = r->protocol == PROTOCOL_WEBSOCKET || r->protocol == PROTOCOL_SSE ||
		(r->state == ROW_LIVE && (r->protocol == PROTOCOL_GRPC || r->protocol == PROTOCOL_NDJSON));

	const char *text = r->protocol == PROTOCOL_GRPC ? "grpc" : type_short(r->type);

	if (counts)
		row_messages(r, count);
	cell_put(out, counts && r->state == ROW_LIVE ? ROLE_KEY : ROLE_FAINT, bytes_of(counts ? count : text), width, CUT_END);
}

/* Of both sides, where neither answers the other. */
uint64_t
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

static const char *
bars_of(const char *bar, unsigned count, char out[3 * BARS + 1])
{
	*out = '\0';
	while (count--)
		strcat(out, bar);
	return out;
}

/* How long it took, a cell for each half power of ten from 1 ms on: waiting
 * low, receiving high. */
void
rowcell_bars(struct line *out, const struct row *r, uint64_t now)
{
	static const uint64_t step[BARS] = { 1, 3, 10, 32, 100, 316, 1000, 3162, 10000, 31623 };
	uint64_t took = row_took(r, now), waited = r->answered > r->begun ? r->answered - r->begun : took;
	unsigned cells = 1, waiting;
	char text[3 * BARS + 1];

	while (cells < BARS && took / 1000 >= step[cells])
		cells++;
	waiting = took ? (unsigned)((cells * waited + took / 2) / took) : cells;
	if (waiting > cells)
		waiting = cells;
	line_putf(out, ROLE_MARK, "%s", bars_of("▂", waiting, text));
	line_putf(out, status_role(r), "%s", bars_of("█", cells - waiting, text));
	line_putf(out, ROLE_TEXT, "%*s", (int)(BARS - cells), "");
}

void
rowcell_version(struct line *out, const struct row *r, unsigned width)
{
	const struct badge *b = badge_of(r, BADGE_VERSION);

	cell_put(out, b ? b->role : ROLE_TEXT, bytes_of(b ? b->mark : ""), width, CUT_END);
}

void
rowcell_mark(struct line *out, const struct row *r, unsigned width)
{
	struct tag m = mark_of(r->mark);

	if (*r->mark)
		cell_put(out, m.role, m.sign, width, CUT_END);
	else
		cell_put(out, ROLE_EDITED, bytes_of(r->commented ? MARK_COMMENT : ""), width, CUT_END);
}

/* Where there is little room, what tells one from another has to come early. */
static void
put_trouble(struct line *out, const char *trouble, unsigned width)
{
	static const char *const long_one = "the server's certificate is not accepted: ";
	bool cut = !strncmp(trouble, long_one, strlen(long_one)) && glyph_columns(bytes_of(trouble)) > width;
	char text[sizeof(((struct row *)NULL)->trouble)];

	snprintf(text, sizeof(text), cut ? "server's cert: %s" : "%s", cut ? trouble + strlen(long_one) : trouble);
	cell_put(out, ROLE_BAD, bytes_of(text), width, CUT_END);
}

/* Where it goes; what was said of it, or where it went wrong, how, as far as there is room for both. */
void
rowcell_path(struct line *out, const struct row *r, const char *said, const char *operation, unsigned width)
{
	const char *words = *said ? said : operation;
	bool unread = r->protocol == PROTOCOL_HTTP3 || r->protocol == PROTOCOL_QUIC;
	unsigned path = glyph_columns(bytes_of(r->path));

	if (!r->request && *r->trouble) {
		put_trouble(out, r->trouble, width);
	} else if (!r->request && unread) {
		cell_put(out, ROLE_TUNNEL, bytes_of("passes through unread"), width, CUT_END);
	} else if (width < TROUBLE_LEAST || (!*r->trouble && !*words)) {
		cell_put(out, ROLE_PATH, bytes_of(r->path), width, CUT_MIDDLE);
	} else if (!*r->trouble || *said) {
		path = path < width * 2 / 5 ? path : width * 2 / 5;
		cell_put(out, ROLE_PATH, bytes_of(r->path), path, CUT_MIDDLE);
		line_putf(out, ROLE_TEXT, "  ");
		cell_put(out, *said ? ROLE_EDITED : ROLE_WORD, bytes_of(words), width - path - 2, CUT_END);
	} else {
		path = path < width * 2 / 5 ? path : width * 2 / 5;
		cell_put(out, ROLE_PATH, bytes_of(r->path), path, CUT_MIDDLE);
		line_putf(out, ROLE_TEXT, "  ");
		cell_put(out, r->state == ROW_FAILED ? ROLE_BAD : ROLE_WARN, bytes_of(r->trouble), width - path - 2, CUT_END);
	}
}

void
rowcell_host(struct line *out, const struct row *r, unsigned width)
{
	bool secure = r->tls || r->protocol == PROTOCOL_HTTP3;
	char host[160];

	if (r->port && r->port != (secure ? 443 : 80))
		snprintf(host, sizeof(host), "%s:%u", r->host, r->port);
	else
		snprintf(host, sizeof(host), "%s", r->host);
	cell_put(out, secure ? ROLE_HOST : ROLE_TEXT, bytes_of(host), width, CUT_START);
}

const char *
row_url(const struct row *r, char out[URL_MAX])
{
	bool usual = !r->port || r->port == (r->tls ? 443 : 80), v6 = strchr(r->host, ':');
	char port[8] = "";

	if (!usual)
		snprintf(port, sizeof(port), ":%u", r->port);
	snprintf(out, URL_MAX, "%s://%s%s%s%s%s", r->scheme, v6 ? "[" : "", r->host, v6 ? "]" : "", port, r->path);
	return out;
}
