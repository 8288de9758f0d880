/* What is different in the answers to two flows: of one that was sent again, and of its origin. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "folio.h"
#include "making.h"
#include "soth/diff.h"

struct compared {
	struct store *store;
	flow_id id[2];
};

struct difference {
	struct desk *desk;
	flow_id id[2];
	uint32_t notes;		/* of the second, that were compared */
	bool same;		/* the flows of before: what is folded stays so */
	struct making *making;
	struct folio folio;
};

static void
put_amount(struct doc *to, const struct diff_change *c, enum role role)
{
	const char *unit = c->unit == UNIT_BYTES ? " bytes" : " µs";

	doc_putf(to, role, "%llu%s → %llu%s", (unsigned long long)c->amount[0], unit, (unsigned long long)c->amount[1], unit);
}

static void
put_lines(struct doc *to, const char *text, bool noise)
{
	doc_in(to);
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		enum role role = *text == '+' ? ROLE_GOOD : *text == '-' ? ROLE_BAD : *text == '@' ? ROLE_FAINT : ROLE_TEXT;

		n = strcspn(text, "\n");
		doc_put(to, noise ? ROLE_FAINT : role, (struct bytes){ (const uint8_t *)text, n });
		doc_line(to);
	}
	doc_out(to);
}

static void
put_values(struct doc *to, const struct diff_change *c, bool noise)
{
	static const struct { enum role role; const char *sign; } how[2] = { { ROLE_BAD, "- " }, { ROLE_GOOD, "+ " } };

	doc_in(to);
	for (int i = 0; i < 2; i++) {
		if (!c->value[i])
			continue;
		doc_putf(to, noise ? ROLE_FAINT : how[i].role, "%s", how[i].sign);
		doc_put(to, noise ? ROLE_FAINT : how[i].role, bytes_of(c->value[i]));
		doc_line(to);
	}
	doc_out(to);
}

static void
put_change(struct doc *to, const struct diff_change *c, bool noise)
{
	doc_putf(to, noise ? ROLE_FAINT : c->kind == DIFF_STATUS ? ROLE_BAD : ROLE_KEY, "%-8s ", diff_word(c->kind));
	doc_put(to, noise ? ROLE_FAINT : ROLE_TEXT, bytes_of(c->where ? c->where : ""));
	if (noise)
		doc_putf(to, ROLE_FAINT, "  (comes anew)");
	if (c->unit) {
		doc_putf(to, ROLE_TEXT, "  ");
		put_amount(to, c, noise ? ROLE_FAINT : ROLE_TEXT);
	}
	doc_line(to);
	if (c->lines)
		put_lines(to, c->lines, noise);
	else
		put_values(to, c, noise);
}

static size_t
put_changes(const struct compared *c, const struct diff *d, struct doc *to, bool noise)
{
	struct store *const s[2] = { c->store, c->store };
	size_t count = 0;

	for (size_t g = 0; g < d->groups; g++)
		for (size_t i = 0; i < d->group[g].changes; i++) {
			const struct diff_change *change = &d->group[g].change[i];

			if (change->side != SERVER || change->unit == UNIT_MICROSECONDS || replay_is_noise(s, c->id, change) != noise)
				continue;
			put_change(to, change, noise);
			count++;
		}
	return count;
}

static void
put_verdict(const struct compared *c, struct doc *to)
{
	struct store *const s[2] = { c->store, c->store };
	char words[VERDICT_ROOM] = "";
	enum replay_verdict v = replay_check(s, c->id, words);

	if (v == REPLAY_OTHER)
		doc_putf(to, ROLE_BAD, "different");
	else if (v == REPLAY_SAME)
		doc_putf(to, ROLE_GOOD, "the same, but for what comes anew with each answer");
	else
		doc_putf(to, ROLE_FAINT, "the first was not answered: there is nothing to compare with");
	doc_line(to);
	if (*words) {
		doc_in(to);
		doc_put(to, ROLE_TEXT, bytes_of(words));
		doc_line(to);
		doc_out(to);
	}
}

static void
difference_make(void *of, struct doc *to)
{
	const struct compared *c = of;
	struct store *const s[2] = { c->store, c->store };
	struct diff_how how;
	struct fault why;
	struct diff *d;

	diff_how_init(&how);
	put_verdict(c, to);
	d = diff_flows(s, c->id, &how, &why);
	if (!d) {
		doc_putf(to, ROLE_ERROR, "%s", why.text);
		doc_line(to);
		return;
	}
	if (!(put_changes(c, d, to, false) + put_changes(c, d, to, true))) {
		doc_putf(to, ROLE_FAINT, "byte for byte");
		doc_line(to);
	}
	if (d->messages_cut || d->members_cut) {
		doc_putf(to, ROLE_FAINT, "there is more than is compared: 20000 messages of 1 MiB, 20000 changes");
		doc_line(to);
	}
	if (d->bodies_cut) {
		doc_putf(to, ROLE_FAINT, "a body that is not wholly there, or over 16 MiB, is not wholly compared");
		doc_line(to);
	}
	diff_free(d);
}

static void
difference_open(void *st, struct desk *desk)
{
	((struct difference *)st)->desk = desk;
}

static void
difference_ask(struct difference *v, uint32_t notes)
{
	struct compared *c = xalloc(sizeof(*c));

	making_leave(v->making);
	v->same = !memcmp(v->id, v->desk->compared, sizeof(v->id));
	memcpy(v->id, v->desk->compared, sizeof(v->id));
	v->notes = notes;
	*c = (struct compared){ v->desk->store, { v->id[0], v->id[1] } };
	v->making = making_start(v->desk, difference_make, c);
}

static bool
difference_refresh(void *st, unsigned columns)
{
	struct difference *v = st;
	size_t at = store_index(v->desk->store, v->desk->compared[1]);
	struct doc *doc;
	struct row row;

	(void)columns;
	if (at != SIZE_MAX && store_rows(v->desk->store, at, 1, &row) == 1 && row.id &&
		(memcmp(v->id, v->desk->compared, sizeof(v->id)) || (row.notes != v->notes && !making_busy(v->making))))
		difference_ask(v, row.notes);
	doc = v->making ? making_take(v->making) : NULL;
	if (doc)
		folio_set(&v->folio, doc, v->same);
	return doc;
}

static size_t
difference_lines(void *st)
{
	return folio_lines(&((struct difference *)st)->folio);
}

static void
difference_line(void *st, size_t i, struct line *out)
{
	folio_line(&((struct difference *)st)->folio, i, out);
}

static void
difference_fold(void *st, size_t i)
{
	folio_fold(&((struct difference *)st)->folio, i);
}

static void
difference_title(void *st, struct line *out, unsigned columns)
{
	struct difference *v = st;

	(void)columns;
	line_putf(out, ROLE_TITLE, "Answers ");
	if (v->id[1])
		line_putf(out, ROLE_FAINT, "of flow %llu and flow %llu", (unsigned long long)v->id[0], (unsigned long long)v->id[1]);
}

static void
difference_close(void *st)
{
	struct difference *v = st;

	making_leave(v->making);
	folio_release(&v->folio);
}

const struct view_ops view_difference = {
	.name = "difference", .about = "what is different in the answers of two flows",
	.size = sizeof(struct difference), .wraps = true,
	.open = difference_open, .close = difference_close, .refresh = difference_refresh, .lines = difference_lines,
	.line = difference_line, .title = difference_title, .fold = difference_fold,
};
