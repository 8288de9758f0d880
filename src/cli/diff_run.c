/* soth diff A B: what is different between two files, or two flows of files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "intake.h"
#include "soth/diff.h"

enum { STATUS_SAME = 0, STATUS_DIFFERENT = 1, STATUS_TROUBLE = 2, PATH_ROOM = 4096, DIGITS_MAX = 18, MS_MAX = 86400000 };

/* FILE or FILE#NUMBER. */
struct asked { char path[PATH_ROOM]; flow_id flow; };

/* A file that is called so is that file. */
static bool
asked_read(struct asked *a, const char *word, struct fault *why)
{
	const char *mark = strrchr(word, '#');
	size_t digits = mark ? strspn(mark + 1, "0123456789") : 0;

	if (strlen(word) >= sizeof(a->path))
		return fault(why, "%.100s: the path is too long", word);
	strcpy(a->path, word);
	a->flow = 0;
	if (!digits || digits > DIGITS_MAX || mark[1 + digits] || !access(word, F_OK))
		return true;
	a->path[mark - word] = '\0';
	a->flow = strtoull(mark + 1, NULL, 10);
	return a->flow || fault(why, "%.100s: flows are numbered from 1", word);
}

/* "1.5" or "1.5x" */
static bool
ratio_read(const char *name, const char *text, double *out, struct fault *why)
{
	char *end;

	if (!text)
		return true;
	*out = strtod(text, &end);
	if (end == text || end[*end == 'x'] || !(*out > 1 && *out <= 1e6))
		return fault(why, "--%s %.40s: how many times as much is wanted, as 1.5x", name, text);
	return true;
}

/* "20" or "20ms" */
static bool
floor_read(const char *text, uint64_t *microseconds, struct fault *why)
{
	char *end;
	double ms;

	if (!text)
		return true;
	ms = strtod(text, &end);
	if (end == text || (*end && strcmp(end, "ms")) || !(ms >= 0 && ms <= MS_MAX))
		return fault(why, "--floor %.40s: milliseconds are wanted, as 20ms", text);
	*microseconds = (uint64_t)(ms * 1000);
	return true;
}

static bool
how_read(const struct args *a, struct diff_how *how, struct fault *why)
{
	diff_how_init(how);
	how->any_host = a->any_host;
	return (!a->only || diff_kinds(a->only, &how->kinds, why)) && ratio_read("slower", a->slower, &how->slower, why) &&
		ratio_read("larger", a->larger, &how->larger, why) && floor_read(a->floor, &how->floor, why);
}

static bool
flow_asked(const struct asked *a, struct store *s, const struct filter *filter, struct fault *why)
{
	size_t at = store_index(s, a->flow);
	struct lens *lens;
	struct row r;
	bool taken;

	if (at == SIZE_MAX || store_rows(s, at, 1, &r) != 1)
		return fault(why, "%.100s: there is no flow %llu", a->path, (unsigned long long)a->flow);
	lens = lens_new(s);
	taken = !filter || filter_takes(filter, lens, &r);
	lens_free(lens);
	return taken ||
		fault(why, "%.100s: the filter does not take flow %llu", a->path, (unsigned long long)a->flow);
}

static struct diff *
compare(const struct asked asked[2], struct intake in[2], const struct diff_how *how, struct fault *why)
{
	struct store *const store[2] = { in[0].store, in[1].store };

	if (!asked[0].flow)
		return diff_sessions(store, how);
	for (int i = 0; i < 2; i++)
		if (!flow_asked(&asked[i], store[i], how->filter, why))
			return NULL;
	return diff_flows(store, (flow_id[]){ asked[0].flow, asked[1].flow }, how, why);
}

static bool
colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (!no || !*no);
}

static int
tell(const struct args *a, const struct diff *d, bool cut, struct fault *why)
{
	if (a->json)
		diff_json(d, stdout);
	else
		diff_print(d, stdout, colours());
	if (fflush(stdout) || ferror(stdout)) {
		fault(why, "stdout: %s", strerror(errno));
		return STATUS_TROUBLE;
	}
	return cut || d->left_out ? STATUS_TROUBLE : d->groups ? STATUS_DIFFERENT : STATUS_SAME;
}

static int
diff(const struct args *a, const struct diff_how *how, struct intake in[2], struct fault *why)
{
	struct asked asked[2];
	struct diff *d;
	int status;

	for (int i = 0; i < 2; i++)
		if (!asked_read(&asked[i], a->word[1 + i], why))
			return STATUS_TROUBLE;
	if (!asked[0].flow != !asked[1].flow)
		fault(why, "a flow is compared with a flow: FILE#NUMBER FILE#NUMBER");
	else if (path_is_pipe(asked[0].path) && path_is_pipe(asked[1].path))
		fault(why, "standard input can be one of them, and not both");
	for (int i = 0; i < 2; i++)
		if (*why->text || !intake_open(&in[i], asked[i].path, a->from, why))
			return STATUS_TROUBLE;
	d = compare(asked, in, how, why);
	if (!d)
		return STATUS_TROUBLE;
	status = tell(a, d, in[0].cut || in[1].cut, why);
	diff_free(d);
	return status;
}

int
cli_diff(const struct args *a)
{
	struct intake in[2] = { { 0 }, { 0 } };
	struct filter *filter = NULL;
	struct diff_how how;
	struct fault why = { "" };
	int status = STATUS_TROUBLE;

	if (a->words != 3)
		fault(&why, "usage: soth diff [--only KINDS] [--filter EXPR] [--slower 1.5x] [--floor 20ms] [--json] A B, or A#1 B#1");
	else if (how_read(a, &how, &why) && cli_filter(a->filter, &filter)) {
		how.filter = filter;
		status = diff(a, &how, in, &why);
	}
	if (*why.text)
		fprintf(stderr, "soth: %s\n", why.text);
	intake_close(&in[0]);
	intake_close(&in[1]);
	filter_free(filter);
	return status;
}
