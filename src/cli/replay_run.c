/* soth replay FILE...: the requests of files, sent again. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cli.h"
#include "intake.h"
#include "replay.h"

enum { STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_CUT = 3, JOBS_MAX = 1000, TIMES_MAX = 1000000, ROWS = 256, FILES_MAX = 63,
	PATH_ROOM = 4096, DIGITS_MAX = 18, DELAY_MAX = 86400, MICROS = 1000000, BUSY_MICROS = 500, LATE_MS = 1 };

struct job { uint32_t file; flow_id flow; };

struct replay {
	const struct args *args;
	struct intake in[FILES_MAX];
	size_t files;
	struct filter *filter;
	struct job *job;
	size_t jobs, room;
	uint64_t next, all;	/* sends: of the jobs in their turn, again and again */
	uint32_t *sent;		/* which job a flow is of, by its number less 1 */
	size_t sends, sents;
	uint64_t under_way, most;
	uint64_t delay, due;	/* microseconds */
	double speed;		/* of streams of messages */
	size_t ended;		/* of the store's, that were told */
	struct capture c;
	struct replay_sum sum;
	bool stopped;		/* by hand */
	bool over;		/* nothing comes any more */
	bool late;		/* one has ended, and is not in the file yet */
};

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * MICROS + (uint64_t)t.tv_nsec / 1000;
}

static bool
number_read(const char *name, const char *text, uint64_t most, uint64_t *out, struct fault *why)
{
	char *end;

	if (!text)
		return true;
	*out = strtoull(text, &end, 10);
	if (end == text || *end || *text == '-' || !*out || *out > most)
		return fault(why, "--%s %.40s: a number from 1 to %llu is wanted", name, text, (unsigned long long)most);
	return true;
}

/* "0.5", "0.5s", "500ms" */
static bool
delay_read(const char *text, uint64_t *microseconds, struct fault *why)
{
	char *end;
	double n;

	if (!text)
		return true;
	n = strtod(text, &end);
	n /= !strcmp(end, "ms") ? 1000 : 1;
	if (end == text || (*end && strcmp(end, "ms") && strcmp(end, "s")) || !(n >= 0 && n <= DELAY_MAX))
		return fault(why, "--delay %.40s: seconds are wanted, as 0.5 or 500ms", text);
	*microseconds = (uint64_t)(n * MICROS);
	return true;
}

static bool
speed_read(const char *text, double *speed, struct fault *why)
{
	struct fault wrong;

	*speed = 1;
	return !text || sayings_speed(text, speed, &wrong) || fault(why, "--speed %.150s", wrong.text);
}

static void
job_add(struct replay *r, flow_id flow)
{
	if (r->jobs == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->job = xgrow(r->job, r->room, sizeof(*r->job));
	}
	r->job[r->jobs++] = (struct job){ (uint32_t)r->files - 1, flow };
}

/* All that have a request and that the filter takes; or that one. */
static bool
jobs_of(struct replay *r, const char *path, flow_id only, struct fault *why)
{
	struct store *s = r->in[r->files - 1].store;
	struct lens *lens = lens_new(s);
	static struct row row[ROWS];
	size_t n, before = r->jobs;

	for (size_t i = 0; (n = store_rows(s, i, ROWS, row)); i += n)
		for (size_t k = 0; k < n; k++)
			if ((!only || row[k].id == only) && row[k].request && (!r->filter || filter_takes(r->filter, lens, &row[k])))
				job_add(r, row[k].id);
	lens_free(lens);
	return !only || r->jobs > before ||
		fault(why, "%.100s: there is no request in flow %llu, or the filter does not take it", path, (unsigned long long)only);
}

/* FILE or FILE#NUMBER; a file that is called so is that file. */
static bool
file_read(struct replay *r, const char *word, struct fault *why)
{
	const char *mark = strrchr(word, '#');
	size_t digits = mark ? strspn(mark + 1, "0123456789") : 0;
	bool numbered = digits && digits <= DIGITS_MAX && !mark[1 + digits] && access(word, F_OK);
	char path[PATH_ROOM];

	if (r->files == FILES_MAX)
		return fault(why, "more than %d files", FILES_MAX);
	if (snprintf(path, sizeof(path), "%.*s", numbered ? (int)(mark - word) : (int)strlen(word), word) >= (int)sizeof(path))
		return fault(why, "%.100s: the path is too long", word);
	return intake_open(&r->in[r->files++], path, r->args->from, why) &&
		jobs_of(r, path, numbered ? strtoull(mark + 1, NULL, 10) : 0, why);
}

static bool
replay_read(struct replay *r, struct fault *why)
{
	const struct args *a = r->args;
	uint64_t times = 1;

	r->most = 1;
	if (!number_read("jobs", a->jobs, JOBS_MAX, &r->most, why) || !number_read("times", a->times, TIMES_MAX, &times, why) ||
			!delay_read(a->delay, &r->delay, why) || !speed_read(a->speed, &r->speed, why))
		return false;
	for (size_t i = 1; i < a->words; i++)
		if (!file_read(r, a->word[i], why))
			return false;
	r->all = r->jobs * times;
	return r->all <= UINT32_MAX || fault(why, "that would be more than %u requests", UINT32_MAX);
}

static void
sent_keep(struct replay *r, flow_id flow, uint32_t job)
{
	if (flow > r->sents) {
		r->sents = flow * 2;
		r->sent = xgrow(r->sent, r->sents, sizeof(*r->sent));
	}
	r->sent[flow - 1] = job;
	r->under_way++;
}

static void
left_out(struct replay *r, const struct job *j, const struct fault *why)
{
	fprintf(stderr, "soth: %s: flow %llu is left out: %s\n", r->args->word[1 + j->file], (unsigned long long)j->flow, why->text);
	r->sum.left_out++;
}

static void
send_one(struct replay *r)
{
	uint32_t at = (uint32_t)(r->next++ % r->jobs);
	const struct job *j = &r->job[at];
	struct sending s;
	struct fault why;
	flow_id flow;

	if (!convert_sending_timed(r->in[j->file].store, j->flow, r->speed, &s, &why)) {
		if (r->next <= r->jobs)
			left_out(r, j, &why);
		return;
	}
	while (!(flow = backend_send(r->c.backend, &s, &why)))	/* more wait than a worker's ring holds */
		usleep(BUSY_MICROS);
	sending_release(&s);
	sent_keep(r, flow, at);
	r->due = now() + r->delay;
}

static bool
may_send(const struct replay *r)
{
	return !r->stopped && r->next < r->all && r->under_way < r->most;
}

static void
check(struct replay *r, const struct row *row)
{
	const struct job *j = &r->job[r->sent[row->id - 1]];
	struct store *const s[2] = { r->in[j->file].store, r->c.store };
	char words[VERDICT_ROOM];
	enum replay_verdict v = replay_check(s, (flow_id[]){ j->flow, row->id }, words);
	FILE *out = r->args->json ? stderr : stdout;

	r->sum.verdict[v]++;
	if (v != REPLAY_OTHER)
		return;
	fprintf(out, "  different from flow %llu: ", (unsigned long long)j->flow);
	cli_print_safe(out, words);
	fputc('\n', out);
}

/* How long it took, for rows know milliseconds alone. False: the end of it is
 * not in the file yet, so nothing of it can be read for sure. */
static bool
took(const struct replay *r, const struct row *row, uint64_t *microseconds)
{
	struct flow f = { 0 };
	struct fault why;
	bool there = store_flow(r->c.store, row->id, &f, &why) && f.ended;

	*microseconds = there && f.ended > f.begun ? f.ended - f.begun : there ? 0 : row->ended - row->begun;
	flow_release(&f);
	return there || r->over || !store_writes(r->c.store);
}

static void
tell_ended(struct replay *r)
{
	uint64_t microseconds;
	struct row row;
	size_t at;

	while ((at = store_ended(r->c.store, r->ended)) != SIZE_MAX) {
		if (store_rows(r->c.store, at, 1, &row) != 1)
			break;
		r->late = !took(r, &row, &microseconds);
		if (r->late)
			break;
		r->ended++;
		r->under_way--;
		replay_sum_add(&r->sum, &row, microseconds);
		(r->args->json ? cli_print_json : cli_print_line)(stdout, &row);
		if (r->args->check && !r->stopped)
			check(r, &row);
	}
	fflush(stdout);
}

static int
wait_for(const struct replay *r)
{
	uint64_t at = now();

	return r->late ? LATE_MS : !may_send(r) ? -1 : r->due > at ? (int)((r->due - at) / 1000) + 1 : 0;
}

static void
replay_loop(struct replay *r, int ends)
{
	struct pollfd fd[] = { { store_fd(r->c.store), POLLIN, 0 }, { ends, POLLIN, 0 } };

	while (!r->stopped && (r->under_way || r->next < r->all)) {
		while (may_send(r) && now() >= r->due)
			send_one(r);
		if (!r->under_way && r->next == r->all)
			break;
		poll(fd, ARRAY_LEN(fd), wait_for(r));
		r->stopped = fd[1].revents & POLLIN;
		store_seen(r->c.store);
		tell_ended(r);
	}
	capture_stop(&r->c);
	r->over = true;
	tell_ended(r);
}

static bool
replay_start(struct replay *r, char own[PATH_ROOM], struct fault *why)
{
	const struct options *o = &r->args->options;
	int fd;

	if (*o->write)
		return capture_start_silent(&r->c, o, o->write, why);
	snprintf(own, PATH_ROOM, "/tmp/soth-replay-XXXXXX");
	fd = mkstemp(own);
	if (fd < 0) {
		*own = '\0';
		return fault(why, "a temporary file: %s", strerror(errno));
	}
	close(fd);
	return capture_start_silent(&r->c, o, own, why);
}

static int
replay_status(const struct replay *r)
{
	struct store_stats stats = store_stats(r->c.store);
	bool cut = false;

	for (size_t i = 0; i < r->files; i++)
		cut = cut || r->in[i].cut;
	if (*stats.trouble)
		fprintf(stderr, "soth: %s\n", stats.trouble);
	return r->sum.failed || r->sum.verdict[REPLAY_OTHER] || r->stopped ? STATUS_FAULT : cut || *stats.trouble ? STATUS_CUT : 0;
}

static int
replay(struct replay *r, struct fault *why)
{
	char own[PATH_ROOM] = "";
	int ends = cli_signals(), status = STATUS_FAULT;
	uint64_t begun;

	if (replay_start(r, own, why)) {
		begun = now();
		replay_loop(r, ends);
		replay_sum_print(&r->sum, now() - begun, r->args->check, r->args->json ? stderr : stdout);
		status = replay_status(r);
		capture_free(&r->c);
	}
	if (*own)
		unlink(own);
	close(ends);
	return status;
}

int
cli_replay(const struct args *a)
{
	struct replay *r = xalloc(sizeof(*r));
	struct fault why = { "" };
	int status = STATUS_USAGE;

	r->args = a;
	if (a->words < 2)
		fault(&why, "usage: soth replay [-j N] [-n N] [--delay SECONDS] [--speed N] [--filter EXPR] [--check] [--from FORMAT] [-w OUT] FILE[#N]...");
	else if (cli_filter(a->filter, &r->filter))
		status = replay_read(r, &why) ? replay(r, &why) : STATUS_FAULT;
	if (*why.text)
		fprintf(stderr, "soth: %s\n", why.text);
	for (size_t i = 0; i < r->files; i++)
		intake_close(&r->in[i]);
	filter_free(r->filter);
	free(r->job);
	free(r->sent);
	replay_sum_release(&r->sum);
	free(r);
	return status;
}
