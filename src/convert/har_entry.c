/* An entry as any program writes it, on its way to notes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "har_inside.h"

enum { MS_MAX = 1000000000 };	/* eleven days */

void
har_note(struct har_notes *to, struct note n)
{
	if (to->count == to->room) {
		to->room = to->room ? to->room * 2 : 16;
		to->at = xgrow(to->at, to->room, sizeof(*to->at));
	}
	to->at[to->count++] = n;
}

void
har_notes_release(struct har_notes *n)
{
	for (size_t i = 0; i < n->count; i++)
		note_drop(&n->at[i]);
	free(n->at);
	*n = (struct har_notes){ 0 };
}

void
har_entry_release(struct har_entry *e)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		head_drop(e->head[side]);
		head_drop(e->trailer[side]);
		slice_drop(&e->body[side]);
	}
	*e = (struct har_entry){ 0 };
}

static bool
has_status(const json_t *response)
{
	const json_t *status = json_object_get(response, "status");

	return json_is_number(status) && json_number_value(status) >= 1;
}

static bool
read_request(struct har_entry *e, struct fault *why)
{
	struct bytes target = har_string(json_object_get(e->soth, "request"), "target");

	if (!json_is_object(e->request))
		return fault(why, "it has no request");
	e->head[CLIENT] = har_request_head(e->request, target, why);
	e->trailer[CLIENT] = har_trailer(e->request);
	return har_body_read(json_object_get(e->request, "postData"), &e->body[CLIENT], why) && e->head[CLIENT] &&
		har_url_read(har_string(e->request, "url"), true, &e->url, why);
}

static bool
read_response(struct har_entry *e, struct fault *why)
{
	if (!has_status(e->response))
		return true;
	e->head[SERVER] = har_response_head(e->response, e->request, why);
	e->trailer[SERVER] = har_trailer(e->response);
	return har_body_read(json_object_get(e->response, "content"), &e->body[SERVER], why) && e->head[SERVER];
}

/* All of it is read, also where something is wrong: "_soth" may do without. */
bool
har_entry_read(struct har_entry *e, const json_t *json, struct fault *why)
{
	struct fault second;
	bool asked;

	*e = (struct har_entry){ .json = json, .request = json_object_get(json, "request"),
		.response = json_object_get(json, "response"), .soth = json_object_get(json, "_soth") };
	asked = read_request(e, why);
	return read_response(e, asked ? why : &second) && asked;
}

static uint64_t
micros(const json_t *object, const char *name)
{
	double ms = json_number_value(json_object_get(object, name));

	return isfinite(ms) && ms > 0 && ms < MS_MAX ? (uint64_t)llround(ms * 1000) : 0;
}

/* Firefox counts ssl beside connect, the others in it: `time` tells. */
struct times { uint64_t begun, dialed, connected, secured, asked, answered, ended; bool steps, tls; };

static struct times
times_of(const struct har_entry *e)
{
	const json_t *t = json_object_get(e->json, "timings");
	uint64_t dns = micros(t, "dns"), connect = micros(t, "connect"), ssl = micros(t, "ssl"), all = micros(e->json, "time");
	uint64_t sum = micros(t, "blocked") + dns + connect + micros(t, "send") + micros(t, "wait") + micros(t, "receive");
	bool beside = connect < ssl || (ssl && all + 500 >= sum + ssl && all <= sum + ssl + 500);
	struct times at = { .steps = connect > 0, .tls = ssl > 0 };
	uint64_t *point[] = { &at.dialed, &at.connected, &at.secured, &at.asked, &at.answered };

	if (har_string(e->json, "startedDateTime").len)
		har_time_read(json_string_value(json_object_get(e->json, "startedDateTime")), &at.begun);
	at.dialed = at.begun + micros(t, "blocked");
	at.connected = at.dialed + dns + (beside ? connect : connect - ssl);
	at.secured = at.connected + ssl;
	at.asked = at.secured + micros(t, "send");
	at.answered = at.asked + micros(t, "wait");
	at.ended = all ? at.begun + all : at.answered + micros(t, "receive");
	for (size_t i = 0; i < ARRAY_LEN(point); i++)
		*point[i] = *point[i] < at.ended ? *point[i] : at.ended;
	return at;
}

static void
part(struct har_notes *to, enum side side, uint64_t when, struct part p)
{
	har_note(to, (struct note){ .kind = NOTE_PART, .side = side, .when = when, .part = p });
}

static void
step(struct har_notes *to, uint64_t when, enum step_kind kind, const struct field *values, size_t count)
{
	har_note(to, (struct note){ .kind = NOTE_STEP, .side = SERVER, .when = when, .step = step_new(kind, values, count) });
}

/* The connection, as far as the entry knows of one. */
static void
entry_steps(const struct har_entry *e, const struct times *t, struct har_notes *to)
{
	struct bytes ip = har_string(e->json, "serverIPAddress");
	bool bare6 = ip.len && *ip.at != '[' && memchr(ip.at, ':', ip.len), third = har_is_h3(e->response);
	char port[8], address[128];
	struct field peer[] = { { LIT("peer"), LIT("upstream") }, { LIT("sni"), e->url.host },
		{ LIT("alpn"), third ? LIT("h3") : head_version(e->head[CLIENT]) == HTTP_2 ? LIT("h2") : (struct bytes){ 0 } } };

	snprintf(port, sizeof(port), "%u", e->url.port);
	snprintf(address, sizeof(address), bare6 ? "[%.*s]:%s" : "%.*s:%s", (int)(ip.len < 100 ? ip.len : 100),
		(const char *)ip.at, port);
	if (ip.len || t->steps) {
		step(to, t->dialed, STEP_DIALING, (struct field[]){ { LIT("host"), e->url.host },
			{ LIT("port"), bytes_of(port) } }, 2);
		step(to, t->connected, STEP_CONNECTED, (struct field[]){ { LIT("address"), bytes_of(address) } }, ip.len ? 1 : 0);
	}
	if (t->tls || third) {
		step(to, t->connected, STEP_TLS_STARTED, peer, 2);
		step(to, t->secured, STEP_TLS_ESTABLISHED, peer, peer[2].value.len ? 3 : 2);
	}
}

/* The body; where it is not in the file, how many bytes it had. */
static void
entry_body(struct har_entry *e, enum side side, uint64_t when, struct har_notes *to)
{
	const json_t *message = side == CLIENT ? e->request : e->response;
	json_int_t size = json_integer_value(json_object_get(message, "bodySize"));

	if (size <= 0 && side == SERVER)
		size = json_integer_value(json_object_get(json_object_get(message, "content"), "size"));
	if (e->body[side].bytes.len)
		part(to, side, when, (struct part){ .kind = PART_DATA, .data = slice_ref(e->body[side]) });
	else if (size > 0)
		part(to, side, when, (struct part){ .kind = PART_SKIP, .count = (uint64_t)size });
	if (e->trailer[side])
		part(to, side, when, (struct part){ .kind = PART_TRAILER, .head = head_ref(e->trailer[side]) });
}

static void
entry_head(struct har_entry *e, enum side side, uint64_t when, struct har_notes *to)
{
	struct head *plain = har_head_plain(e->head[side], e->body[side].bytes);

	e->plain = e->plain || plain;
	part(to, side, when, (struct part){ .kind = PART_HEAD, .head = plain ? plain : head_ref(e->head[side]) });
}

/* The time of the last. */
static uint64_t
entry_messages(const json_t *list, uint64_t when, struct har_notes *to)
{
	size_t i;
	json_t *m;

	json_array_foreach(list, i, m) {
		uint64_t at;
		enum side side;
		struct part p;

		if (!har_message_read(m, &side, &at, &p))
			continue;
		when = at > when ? at : when;
		part(to, side, when, p);
	}
	return when;
}

/* A 1xx that is not 101 is no answer yet. */
static bool
is_answer(const struct head *h)
{
	return h && (head_status(h) >= 200 || head_status(h) == 101);
}

static void
entry_response(struct har_entry *e, const struct times *t, struct slice trouble, bool socket, struct har_notes *to)
{
	const json_t *messages = json_object_get(e->json, "_webSocketMessages");
	uint64_t ended = t->ended;
	bool answered = is_answer(e->head[SERVER]), failed = trouble.bytes.len || !answered;

	if (e->head[SERVER])
		entry_head(e, SERVER, t->answered, to);
	if (answered && !socket)
		entry_body(e, SERVER, t->ended, to);
	if (answered && socket)
		ended = entry_messages(messages, t->answered, to);
	ended = ended > t->ended ? ended : t->ended;
	if (socket)
		part(to, CLIENT, ended, (struct part){ .kind = PART_END });
	part(to, SERVER, ended, failed ? (struct part){ .kind = PART_RESET, .data = slice_ref(trouble) } :
		(struct part){ .kind = PART_END });
	har_note(to, (struct note){ .kind = NOTE_GONE, .when = ended, .part = { .kind = PART_RESET,
		.code = socket ? failed ? CLOSE_WEBSOCKET_ERROR : CLOSE_WEBSOCKET_COMPLETED :
			failed ? CLOSE_HTTP_ERROR : CLOSE_HTTP_COMPLETED,
		.data = trouble } });
}

/* Why it failed, in words; empty: it did not. */
static struct bytes
entry_trouble(const struct har_entry *e)
{
	struct bytes said = har_string(e->response, "_error");

	if (!said.len)
		said = har_string(e->json, "_error");
	if (!said.len && !is_answer(e->head[SERVER]))
		said = har_string(e->response, "statusText");
	return said.len || is_answer(e->head[SERVER]) ? said : LIT("there is no response in the file");
}

bool
har_entry_tell(struct har_entry *e, struct har_notes *to, struct fault *why)
{
	struct times t = times_of(e);
	struct bytes trouble = entry_trouble(e), resource = har_string(e->json, "_resourceType");
	bool socket = json_object_get(e->json, "_webSocketMessages") || bytes_are(resource, "websocket") ||
		(e->head[SERVER] && head_status(e->head[SERVER]) == 101);
	struct origin o = { .mode = LIT("har"), .scheme = e->url.scheme, .host = e->url.host, .port = e->url.port };

	if (e->url.scheme.len > 32 || e->url.host.len > 1024)
		return fault(why, "its URL has a scheme or a host that is too long");
	har_note(to, (struct note){ .kind = NOTE_FLOW, .when = t.begun, .origin = origin_new(&o) });
	entry_steps(e, &t, to);
	entry_head(e, CLIENT, t.secured, to);
	entry_body(e, CLIENT, t.asked, to);
	if (!socket)
		part(to, CLIENT, t.asked, (struct part){ .kind = PART_END });
	entry_response(e, &t, slice_copy(trouble), socket, to);
	return true;
}
