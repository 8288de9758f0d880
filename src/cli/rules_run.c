/* soth rules FILE [SESSION]: whether a file of rules is right, and what it would have done to flows that were recorded. */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "intake.h"
#include "soth/rule.h"

enum { STATUS_WELL = 0, STATUS_TROUBLE = 1, ROWS = 256, WORDS_MAX = 1 << 20 };

static int
wrong_print(const char *path, const struct rules_wrong *wrong)
{
	for (size_t i = 0; i < wrong->count && i < RULES_WRONG_MAX; i++) {
		if (wrong->at[i].line)
			fprintf(stderr, "soth: %s:%u:%u: %s\n", path, wrong->at[i].line, wrong->at[i].column, wrong->at[i].why.text);
		else
			fprintf(stderr, "soth: %s: %s\n", path, wrong->at[i].why.text);
	}
	return STATUS_TROUBLE;
}

static void
flow_print(struct rules *r, struct lens *lens, const struct row *row, size_t *touched)
{
	struct buf words;

	buf_init(&words, WORDS_MAX);
	if (row->id && rules_dry(r, lens, row, &words)) {
		printf("%llu %s %s%s\n", (unsigned long long)row->id, row->method, row->host, row->path);
		fwrite(words.at, 1, words.len, stdout);
		++*touched;
	}
	buf_release(&words);
}

static int
dry(struct rules *r, const char *path, const struct args *a)
{
	struct row *row = xgrow(NULL, ROWS, sizeof(*row));
	struct intake in = { 0 };
	struct filter *filter = NULL;
	struct fault why = { "" };
	size_t n, touched = 0;
	struct lens *lens;
	bool ok = cli_filter(a->filter, &filter) && intake_open(&in, path, a->from, &why);

	if (ok) {
		lens = lens_new(in.store);
		for (size_t i = 0; (n = store_rows(in.store, i, ROWS, row)); i += n)
			for (size_t k = 0; k < n; k++)
				if (!filter || filter_takes(filter, lens, &row[k]))
					flow_print(r, lens, &row[k], &touched);
		lens_free(lens);
		printf("%zu flow%s would have been touched\n", touched, touched == 1 ? "" : "s");
	} else if (*why.text) {
		fprintf(stderr, "soth: %s\n", why.text);
	}
	intake_close(&in);
	filter_free(filter);
	free(row);
	return ok ? STATUS_WELL : STATUS_TROUBLE;
}

int
cli_rules(const struct args *a)
{
	struct rules_wrong *wrong = xalloc(sizeof(*wrong));
	struct rules *r = NULL;
	int status = STATUS_TROUBLE;

	if (a->words < 2 || a->words > 3)
		fprintf(stderr, "soth: usage: soth rules [--filter EXPR] FILE [SESSION]\n");
	else if (!(r = rules_load(a->word[1], NULL, wrong)))
		status = wrong_print(a->word[1], wrong);
	else
		status = a->words == 3 ? dry(r, a->word[2], a) : STATUS_WELL;
	rules_free(r);
	free(wrong);
	return status;
}
