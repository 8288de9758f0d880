/* soth tls FILE: what came of TLS in a session, by host, process and side, and why it failed. */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "intake.h"
#include "soth/explain.h"
#include "tls_json.h"

enum { STATUS_WELL = 0, STATUS_TROUBLE = 1, STATUS_USAGE = 2 };

static void
told(const char *before, const char *text)
{
	fputs(before, stdout);
	cli_print_safe(stdout, text);
	putchar('\n');
}

static void
explained(const struct story *s)
{
	struct explanation e[EXPLANATIONS_MAX];
	struct next n[NEXTS_MAX];
	size_t count = explain(s, e);

	for (size_t i = 0; i < count; i++) {
		printf("  %s, %s: ", e[i].title, sure_word(e[i].sure));
		told("", e[i].words);
		for (size_t k = 0; k < e[i].evidences; k++)
			told("    ", e[i].evidence[k]);
	}
	count = explain_next(s, n);
	for (size_t i = 0; i < count; i++)
		told("  then: ", n[i].words);
}

static void
reasons_print(const struct handshakes *h)
{
	char all[160], recent[160];

	tls_reasons_words(h->by_reason, all, sizeof(all));
	tls_reasons_words(h->recent_by_reason, recent, sizeof(recent));
	printf("  reasons: %s; in the last 5 minutes: %s\n", all, *recent ? recent : "none");
}

static void
line_print(const struct handshakes *h)
{
	char place[HANDSHAKES_PLACE];

	cli_print_safe(stdout, handshakes_place(h, place));
	putchar(' ');
	cli_print_safe(stdout, *h->process ? h->process : "-");
	printf(" %s %s %s %u of %u failed\n", h->side == CLIENT ? "client" : "server", h->failures ? tls_reason_name(h->reason) : "-",
		!h->failures ? "-" : h->inferred ? "inferred" : "authoritative", h->failures, h->failures + h->successes);
	if (!h->failures)
		return;
	reasons_print(h);
	told("  said: ", h->detail);
}

static void
lines_print(struct store *s, bool json)
{
	struct handshakes *all = xgrow(NULL, HANDSHAKES_MAX, sizeof(*all));
	uint64_t now = store_heard(s);
	size_t count = store_handshakes(s, now, all, HANDSHAKES_MAX);
	struct story story;

	for (size_t i = 0; i < count; i++) {
		story_of(all, count, i, now, &story);
		if (json) {
			tls_json(stdout, &story);
			continue;
		}
		line_print(&all[i]);
		explained(&story);
	}
	free(all);
}

int
cli_tls(const struct args *a)
{
	struct intake in = { 0 };
	struct fault why;
	bool ok;

	if (a->words != 2) {
		fprintf(stderr, "soth: usage: soth tls [--json] FILE\n");
		return STATUS_USAGE;
	}
	ok = intake_open(&in, a->word[1], a->from, &why);
	if (ok)
		lines_print(in.store, a->json);
	else
		fprintf(stderr, "soth: %s\n", why.text);
	intake_close(&in);
	return ok ? STATUS_WELL : STATUS_TROUBLE;
}
