/* A body behind its content codings, as it comes. */
#include <string.h>

#include "coded.h"

/* So much is unpacked at a time: most codings make it at most a thousand times as long. */
enum { STEP = 4096 };

static struct bytes
list_next(struct bytes *list)
{
	const uint8_t *comma = list->len ? memchr(list->at, ',', list->len) : NULL;
	size_t len = comma ? (size_t)(comma - list->at) : list->len;
	struct bytes member = { list->at, len };

	list->at += len + (comma != NULL);
	list->len -= len + (comma != NULL);
	return bytes_trim(member);
}

/* In front: codings are listed in the order they were applied (RFC 9110 section 8.4). */
static bool
coding_add(struct coded *c, struct bytes name)
{
	struct inflater *i;

	if (!name.len || bytes_like(name, "identity"))
		return true;
	i = c->count < CODINGS_MAX ? inflater_new(name) : NULL;
	if (!i)
		return false;
	memmove(c->inflater + 1, c->inflater, c->count * sizeof(*c->inflater));
	c->inflater[0] = i;
	buf_init(&c->out[c->count++], CODED_PIECE_MAX);
	return true;
}

bool
coded_start(struct coded *c, const struct head *h)
{
	*c = (struct coded){ 0 };
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		while (bytes_like(f.name, "content-encoding") && f.value.len)
			if (!coding_add(c, list_next(&f.value))) {
				coded_stop(c);
				return false;
			}
	}
	return true;
}

static bool
coded_step(struct coded *c, size_t depth, struct bytes more, coded_sink *to, void *arg, struct fault *why)
{
	struct buf *out = &c->out[depth];
	bool ok = true;

	if (depth == c->count) {
		to(arg, more);
		return true;
	}
	while (ok && more.len) {
		struct bytes step = { more.at, more.len < STEP ? more.len : STEP };

		more.at += step.len;
		more.len -= step.len;
		ok = inflater_feed(c->inflater[depth], step, out, why);
		if (out->len && !coded_step(c, depth + 1, buf_bytes(out), to, arg, why))
			ok = false;
		buf_eat(out, out->len);
	}
	return ok;
}

bool
coded_feed(struct coded *c, struct bytes more, coded_sink *to, void *arg, struct fault *why)
{
	c->begun = true;
	return coded_step(c, 0, more, to, arg, why);
}

bool
coded_cut_off(const struct coded *c)
{
	return c->count && c->begun && !inflater_ended(c->inflater[0]);
}

void
coded_stop(struct coded *c)
{
	for (size_t i = 0; i < c->count; i++) {
		inflater_free(c->inflater[i]);
		buf_release(&c->out[i]);
	}
	c->count = 0;
}
