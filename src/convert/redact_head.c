/* Heads, cookies and URLs with their secrets replaced. */
#include <stdlib.h>
#include <string.h>

#include "redact_inside.h"
#include "soth/percent.h"

enum { VALUE_MAX = 16 << 20 };

static bool
is_any(uint8_t c, const char *of)
{
	return c && strchr(of, c);
}

static bool
encode(struct bytes in, struct buf *out)
{
	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.at[i];
		bool stays = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || is_any(c, "-._~:[]/");

		if (!(stays ? buf_add(out, (struct bytes){ &c, 1 }) : buf_addf(out, "%%%02X", c)))
			return false;
	}
	return true;
}

/* A value that may be a text of its own, with another layer of escapes. */
static bool
pair_text(struct redactor *r, struct bytes raw, unsigned depth, struct buf *out)
{
	struct buf text, made;
	bool ok;

	buf_init(&text, raw.len + 1);
	buf_init(&made, VALUE_MAX);
	ok = percent_decode(raw, true, &text) && redact_value(r, buf_bytes(&text), depth + 1, &made);
	if (ok && bytes_same(buf_bytes(&text), buf_bytes(&made)))
		ok = buf_add(out, raw);
	else
		ok = ok && encode(buf_bytes(&made), out);
	buf_release(&text);
	buf_release(&made);
	return ok;
}

/* The value of a listed name, by what it is without escapes. */
static bool
pair_secret(struct redactor *r, struct name *n, struct bytes raw, struct buf *out)
{
	struct buf text, made;
	bool ok;

	buf_init(&text, raw.len + 1);
	buf_init(&made, VALUE_MAX);
	ok = percent_decode(raw, true, &text) && redact_secret(r, n, buf_bytes(&text), &made) && encode(buf_bytes(&made), out);
	buf_release(&text);
	buf_release(&made);
	return ok;
}

static struct name *
pair_name(struct redactor *r, struct bytes raw)
{
	struct name *n = NULL;
	struct buf text;

	buf_init(&text, 4 * REDACT_NAME_MAX * 3);
	if (percent_decode(raw, true, &text))
		n = redact_name(r, bytes_trim(buf_bytes(&text)));
	buf_release(&text);
	return n;
}

static size_t
until(struct bytes b, const char *ends)
{
	size_t n = 0;

	while (n < b.len && !is_any(b.at[n], ends))
		n++;
	return n;
}

/*
 *	name=value&name=value;name=value?name=value
 * What may end a pair begins the next; a secret goes on up to the & or the end.
 */
bool
redact_pairs(struct redactor *r, struct bytes b, unsigned depth, struct buf *out)
{
	struct name *n = NULL;	/* of the value that b begins with */

	while (b.len) {
		size_t len = n ? until(b, "&") : until(b, "=&;?#");
		struct bytes piece = { b.at, len };

		if (!(n ? pair_secret(r, n, piece, out) : pair_text(r, piece, depth, out)))
			return false;
		n = !n && len < b.len && b.at[len] == '=' ? pair_name(r, piece) : NULL;
		b = bytes_from(b, len);
		if (b.len && !buf_add(out, (struct bytes){ b.at, 1 }))
			return false;
		b = bytes_from(b, b.len ? 1 : 0);
	}
	return true;
}

bool
redact_url(struct redactor *r, struct bytes url, unsigned depth, struct buf *out)
{
	size_t path = until(url, "?#");

	return redact_shape(r, (struct bytes){ url.at, path }, SHAPE_ASSIGNED, out) && redact_pairs(r, bytes_from(url, path), depth, out);
}

/* RFC 6265 sections 4.1.1 and 4.2.1. `whole`: the name of the field, where that
 * is listed. Of Set-Cookie only the first pair is a cookie. */
static bool
cookies(struct redactor *r, struct name *whole, struct bytes v, bool first_alone, struct buf *out)
{
	while (v.len) {
		struct bytes pair = { v.at, until(v, ";") }, value = pair;
		size_t name = until(pair, "=");
		struct name *n = whole;

		if (name < pair.len) {
			struct name *own = redact_name(r, bytes_trim((struct bytes){ v.at, name }));

			n = own ? own : whole;
			value = bytes_from(pair, name + 1);
		}
		value = bytes_trim(value);
		v = bytes_from(v, pair.len);
		if (!buf_add(out, (struct bytes){ pair.at, value.len ? (size_t)(value.at - pair.at) : pair.len }) ||
				!(n ? redact_put(r, n, value, out) : redact_shape(r, value, SHAPE_TOKENS, out)))
			return false;
		if (first_alone)
			return redact_shape(r, v, SHAPE_TOKENS, out);
		if (v.len && !buf_add(out, LIT(";")))
			return false;
		v = bytes_from(v, v.len ? 1 : 0);
	}
	return true;
}

static bool
field_value(struct redactor *r, struct field f, struct buf *out)
{
	struct name *n = redact_name(r, f.name);

	if (bytes_like(f.name, "cookie") || bytes_like(f.name, "set-cookie"))
		return cookies(r, n, f.value, bytes_like(f.name, "set-cookie"), out);
	return n ? redact_secret(r, n, f.value, out) : redact_value(r, f.value, 0, out);
}

/* In the draft's place; `kept` holds what it points to. */
static bool
draft_field(struct redactor *r, struct field *f, struct slice *kept)
{
	struct buf out;

	buf_init(&out, VALUE_MAX);
	if (!field_value(r, *f, &out)) {
		buf_release(&out);
		return false;
	}
	*kept = buf_seal(&out);
	f->value = kept->bytes;
	return true;
}

static bool
draft_target(struct redactor *r, struct draft *d, struct slice *kept)
{
	struct buf out;

	buf_init(&out, VALUE_MAX);
	if (!redact_url(r, d->target, 0, &out)) {
		buf_release(&out);
		return false;
	}
	*kept = buf_seal(&out);
	d->target = kept->bytes;
	return true;
}

/* Whether the draft says something else than the head. */
static bool
differs(const struct draft *d, const struct head *h)
{
	if (!bytes_same(d->target, head_target(h)))
		return true;
	for (size_t i = 0; i < d->fields; i++)
		if (!bytes_same(d->field[i].value, head_field(h, i).value))
			return true;
	return false;
}

bool
redact_head(struct redactor *r, struct head *h, struct head **out)
{
	size_t count = head_count(h);
	struct slice *kept = xalloc((count + 1) * sizeof(*kept));
	struct fault why = { "" };
	struct draft d;
	bool ok;

	*out = NULL;
	draft_of(&d, h);
	ok = draft_target(r, &d, &kept[count]);
	for (size_t i = 0; ok && i < count; i++)
		ok = draft_field(r, &d.field[i], &kept[i]);
	if (ok)
		*out = differs(&d, h) ? head_make(&d, &why) : head_ref(h);
	draft_release(&d);
	for (size_t i = 0; i <= count; i++)
		slice_drop(&kept[i]);
	free(kept);
	return *out;
}
