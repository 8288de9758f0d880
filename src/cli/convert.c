/* soth convert IN OUT: flows of one file into another, whatever either is; "-" is a pipe. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "intake.h"
#include "soth/redact.h"

enum { ROWS = 256, STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_CUT = 3 };

/* Those that the filter takes; to be freed. */
static flow_id *
chosen(struct store *s, const struct filter *filter, size_t *count)
{
	struct lens *lens = lens_new(s);
	flow_id *ids = xgrow(NULL, store_stats(s).flows + 1, sizeof(*ids));
	static struct row row[ROWS];
	size_t n;

	*count = 0;
	for (size_t i = 0; (n = store_rows(s, i, ROWS, row)); i += n)
		for (size_t k = 0; k < n; k++)
			if (row[k].id && (!filter || filter_takes(filter, lens, &row[k])))
				ids[(*count)++] = row[k].id;
	lens_free(lens);
	return ids;
}

static bool
write_pipe(const struct format *f, const struct convert_flows *flows, struct fault *why)
{
	return f->write(stdout, flows, why) && (!fflush(stdout) || fault(why, "stdout: %s", strerror(errno)));
}

static const struct format *
target_format(const struct args *a, struct fault *why)
{
	const char *path = a->word[2];
	const struct format *f = a->to ? format_named(a->to) : format_of_path(path);

	if (f && f->write)
		return f;
	if (f)
		fault(why, "%s can be read, but not written", f->name);
	else if (a->to)
		fault(why, "--to %.40s: no such format (man soth lists them)", a->to);
	else
		fault(why, "%s: its name does not say in which format; --to does", path);
	return NULL;
}

/* Without an `out`, what would be taken out is told alone. */
static bool
convert_out(const struct args *a, const struct format *to, const struct convert_flows *flows, struct fault *why)
{
	if (!to)
		return true;
	return path_is_pipe(a->word[2]) ? write_pipe(to, flows, why) : convert_file(to, a->word[2], flows, NULL, why);
}

static bool
convert_clean(const struct args *a, const struct format *to, const struct convert_flows *flows, struct fault *why)
{
	struct redactor *r = redactor_new(a->options.redact_fields, why);
	struct passing clean = { .store = NULL };
	struct convert_sink sink;
	struct convert_flows told = { .count = flows->count };
	flow_id *ids = xgrow(NULL, flows->count + 1, sizeof(*ids));
	bool ok = r && passing_open(&clean, &sink, why) && convert_redacted(r, flows, &sink, why);

	for (size_t i = 0; i < flows->count; i++)
		ids[i] = i + 1;
	told.store = clean.store;
	told.id = ids;
	if (ok) {
		passing_end(&clean);
		ok = convert_out(a, to, &told, why);
	}
	if (ok)
		redactor_report(r, to ? stderr : stdout);
	passing_close(&clean);
	redactor_free(r);
	free(ids);
	return ok;
}

static bool
convert(const struct args *a, const struct format *to, const struct filter *filter, struct intake *from, struct fault *why)
{
	struct convert_flows flows;
	flow_id *ids;
	bool ok;

	if (!intake_open(from, a->word[1], a->from, why))
		return false;
	ids = chosen(from->store, filter, &flows.count);
	flows.store = from->store;
	flows.id = ids;
	ok = a->redact ? convert_clean(a, to, &flows, why) : convert_out(a, to, &flows, why);
	free(ids);
	return ok;
}

int
cli_convert(const struct args *a)
{
	struct intake from = { 0 };
	struct filter *filter = NULL;
	const struct format *to = NULL;
	struct fault why = { "" };
	bool preview = a->redact && a->words == 2;
	int status = STATUS_USAGE;

	signal(SIGXFSZ, SIG_IGN);	/* a file that may not grow is a fault like others */
	if (a->words != 3 && !preview)
		fault(&why, "usage: soth convert [--from FORMAT] [--to FORMAT] [--filter EXPR] [--redact] IN OUT");
	else if (cli_filter(a->filter, &filter) && (preview || (to = target_format(a, &why))))
		status = convert(a, to, filter, &from, &why) ? (from.cut ? STATUS_CUT : 0) : STATUS_FAULT;
	if (*why.text)
		fprintf(stderr, "soth: %s\n", why.text);
	intake_close(&from);
	filter_free(filter);
	return status;
}
