/*
 * Relays, driven without sockets by scripts: tests/proto/NAME.t says what
 * happens, and, behind a tab, what comes of it. GOLDEN=write writes anew what
 * comes, to be looked at. Each script is run again with each `data` cut in two
 * at every byte, and then with every byte alone: all in all the same must come.
 *
 *	mode SPEC | option NAME=VALUE | original HOST:PORT	before the first step
 *	temporary ACTION MINUTES HOST	likewise: a person said so
 *	learned HOST	likewise: that it is passed on was learned
 *	process NAME	likewise: whose the client is
 *	hold [head|body|said] [client|server] TEXT	likewise: what has that text in its head, or body, or is a message that says it, is held
 *	hold [file|tail] client TEXT	likewise: that is answered with the file of that name, asked for with its head, or once it is whole
 *	client data "..." | data 1 "..."	bytes, of as many strings as one likes; "x"*9 is nine of them
 *	open 1 ADDRESS | fail 1 KIND "words"	of a connection that was dialled, or that breaks; 0 is the client's
 *	eof 1 | eof client | full 1 | drained 1
 *	read NUMBER none | read NUMBER "..."	of a file that was asked for
 *	start | tick SECONDS | kill FLOW [reset | alert N | code N] | end
 *	resume FLOW | edit FLOW client|server "..." | raw FLOW client|server "..." | answer FLOW "..." | next COUNT
 *	inject FLOW client|server "..."	as if that side had said it
 *	say FLOW client|server "..." | drop FLOW client|server	of the message that waits
 *
 * As any driver, it gives nothing to a connection that is paused until it goes
 * on, and nothing at all to one that was closed.
 */
#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "soth/buf.h"
#include "soth/ca.h"
#include "soth/fieldlist.h"
#include "soth/relay.h"
#include "trusting.h"
#include "../ordered.h"

enum { TEXT_MAX = 256 << 10, CONNS = 16, QUEUE = 64, SHOWN = 600, UNCUT = -1, APART = -2, SCRIPTS = 200, DATAS = 64, CUTS = 600, STRANDS = 3 };

/* What came: of one connection, or of one flow. What follows its like there is joined to it. */
struct item {
	enum { ITEM_LINE, ITEM_SEND, ITEM_DATA } kind;
	enum { OF_CONN, OF_FLOW, OF_RELAY } of;
	unsigned number, strand;	/* of a flow: what each side said, and all else, by themselves */
	enum side side;
	size_t count;		/* DATA */
	char *line;
	struct slice sent;
	bool shown;
	bool pauses;		/* PAUSE or GO */
};

struct conn {
	bool known, paused, closed;
	struct event queue[QUEUE];
	size_t queued;
};

struct test_decider {
	struct decider decider;
	enum side side;
	bool body, said, file, tail;
	char text[64];
};

struct play {
	struct test_decider test;
	struct hands hands;
	const char *path;
	struct options options;
	struct policy *policy;
	struct temporaries *temporaries;
	struct mode mode;
	char *original;		/* NULL: nowhere else */
	char process[40];	/* "": not known */
	struct relay *relay;
	struct effects fx;
	struct conn conn[CONNS];
	struct item *item;
	size_t items;
	uint64_t clock;
	flow_id flows;
	struct ordered ordered;
	long cut_data, cut_at;	/* the how manieth `data` is cut, and where */
	size_t data_len[DATAS];
	long data;
	bool over;
	unsigned line;
};

static struct ca *ca;		/* one for all */

static flow_id
next_id(void *arg)
{
	return ++((struct play *)arg)->flows;
}

static uint64_t
now(void *arg)
{
	return ((struct play *)arg)->clock;
}

static void
trouble(struct play *p, const char *what)
{
	fail_msg("%s:%u: %s (data %ld cut at %ld)", p->path, p->line, what, p->cut_data, p->cut_at);
}

/* What came */

static void
item_add(struct play *p, struct item one)
{
	p->item = xgrow(p->item, p->items + 1, sizeof(*p->item));
	p->item[p->items++] = one;
}

static void PRINTF(4, 5)
line_add(struct play *p, unsigned of, unsigned number, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	assert_true(vasprintf(&line, fmt, ap) >= 0);
	va_end(ap);
	item_add(p, (struct item){ .kind = ITEM_LINE, .of = of, .number = number, .line = line });
}

static const char *
quoted(struct bytes b, char room[SHOWN * 4 + 40])
{
	size_t len = 0, most = b.len > SHOWN ? SHOWN / 4 : b.len;

	room[len++] = '"';
	for (size_t i = 0; i < most; i++) {
		uint8_t c = b.at[i];

		if (c == '\r' || c == '\n' || c == '"' || c == '\\')
			len += (size_t)sprintf(room + len, "\\%c", c == '\r' ? 'r' : c == '\n' ? 'n' : c);
		else
			len += (size_t)sprintf(room + len, c >= ' ' && c < 0x7f ? "%c" : "\\x%02x", c);
	}
	sprintf(room + len, most < b.len ? "\"... %zu" : "\"", b.len);
	return room;
}

static void
came_part(struct play *p, const struct note *n)
{
	static char room[SHOWN * 4 + 40];
	size_t first = p->items;
	const char *side = n->side == CLIENT ? "client" : "server", *name = part_name(n->part.kind);
	const struct part *part = &n->part;
	struct bytes words;

	if (part->kind == PART_DATA) {
		item_add(p, (struct item){ .kind = ITEM_DATA, .of = OF_FLOW, .number = (unsigned)n->flow, .side = n->side,
			.count = part->data.bytes.len });
	} else if (part->kind == PART_HEAD && head_kind(part->head) == HEAD_REQUEST) {
		words = head_text(part->head);
		line_add(p, OF_FLOW, (unsigned)n->flow, "head %s %.*s", side, (int)strcspn((const char *)words.at, "\r"), words.at);
	} else if (part->kind == PART_HEAD) {
		line_add(p, OF_FLOW, (unsigned)n->flow, "head %s %u", side, head_status(part->head));
	} else if (part->kind == PART_SKIP || part->kind == PART_MARK) {
		line_add(p, OF_FLOW, (unsigned)n->flow, "%s %s %llu", name, side, (unsigned long long)part->count);
	} else if (part->kind == PART_END) {
		line_add(p, OF_FLOW, (unsigned)n->flow, "end %s", side);
	} else {
		words = part->kind == PART_TRAILER ? head_text(part->head) : part->data.bytes;
		line_add(p, OF_FLOW, (unsigned)n->flow, "%s %s %s", name, side, quoted(words, room));
	}
	p->item[first].strand = 1 + (unsigned)n->side;
}

/* The step, and the few values that say most. */
static void
came_step(struct play *p, const struct note *n)
{
	static const char *const shown[] = { "action", "reason", "override_rule_id", "name", "what", "proxy",
		"tls_failure_reason", "source_confidence" };
	char values[400] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		struct bytes v = step_find(n->step, shown[i]);

		if (v.len && len < 300)
			len += (size_t)snprintf(values + len, sizeof(values) - len, " %s=%.*s", shown[i],
				(int)(v.len < 80 ? v.len : 80), v.at);
	}
	line_add(p, OF_FLOW, (unsigned)n->flow, "step %s%s", step_event(step_kind(n->step)), values);
}

static void
came_note(struct play *p, struct note *n)
{
	static char room[SHOWN * 4 + 40];

	if (!ordered_note(&p->ordered, n))
		trouble(p, p->ordered.ordering.first.text);
	if (n->kind == NOTE_FLOW)
		line_add(p, OF_FLOW, (unsigned)n->flow, "flow %.*s %.*s %u", (int)n->origin->scheme.len, n->origin->scheme.at,
			(int)n->origin->host.len, n->origin->host.at, n->origin->port);
	else if (n->kind == NOTE_STEP)
		came_step(p, n);
	else if (n->kind == NOTE_PART)
		came_part(p, n);
	else if (n->kind == NOTE_HAND)
		line_add(p, OF_FLOW, (unsigned)n->flow, n->part.count ? "%s %s %s of %llu" : "%s %s %s", hand_word(n->part.code),
			n->side == CLIENT ? "client" : "server", quoted(n->part.data.bytes, room), (unsigned long long)n->part.count);
	else if (n->kind == NOTE_GONE)
		line_add(p, OF_FLOW, (unsigned)n->flow, "gone %s %s", close_name(n->part.code), quoted(n->part.data.bytes, room));
	note_drop(n);
}

static void
came_command(struct play *p, unsigned number, struct command *cmd)
{
	static const char *const names[] = { [CMD_SHUT] = "shut", [CMD_CLOSE] = "close", [CMD_ABORT] = "abort", [CMD_ALERT] = "alert", [CMD_PAUSE] = "pause", [CMD_GO] = "go" };
	struct conn *c = &p->conn[number];

	if (!c->known)
		trouble(p, "a command for a connection that nobody knows");
	if (cmd->kind == CMD_SEND) {
		item_add(p, (struct item){ .kind = ITEM_SEND, .of = OF_CONN, .number = number, .sent = cmd->data });
		return;
	}
	line_add(p, OF_CONN, number, "%s %u", names[cmd->kind], number);
	p->item[p->items - 1].pauses = cmd->kind == CMD_PAUSE || cmd->kind == CMD_GO;
	c->closed = c->closed || cmd->kind == CMD_CLOSE;
	c->paused = cmd->kind == CMD_PAUSE || (c->paused && cmd->kind != CMD_GO);
}

static void
came(struct play *p, struct effect *fx)
{
	if ((fx->kind == FX_DIAL || fx->kind == FX_ASSOCIATE || fx->kind == FX_COMMAND) && fx->conn >= CONNS)
		trouble(p, "too many connections");
	if (fx->kind == FX_DIAL || fx->kind == FX_ASSOCIATE) {
		line_add(p, OF_CONN, fx->conn, "%s %u %.*s", fx->kind == FX_DIAL ? "dial" : "associate", fx->conn,
			(int)fx->data.bytes.len, fx->data.bytes.len ? (const char *)fx->data.bytes.at : "");
		p->conn[fx->conn].known = true;
		slice_drop(&fx->data);
	} else if (fx->kind == FX_READ) {
		line_add(p, OF_RELAY, 0, "read %u %.*s", fx->conn, (int)fx->data.bytes.len, (const char *)fx->data.bytes.at);
		slice_drop(&fx->data);
	} else if (fx->kind == FX_COMMAND) {
		came_command(p, fx->conn, &fx->command);
	} else if (fx->kind == FX_NOTE) {
		came_note(p, &fx->note);
	} else {
		line_add(p, OF_RELAY, 0, "over");
		p->over = true;
	}
}

static void
item_print(const struct item *i, struct slice sent, size_t count, FILE *out)
{
	static char room[SHOWN * 4 + 40];
	bool tls = sent.bytes.len > 2 && sent.bytes.at[0] == 0x16 && sent.bytes.at[1] == 3;

	fputs("\t", out);
	if (i->of == OF_FLOW && i->number > 1)
		fprintf(out, "note %u: ", i->number);
	else if (i->of == OF_FLOW)
		fputs("note ", out);
	if (i->kind == ITEM_SEND)	/* what TLS says is new each time */
		fprintf(out, "send %u %s", i->number, tls ? "TLS" : quoted(sent.bytes, room));
	else if (i->kind == ITEM_DATA)
		fprintf(out, "data %s %zu", i->side == CLIENT ? "client" : "server", count);
	else
		fputs(i->line, out);
	fputs("\n", out);
}

/* When the settings of HTTP/2 are agreed to, and windows grow, depends on where
 * things are cut: such frames are left out (RFC 9113 sections 6.5, 6.9). */
static void
calm(struct buf *sent)
{
	static const char settings[] = "\x04\0\0\0\0\0";	/* type, flags, stream */
	uint8_t *end = sent->at + sent->len, *from, *to;
	size_t len;

	from = sent->len ? memmem(sent->at, sent->len, settings, 6) : NULL;
	if (!from || from - sent->at < 3 || from[-2] || from[-3])
		return;
	for (from = to = from - 3; end - from >= 9; from += len) {
		len = 9 + ((size_t)from[0] << 16 | (size_t)from[1] << 8 | from[2]);
		len = len < (size_t)(end - from) ? len : (size_t)(end - from);
		if (from[3] == 8 || (from[3] == 4 && from[4] & 1))
			continue;
		memmove(to, from, len);
		to += len;
	}
	memmove(to, from, (size_t)(end - from));
	sent->len = (size_t)(to + (end - from) - sent->at);
}

/* One item, with those behind it that are joined to it; `apart`: each strand by itself. */
static void
item_join(struct play *p, size_t at, bool apart, FILE *out)
{
	struct item *first = &p->item[at];
	struct slice whole = { 0 };
	size_t count = 0;
	struct buf sent;

	buf_init(&sent, 64 << 20);
	for (size_t i = at; i < p->items; i++) {
		struct item *one = &p->item[i];

		if (one->of != first->of || one->number != first->number || one->shown ||
			(apart && (one->strand != first->strand || one->pauses)))
			continue;
		if (i > at && (first->kind == ITEM_LINE || one->kind != first->kind || one->side != first->side))
			break;
		one->shown = true;
		count += one->count;
		if (one->kind == ITEM_SEND)
			assert_true(buf_add(&sent, one->sent.bytes));
	}
	if (apart)
		calm(&sent);
	whole = sent.len ? buf_seal(&sent) : whole;
	buf_release(&sent);
	item_print(first, whole, count, out);
	slice_drop(&whole);
}

/* Each connection, and each side of a flow, by itself, since how they are woven depends on
 * where things are cut, as do the pauses; that a GO follows shows in what comes then. */
static void
items_by_strand(struct play *p, FILE *out)
{
	for (unsigned of = OF_CONN; of <= OF_RELAY; of++)
		for (unsigned number = 0; number <= (of == OF_CONN ? CONNS : p->flows); number++)
			for (unsigned strand = 0; strand < STRANDS; strand++)
				for (size_t i = 0; i < p->items; i++) {
					struct item *one = &p->item[i];

					if (one->of == of && one->number == number && one->strand == strand &&
						!one->shown && !one->pauses)
						item_join(p, i, true, out);
				}
}

static void
items_print(struct play *p, size_t from, FILE *out)
{
	for (size_t i = from; i < p->items; i++)
		if (!p->item[i].shown)
			item_join(p, i, false, out);
}

/* What happens */

static void
drain(struct play *p)
{
	struct effect fx;

	while (effects_take(&p->fx, &fx))
		came(p, &fx);
}

static void
happen(struct play *p, unsigned number, struct event ev)
{
	relay_event(p->relay, number, &ev, &p->fx);
	if (ev.kind == EV_FAIL)
		p->conn[number].closed = true;
	drain(p);
}

/* What waited in a connection that goes on again. */
static void
catch_up(struct play *p)
{
	for (unsigned i = 0; i < CONNS; i++) {
		struct conn *c = &p->conn[i];

		while (c->queued && (!c->paused || c->closed)) {
			struct event ev = c->queue[0];

			memmove(c->queue, c->queue + 1, --c->queued * sizeof(*c->queue));
			if (c->closed || p->over)
				event_drop(&ev);
			else
				happen(p, i, ev);
			i = 0;
			c = &p->conn[0];
		}
	}
}

static void
give(struct play *p, unsigned number, struct event ev)
{
	struct conn *c = &p->conn[number];

	if (c->closed || p->over) {
		event_drop(&ev);
	} else if ((ev.kind == EV_DATA || ev.kind == EV_EOF) && (c->paused || c->queued)) {
		assert_true(c->queued < QUEUE);
		c->queue[c->queued++] = ev;
	} else {
		happen(p, number, ev);
	}
	catch_up(p);
}

static void
give_bytes(struct play *p, unsigned number, struct bytes b)
{
	if (b.len)
		give(p, number, (struct event){ .kind = EV_DATA, .data = slice_copy(b) });
}

static void
give_cut(struct play *p, unsigned number, struct bytes b)
{
	long which = p->data++;

	if (p->cut_data == APART) {
		for (size_t i = 0; i < b.len; i++)
			give_bytes(p, number, (struct bytes){ b.at + i, 1 });
	} else if (p->cut_data == which) {
		size_t at = (size_t)p->cut_at < b.len ? (size_t)p->cut_at : b.len;

		give_bytes(p, number, (struct bytes){ b.at, at });
		give_bytes(p, number, (struct bytes){ b.at + at, b.len - at });
	} else {
		give_bytes(p, number, b);
	}
}

/* Reading a script */

static uint8_t
unescape(struct play *p, const char **at)
{
	char c = *(*at)++, hex[3] = "";

	if (c != '\\')
		return (uint8_t)c;
	c = *(*at)++;
	if (c == 'r' || c == 'n' || c == 't')
		return c == 'r' ? '\r' : c == 'n' ? '\n' : '\t';
	if (c != 'x')
		return (uint8_t)c;
	memcpy(hex, *at, strnlen(*at, 2));
	if (!isxdigit((unsigned char)hex[0]) || !isxdigit((unsigned char)hex[1]))
		trouble(p, "\\x wants two digits");
	*at += 2;
	return (uint8_t)strtoul(hex, NULL, 16);
}

static struct slice
strings_read(struct play *p, const char *at)
{
	struct buf all;

	buf_init(&all, TEXT_MAX);
	while (*(at += strspn(at, " ")) == '"') {
		size_t from = all.len, len;
		unsigned long times = 1;

		for (at++; *at && *at != '"';) {
			uint8_t c = unescape(p, &at);

			assert_true(buf_add(&all, (struct bytes){ &c, 1 }));
		}
		if (!*at++)
			trouble(p, "a string without an end");
		if (*at == '*')
			times = strtoul(at + 1, (char **)(uintptr_t)&at, 10);
		len = all.len - from;
		while (--times) {
			char *copy = xalloc(len + 1);

			memcpy(copy, all.at + from, len);
			assert_true(buf_add(&all, (struct bytes){ (uint8_t *)copy, len }));
			free(copy);
		}
	}
	if (*at)
		trouble(p, "what stands behind the strings?");
	return all.len ? buf_seal(&all) : (struct slice){ 0 };
}

static unsigned
conn_read(struct play *p, const char **at)
{
	unsigned number = 0;

	if (!strncmp(*at, "client", 6)) {
		*at += 6;
		return RELAY_CLIENT;
	}
	if (!isdigit((unsigned char)**at))
		trouble(p, "a number of a connection is wanted");
	number = (unsigned)strtoul(*at, (char **)(uintptr_t)at, 10);
	if (number >= CONNS || !p->conn[number].known)
		trouble(p, "no such connection");
	return number;
}

static void
data_of(struct play *p, unsigned number, const char *strings)
{
	struct slice s = strings_read(p, strings);

	if (p->cut_data == UNCUT && p->conn[number].closed)
		trouble(p, "data on a connection that was closed");
	if (p->data == DATAS)
		trouble(p, "too many data");
	p->data_len[p->data] = s.bytes.len;
	give_cut(p, number, s.bytes);
	slice_drop(&s);
}

static void
do_data(struct play *p, const char *rest)
{
	unsigned number = conn_read(p, &rest);

	data_of(p, number, rest);
}

static void
do_client(struct play *p, const char *rest)
{
	if (strncmp(rest, "data ", 5))
		trouble(p, "client data");
	data_of(p, RELAY_CLIENT, rest + 5);
}

static void
do_open(struct play *p, const char *rest)
{
	unsigned number = conn_read(p, &rest);

	give(p, number, (struct event){ .kind = EV_OPEN, .data = slice_text(rest + strspn(rest, " ")) });
}

static void
do_fail(struct play *p, const char *rest)
{
	static const char *const kinds[] = {
		[FAIL_OTHER] = "other", [FAIL_NAME] = "name", [FAIL_REFUSED] = "refused", [FAIL_TIMEOUT] = "timeout",
		[FAIL_LOOP] = "loop", [FAIL_RESET] = "reset", [FAIL_TLS] = "tls", [FAIL_PROTOCOL] = "protocol",
	};
	unsigned number = conn_read(p, &rest);
	size_t kind = 0, len = strcspn(rest += strspn(rest, " "), " ");

	while (kind < ARRAY_LEN(kinds) && (strlen(kinds[kind]) != len || strncmp(kinds[kind], rest, len)))
		kind++;
	if (kind == ARRAY_LEN(kinds))
		trouble(p, "no such failure");
	give(p, number, (struct event){ .kind = EV_FAIL, .code = (uint32_t)kind, .data = strings_read(p, rest + len) });
}

static void
do_eof(struct play *p, const char *rest)
{
	give(p, conn_read(p, &rest), (struct event){ .kind = EV_EOF });
}

static void
do_full(struct play *p, const char *rest)
{
	give(p, conn_read(p, &rest), (struct event){ .kind = EV_FULL });
}

static void
do_drained(struct play *p, const char *rest)
{
	give(p, conn_read(p, &rest), (struct event){ .kind = EV_DRAINED });
}

static void
do_tick(struct play *p, const char *rest)
{
	uint64_t deadline;

	p->clock += strtoul(rest, NULL, 10) * 1000000;
	for (int i = 0; i < 9 && !p->over && (deadline = relay_deadline(p->relay)) && deadline <= p->clock; i++) {
		relay_tick(p->relay, &p->fx);
		drain(p);
	}
	catch_up(p);
}

static void
do_kill(struct play *p, const char *rest)
{
	static const char *const hows[] = { "", " reset", " alert", " code" };
	char *how;
	struct order o = { .kind = ORDER_KILL, .flow = strtoul(rest, &how, 10) };

	for (size_t i = 1; i < ARRAY_LEN(hows); i++)
		if (!strncmp(how, hows[i], strlen(hows[i]))) {
			o.how = (enum kill_how)i;
			o.code = (uint32_t)strtoul(how + strlen(hows[i]), NULL, 10);
		}

	relay_order(p->relay, &o, &p->fx);
	drain(p);
	catch_up(p);
}

static void
give_order(struct play *p, struct order o)
{
	relay_order(p->relay, &o, &p->fx);
	order_drop(&o);
	drain(p);
	catch_up(p);
}

static void
do_read(struct play *p, const char *rest)
{
	struct local_file file = { NULL };
	char *content;
	unsigned number = (unsigned)strtoul(rest, &content, 10);

	if (strcmp(content, " none"))
		file = (struct local_file){ .path = xstrdup("x"), .body = strings_read(p, content + 1) };
	relay_read(p->relay, number, &file, &p->fx);
	drain(p);
}

static void
do_resume(struct play *p, const char *rest)
{
	give_order(p, (struct order){ .kind = ORDER_RESUME, .flow = strtoul(rest, NULL, 10), .text = slice_text("by hand") });
}

/* A message in the form of HTTP/1.1. */
static struct parts *
message_read(struct play *p, enum head_kind kind, const char *strings)
{
	struct slice s = strings_read(p, strings);
	const uint8_t *end = memmem(s.bytes.at, s.bytes.len, "\r\n\r\n", 4);
	size_t head = end ? (size_t)(end - s.bytes.at) + 4 : 0;
	struct part part[3] = { { .kind = PART_HEAD } };
	size_t n = 1;
	struct fault why;

	if (!end || !(part[0].head = head_parse((struct bytes){ s.bytes.at, head }, kind, &why)))
		trouble(p, end ? why.text : "a message has a head");
	part[0].count = head == s.bytes.len;
	if (head < s.bytes.len)
		part[n++] = (struct part){ .kind = PART_DATA, .data = slice_cut(s, head, s.bytes.len - head) };
	part[n++] = (struct part){ .kind = PART_END };
	slice_drop(&s);
	return parts_new(part, n);
}

static void
do_edit(struct play *p, const char *rest)
{
	char *side, *text;
	flow_id flow = strtoul(rest, &side, 10);
	bool client = !strncmp(side, " client ", 8);

	text = strchr(side, '"');
	give_order(p, (struct order){ .kind = ORDER_EDIT, .flow = flow, .side = client ? CLIENT : SERVER, .text = slice_text("by hand"),
		.parts = message_read(p, client ? HEAD_REQUEST : HEAD_RESPONSE, text ? text : "") });
}

/* Told as what it is like: a head where it begins with one, and all of it behind that. */
static void
do_raw(struct play *p, const char *rest)
{
	char *side;
	flow_id flow = strtoul(rest, &side, 10);
	bool client = !strncmp(side, " client ", 8);
	struct slice raw = strings_read(p, strchr(side, '"'));
	struct fault why;
	struct part part[3] = { { .kind = PART_HEAD }, { .kind = PART_DATA, .data = slice_ref(raw) }, { .kind = PART_END } };
	const uint8_t *end = memmem(raw.bytes.at, raw.bytes.len, "\r\n\r\n", 4);

	part[0].head = end ? head_parse((struct bytes){ raw.bytes.at, (size_t)(end - raw.bytes.at) + 4 },
		client ? HEAD_REQUEST : HEAD_RESPONSE, &why) : NULL;
	if (!part[0].head)
		part[0].head = head_parse(client ? LIT("GET / HTTP/1.1\r\n\r\n") : LIT("HTTP/1.1 200 OK\r\n\r\n"),
			client ? HEAD_REQUEST : HEAD_RESPONSE, &why);
	give_order(p, (struct order){ .kind = ORDER_EDIT, .flow = flow, .side = client ? CLIENT : SERVER, .text = slice_text("by hand"),
		.parts = parts_new(part, 3), .raw = raw });
}

/* Likewise as the fields of HTTP/2. */
static void
do_typed(struct play *p, const char *rest)
{
	char *side;
	flow_id flow = strtoul(rest, &side, 10);
	bool client = !strncmp(side, " client ", 8), whole;
	struct slice typed = strings_read(p, strchr(side, '"'));
	struct part part[3] = { { .kind = PART_HEAD }, { .kind = PART_DATA, .data = slice_ref(typed) }, { .kind = PART_END } };
	struct fieldlist l;
	struct fault why = { "" };
	size_t at;

	if (!fieldlist_read(slice_ref(typed), &l, &at, &why))
		trouble(p, why.text);
	part[0].head = fieldlist_head(&l, client ? HEAD_REQUEST : HEAD_RESPONSE, &whole);
	fieldlist_release(&l);
	give_order(p, (struct order){ .kind = ORDER_EDIT, .flow = flow, .side = client ? CLIENT : SERVER, .text = slice_text("by hand"),
		.parts = parts_new(part, 3), .raw = typed, .list = true });
}

static void
do_say(struct play *p, const char *rest)
{
	char *side, *text;
	flow_id flow = strtoul(rest, &side, 10);
	struct part said = { .kind = PART_MESSAGE };

	text = strchr(side, '"');
	said.data = strings_read(p, text ? text : "");
	give_order(p, (struct order){ .kind = ORDER_EDIT, .flow = flow, .side = strncmp(side, " client", 7) ? SERVER : CLIENT,
		.parts = parts_new(&said, 1) });
}

static void
do_inject(struct play *p, const char *rest)
{
	char *side, *text;
	flow_id flow = strtoul(rest, &side, 10);
	struct part said = { .kind = PART_MESSAGE };

	text = strchr(side, '"');
	said.data = strings_read(p, text ? text : "");
	give_order(p, (struct order){ .kind = ORDER_INJECT, .flow = flow, .side = strncmp(side, " client", 7) ? SERVER : CLIENT,
		.parts = parts_new(&said, 1) });
}

static void
do_drop(struct play *p, const char *rest)
{
	char *side;
	flow_id flow = strtoul(rest, &side, 10);

	give_order(p, (struct order){ .kind = ORDER_DROP, .flow = flow, .side = strncmp(side, " client", 7) ? SERVER : CLIENT,
		.text = slice_text("by hand") });
}

static void
do_answer(struct play *p, const char *rest)
{
	char *text;
	flow_id flow = strtoul(rest, &text, 10);

	give_order(p, (struct order){ .kind = ORDER_ANSWER, .flow = flow, .text = slice_text("answered by hand"),
		.parts = message_read(p, HEAD_RESPONSE, text) });
}

static void
do_next(struct play *p, const char *rest)
{
	atomic_store(&p->hands.next, (unsigned)strtoul(rest, NULL, 10));
}

static void
do_start(struct play *p, const char *rest)
{
	(void)p, (void)rest;	/* it has begun: this only says so */
}

static void
do_end(struct play *p, const char *rest)
{
	(void)rest;
	relay_end(p->relay, &p->fx);
	drain(p);
}

static const struct verb {
	const char *name;
	void (*act)(struct play *p, const char *rest);
} verbs[] = {
	{ "answer", do_answer }, { "client", do_client }, { "data", do_data }, { "edit", do_edit }, { "raw", do_raw }, { "typed", do_typed }, { "inject", do_inject }, { "next", do_next },
	{ "drop", do_drop }, { "read", do_read }, { "resume", do_resume }, { "say", do_say }, { "drained", do_drained }, { "end", do_end }, { "eof", do_eof },
	{ "fail", do_fail }, { "full", do_full }, { "kill", do_kill }, { "open", do_open }, { "start", do_start },
	{ "tick", do_tick },
};

/* A line before the first step. */
static bool
setting(struct play *p, const char *line)
{
	struct fault why;

	if (!strncmp(line, "mode ", 5)) {
		if (!mode_parse(line + 5, &p->mode, &why))
			trouble(p, why.text);
	} else if (!strncmp(line, "option ", 7)) {
		if (!option_assign(&p->options, line + 7, &why))
			trouble(p, why.text);
	} else if (!strncmp(line, "hold ", 5)) {
		p->test.body = !strncmp(line + 5, "body", 4);
		p->test.said = !strncmp(line + 5, "said", 4);
		p->test.tail = !strncmp(line + 5, "tail", 4);
		p->test.file = p->test.tail || !strncmp(line + 5, "file", 4);
		p->test.side = !strncmp(line + 10, "server", 6);
		snprintf(p->test.text, sizeof(p->test.text), "%.60s", line + 17);
		p->test.decider.active = true;
		p->test.decider.messages = p->test.said;
	} else if (!strncmp(line, "process ", 8)) {
		snprintf(p->process, sizeof(p->process), "%.39s", line + 8);
	} else if (!strncmp(line, "original ", 9)) {
		free(p->original);
		p->original = xstrdup(line + 9);
	} else if (!strncmp(line, "temporary ", 10)) {
		struct temporary one = { .process = "*" };
		unsigned minutes = 0;
		char action[20] = "";

		assert_int_equal(sscanf(line, "temporary %19s %u %255s", action, &minutes, one.host), 3);
		assert_true(policy_action_named(bytes_of(action), &one.action));
		one.until = p->clock + minutes * UINT64_C(60000000);
		assert_int_not_equal(temporaries_add(p->temporaries, &one, p->clock), 0);
	} else if (!strncmp(line, "learned ", 8)) {
		struct temporary one = { .learned = true, .action = POLICY_TUNNEL, .process = "*" };

		snprintf(one.host, sizeof(one.host), "%.200s", line + 8);
		assert_int_not_equal(temporaries_add(p->temporaries, &one, p->clock), 0);
	} else {
		return false;
	}
	return true;
}

static unsigned
test_files(const struct test_decider *t, const struct local_file *known, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	struct bytes head = head_text(s->head[s->side]);
	struct fault why;
	char text[100];

	if (s->side == SERVER || !memmem(head.at, head.len, t->text, strlen(t->text)))
		return DECIDE_PASS;
	if (t->tail && stage == RULE_REQUEST_HEAD)
		return DECIDE_WHOLE;
	if (!known) {
		out->read = slice_text(t->text);
		return DECIDE_READ;
	}
	snprintf(text, sizeof(text), "HTTP/1.1 %u X\r\nContent-Length: %zu\r\n\r\n", known->path ? 200 : 404, known->body.bytes.len);
	out->answer = head_parse(bytes_of(text), HEAD_RESPONSE, &why);
	out->answer_body = slice_ref(known->body);
	return DECIDE_CHANGE;
}

static void
test_read(struct decider *d, void **state, struct slice what, struct local_file *file)
{
	struct local_file *kept = xalloc(sizeof(*kept));

	(void)d;
	assert_null(*state);
	slice_drop(&what);
	*kept = *file;
	*state = kept;
}

static unsigned
test_decide(struct decider *d, void **state, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	const struct test_decider *t = (const struct test_decider *)d;
	struct bytes in = t->body ? s->body[s->side] : head_text(s->head[s->side]);

	*out = (struct rule_changes){ 0 };
	if (t->file)
		return test_files(t, *state, s, stage, out);
	if (s->side != t->side || t->said != (s->message.at != NULL))
		return DECIDE_PASS;
	if (t->said)
		return s->message.len && memmem(s->message.at, s->message.len, t->text, strlen(t->text)) ? DECIDE_HOLD : DECIDE_PASS;
	if (t->body && !s->whole[s->side])
		return DECIDE_WHOLE;
	return in.len && memmem(in.at, in.len, t->text, strlen(t->text)) ? DECIDE_HOLD : DECIDE_PASS;
}

static void
test_forget(struct decider *d, void *state)
{
	(void)d;
	if (state)
		local_file_release(state);
	free(state);
}

static void
begin(struct play *p)
{
	struct relay_world world = { .options = &p->options, .ca = ca, .next_id = next_id, .now = now, .arg = p,
		.decider = &p->test.decider, .hands = &p->hands, .policy = &p->policy, .temporaries = p->temporaries };
	struct relay_from from = { .mode = &p->mode, .client = LIT("127.0.0.1:50000"), .listener = LIT("127.0.0.1:8080"),
		.original = p->original ? bytes_of(p->original) : (struct bytes){ 0 } };

	struct fault why;

	p->policy = policy_new(&p->options, &why);
	assert_non_null(p->policy);
	p->relay = relay_new(&world, &from);
	p->test.decider.decide = test_decide;
	p->test.decider.forget = test_forget;
	p->test.decider.read = test_read;
	p->conn[RELAY_CLIENT].known = true;
	if (*p->process)
		relay_client_is(p->relay, step_new(STEP_PROCESS, (struct field[]){ { LIT("pid"), LIT("7") },
			{ LIT("name"), bytes_of(p->process) } }, 2), &p->fx);
	relay_start(p->relay, &p->fx);
	drain(p);
}

static void
step(struct play *p, const char *line)
{
	size_t len = strcspn(line, " ");

	if (p->over && p->cut_data == UNCUT && strcmp(line, "start"))
		trouble(p, "a step, when it is over");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strlen(verbs[i].name) == len && !strncmp(verbs[i].name, line, len)) {
			verbs[i].act(p, line + len + strspn(line + len, " "));
			return;
		}
	trouble(p, "no such step");
}

static void
finish(struct play *p)
{
	struct fault why;

	if (p->relay && !p->over)
		do_end(p, "");
	if (p->relay && !p->over)
		trouble(p, "it is not over when soth ends");
	if (!ordered_end(&p->ordered, &why))
		trouble(p, why.text);
	relay_free(p->relay);
	effects_release(&p->fx);
	for (unsigned i = 0; i < CONNS; i++)
		while (p->conn[i].queued)
			event_drop(&p->conn[i].queue[--p->conn[i].queued]);
	for (size_t i = 0; i < p->items; i++) {
		free(p->item[i].line);
		slice_drop(&p->item[i].sent);
	}
	free(p->item);
	free(p->original);
	policy_free(p->policy);
	temporaries_free(p->temporaries);
	options_release(&p->options);
}

/* Plays a script. `steps`: it with what comes of each step; `all`: what came of it all. How many bytes each `data` has, till one of none. */
static void
play(const char *path, const char *script, long cut_data, long cut_at, FILE *steps, FILE *all, size_t data_len[DATAS])
{
	struct play p = { .path = path, .cut_data = cut_data, .cut_at = cut_at, .clock = 1795531700000000ull };
	struct fault why;

	options_init(&p.options);
	p.temporaries = temporaries_new();
	p.ordered = ordered_new();
	if (!mode_parse("regular", &p.mode, &why))
		trouble(&p, why.text);
	for (const char *at = script, *end; *at; at = end + (*end == '\n')) {
		char line[TEXT_MAX / 16];
		size_t before = p.items;

		end = at + strcspn(at, "\n");
		p.line++;
		if (*at == '\t')
			continue;
		assert_true(snprintf(line, sizeof(line), "%.*s", (int)(end - at), at) < (int)sizeof(line));
		if (steps)
			fprintf(steps, "%s\n", line);
		if (!*line || *line == '#' || (!p.relay && setting(&p, line)))
			continue;
		if (!p.relay)
			begin(&p);
		step(&p, line);
		if (steps)
			items_print(&p, before, steps);
	}
	if (all)
		items_by_strand(&p, all);
	if (data_len)
		memcpy(data_len, p.data_len, sizeof(p.data_len));
	finish(&p);
}

/* Runs */

static char *
played(const char *path, const char *script, long cut_data, long cut_at)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	play(path, script, cut_data, cut_at, NULL, f, NULL);
	fclose(f);
	return text;
}

static void
check_cut(const char *path, const char *script, long data, long at, const char *whole)
{
	char *cut = played(path, script, data, at);

	if (strcmp(cut, whole))
		print_message("%s: data %ld, cut at %ld (-2: every byte alone)\n", path, data, at);
	assert_string_equal(cut, whole);
	free(cut);
}

static void
check_cuts(const char *path, const char *script, const size_t data_len[DATAS])
{
	char *whole = played(path, script, UNCUT, 0);

	for (long i = 0; i < DATAS; i++)
		for (size_t at = 1; at < data_len[i] && at < CUTS; at++)
			check_cut(path, script, i, (long)at, whole);
	check_cut(path, script, APART, 0, whole);
	free(whole);
}

static char *
read_whole(const char *path)
{
	char *text = xalloc(TEXT_MAX);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	(void)!fread(text, 1, TEXT_MAX - 1, f);
	fclose(f);
	return text;
}

static void
it_comes_as_the_script_says(void **state)
{
	const char *path = *state;
	char *script = read_whole(path), *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);
	size_t data_len[DATAS];

	play(path, script, UNCUT, 0, f, NULL, data_len);

	fclose(f);
	if (getenv("GOLDEN")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(got, f);
		fclose(f);
	} else {
		assert_string_equal(got, script);
	}
	check_cuts(path, script, data_len);
	free(got);
	free(script);
}

static void
ca_end(char *dir)
{
	static const char *const names[] = { "soth-ca.pem", "soth-ca-cert.pem" };
	char path[100];

	ca_close(ca);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

int
main(void)
{
	static struct CMUnitTest tests[SCRIPTS];
	char dir[] = "/tmp/test-proto-XXXXXX";
	struct fault why = { "" };
	glob_t found;
	int failed;

	if (!mkdtemp(dir) || !(ca = ca_open(dir, &why)) || !trust_believes(ca, ca_path(ca), &why))
		return fprintf(stderr, "%s: %s\n", dir, why.text);

	if (glob(getenv("SCRIPT") ? getenv("SCRIPT") : "tests/proto/*.t", 0, NULL, &found) || found.gl_pathc > SCRIPTS)
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){ found.gl_pathv[i], it_comes_as_the_script_says, NULL, NULL, found.gl_pathv[i] };
	failed = _cmocka_run_group_tests("relays", tests, found.gl_pathc, NULL, NULL);
	globfree(&found);
	ca_end(dir);
	return failed;
}
