/* `soth dump`: the same engine without a screen; a line for each finished flow. */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cli.h"
#include "intake.h"

enum { LISTENERS_MAX = 32, STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_CUT = 3 };

/* Foreign text: what a terminal might obey is shown as \xNN. */
void
cli_print_safe(FILE *to, const char *s)
{
	while (*s) {
		size_t len = 0;

		while (s[len] >= ' ' && s[len] < 0x7f && s[len] != '\\')
			len++;
		fwrite(s, 1, len, to);
		s += len;
		if (*s)
			fprintf(to, "\\x%02x", (unsigned char)*s++);
	}
}

/* RFC 3986 section 3.2.2. */
static void
print_host(const char *host)
{
	bool v6 = strchr(host, ':');

	if (v6)
		putchar('[');
	cli_print_safe(stdout, host);
	if (v6)
		putchar(']');
}

void
cli_print_line(const struct row *r)
{
	time_t at = (time_t)(r->begun / 1000000);
	char status[16], when[16] = "";
	struct tm tm;

	if (localtime_r(&at, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	snprintf(status, sizeof(status), "%u", r->status);
	printf("%s %s %s://", when, *r->method ? r->method : "-", *r->scheme ? r->scheme : "tcp");
	print_host(r->host);
	if (r->port && r->port != (r->tls ? 443 : 80))
		printf(":%u", r->port);
	cli_print_safe(stdout, r->path);
	printf(" %s ", r->status ? status : r->state == ROW_FAILED ? "fail" : "-");
	cli_print_safe(stdout, *r->type ? r->type : "-");
	printf(" %llu %llums", (unsigned long long)r->bytes[SERVER],
		(unsigned long long)(r->ended > r->begun ? (r->ended - r->begun) / 1000 : 0));
	if (*r->trouble) {
		printf(" (");
		cli_print_safe(stdout, r->trouble);
		printf(")");
	}
	putchar('\n');
}

/* JSON is UTF-8; other bytes are taken for Latin-1, so that nothing is lost. */
static json_t *
text(const char *s)
{
	json_t *j = json_string(s);
	char wide[2048], *to = wide;

	if (j)
		return j;
	for (; *s && to < wide + sizeof(wide) - 3; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80)
			*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	*to = 0;
	return json_string(wide);
}

/* Of that side's head, as far as the row tells whether it came. */
static json_t *
version(const struct row *r, enum side side)
{
	static const char *const names[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };
	bool came = side == CLIENT ? r->request : r->status;

	return came && r->version[side] < ARRAY_LEN(names) ? json_string(names[r->version[side]]) : json_null();
}

void
cli_print_json(const struct row *r)
{
	json_t *j = json_pack("{s:I,s:I,s:I,s:o,s:o,s:o,s:i,s:o,s:i,s:o,s:I,s:I,s:s,s:o}",
		"id", (json_int_t)r->id, "begun_us", (json_int_t)r->begun, "ended_us", (json_int_t)r->ended,
		"method", text(r->method), "scheme", text(r->scheme), "host", text(r->host), "port", r->port,
		"path", text(r->path), "status", r->status, "type", text(r->type),
		"request_bytes", (json_int_t)r->bytes[CLIENT], "response_bytes", (json_int_t)r->bytes[SERVER],
		"close", r->ended ? close_name(r->close) : "", "trouble", text(r->trouble));

	json_object_set_new(j, "protocol", json_string(protocol_name(r->protocol)));
	json_object_set_new(j, "request_version", version(r, CLIENT));
	json_object_set_new(j, "response_version", version(r, SERVER));
	json_object_set_new(j, "request_messages", json_integer(r->messages[CLIENT]));
	json_object_set_new(j, "response_messages", json_integer(r->messages[SERVER]));
	json_object_set_new(j, "grpc_status", r->grpc < 0 ? json_null() : json_integer(r->grpc));
	json_object_set_new(j, "tls_failed", r->tls_failed < 0 ? json_null() :
		json_string(r->tls_failed == CLIENT ? "client" : "server"));
	json_object_set_new(j, "onboarding", json_boolean(r->onboarding));
	json_dumpf(j, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(j);
}

/* How rows are printed, and which. */
struct printer {
	void (*print)(const struct row *r);
	struct filter *filter;		/* NULL: all */
	struct lens *lens;
};

static void
print_row(const struct printer *p, const struct row *r)
{
	if (!p->filter || filter_takes(p->filter, p->lens, r))
		p->print(r);
}

/* The flows that have ended since `done`. */
static size_t
print_ended(struct store *s, size_t done, const struct printer *p)
{
	struct row r;
	size_t at;

	while ((at = store_ended(s, done)) != SIZE_MAX) {
		if (store_rows(s, at, 1, &r) == 1 && r.id)
			print_row(p, &r);
		done++;
	}
	fflush(stdout);
	return done;
}

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
	struct row r;

	p->lens = lens_new(in->store);
	for (size_t i = 0; store_rows(in->store, i, 1, &r) == 1; i++)
		print_row(p, &r);
	fflush(stdout);
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

/* What stopped, once, when it does. */
static void
say_stopped(const struct store_stats *stats, struct store_stats *said)
{
	if (stats->stopped && !said->stopped)
		fprintf(stderr, "soth: %s\n", stats->trouble);
	if (*stats->limit_trouble && !*said->limit_trouble)
		fprintf(stderr, "soth: %s\n", stats->limit_trouble);
	if (stats->log_stopped && !said->log_stopped)
		fprintf(stderr, "soth: %s\n", stats->log_trouble);
	*said = *stats;
}

static void
dump_loop(struct capture *c, int ended, const struct printer *p)
{
	struct pollfd fd[] = { { store_fd(c->store), POLLIN, 0 }, { ended, POLLIN, 0 } };
	struct store_stats stats, said = { 0 };
	size_t done = 0;

	while (!(fd[1].revents & POLLIN)) {
		store_seen(c->store);
		done = print_ended(c->store, done, p);
		stats = store_stats(c->store);
		say_stopped(&stats, &said);
		poll(fd, ARRAY_LEN(fd), -1);
	}
	capture_stop(c);
	print_ended(c->store, done, p);
	stats = store_stats(c->store);
	say_stopped(&stats, &said);
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
	if (!capture_start(&c, o, &why)) {
		fprintf(stderr, "soth: %s\n", why.text);
		return STATUS_FAULT;
	}
	p->lens = lens_new(c.store);
	say_listening(c.backend);
	if (*c.lost)
		fprintf(stderr, "soth: the session before was not closed: %s\n", c.lost);
	dump_loop(&c, ended, p);
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
	struct printer p = { .print = a->json ? cli_print_json : cli_print_line };
	const char *filter = a->filter || a->words < 2 ? a->filter : a->word[1];
	int status = STATUS_USAGE;

	if (cli_filter(filter, &p.filter))
		status = *o->read ? dump_file(o, &p) : dump_live(o, &p);
	filter_free(p.filter);
	return status;
}
