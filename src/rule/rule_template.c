/* Texts with the groups of a match put in. */
#include <string.h>

#include "rule_inside.h"

/* At a $ or a backslash: what is meant by it and the byte behind it; false: itself. */
static bool
put_meant(struct bytes rest, const struct match_groups *g, struct buf *out, bool *ok)
{
	uint8_t c = rest.len > 1 ? rest.at[1] : 0;

	if (c >= '0' && c <= '9')
		*ok = buf_add(out, g->group[c - '0']);
	else if (c && c == *rest.at)
		*ok = buf_add(out, (struct bytes){ &c, 1 });
	else
		return false;
	return true;
}

bool
template_expand(struct bytes t, const struct match_groups *g, struct buf *out)
{
	bool ok = true;

	while (ok && t.len) {
		size_t plain = 0;

		while (plain < t.len && t.at[plain] != '$' && t.at[plain] != '\\')
			plain++;
		ok = buf_add(out, (struct bytes){ t.at, plain });
		t = bytes_from(t, plain);
		if (!ok || !t.len)
			break;
		if (put_meant(t, g, out, &ok)) {
			t = bytes_from(t, 2);
		} else {
			ok = buf_add(out, (struct bytes){ t.at, 1 });
			t = bytes_from(t, 1);
		}
	}
	return ok;
}

/* A match of nothing goes on behind the next byte. */
bool
template_replace(const struct match *m, struct bytes text, const struct text *with, struct buf *out, size_t *count)
{
	struct bytes put = { (const uint8_t *)with->at, with->len };
	struct match_groups g;
	size_t at = 0, from = 0;
	bool ok = true;

	*count = 0;
	while (ok && match_groups(m, text, at, &g)) {
		size_t begin = text.len ? (size_t)(g.group[0].at - text.at) : 0, end = begin + g.group[0].len;

		if (begin < from)
			break;
		ok = buf_add(out, (struct bytes){ text.at + from, begin - from }) &&
			(with->file ? buf_add(out, put) : template_expand(put, &g, out));
		from = end;
		at = end + !g.group[0].len;
		++*count;
	}
	return ok && buf_add(out, bytes_from(text, from));
}
