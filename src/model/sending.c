/* A request that soth itself is to send. */
#include <stdlib.h>
#include <string.h>

#include "soth/chunks.h"
#include "soth/fieldlist.h"
#include "soth/sending.h"

bool
sending_check(const struct sending *s, struct fault *why)
{
	bool websocket;

	if (!s->head || head_kind(s->head) != HEAD_REQUEST)
		return fault(why, "there is no request to send");
	websocket = bytes_like(head_find(s->head, "upgrade"), "websocket");
	if (bytes_are(head_method(s->head), "CONNECT") && !websocket && !s->raw.bytes.len)
		return fault(why, "a tunnel cannot be sent again");
	if (websocket && !s->raw.bytes.len && !s->says)
		return fault(why, "a WebSocket cannot be sent again");
	if (!*s->host || !s->port)
		return fault(why, "the request has no host to go to");
	return true;
}

/* The word at *at, of what can stand in a start line; empty: none. */
static struct bytes
word(struct bytes line, size_t *at)
{
	struct bytes w;
	size_t len = 0;

	while (*at < line.len && line.at[*at] == ' ')
		++*at;
	w = bytes_from(line, *at);
	while (len < w.len && w.at[len] > ' ' && w.at[len] < 0x7f)
		len++;
	w.len = len;
	*at += len;
	return w;
}

/* Some head that tells of such a line. */
static struct head *
head_like(struct bytes line)
{
	size_t at = 0;
	struct draft d = { .kind = HEAD_REQUEST, .version = HTTP_1_1 };
	struct fault why;
	struct head *h;

	d.method = word(line, &at);
	d.target = word(line, &at);
	h = d.method.len && d.target.len ? head_make(&d, &why) : NULL;
	if (h)
		return h;
	d.method = LIT("GET");
	d.target = LIT("/");
	return head_make(&d, &why);
}

/* What is behind such a head; as it stands where its framing cannot be read. Takes it. */
static void
body_said(struct sending *s, struct slice framed)
{
	struct chunks c;
	struct fault why;

	if (!chunks_read(s->head, framed.bytes, &c, &why)) {
		s->body = framed;
		return;
	}
	slice_drop(&framed);
	s->body = c.body;
	s->trailer = c.trailer;
}

void
sending_raw(struct sending *s, struct slice raw)
{
	struct bytes b = raw.bytes;
	const uint8_t *end = b.len ? memmem(b.at, b.len, "\r\n\r\n", 4) : NULL;
	const uint8_t *line = b.len ? memchr(b.at, '\n', b.len) : NULL;
	size_t head = end ? (size_t)(end - b.at) + 4 : 0, first = line ? (size_t)(line - b.at) + 1 : b.len;
	bool whole;
	struct fault why;

	s->head = head ? head_parse((struct bytes){ b.at, head }, HEAD_REQUEST, &why) : NULL;
	whole = s->head;
	if (!whole) {
		s->head = head_like((struct bytes){ b.at, first });
		head = first;
	}
	s->body = head < b.len ? slice_cut(raw, head, b.len - head) : (struct slice){ 0 };
	if (whole)
		body_said(s, s->body);
	s->raw = raw;
	s->list = false;
	s->h1_only = true;
}

bool
sending_list(struct sending *s, struct slice raw, struct fault *why)
{
	struct fieldlist l;
	bool whole;
	size_t at;

	if (!fieldlist_read(slice_ref(raw), &l, &at, why)) {
		slice_drop(&raw);
		return false;
	}
	s->head = fieldlist_head(&l, HEAD_REQUEST, &whole);
	s->trailer = fieldlist_trailer(&l, &whole);
	s->body = slice_ref(l.body);
	s->raw = raw;
	s->list = true;
	s->h1_only = false;
	fieldlist_release(&l);
	return true;
}

struct sending *
sending_copy(const struct sending *s)
{
	struct sending *made = xalloc(sizeof(*made));

	*made = *s;
	made->head = head_ref(s->head);
	made->trailer = s->trailer ? head_ref(s->trailer) : NULL;
	made->body = slice_ref(s->body);
	made->raw = slice_ref(s->raw);
	made->says = s->says ? sayings_ref(s->says) : NULL;
	return made;
}

void
sending_release(struct sending *s)
{
	head_drop(s->head);
	head_drop(s->trailer);
	slice_drop(&s->body);
	slice_drop(&s->raw);
	sayings_drop(s->says);
	*s = (struct sending){ 0 };
}

void
sending_free(struct sending *s)
{
	if (s)
		sending_release(s);
	free(s);
}
