/* The body of a message behind its codings and its charset. */
#include <stdio.h>
#include <string.h>

#include "edit_inside.h"

struct bytes
message_type(const struct edit_message *m)
{
	struct bytes type = m->head ? head_find(m->head, "content-type") : (struct bytes){ 0 };

	return type.len ? type : m->type;
}

struct work
work_of(const struct edit_message *m, struct bytes plain)
{
	struct work w = { .plain = plain, .type = message_type(m), .path = m->path, .schema = m->schema, .side = m->side };

	if (m->head)
		w.coding = head_find(m->head, head_has(m->head, "grpc-encoding") ? "grpc-encoding" : "connect-content-encoding");
	if (!w.path.len && m->head && head_kind(m->head) == HEAD_REQUEST)
		w.path = head_target(m->head);
	work_choose(&w, m->as);
	return w;
}

void
opened_init(struct opened *o)
{
	buf_init(&o->plain, SIZE_MAX / 4);	/* as it came, it is there already */
	buf_init(&o->chars, EDIT_PLAIN_MAX * 2);
	*o->trouble.text = '\0';
}

void
opened_release(struct opened *o)
{
	buf_release(&o->plain);
	buf_release(&o->chars);
}

bool
open_codings(const struct edit_message *m, struct opened *o)
{
	struct buf scratch;
	bool ok;

	buf_init(&scratch, EDIT_LIST_MAX);
	ok = codings_undo(joined(m->head, "content-encoding", &scratch), m->body, &o->plain, &o->trouble);
	buf_release(&scratch);
	if (!ok) {
		buf_eat(&o->plain, o->plain.len);
		(void)!buf_add(&o->plain, m->body);
	}
	return ok;
}

void
charset_of(struct bytes type, struct bytes plain, char out[EDIT_NAME_MAX])
{
	const uint8_t *at = type.len ? memmem(type.at, type.len, "charset=", 8) : NULL;
	struct bytes rest = at ? behind(type, (size_t)(at + 8 - type.at)) : (struct bytes){ 0 };
	size_t n = 0;

	if (rest.len && *rest.at == '"')
		rest = behind(rest, 1);
	for (; n < rest.len && n < EDIT_NAME_MAX - 1 && !strchr("\"; \t/,", rest.at[n]); n++)
		out[n] = (char)rest.at[n];
	out[n] = '\0';
	if (plain.len >= 2 && (!memcmp(plain.at, "\xff\xfe", 2) || !memcmp(plain.at, "\xfe\xff", 2)))
		snprintf(out, EDIT_NAME_MAX, "utf-16%s", *plain.at == 0xff ? "le" : "be");
	if (!strcasecmp(out, "utf-8") || !strcasecmp(out, "utf8") || !strcasecmp(out, "us-ascii"))
		*out = '\0';
}

bool
open_charset(const char *charset, struct opened *o)
{
	struct work w = { 0 };
	struct buf back;
	size_t used;
	bool ok;

	buf_init(&back, o->plain.len + 1);
	ok = charset_convert(charset, "UTF-8", buf_bytes(&o->plain), &o->chars, &used);
	w.plain = buf_bytes(&o->chars);
	ok = ok && text_suits(&w) && charset_convert("UTF-8", charset, w.plain, &back, &used) &&
		bytes_same(buf_bytes(&back), buf_bytes(&o->plain));
	buf_release(&back);
	return ok;
}
