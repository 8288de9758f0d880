/*
 * X.509 certificates (RFC 5280), in DER or PEM (RFC 7468), read by GnuTLS.
 *
 *	-----BEGIN CERTIFICATE-----
 *	base64
 *	-----END CERTIFICATE-----
 */
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "moment.h"
#include "soth/decode.h"
#include "type.h"

/* GnuTLS takes quadratic time on hostile ones: DER_MAX. */
enum {
	NAME_ROOM = 2048, NAMES_MAX = 200, BLOCKS_MAX = 200, BLOCK_MAX = 1 << 20, DER_MAX = 32 * 1024, PEM_MAX = 700 * 1024,
	COLUMNS = 12, LABEL_MAX = 64
};

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

static int
certificate_suits(const struct hint *h, struct bytes first)
{
	static const char *const types[] = { "application/pkix-cert", "application/x-x509-ca-cert", "application/x-x509-user-cert",
		"application/x-pem-file", "application/pem-certificate-chain", "application/x-x509-server-cert" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type_is(h->type, types[i]))
			return 90;
	return first.len > sizeof(begin) && !memcmp(first.at, begin, sizeof(begin) - 1) ? 45 : 0;
}

static void
pair(struct doc *to, const char *name, enum role role, struct bytes value)
{
	if (!value.len)
		return;
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, name);
	doc_hang(to, COLUMNS);
	doc_put(to, role, value);
	doc_line(to);
}

static void
pair_hex(struct doc *to, const char *name, const uint8_t *at, size_t len)
{
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, name);
	doc_hang(to, COLUMNS);
	for (size_t i = 0; i < len; i++)
		doc_putf(to, ROLE_NUMBER, "%s%02x", i ? ":" : "", at[i]);
	doc_line(to);
}

static void
show_names(struct doc *to, gnutls_x509_crt_t c)
{
	char name[NAME_ROOM];
	size_t len = sizeof(name);

	if (!gnutls_x509_crt_get_dn(c, name, &len))
		pair(to, "subject", ROLE_STRING, (struct bytes){ (uint8_t *)name, len });
	len = sizeof(name);
	if (!gnutls_x509_crt_get_issuer_dn(c, name, &len))
		pair(to, "issuer", ROLE_STRING, (struct bytes){ (uint8_t *)name, len });
}

static void
show_time(struct doc *to, const char *name, time_t t)
{
	char words[MOMENT_MAX];

	if (t != (time_t)-1)
		pair(to, name, ROLE_NUMBER, bytes_of(moment_words(t, words)));
}

static void
show_key(struct doc *to, gnutls_x509_crt_t c)
{
	unsigned bits = 0;
	int algorithm = gnutls_x509_crt_get_pk_algorithm(c, &bits);
	const char *name = gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm);
	const char *signature = gnutls_sign_get_name((gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(c));

	if (algorithm > 0 && name) {
		doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, "key");
		doc_hang(to, COLUMNS);
		doc_putf(to, ROLE_WORD, "%s", name);
		doc_putf(to, ROLE_FAINT, ", %u bits", bits);
		doc_line(to);
	}
	if (signature)
		pair(to, "signed by", ROLE_WORD, bytes_of(signature));
}

static void
alternative(struct doc *to, int type, struct bytes value)
{
	char text[INET6_ADDRSTRLEN];

	if (type == GNUTLS_SAN_IPADDRESS && (value.len == 4 || value.len == 16)) {
		inet_ntop(value.len == 4 ? AF_INET : AF_INET6, value.at, text, sizeof(text));
		pair(to, "address", ROLE_NUMBER, bytes_of(text));
		return;
	}
	pair(to, type == GNUTLS_SAN_DNSNAME ? "name" : type == GNUTLS_SAN_RFC822NAME ? "mail" :
		type == GNUTLS_SAN_URI ? "uri" : "other name", ROLE_HOST, value);
}

static void
show_alternatives(struct doc *to, gnutls_x509_crt_t c)
{
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char name[NAME_ROOM];
		size_t len = sizeof(name);
		int type = gnutls_x509_crt_get_subject_alt_name(c, i, name, &len, NULL);

		if (type == GNUTLS_E_SHORT_MEMORY_BUFFER)
			continue;
		if (type < 0)
			return;
		alternative(to, type, (struct bytes){ (uint8_t *)name, len });
	}
}

static void
show_usage(struct doc *to, gnutls_x509_crt_t c)
{
	static const struct { unsigned bit; const char *name; } usages[] = {
		{ GNUTLS_KEY_DIGITAL_SIGNATURE, "digital signature" }, { GNUTLS_KEY_NON_REPUDIATION, "non-repudiation" },
		{ GNUTLS_KEY_KEY_ENCIPHERMENT, "key encipherment" }, { GNUTLS_KEY_DATA_ENCIPHERMENT, "data encipherment" },
		{ GNUTLS_KEY_KEY_AGREEMENT, "key agreement" }, { GNUTLS_KEY_KEY_CERT_SIGN, "certificate signing" },
		{ GNUTLS_KEY_CRL_SIGN, "CRL signing" },
	};
	unsigned usage = 0, critical;
	bool any = false;

	if (gnutls_x509_crt_get_key_usage(c, &usage, &critical))
		return;
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, "usage");
	doc_hang(to, COLUMNS);
	for (size_t i = 0; i < ARRAY_LEN(usages); i++)
		if (usage & usages[i].bit) {
			doc_putf(to, ROLE_TEXT, "%s%s", any ? ", " : "", usages[i].name);
			any = true;
		}
	doc_line(to);
}

static void
show_purposes(struct doc *to, gnutls_x509_crt_t c)
{
	static const struct { const char *oid, *name; } known[] = {
		{ GNUTLS_KP_TLS_WWW_SERVER, "TLS server" }, { GNUTLS_KP_TLS_WWW_CLIENT, "TLS client" },
		{ GNUTLS_KP_CODE_SIGNING, "code signing" }, { GNUTLS_KP_EMAIL_PROTECTION, "mail" },
		{ GNUTLS_KP_TIME_STAMPING, "time stamping" }, { GNUTLS_KP_OCSP_SIGNING, "OCSP signing" },
	};

	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char oid[128];
		size_t len = sizeof(oid), k = 0;

		if (gnutls_x509_crt_get_key_purpose_oid(c, i, oid, &len, NULL))
			return;
		while (k < ARRAY_LEN(known) && strcmp(known[k].oid, oid))
			k++;
		pair(to, "purpose", ROLE_TEXT, bytes_of(k < ARRAY_LEN(known) ? known[k].name : oid));
	}
}

static void
show_authority(struct doc *to, gnutls_x509_crt_t c)
{
	unsigned critical, ca = 0;
	int path = -1;

	if (gnutls_x509_crt_get_basic_constraints(c, &critical, &ca, &path) < 0)
		return;
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, "authority");
	doc_hang(to, COLUMNS);
	doc_putf(to, ROLE_WORD, ca ? "yes" : "no");
	if (ca && path >= 0)
		doc_putf(to, ROLE_FAINT, ", at most %d below", path);
	doc_line(to);
}

static void
show_prints(struct doc *to, gnutls_x509_crt_t c)
{
	uint8_t at[64];
	size_t len = sizeof(at);

	if (!gnutls_x509_crt_get_serial(c, at, &len))
		pair_hex(to, "serial", at, len);
	len = sizeof(at);
	if (!gnutls_x509_crt_get_fingerprint(c, GNUTLS_DIG_SHA256, at, &len))
		pair_hex(to, "SHA-256", at, len);
	len = sizeof(at);
	if (!gnutls_x509_crt_get_subject_key_id(c, at, &len, NULL))
		pair_hex(to, "key id", at, len);
}

static void
show_certificate(struct doc *to, gnutls_x509_crt_t c)
{
	show_names(to, c);
	show_time(to, "from", gnutls_x509_crt_get_activation_time(c));
	show_time(to, "until", gnutls_x509_crt_get_expiration_time(c));
	show_key(to, c);
	show_alternatives(to, c);
	show_usage(to, c);
	show_purposes(to, c);
	show_authority(to, c);
	show_prints(to, c);
}

/* False: it is none. */
static bool
certificate_der(struct doc *to, struct bytes der)
{
	gnutls_datum_t datum = { (uint8_t *)(uintptr_t)der.at, (unsigned)der.len };
	gnutls_x509_crt_t c;
	bool ok;

	if (!der.len || der.len > DER_MAX || gnutls_x509_crt_init(&c))
		return false;
	ok = !gnutls_x509_crt_import(c, &datum, GNUTLS_X509_FMT_DER);
	if (ok)
		show_certificate(to, c);
	gnutls_x509_crt_deinit(c);
	return ok;
}

/* A request to be certified (RFC 2986): whose, and for which key. */
static bool
request_der(struct doc *to, struct bytes der)
{
	gnutls_datum_t datum = { (uint8_t *)(uintptr_t)der.at, (unsigned)der.len };
	char name[NAME_ROOM];
	size_t len = sizeof(name);
	gnutls_x509_crq_t c;
	unsigned bits = 0;
	bool ok;

	if (der.len > DER_MAX || gnutls_x509_crq_init(&c))
		return false;
	ok = !gnutls_x509_crq_import(c, &datum, GNUTLS_X509_FMT_DER);
	if (ok && !gnutls_x509_crq_get_dn(c, name, &len))
		pair(to, "subject", ROLE_STRING, (struct bytes){ (uint8_t *)name, len });
	if (ok) {
		int algorithm = gnutls_x509_crq_get_pk_algorithm(c, &bits);

		doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, "key");
		doc_hang(to, COLUMNS);
		doc_putf(to, ROLE_WORD, "%s", algorithm > 0 ? gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm) : "?");
		doc_putf(to, ROLE_FAINT, ", %u bits", bits);
		doc_line(to);
	}
	gnutls_x509_crq_deinit(c);
	return ok;
}

static void
block_show(struct decode *d, struct bytes label, struct bytes text)
{
	struct doc *to = decode_doc(d);
	bool secret = label.len >= 11 && !memcmp(label.at + label.len - 11, "PRIVATE KEY", 11), ok = true;
	struct buf der;

	doc_in(to);
	buf_init(&der, BLOCK_MAX);
	if (secret) {
		doc_putf(to, ROLE_WARN, "a secret: it is not shown here");
		doc_line(to);
	} else if (!base64_decode(text, &der)) {
		doc_putf(to, ROLE_ERROR, "(no base64)");
		doc_line(to);
	} else if (bytes_are(label, "CERTIFICATE") || bytes_are(label, "TRUSTED CERTIFICATE")) {
		ok = certificate_der(to, buf_bytes(&der));
	} else if (bytes_are(label, "CERTIFICATE REQUEST") || bytes_are(label, "NEW CERTIFICATE REQUEST")) {
		ok = request_der(to, buf_bytes(&der));
	} else {
		doc_putf(to, ROLE_FAINT, "%zu bytes of DER", der.len);
		doc_line(to);
	}
	if (!ok) {
		doc_putf(to, ROLE_ERROR, "(no certificate: %zu bytes of something else)", der.len);
		doc_line(to);
	}
	doc_out(to);
	buf_release(&der);
}

/* The next block: what is before it is text. False: there is none. */
static bool
block_next(struct decode *d, struct reader *in, unsigned *count)
{
	struct bytes all = in->rest, label, text;
	const uint8_t *at = memmem(all.at, all.len, begin, sizeof(begin) - 1), *stop, *close;

	if (!at)
		return false;
	label.at = at + sizeof(begin) - 1;
	stop = memmem(label.at, all.len - (size_t)(label.at - all.at), dashes, sizeof(dashes) - 1);
	if (!stop || (size_t)(stop - label.at) > LABEL_MAX)
		return false;
	label.len = (size_t)(stop - label.at);
	text.at = stop + sizeof(dashes) - 1;
	close = memmem(text.at, all.len - (size_t)(text.at - all.at), end, sizeof(end) - 1);
	text.len = (size_t)((close ? close : all.at + all.len) - text.at);
	stop = close ? memchr(close, '\n', all.len - (size_t)(close - all.at)) : NULL;
	stop = stop ? stop + 1 : all.at + all.len;
	decode_mark(d, (struct bytes){ at, (size_t)(stop - at) });
	doc_put(decode_doc(d), ROLE_TITLE, label);
	doc_putf(decode_doc(d), ROLE_FAINT, close ? "  %u" : "  %u, cut off", ++*count);
	doc_line(decode_doc(d));
	block_show(d, label, text);
	(void)read_bytes(in, (size_t)(stop - all.at));
	return true;
}

static void
certificate_end(void *st, struct reader *in, struct decode *d)
{
	unsigned count = 0;
	size_t all = in->rest.len;

	(void)st;
	if (in->rest.len && *in->rest.at == 0x30) {
		if (certificate_der(decode_doc(d), in->rest))
			(void)read_bytes(in, in->rest.len);
		else
			decode_fail(d, "no certificate: GnuTLS does not read it");
		return;
	}
	while (count < BLOCKS_MAX && all - in->rest.len < PEM_MAX && block_next(d, in, &count))
		;
	if (!count) {
		decode_fail(d, "neither DER nor a PEM block");
		return;
	}
	decode_words(d, "%u block%s", count, count == 1 ? "" : "s");
	while (in->rest.len && strchr(" \t\r\n", *in->rest.at) && *in->rest.at)
		(void)read_u8(in);
}

const struct decoder decoder_certificate = {
	.name = "certificate", .about = "X.509 certificates and requests, DER or PEM", .stage = STAGE_PAYLOAD,
	.suits = certificate_suits, .end = certificate_end,
};
