/* What DNS records hold: RFC 1035, 3596, 2782, 4034, 6891, 8659, 9460. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "dns.h"
#include "hexes.h"
#include "moment.h"

enum { TEXTS_MAX = 64, PARAMETERS_MAX = 32, OPTIONS_MAX = 32 };

/* What is left of the data, within the message. */
typedef bool data_show(const struct dns_record *one, struct reader *r, struct doc *to);

static bool
show_address(const struct dns_record *one, struct reader *r, struct doc *to)
{
	char text[INET6_ADDRSTRLEN];
	bool v6 = one->type == 28;
	struct bytes b = read_bytes(r, v6 ? 16 : 4);

	if (r->ran_out)
		return false;
	inet_ntop(v6 ? AF_INET6 : AF_INET, b.at, text, sizeof(text));
	doc_putf(to, ROLE_NUMBER, "%s", text);
	return true;
}

static bool
show_name(const struct dns_record *one, struct reader *r, struct doc *to)
{
	char name[DNS_NAME_MAX];

	if (!dns_name(one->message, r, name))
		return false;
	doc_putf(to, ROLE_HOST, "%s", name);
	return true;
}

static bool
show_mx(const struct dns_record *one, struct reader *r, struct doc *to)
{
	doc_putf(to, ROLE_NUMBER, "%u ", read_be16(r));
	return !r->ran_out && show_name(one, r, to);
}

static bool
show_soa(const struct dns_record *one, struct reader *r, struct doc *to)
{
	uint32_t n[5];

	if (!show_name(one, r, to))
		return false;
	doc_put(to, ROLE_MARK, LIT(" "));
	if (!show_name(one, r, to))
		return false;
	for (size_t i = 0; i < 5; i++)
		n[i] = read_be32(r);
	doc_putf(to, ROLE_NUMBER, " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32, n[0], n[1], n[2], n[3], n[4]);
	return !r->ran_out;
}

static bool
show_texts(const struct dns_record *one, struct reader *r, struct doc *to)
{
	(void)one;
	for (int i = 0; i < TEXTS_MAX && r->rest.len; i++) {
		struct bytes text = read_bytes(r, read_u8(r));

		if (r->ran_out)
			return false;
		doc_put(to, ROLE_MARK, i ? LIT(" \"") : LIT("\""));
		doc_put(to, ROLE_STRING, text);
		doc_put(to, ROLE_MARK, LIT("\""));
	}
	return true;
}

static bool
show_srv(const struct dns_record *one, struct reader *r, struct doc *to)
{
	unsigned priority = read_be16(r), weight = read_be16(r), port = read_be16(r);

	doc_putf(to, ROLE_NUMBER, "%u %u %u ", priority, weight, port);
	return !r->ran_out && show_name(one, r, to);
}

static bool
show_caa(const struct dns_record *one, struct reader *r, struct doc *to)
{
	unsigned flags = read_u8(r);
	struct bytes tag = read_bytes(r, read_u8(r));

	(void)one;
	if (r->ran_out)
		return false;
	doc_putf(to, ROLE_NUMBER, "%u ", flags);
	doc_put(to, ROLE_KEY, tag);
	doc_put(to, ROLE_MARK, LIT(" \""));
	doc_put(to, ROLE_STRING, read_bytes(r, r->rest.len));
	doc_put(to, ROLE_MARK, LIT("\""));
	return true;
}

static void
svc_alpn(struct bytes value, struct doc *to)
{
	struct reader r = { value, false };

	for (int i = 0; i < TEXTS_MAX && r.rest.len; i++) {
		struct bytes one = read_bytes(&r, read_u8(&r));

		doc_put(to, ROLE_MARK, i ? LIT(",") : LIT(""));
		doc_put(to, ROLE_STRING, one);
	}
}

static void
svc_addresses(struct bytes value, unsigned size, struct doc *to)
{
	struct reader r = { value, false };
	char text[INET6_ADDRSTRLEN];

	for (int i = 0; i < TEXTS_MAX && r.rest.len >= size; i++) {
		inet_ntop(size == 16 ? AF_INET6 : AF_INET, read_bytes(&r, size).at, text, sizeof(text));
		doc_putf(to, ROLE_NUMBER, "%s%s", i ? "," : "", text);
	}
}

/* RFC 9460 section 14.3.2. */
static void
svc_parameter(uint16_t key, struct bytes value, struct doc *to)
{
	static const char *const names[] = { "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint",
		"dohpath" };

	if (key < ARRAY_LEN(names))
		doc_putf(to, ROLE_KEY, " %s", names[key]);
	else
		doc_putf(to, ROLE_KEY, " key%u", key);
	if (!value.len)
		return;
	doc_put(to, ROLE_MARK, LIT("="));
	if (key == 1)
		svc_alpn(value, to);
	else if (key == 3 && value.len == 2)
		doc_putf(to, ROLE_NUMBER, "%u", value.at[0] << 8 | value.at[1]);
	else if (key == 4 || key == 6)
		svc_addresses(value, key == 6 ? 16 : 4, to);
	else if (key == 7)
		doc_put(to, ROLE_STRING, value);
	else
		hexes_short(to, value);
}

static bool
show_svc(const struct dns_record *one, struct reader *r, struct doc *to)
{
	doc_putf(to, ROLE_NUMBER, "%u ", read_be16(r));
	if (r->ran_out || !show_name(one, r, to))
		return false;
	for (int i = 0; i < PARAMETERS_MAX && r->rest.len; i++) {
		uint16_t key = read_be16(r);
		struct bytes value = read_bytes(r, read_be16(r));

		if (r->ran_out)
			return false;
		svc_parameter(key, value, to);
	}
	return true;
}

/* The class is the size of datagrams, the ttl flags. */
static bool
show_opt(const struct dns_record *one, struct reader *r, struct doc *to)
{
	doc_putf(to, ROLE_FAINT, "payload %u, version %u%s", one->class, one->ttl >> 16 & 255, one->ttl & 0x8000 ? ", DNSSEC" : "");
	for (int i = 0; i < OPTIONS_MAX && r->rest.len; i++) {
		unsigned code = read_be16(r);
		struct bytes value = read_bytes(r, read_be16(r));

		if (r->ran_out)
			return false;
		doc_putf(to, ROLE_FAINT, ", option %u of %zu bytes", code, value.len);
	}
	return true;
}

static bool
show_ds(const struct dns_record *one, struct reader *r, struct doc *to)
{
	unsigned a = read_be16(r), b = read_u8(r), c = read_u8(r);

	(void)one;
	doc_putf(to, ROLE_NUMBER, "%u %u %u ", a, b, c);
	hexes_short(to, read_bytes(r, r->rest.len));
	return !r->ran_out;
}

static bool
show_rrsig(const struct dns_record *one, struct reader *r, struct doc *to)
{
	char type[DNS_TYPE_MAX], until[MOMENT_MAX];
	uint16_t covered = read_be16(r);
	unsigned algorithm = read_u8(r), labels = read_u8(r);
	uint32_t ttl = read_be32(r), expires = read_be32(r), begins = read_be32(r);
	unsigned tag = read_be16(r);

	(void)begins;
	doc_putf(to, ROLE_WORD, "%s ", dns_type(covered, type));
	doc_putf(to, ROLE_NUMBER, "%u %u %" PRIu32 " ", algorithm, labels, ttl);
	doc_putf(to, ROLE_FAINT, "until %s key %u by ", moment_words(expires, until), tag);
	return !r->ran_out && show_name(one, r, to);
}

static const struct { uint16_t type; data_show *show; } shows[] = {
	{ 1, show_address }, { 28, show_address }, { 2, show_name }, { 5, show_name }, { 12, show_name }, { 39, show_name },
	{ 6, show_soa }, { 15, show_mx }, { 16, show_texts }, { 33, show_srv }, { 41, show_opt }, { 43, show_ds },
	{ 48, show_ds }, { 46, show_rrsig }, { 64, show_svc }, { 65, show_svc }, { 257, show_caa },
};

/* Names in it may point before it, not behind its end. */
void
dns_data(const struct dns_record *one, struct doc *to)
{
	struct dns_record bounded = *one;
	struct reader r = { one->data, false };
	size_t i = 0;

	bounded.message.len = (size_t)(one->data.at - one->message.at) + one->data.len;
	while (i < ARRAY_LEN(shows) && shows[i].type != one->type)
		i++;
	if (i == ARRAY_LEN(shows)) {
		hexes_short(to, one->data);
		return;
	}
	if (!shows[i].show(&bounded, &r, to))
		doc_putf(to, ROLE_ERROR, "(cut off, or wrong)");
	else if (r.rest.len)
		doc_putf(to, ROLE_FAINT, "  and %zu bytes", r.rest.len);
}
