/* Sessions of flows that begin, go on and end in turns, the same each time. */
#ifndef TESTS_GENERATED_H
#define TESTS_GENERATED_H

#include "soth/part.h"
#include "soth/store.h"

enum { GENERATED_OPEN = 16, GENERATED_SINCE = 1795531640 };

struct generated {
	struct store *store;
	char path[40];
	uint32_t state;
	flow_id last;
	struct { flow_id id; unsigned steps; } open[GENERATED_OPEN];
};

static inline unsigned
generated_chance(struct generated *g, unsigned below)
{
	g->state = g->state * 1664525u + 1013904223u;
	return (g->state >> 8) % below;
}

static inline void
generated_begin(struct generated *g)
{
	struct fault why;

	*g = (struct generated){ .state = 7, .path = "/tmp/test-generated-XXXXXX" };
	close(mkstemp(g->path));
	unlink(g->path);
	g->store = store_create(g->path, &why);
	assert_non_null(g->store);
}

static inline void
generated_end(struct generated *g)
{
	store_free(g->store);
	unlink(g->path);
}

static inline void
generated_put(struct generated *g, flow_id id, struct note n)
{
	n.flow = id;
	n.when = (GENERATED_SINCE + g->last) * 1000000ull + 1000;
	store_note(g->store, &n);
}

static inline void
generated_part(struct generated *g, flow_id id, enum side side, struct part p)
{
	generated_put(g, id, (struct note){ .kind = NOTE_PART, .side = side, .part = p });
}

static inline void
generated_head(struct generated *g, flow_id id, enum side side, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	generated_part(g, id, side, (struct part){ .kind = PART_HEAD, .head = h });
}

static inline flow_id
generated_flow(struct generated *g, const char *host, uint16_t port, flow_id opened_by)
{
	flow_id id = ++g->last;
	char client[40];
	struct origin o = { .opened_by = opened_by, .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = LIT("http"), .host = bytes_of(host), .port = port };

	snprintf(client, sizeof(client), "10.0.0.%u:%u", (unsigned)((id - 1) / 8 % 3), 40000 + (unsigned)((id - 1) / 8));
	o.client = bytes_of(client);
	generated_put(g, id, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	return id;
}

static inline void
generated_gone(struct generated *g, flow_id id, enum close_code code)
{
	generated_put(g, id, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code } });
}

static inline void
generated_request(struct generated *g, flow_id id, const char *method, const char *path)
{
	char text[400];

	snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: any\r\n\r\n", method, path);
	generated_head(g, id, CLIENT, text);
	generated_part(g, id, CLIENT, (struct part){ .kind = PART_END });
}

static inline void
generated_answer(struct generated *g, flow_id id, unsigned status, const char *type)
{
	char text[400];

	snprintf(text, sizeof(text), "HTTP/1.1 %u Any\r\nContent-Type: %s\r\n\r\n", status, type);
	generated_head(g, id, SERVER, text);
	generated_part(g, id, SERVER, (struct part){ .kind = PART_DATA, .data = slice_copy(LIT("some bytes")) });
}

/* A whole flow. */
static inline flow_id
generated_whole(struct generated *g, const char *host, const char *path, unsigned status)
{
	flow_id id = generated_flow(g, host, 80, 0);

	generated_request(g, id, "GET", path);
	generated_answer(g, id, status, "text/plain");
	generated_part(g, id, SERVER, (struct part){ .kind = PART_END });
	generated_gone(g, id, CLOSE_HTTP_COMPLETED);
	store_flush(g->store);
	return id;
}

/* One step on with one of those that are open: it begins, asks, is answered, ends. */
static inline void
generated_step(struct generated *g)
{
	static const char *const paths[] = { "/", "/v1", "/v1/items", "/v1/items/7?page=2", "/v1/items/9", "/v2/users/", "/a.b/c", "*" };
	static const char *const types[] = { "text/html; charset=utf-8", "application/json", "image/svg+xml" };
	static const unsigned codes[] = { 200, 201, 404 };
	unsigned i = generated_chance(g, GENERATED_OPEN), c = generated_chance(g, 24);
	flow_id id = g->open[i].id;
	char host[40];

	switch (g->open[i].steps++) {
	case 0:
		snprintf(host, sizeof(host), "host%u.example.com", c % 5);
		g->open[i].id = generated_flow(g, host, c % 2 ? 80 : 8080, c % 4 ? g->last / 8 * 8 + 1 : 0);
		break;
	case 1:
		generated_request(g, id, c % 3 ? "GET" : "POST", paths[c % ARRAY_LEN(paths)]);
		break;
	case 2:
		generated_answer(g, id, codes[c % ARRAY_LEN(codes)], types[c % ARRAY_LEN(types)]);
		break;
	default:
		if (c % 8)
			generated_part(g, id, SERVER, (struct part){ .kind = PART_END });
		generated_gone(g, id, c % 8 ? CLOSE_HTTP_COMPLETED : CLOSE_HTTP_ERROR);
		g->open[i].steps = 0;
	}
	store_flush(g->store);
}

/* Names with what means something in a filter, a regex, or a terminal. */
static inline void
generated_odd(struct generated *g)
{
	static const char *const paths[] = { "/a\"b/c", "/a\\b", "/(x)[y]{z}", "/x.y|z", "/x*y+z", "/%20~d", "/'q'", "//two", "/CASE", "/case",
		"/^a$", "/tail/", "/\xc3\xa4/\xff" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		(void)generated_whole(g, i % 2 ? "odd.example.com" : "oddXexample.com", paths[i], 200);
		(void)generated_whole(g, "::1", paths[i], 200);
	}
	generated_gone(g, generated_flow(g, "", 0, 0), CLOSE_HTTP_ERROR);
	store_flush(g->store);
}

#endif
