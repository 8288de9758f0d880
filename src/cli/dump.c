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

enum { STATUS_FAULT = 1, STATUS_CUT = 3 };

/* Foreign text: what a terminal might obey is shown as \xNN. */
static void
print_safe(FILE *to, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c >= 0x7f || c == '\\')
			fprintf(to, "\\x%02x", c);
		else
			putc(c, to);
	}
}

static void
print_line(const struct row *r)
{
	time_t at = (time_t)(r->begun / 1000000);
	char status[16], when[16] = "";
	struct tm tm;

	if (localtime_r(&at, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	snprintf(status, sizeof(status), "%u", r->status);
	printf("%s %s %s://", when, *r->method ? r->method : "-", *r->scheme ? r->scheme : "tcp");
	print_safe(stdout, r->host);
	if (r->port && r->port != (r->tls ? 443 : 80))
		printf(":%u", r->port);
	print_safe(stdout, r->path);
	printf(" %s ", r->status ? status : r->state == ROW_FAILED ? "fail" : "-");
	print_safe(stdout, *r->type ? r->type : "-");
	printf(" %llu %llums", (unsigned long long)r->bytes[SERVER],
		(unsigned long long)(r->ended > r->begun ? (r->ended - r->begun) / 1000 : 0));
	if (*r->trouble) {
		printf(" (");
		print_safe(stdout, r->trouble);
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

static void
print_json(const struct row *r)
{
	json_t *j = json_pack("{s:I,s:I,s:I,s:o,s:o,s:o,s:i,s:o,s:i,s:o,s:I,s:I,s:s,s:o}",
		"id", (json_int_t)r->id, "begun_us", (json_int_t)r->begun, "ended_us", (json_int_t)r->ended,
		"method", text(r->method), "scheme", text(r->scheme), "host", text(r->host), "port", r->port,
		"path", text(r->path), "status", r->status, "type", text(r->type),
		"request_bytes", (json_int_t)r->bytes[CLIENT], "response_bytes", (json_int_t)r->bytes[SERVER],
		"close", r->ended ? close_name(r->close) : "", "trouble", text(r->trouble));

	json_object_set_new(j, "tls_failed", r->tls_failed < 0 ? json_null() :
		json_string(r->tls_failed == CLIENT ? "client" : "server"));
	json_dumpf(j, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(j);
}

/* The flows that have ended since `done`. */
static size_t
print_ended(struct store *s, size_t done, bool json)
{
	struct row r;
	size_t at;

	while ((at = store_ended(s, done)) != SIZE_MAX) {
		if (store_rows(s, at, 1, &r) == 1)
			(json ? print_json : print_line)(&r);
		done++;
	}
	fflush(stdout);
	return done;
}

static int
dump_file(const struct options *o, bool json)
{
	struct fault why;
	struct store *s = store_open(o->read, &why);
	struct store_stats stats;
	struct row r;

	if (!s) {
		fprintf(stderr, "soth: %s\n", why.text);
		return STATUS_FAULT;
	}
	for (size_t i = 0; store_rows(s, i, 1, &r) == 1; i++)
		(json ? print_json : print_line)(&r);
	fflush(stdout);
	stats = store_stats(s);
	store_free(s);
	if (*stats.trouble)
		fprintf(stderr, "soth: %s: %s\n", o->read, stats.trouble);
	return *stats.trouble ? STATUS_CUT : 0;
}

static int
signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
dump_loop(struct capture *c, int ended, bool json)
{
	struct pollfd fd[] = { { store_fd(c->store), POLLIN, 0 }, { ended, POLLIN, 0 } };
	bool said = false;
	size_t done = 0;

	while (!(fd[1].revents & POLLIN)) {
		struct store_stats stats;

		store_seen(c->store);
		done = print_ended(c->store, done, json);
		stats = store_stats(c->store);
		if (stats.stopped && !said)
			fprintf(stderr, "soth: %s\n", stats.trouble);
		said = stats.stopped;
		poll(fd, ARRAY_LEN(fd), -1);
	}
	capture_stop(c);
	print_ended(c->store, done, json);
}

int
cli_dump(int argc, char **argv, const struct options *o)
{
	bool json = false;
	struct capture c;
	struct fault why;
	int ended;

	for (int i = 0; i < argc; i++)
		json = json || !strcmp(argv[i], "--json");
	if (*o->read)
		return dump_file(o, json);
	ended = signals();
	if (!capture_start(&c, o, &why)) {
		fprintf(stderr, "soth: %s\n", why.text);
		return STATUS_FAULT;
	}
	fprintf(stderr, "soth: listening on %s\n", backend_address(c.backend));
	dump_loop(&c, ended, json);
	capture_free(&c);
	close(ended);
	return 0;
}
