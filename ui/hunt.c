/* The search through the session that goes on, or was the last. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hunt.h"
#include "layout.h"
#include "words.h"

struct hunt {
	struct desk *desk;
	struct trigrams *trigrams;	/* of the whole session */
	struct search *search;		/* NULL: nothing was searched for */
	char text[QUERY_MAX + 1];
	char filter[512];
	unsigned count;
	uint64_t version;		/* of the store, when the search heard of it */
	bool fresh;			/* not waited for yet */
	struct search_hit hit;		/* that is shown */
	size_t at;
	unsigned shown;			/* how many were; 0: none of this search */
	unsigned shows;
};

struct hunt *
hunt_new(struct desk *desk)
{
	struct hunt *h = xalloc(sizeof(*h));

	h->desk = desk;
	h->trigrams = trigrams_new();
	return h;
}

void
hunt_free(struct hunt *h)
{
	search_leave(h->search);
	trigrams_drop(h->trigrams);
	free(h);
}

static struct filter *
hunt_takes(struct hunt *h)
{
	struct filter *f = NULL;
	struct fault why;
	size_t at;

	if (h->desk->filters)
		f = filter_parse(h->desk->filter, &why, &at);
	snprintf(h->filter, sizeof(h->filter), f && h->desk->inverts ? "!(%.500s)" : "%.500s", f ? h->desk->filter : "");
	return f;
}

bool
hunt_begin(struct hunt *h, const char *text, bool regex, struct fault *why, size_t *at)
{
	struct query *q = query_new(bytes_of(text), regex, why, at);

	if (!q)
		return false;
	search_leave(h->search);
	snprintf(h->text, sizeof(h->text), "%s", text);
	h->version = store_stats(h->desk->store).version;
	h->search = search_new(h->desk->store, q, hunt_takes(h), h->desk->inverts, h->trigrams, h->desk->wake);
	h->fresh = true;
	h->shown = 0;
	h->count++;
	return true;
}

const char *
hunt_text(const struct hunt *h)
{
	return h->text;
}

const char *
hunt_filter(const struct hunt *h)
{
	return h->filter;
}

unsigned
hunt_count(const struct hunt *h)
{
	return h->count;
}

void
hunt_refresh(struct hunt *h)
{
	uint64_t version = store_stats(h->desk->store).version;

	if (!h->search)
		return;
	if (h->version != version)
		search_poke(h->search);
	if (h->fresh || h->version != version)
		(void)search_wait(h->search, h->desk->patience);
	h->version = version;
	h->fresh = false;
}

void
hunt_state(struct hunt *h, struct search_state *out)
{
	*out = (struct search_state){ 0 };
	if (h->search)
		search_state(h->search, out);
}

bool
hunt_hit(struct hunt *h, size_t i, struct search_hit *out)
{
	return h->search && search_hits(h->search, i, 1, out);
}

bool
hunt_show(struct hunt *h, size_t i, struct fault *why)
{
	struct search_hit hit;

	if (!hunt_hit(h, i, &hit))
		return fault(why, "no hit is here");
	h->hit = hit;
	h->at = i;
	h->shown = ++h->shows;
	h->desk->hunting = true;
	layout_look(h->desk->layout, hit.flow);
	return true;
}

bool
hunt_step(struct hunt *h, int way, struct fault *why)
{
	struct search_state s;

	hunt_state(h, &s);
	if (way < 0 && !h->at)
		return fault(why, "this is the first hit");
	if (way > 0 && h->at + 1 >= s.hits)
		return fault(why, s.busy ? "no more hits have been found yet" : "this is the last hit");
	return hunt_show(h, h->at + (size_t)way, why);
}

const struct search_hit *
hunt_shown(const struct hunt *h, size_t *i, unsigned *count)
{
	*i = h->at;
	*count = h->shown;
	return h->shown ? &h->hit : NULL;
}

const char *
hunt_words(struct hunt *h, char out[HUNT_WORDS])
{
	char at[WORDS_MAX + 16] = "", hits[WORDS_MAX], flows[WORDS_MAX], done[16] = "";
	struct search_state s;

	*out = '\0';
	if (!h->search)
		return out;
	hunt_state(h, &s);
	if (h->desk->pinned && h->shown)
		snprintf(at, sizeof(at), "hit %s of ", words_count(h->at + 1, hits));
	if (s.looked < s.all && !s.more)
		snprintf(done, sizeof(done), ", %zu%%", s.looked * 100 / s.all);
	snprintf(out, HUNT_WORDS, "%s%s%s%s in %s flow%s%s", at, words_count(s.hits, hits), *at ? "" : s.hits == 1 ? " hit" : " hits",
		s.more ? ", and more," : "", words_count(s.flows, flows), s.flows == 1 ? "" : "s", done);
	return out;
}

void
hunt_reads(const struct search_hit *h, char *out, size_t room)
{
	size_t len = 0;

	while (len < h->marked && len + 1 < room && (unsigned char)h->text[h->mark + len] >= ' ')
		len++;
	memcpy(out, h->text + h->mark, len);
	out[len] = '\0';
}
