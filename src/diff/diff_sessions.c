/* Two sessions: what is different, shape by shape. */
#include <stdlib.h>
#include <string.h>

#include "shape.h"

enum { TEXT_MAX = 2048 };

static char *
buf_text(struct buf *b)
{
	char *s = text_cut(b->len ? buf_bytes(b) : LIT(""));

	buf_release(b);
	return s;
}

static int
by_status(const void *a, const void *b)
{
	const struct status_count *x = a, *y = b;

	return x->status != y->status ? x->status - y->status : x->grpc - y->grpc;
}

/* "200 x12, 500 x1" */
static char *
statuses_text(const struct shape_side *s)
{
	struct buf b;
	bool ok = true;

	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < s->statuses && ok; i++) {
		const struct status_count *c = &s->status[i];

		ok = buf_addf(&b, "%s", i ? ", " : "") &&
			(c->status ? buf_addf(&b, "%u", c->status) : buf_add(&b, LIT("none"))) &&
			(c->grpc < 0 || buf_addf(&b, " grpc-status %d", c->grpc)) &&
			buf_addf(&b, " x%llu", (unsigned long long)c->flows);
	}
	return buf_text(&b);
}

static bool
statuses_same(const struct shape_side *a, const struct shape_side *b)
{
	if (a->statuses != b->statuses)
		return false;
	for (size_t i = 0; i < a->statuses; i++)
		if (by_status(&a->status[i], &b->status[i]))
			return false;
	return true;
}

static void
compare_statuses(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	struct diff_change *c;

	if (statuses_same(s->side[0], s->side[1]) || !(c = group_change(d, g, how, DIFF_STATUS, SERVER)))
		return;
	for (int i = 0; i < 2; i++)
		c->value[i] = statuses_text(s->side[i]);
}

/* "number|null"; NULL: none */
static char *
kinds_text(uint16_t kinds)
{
	static const char *const names[] = { "null", "boolean", "number", "string", "object", "array" };
	struct buf b;

	if (!kinds)
		return NULL;
	buf_init(&b, TEXT_MAX);
	for (size_t i = ARRAY_LEN(names); i--;)
		if (kinds >> i & 1 && !buf_addf(&b, "%s%s", b.len ? "|" : "", names[i]))
			break;
	return buf_text(&b);
}

/* A member appeared only where there was an object that had it not; what an empty list might have held, none knows. */
static bool
member_differs(const struct fact *f)
{
	uint16_t object = 1u << JSON_KIND_OBJECT;

	if (f->of[0] && f->of[1])
		return f->of[0] != f->of[1];
	return f->named && f->parent->of[f->of[0] ? 1 : 0] & object;
}

static void
compare_members(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	struct diff_change *c;

	for (size_t i = 0; i < s->facts; i++) {
		const struct fact *f = s->fact[i];

		if (f->kind != FACT_MEMBER || !member_differs(f))
			continue;
		c = group_change(d, g, how, DIFF_SCHEMA, f->class ? SERVER : CLIENT);
		if (!c)
			return;
		c->class = f->class;
		c->where = xstrdup(f->text);
		c->value[0] = kinds_text(f->of[0]);
		c->value[1] = kinds_text(f->of[1]);
	}
}

static void
compare_fields(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	struct diff_change *c;

	for (size_t i = 0; i < s->facts; i++) {
		const struct fact *f = s->fact[i];

		if (f->kind != FACT_FIELD || f->of[0] == f->of[1] || !(c = group_change(d, g, how, DIFF_HEADERS, SERVER)))
			continue;
		c->where = xstrdup(f->text);
		c->value[f->of[0] ? 0 : 1] = xstrdup("");
	}
}

static char *
types_text(const struct shape *s, int which)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < s->facts; i++)
		if (s->fact[i]->kind == FACT_TYPE && s->fact[i]->of[which] &&
				!buf_addf(&b, "%s%s", b.len ? ", " : "", s->fact[i]->text))
			break;
	return buf_text(&b);
}

static void
compare_types(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	char *type[2] = { types_text(s, 0), types_text(s, 1) };
	struct diff_change *c = NULL;

	/* Where there is none on one side, the names of the fields have told. */
	if (*type[0] && *type[1] && strcmp(type[0], type[1]))
		c = group_change(d, g, how, DIFF_HEADERS, SERVER);
	if (c) {
		c->where = xstrdup("content-type");
		memcpy(c->value, type, sizeof(type));
		return;
	}
	free(type[0]);
	free(type[1]);
}

static uint64_t sample_first(const struct sample *s) { return s->first; }
static uint64_t sample_total(const struct sample *s) { return s->total; }
static uint64_t sample_bytes(const struct sample *s) { return s->bytes; }

static int
by_amount(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Of those that are known, which the zeros are not. */
static uint64_t
median(const struct shape_side *s, uint64_t (*of)(const struct sample *s), bool zeros)
{
	uint64_t *all = xgrow(NULL, s->samples, sizeof(*all)), value;
	size_t n = 0;

	for (size_t i = 0; i < s->samples; i++) {
		all[n] = of(&s->sample[i]);
		n += zeros || all[n];
	}
	qsort(all, n, sizeof(*all), by_amount);
	value = n ? all[(n - 1) / 2] / 2 + all[n / 2] / 2 + (all[(n - 1) / 2] & all[n / 2] & 1) : 0;
	free(all);
	return value;
}

static void
compare_amounts(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	static const struct { const char *where; enum diff_unit unit; uint64_t (*of)(const struct sample *s); } amounts[] = {
		{ "first byte", UNIT_MICROSECONDS, sample_first }, { "total", UNIT_MICROSECONDS, sample_total },
		{ "body", UNIT_BYTES, sample_bytes },
	};

	if (!s->side[0]->samples || !s->side[1]->samples)
		return;
	for (size_t i = 0; i < ARRAY_LEN(amounts); i++) {
		bool zeros = amounts[i].unit == UNIT_BYTES;
		const uint64_t amount[2] = { median(s->side[0], amounts[i].of, zeros), median(s->side[1], amounts[i].of, zeros) };

		group_amounts(d, g, how, amounts[i].where, amounts[i].unit, amount);
	}
}

static void
compare_both(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	compare_statuses(d, g, how, s);
	if (s->side[0]->answers && s->side[1]->answers) {
		compare_fields(d, g, how, s);
		compare_types(d, g, how, s);
		compare_amounts(d, g, how, s);
	}
	compare_members(d, g, how, s);
}

static void
compare_one(struct diff *d, struct diff_group *g, const struct diff_how *how, const struct shape *s)
{
	int which = s->side[0] ? 0 : 1;
	struct diff_change *c = group_change(d, g, how, which ? DIFF_NEW : DIFF_GONE, CLIENT);

	if (c)
		c->value[which] = statuses_text(s->side[which]);
}

static void
compare(struct diff *d, const struct diff_how *how, const struct shape *s)
{
	struct diff_group *g = diff_group_new(d);

	g->method = xstrdup(s->method);
	g->host = xstrdup(s->host);
	g->path = xstrdup(s->path);
	for (int i = 0; i < 2; i++)
		if (s->side[i]) {
			qsort(s->side[i]->status, s->side[i]->statuses, sizeof(*s->side[i]->status), by_status);
			g->flows[i] = s->side[i]->flows;
		}
	(s->side[0] && s->side[1] ? compare_both : compare_one)(d, g, how, s);
	if (g->changes)
		return;
	group_drop(d);
	d->same += s->side[0] && s->side[1];
}

struct diff *
diff_sessions(struct store *const s[2], const struct diff_how *how)
{
	struct diff *d = xalloc(sizeof(*d));
	struct gathered g = { .d = d, .how = how, .known = map_new() };

	for (int i = 0; i < 2; i++)
		gather(&g, s[i], i);
	for (size_t i = 0; i < g.shapes; i++)
		compare(d, how, g.shape[i]);
	gathered_release(&g);
	diff_sort(d);
	return d;
}
