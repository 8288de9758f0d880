/* The lines at the top and at the bottom. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "badge.h"
#include "bar.h"
#include "desk.h"
#include "glyph.h"
#include "hunt.h"
#include "keymap.h"
#include "layout.h"
#include "prompt.h"
#include "switch.h"
#include "words.h"

enum { SAMPLE = 200, PARTS_MAX = 18, TAIL = 10 };

static int
time_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Of the newest flows that ended, at most SAMPLE. */
static void
bar_times(struct bar *b, struct desk *d)
{
	struct store_stats s = store_stats(d->store);
	uint64_t took[SAMPLE], ended = s.flows - s.live;
	size_t n = 0, at;
	struct row r;

	if (ended == b->looked)
		return;
	b->looked = ended;
	for (size_t i = ended > SAMPLE ? ended - SAMPLE : 0; i < ended; i++) {
		at = store_ended(d->store, i);
		if (at != SIZE_MAX && store_rows(d->store, at, 1, &r) == 1 && r.ended >= r.begun && r.status)
			took[n++] = r.ended - r.begun;
	}
	qsort(took, n, sizeof(*took), time_order);
	b->p50 = n ? took[n / 2] : 0;
	b->p95 = n ? took[n * 95 / 100] : 0;
}

static uint64_t
bar_resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%*s %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void
bar_tick(struct bar *b, struct desk *d)
{
	uint64_t second = d->now / 1000000, flows = store_stats(d->store).flows;
	size_t last = ARRAY_LEN(b->rate) - 1;

	if (second == b->second)
		return;
	/* Seconds without a frame had no more than the one that ends them. */
	for (uint64_t s = b->second; b->second && s < second && s < b->second + last; s++) {
		memmove(b->rate, b->rate + 1, last * sizeof(*b->rate));
		b->rate[last] = 0;
	}
	if (b->second)
		b->rate[last] = (unsigned)((flows - b->flows) / (second - b->second));
	b->second = second;
	b->flows = flows;
	b->resident = bar_resident();
	bar_times(b, d);
}

/* A part of the line, with what it is worth where there is little room. */
struct part_of { int worth; enum role role; char text[220]; };
struct parts { struct part_of of[PARTS_MAX]; size_t count; };

static void part(struct parts *p, int worth, enum role role, const char *fmt, ...) PRINTF(4, 5);

static void
part(struct parts *p, int worth, enum role role, const char *fmt, ...)
{
	va_list ap;

	if (p->count == PARTS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(p->of[p->count].text, sizeof(p->of[0].text), fmt, ap);
	va_end(ap);
	p->of[p->count].worth = worth;
	p->of[p->count++].role = role;
}

static void
spark(const struct bar *b, char out[64])
{
	static const char *const step[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	unsigned most = 1;

	*out = '\0';
	for (size_t i = 0; i < ARRAY_LEN(b->rate); i++)
		most = b->rate[i] > most ? b->rate[i] : most;
	for (size_t i = 0; i < ARRAY_LEN(b->rate); i++)
		strcat(out, step[b->rate[i] * 7 / most]);
}

/* In words where they leave room for the rest; else how many. */
static void
bar_switches(struct desk *d, struct parts *p, unsigned columns)
{
	char words[SWITCH_WORDS_MAX];
	unsigned count = d->backend ? switches_words(d->options, words) : 0;

	if (!count)
		return;
	if (glyph_columns(bytes_of(words)) <= columns / 3)
		part(p, 85, ROLE_WARN, "%s", words);
	else
		part(p, 85, ROLE_WARN, "%u switch%s", count, count == 1 ? "" : "es");
}

/* Red, for as long as it is so. */
static void
bar_unsafe(struct desk *d, struct parts *p, unsigned columns)
{
	char words[SWITCH_WORDS_MAX];
	unsigned count = d->backend ? unsafe_words(d->options, words) : 0;

	if (count && glyph_columns(bytes_of(words)) <= columns / 3)
		part(p, 99, ROLE_UNSAFE, " unsafe: %s ", words);
	else if (count)
		part(p, 99, ROLE_UNSAFE, " %u unsafe ", count);
}

/* What is said of hosts for a time, and how long the next of it holds. */
static void
bar_temporaries(struct desk *d, struct parts *p)
{
	struct temporary next;
	char left[WORDS_MAX];
	size_t count = d->backend ? temporaries_next(backend_temporaries(d->backend), d->now, &next) : 0;

	if (count > 1)
		part(p, 86, ROLE_TUNNEL, "%zu for a time, %s", count, words_left(next.until, d->now, left));
	else if (count)
		part(p, 86, ROLE_TUNNEL, "%s %.30s %s", policy_action_word(next.action), next.host, words_left(next.until, d->now, left));
}

/* What session-size let go, or why it lets nothing go. */
static void
bar_limit(struct parts *p, const struct store_stats *s)
{
	char n[WORDS_MAX], m[WORDS_MAX];

	if (*s->limit_trouble)
		part(p, 75, ROLE_BAD, "no session-size");
	else if (s->gone)
		part(p, 75, ROLE_WARN, "%s oldest gone: session-size %sB", words_count(s->gone, n), words_size(s->limit, m));
}

static void
bar_hunt(struct desk *d, struct parts *p)
{
	char words[HUNT_WORDS];

	if (*hunt_words(d->hunt, words))
		part(p, 97, ROLE_BAR_STRONG, "%s", words);
}

static void
bar_parts(const struct bar *b, struct desk *d, struct parts *p, unsigned columns)
{
	struct store_stats s = store_stats(d->store);
	const char *file = strrchr(s.path, '/');
	char n[WORDS_MAX], m[WORDS_MAX], graph[64];
	struct listening first;
	size_t listens = 0;

	part(p, 100, ROLE_BAR_STRONG, "soth");
	if (d->backend)
		listens = backend_listening(d->backend, &first, 1);
	if (listens > 1)
		part(p, 90, ROLE_BAR, "%s +%zu", first.address, listens - 1);
	else
		part(p, 90, ROLE_BAR, "%s", listens ? first.address : file ? file + 1 : s.path);
	if (d->backend && strcmp(d->options->mode, "regular"))
		part(p, 50, ROLE_BAR, "%s", d->options->mode);
	bar_unsafe(d, p, columns);
	bar_switches(d, p, columns);
	bar_temporaries(d, p);
	spark(b, graph);
	if (d->backend)
		part(p, 70, ROLE_BAR, "%s %u/s", graph, b->rate[ARRAY_LEN(b->rate) - 1]);
	if (b->p50)
		part(p, 30, ROLE_BAR, "p50 %s p95 %s", words_time(b->p50, n), words_time(b->p95, m));
	if (d->backend && *d->options->intercept)
		part(p, 88, d->options->intercept_active ? ROLE_WARN : ROLE_FAINT, "%s%.60s", d->options->intercept_active ? "i:" : "i off:",
			d->options->intercept);
	if (s.held)
		part(p, 98, ROLE_WARN, "‖ %s held", words_count(s.held, n));
	if (s.failed)
		part(p, 60, ROLE_BAR, "failed %s", words_count(s.failed, n));
	part(p, 80, ROLE_BAR_STRONG, "%s flow%s", words_count(s.flows - s.gone, n), s.flows - s.gone == 1 ? "" : "s");
	bar_limit(p, &s);
	if (d->backend)
		part(p, 40, ROLE_BAR, "%s live", words_count(s.live, n));
	part(p, 35, ROLE_BAR, "%sB", words_size(b->resident, n));
	if (d->pinned || !strcmp(pane_view(layout_focus(d->layout))->name, "search"))
		bar_hunt(d, p);
	if (s.reading)
		part(p, 96, ROLE_BAR_STRONG, "reading %u%%", (unsigned)(s.size ? s.done * 100 / s.size : 0));
	if (*s.trouble)
		part(p, 95, ROLE_BAD, "%s", s.trouble);
	else
		part(p, 20, ROLE_BAR, "rec %sB", words_size(s.file_bytes - s.freed, n));
}

static unsigned
parts_columns(const struct parts *p)
{
	unsigned columns = 1;

	for (size_t i = 0; i < p->count; i++)
		columns += p->of[i].worth ? glyph_columns(bytes_of(p->of[i].text)) + 3 : 0;
	return columns;
}

void
bar_draw(const struct bar *b, struct desk *d, struct area a)
{
	struct parts p = { .count = 0 };
	struct span span[2 * PARTS_MAX + 1] = { { ROLE_BAR, LIT(" ") } };
	size_t n = 1;

	bar_parts(b, d, &p, (unsigned)a.cols);
	while (parts_columns(&p) > (unsigned)a.cols) {
		struct part_of *least = NULL;

		for (size_t i = 0; i < p.count; i++)
			if (p.of[i].worth && (!least || p.of[i].worth < least->worth))
				least = &p.of[i];
		if (!least)
			break;
		least->worth = 0;
	}
	for (size_t i = 0; i < p.count; i++) {
		if (!p.of[i].worth)
			continue;
		span[n++] = (struct span){ p.of[i].role, bytes_of(p.of[i].text) };
		span[n++] = (struct span){ ROLE_BAR, LIT("   ") };
	}
	screen_row(a, 0, 0, span, n, ROLE_BAR);
}

static bool
keys_choices(struct desk *d, struct area a)
{
	struct line l = { .under = ROLE_BAR };
	struct bytes label = bytes_of(prompt_label(d->prompt));
	unsigned used = glyph_columns(label);

	line_put(&l, ROLE_KEYCAP, label);
	if (!prompt_choices(d->prompt, d, &l, (unsigned)a.cols > used ? (unsigned)a.cols - used : 0))
		return false;
	screen_row(a, 0, 0, l.span, l.spans, ROLE_BAR);
	return true;
}

static void
keys_prompt(struct desk *d, struct area a)
{
	const struct edit *e = prompt_edit(d->prompt);
	struct bytes label = bytes_of(prompt_label(d->prompt));
	struct bytes text = bytes_of(edit_text(e));
	const char *about = prompt_about(d->prompt, d);
	size_t right = *d->wrong.text && d->wrong_at < text.len ? d->wrong_at : text.len;
	struct span span[] = {
		{ ROLE_KEYCAP, label },
		{ ROLE_BAR_STRONG, { text.at, right } },
		{ ROLE_ERROR, { text.at + right, text.len - right } },
		{ ROLE_BAR, LIT("   ") },
		{ *about ? ROLE_FAINT : ROLE_ERROR, bytes_of(*about ? about : d->wrong.text) },
	};
	int at = (int)(glyph_columns(label) + glyph_columns((struct bytes){ text.at, e->at }));
	int cut = at >= a.cols ? at - a.cols + 1 : 0;

	screen_row(a, 0, -cut, span, ARRAY_LEN(span), ROLE_BAR);
	screen_cursor(a.y, at - cut);
}

enum { HELP = 7 };	/* " help  " */

/* The keys of actions that have a word, as long as there is room. */
static void
keys_line(struct desk *d, struct line *l, unsigned room)
{
	const char *view = pane_view(layout_focus(d->layout))->name;
	unsigned used = 1, kept = 0;	/* for the key of help */
	char cap[24];

	keymap_cap(d->keymap, action_named(d->actions, "help"), cap, sizeof(cap));
	kept = (unsigned)strlen(cap) + HELP;
	line_putf(l, ROLE_BAR, " ");
	for (const struct action *a = d->actions; a->name && l->spans + 2 < ARRAY_LEN(l->span); a++) {
		if (!*a->word || !action_in(a, view))
			continue;
		keymap_cap(d->keymap, a, cap, sizeof(cap));
		if (!strcmp(a->name, "help"))
			kept = 0;
		if (!*cap || used + strlen(cap) + strlen(a->word) + 3 + kept > room)
			continue;
		used += (unsigned)(strlen(cap) + strlen(a->word) + 3);
		line_putf(l, ROLE_KEYCAP, "%s", cap);
		line_putf(l, ROLE_BAR, " %s  ", a->word);
	}
	if (used < room)
		line_putf(l, ROLE_BAR, "%*s", (int)(room - used), "");
}

/* What the badges of the list's row under the cursor mean. */
static unsigned
keys_badges(struct desk *d, struct line *l, unsigned most)
{
	size_t at = d->flow ? store_index(d->store, d->flow) : SIZE_MAX;
	struct row r;

	if (layout_focus(d->layout) != layout_list(d->layout) || at == SIZE_MAX || store_rows(d->store, at, 1, &r) != 1)
		return 0;
	return badge_words(&r, l, most);
}

void
keys_draw(struct desk *d, struct area a)
{
	bool follows = pane_follows(layout_focus(d->layout)) || pane_follows(layout_list(d->layout));
	struct line l = { .under = ROLE_BAR }, badge = { .under = ROLE_BAR };
	unsigned room = a.cols > TAIL ? (unsigned)(a.cols - TAIL) : 0, words;

	screen_cursor(0, -1);
	if (prompt_open(d->prompt)) {
		if (!keys_choices(d, a))
			keys_prompt(d, a);
		return;
	}
	if (*d->message) {
		line_putf(&l, d->failed ? ROLE_ERROR : ROLE_BAR_STRONG, " %s", d->message);
	} else {
		words = keys_badges(d, &badge, room / 2);
		keys_line(d, &l, room - words);
		for (size_t i = 0; i < badge.spans && l.spans < ARRAY_LEN(l.span); i++)
			l.span[l.spans++] = badge.span[i];
		if (follows)
			line_putf(&l, ROLE_BAR_STRONG, "following");
	}
	screen_row(a, 0, 0, l.span, l.spans, ROLE_BAR);
}
