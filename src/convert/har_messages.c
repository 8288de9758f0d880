/*
 * What a WebSocket said, as Chrome writes it:
 *
 *	{ "type": "send", "time": 1589123456.789, "opcode": 1, "data": "text" }
 *
 * Text as such, all else in base64.
 */
#include <math.h>

#include "har_inside.h"

enum { SECONDS_MAX = 1000000000 };	/* times ten: the year 2286 */

bool
har_message_read(const json_t *message, enum side *side, uint64_t *when, struct part *p)
{
	struct bytes type = har_string(message, "type"), data = har_string(message, "data");
	double time = json_number_value(json_object_get(message, "time"));
	json_int_t opcode = json_integer_value(json_object_get(message, "opcode"));
	struct slice bytes;

	if (!bytes_are(type, "send") && !bytes_are(type, "receive"))
		return false;
	if (opcode < 0 || opcode > WS_OPCODE)
		return false;
	*side = bytes_are(type, "send") ? CLIENT : SERVER;
	*when = isfinite(time) && time > 0 && time < SECONDS_MAX * 10.0 ? (uint64_t)llround(time * 1e6) : 0;
	if (opcode == WS_TEXT || !har_decoded(data, &bytes))
		bytes = slice_copy(data);
	*p = (struct part){ .kind = PART_MESSAGE, .code = (uint32_t)opcode | WS_FIN | (*side == CLIENT ? WS_MASKED : 0),
		.count = bytes.bytes.len, .data = bytes };
	return true;
}

static bool
is_data(const struct note *n)
{
	uint32_t opcode = n->part.code & WS_OPCODE;

	return n->kind == NOTE_PART && n->part.kind == PART_MESSAGE && (opcode == WS_TEXT || opcode == WS_BINARY);
}

json_t *
har_message(const struct note *n)
{
	uint32_t opcode = n->part.code & WS_OPCODE;

	if (!is_data(n))
		return NULL;
	return json_pack("{s:s,s:f,s:i,s:o}", "type", n->side == CLIENT ? "send" : "receive",
		"time", (double)n->when / 1e6, "opcode", (int)opcode,
		"data", (opcode == WS_TEXT ? har_text : har_base64)(n->part.data.bytes));
}

bool
har_message_exact(const struct note *n)
{
	json_t *text;
	bool base64;

	if (!is_data(n) || (n->part.code & WS_OPCODE) == WS_BINARY)
		return is_data(n);
	text = har_text_or_base64(n->part.data.bytes, &base64);
	json_decref(text);
	return !base64;
}
