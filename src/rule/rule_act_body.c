/* Actions on bodies and messages. */
#include <string.h>

#include "rule_inside.h"
#include "soth/jsonpath.h"

static void
body_set(struct acting *a, struct buf *made)
{
	buf_release(&a->body);
	a->body = *made;
	a->body_state = BODY_CHANGED;
}

bool
act_replace_body(const struct rule *rule, struct acting *a)
{
	struct buf *body = acting_body(a, rule), made;
	struct text with = rule->value;
	struct slice file = { 0 };
	size_t count = 0;
	bool ok;

	if (!body || !match_in(rule->match, buf_bytes(body)))
		return false;
	if (with.file && !acting_text(a, rule, &rule->value, &file))
		return false;
	if (with.file)
		with = (struct text){ (char *)(uintptr_t)file.bytes.at, file.bytes.len, true, NULL };
	buf_init(&made, RULES_BODY_MAX);
	ok = template_replace(rule->match, buf_bytes(body), &with, &made, &count);
	slice_drop(&file);
	if (!ok || !count) {
		buf_release(&made);
		return !ok && acting_fail(a, rule, "there are too many places, or the body would be larger than %d MiB", RULES_BODY_MAX >> 20);
	}
	acting_say(a, "%zu %s of %zu bytes in the %s", count, count == 1 ? "place" : "places", body->len,
		a->stage == RULE_MESSAGE ? "message" : "body");
	body_set(a, &made);
	return true;
}

/* Values are put in from the first to the last, as the path finds them. */
struct putting { struct bytes json, value; size_t from; struct buf *out; size_t count; bool ok; };

static bool
put_value(void *arg, struct bytes value)
{
	struct putting *p = arg;
	size_t begin = (size_t)(value.at - p->json.at);

	if (begin < p->from)
		return false;	/* within one that was replaced */
	p->ok = buf_add(p->out, (struct bytes){ p->json.at + p->from, begin - p->from }) && buf_add(p->out, p->value);
	p->from = begin + value.len;
	p->count++;
	return !p->ok;
}

bool
act_set_json(const struct rule *rule, struct acting *a)
{
	struct buf *body = acting_body(a, rule), made;
	struct putting p = { .out = &made, .ok = true };
	struct slice value;

	if (!body || !acting_text(a, rule, &rule->value, &value))
		return false;
	buf_init(&made, RULES_BODY_MAX);
	p.json = buf_bytes(body);
	p.value = value.bytes;
	(void)jsonpath_each(p.json, rule->name, put_value, &p);
	p.ok = p.ok && buf_add(&made, bytes_from(p.json, p.from));
	slice_drop(&value);
	if (!p.ok || !p.count) {
		buf_release(&made);
		return !p.ok && acting_fail(a, rule, "the body would be larger than %d MiB", RULES_BODY_MAX >> 20);
	}
	acting_say(a, "%zu %s", p.count, p.count == 1 ? "value" : "values");
	body_set(a, &made);
	return true;
}
