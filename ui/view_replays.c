/* Requests that were sent again: a line each, with what came then and now. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "cell.h"
#include "desk.h"
#include "layout.h"
#include "replays.h"
#include "rowcell.h"
#include "words.h"

enum { NUMBER = 5, FLOWS = 12, STATE = 8, STATUS = 8, THEN_NOW = 15, ANSWER = 20, FIXED = NUMBER + FLOWS + STATE + STATUS + 2 * THEN_NOW + 7,
	WIDE = FIXED + ANSWER + 20 };

struct table {
	struct desk *desk;
	unsigned columns;
	size_t count;		/* that were shown */
};

static void
table_open(void *st, struct desk *desk)
{
	((struct table *)st)->desk = desk;
}

static bool
table_refresh(void *st, unsigned columns)
{
	struct table *t = st;
	bool anew = replays_count(t->desk->replays) < t->count;

	t->columns = columns;
	t->count = replays_count(t->desk->replays);
	return anew;
}

static size_t
table_lines(void *st)
{
	size_t count = replays_count(((struct table *)st)->desk->replays);

	return count ? count : 1;
}

/* How many columns are left to say what was asked; 0: it is not said. */
static unsigned
table_request(const struct table *t)
{
	return t->columns > WIDE ? (t->columns - FIXED) / 2 : 0;
}

static void
row_of(const struct table *t, flow_id id, struct row *out)
{
	size_t at = id ? store_index(t->desk->store, id) : SIZE_MAX;

	*out = (struct row){ .id = 0 };
	if (at == SIZE_MAX || store_rows(t->desk->store, at, 1, out) != 1 || out->id != id)
		*out = (struct row){ .id = 0 };
}

static void
put_request(const struct table *t, const struct row *r, struct line *out)
{
	char text[sizeof(r->method) + sizeof(r->host) + sizeof(r->path)];
	unsigned columns = table_request(t);

	if (!columns)
		return;
	snprintf(text, sizeof(text), "%s %s%s", row_method(r), r->host, r->path);
	cell_put(out, ROLE_PATH, bytes_of(r->id ? text : ""), columns - 1, CUT_MIDDLE);
	line_putf(out, ROLE_TEXT, " ");
}

/* "200→500", or "200" where it is as it was. */
static void
put_then_now(struct line *out, bool other, const char *then, const char *now, unsigned width)
{
	char text[2 * WORDS_MAX + 8];

	snprintf(text, sizeof(text), strcmp(then, now) ? "%s→%s" : "%s", then, now);
	cell_put(out, other ? ROLE_WARN : ROLE_TEXT, bytes_of(text), width, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
}

static const char *
status_words(const struct row *r, char out[WORDS_MAX])
{
	snprintf(out, WORDS_MAX, r->status ? "%u" : "–", r->status);
	return out;
}

static void
put_numbers(const struct table *t, const struct row *was, const struct row *is, struct line *out)
{
	char a[WORDS_MAX], b[WORDS_MAX];

	put_then_now(out, is->id && was->status != is->status, status_words(was, a), status_words(is, b), STATUS);
	put_then_now(out, false, was->id ? words_time(row_took(was, t->desk->now), a) : "–",
		is->id ? words_time(row_took(is, t->desk->now), b) : "–", THEN_NOW);
	put_then_now(out, is->ended && row_bytes(was) != row_bytes(is), was->id ? words_size(row_bytes(was), a) : "–",
		is->id ? words_size(row_bytes(is), b) : "–", THEN_NOW);
}

static void
put_answer(const struct sent *s, const char *words, struct line *out)
{
	static const struct { enum role role; const char *word; } verdicts[] = {
		[REPLAY_SAME] = { ROLE_GOOD, "the same" }, [REPLAY_OTHER] = { ROLE_BAD, "" },
		[REPLAY_UNKNOWN] = { ROLE_FAINT, "nothing to compare with" },
	};

	if (s->state == SENT_LEFT_OUT)
		line_putf(out, ROLE_WARN, "%.200s", words);
	else if (s->checked)
		line_putf(out, verdicts[s->verdict].role, "%s%s%.300s", verdicts[s->verdict].word,
			*verdicts[s->verdict].word && *words ? ", " : "", words);
	else if (s->state == SENT_DONE || s->state == SENT_FAILED)
		line_putf(out, ROLE_FAINT, "…");
}

static void
put_state(const struct sent *s, struct line *out)
{
	static const struct { enum role role; const char *word; } states[] = {
		[SENT_WAITS] = { ROLE_FAINT, "waits" }, [SENT_RUNNING] = { ROLE_WORD, "running" }, [SENT_DONE] = { ROLE_GOOD, "done" },
		[SENT_FAILED] = { ROLE_BAD, "failed" }, [SENT_LEFT_OUT] = { ROLE_WARN, "not sent" },
	};

	cell_put(out, states[s->state].role, bytes_of(states[s->state].word), STATE, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
}

static void
table_line(void *st, size_t i, struct line *out)
{
	struct table *t = st;
	char words[VERDICT_ROOM], number[WORDS_MAX], flows[2 * WORDS_MAX];
	struct row was, is;
	struct sent s;

	out->single = true;
	if (!replays_at(t->desk->replays, i, &s, words)) {
		line_putf(out, ROLE_FAINT, "Nothing was sent again: r sends this flow or those selected, :replay 10 ten times.");
		return;
	}
	row_of(t, s.of, &was);
	row_of(t, s.flow, &is);
	out->flow = s.flow;
	snprintf(number, sizeof(number), "%zu", i + 1);
	snprintf(flows, sizeof(flows), s.flow ? "%llu→%llu" : "%llu", (unsigned long long)s.of, (unsigned long long)s.flow);
	cell_right(out, ROLE_FAINT, bytes_of(number), NUMBER - 1);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, ROLE_NUMBER, bytes_of(flows), FLOWS, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	put_request(t, &was, out);
	put_state(&s, out);
	put_numbers(t, &was, &is, out);
	put_answer(&s, words, out);
}

static void
table_title(void *st, struct line *out, unsigned columns)
{
	struct table *t = st;
	struct replays_sum sum;

	(void)columns;
	replays_sum(t->desk->replays, &sum);
	line_putf(out, ROLE_TITLE, "Replays");
	if (!sum.all)
		return;
	line_putf(out, ROLE_FAINT, "  %zu of %zu sent", sum.sent, sum.all);
	if (sum.state[SENT_RUNNING])
		line_putf(out, ROLE_WORD, "  %zu running", sum.state[SENT_RUNNING]);
	if (sum.state[SENT_FAILED])
		line_putf(out, ROLE_BAD, "  %zu failed", sum.state[SENT_FAILED]);
	if (sum.verdict[REPLAY_OTHER])
		line_putf(out, ROLE_WARN, "  %zu different", sum.verdict[REPLAY_OTHER]);
	if (sum.verdict[REPLAY_SAME])
		line_putf(out, ROLE_GOOD, "  %zu the same", sum.verdict[REPLAY_SAME]);
}

static void
table_header(void *st, struct line *out)
{
	struct table *t = st;
	unsigned request = table_request(t);

	line_putf(out, ROLE_HEADER, " %*s ", NUMBER - 1, "");
	cell_put(out, ROLE_HEADER, LIT("FLOW→NEW"), FLOWS + 1, CUT_END);
	if (request)
		line_putf(out, ROLE_HEADER, "%-*s", (int)request, "REQUEST");
	line_putf(out, ROLE_HEADER, "%-*s %-*s %-*s %-*s %s", STATE, "STATE", STATUS, "STATUS", THEN_NOW, "TIME", THEN_NOW, "SIZE", "ANSWER");
}

static bool
is_sent(struct table *t, size_t i, struct sent *s, struct fault *why)
{
	char words[VERDICT_ROOM];

	return (replays_at(t->desk->replays, i, s, words) && s->flow) || fault(why, "on this line nothing was sent");
}

static bool
table_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct table *t = st;
	struct sent s;

	if (strcmp(action, "enter") && strcmp(action, "compare"))
		return false;
	if (!is_sent(t, i, &s, why))
		return true;
	if (!strcmp(action, "enter")) {
		layout_look(t->desk->layout, s.flow);
	} else {
		t->desk->compared[0] = s.of;
		t->desk->compared[1] = s.flow;
		(void)!layout_show(t->desk->layout, "difference", why);
	}
	return true;
}

const struct view_ops view_replays = {
	.name = "replays", .about = "requests that were sent again, and what came of each",
	.size = sizeof(struct table),
	.open = table_open, .refresh = table_refresh, .lines = table_lines, .line = table_line,
	.title = table_title, .header = table_header, .act = table_act,
};
