/* Flows as entries of a HAR file, one after the other: one is in memory at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "har_inside.h"
#include "har_writing.h"
#include "soth/trail.h"

enum { RECORD_MAX = 80 << 20 };

static int
by_id(const void *a, const void *b)
{
	const struct har_number *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static struct har_number *
numbers_of(const struct convert_flows *from)
{
	struct har_number *n = xgrow(NULL, from->count + 1, sizeof(*n));

	for (size_t i = 0; i < from->count; i++)
		n[i] = (struct har_number){ from->id[i], i + 1 };
	qsort(n, from->count, sizeof(*n), by_id);
	return n;
}

/* The number of an entry that is before this one or is it; 0: that flow is not there. */
static size_t
number_of(const struct har_writing *w, flow_id id)
{
	struct har_number key = { id, 0 };
	const struct har_number *n = bsearch(&key, w->numbers, w->from->count, sizeof(key), by_id);

	return n && n->entry <= w->entry ? n->entry : 0;
}

static uint64_t
opener_of(const struct har_writing *w, const struct origin *o)
{
	size_t n = o->opened_by ? number_of(w, o->opened_by) : 0;

	return n ? n : o->opened_by ? w->entry : 0;
}

/* Each note of a flow. */
static bool
notes_each(struct har_writing *w, flow_id id, void (*each)(struct har_writing *w, struct note *n), struct fault *why)
{
	struct trail *t = trail_new(w->from->store, id);
	struct glance g;
	struct note n;
	uint64_t back, next;
	bool read = true;

	*why = (struct fault){ "" };
	while (read && (trail_next(t, &g, why) || trail_busy(t))) {
		if (trail_busy(t))
			continue;
		read = journal_read(trail_file(t), g.at, &w->scratch, &n, &back, &next, why);
		if (read)
			each(w, &n);
		if (read)
			note_drop(&n);
	}
	trail_free(t);
	return read && !*why->text;
}

static void
last_note(struct har_writing *w, struct note *n)
{
	w->last = n->when > w->last ? n->when : w->last;
}

static void
put(struct har_writing *w, json_t *j, bool *first)
{
	if (!*first)
		fputc(',', w->out);
	*first = false;
	json_dumpf(j, w->out, HAR_DUMP);
	json_decref(j);
}

static void
put_message(struct har_writing *w, struct note *n)
{
	json_t *j = har_message(n);

	if (j)
		put(w, j, &w->first);
}

static void
put_row(struct har_writing *w, const struct note *n)
{
	put(w, har_row(n, w->flow.begun, &w->flow, n->kind == NOTE_FLOW ? opener_of(w, n->origin) : 0,
		w->same_head[n->side], w->same_trailer[n->side]), &w->first);
}

/* A body longer than what is written goes on as bytes that were not kept. */
static void
put_data(struct har_writing *w, struct note *n)
{
	struct slice all = n->part.data;
	size_t left = w->body[n->side].raw.bytes.len - w->used[n->side], len = all.bytes.len < left ? all.bytes.len : left;
	struct note skip = *n;

	w->used[n->side] += len;
	n->part.data.bytes.len = len;
	if (len || !all.bytes.len)
		put_row(w, n);
	n->part.data = all;
	if (len == all.bytes.len)
		return;
	skip.part = (struct part){ .kind = PART_SKIP, .count = all.bytes.len - len };
	put_row(w, &skip);
}

static void
put_note(struct har_writing *w, struct note *n)
{
	if (n->kind == NOTE_PART && n->part.kind == PART_DATA)
		put_data(w, n);
	else if (n->kind != NOTE_REMARK)	/* the entry has what counts */
		put_row(w, n);
}

static void
put_gone(struct har_writing *w)
{
	struct note n = { .kind = NOTE_GONE, .when = w->flow.ended, .part = { .kind = PART_RESET, .code = w->flow.close,
		.data = w->flow.detail } };

	put_row(w, &n);
}

/* Codings taken off, where they can be. */
static void
body_load(struct har_writing *w, enum side side)
{
	struct har_body *b = &w->body[side];
	const struct head *h = w->flow.half[side].head;
	bool plain;

	b->raw = convert_body(w->from->store, w->flow.id, side, false, HAR_BODY_MAX, &b->whole);
	b->plain = h && head_has(h, "content-encoding") && b->raw.bytes.len ?
		convert_body(w->from->store, w->flow.id, side, true, HAR_BODY_MAX, &plain) : slice_ref(b->raw);
	if (b->raw.bytes.len && !b->plain.bytes.len) {
		slice_drop(&b->plain);
		b->plain = slice_ref(b->raw);
	}
}

static bool
flow_load(struct har_writing *w, flow_id id, struct fault *why)
{
	if (!store_flow(w->from->store, id, &w->flow, why))
		return false;
	body_load(w, CLIENT);
	body_load(w, SERVER);
	w->live = !w->flow.ended;
	if (!w->live)
		return true;
	w->last = 0;
	if (!notes_each(w, id, last_note, why))
		return false;
	w->flow.ended = w->last;
	w->flow.close = CLOSE_HTTP_ERROR;
	w->flow.detail = slice_text("it was not over when it was written");
	return true;
}

static void
flow_unload(struct har_writing *w)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		slice_drop(&w->body[side].raw);
		slice_drop(&w->body[side].plain);
		w->used[side] = 0;
	}
	flow_release(&w->flow);
}

static bool
put_messages(struct har_writing *w, struct fault *why)
{
	if (!w->flow.half[CLIENT].spoke && !w->flow.half[SERVER].spoke)
		return true;
	fputs(",\"_webSocketMessages\":[", w->out);
	w->first = true;
	if (!notes_each(w, w->flow.id, put_message, why))
		return false;
	fputc(']', w->out);
	return true;
}

static bool
put_entry(struct har_writing *w, struct fault *why)
{
	json_t *soth = json_pack("{s:I}", "begun", (json_int_t)w->flow.begun), *entry;
	struct origin empty = { 0 };

	if (!w->flow.origin)
		w->flow.origin = origin_new(&empty);
	w->opener = opener_of(w, w->flow.origin);
	entry = har_entry_json(w, soth);
	fputc('{', w->out);
	json_dumpf(entry, w->out, HAR_DUMP | JSON_EMBED);
	json_decref(entry);
	if (!put_messages(w, why)) {
		json_decref(soth);
		return false;
	}
	fputs(",\"_soth\":{", w->out);
	json_dumpf(soth, w->out, HAR_DUMP | JSON_EMBED);
	json_decref(soth);
	fputs(",\"notes\":[", w->out);
	w->first = true;
	if (!notes_each(w, w->flow.id, put_note, why))
		return false;
	if (w->live)
		put_gone(w);
	fputs("]}}", w->out);
	return true;
}

static bool
write_flow(struct har_writing *w, flow_id id, struct fault *why)
{
	struct fault reason = { "" };
	bool written;

	fputs(w->entry++ ? ",\n" : "\n", w->out);
	written = flow_load(w, id, &reason) && put_entry(w, &reason);
	flow_unload(w);
	if (!written)
		return fault(why, "flow %llu: %.150s", (unsigned long long)id, *reason.text ? reason.text : "it cannot be read");
	return !ferror(w->out) || fault(why, "flow %llu: %s", (unsigned long long)id, strerror(errno));
}

bool
har_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	struct har_writing w = { .out = out, .from = from, .numbers = numbers_of(from) };
	bool written = true;

	buf_init(&w.scratch, RECORD_MAX);
	fputs("{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"soth\",\"version\":\"1\"},\"pages\":[],\"entries\":[", out);
	for (size_t i = 0; written && i < from->count; i++)
		written = write_flow(&w, from->id[i], why);
	if (written)
		fputs("\n]}}\n", out);
	buf_release(&w.scratch);
	free(w.numbers);
	return written && (!ferror(out) || fault(why, "the file could not be written"));
}
