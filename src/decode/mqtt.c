/*
 * MQTT, as in WebSocket messages: 3.1.1 and 5.
 *
 * https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html
 *
 *	type(4 bits) flags(4) | remaining length, 1 to 4 bytes of 7 bits | variable header, payload
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hexes.h"
#include "soth/decode.h"
#include "type.h"

enum { PACKETS_MAX = 10000, PROPERTIES_MAX = 256, FILTERS_MAX = 1000, VERSION_5 = 5 };
enum packet { CONNECT = 1, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK,
	PINGREQ, PINGRESP, DISCONNECT, AUTH };

static const char *const names[16] = { NULL, "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP",
	"SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH" };

/* One packet on its way. */
struct walk {
	struct reader r;		/* its variable header and payload */
	struct decode *d;
	struct doc *to;
	unsigned flags;
	bool five;			/* it reads as one of version 5 */
};

/* "MQTT" or "MQIsdp", with its length before it. */
static bool
is_connect(struct bytes b)
{
	size_t at = 1;

	while (at < b.len && at < 5 && b.at[at] & 0x80)
		at++;
	at++;
	return b.len > at + 8 && b.at[0] == 0x10 && (!memcmp(b.at + at, "\0\4MQTT", 6) || !memcmp(b.at + at, "\0\6MQIsdp", 8));
}

static int
mqtt_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "soth/mqtt") || type_is(h->type, "application/mqtt"))
		return 90;
	return h->message && !h->type.len && is_connect(first) ? 60 : 0;
}

static bool
read_length(struct reader *r, uint32_t *n)
{
	*n = 0;
	for (unsigned shift = 0; shift < 28; shift += 7) {
		uint8_t b = read_u8(r);

		*n |= (uint32_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return !r->ran_out;
	}
	return false;
}

static struct bytes
read_string(struct reader *r)
{
	return read_bytes(r, read_be16(r));
}

static void
pair(struct walk *w, const char *name, enum role role, struct bytes value)
{
	doc_putf(w->to, ROLE_KEY, "%-11s", name);
	doc_put(w->to, role, value);
	doc_line(w->to);
}

static void
pair_number(struct walk *w, const char *name, uint64_t n)
{
	doc_putf(w->to, ROLE_KEY, "%-11s", name);
	doc_putf(w->to, ROLE_NUMBER, "%" PRIu64, n);
	doc_line(w->to);
}

/* How a property's value is read (section 2.2.2.2). */
enum value { BYTE, TWO, FOUR, VARINT, BINARY, STRING, PAIR };
static const struct { uint8_t id; enum value value; const char *name; } properties[] = {
	{ 0x01, BYTE, "payload format" }, { 0x02, FOUR, "message expiry" }, { 0x03, STRING, "content type" },
	{ 0x08, STRING, "response topic" }, { 0x09, BINARY, "correlation" }, { 0x0b, VARINT, "subscription id" },
	{ 0x11, FOUR, "session expiry" }, { 0x12, STRING, "assigned client" }, { 0x13, TWO, "server keep alive" },
	{ 0x15, STRING, "auth method" }, { 0x16, BINARY, "auth data" }, { 0x17, BYTE, "request problem" },
	{ 0x18, FOUR, "will delay" }, { 0x19, BYTE, "request response" }, { 0x1a, STRING, "response info" },
	{ 0x1c, STRING, "server reference" }, { 0x1f, STRING, "reason" }, { 0x21, TWO, "receive maximum" },
	{ 0x22, TWO, "topic alias maximum" }, { 0x23, TWO, "topic alias" }, { 0x24, BYTE, "maximum QoS" },
	{ 0x25, BYTE, "retain available" }, { 0x26, PAIR, "user" }, { 0x27, FOUR, "maximum packet" },
	{ 0x28, BYTE, "wildcards" }, { 0x29, BYTE, "subscription ids" }, { 0x2a, BYTE, "shared subscriptions" },
};

static bool
property_value(struct walk *w, struct reader *r, enum value value)
{
	uint32_t n;

	switch (value) {
	case BYTE:
		doc_putf(w->to, ROLE_NUMBER, "%u", read_u8(r));
		break;
	case TWO:
		doc_putf(w->to, ROLE_NUMBER, "%u", read_be16(r));
		break;
	case FOUR:
		doc_putf(w->to, ROLE_NUMBER, "%" PRIu32, read_be32(r));
		break;
	case VARINT:
		if (!read_length(r, &n))
			return false;
		doc_putf(w->to, ROLE_NUMBER, "%" PRIu32, n);
		break;
	case BINARY:
		hexes_short(w->to, read_string(r));
		break;
	case STRING:
		doc_put(w->to, ROLE_STRING, read_string(r));
		break;
	case PAIR:
		doc_put(w->to, ROLE_KEY, read_string(r));
		doc_put(w->to, ROLE_MARK, LIT(": "));
		doc_put(w->to, ROLE_STRING, read_string(r));
		break;
	}
	return !r->ran_out;
}

/* Of version 5: their length, then each by its number. False: they are none. */
static bool
mqtt_properties(struct walk *w)
{
	struct reader r;
	uint32_t len;

	if (!w->five)
		return true;
	if (!read_length(&w->r, &len) || len > w->r.rest.len)
		return false;
	r = (struct reader){ read_bytes(&w->r, len), false };
	for (int i = 0; i < PROPERTIES_MAX && r.rest.len; i++) {
		uint8_t id = read_u8(&r);
		size_t k = 0;

		while (k < ARRAY_LEN(properties) && properties[k].id != id)
			k++;
		if (k == ARRAY_LEN(properties))
			return false;
		doc_putf(w->to, ROLE_FAINT, "%s ", properties[k].name);
		if (!property_value(w, &r, properties[k].value))
			return false;
		doc_line(w->to);
	}
	return true;
}

static bool
show_connect(struct walk *w)
{
	struct bytes protocol = read_string(&w->r);
	unsigned version = read_u8(&w->r), flags = read_u8(&w->r), alive = read_be16(&w->r);

	w->five = version == VERSION_5;
	if (w->r.ran_out)
		return false;
	doc_putf(w->to, ROLE_KEY, "%-11s", "protocol");
	doc_put(w->to, ROLE_STRING, protocol);
	doc_putf(w->to, ROLE_FAINT, " %u%s", version, flags & 2 ? ", clean start" : "");
	doc_line(w->to);
	pair_number(w, "keep alive", alive);
	if (!mqtt_properties(w))
		return false;
	pair(w, "client", ROLE_STRING, read_string(&w->r));
	if (flags & 4) {
		if (!mqtt_properties(w))
			return false;
		pair(w, "will topic", ROLE_PATH, read_string(&w->r));
		pair(w, "will", ROLE_STRING, read_string(&w->r));
	}
	if (flags & 0x80)
		pair(w, "user", ROLE_STRING, read_string(&w->r));
	if (flags & 0x40)
		pair(w, "password", ROLE_STRING, read_string(&w->r));
	return !w->r.ran_out;
}

/* Reason codes that are met (section 2.4); of 3.1.1, those of CONNACK. */
static const char *
reason_name(unsigned code, bool five)
{
	static const char *const old[] = { "accepted", "unacceptable version", "identifier rejected", "server unavailable",
		"bad user name or password", "not authorized" };
	static const struct { uint8_t code; const char *name; } news[] = {
		{ 0x00, "success" }, { 0x01, "granted QoS 1" }, { 0x02, "granted QoS 2" }, { 0x04, "with will" },
		{ 0x10, "no matching subscribers" }, { 0x11, "no subscription existed" }, { 0x80, "unspecified error" },
		{ 0x81, "malformed packet" }, { 0x82, "protocol error" }, { 0x83, "implementation specific error" },
		{ 0x84, "unsupported version" }, { 0x85, "client identifier not valid" }, { 0x86, "bad user name or password" },
		{ 0x87, "not authorized" }, { 0x88, "server unavailable" }, { 0x89, "server busy" }, { 0x8b, "server shutting down" },
		{ 0x8d, "keep alive timeout" }, { 0x8e, "session taken over" }, { 0x8f, "topic filter invalid" },
		{ 0x90, "topic name invalid" }, { 0x91, "packet identifier in use" }, { 0x92, "packet identifier not found" },
		{ 0x93, "receive maximum exceeded" }, { 0x94, "topic alias invalid" }, { 0x95, "packet too large" },
		{ 0x97, "quota exceeded" }, { 0x9c, "use another server" }, { 0x9d, "server moved" },
	};

	if (!five)
		return code < ARRAY_LEN(old) ? old[code] : "?";
	for (size_t i = 0; i < ARRAY_LEN(news); i++)
		if (news[i].code == code)
			return news[i].name;
	return "?";
}

static void
reason(struct walk *w, unsigned code, bool five)
{
	doc_putf(w->to, ROLE_KEY, "%-11s", "reason");
	doc_putf(w->to, code >= 0x80 || (!five && code) ? ROLE_BAD : ROLE_GOOD, "%u %s", code, reason_name(code, five));
	doc_line(w->to);
}

static bool
show_connack(struct walk *w)
{
	unsigned present = read_u8(&w->r), code = read_u8(&w->r);

	if (w->r.ran_out)
		return false;
	w->five = w->r.rest.len;
	if (present & 1)
		pair(w, "session", ROLE_WORD, LIT("present"));
	reason(w, code, w->five);
	return mqtt_properties(w);
}

/* Whether properties of version 5 may stand here: they do, if they fit. */
static bool
reads_as_five(struct walk *w)
{
	struct reader ahead = w->r, inner;
	uint32_t len;

	if (!read_length(&ahead, &len) || len > ahead.rest.len)
		return false;
	inner = (struct reader){ read_bytes(&ahead, len), false };
	if (!len)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(properties); i++)
		if (properties[i].id == *inner.rest.at)
			return true;
	return false;
}

static bool
show_publish(struct walk *w)
{
	struct bytes topic = read_string(&w->r);
	unsigned qos = w->flags >> 1 & 3, id = qos ? read_be16(&w->r) : 0;

	if (w->r.ran_out)
		return false;
	doc_putf(w->to, ROLE_KEY, "%-11s", "topic");
	doc_put(w->to, ROLE_PATH, topic);
	doc_putf(w->to, ROLE_FAINT, "  QoS %u%s%s", qos, w->flags & 1 ? ", retained" : "", w->flags & 8 ? ", again" : "");
	doc_line(w->to);
	if (qos)
		pair_number(w, "id", id);
	w->five = w->r.rest.len && reads_as_five(w) && *w->r.rest.at < ' ';
	if (!mqtt_properties(w))
		return false;
	decode_inner(w->d, &(struct hint){ .message = true }, read_bytes(&w->r, w->r.rest.len));
	return true;
}

static bool
show_ack(struct walk *w)
{
	pair_number(w, "id", read_be16(&w->r));
	if (w->r.ran_out)
		return false;
	w->five = w->r.rest.len;
	if (!w->five)
		return true;
	reason(w, read_u8(&w->r), true);
	return !w->r.rest.len || mqtt_properties(w);
}

static bool
show_subscribe(struct walk *w)
{
	pair_number(w, "id", read_be16(&w->r));
	w->five = w->r.rest.len && *w->r.rest.at == 0 ? w->r.rest.len > 2 && !(w->r.rest.at[1] == 0 && w->r.rest.at[2] == 0) &&
		w->r.rest.at[1] == 0 : w->r.rest.len && reads_as_five(w);
	if (!mqtt_properties(w))
		return false;
	for (int i = 0; i < FILTERS_MAX && w->r.rest.len && !w->r.ran_out; i++) {
		struct bytes filter = read_string(&w->r);

		doc_putf(w->to, ROLE_KEY, "%-11s", "filter");
		doc_put(w->to, ROLE_PATH, filter);
		doc_putf(w->to, ROLE_FAINT, "  QoS %u", read_u8(&w->r) & 3);
		doc_line(w->to);
	}
	return !w->r.ran_out;
}

static bool
show_unsubscribe(struct walk *w)
{
	pair_number(w, "id", read_be16(&w->r));
	for (int i = 0; i < FILTERS_MAX && w->r.rest.len && !w->r.ran_out; i++)
		pair(w, "filter", ROLE_PATH, read_string(&w->r));
	return !w->r.ran_out;
}

static bool
show_reasons(struct walk *w)
{
	pair_number(w, "id", read_be16(&w->r));
	for (int i = 0; i < FILTERS_MAX && w->r.rest.len; i++)
		reason(w, read_u8(&w->r), true);
	return !w->r.ran_out;
}

static bool
show_disconnect(struct walk *w)
{
	if (!w->r.rest.len)
		return true;
	w->five = true;
	reason(w, read_u8(&w->r), true);
	return !w->r.rest.len || mqtt_properties(w);
}

static bool (*const shows[16])(struct walk *w) = {
	[CONNECT] = show_connect, [CONNACK] = show_connack, [PUBLISH] = show_publish, [PUBACK] = show_ack,
	[PUBREC] = show_ack, [PUBREL] = show_ack, [PUBCOMP] = show_ack, [SUBSCRIBE] = show_subscribe, [SUBACK] = show_reasons,
	[UNSUBSCRIBE] = show_unsubscribe, [UNSUBACK] = show_reasons, [DISCONNECT] = show_disconnect, [AUTH] = show_disconnect,
};

static void
mqtt_packet(struct decode *d, uint8_t first, struct bytes rest)
{
	struct walk w = { { rest, false }, d, decode_doc(d), first & 15u, false };
	unsigned type = first >> 4;

	doc_in(w.to);
	if (shows[type] && !shows[type](&w)) {
		if (doc_open(w.to))
			doc_line(w.to);
		doc_putf(w.to, ROLE_ERROR, "(cut off, or wrong)");
		doc_line(w.to);
	}
	doc_out(w.to);
}

static void
mqtt_end(void *st, struct reader *in, struct decode *d)
{
	unsigned count = 0;

	(void)st;
	while (in->rest.len && count < PACKETS_MAX) {
		struct reader r = *in;
		uint8_t first = read_u8(&r);
		struct bytes rest;
		uint32_t len;

		if (!read_length(&r, &len) || !names[first >> 4] || len > r.rest.len) {
			decode_fail(d, "packet %u: %s", count + 1, names[first >> 4] ? "it is cut off" : "no such kind");
			return;
		}
		rest = read_bytes(&r, len);
		decode_mark(d, (struct bytes){ in->rest.at, (size_t)(r.rest.at - in->rest.at) });
		doc_putf(decode_doc(d), ROLE_WORD, "%s", names[first >> 4]);
		doc_putf(decode_doc(d), ROLE_FAINT, "  %" PRIu32 " bytes", len);
		doc_line(decode_doc(d));
		mqtt_packet(d, first, rest);
		*in = r;
		count++;
	}
	decode_words(d, "%u packet%s", count, count == 1 ? "" : "s");
}

const struct decoder decoder_mqtt = {
	.name = "mqtt", .about = "MQTT packets, as over WebSockets", .stage = STAGE_FRAMING,
	.suits = mqtt_suits, .end = mqtt_end,
};
