/* The chunked transfer coding, by llhttp; the only file that knows it. */
#include <stdlib.h>

#include "chunked.h"
#include "soth/buf.h"

/* llhttp wants a message around the chunks. */
static const char before[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

static int
on_body(llhttp_t *p, const char *at, size_t len)
{
	struct chunked *c = p->data;

	c->data(c->arg, (struct bytes){ (const uint8_t *)at, len });
	return 0;
}

static int
trailer_add(llhttp_t *p, const char *at, size_t len)
{
	struct chunked *c = p->data;

	if (!(p->flags & F_TRAILING))
		return 0;
	if (!c->trailer) {
		c->trailer = xalloc(sizeof(*c->trailer));
		buf_init(c->trailer, c->trailer_limit);
	}
	c->too_long = c->too_long || !buf_add(c->trailer, (struct bytes){ (const uint8_t *)at, len });
	return c->too_long ? HPE_USER : 0;
}

static int
on_name_end(llhttp_t *p)
{
	return trailer_add(p, ": ", 2);
}

static int
on_value_end(llhttp_t *p)
{
	return trailer_add(p, "\r\n", 2);
}

static int
on_end(llhttp_t *p)
{
	(void)p;
	return HPE_PAUSED;
}

void
chunked_init(struct chunked *c, size_t trailer_limit, void (*data)(void *arg, struct bytes piece), void *arg)
{
	*c = (struct chunked){ .data = data, .arg = arg, .trailer_limit = trailer_limit };
	llhttp_settings_init(&c->settings);
	c->settings.on_body = on_body;
	c->settings.on_header_field = trailer_add;
	c->settings.on_header_field_complete = on_name_end;
	c->settings.on_header_value = trailer_add;
	c->settings.on_header_value_complete = on_value_end;
	c->settings.on_message_complete = on_end;
	llhttp_init(&c->parser, HTTP_REQUEST, &c->settings);
	c->parser.data = c;
	(void)llhttp_execute(&c->parser, before, sizeof(before) - 1);
}

void
chunked_release(struct chunked *c)
{
	if (c->trailer)
		buf_release(c->trailer);
	free(c->trailer);
	c->trailer = NULL;
}

size_t
chunked_feed(struct chunked *c, struct bytes more, bool *ended, struct fault *why)
{
	llhttp_errno_t rc;

	c->parser.settings = &c->settings;	/* the struct may have moved */
	c->parser.data = c;
	rc = llhttp_execute(&c->parser, (const char *)more.at, more.len);
	*ended = rc == HPE_PAUSED;
	if (rc == HPE_OK)
		return more.len;
	if (rc == HPE_PAUSED)
		return (size_t)((const uint8_t *)llhttp_get_error_pos(&c->parser) - more.at);
	fault(why, "the chunked body is broken: %s", c->too_long ? "its trailer is too long" :
		llhttp_get_error_reason(&c->parser));
	return SIZE_MAX;
}

struct head *
chunked_trailer(struct chunked *c, struct fault *why)
{
	if (!c->trailer)
		return NULL;
	if (!buf_add(c->trailer, LIT("\r\n"))) {
		fault(why, "the trailer is too long");
		return NULL;
	}
	return head_parse(buf_bytes(c->trailer), HEAD_FIELDS, why);
}
