/* A line of the event log: an event, in JSON. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "eventline.h"
#include "soth/mode.h"

static const char *const names[] = {
#define LOG_EVENT_NAME(name, text, attributes) text,
	LOG_EVENTS(LOG_EVENT_NAME)
};

struct attributes {
	json_t *map;
};

struct attributes *
attributes_new(void)
{
	struct attributes *a = xalloc(sizeof(*a));

	a->map = json_object();
	return a;
}

/* JSON is UTF-8; other bytes are taken for Latin-1, so that nothing is lost. */
static json_t *
json_bytes(struct bytes b)
{
	json_t *j = b.len ? json_stringn((const char *)b.at, b.len) : json_string("");
	char *wide, *to;

	if (j)
		return j;
	wide = to = xgrow(NULL, b.len, 2);
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] >= 0x80)
			*to++ = (char)(0xc0 | b.at[i] >> 6);
		*to++ = (char)(b.at[i] >= 0x80 ? 0x80 | (b.at[i] & 0x3f) : b.at[i]);
	}
	j = json_stringn(wide, (size_t)(to - wide));
	free(wide);
	return j;
}

void
attribute(struct attributes *a, const char *name, struct bytes value)
{
	json_object_set_new(a->map, name, json_bytes(value));
}

void
attribute_count(struct attributes *a, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	attribute(a, name, bytes_of(text));
}

void
attribute_yes(struct attributes *a, const char *name, bool value)
{
	attribute(a, name, value ? LIT("true") : LIT("false"));
}

/* The client's address; its port is the kernel's choice, and another each time. */
static json_t *
client_of(const struct origin *o)
{
	char host[256];
	int port;

	if (o && address_split(o->client, host, sizeof(host), &port))
		return json_bytes(bytes_of(host));
	return json_bytes(o ? o->client : (struct bytes){ 0 });
}

static int
to_batch(const char *text, size_t len, void *batch)
{
	return buf_add(batch, (struct bytes){ (const uint8_t *)text, len }) ? 0 : -1;
}

/* A line that does not fit is left out whole. Takes j. */
static void
line(struct eventlog *l, json_t *j)
{
	size_t before = l->batch.len;

	if (json_dump_callback(j, to_batch, &l->batch, JSON_SORT_KEYS | JSON_COMPACT) || !buf_add(&l->batch, LIT("\n")))
		l->batch.len = before;
	json_decref(j);
}

void
eventline_schema(struct eventlog *l)
{
	(void)!buf_add(&l->batch, LIT("{\"schema\":\"soth-event-log\",\"version\":1}\n"));
}

void
eventline(struct eventlog *l, struct logged *f, enum log_event event, struct attributes *a)
{
	const struct origin *o = f->origin;
	json_t *j = json_object();

	f->number = f->number ? f->number : ++l->numbers;
	json_object_set_new(j, "sequence_id", json_integer((json_int_t)++l->events));
	json_object_set_new(j, "flow_sequence_id", json_integer((json_int_t)++f->events));
	json_object_set_new(j, "kind", json_string(names[event]));
	json_object_set_new(j, "flow_id", json_integer((json_int_t)f->number));
	json_object_set_new(j, "client_addr", client_of(o));
	json_object_set_new(j, "server_host", json_bytes(o ? o->host : (struct bytes){ 0 }));
	json_object_set_new(j, "server_port", json_integer(o ? o->port : 0));
	json_object_set_new(j, "protocol", json_string(f->spoken));
	json_object_set_new(j, "attributes", a ? a->map : json_object());
	line(l, j);
	free(a);
}
