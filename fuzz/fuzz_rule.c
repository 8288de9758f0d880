/*
 * Rules: each text is taken or refused, with places that are in it. What is taken is applied at every stage to an
 * exchange, a body and a message; rules that are not chosen for it would not have applied. The first line is an option
 * of mitmproxy's, too, and what becomes of that is rules.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/rule/rule_inside.h"

enum { TEXT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char asks[] = "POST /v2/users?page=4 HTTP/1.1\r\nHost: api.example.com\r\nCookie: session=0123; theme=dark\r\n"
	"X-Trace:  Spaced \r\nIf-None-Match: x\r\nAuthorization: Basic x\r\n\r\n",
	answers[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session=fedc\r\nSet-Cookie: t=1; Path=/\r\n\r\n",
	json[] = "{\"user\":{\"id\":42,\"name\":\"Ada\"},\"items\":[{\"price\":9.5},{\"price\":12}],\"ok\":true}";

static bool
chosen(const struct rules *r, size_t i)
{
	return r->may[i / 64] >> (i % 64) & 1;
}

static void
none_is_missed(struct rules *r, const struct scene *s, unsigned list)
{
	const struct set *set = r->set;
	struct said said = { .text = &r->scratch };
	struct match_groups g;
	struct buf url;

	buf_init(&url, TEXT_MAX);
	(void)!scene_url(s, &url);
	(void)index_choose(set->index[list], s, &said, r->may);
	for (size_t i = 0; i < set->ats[list]; i++) {
		const struct rule *one = set->at[list][i];

		if (chosen(r, i) || (one->filter && !filter_takes_scene(one->filter, s)))
			continue;
		if (!one->match || one->action->flags & ACTS_ON_BODY || match_groups(one->match, buf_bytes(&url), 0, &g))
			abort();
	}
	buf_release(&url);
}

static void
head_holds(const struct head *h, enum head_kind kind)
{
	struct fault why;
	struct head *again;

	if (!h)
		return;
	again = head_parse(head_text(h), kind, &why);
	if (!again)
		abort();
	head_drop(again);
}

static void
apply(struct rules *r, struct rule_state *state, const struct scene *s, enum rule_stage stage)
{
	struct rule_changes c;

	none_is_missed(r, s, stage);
	while (rules_apply(r, state, s, stage, &c) && c.read.bytes.len) {
		rule_state_read(state, slice_ref(c.read), &(struct local_file){ NULL });
		rule_changes_release(&c);
	}
	head_holds(c.head, s->side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE);
	head_holds(c.answer, HEAD_RESPONSE);
	if (c.touches > r->set->count || (c.close && c.answer))
		abort();
	rule_changes_release(&c);
}

static void
apply_all(struct rules *r)
{
	static struct head *head[2];
	struct origin origin = { .client = LIT("127.0.0.1:1"), .mode = LIT("regular"), .scheme = LIT("https"),
		.host = LIT("api.example.com"), .port = 443 };
	struct scene s = { .flow = 1, .now = 1764150000000000, .origin = &origin };
	struct rule_state state = { { NULL } };
	struct fault why;

	head[CLIENT] = head[CLIENT] ? head[CLIENT] : head_parse(bytes_of(asks), HEAD_REQUEST, &why);
	head[SERVER] = head[SERVER] ? head[SERVER] : head_parse(bytes_of(answers), HEAD_RESPONSE, &why);
	for (int side = CLIENT; side <= SERVER; side++) {
		s.side = (enum side)side;
		s.head[side] = head[side];
		apply(r, &state, &s, side == CLIENT ? RULE_REQUEST_HEAD : RULE_RESPONSE_HEAD);
		s.body[side] = bytes_of(json);
		s.whole[side] = true;
		apply(r, &state, &s, side == CLIENT ? RULE_REQUEST_WHOLE : RULE_RESPONSE_WHOLE);
	}
	s.message = bytes_of(json);
	s.message_kind = PART_MESSAGE;
	s.message_code = WS_TEXT | WS_FIN;
	apply(r, &state, &s, RULE_MESSAGE);
	rule_state_release(&state);
}

static void
places_hold(const struct rules_wrong *wrong, struct bytes text)
{
	for (size_t i = 0; i < wrong->count && i < RULES_WRONG_MAX; i++)
		if (!*wrong->at[i].why.text || !wrong->at[i].line || wrong->at[i].line > text.len + 1 || !wrong->at[i].column ||
				wrong->at[i].column > text.len + 1)
			abort();
}

static void
option_holds(const char *value)
{
	static const char *const options[] = { "modify-headers", "modify-body", "map-local", "map-remote", "block-list" };

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		struct rules_wrong wrong;
		struct fault why = { "" };
		struct buf out;

		buf_init(&out, TEXT_MAX * 8);
		if (rules_option(options[i], &value, 1, &out, &why)) {
			struct rules *r = rules_read(buf_bytes(&out), NULL, NULL, &wrong);

			if (!r)
				abort();
			rules_free(r);
		} else if (!*why.text) {
			abort();
		}
		buf_release(&out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct rules_wrong wrong;
	struct rules *r;
	char line[TEXT_MAX + 1];

	if (size > TEXT_MAX)
		return 0;
	r = rules_read(text, "/nowhere", NULL, &wrong);
	if ((r == NULL) != (wrong.count > 0))
		abort();
	places_hold(&wrong, text);
	if (r)
		apply_all(r);
	rules_free(r);
	snprintf(line, sizeof(line), "%.*s", (int)size, (const char *)data);
	line[strcspn(line, "\n")] = '\0';
	option_holds(line);
	return 0;
}
