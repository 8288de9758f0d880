/*
 * handshakes COUNT HOSTS	a session of so many flows over TLS to so many hosts, every fifth of which fails: what the table of
 *				handshakes costs beside all else, and how long the TLS view takes to be made
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../../ui/casebook.h"
#include "../../ui/desk.h"

enum { FLUSH = 1000, FRAMES = 20, SHOWN = 60 };

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
step(struct store *s, struct note n, enum step_kind kind, const struct field *v, size_t count)
{
	n.kind = NOTE_STEP;
	n.step = step_new(kind, v, count);
	store_note(s, &n);
}

static void
flow(struct store *s, flow_id id, unsigned hosts, bool tls)
{
	struct note n = { .flow = id, .when = 1795531640000000u + id * 1000 }, begins = n, ends = n;
	struct field up = { LIT("peer"), LIT("upstream") }, down = { LIT("peer"), LIT("downstream") };
	struct field failed[] = { down, { LIT("tls_failure_reason"), LIT("unknown_ca") }, { LIT("alert"), LIT("48") }, { LIT("alert_by"), LIT("client") } };
	struct origin o = { .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"), .scheme = LIT("tcp"), .port = 443 };
	char host[40];

	snprintf(host, sizeof(host), "api%llu.example.com", (unsigned long long)(id * 7919 % hosts));
	o.host = bytes_of(host);
	begins.kind = NOTE_FLOW;
	begins.origin = origin_new(&o);
	store_note(s, &begins);
	step(s, n, tls ? STEP_TLS_STARTED : STEP_DIALING, &up, 1);
	step(s, n, tls ? STEP_TLS_ESTABLISHED : STEP_DIALING, &up, 1);
	step(s, n, tls ? STEP_TLS_STARTED : STEP_DIALING, &down, 1);
	if (tls && id % 5 == 0)
		step(s, n, STEP_TLS_FAILED, failed, 4);
	else
		step(s, n, tls ? STEP_TLS_ESTABLISHED : STEP_DIALING, &down, 1);
	ends.kind = NOTE_GONE;
	ends.part = (struct part){ .kind = PART_RESET, .code = CLOSE_RELAY_EOF };
	store_note(s, &ends);
}

static struct store *
flows(const char *path, flow_id count, unsigned hosts, bool tls)
{
	struct fault why;
	struct store *s = store_create(path, &why);
	double begun;

	if (!s)
		exit(1);
	begun = seconds();
	for (flow_id id = 1; id <= count; id++) {
		flow(s, id, hosts, tls);
		if (id % FLUSH == 0)
			store_flush(s);
	}
	printf("%-24s %8.0f ns a flow\n", tls ? "flows over TLS" : "flows of as many steps", (seconds() - begun) / (double)count * 1e9);
	return s;
}

static void
frames(struct store *s)
{
	struct desk d = { .store = s, .patience = 20, .now = 1795531700000000u };
	struct casebook *c = casebook_new(&d);
	const char *why = "";
	double begun = seconds(), most = 0;

	for (unsigned i = 0; i < FRAMES; i++) {
		double from = seconds();

		d.now += 10000000;
		if (!casebook_refresh(c))
			exit(1);
		for (size_t k = 0; k < SHOWN && k < casebook_lines(c); k++)
			why = casebook_why(c, k);
		most = seconds() - from > most ? seconds() - from : most;
	}
	printf("%-24s %8.2f ms, the longest %.2f ms, of %zu lines (%s)\n", "a frame of the TLS view", (seconds() - begun) / FRAMES * 1e3, most * 1e3,
		casebook_lines(c), why);
	casebook_free(c);
}

int
main(int argc, char **argv)
{
	flow_id count = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
	unsigned hosts = argc > 2 ? (unsigned)atoi(argv[2]) : 1000;
	char path[] = "/tmp/bench-handshakes-XXXXXX";
	struct store *s;

	close(mkstemp(path));
	unlink(path);
	store_free(flows(path, count, hosts, false));
	unlink(path);
	s = flows(path, count, hosts, true);
	frames(s);
	store_free(s);
	unlink(path);
	return 0;
}
