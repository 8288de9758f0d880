/* The flows of a session, by their shapes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shape.h"
#include "soth/convert.h"
#include "soth/trail.h"

enum { ROWS = 256, KEY_ROOM = DIFF_SHAPE_ROOM + 256 };

static struct shape_side *
shape_side(struct shape *s, int which)
{
	if (!s->side[which])
		s->side[which] = xalloc(sizeof(struct shape_side));
	return s->side[which];
}

/* Without scheme and authority, which a request to a proxy has. */
static struct bytes
target_path(struct bytes target)
{
	const uint8_t *p = target.len > 3 && *target.at != '/' ? memmem(target.at, target.len, "://", 3) : NULL;

	if (!p)
		return target;
	for (p += 3; p < target.at + target.len && *p != '/' && *p != '?'; p++)
		;
	return bytes_from(target, (size_t)(p - target.at));
}

static void
shape_path(const struct flow *f, char out[DIFF_SHAPE_ROOM])
{
	const struct head *h = f->half[CLIENT].head;

	diff_shape(h ? target_path(head_target(h)) : LIT(""), out);
}

static struct shape *
shape_of(struct gathered *g, const struct row *r, const struct flow *f)
{
	char path[DIFF_SHAPE_ROOM];
	const char *host = g->how->any_host ? "" : r->host;
	struct buf key;
	struct shape *s;

	shape_path(f, path);
	buf_init(&key, KEY_ROOM);
	s = buf_addf(&key, "%s\n%s\n%s", r->method, host, path) ? map_find(g->known, buf_bytes(&key)) : NULL;
	if (!s && g->shapes < SHAPES_MAX) {
		s = xalloc(sizeof(*s));
		*s = (struct shape){ xstrdup(r->method), xstrdup(host), xstrdup(path), .known = map_new() };
		map_put(g->known, buf_bytes(&key), s);
		if (!(g->shapes & (g->shapes - 1)))
			g->shape = xgrow(g->shape, g->shapes ? g->shapes * 2 : 1, sizeof(struct shape *));
		g->shape[g->shapes++] = s;
	}
	buf_release(&key);
	return s;
}

static void
note_status(struct shape_side *to, const struct row *r)
{
	size_t i = 0;

	while (i < to->statuses && (to->status[i].status != r->status || to->status[i].grpc != r->grpc))
		i++;
	if (i == STATUSES_MAX)
		return;
	if (i == to->statuses)
		to->status[to->statuses++] = (struct status_count){ r->status, r->grpc, 0 };
	to->status[i].flows++;
	to->answers += r->status != 0;
}

static uint32_t
fit(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void
note_sample(struct shape_side *to, const struct row *r, const struct flow *f)
{
	if (!r->status)
		return;
	if (!(to->samples & (to->samples - 1)))
		to->sample = xgrow(to->sample, to->samples ? to->samples * 2 : 1, sizeof(*to->sample));
	to->sample[to->samples++] = (struct sample){ f->half[SERVER].bytes, fit(flow_first_byte(f)), fit(flow_total(f)) };
}

/* application/json, application/problem+json; of no type, it may be. */
static bool
says_json(struct bytes type)
{
	for (size_t i = 0; i + 4 <= type.len; i++)
		if (!strncasecmp((const char *)type.at + i, "json", 4))
			return true;
	return !type.len;
}

static void
note_body(struct gathered *g, struct shape *s, int which, struct store *from, const struct flow *f, enum side side)
{
	const struct half *half = &f->half[side];
	uint8_t class = side == SERVER && half->head ? (uint8_t)(head_status(half->head) / 100) : 0;
	struct slice body;
	bool whole;

	if (!half->head || !half->bytes || !says_json(head_find(half->head, "content-type")))
		return;
	body = convert_body(from, f->id, side, true, DIFF_BODY_MAX, &whole);
	if (whole)
		facts_of_json(g, s, which, class, body.bytes);
	else
		g->d->bodies_cut++;
	slice_drop(&body);
}

static void
note_flow(struct gathered *g, struct store *from, int which, const struct row *r, const struct flow *f)
{
	struct shape *s = shape_of(g, r, f);
	struct shape_side *side = s ? shape_side(s, which) : NULL;

	if (!s) {
		g->d->left_out++;
		return;
	}
	side->flows++;
	note_status(side, r);
	note_sample(side, r, f);
	if (f->half[SERVER].head && g->how->kinds >> DIFF_HEADERS & 1)
		facts_of_fields(g, s, which, f->half[SERVER].head);
	for (int i = CLIENT; i <= SERVER && g->how->kinds >> DIFF_SCHEMA & 1; i++)
		note_body(g, s, which, from, f, (enum side)i);
}

static void
gather_row(struct gathered *g, struct lens *lens, int which, const struct row *r)
{
	struct store *from = lens_store(lens);
	struct fault why;
	struct flow f;

	if (g->how->filter && !filter_takes(g->how->filter, lens, r))
		return;
	g->d->flows[which]++;
	if (lens_flow(lens, r->id, &f, &why))
		note_flow(g, from, which, r, &f);
	else
		g->d->left_out++;
	flow_release(&f);
}

void
gather(struct gathered *g, struct store *s, int which)
{
	struct row *row = xgrow(NULL, ROWS, sizeof(*row));
	struct lens *lens = lens_new(s);
	size_t n;

	for (size_t i = 0; (n = store_rows(s, i, ROWS, row)); i += n)
		for (size_t k = 0; k < n; k++)
			gather_row(g, lens, which, &row[k]);
	lens_free(lens);
	free(row);
}

static void
side_free(struct shape_side *s)
{
	if (s)
		free(s->sample);
	free(s);
}

static void
shape_free(void *value)
{
	struct shape *s = value;

	map_free(s->known, free);
	side_free(s->side[0]);
	side_free(s->side[1]);
	free(s->fact);
	free(s->method);
	free(s->host);
	free(s->path);
	free(s);
}

void
gathered_release(struct gathered *g)
{
	map_free(g->known, shape_free);
	free(g->shape);
}
