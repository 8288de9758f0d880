/*
 * Filter expressions: each is taken or refused, with a place that is in it. What is taken is held against flows: with
 * its negation, exactly one of the two takes each. Where there is a second line, the first is a path, too, and what
 * stands behind it is JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/filter.h"
#include "soth/jsonpath.h"

enum { TEXT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char asks[] = "POST /users?page=4&sort=name HTTP/1.1\r\nHost: api.example.com\r\nCookie: session=0123; theme=dark\r\n\r\n",
	answers[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session=fedc\r\n\r\n",
	upgrades[] = "GET /s HTTP/1.1\r\nHost: api.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
	agrees[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
	json[] = "{\"user\":{\"id\":42,\"name\":\"Ada \\u00e9\"},\"items\":[{\"price\":9.5},{\"price\":12}],\"ok\":true}";

static void
part_comes(struct store *s, flow_id flow, enum side side, struct part p)
{
	struct note n = { .kind = NOTE_PART, .flow = flow, .side = side, .when = 1764150000000000, .part = p };

	store_note(s, &n);
}

static void
head_comes(struct store *s, flow_id flow, enum side side, const char *text)
{
	struct fault why;

	part_comes(s, flow, side, (struct part){ .kind = PART_HEAD,
		.head = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why) });
}

static void
flow_comes(struct store *s, flow_id flow, const char *request, const char *response, struct part says)
{
	struct origin o = { .client = LIT("127.0.0.1:1"), .listener = LIT("127.0.0.1:2"), .mode = LIT("regular"),
		.scheme = LIT("http"), .host = LIT("api.example.com"), .port = 80 };
	struct note begins = { .kind = NOTE_FLOW, .flow = flow, .when = 1764150000000000, .origin = origin_new(&o) };
	struct note ends = { .kind = NOTE_GONE, .flow = flow, .when = 1764150000900000,
		.part = { .kind = PART_RESET, .data = slice_text("") } };

	store_note(s, &begins);
	head_comes(s, flow, CLIENT, request);
	head_comes(s, flow, SERVER, response);
	part_comes(s, flow, SERVER, says);
	store_note(s, &ends);
}

/* Of two flows. */
static struct store *
session(void)
{
	static struct store *made;
	char path[] = "/tmp/fuzz-filter-XXXXXX";
	struct fault why;
	int fd;

	if (made)
		return made;
	fd = mkstemp(path);
	made = fd < 0 ? NULL : store_create(path, &why);
	if (!made)
		abort();
	close(fd);
	unlink(path);
	flow_comes(made, 1, asks, answers, (struct part){ .kind = PART_DATA, .data = slice_text(json) });
	flow_comes(made, 2, upgrades, agrees, (struct part){ .kind = PART_MESSAGE, .code = WS_TEXT | WS_FIN,
		.count = sizeof(json) - 1, .data = slice_text(json) });
	store_flush(made);
	return made;
}

static void
places_hold(const char *text)
{
	struct filter_place p;
	size_t len = strlen(text);

	for (size_t at = 0; at <= len; at++)
		if (filter_place(text, at, &p) && (p.name > p.argument || p.argument > p.end || p.end > len || at > p.end))
			abort();
}

static void
both_hold(const struct filter *f, const struct filter *g)
{
	static struct lens *lens;
	struct row row[2];
	size_t n = store_rows(session(), 0, 2, row);

	lens = lens ? lens : lens_new(session());
	for (size_t i = 0; i < n; i++)
		if (filter_takes(f, lens, &row[i]) == filter_takes(g, lens, &row[i]))
			abort();
}

static bool
value_comes(void *arg, struct bytes value)
{
	struct buf text;

	(void)arg;
	if (!value.len)
		abort();
	buf_init(&text, value.len);
	if (*value.at == '"' && (!jsonpath_text(value, &text) || text.len > value.len))
		abort();
	buf_release(&text);
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1], not[TEXT_MAX + 16], *line;
	struct filter *f, *g;
	struct fault why;
	size_t at;

	if (size > TEXT_MAX)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)size, (const char *)data);
	places_hold(text);
	f = filter_parse(text, &why, &at);
	if (!f && (at > strlen(text) || !*why.text))
		abort();
	snprintf(not, sizeof(not), "!(%s)", text);
	g = filter_parse(not, &why, &at);
	if (f && g)
		both_hold(f, g);
	filter_free(f);
	filter_free(g);
	line = strchr(text, '\n');
	if (line) {
		*line = '\0';
		(void)jsonpath_each(bytes_from((struct bytes){ data, size }, strlen(text) + 1), text, value_comes, NULL);
	}
	return 0;
}
