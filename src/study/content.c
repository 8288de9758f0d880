/* One side's body, read on from the journal, freed of its codings and laid out. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/content.h"
#include "soth/coding.h"
#include "soth/spool.h"
#include "soth/trail.h"

enum { AT_ONCE = 512 * 1024, RECORD_MAX = 80 << 20, SLICES = 4 };
#define PLAIN_MAX ((uint64_t)16 << 30)	/* address space */

struct content {
	struct content_how how;
	struct trail *trail;
	struct buf scratch;
	struct head *head, *request;
	char *fixes;
	struct hint known;		/* of bytes that are here; their texts in `texts` */
	struct slice here, texts;
	struct coding *coding;		/* NULL: nothing of the body has come */
	struct spool *plain;
	bool over;			/* nothing more is put into it */
	struct fault why;
	struct paper *mistaken;		/* laid out before; NULL: none */
	/* Seen by both threads: */
	pthread_mutex_t lock;
	struct paper *paper;
	struct content_state state;
	struct report report[DECODE_STEPS_MAX];
	size_t reports, steps;
};

/* What is here, and the texts of its hint, one behind the other. */
static void
content_keep(struct content *c)
{
	const struct hint *h = c->how.hint;
	struct bytes *text[] = { &c->known.type, &c->known.coding, &c->known.path };
	size_t len = h->type.len + h->coding.len + h->path.len;
	uint8_t *to;

	c->known = *h;
	c->known.fixes = c->how.fixes;
	c->known.schema = c->how.schema;
	c->texts = slice_new(len + 1, &to);
	for (size_t i = 0; i < ARRAY_LEN(text); i++) {
		if (text[i]->len)
			memcpy(to, text[i]->at, text[i]->len);
		text[i]->at = to;
		to += text[i]->len;
	}
	c->here = slice_copy(c->how.bytes);
	c->state.came = c->here.bytes.len;
	c->how.hint = NULL;
}

struct content *
content_new(const struct content_how *how)
{
	struct content *c = xalloc(sizeof(*c));

	c->how = *how;
	c->fixes = xalloc(how->fixes.len + 1);
	if (how->fixes.len)
		memcpy(c->fixes, how->fixes.at, how->fixes.len);
	c->how.fixes = bytes_of(c->fixes);
	if (how->hint)
		content_keep(c);
	else
		c->trail = trail_new(how->store, how->flow);
	buf_init(&c->scratch, RECORD_MAX);
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void
content_free(struct content *c)
{
	if (!c)
		return;
	paper_free(c->paper);
	paper_free(c->mistaken);
	coding_free(c->coding);
	spool_free(c->plain);
	head_drop(c->head);
	head_drop(c->request);
	trail_free(c->trail);
	slice_drop(&c->here);
	slice_drop(&c->texts);
	buf_release(&c->scratch);
	pthread_mutex_destroy(&c->lock);
	free(c->fixes);
	free(c);
}

static struct hint
content_hint(const struct content *c)
{
	struct hint h = { .side = c->how.side, .fixes = c->how.fixes, .schema = c->how.schema };

	if (!c->trail)
		return c->known;
	if (c->head) {
		h.type = head_find(c->head, "content-type");
		h.coding = head_find(c->head, "content-encoding");
		h.transfer = head_find(c->head, "transfer-encoding");
	}
	if (c->request)
		h.path = head_target(c->request);
	return h;
}

/* With its first bytes: the head has come, if there is one. */
static void
content_begin(struct content *c)
{
	struct hint h = content_hint(c);

	if (c->coding)
		return;
	c->coding = coding_new(&h, &c->how.choice, c->how.unpack_max);
	c->plain = spool_new(PLAIN_MAX);
}

static void
content_trouble(struct content *c, const struct fault *why)
{
	if (!*c->why.text)
		c->why = *why;
	c->over = true;
}

static void
content_plain(void *arg, struct bytes out)
{
	struct content *c = arg;
	struct fault why;

	if (!c->over && !spool_add(c->plain, out, &why))
		content_trouble(c, &why);
}

static void
content_head(struct content *c, const struct glance *g)
{
	struct head **to = g->side == c->how.side ? &c->head : &c->request;
	uint64_t back, next;
	struct fault why;
	struct note n;

	if (!journal_read(trail_file(c->trail), g->at, &c->scratch, &n, &back, &next, &why))
		return;
	if (n.kind == NOTE_PART && n.part.kind == PART_HEAD && (head_kind(n.part.head) == HEAD_REQUEST ||
			head_status(n.part.head) >= 200 || head_status(n.part.head) == 101)) {
		head_drop(*to);
		*to = n.part.head;
		n.part = (struct part){ .kind = PART_NONE };
		if (head_kind(*to) == HEAD_REQUEST && to != &c->request) {
			head_drop(c->request);
			c->request = head_ref(*to);
		}
	}
	note_drop(&n);
}

static void
content_data(struct content *c, const struct glance *g)
{
	struct bytes data;
	struct fault why;

	content_begin(c);
	if (!journal_data(trail_file(c->trail), g, &c->scratch, &data, &why)) {
		content_trouble(c, &why);
		return;
	}
	coding_feed(c->coding, data, content_plain, c);
}

static void
content_end(struct content *c)
{
	if (c->coding && !c->over)
		coding_end(c->coding, content_plain, c);
	c->over = true;
}

static void
content_part(struct content *c, const struct glance *g)
{
	struct content_state *s = &c->state;
	bool mine = g->side == c->how.side;

	if (g->part == PART_HEAD)
		content_head(c, g);
	else if (!mine || c->over)
		return;
	else if (g->part == PART_DATA)
		content_data(c, g);
	else if (g->part == PART_END || g->part == PART_RESET)
		content_end(c);
	pthread_mutex_lock(&c->lock);
	s->came += mine && g->part == PART_DATA ? g->len : 0;
	s->skipped += mine && g->part == PART_SKIP ? g->count : 0;
	s->messages += mine && g->part == PART_MESSAGE;
	pthread_mutex_unlock(&c->lock);
	if (g->part == PART_SKIP)
		content_end(c);
}

/* Records, until enough bytes have come. */
static bool
content_records(struct content *c)
{
	uint64_t came = 0;
	struct glance g;
	struct fault why;

	if (!c->trail && !c->over) {
		content_begin(c);
		coding_feed(c->coding, c->here.bytes, content_plain, c);
		content_end(c);
	}
	while (!c->over && came < AT_ONCE) {
		if (!trail_next(c->trail, &g, &why)) {
			if (*why.text)
				content_trouble(c, &why);
			return trail_busy(c->trail);
		}
		came += g.len + 64;
		if (g.kind == NOTE_PART)
			content_part(c, &g);
		else if (g.kind == NOTE_GONE)
			content_end(c);
	}
	return !c->over;
}

/* What the screen may see of it now. */
static void
content_publish(struct content *c)
{
	const char *trouble = c->coding ? coding_trouble(c->coding) : NULL;

	pthread_mutex_lock(&c->lock);
	if (c->coding) {
		c->reports = coding_reports(c->coding, c->report, ARRAY_LEN(c->report));
		c->steps = coding_steps(c->coding);
	}
	c->state.ended = c->over;
	snprintf(c->state.trouble, sizeof(c->state.trouble), "%s", *c->why.text ? c->why.text : trouble ? trouble : "");
	c->state.done = c->over && (!c->paper || paper_done(c->paper));
	pthread_mutex_unlock(&c->lock);
}

/* What was laid out by a few bytes, when more say that it is something else.
 * The screen may look at it still. */
static void
content_again(struct content *c)
{
	if (!c->paper || !paper_mistaken(c->paper, spool_bytes(c->plain), c->over))
		return;
	paper_free(c->mistaken);
	c->mistaken = c->paper;
	pthread_mutex_lock(&c->lock);
	c->paper = NULL;
	pthread_mutex_unlock(&c->lock);
}

static void
content_lay_out(struct content *c)
{
	struct hint h = content_hint(c);
	struct paper *p;

	if (c->paper || !spool_bytes(c->plain).len)
		return;
	if (coding_unknown(c->coding) && !*c->how.choice.step[coding_steps(c->coding)])
		h.as = "hex";
	h.text = coding_is_text(c->coding);
	p = paper_new(c->how.decoders, &c->how.choice, &h, coding_steps(c->coding));
	pthread_mutex_lock(&c->lock);
	c->paper = p;
	pthread_mutex_unlock(&c->lock);
}

bool
content_read(void *content)
{
	struct content *c = content;
	bool more = content_records(c);
	uint64_t before;

	if (c->coding) {
		content_again(c);
		content_lay_out(c);
		before = c->paper ? paper_reached(c->paper) : 0;
		for (int i = 0; c->paper && i < SLICES; i++)
			if (!paper_read(c->paper, spool_bytes(c->plain), c->over))
				break;
		if (c->paper && !more && !c->over)
			(void)paper_read_early(c->paper, spool_bytes(c->plain));
		more = more || (c->paper && !paper_done(c->paper) && paper_reached(c->paper) > before);
		if (c->paper && (paper_reached(c->paper) >> 24) != before >> 24)
			spool_rest(c->plain);
	}
	content_publish(c);
	return more;
}

void
content_state(struct content *c, struct content_state *out)
{
	pthread_mutex_lock(&c->lock);
	*out = c->state;
	pthread_mutex_unlock(&c->lock);
}

size_t
content_reports(struct content *c, struct report *out, size_t max)
{
	struct paper *p;
	size_t n;

	pthread_mutex_lock(&c->lock);
	n = c->reports < max ? c->reports : max;
	memcpy(out, c->report, n * sizeof(*out));
	p = c->paper;
	pthread_mutex_unlock(&c->lock);
	return p ? n + paper_reports(p, out + n, max - n) : n;
}

size_t
content_steps(struct content *c)
{
	size_t n;

	pthread_mutex_lock(&c->lock);
	n = c->steps;
	pthread_mutex_unlock(&c->lock);
	return n;
}

struct bytes
content_bytes(struct content *c)
{
	return content_paper(c) ? spool_bytes(c->plain) : (struct bytes){ 0 };
}

struct paper *
content_paper(struct content *c)
{
	struct paper *p;

	pthread_mutex_lock(&c->lock);
	p = c->paper;
	pthread_mutex_unlock(&c->lock);
	return p;
}
