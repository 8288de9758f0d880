/*
 * A form (application/x-www-form-urlencoded) as lines of name=value, without
 * their escapes:
 *
 *	name=Ann Smith
 *	text=50%25 off
 *
 * A line that is as it was keeps its spelling; another is escaped anew. What
 * would break a line, or a name, is shown as an escape, and %XX stays what it is.
 */
#include <stdlib.h>
#include <string.h>

#include "soth/percent.h"
#include "edit_inside.h"
#include "stayed.h"
#include "soth/utf8.h"

enum { PAIRS_MAX = 1 << 16 };

bool
pairs_suits(const struct work *w)
{
	size_t pairs = 1;

	if (strcmp(w->decoder, "form") || !text_suits(w))
		return false;
	for (size_t i = 0; i < w->plain.len; i++)
		pairs += w->plain.at[i] == '&' || w->plain.at[i] == '\n';
	return pairs < PAIRS_MAX;
}

/* Up to the next such byte, which is passed over. */
static struct bytes
part_take(struct bytes *rest, char until, bool *more)
{
	const uint8_t *end = rest->len ? memchr(rest->at, until, rest->len) : NULL;
	struct bytes part = { rest->at, end ? (size_t)(end - rest->at) : rest->len };

	*more = end;
	*rest = behind(*rest, part.len + 1);
	return part;
}

/* Whether the escape at the beginning of `in` reads better as what it stands for; then how long all of it is. */
static size_t
char_shown(struct bytes in, bool name, uint8_t to[4], size_t *len)
{
	size_t used = percent_next(in, true, &to[0]), want;
	uint32_t rune;

	*len = 1;
	want = to[0] >= 0xf0 ? 4 : to[0] >= 0xe0 ? 3 : to[0] >= 0xc0 ? 2 : 1;
	while (*len < want && used < in.len)
		used += percent_next(behind(in, used), true, &to[(*len)++]);
	if (*len != want || utf8_next((struct bytes){ to, *len }, &rune) != *len || rune == 0xfffd || !utf8_printable(rune) ||
			rune == '%' || (rune == '=' && name))
		return 0;
	return used;
}

/* Percent-encoded bytes as a person reads them. */
static bool
shown(struct bytes in, bool name, struct buf *out)
{
	while (in.len) {
		uint8_t to[4];
		size_t len, used = char_shown(in, name, to, &len);
		bool ok;

		if (used)
			ok = buf_add(out, (struct bytes){ to, len });
		else if (*in.at == '%' && percent_next(in, true, to) == 3)
			ok = buf_add(out, (struct bytes){ in.at, used = 3 });
		else
			ok = buf_addf(out, "%%%02X", in.at[(used = 1) - 1]);
		if (!ok)
			return false;
		in = behind(in, used);
	}
	return true;
}

static bool
pair_show(struct bytes pair, struct buf *out)
{
	bool equals;
	struct bytes value = pair, name = part_take(&value, '=', &equals);

	return shown(name, true, out) && (!equals || buf_add(out, LIT("="))) && shown(value, false, out);
}

bool
pairs_show(const struct work *w, struct buf *out)
{
	struct bytes rest = w->plain;
	bool more = true;

	for (bool first = true; more; first = false) {
		struct bytes pair = part_take(&rest, '&', &more);

		if ((!first && !buf_add(out, LIT("\n"))) || !pair_show(pair, out))
			return false;
	}
	return true;
}

static bool
is_plain(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr("*-._", c));
}

/* https://url.spec.whatwg.org/#urlencoded-serializing, but that escapes stay. */
static bool
escaped(struct bytes in, bool plus, struct buf *out)
{
	while (in.len) {
		uint8_t c;
		size_t used = percent_next(in, false, &c);
		bool ok;

		if (used == 3 || is_plain(*in.at))
			ok = buf_add(out, (struct bytes){ in.at, used });
		else if (*in.at == ' ' && plus)
			ok = buf_add(out, LIT("+"));
		else
			ok = buf_addf(out, "%%%02X", *in.at);
		if (!ok)
			return false;
		in = behind(in, used);
	}
	return true;
}

static bool
pair_escape(struct bytes line, bool plus, struct buf *out)
{
	bool equals;
	struct bytes value = line, name = part_take(&value, '=', &equals);

	return escaped(name, plus, out) && (!equals || buf_add(out, LIT("="))) && escaped(value, plus, out);
}

static void
pairs_of_body(struct bytes rest, struct stayed *p, struct map *names)
{
	bool more = true;
	struct buf line;

	buf_init(&line, EDIT_PLAIN_MAX);
	while (more) {
		struct bytes pair = part_take(&rest, '&', &more);

		buf_eat(&line, line.len);
		if (!pair_show(pair, &line))
			break;
		stayed_add(p, pair, buf_bytes(&line), names);
	}
	buf_release(&line);
}

static bool
pairs_put(const struct stayed *was, const struct stayed *is, const uint32_t *from, bool plus, struct buf *out)
{
	for (uint32_t i = 0; i < is->count; i++)
		if ((i && !buf_add(out, LIT("&"))) || !(from[i] != LCS_NONE ? buf_add(out, was->part[from[i]]) :
				pair_escape(is->part[i], plus, out)))
			return false;
	return true;
}

bool
pairs_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	bool plus = !w->plain.len || !memmem(w->plain.at, w->plain.len, "%20", 3), more = true, ok;
	struct stayed was = { 0 }, is = { 0 };
	struct map *names = map_new();
	uint32_t *from;

	pairs_of_body(w->plain, &was, names);
	while (more && is.count < PAIRS_MAX) {
		struct bytes line = part_take(&text, '\n', &more);

		stayed_add(&is, line, line, names);
	}
	from = stayed_origin(&was, &is);
	ok = (!more || spot_fault(why, text.at, "at most %d lines expected", PAIRS_MAX)) &&
		(pairs_put(&was, &is, from, plus, out) || spot_fault(why, NULL, "the body is too large"));
	free(from);
	stayed_release(&was);
	stayed_release(&is);
	map_free(names, NULL);
	return ok;
}
