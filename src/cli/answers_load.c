/* The recordings that requests are answered out of. */
#include <stdio.h>
#include <string.h>

#include "answers_load.h"
#include "intake.h"

enum { ROWS = 256, PATH_ROOM = 4096, BODY_MAX = 512 << 20 };

static struct answers_how
how_of(const struct options *o)
{
	return (struct answers_how){ o->server_replay_ignore_content, o->server_replay_ignore_host, o->server_replay_ignore_port,
		o->server_replay_use_headers, o->server_replay_ignore_params, o->server_replay_ignore_payload_params };
}

/* A stream of messages is said again as one. */
static bool
is_stream(const struct flow *f)
{
	enum protocol p = flow_protocol(f);

	return p == PROTOCOL_WEBSOCKET || p == PROTOCOL_SSE || p == PROTOCOL_GRPC || p == PROTOCOL_NDJSON;
}

static void
load_flow(struct answers *a, struct store *s, flow_id id)
{
	struct flow f = { 0 };
	struct fault why;
	struct slice asked = { 0 };
	bool whole = true;

	if (store_flow(s, id, &f, &why) && f.origin && f.half[CLIENT].head && f.half[SERVER].head) {
		struct answer an = { .flow = id, .when = f.half[SERVER].begun, .head = head_ref(f.half[SERVER].head),
			.trailer = f.half[SERVER].trailer ? head_ref(f.half[SERVER].trailer) : NULL };

		if (f.half[CLIENT].bytes && flow_protocol(&f) != PROTOCOL_WEBSOCKET)
			asked = convert_body(s, id, CLIENT, false, BODY_MAX, &whole);
		an.says = is_stream(&f) ? convert_said(s, &f, SERVER, an.when, &an.decoded, &why) : NULL;
		if (!an.says)
			an.body = convert_body(s, id, SERVER, false, BODY_MAX, &whole);
		answers_add(a, &(struct answers_request){ f.origin->scheme, f.origin->host, f.origin->port, f.half[CLIENT].head,
			asked.bytes }, &an);
	}
	slice_drop(&asked);
	flow_release(&f);
}

static bool
load_file(struct answers *a, const char *path, struct fault *why)
{
	struct intake in = { 0 };
	static struct row row[ROWS];
	bool ok = intake_open(&in, path, NULL, why);
	size_t n;

	for (size_t i = 0; ok && (n = store_rows(in.store, i, ROWS, row)); i += n)
		for (size_t k = 0; k < n; k++)
			if (row[k].request && row[k].status)
				load_flow(a, in.store, row[k].id);
	intake_close(&in);
	return ok;
}

static bool
speed_known(const char *speed, struct fault *why)
{
	struct fault wrong;
	double n;

	return sayings_speed(speed, &n, &wrong) || fault(why, "server-replay-speed: %.150s", wrong.text);
}

static bool
extra_known(const char *extra, struct fault *why)
{
	static const char *const known[] = { "forward", "kill", "204", "400", "404", "500" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(extra, known[i]))
			return true;
	return fault(why, "server-replay-extra: forward, kill, 204, 400, 404 or 500 is wanted, not %.40s", extra);
}

bool
answers_load(const struct options *o, struct answers **out, struct fault *why)
{
	struct answers_how how = how_of(o);
	const char *at = o->server_replay;
	char path[PATH_ROOM];
	bool ok = extra_known(o->server_replay_extra, why) && speed_known(o->server_replay_speed, why);

	*out = *at && ok ? answers_new(&how) : NULL;
	while (ok && *at) {
		size_t len = strcspn(at, ",");

		ok = len < sizeof(path) || fault(why, "server-replay: the path is too long");
		snprintf(path, sizeof(path), "%.*s", (int)len, at);
		ok = ok && (!len || load_file(*out, path, why));
		at += len + (at[len] == ',');
	}
	if (!ok) {
		answers_drop(*out);
		*out = NULL;
	}
	return ok;
}
