/* From a value in JSON to its path: one walk that knows what is open around it. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "soth/buf.h"
#include "soth/jsonpath.h"

struct open {			/* an object or array around what comes */
	const uint8_t *name;	/* of the member: its quote; NULL: none yet */
	uint64_t index;
	bool object, key;	/* a name comes */
};

struct walk {
	const uint8_t *at, *end, *target;
	uint64_t values;
	struct open *open;
	size_t depth, room;
};

static bool
walk_open(struct walk *w)
{
	if (w->depth == JSONPATH_DEPTH_MAX)
		return false;
	if (w->depth == w->room)
		w->open = xgrow(w->open, w->room = w->room ? 2 * w->room : 64, sizeof(*w->open));
	w->open[w->depth++] = (struct open){ .object = *w->at == '{', .key = *w->at == '{' };
	w->at++;
	return true;
}

/* A name, or a string that is no name. */
static bool
walk_string(struct walk *w)
{
	struct open *in = w->depth ? &w->open[w->depth - 1] : NULL;

	if (in && in->key) {
		in->name = w->at;
		in->key = false;
	} else {
		w->values += !in;
	}
	w->at = json_string_end(w->at, w->end);
	return w->at;
}

static void
walk_mark(struct walk *w)
{
	struct open *in = w->depth ? &w->open[w->depth - 1] : NULL;

	if (*w->at == ',' && in) {
		in->index++;
		in->key = in->object;
	} else if (*w->at == '}' || *w->at == ']') {
		w->depth -= w->depth > 0;
	}
	w->at++;
}

static void
walk_scalar(struct walk *w)
{
	w->values += !w->depth;
	w->at = json_scalar_end(w->at, w->end);
}

static void
walk_space(struct walk *w)
{
	const uint8_t *next = json_space_end(w->at, w->end);

	w->at = next > w->at ? next : next + 1;
}

/* One thing, whatever it is; false: it goes no further. */
static bool
walk_token(struct walk *w)
{
	switch (*w->at) {
	case '"':
		return walk_string(w);
	case '{': case '[':
		w->values += !w->depth;
		return walk_open(w);
	case ',': case ':': case '}': case ']':
		walk_mark(w);
		return true;
	default:
		walk_scalar(w);
		return true;
	}
}

/* Does a value begin here? A name is none. */
static bool
walk_at_value(const struct walk *w)
{
	return !strchr(",:]}", *w->at ? *w->at : ',') && !(w->depth && w->open[w->depth - 1].key);
}

/* Up to the target; false: it is not the beginning of a value. */
static bool
walk_to(struct walk *w)
{
	while (w->at < w->end) {
		if (*w->at <= ' ' || *w->at == '/') {
			walk_space(w);
			continue;
		}
		if (w->at >= w->target)
			break;
		if (!walk_token(w))
			return false;
	}
	if (w->at != w->target || w->at == w->end || !walk_at_value(w))
		return false;
	w->values += !w->depth;
	return true;
}

static bool
is_plain(uint8_t c, bool first)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || (!first && c >= '0' && c <= '9');
}

/* What is bare in a name and should not be gets escaped. */
static bool
put_bytes(struct buf *to, struct bytes name)
{
	for (size_t i = 0, done = 0; i <= name.len; i++) {
		if (i < name.len && name.at[i] >= 0x20)
			continue;
		if (!buf_add(to, (struct bytes){ name.at + done, i - done }))
			return false;
		if (i < name.len && !buf_addf(to, "\\u%04x", name.at[i]))
			return false;
		done = i + 1;
	}
	return true;
}

/* ".name" or "[\"a b\"]" */
static bool
put_name(struct buf *to, const uint8_t *name, const uint8_t *end)
{
	struct bytes inner = { name + 1, (size_t)(end - name) - 2 };
	bool plain = inner.len;

	for (size_t i = 0; i < inner.len && plain; i++)
		plain = is_plain(inner.at[i], !i);
	return buf_add(to, plain ? LIT(".") : LIT("[\"")) && put_bytes(to, inner) && buf_add(to, plain ? LIT("") : LIT("\"]"));
}

static bool
put_path(struct buf *to, const struct walk *w)
{
	if (!buf_addf(to, w->values > 1 ? "$%llu" : "$", (unsigned long long)w->values))
		return false;
	for (size_t i = 0; i < w->depth; i++) {
		const struct open *in = &w->open[i];
		const uint8_t *end = in->name ? json_string_end(in->name, w->end) : NULL;

		if (in->object ? !end || !put_name(to, in->name, end) :
				!buf_addf(to, "[%llu]", (unsigned long long)in->index))
			return false;
	}
	return true;
}

bool
jsonpath_at(struct bytes json, uint64_t offset, char *out, size_t room)
{
	struct walk w = { .at = json.at, .end = json.at + json.len };
	struct buf path;
	bool fits = false;

	if (!room || offset >= json.len)
		return false;
	w.target = json.at + offset;
	if (json.len > 3 && !memcmp(json.at, "\xef\xbb\xbf", 3))
		w.at += 3;
	buf_init(&path, room - 1);
	if (walk_to(&w) && put_path(&path, &w)) {
		memcpy(out, buf_bytes(&path).at, buf_bytes(&path).len);
		out[buf_bytes(&path).len] = '\0';
		fits = true;
	}
	buf_release(&path);
	free(w.open);
	return fits;
}
