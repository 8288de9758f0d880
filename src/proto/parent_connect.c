/* A connection asked of an HTTP proxy: CONNECT, RFC 9110 section 9.3.6. */
#include <stdio.h>
#include <string.h>

#include "headers.h"
#include "parent.h"
#include "target.h"

enum { REQUEST_MAX = 4096 };

static bool
connect_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct parent *p = st;
	char room[300];
	struct bytes where;
	struct buf b;
	bool ok;

	if (!parent_start(p, args, why))
		return false;
	where = target_text(p->host, p->port, 0, room);
	buf_init(&b, REQUEST_MAX);
	ok = buf_addf(&b, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", (const char *)where.at, (const char *)where.at);
	if (ok && *p->auth)
		ok = buf_add(&b, LIT("Proxy-Authorization: ")) && parent_basic(p->auth, &b) && buf_add(&b, LIT("\r\n"));
	ok = ok && buf_add(&b, LIT("\r\n"));
	parent_say(out, &b);
	return ok || fault(why, "the request to the parent proxy is too long");
}

/* The answer's head, once it is whole: its length; 0: not yet, or not within the limit. */
static size_t
head_len(const struct parent *p)
{
	size_t len = p->in.len < p->head_limit ? p->in.len : p->head_limit;
	const uint8_t *end = len ? memmem(p->in.at, len, "\r\n\r\n", 4) : NULL;

	return end ? (size_t)(end - p->in.at) + 4 : 0;
}

static void
connect_answered(struct parent *p, const struct head *head, struct out *out)
{
	struct bytes reason = head_reason(head);
	unsigned status = head_status(head);
	char words[100];

	if (status >= 200 && status < 300) {
		parent_opened(p, (struct bytes){ 0 }, out);
		return;
	}
	snprintf(words, sizeof(words), "answered %u %.*s%s", status, (int)(reason.len < 40 ? reason.len : 40),
		reason.len ? (const char *)reason.at : "", status == 407 ? ": see upstream-auth" : "");
	parent_failed(p, FAIL_REFUSED, words, out);
}

static void
connect_read(struct parent *p, struct out *out)
{
	size_t len;

	while (!p->open && !p->dead && (len = head_len(p))) {
		struct fault why;
		struct head *head = head_parse((struct bytes){ p->in.at, len }, HEAD_RESPONSE, &why);

		buf_eat(&p->in, len);
		if (!head)
			parent_failed(p, FAIL_OTHER, why.text, out);
		else if (head_status(head) >= 200)	/* 1xx before it are passed over */
			connect_answered(p, head, out);
		head_drop(head);
	}
	if (!p->open && !p->dead && p->in.len > p->head_limit)
		parent_failed(p, FAIL_OTHER, "answers with a head that is too long", out);
}

static void
connect_event(void *st, struct event *ev, struct out *out)
{
	parent_event(st, ev, out, connect_read);
}

const struct layer_ops layer_connect = {
	.name = "connect",
	.size = sizeof(struct parent),
	.start = connect_start,
	.event = connect_event,
	.command = parent_command,
	.stop = parent_stop,
};
