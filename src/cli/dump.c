/* `soth dump`: the same engine without a screen; a line for each finished flow. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cli.h"
#include "intake.h"
#include "printing.h"
#include "soth/rule.h"

enum { LISTENERS_MAX = 32, SECOND = 1000, STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_CUT = 3 };

/* Says what went wrong with the order of the record; whether something did. */
static bool
print_disorder(const struct store_stats *stats, const char *path)
{
	if (stats->misordered)
		fprintf(stderr, "soth: %s: %llu notes out of order, first: %s\n", path,
			(unsigned long long)stats->misordered, stats->disorder);
	return stats->misordered;
}

/* Says what went wrong with the record; the exit status. */
static int
print_trouble(const struct store_stats *stats, const char *path)
{
	if (*stats->trouble)
		fprintf(stderr, "soth: %s: %s\n", path, stats->trouble);
	return print_disorder(stats, path) || *stats->trouble ? STATUS_CUT : 0;
}

static int
print_file(struct intake *in, const char *path, struct printer *p)
{
	struct store_stats stats;

	p->lens = lens_new(in->store);
	printer_all(p, in->store);
	stats = store_stats(in->store);
	lens_free(p->lens);
	p->lens = NULL;
	return print_disorder(&stats, path) || in->cut ? STATUS_CUT : 0;
}

/* A session, or what can be read as one. */
static int
dump_file(const struct options *o, struct printer *p)
{
	struct intake in = { 0 };
	struct fault why;
	int status = STATUS_FAULT;

	if (intake_open(&in, o->read, NULL, &why) &&
	    (!*o->event_log || session_event_log(in.made.store ? in.made.path : o->read, o->event_log, &why)))
		status = print_file(&in, o->read, p);
	else
		fprintf(stderr, "soth: %s\n", why.text);
	intake_close(&in);
	return status;
}

int
cli_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

void
cli_say_stopped(const struct store_stats *stats, struct store_stats *said)
{
	if (stats->stopped && !said->stopped)
		fprintf(stderr, "soth: %s\n", stats->trouble);
	*said = *stats;
}

/* A file that a rule names has changed: workers hear of it by the option. */
static void
dump_rules(struct capture *c, const struct options *o)
{
	char assignment[4200];
	struct fault why;

	if (!rules_stale())
		return;
	snprintf(assignment, sizeof(assignment), "rules=%.4000s", o->rules);
	if (!rules_hold(o, &why) || !backend_set(c->backend, assignment, &why))
		fprintf(stderr, "soth: %s\n", why.text);
}

void
cli_reread(struct backend *b)
{
	struct reread now;

	if (backend_reread(b, &now))
		fprintf(stderr, "soth: %s\n", now.why.text);
}

static void
dump_loop(struct capture *c, const struct options *o, int ended, const struct printer *p)
{
	struct pollfd fd[] = { { store_fd(c->store), POLLIN, 0 }, { ended, POLLIN, 0 } };
	struct store_stats stats, said = { 0 };
	time_t looked = time(NULL);
	size_t done = 0;

	while (!(fd[1].revents & POLLIN)) {
		store_seen(c->store);
		done = printer_ended(p, c->store, done);
		stats = store_stats(c->store);
		cli_say_stopped(&stats, &said);
		cli_log_say();
		poll(fd, ARRAY_LEN(fd), SECOND);
		if (time(NULL) != looked) {
			dump_rules(c, o);
			cli_reread(c->backend);
		}
		looked = time(NULL);
	}
	capture_stop(c);
	printer_ended(p, c->store, done);
	stats = store_stats(c->store);
	cli_say_stopped(&stats, &said);
	cli_log_say();
}

/* With more than one listener each is named with what it is for. */
static void
say_listening(const struct backend *b)
{
	struct listening l[LISTENERS_MAX];
	size_t count = backend_listening(b, l, ARRAY_LEN(l));

	fprintf(stderr, "soth: listening on %s\n", l[0].address);
	for (size_t i = 1; i < count && i < ARRAY_LEN(l); i++)
		fprintf(stderr, "soth: %s on %s\n", l[i].spec, l[i].address);
}

static int
dump_live(const struct options *o, struct printer *p)
{
	struct store_stats stats;
	struct capture c;
	struct fault why;
	int ended, status;

	ended = cli_signals();
	cli_log_keep();
	if (!capture_start(&c, o, &why)) {
		fprintf(stderr, "soth: %s\n", why.text);
		return STATUS_FAULT;
	}
	p->lens = lens_new(c.store);
	say_listening(c.backend);
	if (*c.lost)
		fprintf(stderr, "soth: the session before was not closed: %s\n", c.lost);
	dump_loop(&c, o, ended, p);
	stats = store_stats(c.store);
	*stats.trouble = 0;	/* has been said */
	status = print_trouble(&stats, stats.path);
	lens_free(p->lens);
	p->lens = NULL;
	capture_free(&c);
	close(ended);
	return status;
}

int
cli_dump(const struct args *a)
{
	const struct options *o = &a->options;
	struct printer p = { .print = cli_print(a), .to = stdout };
	const char *filter = a->filter || a->words < 2 ? a->filter : a->word[1];
	int status = STATUS_USAGE;

	if (cli_filter(filter, &p.filter))
		status = *o->read ? dump_file(o, &p) : dump_live(o, &p);
	filter_free(p.filter);
	return status;
}
