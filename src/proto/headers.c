/* What a head says of its message: its framing, its connection, and what it may not say. */
#include <string.h>

#include "headers.h"

enum { DIGITS_MAX = 18 };	/* below 2^63 whatever they are */

void
headers_mends(struct fault *why)
{
	strncat(why->text, HEADERS_MENDS, sizeof(why->text) - strlen(why->text) - 1);
}

struct survey {			/* the fields that frame and route */
	struct bytes length, coding, host, te;
	struct bytes hop;	/* the name of one that is the connection's (RFC 9113 section 8.2.2) */
	unsigned lengths, codings, hosts, upgrades;
};

/* A name as long as that; nearly all that are not it begin otherwise. */
#define NAMED(name, s)	(((name).at[0] | 0x20) == (s)[0] && bytes_like(name, s))

static void
survey_field(struct survey *s, struct field f)
{
	switch (f.name.len) {
	case sizeof("te") - 1:
		if (NAMED(f.name, "te") && !bytes_like(f.value, "trailers"))
			s->te = f.name;
		break;
	case sizeof("upgrade") - 1:
		s->upgrades += NAMED(f.name, "upgrade");
		break;
	case sizeof("connection") - 1:		/* as long as keep-alive */
		if (NAMED(f.name, "connection") || NAMED(f.name, "keep-alive"))
			s->hop = f.name;
		break;
	case sizeof("proxy-connection") - 1:
		if (NAMED(f.name, "proxy-connection"))
			s->hop = f.name;
		break;
	case sizeof("host") - 1:
		if (NAMED(f.name, "host")) {
			s->host = f.value;
			s->hosts++;
		}
		break;
	case sizeof("content-length") - 1:
		if (NAMED(f.name, "content-length")) {
			s->length = f.value;
			s->lengths++;
		}
		break;
	case sizeof("transfer-encoding") - 1:
		if (NAMED(f.name, "transfer-encoding")) {
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
check_connection2(const struct head *h, const struct survey *s, struct fault *why)
{
	struct bytes hop = s->codings ? LIT("transfer-encoding") : s->hop;

	if (hop.len)
		return fault(why, "RFC 9113 section 8.2.2: the field %.*s%s", (int)hop.len, (const char *)hop.at,
			s->codings ? "" : HEADERS_MENDS);
	if (s->upgrades && !(s->upgrades == 1 && bytes_are(head_method(h), "CONNECT")))
		return fault(why, "RFC 9113 section 8.2.2: the field upgrade");
	if (s->te.len)
		return fault(why, "RFC 9113 section 8.2.2: te says other than trailers" HEADERS_MENDS);
	return true;
}

static bool
check_request2(const struct head *h, const struct survey *s, struct fault *why)
{
	uint64_t length;

	if (s->hosts > 1)
		return fault(why, "there are %u host fields (RFC 9112 section 3.2)", s->hosts);
	/* A request may name none: RFC 9113 section 8.3.1. */
	if ((s->hosts && !s->host.len) || !host_is_plain(s->host))
		return fault(why, "host is not a host and a port (RFC 9110 section 7.2)");
	if (bytes_are(head_method(h), "CONNECT") && s->lengths && length_read(s->length, &length) && length)
		return fault(why, "a CONNECT request has a body (RFC 9110 section 9.3.6)");
	return true;
}

static unsigned
headers_check2(const struct head *h, const struct survey *s, struct fault *why)
{
	bool request = head_kind(h) == HEAD_REQUEST;
	bool ok = check_connection2(h, s, why) && check_length(s, why) && (!request || check_request2(h, s, why));

	if (ok && head_status(h) == 101)
		ok = fault(why, "RFC 9113 section 8.6: a 101 response");
	return ok ? 0 : request ? 400 : 502;
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

	struct bytes name = s.lengths ? LIT("content-length") : s.codings ? LIT("transfer-encoding") :
		s.hosts ? LIT("host") : s.upgrades ? LIT("upgrade") : s.hop;

	if (name.len)
		return fault(why, "a trailer says %.*s (RFC 9110 section 6.5.1)", (int)name.len, (const char *)name.at);
	return true;
}

#define PSEUDO_NAME(s)	{ s, sizeof(s) - 1 }
static const struct { const char *text; size_t len; } pseudo_names[PSEUDO_COUNT] = {
	[PSEUDO_METHOD] = PSEUDO_NAME(":method"), [PSEUDO_SCHEME] = PSEUDO_NAME(":scheme"),
	[PSEUDO_AUTHORITY] = PSEUDO_NAME(":authority"), [PSEUDO_PATH] = PSEUDO_NAME(":path"),
	[PSEUDO_PROTOCOL] = PSEUDO_NAME(":protocol"), [PSEUDO_STATUS] = PSEUDO_NAME(":status"),
};

static bool
seen(const struct pseudos *p, enum pseudo which)
{
	return p->seen >> which & 1;
}

/* Nothing in it that would make two words or lines of one: the start line of
 * a head is made of these. */
static bool
is_word(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] <= ' ' || b.at[i] == 0x7f)
			return false;
	return b.len;
}

bool
headers_take_pseudo(struct pseudos *p, struct field f, enum pseudo *which, struct fault *why)
{
	int shown = f.name.len < 80 ? (int)f.name.len : 80;

	for (*which = 0; *which < PSEUDO_COUNT; ++*which)
		if (f.name.len == pseudo_names[*which].len && !memcmp(f.name.at, pseudo_names[*which].text, f.name.len))
			break;
	if (*which == PSEUDO_COUNT)
		return fault(why, "RFC 9113 section 8.3: %.*s is no pseudo-header field", shown, (const char *)f.name.at);
	if (seen(p, *which))
		return fault(why, "RFC 9113 section 8.3: there are two %s", pseudo_names[*which].text);
	if (!is_word(f.value))
		return fault(why, "RFC 9113 section 8.3.%d: %s has no valid value", *which == PSEUDO_STATUS ? 2 : 1,
			pseudo_names[*which].text);
	p->value[*which] = f.value;
	p->seen |= 1u << *which;
	return true;
}

static bool
check_scheme(struct bytes scheme, struct fault *why)
{
	for (size_t i = 0; i < scheme.len; i++) {
		uint8_t c = scheme.at[i] | 0x20;

		if (!(c >= 'a' && c <= 'z') && !(i && ((c >= '0' && c <= '9') || scheme.at[i] == '+' ||
				scheme.at[i] == '-' || scheme.at[i] == '.')))
			return fault(why, "RFC 9113 section 8.3.1: :scheme is no scheme");
	}
	return true;
}

/* Which schemes' paths have no such rule we need not know: we carry none. */
static bool
check_path(const struct pseudos *p, struct fault *why)
{
	struct bytes path = p->value[PSEUDO_PATH];

	if (*path.at == '/' || (bytes_are(path, "*") && bytes_are(p->value[PSEUDO_METHOD], "OPTIONS")))
		return true;
	return fault(why, "RFC 9113 section 8.3.1: :path does not begin with /");
}

static bool
check_connect(const struct pseudos *p, struct fault *why)
{
	if (seen(p, PSEUDO_SCHEME) || seen(p, PSEUDO_PATH))
		return fault(why, "RFC 9113 section 8.5: CONNECT has %s", seen(p, PSEUDO_PATH) ? ":path" : ":scheme");
	return seen(p, PSEUDO_AUTHORITY) || fault(why, "RFC 9113 section 8.5: CONNECT has no :authority");
}

static bool
check_protocol(const struct pseudos *p, bool extended, struct fault *why)
{
	if (!extended)
		return fault(why, "RFC 8441 section 4: :protocol, which was not offered");
	if (!bytes_are(p->value[PSEUDO_METHOD], "CONNECT"))
		return fault(why, "RFC 8441 section 4: :protocol without CONNECT");
	return seen(p, PSEUDO_AUTHORITY) || fault(why, "RFC 8441 section 4: :protocol without :authority");
}

static bool
check_request_pseudos(const struct pseudos *p, bool extended, struct fault *why)
{
	static const enum pseudo needed[] = { PSEUDO_METHOD, PSEUDO_SCHEME, PSEUDO_PATH };

	if (seen(p, PSEUDO_STATUS))
		return fault(why, "RFC 9113 section 8.3: a request has :status");
	if (seen(p, PSEUDO_PROTOCOL) && !check_protocol(p, extended, why))
		return false;
	if (bytes_are(p->value[PSEUDO_METHOD], "CONNECT") && !seen(p, PSEUDO_PROTOCOL))
		return check_connect(p, why);
	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!seen(p, needed[i]))
			return fault(why, "RFC 9113 section 8.3.1: there is no %s", pseudo_names[needed[i]].text);
	return check_scheme(p->value[PSEUDO_SCHEME], why) && check_path(p, why);
}

bool
headers_check_pseudos(const struct pseudos *p, enum head_kind kind, bool extended, struct fault *why)
{
	if (kind == HEAD_REQUEST)
		return check_request_pseudos(p, extended, why);
	if (kind == HEAD_FIELDS)
		return !p->seen || fault(why, "RFC 9113 section 8.1: a trailer has pseudo-header fields");
	if (p->seen & ~(1u << PSEUDO_STATUS))
		return fault(why, "RFC 9113 section 8.3: a response has pseudo-header fields of a request");
	return seen(p, PSEUDO_STATUS) || fault(why, "RFC 9113 section 8.3.2: there is no :status");
}

/* token, RFC 9110 section 5.6.2, without upper case: a bit for each such byte */
static const uint64_t name_bytes[4] = { 0x03ff6cfa00000000u, 0x57ffffffc0000000u };

static bool
check_name(struct bytes name, struct fault *why)
{
	int shown = name.len < 80 ? (int)name.len : 80;

	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.at[i];

		if (!(name_bytes[c >> 6] >> (c & 63) & 1))
			return fault(why, "RFC 9113 section 8.2.1: the name %.*s has %s", shown, (const char *)name.at,
				c >= 'A' && c <= 'Z' ? "an upper-case letter" : "a character that names have not");
	}
	return name.len || fault(why, "RFC 9113 section 8.2.1: a field has no name");
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Eight bytes at once: none below 0x20. May be wrong about that, never about all being above. */
static bool
may_have_control(struct bytes b)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t eight, found = 0;

	for (; b.len >= sizeof(eight); b.at += sizeof(eight), b.len -= sizeof(eight)) {
		memcpy(&eight, b.at, sizeof(eight));
		found |= (eight - ones * 0x20) & ~eight & high;
	}
	for (size_t i = 0; i < b.len; i++)
		found |= b.at[i] < 0x20;
	return found;
}

static bool
has_any(struct bytes b, const char set[3])
{
	for (size_t i = 0; i < 3; i++)
		if (memchr(b.at, set[i], b.len))
			return true;
	return false;
}

bool
headers_check_field(struct field f, struct fault *why)
{
	struct bytes v = f.value;

	if (!check_name(f.name, why))
		return false;
	if (v.len && (is_blank(v.at[0]) || is_blank(v.at[v.len - 1])))
		return fault(why, "RFC 9113 section 8.2.1: the value of %.*s has white space around it",
			f.name.len < 80 ? (int)f.name.len : 80, (const char *)f.name.at);
	if (may_have_control(v) && has_any(v, "\r\n"))
		return fault(why, "RFC 9113 section 8.2.1: the value of %.*s has CR, LF or NUL",
			f.name.len < 80 ? (int)f.name.len : 80, (const char *)f.name.at);
	if (f.name.len == sizeof("upgrade") - 1 && bytes_are(f.name, "upgrade"))
		return fault(why, "RFC 9113 section 8.2.2: the field upgrade");
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
	struct survey s;

	if (response && never_has_body(h, method))
		return f;
	s = survey_of(h);
	if (s.codings && head_lists(h, "transfer-encoding", "chunked"))
		f.kind = FRAMED_CHUNKED;
	else if (s.lengths && length_read(s.length, &f.length))
		f.kind = f.length ? FRAMED_LENGTH : FRAMED_NONE;
	else if (response || head_version(h) == HTTP_2)
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
