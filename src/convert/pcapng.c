/*
 * Flows as packets, for Wireshark: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
 * Each is a conversation that never was, with the times that were: a connection
 * of its own between client and server, and in it the bytes without TLS.
 */
#include <errno.h>
#include <string.h>

#include "pcapng_inside.h"
#include "soth/convert.h"
#include "soth/trail.h"

enum { RECORD_MAX = 80 << 20, URL_MOST = 2000, WORDS_MOST = 300 };

/* The parts of a flow that say something, and whether the END of its side is next. */
struct walk {
	struct trail *trail;
	struct glance g, next;
	bool more;		/* .next is there */
	struct buf scratch;
};

static bool
says_something(const struct glance *g)
{
	return g->kind == NOTE_PART && g->part != PART_MARK && g->part != PART_FRAME;
}

static bool
walk_look(struct walk *w, struct fault *why)
{
	w->more = false;
	for (;;) {
		if (!trail_next(w->trail, &w->next, why)) {
			if (!*why->text && trail_busy(w->trail))
				continue;
			return !*why->text;
		}
		if (says_something(&w->next))
			break;
	}
	w->more = true;
	return true;
}

static bool
walk_ends_next(const struct walk *w)
{
	return w->more && w->next.part == PART_END && w->next.side == w->g.side;
}

static void
say(struct speech *s, const struct note *n, speech_part *const *how)
{
	struct talk *t = s->talk;

	t->when = n->when > t->when ? n->when : t->when;
	if (!how[n->part.kind])
		return;
	how[n->part.kind](s, n->side, &n->part);
	talk_flush(t);
}

static bool
say_all(struct speech *s, struct walk *w, speech_part *const *how, struct fault *why)
{
	struct note n;
	uint64_t back, next;

	if (!walk_look(w, why))
		return false;
	while (w->more) {
		w->g = w->next;
		if (!walk_look(w, why) || !journal_read(trail_file(w->trail), w->g.at, &w->scratch, &n, &back, &next, why))
			return false;
		s->last = walk_ends_next(w);
		say(s, &n, how);
		note_drop(&n);
	}
	return true;
}

static void
comment_authority(struct talk *t, const struct origin *o)
{
	const bool v6 = o->host.len && memchr(o->host.at, ':', o->host.len);

	talk_comment_text(t, o->scheme, WORDS_MOST);
	talk_comment_more(t, v6 ? "://[" : "://");
	talk_comment_text(t, o->host, WORDS_MOST);
	talk_comment_more(t, v6 ? "]" : "");
	if (o->port && o->port != (bytes_are(o->scheme, "https") ? 443 : bytes_are(o->scheme, "http") ? 80 : 0))
		talk_comment_more(t, ":%u", o->port);
}

/* "flow 3: GET https://h:443/p 200" */
static void
comment_request(struct talk *t, const struct flow *f)
{
	const struct head *request = f->half[CLIENT].head, *answer = f->half[SERVER].head;
	struct bytes target = request ? head_target(request) : (struct bytes){ 0 };
	const bool absolute = target.len && *target.at != '/' && memmem(target.at, target.len, "://", 3);

	talk_comment(t, "flow %llu: ", (unsigned long long)f->id);
	if (request) {
		talk_comment_text(t, head_method(request), WORDS_MOST);
		talk_comment_more(t, " ");
	}
	if (f->origin && !absolute)
		comment_authority(t, f->origin);
	talk_comment_text(t, target, URL_MOST);
	if (answer)
		talk_comment_more(t, " %u", head_status(answer));
}

static void
comment_remarks(struct talk *t, const struct flow *f)
{
	for (int i = 0; i < REMARK_COUNT; i++) {
		struct bytes said = f->remark[i].bytes;

		if (!said.len)
			continue;
		talk_comment(t, "%s: ", remark_word((enum remark)i));
		talk_comment_text(t, said, said.len);
	}
}

static void
comment_ends(struct talk *t, const struct flow *f)
{
	const struct pcapng_ends *ends = t->ends;

	if (f->origin && f->origin->client.len) {
		talk_comment(t, "client ");
		talk_comment_text(t, f->origin->client, WORDS_MOST);
	}
	if (ends->server.len) {
		talk_comment(t, "server ");
		talk_comment_text(t, ends->server, WORDS_MOST);
	}
	if (ends->port != ends->at[SERVER].port)
		talk_comment(t, "the server's port was %u", ends->port);
}

static void
comment_protocol(struct talk *t, const struct flow *f, bool h2)
{
	const struct half *answer = &f->half[SERVER];

	if (h2 && answer->head && head_version(answer->head) != HTTP_2)
		talk_comment(t, "the server spoke HTTP/1.1");
	if (!h2 && answer->head && head_version(answer->head) == HTTP_2)
		talk_comment(t, "the server spoke HTTP/2");
	for (int side = CLIENT; side <= SERVER; side++)
		if (f->half[side].skipped)
			talk_comment(t, "of the %s's %llu bytes %llu were not recorded", side == CLIENT ? "client" : "server",
				(unsigned long long)f->half[side].bytes, (unsigned long long)f->half[side].skipped);
}

static void
comment_trouble(struct talk *t, struct store *s, const struct flow *f)
{
	const size_t index = store_index(s, f->id);
	struct row row = { .grpc = -1 };

	if (index != SIZE_MAX)
		store_rows(s, index, 1, &row);
	if (*row.trouble) {
		talk_comment(t, "failed: ");
		talk_comment_text(t, bytes_of(row.trouble), sizeof(row.trouble));
	}
	if (row.grpc >= 0)
		talk_comment(t, "grpc-status %d", row.grpc);
	if (!f->ended)
		talk_comment(t, "it was not over when this was written");
}

/* When the server was there: no later than the first that was asked of it. */
static uint64_t
answered(const struct flow *f)
{
	const uint64_t asked = f->half[CLIENT].begun;

	for (size_t i = 0; i < f->moments; i++) {
		const struct moment *m = &f->moment[i];

		if (m->step && step_kind(m->step) == STEP_CONNECTED)
			return asked && asked < m->when ? asked : m->when;
	}
	return f->begun;
}

static bool
say_tcp(struct speech *s, struct walk *w, bool h2, struct fault *why)
{
	struct talk *t = s->talk;
	bool ok;

	talk_open(t, s->flow->begun, answered(s->flow));
	if (h2)
		speech_h2_open(s);
	ok = say_all(s, w, h2 ? speech_h2 : speech_http, why);
	t->when = s->flow->ended > t->when ? s->flow->ended : t->when;
	talk_close(t, SERVER);
	talk_close(t, CLIENT);
	return ok;
}

static bool
is_udp(const struct flow *f)
{
	return f->origin && bytes_are(f->origin->scheme, "udp") && !f->half[CLIENT].head;
}

static bool
say_flow(struct pcapng *p, struct store *store, const struct flow *f, const struct pcapng_ends *ends,
	struct fault *why)
{
	const struct head *request = f->half[CLIENT].head;
	const bool h2 = request && head_version(request) == HTTP_2;
	struct walk w = { .trail = trail_new(store, f->id) };
	struct talk t;
	struct speech s = { .talk = &t, .flow = f, .raw = !request };
	bool ok;

	buf_init(&w.scratch, RECORD_MAX);
	talk_init(&t, p, ends, f->id);
	comment_request(&t, f);
	comment_remarks(&t, f);
	comment_ends(&t, f);
	comment_protocol(&t, f, h2);
	comment_trouble(&t, store, f);
	ok = is_udp(f) ? say_all(&s, &w, speech_udp, why) : say_tcp(&s, &w, h2, why);
	head_drop(s.trailer[CLIENT]);
	head_drop(s.trailer[SERVER]);
	talk_release(&t);
	buf_release(&w.scratch);
	trail_free(w.trail);
	return ok;
}

static bool
pcapng_flow(struct pcapng *p, struct store *store, flow_id id, struct pcapng_ends *ends, struct fault *why)
{
	struct fault inner = { "" };
	struct flow f = { 0 };
	bool ok = store_flow(store, id, &f, &inner);

	if (ok) {
		pcapng_ends(p, store, &f, ends);
		ok = say_flow(p, store, &f, ends, &inner);
	}
	flow_release(&f);
	if (!ok)
		return fault(why, "flow %llu: %.150s", (unsigned long long)id, inner.text);
	if (ferror(p->out))
		return fault(why, "flow %llu: %s", (unsigned long long)id, strerror(errno));
	return true;
}

static bool
pcapng_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	struct pcapng p = { .out = out, .names = pcapng_names_new() };
	struct pcapng_ends ends = { 0 };
	bool ok = true;

	pcapng_begin(&p);
	for (size_t i = 0; ok && i < from->count; i++)
		ok = pcapng_flow(&p, from->store, from->id[i], &ends, why);
	flow_release(&ends.first);
	pcapng_names_free(p.names);
	if (ok && fflush(out))
		ok = fault(why, "%s", strerror(errno));
	return ok;
}

const struct format format_pcapng = {
	.name = "pcapng", .about = "packets for Wireshark, with TLS taken off", .suffixes = ".pcapng",
	.write = pcapng_write,
};
