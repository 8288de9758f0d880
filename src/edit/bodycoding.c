/* A body's content codings and charset, off and on again. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "edit_inside.h"
#include "soth/deflate.h"
#include "soth/inflate.h"

enum { CODINGS_MAX = 8, CHUNK = 16 * 1024, INFLATED_ROOM = 64 * 1024 };

struct codings { struct bytes name[CODINGS_MAX]; size_t count; };

/* In the order they were put on (RFC 9110 section 8.4). False: there is one that is not known, or too many. */
static bool
codings_read(struct bytes list, struct codings *c)
{
	*c = (struct codings){ .count = 0 };
	while (list.len) {
		const uint8_t *comma = memchr(list.at, ',', list.len);
		struct bytes one = { list.at, comma ? (size_t)(comma - list.at) : list.len };

		list = behind(list, one.len + 1);
		one = bytes_trim(one);
		if (!one.len || bytes_like(one, "identity"))
			continue;
		if (!deflate_knows(one) || c->count == CODINGS_MAX)
			return false;
		c->name[c->count++] = one;
	}
	return true;
}

bool
codings_known(struct bytes list)
{
	struct codings c;

	return codings_read(list, &c);
}

static bool
coding_undo(struct bytes name, struct bytes body, struct buf *out, struct fault *why)
{
	struct inflater *i = inflater_new(name);
	bool ok;

	if (!i)
		return fault(why, "it is not known");
	ok = inflater_feed(i, body, out, why) && (inflater_ended(i) || fault(why, "cut off: the compressed data has no end"));
	inflater_free(i);
	return ok;
}

/* One after the other, each into a buffer of its own. */
static bool
codings_each(const struct codings *c, bool undo, struct bytes from, struct buf *out, struct fault *why)
{
	struct buf now, next;
	bool ok = true;

	buf_init(&now, EDIT_PLAIN_MAX + INFLATED_ROOM);
	ok = buf_add(&now, from) || fault(why, "more than %d MiB", EDIT_PLAIN_MAX >> 20);
	for (size_t i = 0; ok && i < c->count; i++) {
		buf_init(&next, EDIT_PLAIN_MAX + INFLATED_ROOM);
		ok = undo ? coding_undo(c->name[c->count - 1 - i], buf_bytes(&now), &next, why) :
			deflate_all(c->name[i], buf_bytes(&now), &next, why);
		buf_release(&now);
		now = next;
	}
	ok = ok && (buf_add(out, buf_bytes(&now)) || fault(why, "more than there is room for"));
	buf_release(&now);
	return ok;
}

bool
codings_undo(struct bytes list, struct bytes body, struct buf *out, struct fault *why)
{
	struct codings c;

	if (!codings_read(list, &c))
		return fault(why, "it is not known");
	if (!body.len)
		return true;
	return codings_each(&c, true, body, out, why);
}

/* Nothing stays nothing: a message without a body names codings, too. */
bool
codings_put(struct bytes list, struct bytes plain, struct buf *out, struct fault *why)
{
	struct codings c;

	if (!codings_read(list, &c) || !plain.len)
		return buf_add(out, plain) || fault(why, "more than there is room for");
	return codings_each(&c, false, plain, out, why);
}

static bool
charset_run(iconv_t how, struct bytes in, struct buf *out, size_t *used)
{
	char *from = (char *)(uintptr_t)in.at;
	size_t left = in.len, ret = 0;
	bool flushed = false;

	while (left || !flushed) {
		char to[CHUNK], *end = to;
		size_t room = sizeof(to);

		errno = 0;
		flushed = !left;
		ret = iconv(how, left ? &from : NULL, &left, &end, &room);
		*used = in.len - left;
		if (!buf_add(out, (struct bytes){ (uint8_t *)to, (size_t)(end - to) }))
			return false;
		if (ret == (size_t)-1 && errno != E2BIG)
			return false;
	}
	return true;
}

bool
charset_convert(const char *from, const char *to, struct bytes in, struct buf *out, size_t *used)
{
	iconv_t how = iconv_open(to, from);
	bool ok;

	*used = 0;
	if (how == (iconv_t)-1)
		return false;
	ok = charset_run(how, in, out, used);
	iconv_close(how);
	return ok;
}
