/* Flows in the order of a column. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ranking.h"
#include "rowcell.h"
#include "soth/map.h"

enum { TEXT_MAX = 96, BLOCK = 64 * 1024, FEW_MAX = 4096 };

struct block { struct block *before; size_t used; char text[BLOCK]; };

struct rank {
	uint64_t number;	/* which comes before the text */
	const char *text;	/* NULL: the column has numbers */
	size_t index;
	bool gone;
};

static uint64_t status(const struct row *r) { return r->status; }
static uint64_t size(const struct row *r) { return row_bytes(r); }
static uint64_t took(const struct row *r) { return r->ended ? r->ended - r->begun : 0; }
static uint64_t begun(const struct row *r) { return r->begun; }
static uint64_t messages(const struct row *r) { return (uint64_t)r->messages[CLIENT] + r->messages[SERVER]; }
static uint64_t id(const struct row *r) { return r->id; }
static uint64_t port(const struct row *r) { return r->port; }
static uint64_t asks(const struct row *r) { return r->bytes[CLIENT]; }
static uint64_t answers(const struct row *r) { return r->bytes[SERVER]; }
static uint64_t waited(const struct row *r) { return r->answered ? r->answered - r->begun : 0; }
static uint64_t grpc(const struct row *r) { return r->grpc < 0 ? 0 : (uint64_t)r->grpc + 1; }
static uint64_t pid(const struct row *r) { return r->pid; }
static uint64_t protocol(const struct row *r) { return r->protocol; }
static uint64_t tls(const struct row *r) { return r->tls; }
static uint64_t http(const struct row *r) { return r->request ? (uint64_t)r->version[CLIENT] * 256 + r->version[SERVER] + 1 : 0; }
static uint64_t comment(const struct row *r) { return r->commented; }
static const char *mark(const struct row *r, char room[URL_MAX]) { (void)room; return r->mark; }
static const char *scheme(const struct row *r, char room[URL_MAX]) { (void)room; return r->scheme; }
static const char *method(const struct row *r, char room[URL_MAX]) { (void)room; return r->method; }
static const char *host(const struct row *r, char room[URL_MAX]) { (void)room; return r->host; }
static const char *process(const struct row *r, char room[URL_MAX]) { (void)room; return r->process; }
static const char *path(const struct row *r, char room[URL_MAX]) { (void)room; return r->path; }
static const char *type(const struct row *r, char room[URL_MAX]) { (void)room; return r->type; }

/* To add one, add its line. */
static const struct column {
	const char *name;
	uint64_t (*number)(const struct row *r);
	const char *(*text)(const struct row *r, char room[URL_MAX]);
	bool few;		/* many flows have the same */
} columns[] = {
	{ "time", begun, NULL }, { "date", begun, NULL }, { "method", NULL, method, true }, { "protocol", protocol, NULL },
	{ "host", NULL, host, true }, { "path", NULL, path }, { "url", NULL, row_url }, { "scheme", NULL, scheme, true },
	{ "port", port, NULL }, { "status", status, NULL }, { "type", NULL, type, true }, { "size", size, NULL },
	{ "reqsize", asks, NULL }, { "ressize", answers, NULL }, { "messages", messages, NULL }, { "http", http, NULL },
	{ "tls", tls, NULL }, { "grpc", grpc, NULL }, { "took", took, NULL }, { "ttfb", waited, NULL },
	{ "wait", took, NULL }, { "id", id, NULL }, { "mark", NULL, mark, true }, { "comment", comment, NULL },
	{ "process", NULL, process, true }, { "pid", pid, NULL },
};

struct ranking {
	const struct column *column;	/* NULL: it is of the flow's data */
	struct fact fact;
	char by[RANKING_NAME];
	bool back;
	struct map *texts;	/* each that there is, once, in a block */
	struct block *block;	/* the last */
	struct map *loose;	/* by index, the rank of what may change yet */
	struct rank *rank;	/* settled, and behind them those that are not */
	size_t settled, count, room;
	size_t gone;
	struct rank *merged;
	size_t merged_room;
};

struct ranking *
ranking_new(const char *by)
{
	const char *name = by + (*by == '-');
	const struct column *column = NULL;
	struct fact fact = { 0 };
	struct ranking *r;
	struct fault why;

	for (size_t i = 0; i < ARRAY_LEN(columns) && !column; i++)
		column = strcmp(columns[i].name, name) ? NULL : &columns[i];
	if (!column && !fact_parse(name, &fact, &why))
		return NULL;
	r = xalloc(sizeof(*r));
	r->column = column;
	r->fact = fact;
	r->back = *by == '-';
	r->texts = map_new();
	r->loose = map_new();
	snprintf(r->by, sizeof(r->by), "%s", by);
	return r;
}

void
ranking_free(struct ranking *r)
{
	if (!r)
		return;
	for (struct block *b = r->block, *before; b; b = before) {
		before = b->before;
		free(b);
	}
	map_free(r->texts, NULL);
	map_free(r->loose, free);
	free(r->rank);
	free(r->merged);
	free(r);
}

const char *
ranking_column(size_t i)
{
	return i < ARRAY_LEN(columns) ? columns[i].name : NULL;
}

const char *
ranking_by(const struct ranking *r)
{
	return r->by;
}

const struct fact *
ranking_fact(const struct ranking *r)
{
	return r->column ? NULL : &r->fact;
}

/* Texts lie one behind the other in blocks, which go all at once. */
static char *
text_copy(struct ranking *r, struct bytes text)
{
	char *to;

	if (!r->block || r->block->used + text.len + 1 > BLOCK) {
		struct block *b = xgrow(NULL, 1, sizeof(*b));

		b->before = r->block;
		b->used = 0;
		r->block = b;
	}
	to = r->block->text + r->block->used;
	memcpy(to, text.at, text.len);
	to[text.len] = '\0';
	r->block->used += text.len + 1;
	return to;
}

/* A copy, of as much of it as is compared; the only one, where many are the same. */
static const char *
kept_text(struct ranking *r, const char *text)
{
	struct bytes key = { (const uint8_t *)text, strnlen(text, TEXT_MAX) };
	bool few = !key.len || (r->column ? r->column->few : map_count(r->texts) < FEW_MAX);
	char *kept = few ? map_find(r->texts, key) : NULL;

	if (kept)
		return kept;
	kept = text_copy(r, key);
	if (few)
		(void)map_put(r->texts, key, kept);
	return kept;
}

static int
compared(const struct ranking *r, const struct rank *a, const struct rank *b)
{
	int way = (a->number > b->number) - (a->number < b->number);

	if (!way && a->text != b->text)
		way = strcmp(a->text, b->text);
	if (way)
		return r->back ? -way : way;
	return (a->index > b->index) - (a->index < b->index);
}

static int
by_rank(const void *a, const void *b, void *r)
{
	return compared(r, a, b);
}

static struct bytes
index_key(const size_t *index)
{
	return (struct bytes){ (const uint8_t *)index, sizeof(*index) };
}

/* Where it is among the settled, or SIZE_MAX. */
static size_t
settled_place(const struct ranking *r, const struct rank *key)
{
	size_t low = 0, high = r->settled;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int way = compared(r, &r->rank[middle], key);

		if (!way)
			return middle;
		if (way < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

/* Of those that go on, what they were ranked by is known; others are looked for. */
static size_t
rank_find(const struct ranking *r, size_t index)
{
	const struct rank *last = map_find(r->loose, index_key(&index));
	size_t at = last ? settled_place(r, last) : SIZE_MAX;

	if (at != SIZE_MAX && !r->rank[at].gone)
		return at;
	for (size_t i = last ? r->settled : 0; i < r->count; i++)
		if (r->rank[i].index == index && !r->rank[i].gone)
			return i;
	return SIZE_MAX;
}

void
ranking_take(struct ranking *r, size_t index)
{
	size_t at = rank_find(r, index);

	free(map_take(r->loose, index_key(&index)));
	if (at == SIZE_MAX)
		return;
	r->rank[at].gone = true;
	r->gone++;
}

void
ranking_take_all(struct ranking *r, const uint32_t *index, size_t count)
{
	for (size_t i = 0; i < r->count; i++) {
		size_t low = 0, high = count;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (index[middle] < r->rank[i].index)
				low = middle + 1;
			else
				high = middle;
		}
		if (low == count || index[low] != r->rank[i].index || r->rank[i].gone)
			continue;
		r->rank[i].gone = true;
		r->gone++;
	}
}

static void
rank_add(struct ranking *r, const struct rank *new)
{
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 256;
		r->rank = xgrow(r->rank, r->room, sizeof(*r->rank));
	}
	r->rank[r->count++] = *new;
}

static void
rank_remember(struct ranking *r, const struct rank *new)
{
	struct rank *last = xalloc(sizeof(*last));

	*last = *new;
	free(map_put(r->loose, index_key(&new->index), last));
}

/* In the order of the numbers; of texts that are none, and of none at all. */
static uint64_t
said_number(const struct ranking *r, const char *said)
{
	double value;
	uint64_t bits;
	char *end;

	if (!*said)
		return r->back ? 0 : UINT64_MAX;
	value = strtod(said, &end);
	if (end == said || *end || value != value)
		return UINT64_MAX - 1;
	memcpy(&bits, &value, sizeof(bits));
	return 1 + ((bits >> 63 ? ~bits : bits | 1ull << 63) >> 1);
}

void
ranking_put(struct ranking *r, size_t index, const struct row *row, const char *said)
{
	struct rank new = { .index = index };
	char room[URL_MAX];
	const struct rank *last = map_find(r->loose, index_key(&index));

	if (!r->column) {
		new.number = said_number(r, said);
		new.text = kept_text(r, said);
	} else if (r->column->text)
		new.text = kept_text(r, r->column->text(row, room));
	else
		new.number = r->column->number(row);
	if (!last || compared(r, last, &new)) {
		if (last)
			ranking_take(r, index);
		rank_add(r, &new);
	}
	if (!row->ended)
		rank_remember(r, &new);
	else
		free(map_take(r->loose, index_key(&index)));
}

void
ranking_pass(struct ranking *r, struct store *s)
{
	for (size_t i = 0; i < r->count; i++) {
		uint32_t index = (uint32_t)r->rank[i].index;

		if (r->rank[i].gone || store_left(s, &index, 1))
			continue;
		free(map_take(r->loose, index_key(&r->rank[i].index)));
		r->rank[i].gone = true;
		r->gone++;
	}
}

bool
ranking_settle(struct ranking *r)
{
	size_t a = 0, b = r->settled, n = 0;
	struct rank *was = r->rank;

	if (r->settled == r->count && !r->gone)
		return false;
	qsort_r(was + b, r->count - b, sizeof(*was), by_rank, r);
	if (r->merged_room < r->room)
		r->merged = xgrow(r->merged, r->merged_room = r->room, sizeof(*r->merged));
	while (a < r->settled || b < r->count) {
		bool left = b == r->count || (a < r->settled && compared(r, &was[a], &was[b]) < 0);
		const struct rank *next = &was[left ? a++ : b++];

		if (!next->gone)
			r->merged[n++] = *next;
	}
	r->rank = r->merged;
	r->merged = was;
	n = r->count - r->gone;
	r->merged_room = r->room;
	r->settled = r->count = n;
	r->gone = 0;
	return true;
}

size_t
ranking_count(const struct ranking *r)
{
	return r->settled;
}

size_t
ranking_at(const struct ranking *r, size_t place)
{
	return r->rank[place].index;
}

size_t
ranking_place(const struct ranking *r, size_t index)
{
	for (size_t i = 0; i < r->settled; i++)
		if (r->rank[i].index == index)
			return i;
	return SIZE_MAX;
}
