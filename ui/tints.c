/* The colours of rows, by a person's rules: read from a file, asked on another thread, kept. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "keepsake.h"
#include "sight.h"
#include "soth/filter.h"
#include "soth/map.h"
#include "soth/study.h"
#include "theme.h"
#include "tints.h"

enum { KEPT = 2048, WANTS = 256, AGAIN_US = 1000000, NONE = 0 };

struct rule { struct tint tint; struct filter *filter; };

/* Of a row: which rule took it, when it was last asked. */
struct known {
	uint64_t when;
	uint32_t notes;
	uint8_t rule;		/* one more than its place; NONE */
	bool asked, read;	/* it waits to be told; it was told once */
};

struct told { flow_id flow; uint8_t rule; };

struct tints {
	struct rule rule[TINTS_MAX];
	size_t rules;
	struct store *store;
	int wake;
	struct map *known;	/* by flow */
	struct study *study;	/* NULL: nothing was ever asked */
	uint64_t now, left;	/* microseconds that this drawing still waits */
	struct lens *lens;	/* the thread's */
	pthread_mutex_t lock;	/* of what follows */
	struct row want[WANTS];	/* a ring, from `oldest` on; the newest is read first */
	size_t oldest, wants;
	struct told told[WANTS];
	size_t tolds;
};

/* "bad", "#ff8700" */
static bool
tint_named(struct bytes word, struct tint *out, struct fault *why)
{
	int32_t colour;

	*out = (struct tint){ .role = ROLE_TEXT };
	if (theme_role(word, &out->role))
		return true;
	if (!theme_colour(word, &colour) || colour == COLOUR_DEFAULT)
		return fault(why, "\"%.*s\": expected a role, as bad or good, or a colour: #rrggbb, red ...",
			(int)(word.len < 40 ? word.len : 40), (const char *)word.at);
	out->paint = INK(colour);
	return true;
}

static size_t
past_spaces(struct bytes line, size_t at)
{
	while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
		at++;
	return at;
}

/* False: `why`, at byte *at of the line. */
static bool
expression_read(struct bytes line, size_t from, struct filter **out, size_t *at, struct fault *why)
{
	struct bytes rest = bytes_trim(bytes_from(line, from));
	char text[TINT_LINE];

	*at = keepsake_control(rest);
	if (*at != SIZE_MAX)
		return *at += from, fault(why, "a control character");
	*at = from;
	if (from == line.len)
		return fault(why, "expected a filter expression behind it");
	if (rest.len >= sizeof(text))
		return fault(why, "longer than %zu bytes", sizeof(text) - 1);
	memcpy(text, rest.at, rest.len);
	text[rest.len] = '\0';
	*out = filter_parse(text, why, at);
	*at += from;
	return *out;
}

static bool
rule_read(struct tints *t, struct bytes line, size_t *at, struct fault *why)
{
	size_t from = past_spaces(line, 0), end = from;
	struct rule *r = &t->rule[t->rules];

	*at = from;
	if (t->rules == TINTS_MAX)
		return fault(why, "more than %d rules", TINTS_MAX);
	while (end < line.len && line.at[end] != ' ' && line.at[end] != '\t')
		end++;
	if (!tint_named((struct bytes){ line.at + from, end - from }, &r->tint, why) ||
			!expression_read(line, past_spaces(line, end), &r->filter, at, why))
		return false;
	t->rules++;
	return true;
}

static void
rules_read(struct tints *t, struct bytes text, struct complaint *c)
{
	struct bytes line, rest;
	struct fault why;
	size_t at;

	for (unsigned i = 1; keepsake_line(&text, &line); i++) {
		rest = bytes_trim(line);
		/* A # before a hex digit begins a colour. */
		if (!rest.len || (*rest.at == '#' && (rest.len < 7 || !theme_colour((struct bytes){ rest.at, 7 }, &(int32_t){ 0 }))))
			continue;
		if (!rule_read(t, line, &at, &why))
			complain(c, i, at + 1, why.text);
	}
}

struct tints *
tints_new(const char *path, struct store *s, int wake, struct fault *why)
{
	struct tints *t = xalloc(sizeof(*t));
	struct complaint c = { .path = path };
	struct buf text;

	t->store = s;
	t->wake = wake;
	t->known = map_new();
	pthread_mutex_init(&t->lock, NULL);
	if (path && *path) {
		if (keepsake_read(path, &text, &c.first))
			rules_read(t, buf_bytes(&text), &c);
		buf_release(&text);
	}
	if (t->rules)
		t->lens = lens_new(s);
	*why = c.first;
	return t;
}

static void
release(void *tints)
{
	struct tints *t = tints;

	for (size_t i = 0; i < t->rules; i++)
		filter_free(t->rule[i].filter);
	lens_free(t->lens);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

void
tints_free(struct tints *t)
{
	if (!t)
		return;
	map_free(t->known, free);	/* the screen's */
	if (t->study)
		study_leave(t->study, release);
	else
		release(t);
}

size_t
tints_count(const struct tints *t)
{
	return t->rules;
}

static struct bytes
flow_key(const flow_id *flow)
{
	return (struct bytes){ (const uint8_t *)flow, sizeof(*flow) };
}

/* The thread's: the newest row that waits. */
static bool
ask(void *tints)
{
	struct tints *t = tints;
	struct told told;
	struct row r;
	bool any;

	pthread_mutex_lock(&t->lock);
	any = t->wants && t->tolds < WANTS;
	if (any)
		r = t->want[(t->oldest + --t->wants) % WANTS];
	pthread_mutex_unlock(&t->lock);
	if (!any)
		return false;
	told = (struct told){ r.id, NONE };
	for (size_t i = 0; i < t->rules && told.rule == NONE; i++)
		if (filter_takes(t->rule[i].filter, t->lens, &r))
			told.rule = (uint8_t)(i + 1);
	pthread_mutex_lock(&t->lock);
	if (t->tolds < WANTS)
		t->told[t->tolds++] = told;
	pthread_mutex_unlock(&t->lock);
	return true;
}

/* What was told since. The lock is held. */
static void
take(struct tints *t)
{
	for (size_t i = 0; i < t->tolds; i++) {
		struct known *k = map_find(t->known, flow_key(&t->told[i].flow));

		if (!k)
			continue;
		k->rule = t->told[i].rule;
		k->read = true;
		k->asked = false;
	}
	t->tolds = 0;
}

void
tints_begin(struct tints *t, uint64_t now, unsigned patience)
{
	bool more;

	t->now = now;
	t->left = (uint64_t)patience * 1000 / 8;
	pthread_mutex_lock(&t->lock);
	take(t);
	more = t->wants;
	pthread_mutex_unlock(&t->lock);
	if (more)
		study_poke(t->study);
}

/* The oldest gives way: it is not in sight any more. The lock is held. */
static void
drop_oldest(struct tints *t)
{
	struct known *k = map_find(t->known, flow_key(&t->want[t->oldest].id));

	if (k)
		k->asked = false;
	t->oldest = (t->oldest + 1) % WANTS;
	t->wants--;
}

static void
want(struct tints *t, const struct row *r, struct known *k)
{
	k->asked = true;
	k->notes = r->notes;
	k->when = t->now;
	pthread_mutex_lock(&t->lock);
	take(t);
	if (t->wants == WANTS)
		drop_oldest(t);
	t->want[(t->oldest + t->wants++) % WANTS] = *r;
	pthread_mutex_unlock(&t->lock);
	if (t->study)
		study_poke(t->study);
	else
		t->study = study_start(ask, t, t->wake);
}

/* What takes no time is there in the same drawing. */
static void
wait_some(struct tints *t)
{
	uint64_t before = sight_clock(), took;

	if (t->left < 1000)
		return;
	(void)study_wait(t->study, (unsigned)(t->left / 1000));
	took = sight_clock() - before;
	t->left -= took < t->left ? took : t->left;
	pthread_mutex_lock(&t->lock);
	take(t);
	pthread_mutex_unlock(&t->lock);
}

static struct known *
known_of(struct tints *t, flow_id flow)
{
	struct known *k = map_find(t->known, flow_key(&flow));

	if (k)
		return k;
	if (map_count(t->known) >= KEPT) {	/* those in sight are asked again */
		map_free(t->known, free);
		t->known = map_new();
	}
	k = xalloc(sizeof(*k));
	(void)map_put(t->known, flow_key(&flow), k);
	return k;
}

/* It has changed since; or it had just ended then, and not all of it was in the file. */
static bool
is_stale(const struct tints *t, const struct known *k, const struct row *r)
{
	if (!k->read)
		return true;
	return (k->notes != r->notes || (r->ended && k->when < r->ended + AGAIN_US)) && t->now >= k->when + AGAIN_US;
}

const struct tint *
tints_of(struct tints *t, const struct row *r)
{
	struct known *k;

	if (!t->rules)
		return NULL;
	k = known_of(t, r->id);
	if (!k->asked && is_stale(t, k, r))
		want(t, r, k);
	if (k->asked && !k->read)
		wait_some(t);
	return k->read && k->rule != NONE ? &t->rule[k->rule - 1].tint : NULL;
}
