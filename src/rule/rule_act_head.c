/* Actions on fields. */
#include <string.h>

#include "rule_inside.h"

/* A value as it goes into a head: a file's, without the white space around it. */
static bool
value_of(struct acting *a, const struct rule *rule, struct bytes *out)
{
	struct slice s;

	if (!rule->value.file) {
		*out = (struct bytes){ (uint8_t *)rule->value.at, rule->value.len };
		return true;
	}
	if (!acting_text(a, rule, &rule->value, &s))
		return false;
	*out = acting_keep(a, s);
	while (out->len && strchr(" \t\r\n", out->at[out->len - 1]))
		out->len--;
	*out = bytes_trim(*out);
	for (size_t i = 0; i < out->len; i++)
		if ((out->at[i] < ' ' && out->at[i] != '\t') || out->at[i] == 0x7f)
			return acting_fail(a, rule, "%.100s: a control character cannot be in a field", rule->value.at);
	return true;
}

static size_t
fields_of(const struct draft *d, const char *name, struct bytes *first)
{
	size_t n = 0;

	for (size_t i = d->fields; i--;)
		if (bytes_like(d->field[i].name, name)) {
			*first = d->field[i].value;
			n++;
		}
	return n;
}

/* In the first one's place; the others go. */
static void
set_alone(struct draft *d, const char *name, struct bytes value)
{
	bool found = false;
	size_t kept = 0;

	for (size_t i = 0; i < d->fields; i++) {
		struct field f = d->field[i];

		if (bytes_like(f.name, name)) {
			if (found)
				continue;
			found = true;
			f.value = value;
		}
		d->field[kept++] = f;
	}
	d->fields = kept;
	if (!found)
		draft_add(d, bytes_of(name), value);
}

bool
act_set_header(const struct rule *rule, struct acting *a)
{
	struct draft *d = acting_draft(a);
	struct bytes value, old = { 0 };
	size_t n;

	if (!d || !value_of(a, rule, &value))
		return false;
	n = fields_of(d, rule->name, &old);
	if (n == 1 && bytes_same(old, value))
		return false;
	acting_say(a, "%s: %.*s%s%.*s%s", rule->name, (int)value.len, (const char *)value.at, n ? " (was " : "", (int)old.len,
		(const char *)old.at, n ? ")" : "");
	set_alone(d, rule->name, value);
	return true;
}

bool
act_add_header(const struct rule *rule, struct acting *a)
{
	struct draft *d = acting_draft(a);
	struct bytes value;

	if (!d || !value_of(a, rule, &value))
		return false;
	acting_say(a, "%s: %.*s", rule->name, (int)value.len, (const char *)value.at);
	draft_add(d, bytes_of(rule->name), value);
	return true;
}

static bool
field_remove(struct acting *a, const char *name)
{
	const struct head *h = a->drafted ? NULL : acting_head(a, a->side);
	struct bytes old = { 0 };
	struct draft *d;

	if (h && !head_has(h, name))
		return false;
	d = acting_draft(a);
	if (!d || !fields_of(d, name, &old))
		return false;
	acting_say(a, "no %s (was %.*s)", name, (int)old.len, (const char *)old.at);
	draft_remove(d, name);
	return true;
}

bool
act_remove_header(const struct rule *rule, struct acting *a)
{
	return field_remove(a, rule->name);
}

bool
act_anticache(const struct rule *rule, struct acting *a)
{
	bool one = field_remove(a, "if-modified-since"), other = field_remove(a, "if-none-match");

	(void)rule;
	return one || other;
}

bool
act_anticomp(const struct rule *rule, struct acting *a)
{
	struct draft *d = acting_draft(a);
	struct bytes old = { 0 };

	(void)rule;
	if (!d || (fields_of(d, "accept-encoding", &old) == 1 && bytes_are(old, "identity")))
		return false;
	acting_say(a, "Accept-Encoding: identity");
	set_alone(d, "Accept-Encoding", LIT("identity"));
	return true;
}

/* Where a request goes, as the client named it. */
static struct place
place_of(const struct acting *a)
{
	const struct scene *s = a->scene;
	struct bytes path = s->head[CLIENT] ? row_path(head_target(s->head[CLIENT])) : LIT("/");
	const uint8_t *query = path.len ? memchr(path.at, '?', path.len) : NULL;

	if (query)
		path.len = (size_t)(query - path.at);
	return (struct place){ s->origin ? s->origin->host : (struct bytes){ 0 }, s->origin ? s->origin->port : 0, path };
}

/* What the server sets is kept. */
static bool
cookies_kept(struct acting *a, const struct place *place)
{
	const struct head *h = a->scene->head[SERVER];
	bool some = false;

	for (size_t i = 0; h && i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (!bytes_like(f.name, "set-cookie"))
			continue;
		if (!a->dry)
			jar_set(a->rules->set->jar, place, f.value, a->scene->now);
		acting_say(a, "kept %.*s", (int)f.value.len, (const char *)f.value.at);
		some = true;
	}
	return some;
}

bool
act_sticky_cookie(const struct rule *rule, struct acting *a)
{
	struct place place = place_of(a);
	struct draft *d;
	struct bytes own = { 0 };
	struct buf out;
	bool more;

	(void)rule;
	if (a->side == SERVER)
		return cookies_kept(a, &place);
	d = acting_draft(a);
	if (!d)
		return false;
	fields_of(d, "cookie", &own);
	buf_init(&out, 1 << 20);
	more = jar_get(a->rules->set->jar, &place, own, a->scene->now, &out);
	if (more) {
		acting_say(a, "Cookie: %.*s", (int)out.len, (const char *)out.at);
		set_alone(d, "Cookie", acting_keep(a, slice_copy(buf_bytes(&out))));
	}
	buf_release(&out);
	return more;
}

bool
act_sticky_auth(const struct rule *rule, struct acting *a)
{
	struct place place = place_of(a);
	struct draft *d = acting_draft(a);
	struct bytes own = { 0 };
	struct buf out;
	bool more;

	(void)rule;
	if (!d)
		return false;
	if (fields_of(d, "authorization", &own)) {
		if (!a->dry)
			jar_set_auth(a->rules->set->jar, &place, own);
		return false;
	}
	buf_init(&out, 64 << 10);
	more = jar_get_auth(a->rules->set->jar, &place, &out);
	if (more) {
		acting_say(a, "Authorization: %.*s", (int)out.len, (const char *)out.at);
		draft_add(d, LIT("Authorization"), acting_keep(a, slice_copy(buf_bytes(&out))));
	}
	buf_release(&out);
	return more;
}
