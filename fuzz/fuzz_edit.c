/*
 * Messages as text and back: what nobody touched is the same again, and what was touched is a message or a fault.
 *
 * How (mode, head, coding), a media type, a line; the body after its length (two bytes); then what is done to the text:
 * where (two bytes), how much is taken away, how much is put there, and that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/edit.h"
#include "soth/reader.h"
#include "soth/schema.h"

enum { TEXT_MAX = 32 << 20, HEAD_TEXT = 400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz_edit: %s\n", what);
		abort();
	}
}

static const struct schema *
shop(void)
{
	static const char *const path[] = { "tests/decode/shop.pb" };
	static struct schema *s;
	struct fault why;

	if (!s)
		s = schema_load(path, 1, &why);
	return s;
}

/* The text of a message, which reads as the same message again. */
static void
untouched(const struct edit_message *m, struct edit_form *form, struct buf *text)
{
	struct fault why = { "" };
	struct edit_result r;

	buf_init(text, TEXT_MAX);
	if (!edit_write(m, form, text)) {
		buf_eat(text, text->len);
		return;
	}
	if (!edit_read(m, form, buf_bytes(text), &r, &why))
		must(false, why.text);
	if (form->mode == EDIT_RAW && m->head && head_lists(m->head, "transfer-encoding", "chunked")) {
		must(bytes_same(r.raw.bytes, buf_bytes(text)), "raw is not exact");	/* what is in its chunks is another matter */
	} else {
		must(!r.head_changed && !r.body_changed && !r.trailers_changed && !r.saids, "it was not touched, and changed");
		must(bytes_same(r.body.bytes, m->body), "the body is another");
	}
	must(!m->head || bytes_same(head_text(r.head), head_text(m->head)), "the head is another");
	edit_result_release(&r);
}

static struct buf
touched(struct reader *r, struct bytes text)
{
	struct buf now, next;

	buf_init(&now, TEXT_MAX);
	(void)!buf_add(&now, text);
	while (r->rest.len && !r->ran_out) {
		size_t at = read_be16(r), gone = read_u8(r);
		struct bytes put = read_bytes(r, read_u8(r));

		at = now.len ? at % (now.len + 1) : 0;
		gone = gone < now.len - at ? gone : now.len - at;
		buf_init(&next, TEXT_MAX);
		(void)!(buf_add(&next, (struct bytes){ now.at, at }) && buf_add(&next, put) &&
			buf_add(&next, bytes_from(buf_bytes(&now), at + gone)));
		buf_release(&now);
		now = next;
	}
	return now;
}

static void
read_again(const struct edit_message *was, const struct edit_form *form, struct bytes text)
{
	struct fault why = { "" };
	struct edit_result r;
	struct edit_message is = *was;
	struct edit_form again = { .mode = EDIT_BEST };
	struct edit_rows rows;
	struct buf out;

	if (!edit_read(was, form, text, &r, &why)) {
		must(*why.text && !r.head && !r.raw.bytes.len, "a fault without words");
		return;
	}
	must(form->mode != EDIT_RAW || bytes_same(r.raw.bytes, text), "raw is not exact");
	is.head = r.head;
	is.body = r.body.bytes;
	is.trailers = r.head ? r.trailers : NULL;
	if (r.head && r.body_changed && form->mode != EDIT_RAW && head_find(r.head, "content-length").len)
		must(strtoull((const char *)head_find(r.head, "content-length").at, NULL, 10) == r.body.bytes.len,
			"a length that is not the body's");
	untouched(&is, &again, &out);
	buf_release(&out);
	edit_compare(was, &is, &rows);
	edit_rows_release(&rows);
	edit_result_release(&r);
}

static void
set_one(const struct edit_message *m, struct bytes text)
{
	size_t things = 0;
	struct fault why = { "" };
	struct edit_result r;
	struct buf value;
	char what[40];

	while (edit_things[things].name)
		things++;
	if (text.len < 12)
		return;
	snprintf(what, sizeof(what), "%s%s%.*s", edit_things[*text.at % things].name,
		edit_things[*text.at % things].named ? ":" : "", text.at[1] % 8, (const char *)text.at + 2);
	buf_init(&value, TEXT_MAX);
	(void)!edit_value(m, what, &value);
	buf_release(&value);
	if (edit_field(m, what, bytes_from(text, 10), &r, &why))
		edit_result_release(&r);
	else
		must(*why.text, "a fault without words");
}

static struct head *
head_of(uint8_t how, const char *coding, struct bytes type)
{
	static const char *const starts[] = {
		"POST /shop.Shop/Get?a=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\nCookie: a=b\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
		"HTTP/2 200 \r\ngrpc-encoding: gzip\r\nset-cookie: a=b; c\r\n",
	};
	const char *start = starts[how % ARRAY_LEN(starts)];
	char text[HEAD_TEXT + 200];
	struct fault why;

	snprintf(text, sizeof(text), "%s%s%s%sContent-Type: %.*s\r\n\r\n", start, *coding ? "Content-Encoding: " : "", coding,
		*coding ? "\r\n" : "", (int)(type.len < 200 ? type.len : 200), type.len ? (const char *)type.at : "");
	return head_parse(bytes_of(text), *start == 'P' ? HEAD_REQUEST : HEAD_RESPONSE, &why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const codings[] = { "", "gzip", "deflate", "br", "zstd", "gzip, br", "nope" };
	struct reader r = { { data, size }, false };
	uint8_t mode = read_u8(&r), how = read_u8(&r), coding = read_u8(&r);
	struct bytes type = read_line(&r), body = read_bytes(&r, read_be16(&r));
	struct edit_form form = { .mode = mode % 4, .bare = mode & 4 };
	struct edit_message m = { .body = body, .type = type, .schema = shop(), .path = LIT("/shop.Shop/Get") };
	struct buf text, now;
	struct fault why;

	if (r.ran_out)
		return 0;
	m.side = how & 8 ? CLIENT : SERVER;
	if (how & 16)
		m.trailers = head_parse(LIT("X-Sum: 1\r\n\r\n"), HEAD_FIELDS, &why);
	if (!(how & 32))
		m.head = head_of(how & 7, codings[coding % ARRAY_LEN(codings)], type);
	if (!m.head) {
		head_drop(m.trailers);
		m.trailers = NULL;
	}
	set_one(&m, r.rest);
	untouched(&m, &form, &text);
	if (form.shape) {
		now = touched(&r, buf_bytes(&text));
		read_again(&m, &form, buf_bytes(&now));
		buf_release(&now);
	}
	buf_release(&text);
	head_drop(m.head);
	head_drop(m.trailers);
	return 0;
}
