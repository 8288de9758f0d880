/* Heads not yet made: changed field by field, then made whole. */
#include <stdlib.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/head.h"

enum { MADE_MAX = 16 << 20, ROOM_FIRST = 16 };

void
draft_of(struct draft *d, const struct head *h)
{
	*d = (struct draft){
		.kind = head_kind(h), .version = head_version(h),
		.method = head_method(h), .target = head_target(h),
		.status = head_status(h), .reason = head_reason(h),
	};
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		draft_add(d, f.name, f.value);
	}
}

void
draft_add(struct draft *d, struct bytes name, struct bytes value)
{
	if (d->fields == d->room) {
		d->room = d->room ? d->room * 2 : ROOM_FIRST;
		d->field = xgrow(d->field, d->room, sizeof(*d->field));
	}
	d->field[d->fields++] = (struct field){ name, value };
}

void
draft_set(struct draft *d, const char *name, struct bytes value)
{
	for (size_t i = 0; i < d->fields; i++) {
		if (bytes_like(d->field[i].name, name)) {
			d->field[i].value = value;
			return;
		}
	}
	draft_add(d, bytes_of(name), value);
}

void
draft_remove(struct draft *d, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->fields; i++)
		if (!bytes_like(d->field[i].name, name))
			d->field[kept++] = d->field[i];
	d->fields = kept;
}

void
draft_release(struct draft *d)
{
	free(d->field);
	*d = (struct draft){ 0 };
}

static bool
put(struct buf *b, struct bytes text, const char *then)
{
	return buf_add(b, text) && buf_add(b, bytes_of(then));
}

static bool
start_line(const struct draft *d, struct buf *b)
{
	static const char *const versions[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };

	if (d->kind == HEAD_REQUEST)
		return put(b, d->method, " ") && put(b, d->target, " ") &&
			put(b, bytes_of(versions[d->version]), "\r\n");
	if (d->kind == HEAD_RESPONSE)
		return put(b, bytes_of(versions[d->version]), " ") &&
			buf_addf(b, "%03u ", d->status) && put(b, d->reason, "\r\n");
	return true;
}

static bool
has_break(struct bytes b)
{
	return b.len && (memchr(b.at, '\r', b.len) || memchr(b.at, '\n', b.len));
}

struct head *
head_make(const struct draft *d, struct fault *why)
{
	struct head *h = NULL;
	struct buf b;
	bool ok;

	buf_init(&b, MADE_MAX);
	ok = start_line(d, &b);
	for (size_t i = 0; ok && i < d->fields; i++) {
		/* A line break in a value would make two fields of one. */
		if (has_break(d->field[i].value)) {
			fault(why, "field %zu has a line break", i + 1);
			goto out;
		}
		ok = put(&b, d->field[i].name, ": ") && put(&b, d->field[i].value, "\r\n");
	}
	if (ok && buf_add(&b, LIT("\r\n")))
		h = head_parse(buf_bytes(&b), d->kind, why);
	else
		fault(why, "the head is larger than %u bytes", MADE_MAX);
out:
	buf_release(&b);
	return h;
}
