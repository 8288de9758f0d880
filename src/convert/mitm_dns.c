/*
 * DNS flows: mitmproxy keeps what messages say, and their bytes are made anew
 * of it (RFC 1035 section 4.1), names written out in full:
 *
 *	 0    2      4     6     8     10    12
 *	+----+------+-----+-----+-----+-----+-- ...
 *	| id | bits | number of each section | questions, answers, authorities, additionals
 *	+----+------+-----+-----+-----+-----+-- ...
 *
 * Over TCP a message's length, in two bytes, comes before it (section 4.2.2).
 */
#include <string.h>

#include "mitm_inside.h"

enum { MESSAGE_MAX = 65535, LABEL_MAX = 63, NAME_MAX_BYTES = 253 };

static bool
put16(struct buf *b, int64_t n)
{
	return n >= 0 && n <= UINT16_MAX && buf_add(b, (struct bytes){ (uint8_t[]){ (uint8_t)(n >> 8), (uint8_t)n }, 2 });
}

static bool
put_name(struct buf *b, struct bytes name)
{
	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len > NAME_MAX_BYTES)
		return false;
	while (name.len) {
		const uint8_t *dot = memchr(name.at, '.', name.len);
		size_t len = dot ? (size_t)(dot - name.at) : name.len;
		uint8_t size = (uint8_t)len;

		if (!len || len > LABEL_MAX || !buf_add(b, (struct bytes){ &size, 1 }) ||
				!buf_add(b, (struct bytes){ name.at, len }))
			return false;
		name = bytes_from(name, len + (dot ? 1 : 0));
	}
	return buf_add(b, (struct bytes){ (const uint8_t *)"", 1 });
}

static bool
put_entry(struct buf *b, struct tnet entry, bool question)
{
	int64_t ttl = tnet_int(tnet_find(entry, "ttl"), 0);
	struct bytes data = tnet_text(tnet_find(entry, "data"));

	if (!put_name(b, tnet_text(tnet_find(entry, "name"))) || !put16(b, tnet_int(tnet_find(entry, "type"), -1)) ||
			!put16(b, tnet_int(tnet_find(entry, "class_"), -1)))
		return false;
	return question || (ttl >= 0 && ttl <= UINT32_MAX && put16(b, ttl >> 16) && put16(b, ttl & 0xffff) &&
		data.len <= UINT16_MAX && put16(b, (int64_t)data.len) && buf_add(b, data));
}

static const char *const sections[] = { "questions", "answers", "authorities", "additionals" };

static int64_t
entries(struct tnet message, const char *section)
{
	struct tnet list = tnet_find(message, section), one;
	int64_t count = 0;

	while (list.tag == TNET_LIST && tnet_next(&list.data, &one))
		count++;
	return count;
}

static const struct { const char *name; unsigned shift; bool negated; } bits[] = {
	{ "query", 15, true }, { "authoritative_answer", 10, false }, { "truncation", 9, false },
	{ "recursion_desired", 8, false }, { "recursion_available", 7, false },
};

static int64_t
bits_of(struct tnet message)
{
	int64_t all = (tnet_int(tnet_find(message, "op_code"), 0) & 15) << 11 |
		(tnet_int(tnet_find(message, "reserved"), 0) & 7) << 4 | (tnet_int(tnet_find(message, "response_code"), 0) & 15);

	for (size_t i = 0; i < ARRAY_LEN(bits); i++)
		if (tnet_true(tnet_find(message, bits[i].name)) != bits[i].negated)
			all |= 1 << bits[i].shift;
	return all;
}

static bool
put_message(struct buf *b, struct tnet message)
{
	bool fits = put16(b, tnet_int(tnet_find(message, "id"), -1)) && put16(b, bits_of(message));

	for (size_t i = 0; fits && i < ARRAY_LEN(sections); i++)
		fits = put16(b, entries(message, sections[i]));
	for (size_t i = 0; fits && i < ARRAY_LEN(sections); i++) {
		struct tnet list = tnet_find(message, sections[i]), one;

		while (fits && list.tag == TNET_LIST && tnet_next(&list.data, &one))
			fits = put_entry(b, one, i == 0);
	}
	return fits;
}

static void
message_tell(struct mitm_reading *r, enum side side, struct tnet message, const struct buf *b, bool tcp)
{
	uint64_t when = tnet_micros(tnet_find(message, "timestamp"));
	uint8_t length[] = { (uint8_t)(b->len >> 8), (uint8_t)b->len };
	struct buf whole;

	if (!b->len)
		return;
	buf_init(&whole, MESSAGE_MAX + sizeof(length));
	if ((!tcp || buf_add(&whole, (struct bytes){ length, sizeof(length) })) && buf_add(&whole, buf_bytes(b)))
		mitm_data(r, side, when, buf_bytes(&whole));
	buf_release(&whole);
}

static void
dns_tell(struct mitm_reading *r, struct mitm_flow *f, const struct buf *ask, const struct buf *answer)
{
	bool tcp = bytes_are(tnet_text(tnet_find(f->client, "transport_protocol")), "tcp");
	struct bytes trouble = tnet_text(tnet_find(f->error, "msg"));
	struct tnet to = tnet_find(f->server, "address"), host = { 0 }, port = { 0 };

	if (to.tag == TNET_LIST && tnet_next(&to.data, &host))
		tnet_next(&to.data, &port);
	mitm_flow_begin(r, f, tcp ? LIT("tcp") : LIT("udp"), tnet_text(host), (uint16_t)tnet_int(port, 0));
	message_tell(r, CLIENT, f->request, ask, tcp);
	message_tell(r, SERVER, f->response, answer, tcp);
	if (trouble.len)
		mitm_reset(r, SERVER, tnet_micros(tnet_find(f->error, "timestamp")), trouble);
	mitm_gone(r, trouble.len ? CLOSE_RELAY_ERROR : CLOSE_RELAY_EOF, trouble);
}

bool
mitm_dns_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why)
{
	struct buf ask, answer;
	bool made = f->request.tag == TNET_DICT;

	buf_init(&ask, MESSAGE_MAX);
	buf_init(&answer, MESSAGE_MAX);
	made = made && put_message(&ask, f->request) && (f->response.tag != TNET_DICT || put_message(&answer, f->response));
	if (made)
		dns_tell(r, f, &ask, &answer);
	else
		fault(why, "what its DNS messages say makes no message");
	buf_release(&ask);
	buf_release(&answer);
	return made;
}
