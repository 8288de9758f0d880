/* How long a body is, from its head alone. */
#include "framing.h"

static bool
number_read(struct bytes text, uint64_t *n)
{
	*n = 0;
	if (!text.len || text.len > 18)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*n = *n * 10 + text.at[i] - '0';
	}
	return true;
}

static size_t
count_of(const struct head *h, const char *name, struct bytes *last)
{
	size_t count = 0;

	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (bytes_like(f.name, name)) {
			*last = f.value;
			count++;
		}
	}
	return count;
}

/* NONE where no field says anything. */
static bool
framing_fields(const struct head *h, struct framing *out, struct fault *why)
{
	struct bytes coding = { 0 }, length = { 0 };
	size_t codings = count_of(h, "transfer-encoding", &coding);
	size_t lengths = count_of(h, "content-length", &length);

	*out = (struct framing){ FRAMING_NONE, 0 };
	if (codings && lengths)
		return fault(why, "both Content-Length and Transfer-Encoding");
	if (codings > 1 || (codings && !bytes_like(coding, "chunked")))
		return fault(why, "a Transfer-Encoding that is not one chunked");
	if (codings && head_version(h) == HTTP_1_0)
		return fault(why, "Transfer-Encoding in HTTP/1.0");
	if (lengths > 1)
		return fault(why, "more than one Content-Length");
	if (lengths && !number_read(length, &out->length))
		return fault(why, "a Content-Length that is no number");
	out->kind = codings ? FRAMING_CHUNKED : lengths ? FRAMING_LENGTH : FRAMING_NONE;
	return true;
}

bool
framing_request(const struct head *h, struct framing *out, struct fault *why)
{
	struct bytes host = { 0 };
	size_t hosts = count_of(h, "host", &host);

	if (hosts > 1)
		return fault(why, "more than one Host");
	if (!hosts && head_version(h) == HTTP_1_1)
		return fault(why, "no Host");
	return framing_fields(h, out, why);
}

bool
framing_response(const struct head *h, struct bytes method, struct framing *out, struct fault *why)
{
	unsigned status = head_status(h);

	if (!framing_fields(h, out, why))
		return false;
	if (status < 200 || status == 204 || status == 304 || bytes_are(method, "HEAD") ||
			(bytes_are(method, "CONNECT") && status < 300))
		*out = (struct framing){ FRAMING_NONE, 0 };
	else if (out->kind == FRAMING_NONE)
		out->kind = FRAMING_CLOSE;
	return true;
}

bool
framing_persists(const struct head *h)
{
	if (head_lists(h, "connection", "close"))
		return false;
	return head_version(h) != HTTP_1_0 || head_lists(h, "connection", "keep-alive");
}
