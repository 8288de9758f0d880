/* Between whom a flow goes: one block, counted. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "soth/note.h"

static struct bytes
keep(uint8_t **to, struct bytes text)
{
	struct bytes kept = { *to, text.len };

	if (text.len)
		memcpy(*to, text.at, text.len);
	*to += text.len;
	return kept;
}

static atomic_uint_fast64_t *
refs(struct origin *o)
{
	return (atomic_uint_fast64_t *)&o->refs;
}

struct origin *
origin_new(const struct origin *like)
{
	size_t text = like->client.len + like->listener.len + like->mode.len +
		like->scheme.len + like->host.len;
	struct origin *o = xalloc(sizeof(*o) + text);
	uint8_t *to = (uint8_t *)(o + 1);

	atomic_init(refs(o), 1);
	o->opened_by = like->opened_by;
	o->port = like->port;
	o->client = keep(&to, like->client);
	o->listener = keep(&to, like->listener);
	o->mode = keep(&to, like->mode);
	o->scheme = keep(&to, like->scheme);
	o->host = keep(&to, like->host);
	return o;
}

struct origin *
origin_ref(struct origin *o)
{
	atomic_fetch_add_explicit(refs(o), 1, memory_order_relaxed);
	return o;
}

void
origin_drop(struct origin *o)
{
	if (o && atomic_fetch_sub_explicit(refs(o), 1, memory_order_acq_rel) == 1)
		free(o);
}
