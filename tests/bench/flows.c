/*
 * flows make FILE COUNT [BODY]	a session of so many flows, each with a body of so many bytes
 * flows read FILE		how long it takes to open it, to go through it by filters, to sort it and to search through it, and in how much memory
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../ui/catalog.h"
#include "soth/part.h"
#include "soth/search.h"
#include "soth/study.h"

enum { HOSTS = 200, BODY_MAX = 1 << 20, FLUSH = 1000 };

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of this process, as the kernel counts them: "RssAnon". */
static double
mebibytes(const char *what)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	unsigned long kib = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, what, strlen(what)))
			kib = strtoul(line + strlen(what) + 1, NULL, 10);
	if (f)
		fclose(f);
	return (double)kib / 1024;
}

static void
die(const char *what)
{
	fprintf(stderr, "flows: %s\n", what);
	exit(1);
}

static void
put(struct store *s, flow_id id, uint64_t when, enum side side, struct part p)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = id, .when = when, .part = p };

	store_note(s, &n);
}

static void
put_head(struct store *s, flow_id id, uint64_t when, enum side side, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		die(why.text);
	put(s, id, when, side, (struct part){ .kind = PART_HEAD, .head = h });
}

static void
make_flow(struct store *s, flow_id id, const char *body, size_t len)
{
	static const char *const methods[] = { "GET", "GET", "GET", "POST", "PUT" };
	static const unsigned codes[] = { 200, 200, 200, 201, 304, 404, 500 };
	uint64_t at = 1795531640000000u + id * 1000;
	char host[40], text[400];
	struct origin o = { .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = LIT("https"), .port = 443 };
	struct note n = { .kind = NOTE_FLOW, .flow = id, .when = at };

	snprintf(host, sizeof(host), "api%llu.example.com", (unsigned long long)(id * 7919 % HOSTS));
	o.host = bytes_of(host);
	n.origin = origin_new(&o);
	store_note(s, &n);
	snprintf(text, sizeof(text), "%s /v1/items/%llu?page=%llu HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench/1\r\nAccept: */*\r\n\r\n",
		methods[id % ARRAY_LEN(methods)], (unsigned long long)id, (unsigned long long)(id % 50), host);
	put_head(s, id, at, CLIENT, text);
	put(s, id, at + 5, CLIENT, (struct part){ .kind = PART_END });
	snprintf(text, sizeof(text), "HTTP/1.1 %u Whatever\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		codes[id % ARRAY_LEN(codes)], len);
	put_head(s, id, at + 800, SERVER, text);
	if (len)
		put(s, id, at + 810, SERVER, (struct part){ .kind = PART_DATA, .data = slice_copy((struct bytes){ (const uint8_t *)body, len }) });
	put(s, id, at + 900, SERVER, (struct part){ .kind = PART_END });
	n = (struct note){ .kind = NOTE_GONE, .flow = id, .when = at + 900 + id % 5000,
		.part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } };
	store_note(s, &n);
}

static int
make(const char *path, unsigned long count, size_t len)
{
	static char body[BODY_MAX];
	struct fault why;
	struct store *s = store_create(path, &why);

	if (!s)
		die(why.text);
	for (size_t i = 0; i < len; i++)
		body[i] = "abcdefgh ijklmno pqrstuv wxyz\n"[i % 30];
	for (unsigned long i = 1; i <= count; i++) {
		make_flow(s, i, body, len);
		if (i % FLUSH == 0)
			store_flush(s);
	}
	store_flush(s);
	store_end(s);
	store_free(s);
	return 0;
}

/* Frame by frame, as the screen does; the longest frame, too. */
static void
settle(struct catalog *c, const char *what, double begun)
{
	double longest = 0, at, took;

	do {
		at = seconds();
		catalog_refresh(c);
		took = seconds() - at;
		longest = took > longest ? took : longest;
		(void)poll(NULL, 0, 2);
	} while (catalog_busy(c));
	catalog_refresh(c);
	printf("%-36s %8.3f s  %7zu flows  longest frame %5.1f ms  RssAnon %.0f MiB\n", what, seconds() - begun, catalog_count(c),
		longest * 1e3, mebibytes("RssAnon:"));
}

static void
filter(struct catalog *c, const char *text)
{
	double begun = seconds();
	struct fault why;
	size_t at;

	if (!catalog_filter(c, text, &why, &at))
		die(why.text);
	settle(c, *text ? text : "(no filter)", begun);
}

/* As the view does it: what there is is taken each frame. */
static void
search(struct store *s, struct trigrams *t, const char *text, bool regex)
{
	double begun = seconds(), longest = 0, at, took;
	static struct search_hit hits[100];
	struct search_state state;
	struct fault why;
	struct search *of;
	uint64_t bytes;
	size_t flows, where;

	of = search_new(s, query_new(bytes_of(text), regex, &why, &where), NULL, false, t, -1);
	do {
		at = seconds();
		(void)search_hits(of, 0, 100, hits);
		search_state(of, &state);
		took = seconds() - at;
		longest = took > longest ? took : longest;
		(void)poll(NULL, 0, 2);
	} while (state.busy);
	trigrams_size(t, &flows, &bytes);
	printf("search %-29s %8.3f s  %7zu hits%s  read %zu  longest frame %5.1f ms  RssAnon %.0f MiB  index %.0f MiB\n", text, seconds() - begun,
		state.hits, state.more ? " and more" : "", state.read, longest * 1e3, mebibytes("RssAnon:"), (double)bytes / 1048576);
	search_leave(of);
}

static void
searches(struct store *s)
{
	static const struct { const char *text; bool regex; } each[] = { { "items/777777?", false }, { "items/777777?", false },
		{ "nothing.of.it", false }, { "Nothing of it", false }, { "items/7777(12|34)\\?", true }, { "[0-9]{9}", true }, { "bench", false } };
	struct trigrams *t = trigrams_new();

	for (size_t i = 0; i < ARRAY_LEN(each); i++)
		search(s, t, each[i].text, each[i].regex);
	trigrams_drop(t);
}

static int
read_back(const char *path)
{
	static const char *const filters[] = { "~c 404", "~u items/77 & ~m POST", "~d api7", "~size >10k | ~dur >4s", "~hq user-agent.*bench/1",
		"~t json & ~hs length", "~b nothing.of.it", "" };
	static const char *const columns[] = { "size", "-took", "host", "path", "-path" };
	double begun = seconds();
	struct fault why;
	struct store *s = store_open(path, &why);
	struct store_stats stats;
	struct catalog c;

	if (!s)
		die(why.text);
	stats = store_stats(s);
	printf("opened in %.3f s: %llu flows, %.0f MiB, RssAnon %.0f MiB: %.0f bytes a flow\n", seconds() - begun,
		(unsigned long long)stats.flows, (double)stats.file_bytes / 1048576, mebibytes("RssAnon:"),
		mebibytes("RssAnon:") * 1048576 / (double)stats.flows);
	catalog_open(&c, s, -1, 4);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		filter(&c, filters[i]);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		begun = seconds();
		if (!catalog_sort(&c, columns[i]))
			die("no such column");
		settle(&c, columns[i], begun);
	}
	catalog_close(&c);
	searches(s);
	studies_wait();
	store_free(s);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t len = argc > 4 ? strtoul(argv[4], NULL, 10) : 200;

	if (argc > 3 && !strcmp(argv[1], "make") && len <= BODY_MAX)
		return make(argv[2], strtoul(argv[3], NULL, 10), len);
	if (argc == 3 && !strcmp(argv[1], "read"))
		return read_back(argv[2]);
	fprintf(stderr, "usage: flows make FILE COUNT [BODY] | flows read FILE\n");
	return 2;
}
