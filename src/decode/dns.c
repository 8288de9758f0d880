/*
 * DNS messages: https://www.rfc-editor.org/rfc/rfc1035#section-4, as DNS over
 * HTTPS carries them (RFC 8484).
 *
 *	id flags QDCOUNT ANCOUNT NSCOUNT ARCOUNT	two bytes each
 *	questions: name type class
 *	answers, authority, additional: name type class ttl(4) length data
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dns.h"
#include "hexes.h"
#include "soth/decode.h"
#include "type.h"

enum { HEADER = 12, RECORDS_MAX = 4096, JUMPS_MAX = 64, TYPE_COLUMNS = 8 };
enum { FLAG_QR = 0x8000, FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x0080, FLAG_AD = 0x0020,
	FLAG_CD = 0x0010 };

static int
dns_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "application/dns-message") || type_is(h->type, "application/dns-udpwireformat") ? 90 : 0;
}

/* Labels, and a pointer to where the rest stands (RFC 1035 section 4.1.4),
 * which leads back alone, and not for ever. */
bool
dns_name(struct bytes message, struct reader *r, char out[DNS_NAME_MAX])
{
	struct reader at = *r;
	size_t used = 0, before = (size_t)(r->rest.at - message.at);
	unsigned jumps = 0;
	bool jumped = false;

	for (;;) {
		uint8_t len = read_u8(&at);
		struct bytes label;

		if ((len & 0xc0) == 0xc0) {
			size_t to = (size_t)(len & 0x3f) << 8 | read_u8(&at);

			if (!jumped)
				*r = at;
			jumped = true;
			if (at.ran_out || to >= before || ++jumps > JUMPS_MAX)
				return false;
			before = to;
			at = (struct reader){ { message.at + to, message.len - to }, false };
			continue;
		}
		label = read_bytes(&at, len);
		if (at.ran_out || len > 63)
			return false;
		if (!len)
			break;
		if (used + 4 * (size_t)len + 2 > DNS_NAME_MAX)
			return false;
		for (size_t i = 0; i < label.len; i++)
			used += (size_t)(label.at[i] > ' ' && label.at[i] < 0x7f && label.at[i] != '.' && label.at[i] != '\\' ?
				snprintf(out + used, DNS_NAME_MAX - used, "%c", label.at[i]) :
				snprintf(out + used, DNS_NAME_MAX - used, "\\%03u", label.at[i]));
		out[used++] = '.';
	}
	if (!used)
		out[used++] = '.';
	out[used] = '\0';
	if (!jumped)
		*r = at;
	return true;
}

static const struct { uint16_t type; const char *name; } types[] = {
	{ 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" }, { 15, "MX" }, { 16, "TXT" }, { 28, "AAAA" },
	{ 33, "SRV" }, { 35, "NAPTR" }, { 39, "DNAME" }, { 41, "OPT" }, { 43, "DS" }, { 46, "RRSIG" }, { 47, "NSEC" },
	{ 48, "DNSKEY" }, { 50, "NSEC3" }, { 52, "TLSA" }, { 64, "SVCB" }, { 65, "HTTPS" }, { 255, "ANY" }, { 257, "CAA" },
};

const char *
dns_type(uint16_t type, char out[DNS_TYPE_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == type)
			return types[i].name;
	snprintf(out, DNS_TYPE_MAX, "TYPE%u", type);
	return out;
}

static void
dns_class(struct doc *to, uint16_t class)
{
	static const char *const names[] = { NULL, "IN", NULL, "CH", "HS" };

	if (class < ARRAY_LEN(names) && names[class])
		doc_putf(to, ROLE_FAINT, "%s ", names[class]);
	else
		doc_putf(to, ROLE_FAINT, "CLASS%u ", class);
}

static bool
dns_question(struct decode *d, struct bytes message, struct reader *r)
{
	struct doc *to = decode_doc(d);
	char name[DNS_NAME_MAX], type[DNS_TYPE_MAX];
	uint16_t t, c;

	if (!dns_name(message, r, name))
		return false;
	t = read_be16(r);
	c = read_be16(r);
	if (r->ran_out)
		return false;
	doc_putf(to, ROLE_HOST, "%s ", name);
	dns_class(to, c);
	doc_putf(to, ROLE_WORD, "%s", dns_type(t, type));
	doc_line(to);
	return true;
}

static bool
dns_record(struct decode *d, struct bytes message, struct reader *r)
{
	struct doc *to = decode_doc(d);
	char name[DNS_NAME_MAX], type[DNS_TYPE_MAX];
	const uint8_t *begin = r->rest.at;
	struct dns_record one = { .message = message };
	uint16_t class;

	if (!dns_name(message, r, name))
		return false;
	one.type = read_be16(r);
	class = read_be16(r);
	one.ttl = read_be32(r);
	one.class = class;
	one.data = read_bytes(r, read_be16(r));
	if (r->ran_out)
		return false;
	decode_mark(d, (struct bytes){ begin, (size_t)(r->rest.at - begin) });
	doc_putf(to, ROLE_HOST, "%s ", name);
	if (one.type != DNS_OPT) {
		doc_putf(to, ROLE_NUMBER, "%" PRIu32 " ", one.ttl);
		dns_class(to, class);
	}
	doc_putf(to, ROLE_WORD, "%s ", dns_type(one.type, type));
	dns_data(&one, to);
	doc_line(to);
	return true;
}

static void
dns_header(struct doc *to, uint16_t id, uint16_t flags)
{
	static const char *const codes[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN",
		"YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE" };
	static const char *const operations[] = { "query", "inverse query", "status", NULL, "notify", "update" };
	static const struct { uint16_t flag; const char *name; } names[] = {
		{ FLAG_AA, "authoritative" }, { FLAG_TC, "truncated" }, { FLAG_RD, "recursion desired" },
		{ FLAG_RA, "recursion available" }, { FLAG_AD, "authentic" }, { FLAG_CD, "checking disabled" },
	};
	unsigned operation = flags >> 11 & 15, code = flags & 15;

	doc_putf(to, ROLE_WORD, "%s", operation < ARRAY_LEN(operations) && operations[operation] ? operations[operation] : "?");
	if (flags & FLAG_QR)
		doc_putf(to, code ? ROLE_WARN : ROLE_GOOD, "  %s", code < ARRAY_LEN(codes) ? codes[code] : "?");
	doc_putf(to, ROLE_FAINT, "  id %u", id);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].flag)
			doc_putf(to, ROLE_FAINT, ", %s", names[i].name);
	doc_line(to);
}

/* One of the four sections. False: it is cut off, or wrong. */
static bool
dns_section(struct decode *d, struct bytes message, struct reader *r, const char *name, unsigned count,
	bool (*one)(struct decode *d, struct bytes message, struct reader *r))
{
	bool ok = true;

	if (!count)
		return true;
	doc_putf(decode_doc(d), ROLE_KEY, "%s", name);
	doc_line(decode_doc(d));
	doc_in(decode_doc(d));
	for (unsigned i = 0; i < count && i < RECORDS_MAX && ok; i++) {
		struct reader ahead = *r;

		ok = one(d, message, &ahead);
		if (ok)
			*r = ahead;
	}
	doc_out(decode_doc(d));
	return ok;
}

static void
dns_end(void *st, struct reader *in, struct decode *d)
{
	static const char *const names[] = { "question", "answer", "authority", "additional" };
	struct bytes message = in->rest;
	struct reader r = *in;
	uint16_t id = read_be16(&r), flags = read_be16(&r), count[4];
	bool ok = true;

	(void)st;
	for (size_t i = 0; i < ARRAY_LEN(count); i++)
		count[i] = read_be16(&r);
	if (r.ran_out) {
		decode_fail(d, "no message: it is shorter than its header");
		return;
	}
	dns_header(decode_doc(d), id, flags);
	for (size_t i = 0; i < ARRAY_LEN(count) && ok; i++)
		ok = dns_section(d, message, &r, names[i], count[i], i ? dns_record : dns_question);
	decode_words(d, flags & FLAG_QR ? "response" : "query");
	*in = r;
	in->ran_out = false;
	if (!ok)
		decode_fail(d, "byte %zu: a record that is cut off, or wrong", (size_t)(r.rest.at - message.at));
}

const struct decoder decoder_dns = {
	.name = "dns", .about = "DNS messages, as over HTTPS", .stage = STAGE_PAYLOAD, .suits = dns_suits, .end = dns_end,
};
