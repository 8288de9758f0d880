/*
 * HTTP archives, as browsers and other proxies write them, read entry by entry.
 * http://www.softwareishard.com/blog/har-12-spec/
 */
#include <stdlib.h>
#include <string.h>

#include "har_inside.h"
#include "soth/ordering.h"

enum { LINES_MAX = 100 };	/* about entries, in the log of a session */

struct reading {
	const struct convert_sink *to;
	flow_id flows;
	size_t entries, broken, plain, lines;
	struct fault first;
	struct har_openers openers;
	flow_id *flow_of;	/* the same, to be written */
	size_t room;
};

static void
say(struct reading *r, const char *words)
{
	struct note n = { .kind = NOTE_LOG, .part = { .kind = PART_DATA, .data = slice_text(words) } };

	if (r->lines++ < LINES_MAX)
		r->to->note(r->to->arg, &n);
	else
		note_drop(&n);
}

static void
say_broken(struct reading *r, const struct fault *why)
{
	struct fault line;

	fault(&line, "har: entry %zu is left out: %.150s", r->entries, why->text);
	say(r, line.text);
	if (!r->broken++)
		fault(&r->first, "entry %zu: %.140s", r->entries, why->text);
}

/* The numbers of entries lead to flows, also where some are left out. */
static void
count_flow(struct reading *r, flow_id id)
{
	if (r->openers.count == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->flow_of = xgrow(r->flow_of, r->room, sizeof(*r->flow_of));
		r->openers.at = r->flow_of;
	}
	r->flow_of[r->openers.count++] = id;
}

static void
deliver(struct reading *r, struct har_notes *notes)
{
	r->flows++;
	for (size_t i = 0; i < notes->count; i++) {
		struct note n = notes->at[i];

		n.flow = r->flows;
		r->to->note(r->to->arg, &n);
	}
	notes->count = 0;
}

/* Whoever reads them may rely on it. */
static bool
in_turn(const struct har_notes *notes, struct fault *why)
{
	struct ordering o = { 0 };
	struct ordering_flow f = { 0 };

	for (size_t i = 0; i < notes->count; i++)
		if (!ordering_note(&o, &f, &notes->at[i]))
			return fault(why, "%.150s", o.first.text);
	return true;
}

/* What a person said of it, here or elsewhere. */
static void
tell_remarks(const struct har_entry *e, struct har_notes *to)
{
	const struct bytes said[REMARK_COUNT] = { [REMARK_MARK] = har_string(e->soth, "marked"),
		[REMARK_COMMENT] = har_string(e->json, "comment") };
	uint64_t when = to->count ? to->at[to->count - 1].when : 0;

	for (int i = 0; i < REMARK_COUNT; i++)
		if (said[i].len)
			har_note(to, remark_note(0, when, (enum remark)i, said[i]));
}

static bool
read_entry(struct reading *r, const json_t *json, struct har_notes *notes, struct fault *why)
{
	struct har_entry e;
	struct fault line, unused;
	bool read = har_entry_read(&e, json, why), own = json_is_object(e.soth);

	if (own && !har_rows_read(&e, &r->openers, notes, &unused)) {
		har_notes_release(notes);
		fault(&line, "har: entry %zu: its \"_soth\" is not used: %.120s", r->entries, unused.text);
		say(r, line.text);
		own = false;
	}
	read = own || (read && har_entry_tell(&e, notes, why) && in_turn(notes, why));
	if (read)
		tell_remarks(&e, notes);
	r->plain += read && e.plain;
	har_entry_release(&e);
	return read;
}

static void
read_text(struct reading *r, struct har_scan *scan)
{
	struct har_notes notes = { 0 };
	struct fault why = { "" };
	json_t *json = har_scan_json(scan, &why);
	bool read;

	count_flow(r, r->flows + 1);
	read = json && read_entry(r, json, &notes, &why);
	json_decref(json);
	if (read) {
		deliver(r, &notes);
	} else {
		r->flow_of[r->openers.count - 1] = 0;
		say_broken(r, &why);
	}
	har_notes_release(&notes);
}

static void
read_large(struct reading *r)
{
	struct fault why;

	fault(&why, "it has more than %u MiB or too many values", HAR_ENTRY_MAX >> 20);
	count_flow(r, 0);
	say_broken(r, &why);
}

static bool
read_all(struct reading *r, struct har_scan *scan, struct fault *why)
{
	enum har_next next;

	if (!har_scan_entries(scan, why))
		return false;
	while ((next = har_scan_next(scan, why)) == HAR_ENTRY || next == HAR_ENTRY_LARGE) {
		r->entries++;
		if (next == HAR_ENTRY)
			read_text(r, scan);
		else
			read_large(r);
	}
	return next == HAR_END;
}

static bool
har_read(FILE *in, const struct convert_sink *to, struct fault *why)
{
	struct reading r = { .to = to };
	struct har_scan scan;
	struct fault line;
	bool whole;

	har_scan_init(&scan, in);
	whole = read_all(&r, &scan, why);
	har_scan_release(&scan);
	free(r.flow_of);
	if (r.plain) {
		fault(&line, "har: %zu entries have bodies without their codings: content-encoding and transfer-encoding were "
			"left out of those heads, and content-length says what is there", r.plain);
		r.lines = 0;
		say(&r, line.text);
	}
	if (!whole)
		return false;
	return !r.broken || fault(why, "%zu of %zu entries could not be read; the first: %s", r.broken, r.entries, r.first.text);
}

static int
har_suits(struct bytes first)
{
	struct bytes b = first;

	if (b.len > 3 && !memcmp(b.at, "\xef\xbb\xbf", 3))
		b = bytes_from(b, 3);
	while (b.len && strchr(" \t\r\n", *b.at) && *b.at)
		b = bytes_from(b, 1);
	if (!b.len || *b.at != '{' || !memmem(b.at, b.len, "\"log\"", 5))
		return 0;
	return memmem(b.at, b.len, "\"entries\"", 9) || memmem(b.at, b.len, "\"creator\"", 9) ? 95 : 60;
}

const struct format format_har = {
	.name = "har", .about = "HTTP archive 1.2, as browsers and other proxies write it", .suffixes = ".har .har.json",
	.suits = har_suits, .read = har_read, .write = har_write,
};
