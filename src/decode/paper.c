/* A doc of any length: counted on one thread, laid out on another where it is looked at. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode_inside.h"
#include "soth/paper.h"

enum { SLICE = 256 * 1024, FAR = 16 << 20, BLOCK = 256 * 1024, BLOCK_FAR = 1 << 20, PIECE = 4096, SHEETS = 2,
	WINDOW_MAX = 8 << 20 };

/* What it takes to go on from a place. */
struct block {
	uint64_t base;
	size_t line;			/* lines begun before; the last of them is open where `doc` says so */
	struct doc_place doc;
	const struct decoder *how;
	bool failed, fallen;
	char why[160];			/* it failed */
	unsigned nest;
	unsigned least;			/* the least depth of lines that begin in it; of the last: so far */
	uint8_t state[];
};

/* Lines laid out. */
struct sheet {
	struct doc *doc;		/* NULL: none */
	size_t first, lines;		/* of the paper; in the doc from `skip` on */
	size_t skip;
	uint64_t reached;		/* by the reader, when it was laid out */
};

struct paper {
	pthread_mutex_t lock;		/* of what both threads see: down to `reports` */
	struct block **block;
	size_t blocks, room;
	size_t lines;
	uint64_t reached;
	bool done;
	struct doc *whole;		/* of a decoder without feed(), once it is done */
	struct report report[DECODE_STEPS_MAX];
	size_t reports;
	/* The reader's. */
	struct decode *reading;
	struct doc *counted;
	size_t window;			/* bytes it gets to see at once */
	bool early;			/* it was chosen by a few bytes */
	/* Nobody changes: */
	const struct decoder *const *all;
	struct choice choice;
	size_t place;
	struct decode *pattern;		/* holds the hint */
	/* The screen's. */
	struct sheet sheet[SHEETS];
	size_t turn;
};

static struct decode *
paper_decode(struct paper *p, struct doc *doc)
{
	struct decode *d = decode_begin(p->all, &p->choice, &p->pattern->hint, doc);

	d->place = p->place;
	return d;
}

struct paper *
paper_new(const struct decoder *const *all, const struct choice *c, const struct hint *h, size_t place)
{
	struct paper *p = xalloc(sizeof(*p));

	pthread_mutex_init(&p->lock, NULL);
	p->all = all;
	p->choice = c ? *c : (struct choice){ 0 };
	p->place = place;
	p->pattern = decode_begin(all, c, h, NULL);
	p->counted = doc_new_bare();
	p->reading = paper_decode(p, p->counted);
	p->window = SLICE;
	return p;
}

void
paper_free(struct paper *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->blocks; i++)
		free(p->block[i]);
	free(p->block);
	for (size_t i = 0; i < SHEETS; i++)
		if (p->sheet[i].doc)
			doc_free(p->sheet[i].doc);
	if (p->whole)
		doc_free(p->whole);
	decode_free(p->reading);
	decode_free(p->pattern);
	doc_free(p->counted);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The lock is held. */
static void
paper_block(struct paper *p)
{
	const struct decode *d = p->reading;
	struct block *b = xalloc(sizeof(*b) + d->how->size);

	*b = (struct block){ .base = d->base, .line = doc_lines(p->counted), .doc = doc_place(p->counted),
		.how = d->how, .failed = d->failed, .fallen = d->fallen, .nest = d->nest, .least = UINT32_MAX };
	memcpy(b->state, d->st, d->how->size);
	snprintf(b->why, sizeof(b->why), "%s", d->report.why);
	if (p->blocks == p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->block = xgrow(p->block, p->room, sizeof(*p->block));
	}
	p->block[p->blocks++] = b;
}

static bool
paper_is_whole(const struct paper *p)
{
	return p->reading->how && !p->reading->how->feed && !p->reading->failed;
}

/* Another place to begin from, when the last one is far enough back. */
static void
paper_rest(struct paper *p)
{
	uint64_t last = p->blocks ? p->block[p->blocks - 1]->base : 0, base = p->reading->base;

	if (!paper_is_whole(p) && (!p->blocks || base - last >= (base < FAR ? BLOCK : BLOCK_FAR)))
		paper_block(p);
}

/* What the other thread may see of it now. */
static void
paper_publish(struct paper *p, bool done)
{
	struct block *b = p->blocks ? p->block[p->blocks - 1] : NULL;
	unsigned least = doc_least(p->counted);

	if (b && least < b->least)
		b->least = least;
	p->lines = p->whole ? doc_lines(p->whole) : doc_lines(p->counted);
	p->reached = p->reading->base;
	p->reports = decode_reports(p->reading, p->report, ARRAY_LEN(p->report));
	p->done = done;
}

/* All at once, into a doc that stays. */
static void
paper_whole(struct paper *p, struct bytes all)
{
	struct doc *doc = doc_new(PAPER_DOC_MAX);

	p->reading->doc = doc;
	(void)decode_over(p->reading, all, true);
	pthread_mutex_lock(&p->lock);
	p->whole = doc;
	paper_publish(p, true);
	pthread_mutex_unlock(&p->lock);
}

bool
paper_read(struct paper *p, struct bytes all, bool last)
{
	struct decode *d = p->reading;
	struct bytes rest = { all.at + d->base, all.len - (size_t)d->base };
	bool end;
	size_t used;

	if (p->done)
		return false;
	if (!decode_ready(d, rest, last)) {
		p->done = last;		/* of nothing */
		return false;
	}
	if (paper_is_whole(p) && all.len > DECODE_WHOLE_MAX)
		decode_fail(d, "more than %d MiB: too much for %s", DECODE_WHOLE_MAX >> 20, d->how->name);
	else if (paper_is_whole(p) && last)
		return paper_whole(p, all), false;
	else if (paper_is_whole(p))
		return false;
	pthread_mutex_lock(&p->lock);
	paper_rest(p);
	pthread_mutex_unlock(&p->lock);
	end = last && rest.len <= p->window;
	if (!end && rest.len > p->window)
		rest.len = p->window;
	used = decode_over(d, rest, end);
	p->window = used ? SLICE : p->window < WINDOW_MAX ? p->window * 2 : p->window;
	pthread_mutex_lock(&p->lock);
	paper_publish(p, end);
	pthread_mutex_unlock(&p->lock);
	return !end && (used || all.len - d->base > p->window / 2);
}

bool
paper_read_early(struct paper *p, struct bytes all)
{
	if (!p->reading->how && all.len && decode_ready(p->reading, all, true))
		p->early = !p->reading->report.chosen;
	return paper_read(p, all, false);
}

bool
paper_mistaken(struct paper *p, struct bytes all, bool last)
{
	if (!p->early || !decode_told(all, last))
		return false;
	p->early = false;
	return p->reading->how != decode_best(p->reading, all) && !p->reading->fallen;
}

size_t
paper_lines(struct paper *p)
{
	size_t lines;

	pthread_mutex_lock(&p->lock);
	lines = p->lines;
	pthread_mutex_unlock(&p->lock);
	return lines;
}

bool
paper_done(struct paper *p)
{
	bool done;

	pthread_mutex_lock(&p->lock);
	done = p->done;
	pthread_mutex_unlock(&p->lock);
	return done;
}

uint64_t
paper_reached(struct paper *p)
{
	uint64_t reached;

	pthread_mutex_lock(&p->lock);
	reached = p->reached;
	pthread_mutex_unlock(&p->lock);
	return reached;
}

size_t
paper_reports(struct paper *p, struct report *out, size_t max)
{
	size_t n;

	pthread_mutex_lock(&p->lock);
	n = p->reports < max ? p->reports : max;
	memcpy(out, p->report, n * sizeof(*out));
	pthread_mutex_unlock(&p->lock);
	return n;
}

/* The first line that begins in the block. */
static size_t
block_first(const struct block *b)
{
	return b->line;
}

/* The last block that line i begins in or after. The lock is held. */
static size_t
paper_find(const struct paper *p, size_t i)
{
	size_t low = 0, high = p->blocks;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (block_first(p->block[middle]) <= i)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Where the block after this one begins; bytes and lines. The lock is held. */
static void
paper_until(const struct paper *p, size_t at, uint64_t *base, size_t *line)
{
	*base = at + 1 < p->blocks ? p->block[at + 1]->base : p->reached;
	*line = at + 1 < p->blocks ? block_first(p->block[at + 1]) : p->lines;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Decodes a block again, and as much after it as its last line needs. */
static void
sheet_lay(struct paper *p, struct sheet *s, struct bytes all, const struct block *b, uint64_t until, size_t line, bool done)
{
	struct decode *d = paper_decode(p, s->doc);
	size_t window = SLICE;

	d->how = b->how;
	d->st = xalloc(b->how->size + 1);
	memcpy(d->st, b->state, b->how->size);
	d->base = b->base;
	d->failed = b->failed;
	d->fallen = b->fallen;
	d->nest = b->nest;
	snprintf(d->report.why, sizeof(d->report.why), "%s", b->why);
	doc_go_on(s->doc, b->doc);
	while (!d->ended && !doc_is_cut(s->doc)) {
		struct bytes rest = { all.at + d->base, all.len - (size_t)d->base };
		size_t ahead = d->base < until ? (size_t)(until - d->base) : PIECE, used;

		if (d->base >= until && s->first + doc_lines(s->doc) - s->skip - doc_open(s->doc) >= line)
			break;
		ahead = least(ahead > window ? ahead : window, WINDOW_MAX);
		d->ended = done && rest.len <= ahead;
		rest.len = least(rest.len, ahead);
		used = decode_over(d, rest, d->ended);
		if (!used && window >= WINDOW_MAX)
			break;
		window = used ? PIECE : window * 2;
	}
	decode_free(d);
}

/* Its last line may have gone on since. */
static bool
sheet_is_old(struct paper *p, const struct sheet *s, size_t i)
{
	return i + 1 == s->first + s->lines && s->reached != UINT64_MAX && s->reached != paper_reached(p);
}

static const struct sheet *
paper_sheet(struct paper *p, struct bytes all, size_t i)
{
	const struct block *b;
	struct sheet *s;
	uint64_t until, reached;
	size_t at, line;
	bool done;

	for (size_t k = 0; k < SHEETS; k++)
		if (p->sheet[k].doc && i >= p->sheet[k].first && i < p->sheet[k].first + p->sheet[k].lines &&
				!sheet_is_old(p, &p->sheet[k], i))
			return &p->sheet[k];
	s = &p->sheet[p->turn++ % SHEETS];
	if (s->doc)
		doc_free(s->doc);
	pthread_mutex_lock(&p->lock);
	at = paper_find(p, i);
	b = p->block[at];
	paper_until(p, at, &until, &line);
	done = p->done;
	reached = p->reached;
	pthread_mutex_unlock(&p->lock);
	*s = (struct sheet){ .doc = doc_new(SIZE_MAX / 4), .first = block_first(b), .skip = b->doc.open,
		.reached = done ? UINT64_MAX : reached };
	sheet_lay(p, s, all, b, until, line, done);
	s->lines = least(doc_lines(s->doc) - s->skip, line - s->first);
	return s;
}

struct paper_line
paper_line(struct paper *p, struct bytes all, size_t i)
{
	const struct sheet *s;

	if (p->whole)
		return (struct paper_line){ p->whole, i };
	s = paper_sheet(p, all, i);
	return (struct paper_line){ s->doc, i - s->first + s->skip };
}

/* Whether line i, which was just laid out, is the last or the first of a sheet. */
static bool
paper_ends(const struct paper *p, size_t i)
{
	for (size_t k = 0; k < SHEETS; k++)
		if (p->sheet[k].doc && i + 1 == p->sheet[k].first + p->sheet[k].lines)
			return true;
	return false;
}

static bool
paper_begins(const struct paper *p, size_t i)
{
	for (size_t k = 0; k < SHEETS; k++)
		if (p->sheet[k].doc && i == p->sheet[k].first)
			return true;
	return false;
}

static unsigned
paper_depth(struct paper *p, struct bytes all, size_t i)
{
	struct paper_line l = paper_line(p, all, i);

	return doc_depth(l.doc, l.line);
}

/* The first line of the next block that has one of that depth; or all of them. */
static size_t
paper_skip(struct paper *p, size_t i, unsigned depth)
{
	size_t at, next;

	pthread_mutex_lock(&p->lock);
	at = p->blocks ? paper_find(p, i) : 0;
	while (at + 1 < p->blocks && p->block[at + 1]->least > depth)
		at++;
	next = at + 1 < p->blocks ? block_first(p->block[at + 1]) : p->lines;
	pthread_mutex_unlock(&p->lock);
	return next;
}

size_t
paper_past(struct paper *p, struct bytes all, size_t i)
{
	unsigned depth = paper_depth(p, all, i);
	size_t lines = paper_lines(p);

	for (i++; i < lines; i++) {
		struct paper_line l = paper_line(p, all, i);

		if (doc_depth(l.doc, l.line) <= depth)
			return i;
		if (!p->whole && paper_ends(p, i))
			i = paper_skip(p, i, depth) - 1;
	}
	return lines;
}

/* The line before which a block begins that has one of less depth; or 0. */
static size_t
paper_skip_back(struct paper *p, size_t i, unsigned depth)
{
	size_t at, next = 0;

	pthread_mutex_lock(&p->lock);
	at = p->blocks ? paper_find(p, i) : 0;
	while (at && p->block[at]->least >= depth)
		at--;
	if (at < p->blocks)
		next = at + 1 < p->blocks ? block_first(p->block[at + 1]) : p->lines;
	pthread_mutex_unlock(&p->lock);
	return next < i ? next : i;
}

size_t
paper_parent(struct paper *p, struct bytes all, size_t i)
{
	unsigned depth = paper_depth(p, all, i);
	size_t at = i;

	while (depth && at) {
		struct paper_line l = paper_line(p, all, --at);

		if (doc_depth(l.doc, l.line) < depth)
			return at;
		if (!p->whole && paper_begins(p, at))
			at = paper_skip_back(p, at, depth);
	}
	return i;
}

/* Blocks are in the order of their bytes, and so are marks. */
size_t
paper_at(struct paper *p, struct bytes all, uint64_t offset)
{
	size_t i = 0, found = 0, lines = paper_lines(p);
	uint64_t from, to;

	pthread_mutex_lock(&p->lock);
	for (size_t k = 0; k < p->blocks && p->block[k]->base <= offset; k++)
		i = block_first(p->block[k]);
	pthread_mutex_unlock(&p->lock);
	found = i = i ? i - 1 : 0;
	for (; i < lines; i++) {
		struct paper_line l = paper_line(p, all, i);

		if (!doc_marked(l.doc, l.line, &from, &to))
			continue;
		if (from > offset)
			break;
		found = i;
	}
	return found;
}
