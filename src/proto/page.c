/* Pages of soth's own: what went wrong, for whoever sits at the client. */
#include <stdio.h>

#include "page.h"
#include "soth/buf.h"

enum { PAGE_MAX = 4096 };

static const struct { unsigned status; const char *reason; } reasons[] = {
	{ 400, "Bad Request" }, { 403, "Forbidden" }, { 407, "Proxy Authentication Required" }, { 408, "Request Timeout" }, { 413, "Content Too Large" },
	{ 414, "URI Too Long" }, { 431, "Request Header Fields Too Large" }, { 501, "Not Implemented" },
	{ 502, "Bad Gateway" }, { 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" }, { 508, "Loop Detected" },
};

static const char *
reason_of(unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

/* The words may quote a peer: nothing of them may become markup. */
bool
page_escape(struct buf *b, const char *s)
{
	for (; *s; s++) {
		bool ok = *s == '<' ? buf_add(b, LIT("&lt;")) : *s == '>' ? buf_add(b, LIT("&gt;")) :
			*s == '&' ? buf_add(b, LIT("&amp;")) : *s == '"' ? buf_add(b, LIT("&quot;")) : buf_add(b, (struct bytes){ (const uint8_t *)s, 1 });

		if (!ok)
			return false;
	}
	return true;
}

void
page_make(unsigned status, const char *words, struct head **head, struct slice *body)
{
	const char *reason = reason_of(status);
	struct fault why;
	struct buf b;
	char text[300];

	buf_init(&b, PAGE_MAX);
	(void)!(buf_addf(&b, "<!doctype html>\n<title>%u %s</title>\n<h1>%u %s</h1>\n<p>soth: ",
			status, reason, status, reason) && page_escape(&b, words) && buf_add(&b, LIT("\n")));
	*body = buf_seal(&b);
	snprintf(text, sizeof(text), "HTTP/1.1 %u %s\r\nContent-Type: text/html; charset=utf-8\r\n"
		"Content-Length: %zu\r\n%sConnection: close\r\n\r\n", status, reason, body->bytes.len,
		status == 407 ? "Proxy-Authenticate: Basic realm=\"soth\"\r\n" : "");
	*head = head_parse(bytes_of(text), HEAD_RESPONSE, &why);
}
