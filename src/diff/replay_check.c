/* Whether an answer is what was recorded, but for what comes anew each time. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "diff_inside.h"
#include "soth/convert.h"
#include "soth/utf8.h"

enum { BODY_MAX = 16 << 20 };

static bool
bodies_alike(struct store *const s[2], const flow_id id[2])
{
	struct slice body[2];
	bool whole, alike;

	for (int i = 0; i < 2; i++)
		body[i] = convert_body(s[i], id[i], SERVER, true, BODY_MAX, &whole);
	alike = utf8_valid(body[0].bytes) && utf8_valid(body[1].bytes) ? texts_alike(body[0].bytes, body[1].bytes) :
		bytes_same(body[0].bytes, body[1].bytes);
	slice_drop(&body[0]);
	slice_drop(&body[1]);
	return alike;
}

/* What kind of value begins so. */
static char
kind_of(const char *value)
{
	return isdigit((unsigned char)*value) || *value == '-' ? '0' : *value == 'f' ? 't' : *value;
}

/* By its path in JSON; elements of arrays may be more or less. */
static bool
is_structure(const struct diff_change *c, const char *where)
{
	size_t len = strlen(where);

	if (c->value[0] && c->value[1])
		return kind_of(c->value[0]) != kind_of(c->value[1]);
	return !len || where[len - 1] != ']';
}

/* A field that is there both times, and says the same but for what comes anew. */
static bool
is_noise_of_field(const struct diff_change *c)
{
	return c->value[0] && c->value[1] && texts_alike(bytes_of(c->value[0]), bytes_of(c->value[1]));
}

/* Of one that is there both times; behind its number the path of a value, where it is JSON. */
static bool
is_noise_of_message(const struct diff_change *c)
{
	const char *json = strstr(c->where, ": $");

	if (!strcmp(c->where, DIFF_CLOSE_WHERE))
		return false;
	return json ? !is_structure(c, json + 2) : !c->unit && is_noise_of_field(c);
}

/* HTTP/1 agrees to a WebSocket with 101, HTTP/2 with 200 (RFC 8441 section 5). */
static bool
agreed_both(struct store *const s[2], const flow_id id[2], const struct diff_change *c)
{
	struct row r;

	for (int i = 0; i < 2; i++)
		if (!c->value[i] || (strcmp(c->value[i], "101") && strcmp(c->value[i], "200")) ||
				store_rows(s[i], store_index(s[i], id[i]), 1, &r) != 1 || r.protocol != PROTOCOL_WEBSOCKET)
			return false;
	return true;
}

bool
replay_is_noise(struct store *const s[2], const flow_id id[2], const struct diff_change *c)
{
	if (c->side != SERVER || c->unit == UNIT_MICROSECONDS)
		return true;
	if (c->kind == DIFF_HEADERS)
		return is_noise_of_field(c);
	if (c->kind == DIFF_MESSAGE)
		return is_noise_of_message(c);
	if (c->kind == DIFF_STATUS)
		return agreed_both(s, id, c);
	if (c->kind != DIFF_BODY)
		return false;
	return c->where && *c->where == '$' ? !is_structure(c, c->where) : bodies_alike(s, id);
}

static void
say(const struct diff_change *c, char words[VERDICT_ROOM])
{
	const char *where = c->where ? c->where : "the body";
	const char *of = c->kind == DIFF_MESSAGE && strcmp(where, DIFF_CLOSE_WHERE) ? "message " : "";

	if (c->value[0] && c->value[1])
		snprintf(words, VERDICT_ROOM, "%s%.150s: was %.100s, is %.100s", of, where, c->value[0], c->value[1]);
	else if (c->value[0])
		snprintf(words, VERDICT_ROOM, "%s%.150s: is no more", of, where);
	else if (c->value[1])
		snprintf(words, VERDICT_ROOM, "%s%.150s: was not there", of, where);
	else
		snprintf(words, VERDICT_ROOM, "%s%.150s is another", of, c->kind == DIFF_MESSAGE ? where : "the body");
}

static bool
was_answered(struct store *s, flow_id id)
{
	struct row r;
	size_t at = store_index(s, id);

	return at != SIZE_MAX && store_rows(s, at, 1, &r) == 1 && r.status;
}

enum replay_verdict
replay_check(struct store *const s[2], const flow_id id[2], char words[VERDICT_ROOM])
{
	enum replay_verdict v = REPLAY_SAME;
	struct diff_how how;
	struct fault why;
	struct diff *d;

	if (!was_answered(s[0], id[0]))
		return REPLAY_UNKNOWN;
	diff_how_init(&how);
	how.kinds = 1u << DIFF_STATUS | 1u << DIFF_MESSAGE | 1u << DIFF_BODY;
	d = diff_flows(s, id, &how, &why);
	if (!d) {
		snprintf(words, VERDICT_ROOM, "%s", why.text);
		return REPLAY_OTHER;
	}
	for (size_t g = 0; g < d->groups && v == REPLAY_SAME; g++)
		for (size_t i = 0; i < d->group[g].changes && v == REPLAY_SAME; i++)
			if (!replay_is_noise(s, id, &d->group[g].change[i])) {
				say(&d->group[g].change[i], words);
				v = REPLAY_OTHER;
			}
	if (v == REPLAY_SAME && (d->messages_cut || d->members_cut || d->bodies_cut))
		snprintf(words, VERDICT_ROOM, "as far as it was compared");
	diff_free(d);
	return v;
}
