/* soth's own: soth-session(5). Flows keep their order; their numbers begin at 1. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heirs.h"
#include "soth/journal.h"

enum { READ_MAX = 64 << 20, COPY = 1 << 16, BATCH = 1 << 20, PATH_ROOM = 64 };

static int
session_suits(struct bytes first)
{
	return first.len >= 13 && !memcmp(first.at, "soth session ", 13) ? 100 : 0;
}

static bool
session_read(FILE *in, const struct convert_sink *to, struct fault *why)
{
	char path[PATH_ROOM];
	uint64_t at, next, back;
	struct fault cut = { "" };
	struct buf scratch;
	struct note n;
	struct volume *v;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(in));
	v = volume_open(path, why);
	if (!v)
		return false;
	at = volume_first(v);
	buf_init(&scratch, READ_MAX);
	for (; !(to->leave && atomic_load(to->leave)) && journal_read(v, at, &scratch, &n, &back, &next, &cut); at = next)
		to->note(to->arg, &n);
	buf_release(&scratch);
	volume_close(v);
	return *cut.text ? fault(why, "byte %llu: %.150s", (unsigned long long)at, cut.text) : true;
}

/* A copy of some flows of a journal, in one of its own. */
struct copy {
	struct journal *to;
	struct numbers *numbers;
	struct heirs *heirs;
	uint64_t *back, *orders;	/* by the new number: its record before, and how many there were */
	uint64_t notes;
};

static void
copy_add(struct copy *c, struct note *n)
{
	n->order = ++c->notes;
	n->flow_order = ++c->orders[n->flow];
	c->back[n->flow] = journal_add(c->to, n, c->back[n->flow]);
}

/* Not before its flow began: times are told from there on. */
static void
copy_inherited(struct copy *c, struct heir *heir, const struct note *began)
{
	struct note n;

	while (heir_takes(heir, &n)) {
		n.flow = began->flow;
		n.when = n.when < began->when ? began->when : n.when;
		copy_add(c, &n);
		note_drop(&n);
	}
}

static bool
copy_note(struct copy *c, struct note *n, struct fault *why)
{
	struct heir *heir = heirs_open(c->heirs, n);

	if (heirs_keep(c->heirs, n) || n->kind == NOTE_LOG || !numbers_note(c->numbers, n))
		return true;
	copy_add(c, n);
	if (heir)
		copy_inherited(c, heir, n);
	return journal_waiting(c->to) < BATCH || journal_write(c->to, why);
}

static bool
copy_all(struct copy *c, const char *from, struct fault *why)
{
	uint64_t at, next, back;
	struct fault cut;
	struct buf scratch;
	struct note n;
	struct volume *v = volume_open(from, why);
	bool ok = v;

	at = v ? volume_first(v) : 0;
	buf_init(&scratch, READ_MAX);
	for (; ok && journal_read(v, at, &scratch, &n, &back, &next, &cut); at = next) {
		ok = copy_note(c, &n, why);
		note_drop(&n);
	}
	buf_release(&scratch);
	volume_close(v);
	return ok && journal_write(c->to, why);
}

static void
copy_remark(void *arg, struct note *n)
{
	copy_add(arg, n);
	note_drop(n);
}

static bool
put_out(int fd, FILE *out, struct fault *why)
{
	static uint8_t block[COPY];
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, block, sizeof(block), (off_t)at)) > 0) {
		if (fwrite(block, 1, (size_t)n, out) != (size_t)n)
			return fault(why, "%s", strerror(errno));
		at += (uint64_t)n;
	}
	return n == 0 || fault(why, "%s", strerror(errno));
}

static bool
session_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	FILE *file = tmpfile();
	char path[PATH_ROOM];
	struct copy c = { 0 };
	struct store_stats stats = store_stats(from->store);
	bool ok;

	if (!file)
		return fault(why, "a temporary file: %s", strerror(errno));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	c.to = journal_create(path, why);
	c.numbers = numbers_new(from, 1);
	c.heirs = heirs_new(from, c.numbers);
	c.back = xgrow(NULL, from->count + 1, sizeof(*c.back));
	c.orders = xgrow(NULL, from->count + 1, sizeof(*c.orders));
	memset(c.back, 0, (from->count + 1) * sizeof(*c.back));
	memset(c.orders, 0, (from->count + 1) * sizeof(*c.orders));
	ok = c.to && copy_all(&c, stats.path, why);
	if (ok)
		unwritten_each(from, c.numbers, copy_remark, &c);
	ok = ok && journal_write(c.to, why) && put_out(fileno(file), out, why);
	if (c.to)
		journal_close(c.to);
	heirs_free(c.heirs);
	numbers_free(c.numbers);
	free(c.back);
	free(c.orders);
	fclose(file);
	return ok;
}

const struct format format_session = {
	.name = "session", .about = "soth's own; it loses nothing", .suffixes = ".soth",
	.suits = session_suits, .read = session_read, .write = session_write,
};
