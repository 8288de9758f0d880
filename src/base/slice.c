/* Shared, unchanging bytes. */
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "soth/slice.h"

/* A part smaller than an eighth of its block is copied rather than shared. */
enum { PIN_RATIO = 8 };

struct slice
slice_new(size_t len, uint8_t **at)
{
	struct blob *blob = xgrow(NULL, 1, sizeof(*blob) + len);

	atomic_init(&blob->refs, 1);
	blob->len = len;
	*at = blob->data;
	return (struct slice){ { blob->data, len }, blob };
}

struct slice
slice_copy(struct bytes from)
{
	struct slice s = { 0 };
	uint8_t *at;

	if (!from.len)
		return s;
	s = slice_new(from.len, &at);
	memcpy(at, from.at, from.len);
	return s;
}

struct slice
slice_text(const char *s)
{
	return slice_copy((struct bytes){ (const uint8_t *)s, strlen(s) });
}

struct slice
slice_ref(struct slice s)
{
	if (s.owner)
		atomic_fetch_add_explicit(&s.owner->refs, 1, memory_order_relaxed);
	return s;
}

struct slice
slice_cut(struct slice s, size_t start, size_t len)
{
	struct bytes part = { s.bytes.at + start, len };

	if (!len)
		return (struct slice){ 0 };
	if (!s.owner || len < s.owner->len / PIN_RATIO)
		return slice_copy(part);
	s = slice_ref(s);
	s.bytes = part;
	return s;
}

void
slice_drop(struct slice *s)
{
	struct blob *blob = s->owner;

	*s = (struct slice){ 0 };
	/* Acquire and release in one: the sanitizers know no fences. */
	if (blob && atomic_fetch_sub_explicit(&blob->refs, 1, memory_order_acq_rel) == 1)
		free(blob);
}
