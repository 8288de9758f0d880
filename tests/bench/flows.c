/*
 * flows make FILE COUNT [BODY]	a session of so many flows, each with a body of so many bytes
 * flows polls FILE COUNT	a session of so many flows of one host, three of each that are the same
 * flows read FILE		how long it takes to open it, to go through it by filters, to sort it and to search through it, and in how much memory
 * flows fold FILE		likewise, to fold what is the same, and to open some
 * flows tree FILE		likewise, to put it into groups, and to open some
 * flows both FILE		likewise, with both at once
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../ui/catalog.h"
#include "../../ui/desk.h"
#include "../../ui/grouping.h"
#include "../../ui/saved.h"
#include "../../ui/tints.h"
#include "soth/part.h"
#include "soth/search.h"
#include "soth/study.h"

enum { HOSTS = 200, BODY_MAX = 1 << 20, FLUSH = 1000, SHOWN = 60, SAME = 3, ROWS = 100, PAGES = 300 };

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

/* That this thread had of a core. */
static double
worked(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
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
make_flow(struct store *s, flow_id id, bool polls, const char *body, size_t len)
{
	static const char *const methods[] = { "GET", "GET", "GET", "POST", "PUT" };
	static const unsigned codes[] = { 200, 200, 200, 201, 304, 404, 500 };
	uint64_t at = 1795531640000000u + id * 1000;
	char host[40], text[400];
	struct origin o = { .client = LIT("127.0.0.1:50312"), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = LIT("https"), .port = 443 };
	struct note n = { .kind = NOTE_FLOW, .flow = id, .when = at };
	flow_id what = polls ? id / SAME : id;

	snprintf(host, sizeof(host), "api%llu.example.com", (unsigned long long)(id * 7919 % (polls ? 1 : HOSTS)));
	o.host = bytes_of(host);
	n.origin = origin_new(&o);
	store_note(s, &n);
	snprintf(text, sizeof(text), "%s /v1/items/%llu?page=%llu HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench/1\r\nAccept: */*\r\n\r\n",
		methods[what % ARRAY_LEN(methods)], (unsigned long long)what, (unsigned long long)(id % 50), host);
	put_head(s, id, at, CLIENT, text);
	put(s, id, at + 5, CLIENT, (struct part){ .kind = PART_END });
	snprintf(text, sizeof(text), "HTTP/1.1 %u Whatever\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		codes[what % ARRAY_LEN(codes)], len);
	put_head(s, id, at + 800, SERVER, text);
	if (len)
		put(s, id, at + 810, SERVER, (struct part){ .kind = PART_DATA, .data = slice_copy((struct bytes){ (const uint8_t *)body, len }) });
	put(s, id, at + 900, SERVER, (struct part){ .kind = PART_END });
	n = (struct note){ .kind = NOTE_GONE, .flow = id, .when = at + 900 + id % 5000,
		.part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } };
	store_note(s, &n);
}

static int
make(const char *path, unsigned long count, bool polls, size_t len)
{
	static char body[BODY_MAX];
	struct fault why;
	struct store *s = store_create(path, &why);

	if (!s)
		die(why.text);
	for (size_t i = 0; i < len; i++)
		body[i] = "abcdefgh ijklmno pqrstuv wxyz\n"[i % 30];
	for (unsigned long i = 1; i <= count; i++) {
		make_flow(s, i, polls, body, len);
		if (i % FLUSH == 0)
			store_flush(s);
	}
	store_flush(s);
	store_end(s);
	store_free(s);
	return 0;
}

struct screen { struct store *store; struct catalog catalog; struct grouping *grouping; };

static size_t
lines(const struct screen *s)
{
	return s->grouping ? grouping_lines(s->grouping) : catalog_count(&s->catalog);
}

/* What a screen does, short of drawing: the newest lines are read. False: there is more to do. */
static bool
frame(struct screen *s)
{
	size_t n = catalog_count(&s->catalog);
	bool all = true;
	struct row r;

	catalog_refresh(&s->catalog);
	for (size_t i = n > SHOWN ? n - SHOWN : 0; i < n; i++)
		(void)!store_rows(s->store, catalog_index(&s->catalog, i), 1, &r);
	if (s->grouping)
		all = grouping_refresh(s->grouping);
	return all && !catalog_busy(&s->catalog) && !store_stats(s->store).reading;
}

/* Frame by frame, as the screen does; the longest frame, too, and how long its thread had a core in one at most. */
static void
settle(struct screen *s, const char *what, double begun)
{
	double longest = 0, most = 0, at, ran, took;
	bool all;

	do {
		at = seconds();
		ran = seconds_of(CLOCK_THREAD_CPUTIME_ID);
		all = frame(s);
		ran = seconds_of(CLOCK_THREAD_CPUTIME_ID) - ran;
		took = seconds() - at;
		longest = took > longest ? took : longest;
		most = ran > most ? ran : most;
		(void)poll(NULL, 0, 2);
	} while (!all);
	(void)frame(s);
	printf("%-36s %8.3f s  %7zu lines  longest frame %5.1f ms, %5.1f of a core  RssAnon %.0f MiB\n", what, seconds() - begun,
		lines(s), longest * 1e3, most * 1e3, mebibytes("RssAnon:"));
}

static void
filter(struct screen *s, const char *text)
{
	double begun = seconds();
	struct fault why;
	size_t at;

	if (!catalog_filter(&s->catalog, text, &why, &at))
		die(why.text);
	settle(s, *text ? text : "(no filter)", begun);
}

static void
sort(struct screen *s, const char *column)
{
	double begun = seconds();

	if (!catalog_sort(&s->catalog, column))
		die("no such column");
	settle(s, *column ? column : "(as they came)", begun);
}

static void
begin(struct screen *s, struct store *store)
{
	*s = (struct screen){ .store = store };
	catalog_open(&s->catalog, store, -1, 4);
}

static void
end(struct screen *s)
{
	grouping_free(s->grouping);
	catalog_close(&s->catalog);
	studies_wait();
	store_free(s->store);
}

/* Rules that read bodies, in a file. */
static struct tints *
colours(struct store *s)
{
	static const char rules[] = "bad ~bs nothing.of.it\nwarn ~hs nothing.of.it\ngood ~c 404\n";
	char path[] = "/tmp/bench-colours-XXXXXX";
	struct fault why;
	struct tints *t;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, rules, sizeof(rules) - 1) < 0)
		die("no file for rules");
	close(fd);
	t = tints_new(path, s, -1, &why);
	unlink(path);
	return t;
}

/* Pages from all over the list, with columns of flows' data and rules that read bodies. */
static void
pages(struct store *s, const char *chosen)
{
	extern const struct view_ops view_list;
	struct options o;
	struct fault why;
	struct desk desk = { .options = &o, .store = s, .wake = -1, .patience = 20, .arg = "", .now = 1795531700000000ull };
	void *list = xalloc(view_list.size);
	size_t lines;
	double longest = 0, most = 0, all = 0, at, took, work;

	options_init(&o);
	if (!option_assign(&o, chosen, &why))
		die(why.text);
	desk.saved = saved_open(NULL, "", &why);
	desk.tints = colours(s);
	view_list.open(list, &desk);
	for (size_t page = 0; page < PAGES; page++) {
		at = seconds();
		work = worked();
		view_list.refresh(list, 200);
		lines = view_list.lines(list);
		for (size_t i = 0; i < ROWS && i < lines; i++)
			view_list.line(list, (page * 7919 * ROWS + i) % lines, &(struct line){ .spans = 0 });
		took = seconds() - at;
		all += took;
		work = worked() - work;
		most = work > most ? work : most;
		longest = took > longest ? took : longest;
	}
	printf("%-36.36s %8.1f ms a page of %d  longest frame %5.1f ms, %.1f ms of work  RssAnon %.0f MiB\n", chosen, all / PAGES * 1e3,
		ROWS, longest * 1e3, most * 1e3, mebibytes("RssAnon:"));
	view_list.close(list);
	tints_free(desk.tints);
	saved_close(desk.saved);
	options_release(&o);
	free(list);
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
	static const char *const columns[] = { "size", "-took", "host", "path", "-path", "header:content-type", "query:page" };
	double begun = seconds();
	struct fault why;
	struct store *store = store_open(path, &why);
	struct store_stats stats;
	struct screen s;

	if (!store)
		die(why.text);
	stats = store_stats(store);
	printf("opened in %.3f s: %llu flows, %.0f MiB, RssAnon %.0f MiB: %.0f bytes a flow\n", seconds() - begun,
		(unsigned long long)stats.flows, (double)stats.file_bytes / 1048576, mebibytes("RssAnon:"),
		mebibytes("RssAnon:") * 1048576 / (double)stats.flows);
	begin(&s, store);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		filter(&s, filters[i]);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		sort(&s, columns[i]);
	pages(store, "columns=");
	pages(store, "columns=time host path header:content-type reqheader:user-agent query:page json:$.id status");
	searches(store);
	end(&s);
	return 0;
}

/* What a key does at once, and what comes of it. */
static void
turn(struct screen *s, size_t line)
{
	double begun = seconds();
	char what[60];

	if (s->grouping)
		grouping_turn(s->grouping, line);
	else
		(void)catalog_turn(&s->catalog, line);
	snprintf(what, sizeof(what), "turned line %zu, in %.1f ms", line, (seconds() - begun) * 1e3);
	settle(s, what, begun);
}

/* Folded, or in groups: while it is read, as traffic that comes faster than any does; then by what may be asked. */
static int
watch(const char *path, bool fold, bool tree)
{
	static const char *const filters[] = { "~c 2xx", "~u items/77", "" };
	struct fault why;
	struct store *store = store_begin(path, &why);
	struct screen s;

	if (!store)
		die(why.text);
	begin(&s, store);
	catalog_fold(&s.catalog, fold);
	s.grouping = tree ? grouping_new(&s.catalog) : NULL;
	settle(&s, "while it is read", seconds());
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		filter(&s, filters[i]);
	for (size_t i = 0; i < 3; i++)
		turn(&s, i);
	sort(&s, "size");
	sort(&s, "");
	for (size_t i = 0; tree && group_keys[i].name; i++) {
		double begun = seconds();

		if (!grouping_by(s.grouping, group_keys[i].name))
			die("no such key");
		settle(&s, group_keys[i].name, begun);
		turn(&s, 0);
	}
	for (size_t i = 0; tree && grouping_order(i); i++) {
		double begun = seconds();

		if (!grouping_by(s.grouping, "host") || !grouping_sort(s.grouping, grouping_order(i)))
			die("no such order");
		settle(&s, grouping_order(i), begun);
		turn(&s, 0);
	}
	end(&s);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t len = argc > 4 ? strtoul(argv[4], NULL, 10) : 200;

	if (argc > 3 && !strcmp(argv[1], "make") && len <= BODY_MAX)
		return make(argv[2], strtoul(argv[3], NULL, 10), false, len);
	if (argc == 4 && !strcmp(argv[1], "polls"))
		return make(argv[2], strtoul(argv[3], NULL, 10), true, 20);
	if (argc == 3 && !strcmp(argv[1], "read"))
		return read_back(argv[2]);
	if (argc == 3 && (!strcmp(argv[1], "fold") || !strcmp(argv[1], "tree") || !strcmp(argv[1], "both")))
		return watch(argv[2], strcmp(argv[1], "tree"), strcmp(argv[1], "fold"));
	fprintf(stderr, "usage: flows make FILE COUNT [BODY] | polls FILE COUNT | read FILE | fold FILE | tree FILE | both FILE\n");
	return 2;
}
