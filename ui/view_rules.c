/* The rules in force, and how often each did something. */
#include <stdio.h>

#include "desk.h"
#include "soth/rule.h"

struct rules_view { struct desk *desk; };

static void
rules_open(void *st, struct desk *desk)
{
	((struct rules_view *)st)->desk = desk;
}

static size_t
rules_lines(void *st)
{
	struct rule_about r;
	size_t n = 0;

	(void)st;
	while (rules_told((unsigned)n + 1, &r))
		n++;
	return n ? n : 1;
}

static void
rules_line(void *st, size_t i, struct line *out)
{
	struct rule_about r;

	(void)st;
	if (!rules_told((unsigned)i + 1, &r)) {
		line_putf(out, ROLE_FAINT, " There are no rules: :set rules=FILE reads some, as soth-rules(7) has them.");
		return;
	}
	line_putf(out, r.hits ? ROLE_NUMBER : ROLE_FAINT, " %8llu ", (unsigned long long)r.hits);
	line_putf(out, ROLE_FAINT, "%4u  ", r.number);
	line_put(out, r.failed || r.given_up ? ROLE_WARN : ROLE_TEXT, bytes_of(r.text));
	if (r.given_up)
		line_putf(out, ROLE_WARN, "  %llu times its pattern took too long", (unsigned long long)r.given_up);
	if (r.failed)
		line_putf(out, ROLE_WARN, "  %llu times it could not", (unsigned long long)r.failed);
}

static void
rules_title(void *st, struct line *out, unsigned columns)
{
	struct rules_view *v = st;

	(void)columns;
	line_putf(out, ROLE_TITLE, "Rules ");
	line_put(out, ROLE_FAINT, bytes_of(v->desk->options->rules));
}

static void
rules_header(void *st, struct line *out)
{
	(void)st;
	line_putf(out, ROLE_HEADER, " %8s %4s  %s", "HITS", "NO", "RULE");
}

static void
rules_close(void *st)
{
	(void)st;
}

const struct view_ops view_rules = {
	.name = "rules", .about = "the rules in force, and how often each did something",
	.size = sizeof(struct rules_view),
	.open = rules_open, .close = rules_close, .lines = rules_lines, .line = rules_line, .title = rules_title,
	.header = rules_header,
};
