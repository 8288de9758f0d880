/* The columns that a person may choose for the list, and how they share a line. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "badge.h"
#include "codes.h"
#include "columns.h"
#include "rowcell.h"
#include "words.h"

enum { BESIDES = 3, DATE_ROOM = 32 };	/* the state's own columns, in front */

static void
put_number(struct line *out, uint64_t n, unsigned width)
{
	char text[WORDS_MAX];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	cell_right(out, ROLE_NUMBER, bytes_of(text), width);
}

static void
put_size(struct line *out, uint64_t bytes, unsigned width)
{
	char text[WORDS_MAX];

	cell_right(out, ROLE_NUMBER, bytes_of(words_size(bytes, text)), width);
}

static void
put_text(struct line *out, enum role role, const char *text, unsigned width, enum cell_cut cut)
{
	cell_put(out, role, bytes_of(text), width, cut);
}

static void id(const struct cell_of *c, struct line *out, unsigned w) { put_number(out, c->row->id, w); }
static void mark(const struct cell_of *c, struct line *out, unsigned w) { rowcell_mark(out, c->row, w); }
static void host(const struct cell_of *c, struct line *out, unsigned w) { rowcell_host(out, c->row, w); }
static void status(const struct cell_of *c, struct line *out, unsigned w) { rowcell_status(out, c->row, w); }
static void type(const struct cell_of *c, struct line *out, unsigned w) { rowcell_type(out, c->row, w); }
static void protocol(const struct cell_of *c, struct line *out, unsigned w) { rowcell_version(out, c->row, w); }
static void size(const struct cell_of *c, struct line *out, unsigned w) { put_size(out, row_bytes(c->row), w); }
static void asks(const struct cell_of *c, struct line *out, unsigned w) { put_size(out, c->row->bytes[CLIENT], w); }
static void answers(const struct cell_of *c, struct line *out, unsigned w) { put_size(out, c->row->bytes[SERVER], w); }
static void process(const struct cell_of *c, struct line *out, unsigned w) { put_text(out, ROLE_TEXT, c->row->process, w, CUT_END); }

/* Nothing, where it is not known. */
static void
pid(const struct cell_of *c, struct line *out, unsigned width)
{
	if (c->row->pid)
		put_number(out, c->row->pid, width);
	else
		put_text(out, ROLE_FAINT, "", width, CUT_END);
}

static void scheme(const struct cell_of *c, struct line *out, unsigned w) { put_text(out, ROLE_TEXT, c->row->scheme, w, CUT_END); }
static void tls(const struct cell_of *c, struct line *out, unsigned w) { put_text(out, ROLE_GOOD, c->row->tls ? "tls" : "", w, CUT_END); }
static void method(const struct cell_of *c, struct line *out, unsigned w) { put_text(out, ROLE_METHOD, row_method(c->row), w, CUT_END); }

static void
clock_time(const struct cell_of *c, struct line *out, unsigned width)
{
	char text[WORDS_MAX];

	put_text(out, ROLE_FAINT, words_clock(c->row->begun, false, text), width, CUT_END);
}

static void
date(const struct cell_of *c, struct line *out, unsigned width)
{
	time_t at = (time_t)(c->row->begun / 1000000);
	char text[DATE_ROOM] = "";
	struct tm tm;

	if (localtime_r(&at, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	put_text(out, ROLE_FAINT, text, width, CUT_END);
}

static void
path(const struct cell_of *c, struct line *out, unsigned width)
{
	rowcell_path(out, c->row, "", facts_operation(c->facts, c->row), width);
}

static void
comment(const struct cell_of *c, struct line *out, unsigned width)
{
	char said[REMARK_ROOM] = "";

	if (c->row->commented)
		store_said(c->store, c->row->id, REMARK_COMMENT, said, sizeof(said));
	put_text(out, ROLE_EDITED, said, width, CUT_END);
}

static void
url(const struct cell_of *c, struct line *out, unsigned width)
{
	char text[URL_MAX];

	put_text(out, ROLE_PATH, row_url(c->row, text), width, CUT_MIDDLE);
}

static void
port(const struct cell_of *c, struct line *out, unsigned width)
{
	if (c->row->port)
		put_number(out, c->row->port, width);
	else
		put_text(out, ROLE_TEXT, "", width, CUT_END);
}

/* "1.1→2": of the request, of the response. */
static void
versions(const struct cell_of *c, struct line *out, unsigned width)
{
	static const char *const names[] = { "1.0", "1.1", "2" };
	const uint8_t *v = c->row->version;
	char text[WORDS_MAX] = "";

	if (c->row->request && v[CLIENT] < ARRAY_LEN(names))
		snprintf(text, sizeof(text), "%s%s%s", names[v[CLIENT]], c->row->status ? "→" : "",
			c->row->status && v[SERVER] < ARRAY_LEN(names) ? names[v[SERVER]] : "");
	put_text(out, ROLE_FAINT, text, width, CUT_END);
}

static void
grpc(const struct cell_of *c, struct line *out, unsigned width)
{
	const struct code *code = c->row->grpc >= 0 ? code_grpc((unsigned)c->row->grpc) : NULL;

	put_text(out, code ? code->role : ROLE_TEXT, code ? code->name : "", width, CUT_END);
}

static void
messages(const struct cell_of *c, struct line *out, unsigned width)
{
	uint64_t n = (uint64_t)c->row->messages[CLIENT] + c->row->messages[SERVER];

	if (n)
		put_number(out, n, width);
	else
		put_text(out, ROLE_TEXT, "", width, CUT_END);
}

static void
took(const struct cell_of *c, struct line *out, unsigned width)
{
	char text[WORDS_MAX];

	cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(c->row, c->now), text)), width);
}

static void
ttfb(const struct cell_of *c, struct line *out, unsigned width)
{
	char text[WORDS_MAX] = "";

	if (c->row->answered && c->row->answered >= c->row->begun)
		words_time(c->row->answered - c->row->begun, text);
	cell_right(out, ROLE_TEXT, bytes_of(text), width);
}

static void
wait_bars(const struct cell_of *c, struct line *out, unsigned width)
{
	rowcell_bars(out, c->row, c->now);
	line_putf(out, ROLE_TEXT, "%*s", (int)(width - BARS), "");
}

static void
data(const struct cell_of *c, struct line *out, unsigned width)
{
	const char *text = facts_of(c->facts, c->fact, c->row);
	bool sign = !strcmp(text, FACT_LARGE) || !strcmp(text, "…");

	put_text(out, sign ? ROLE_FAINT : ROLE_STRING, text, width, CUT_END);
}

static const struct column table[] = {
	{ "id",		"ID",		6, 0, true,	id,		"the flow's number" },
	{ "mark",	"",		2, 0, false,	mark,		"what a person marked it with" },
	{ "comment",	"COMMENT",	12, 2, false,	comment,	"what a person said of it" },
	{ "time",	"TIME",		8, 0, false,	clock_time,	"when it began" },
	{ "date",	"DATE",		19, 0, false,	date,		"the day too" },
	{ "method",	"METHOD",	7, 0, false,	method,		"GET, POST" },
	{ "protocol",	"",		2, 0, false,	protocol,	"h2, where HTTP/2 is spoken" },
	{ "host",	"HOST",		12, 2, false,	host,		"the host, and a port that is not the usual one" },
	{ "path",	"PATH",		16, 3, false,	path,		"what is asked of it; what went wrong" },
	{ "url",	"URL",		24, 5, false,	url,		"all of the address" },
	{ "scheme",	"SCHEME",	6, 0, false,	scheme,		"http, https" },
	{ "port",	"PORT",		5, 0, true,	port,		"the server's" },
	{ "status",	"STATUS",	6, 0, false,	status,		"the status, or gRPC's" },
	{ "type",	"TYPE",		8, 0, false,	type,		"the response's media type; how many messages" },
	{ "size",	"SIZE",		6, 0, true,	size,		"bytes of the response's body" },
	{ "reqsize",	"REQ",		6, 0, true,	asks,		"bytes of the request's body" },
	{ "ressize",	"RES",		6, 0, true,	answers,	"bytes that the server sent" },
	{ "messages",	"MSGS",		6, 0, true,	messages,	"how many messages it has" },
	{ "http",	"HTTP",		7, 0, false,	versions,	"the versions of the request and the response" },
	{ "tls",	"TLS",		3, 0, false,	tls,		"it went over TLS" },
	{ "grpc",	"GRPC",		16, 0, false,	grpc,		"gRPC's status by name" },
	{ "process",	"PROCESS",	12, 0, false,	process,	"the client's process, on this machine" },
	{ "pid",	"PID",		7, 0, true,	pid,		"its number" },
	{ "took",	"TOOK",		7, 0, true,	took,		"how long it took" },
	{ "ttfb",	"TTFB",		7, 0, true,	ttfb,		"how long the response took to begin" },
	{ "wait",	"WAIT▂ RECV█",	11, 0, false,	wait_bars,	"how long, as bars: waiting, receiving" },
};
static const struct column of_data = { "", "", 10, 2, false, data, "" };

static bool
column_parse(struct columns *c, const char *name, struct fault *why)
{
	struct fact fact = { 0 };
	size_t i = 0;

	if (c->count == COLUMNS_MAX)
		return fault(why, "columns: more than %d", COLUMNS_MAX);
	while (i < ARRAY_LEN(table) && strcmp(table[i].name, name))
		i++;
	if (i == ARRAY_LEN(table) && !fact_parse(name, &fact, why))
		return *why->text ? false : fault(why, "columns: none is called '%.60s': Tab completes", name);
	c->one[c->count].column = i < ARRAY_LEN(table) ? &table[i] : &of_data;
	c->one[c->count++].fact = fact;
	return true;
}

/* A path in brackets may have spaces in it, in quotes: they end no name. */
static size_t
name_length(const char *text)
{
	char quote = '\0';
	size_t n = 0;

	for (; text[n] && (quote || text[n] != ' '); n++)
		if (quote ? text[n] == quote : (text[n] == '"' || text[n] == '\''))
			quote = quote ? '\0' : text[n];
	return n;
}

bool
columns_parse(struct columns *c, const char *text, struct fault *why)
{
	struct columns made = { .count = 0 };
	char name[FACT_NAME_MAX * 2];
	size_t len;

	while (text += strspn(text, " "), *text) {
		len = name_length(text);
		if (len >= sizeof(name))
			return fault(why, "columns: '%.40s...' is too long for a name", text);
		memcpy(name, text, len);
		name[len] = '\0';
		if (!column_parse(&made, name, why))
			return false;
		text += len;
	}
	*c = made;
	return true;
}

/* What each has: its own, and its share of what is left. The last with one takes what does not divide. */
static void
columns_widths(const struct columns *c, unsigned columns, unsigned width[COLUMNS_MAX])
{
	unsigned used = BESIDES, shares = 0, rest, more;

	for (size_t i = 0; i < c->count; i++) {
		width[i] = c->one[i].column->width;
		used += width[i] + (i + 1 < c->count);
		shares += c->one[i].column->share;
	}
	rest = columns > used ? columns - used : 0;
	for (size_t i = 0; i < c->count && shares; i++) {
		more = rest * c->one[i].column->share / shares;
		width[i] += more;
		rest -= more;
		shares -= c->one[i].column->share;
	}
}

void
columns_row(const struct columns *c, unsigned columns, const struct cell_of *of, struct line *out)
{
	unsigned width[COLUMNS_MAX];
	struct cell_of cell = *of;

	columns_widths(c, columns, width);
	for (size_t i = 0; i < c->count; i++) {
		cell.fact = &c->one[i].fact;
		c->one[i].column->draw(&cell, out, width[i]);
		line_put(out, ROLE_TEXT, bytes_of(i + 1 < c->count ? " " : ""));
	}
}

/* "header:x-request-id" is called x-request-id. */
static const char *
column_heading(const struct columns *c, size_t i)
{
	const struct column *column = c->one[i].column;

	return column == &of_data ? c->one[i].fact.name : column->heading;
}

void
columns_header(const struct columns *c, unsigned columns, struct line *out)
{
	unsigned width[COLUMNS_MAX];

	columns_widths(c, columns, width);
	for (size_t i = 0; i < c->count; i++) {
		struct bytes heading = bytes_of(column_heading(c, i));

		if (c->one[i].column->right)
			cell_right(out, ROLE_HEADER, heading, width[i]);
		else
			cell_put(out, ROLE_HEADER, heading, width[i], CUT_END);
		line_put(out, ROLE_HEADER, bytes_of(i + 1 < c->count ? " " : ""));
	}
}

bool
columns_about(size_t i, const char **name, const char **about)
{
	if (i >= ARRAY_LEN(table))
		return false;
	*name = table[i].name;
	*about = table[i].about;
	return true;
}

bool
columns_complete(const char *text, size_t n, char *out, size_t room)
{
	const char *last = strrchr(text, ' '), *name;

	last = last ? last + 1 : text;
	for (size_t i = 0; i < ARRAY_LEN(table) || fact_prefix(i - ARRAY_LEN(table)); i++) {
		name = i < ARRAY_LEN(table) ? table[i].name : fact_prefix(i - ARRAY_LEN(table));
		if (!strncmp(name, last, strlen(last)) && !n--)
			return snprintf(out, room, "%.*s%s%s", (int)(last - text), text, name, i < ARRAY_LEN(table) ? " " : "") > 0;
	}
	return false;
}
