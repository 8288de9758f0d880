/* A diff in words for people. */
#include <stdio.h>
#include <string.h>

#include "diff_inside.h"
#include "soth/utf8.h"

enum colour { PLAIN, BOLD, RED, GREEN, YELLOW, DIM };

enum { VALUE_SHOWN = 300 };

struct printing { FILE *out; bool colours; };

static void
colour(const struct printing *p, enum colour c)
{
	static const char *const codes[] = { "0", "1", "31", "32", "33", "2" };

	if (p->colours)
		fprintf(p->out, "\33[%sm", codes[c]);
}

/* Foreign text: what a terminal might obey, or what turns what stands beside it, is shown as \xNN. */
static void
print_text(const struct printing *p, struct bytes s)
{
	uint32_t rune;

	for (size_t n; s.len; s = bytes_from(s, n)) {
		n = utf8_next(s, &rune);
		if (rune == '\t' || (utf8_printable(rune) && (rune != 0xfffd || n > 1)))
			fwrite(s.at, 1, n, p->out);
		else
			for (size_t i = 0; i < n; i++)
				fprintf(p->out, "\\x%02x", s.at[i]);
	}
}

/* A long one begins; all of it is for programs. */
static void
print_value(const struct printing *p, enum colour c, const char *text)
{
	struct bytes shown = { (const uint8_t *)text, strnlen(text, VALUE_SHOWN) };

	while (text[shown.len] && shown.len > VALUE_SHOWN - 4 && ((uint8_t)text[shown.len] & 0xc0) == 0x80)
		shown.len--;
	colour(p, c);
	print_text(p, shown);
	fputs(text[shown.len] ? "..." : "", p->out);
	colour(p, PLAIN);
}

/* As in diff -u, a colour a sign. */
static void
print_lines(const struct printing *p, const char *text)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		enum colour c = *text == '+' ? GREEN : *text == '-' ? RED : *text == '@' ? DIM : PLAIN;

		n = strcspn(text, "\n");
		fputs("           ", p->out);
		colour(p, c);
		print_text(p, (struct bytes){ (const uint8_t *)text, n });
		colour(p, PLAIN);
		putc('\n', p->out);
	}
}

static void
print_amount(const struct printing *p, enum diff_unit unit, uint64_t n)
{
	if (unit == UNIT_BYTES)
		fprintf(p->out, "%llu bytes", (unsigned long long)n);
	else
		fprintf(p->out, "%.1f ms", (double)n / 1000);
}

static void
print_amounts(const struct printing *p, const struct diff_change *c)
{
	double times;

	print_amount(p, c->unit, c->amount[0]);
	fputs(" -> ", p->out);
	print_amount(p, c->unit, c->amount[1]);
	times = c->amount[0] ? (double)c->amount[1] / (double)c->amount[0] : 0;
	if (times > 0 && c->kind != DIFF_BODY && c->kind != DIFF_MESSAGE)
		fprintf(p->out, " (%.*fx)", times < 10 ? 2 : 0, times);
}

static void
print_values(const struct printing *p, const struct diff_change *c)
{
	for (int i = 0; i < 2; i++) {
		if (i && c->value[0] && c->value[1])
			fputs(" -> ", p->out);
		if (c->value[i])
			print_value(p, i ? GREEN : RED, c->value[i]);
	}
}

static void
print_where(const struct printing *p, const struct diff_change *c)
{
	bool both = c->value[0] && c->value[1];

	if (c->side == CLIENT)
		fputs("request ", p->out);
	if (c->class && c->class != 2)
		fprintf(p->out, "%uxx ", c->class);
	if (!both && (c->value[0] || c->value[1]))
		fputs(c->value[0] ? "- " : "+ ", p->out);
	print_text(p, bytes_of(c->where));
	if (c->unit || both || (c->value[0] && *c->value[0]) || (c->value[1] && *c->value[1]))
		fputs(": ", p->out);
}

static void
print_change(const struct printing *p, const struct diff_change *c)
{
	fputs("  ", p->out);
	colour(p, c->kind == DIFF_STATUS ? RED : YELLOW);
	fprintf(p->out, "%-8s ", diff_word(c->kind));
	colour(p, PLAIN);
	if (c->where)
		print_where(p, c);
	if (c->unit)
		print_amounts(p, c);
	else
		print_values(p, c);
	putc('\n', p->out);
	if (c->lines)
		print_lines(p, c->lines);
}

static void
print_group(const struct printing *p, const struct diff *d, const struct diff_group *g)
{
	enum diff_kind first = g->change->kind;
	bool one = first == DIFF_NEW || first == DIFF_GONE;

	colour(p, first == DIFF_NEW ? GREEN : first == DIFF_GONE ? RED : BOLD);
	fputs(first == DIFF_NEW ? "+ " : first == DIFF_GONE ? "- " : "", p->out);
	print_text(p, bytes_of(*g->method ? g->method : "-"));
	putc(' ', p->out);
	if (!strstr(g->path, "://"))
		print_text(p, bytes_of(g->host));
	print_text(p, bytes_of(g->path));
	colour(p, PLAIN);
	if (!d->two) {
		colour(p, DIM);
		fprintf(p->out, "  %llu -> %llu flows", (unsigned long long)g->flows[0], (unsigned long long)g->flows[1]);
		colour(p, PLAIN);
	}
	putc('\n', p->out);
	for (size_t i = 0; i < g->changes && !one; i++)
		print_change(p, &g->change[i]);
	if (one) {
		fprintf(p->out, "  %-8s ", diff_word(first));
		print_values(p, g->change);
		putc('\n', p->out);
	}
}

static void
print_left_out(const struct printing *p, const struct diff *d)
{
	if (d->left_out)
		fprintf(p->out, "%llu flows could not be read, or had too many shapes: they are not compared\n",
			(unsigned long long)d->left_out);
	if (d->bodies_cut)
		fprintf(p->out, "%llu bodies are not wholly there, or over 16 MiB: they are not wholly compared\n",
			(unsigned long long)d->bodies_cut);
	if (d->messages_cut)
		fprintf(p->out, "messages past 20000, or 1 MiB of one, are not compared\n");
	if (d->members_cut)
		fputs("too many members of JSON: not all of them are compared\n", p->out);
}

static void
print_counts(const struct printing *p, const struct diff *d)
{
	const char *between = "";

	for (unsigned i = 0; i < DIFF_COUNT; i++)
		if (d->found[i]) {
			fprintf(p->out, "%s%llu %s", between, (unsigned long long)d->found[i], diff_word((enum diff_kind)i));
			between = ", ";
		}
	if (d->two)
		fprintf(p->out, "%s\n", *between ? "" : "the same");
	else
		fprintf(p->out, "%s%llu shape%s the same; %llu and %llu flows\n", *between ? "; " : "", (unsigned long long)d->same,
			d->same == 1 ? "" : "s", (unsigned long long)d->flows[0], (unsigned long long)d->flows[1]);
}

void
diff_print(const struct diff *d, FILE *out, bool colours)
{
	const struct printing p = { out, colours };

	for (size_t i = 0; i < d->groups; i++)
		print_group(&p, d, &d->group[i]);
	if (d->groups)
		putc('\n', out);
	print_left_out(&p, d);
	print_counts(&p, d);
}
