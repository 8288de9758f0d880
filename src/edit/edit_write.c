/* A whole message as text. */
#include <string.h>

#include "edit_inside.h"
#include "soth/fieldlist.h"

/* Of `form`, whose mode is said, the rest. SHAPES at the end: no room. */
static size_t
body_show(const struct edit_message *m, struct edit_form *form, struct opened *o, struct buf *out)
{
	struct work w;

	form->coded = open_codings(m, o);
	*form->charset = '\0';
	if (form->coded && form->mode != EDIT_HEX)
		charset_of(message_type(m), buf_bytes(&o->plain), form->charset);
	if (*form->charset && !open_charset(form->charset, o))
		*form->charset = '\0';
	w = work_of(m, buf_bytes(*form->charset ? &o->chars : &o->plain));
	return shape_best(&w, form->mode, *form->charset, out);
}

static bool
notes_put(const struct edit_message *m, const struct edit_form *form, const struct opened *o, struct buf *out)
{
	struct buf scratch;
	struct bytes list;
	bool ok = true;

	buf_init(&scratch, EDIT_LIST_MAX);
	list = joined(m->head, "content-encoding", &scratch);
	if (list.len > EDIT_LIST_SHOWN)
		list.len = EDIT_LIST_SHOWN;
	if (list.len && !form->coded)
		ok = buf_addf(out, "#! %.*s could not be undone: %s; the body as it came:\n", (int)list.len, (const char *)list.at,
			o->trouble.text);
	else if (list.len && m->body.len)
		ok = buf_addf(out, "#! %.*s is undone, and put back\n", (int)list.len, (const char *)list.at);
	if (ok && *form->charset)
		ok = buf_addf(out, "#! the charset is %s, into which it is put back\n", form->charset);
	buf_release(&scratch);
	if (m->body.len)
		ok = ok && buf_addf(out, "#! %zu bytes: %s\n", o->plain.len, edit_shapes[shape_named(form->shape)].about);
	else
		ok = ok && buf_add(out, LIT("#! no body\n"));
	return ok && buf_add(out, LIT("#! Lines that begin with #! in the head are left out.\n"));
}

static bool
raw_put(const struct edit_message *m, struct buf *out)
{
	return (!m->head || buf_add(out, head_text(m->head))) && buf_add(out, m->body);
}

static bool
head_put(const struct edit_message *m, struct edit_form *form, const struct opened *o, struct buf *out)
{
	/* "#!" is a method that may be. */
	form->notes = !(m->head && bytes_are(head_method(m->head), "#!"));
	if (!form->bare && form->notes && !notes_put(m, form, o, out))
		return false;
	if (m->head)
		return headlines_put(m->head, m->trailers, out);
	return form->bare || buf_add(out, LIT("\n"));
}

bool
edit_write(const struct edit_message *m, struct edit_form *form, struct buf *out)
{
	struct opened o;
	struct buf body;
	size_t shape;
	bool ok;

	if (form->mode == EDIT_RAW) {
		form->shape = "raw";
		return raw_put(m, out);
	}
	if (form->mode == EDIT_LIST) {
		form->shape = "raw";
		return fieldlist_write(m->head, m->trailers, form->tls, out) && buf_add(out, m->body);
	}
	opened_init(&o);
	buf_init(&body, out->limit);
	shape = body_show(m, form, &o, &body);
	form->shape = edit_shapes[shape].name;
	ok = form->shape && head_put(m, form, &o, out) && buf_add(out, buf_bytes(&body)) &&
		(!body.len || buf_add(out, LIT("\n")));
	buf_release(&body);
	opened_release(&o);
	return ok;
}
