/* What a head says of its message: its framing, its connection, and what it may not say. */
#include "headers.h"

enum { DIGITS_MAX = 18 };	/* below 2^63 whatever they are */

struct survey {			/* the fields that frame and route */
	struct bytes length, coding, host;
	unsigned lengths, codings, hosts;
};

static void
survey_field(struct survey *s, struct field f)
{
	switch (f.name.len) {
	case sizeof("host") - 1:
		if (bytes_like(f.name, "host")) {
			s->host = f.value;
			s->hosts++;
		}
		break;
	case sizeof("content-length") - 1:
		if (bytes_like(f.name, "content-length")) {
			s->length = f.value;
			s->lengths++;
		}
		break;
	case sizeof("transfer-encoding") - 1:
		if (bytes_like(f.name, "transfer-encoding")) {
			s->coding = f.value;
			s->codings++;
		}
		break;
	default:
		break;
	}
}

static struct survey
survey_of(const struct head *h)
{
	struct survey s = { 0 };

	for (size_t i = 0; i < head_count(h); i++)
		survey_field(&s, head_field(h, i));
	return s;
}

/* 1*DIGIT and nothing else: no sign, no list, no white space. */
static bool
length_read(struct bytes text, uint64_t *length)
{
	*length = 0;
	while (text.len > 1 && *text.at == '0')
		text.at++, text.len--;
	if (!text.len || text.len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*length = *length * 10 + (text.at[i] - '0');
	}
	return true;
}

/* Nothing in it that would make it more than a host and a port. */
static bool
host_is_plain(struct bytes host)
{
	for (size_t i = 0; i < host.len; i++) {
		switch (host.at[i]) {
		case ' ': case '\t': case '/': case '\\': case '?': case '#': case '@':
			return false;
		default:
			break;
		}
	}
	return true;
}

static bool
check_coding(const struct head *h, const struct survey *s, struct fault *why)
{
	unsigned status = head_status(h);

	if (!s->codings)
		return true;
	if (s->lengths)
		return fault(why, "content-length and transfer-encoding are both there (RFC 9112 section 6.1)");
	if (s->codings > 1 || !bytes_like(s->coding, "chunked"))
		return fault(why, "transfer-encoding is not chunked alone (RFC 9112 section 6.1)");
	if (head_version(h) == HTTP_1_0)
		return fault(why, "transfer-encoding in an HTTP/1.0 message (RFC 9112 section 6.1)");
	if ((status >= 100 && status < 200) || status == 204)
		return fault(why, "transfer-encoding in a %u response (RFC 9112 section 6.1)", status);
	return true;
}

static bool
check_length(const struct survey *s, struct fault *why)
{
	uint64_t length;

	if (s->lengths > 1)
		return fault(why, "there are %u content-length fields (RFC 9110 section 8.6)", s->lengths);
	if (s->lengths && !length_read(s->length, &length))
		return fault(why, "content-length is not a number (RFC 9110 section 8.6)");
	return true;
}

static bool
check_request(const struct head *h, const struct survey *s, struct fault *why)
{
	uint64_t length;

	if (s->hosts > 1)
		return fault(why, "there are %u host fields (RFC 9112 section 3.2)", s->hosts);
	if (!s->hosts && head_version(h) != HTTP_1_0)
		return fault(why, "there is no host field (RFC 9112 section 3.2)");
	if (!host_is_plain(s->host))
		return fault(why, "host is not a host and a port (RFC 9110 section 7.2)");
	if (bytes_are(head_method(h), "CONNECT") &&
			(s->codings || (s->lengths && length_read(s->length, &length) && length)))
		return fault(why, "a CONNECT request has a body (RFC 9110 section 9.3.6)");
	return true;
}

/* What is said between neighbours on HTTP/1 (RFC 9113 section 8.2.2). The
 * field upgrade stands for :protocol, which a CONNECT alone may have. */
static bool
check_connection2(const struct head *h, struct fault *why)
{
	static const char *const names[] = { "connection", "keep-alive", "proxy-connection", "transfer-encoding" };
	struct bytes te = head_find(h, "te");

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (head_has(h, names[i]))
			return fault(why, "RFC 9113 section 8.2.2: the field %s", names[i]);
	if (head_has(h, "upgrade") && !bytes_are(head_method(h), "CONNECT"))
		return fault(why, "RFC 9113 section 8.2.2: the field upgrade");
	if (head_has(h, "te") && !bytes_like(te, "trailers"))
		return fault(why, "RFC 9113 section 8.2.2: te says other than trailers");
	return true;
}

static unsigned
headers_check2(const struct head *h, const struct survey *s, struct fault *why)
{
	bool request = head_kind(h) == HEAD_REQUEST;
	bool ok = check_connection2(h, why) && check_length(s, why);

	if (ok && request && s->hosts > 1)
		ok = fault(why, "there are %u host fields (RFC 9112 section 3.2)", s->hosts);
	if (ok && request && !host_is_plain(s->host))
		ok = fault(why, "host is not a host and a port (RFC 9110 section 7.2)");
	return ok ? 0 : request ? 400 : 502;
}

bool
headers_check_name2(struct bytes name, struct fault *why)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] >= 'A' && name.at[i] <= 'Z')
			return fault(why, "RFC 9113 section 8.2.1: a field's name has capital letters");
	return name.len || fault(why, "RFC 9113 section 8.2.1: a field without a name");
}

bool
headers_check_value2(struct bytes name, struct bytes value, struct fault *why)
{
	(void)name;
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] == '\r' || value.at[i] == '\n' || !value.at[i])
			return fault(why, "RFC 9113 section 8.2.1: a field's value has a line break or NUL");
	if (value.len && (value.at[0] == ' ' || value.at[0] == '\t' || value.at[value.len - 1] == ' ' ||
			value.at[value.len - 1] == '\t'))
		return fault(why, "RFC 9113 section 8.2.1: a field's value begins or ends with white space");
	return true;
}

bool
headers_length(const struct head *h, uint64_t *length)
{
	struct bytes text = head_find(h, "content-length");

	return text.len && length_read(text, length);
}

unsigned
headers_check(const struct head *h, struct fault *why)
{
	bool request = head_kind(h) == HEAD_REQUEST;
	struct survey s = survey_of(h);

	if (head_version(h) == HTTP_2)
		return headers_check2(h, &s, why);
	if (!check_coding(h, &s, why) || !check_length(&s, why) || (request && !check_request(h, &s, why)))
		return request ? 400 : 502;
	return 0;
}

bool
headers_check_trailer(const struct head *h, struct fault *why)
{
	struct survey s = survey_of(h);

	if (s.lengths || s.codings || s.hosts)
		return fault(why, "a trailer says %s (RFC 9110 section 6.5.1)", s.lengths ? "content-length" :
			s.codings ? "transfer-encoding" : "host");
	return true;
}

static bool
never_has_body(const struct head *h, struct bytes method)
{
	unsigned status = head_status(h);

	return status < 200 || status == 204 || status == 304 || bytes_are(method, "HEAD") ||
		(status < 300 && bytes_are(method, "CONNECT"));
}

struct framing
headers_framing(const struct head *h, struct bytes method)
{
	bool response = head_kind(h) == HEAD_RESPONSE;
	struct framing f = { FRAMED_NONE, 0 };

	if (response && never_has_body(h, method))
		return f;
	if (head_lists(h, "transfer-encoding", "chunked"))
		f.kind = FRAMED_CHUNKED;
	else if (length_read(head_find(h, "content-length"), &f.length))
		f.kind = f.length ? FRAMED_LENGTH : FRAMED_NONE;
	else if (response)
		f.kind = FRAMED_CLOSE;
	return f;
}

bool
headers_keep(const struct head *h)
{
	if (head_lists(h, "connection", "close"))
		return false;
	return head_version(h) != HTTP_1_0 || head_lists(h, "connection", "keep-alive");
}
