/*
 * What rules cost that do not apply: sets of 1, 10 and 1,000 of them, asked of a request as it comes. Each figure is
 * the median of five runs, in nanoseconds of CPU an exchange and a stage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "soth/rule.h"

enum { RUNS = 5, LONG_ENOUGH = 50 * 1000 * 1000, TEXT_MAX = 1 << 20 };

static const char request[] = "GET /v2/users?page=4&sort=name HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; "
	"Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: application/json, text/plain, */*\r\nAccept-Language: en-GB\r\n"
	"Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://www.example.com/list\r\nCookie: session=0123456789abcdef; theme=dark"
	"\r\n\r\n";

/* What the n-th rule of a set says. */
static const struct { const char *name, *rule; } kinds[] = {
	{ "by host",	"set-header request X 1 if ~d host%u.example.net\n" },
	{ "by URL",	"map-remote ^https://host%u.example.com/ http://localhost/\n" },
	{ "by field",	"set-header request X 1 if ~hq '^x-trace-%u: yes'\n" },
	{ "by both",	"block if ~m POST ~u /v%u/orders & !~d internal\n" },
	{ "by method",	"delay 1s if ~m '^PUT%u$'\n" },
	{ "by type",	"replace-body request a b if ~tq application/x-own-%u\n" },
	{ "by nothing known",	"delay 1s if ~port %u\n" },
};

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static struct rules *
set_of(const char *rule, unsigned count)
{
	static char text[TEXT_MAX];
	struct rules_wrong wrong;
	struct rules *r;
	size_t len = 0;

	for (unsigned i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, TEXT_MAX - len, rule, 10000 + i);
	r = rules_read((struct bytes){ (uint8_t *)text, len }, NULL, NULL, &wrong);
	if (!r) {
		fprintf(stderr, "%s: %s\n", rule, wrong.at[0].why.text);
		exit(1);
	}
	return r;
}

static double
run(struct rules *r, const struct scene *s)
{
	struct rule_state state = { { NULL } };
	struct rule_changes out;
	uint64_t begun = now_ns(), n = 0;

	while (now_ns() - begun < LONG_ENOUGH)
		for (int i = 0; i < 64; i++, n++) {
			if (rules_apply(r, &state, s, RULE_REQUEST_HEAD, &out) && out.touches)
				exit(2);
			rule_changes_release(&out);
		}
	return (double)(now_ns() - begun) / (double)n;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const char *rule, unsigned count, const struct scene *s)
{
	struct rules *r = set_of(rule, count);
	double took[RUNS];

	for (int i = 0; i < RUNS; i++)
		took[i] = run(r, s);
	qsort(took, RUNS, sizeof(*took), by_value);
	rules_free(r);
	return took[RUNS / 2];
}

int
main(void)
{
	static const unsigned counts[] = { 1, 10, 1000 };
	struct origin origin = { .client = LIT("127.0.0.1:50312"), .mode = LIT("regular"), .scheme = LIT("https"),
		.host = LIT("api.example.com"), .port = 443 };
	struct fault why;
	struct head *h = head_parse(bytes_of(request), HEAD_REQUEST, &why);
	struct scene s = { .flow = 1, .now = 1, .origin = &origin, .head = { h, NULL } };

	printf("%-20s %10s %10s %10s  ns\n", "rules", "1", "10", "1000");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		printf("%-20s", kinds[i].name);
		for (size_t k = 0; k < ARRAY_LEN(counts); k++)
			printf(" %10.0f", median(kinds[i].rule, counts[k], &s));
		printf("\n");
	}
	head_drop(h);
	return 0;
}
