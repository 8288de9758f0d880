/* Headers and cookies as HAR lists them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "har_inside.h"

json_t *
har_headers(const struct head *h)
{
	json_t *list = json_array();

	for (size_t i = 0; h && i < head_count(h); i++) {
		struct field f = head_field(h, i);

		json_array_append_new(list, json_pack("{s:o,s:o}", "name", har_text(f.name), "value", har_text(f.value)));
	}
	return list;
}

/* "a=b; c=d": the next, which is eaten. */
static bool
pair_next(struct bytes *rest, struct field *pair)
{
	while (rest->len) {
		const uint8_t *semi = memchr(rest->at, ';', rest->len);
		struct bytes one = { rest->at, semi ? (size_t)(semi - rest->at) : rest->len };
		const uint8_t *eq;

		*rest = bytes_from(*rest, one.len + 1);
		one = bytes_trim(one);
		if (!one.len)
			continue;
		eq = memchr(one.at, '=', one.len);
		pair->name = bytes_trim((struct bytes){ one.at, eq ? (size_t)(eq - one.at) : one.len });
		pair->value = eq ? bytes_trim(bytes_from(one, (size_t)(eq - one.at) + 1)) : (struct bytes){ 0 };
		return true;
	}
	return false;
}

static json_t *
cookie(struct field f)
{
	return json_pack("{s:o,s:o}", "name", har_text(f.name), "value", har_text(f.value));
}

static void
put_text(json_t *to, const char *name, struct bytes value)
{
	json_object_set_new(to, name, har_text(value));
}

static void
put_date(json_t *to, const char *name, struct bytes value)
{
	uint64_t when;
	char room[40];

	if (har_time_http(value, &when))
		json_object_set_new(to, name, json_string(har_time_write(when, room)));
}

static void
put_true(json_t *to, const char *name, struct bytes value)
{
	(void)value;
	json_object_set_new(to, name, json_true());
}

/* RFC 6265 section 4.1.1; others have no place in HAR. */
static const struct { const char *attribute, *name; void (*put)(json_t *to, const char *name, struct bytes value); }
attributes[] = {
	{ "domain", "domain", put_text },
	{ "expires", "expires", put_date },
	{ "httponly", "httpOnly", put_true },
	{ "path", "path", put_text },
	{ "samesite", "sameSite", put_text },
	{ "secure", "secure", put_true },
};

static json_t *
set_cookie(struct bytes line)
{
	struct field f = { 0 };
	json_t *c;

	if (!pair_next(&line, &f))
		return NULL;
	c = cookie(f);
	json_object_set_new(c, "httpOnly", json_false());
	json_object_set_new(c, "secure", json_false());
	while (pair_next(&line, &f))
		for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
			if (bytes_like(f.name, attributes[i].attribute))
				attributes[i].put(c, attributes[i].name, f.value);
	return c;
}

json_t *
har_cookies(const struct head *h, enum side side)
{
	json_t *list = json_array();

	for (size_t i = 0; h && i < head_count(h); i++) {
		struct field f = head_field(h, i), pair;

		if (side == SERVER && bytes_like(f.name, "set-cookie"))
			json_array_append_new(list, set_cookie(f.value));
		while (side == CLIENT && bytes_like(f.name, "cookie") && pair_next(&f.value, &pair))
			json_array_append_new(list, cookie(pair));
	}
	return list;
}
