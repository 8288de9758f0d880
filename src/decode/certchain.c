/* A chain of certificates: each link, and which one is wrong. */
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/certchain.h"

enum { DER_MAX = 64 << 10, NAME_ROOM = 1024, NAMES_MAX = 64 };

static void
put_text(char *out, size_t room, const char *name, size_t len)
{
	len = len < room ? len : room - 1;
	memcpy(out, name, len);
	out[len] = 0;
}

static void
read_names(gnutls_x509_crt_t c, struct certlink *l)
{
	char name[NAME_ROOM];
	size_t len = sizeof(name);

	if (!gnutls_x509_crt_get_dn(c, name, &len))
		put_text(l->subject, sizeof(l->subject), name, len);
	len = sizeof(name);
	if (!gnutls_x509_crt_get_issuer_dn(c, name, &len))
		put_text(l->issuer, sizeof(l->issuer), name, len);
	len = sizeof(name);
	if (!gnutls_x509_crt_get_dn_by_oid(c, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &len))
		put_text(l->name, sizeof(l->name), name, len);
	else
		put_text(l->name, sizeof(l->name), l->subject, strlen(l->subject));
}

static void
read_name(struct certlink *l, int type, const char *name, size_t len)
{
	size_t used = strlen(l->names), room = sizeof(l->names) - used;
	char text[NAME_ROOM];

	if (type == GNUTLS_SAN_IPADDRESS && (len == 4 || len == 16))
		inet_ntop(len == 4 ? AF_INET : AF_INET6, name, text, sizeof(text));
	else if (type == GNUTLS_SAN_DNSNAME)
		put_text(text, sizeof(text), name, len);
	else
		return;
	if (strlen(text) + 3 < room)
		snprintf(l->names + used, room, "%s%s", used ? ", " : "", text);
}

static void
read_alternatives(gnutls_x509_crt_t c, struct certlink *l)
{
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		char name[NAME_ROOM];
		size_t len = sizeof(name);
		int type = gnutls_x509_crt_get_subject_alt_name(c, i, name, &len, NULL);

		if (type < 0 && type != GNUTLS_E_SHORT_MEMORY_BUFFER)
			return;
		read_name(l, type, name, len);
	}
}

static void
read_key(gnutls_x509_crt_t c, struct certlink *l)
{
	unsigned bits = 0;
	int key = gnutls_x509_crt_get_pk_algorithm(c, &bits), signature = gnutls_x509_crt_get_signature_algorithm(c);
	const char *name = key > 0 ? gnutls_pk_get_name((gnutls_pk_algorithm_t)key) : NULL;

	snprintf(l->key, sizeof(l->key), "%s, %u bits", name ? name : "of an unknown kind", bits);
	name = signature > 0 ? gnutls_sign_get_name((gnutls_sign_algorithm_t)signature) : NULL;
	snprintf(l->signature, sizeof(l->signature), "%s", name ? name : "of an unknown kind");
	l->weak = signature <= 0 || !gnutls_sign_is_secure2((gnutls_sign_algorithm_t)signature, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS);
}

static void
read_print(gnutls_x509_crt_t c, struct certlink *l)
{
	uint8_t print[32];
	size_t len = sizeof(print);

	if (gnutls_x509_crt_get_fingerprint(c, GNUTLS_DIG_SHA256, print, &len))
		return;
	for (size_t i = 0; i < len; i++)
		snprintf(l->fingerprint + 3 * i, sizeof(l->fingerprint) - 3 * i, "%02X%s", print[i], i + 1 < len ? ":" : "");
}

static bool
is_signed_by(gnutls_x509_crt_t c, gnutls_x509_crt_t issuer)
{
	unsigned status = 0, not_asked = GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_CA_SIGN |
		GNUTLS_VERIFY_ALLOW_BROKEN;

	if (gnutls_x509_crt_verify(c, &issuer, 1, not_asked, &status) < 0)
		return false;
	return !(status & (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND));
}

static void
read_link(gnutls_x509_crt_t c, const char *host, struct certlink *l)
{
	read_names(c, l);
	read_alternatives(c, l);
	read_key(c, l);
	read_print(c, l);
	l->from = gnutls_x509_crt_get_activation_time(c);
	l->until = gnutls_x509_crt_get_expiration_time(c);
	l->authority = gnutls_x509_crt_get_ca_status(c, NULL) > 0;
	l->self_signed = gnutls_x509_crt_check_issuer(c, c) && is_signed_by(c, c);
	l->fits = gnutls_x509_crt_check_hostname2(c, host, 0);
}

static bool
import(struct bytes der, gnutls_x509_crt_t *c)
{
	gnutls_datum_t datum = { (uint8_t *)(uintptr_t)der.at, (unsigned)der.len };

	if (!der.len || der.len > DER_MAX || gnutls_x509_crt_init(c))
		return false;
	if (!gnutls_x509_crt_import(*c, &datum, GNUTLS_X509_FMT_DER))
		return true;
	gnutls_x509_crt_deinit(*c);
	return false;
}

size_t
certchain_read(const struct bytes *der, size_t count, const char *host, struct certlink *out)
{
	gnutls_x509_crt_t c[CERTCHAIN_MAX];
	size_t n = 0;

	while (n < count && n < CERTCHAIN_MAX && import(der[n], &c[n]))
		n++;
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct certlink){ .from = 0 };
		read_link(c[i], host, &out[i]);
		out[i].claims_next = i + 1 < n && gnutls_x509_crt_check_issuer(c[i], c[i + 1]);
		out[i].by_next = out[i].claims_next && is_signed_by(c[i], c[i + 1]);
		out[i].claims_next = out[i].claims_next && !out[i].by_next;
	}
	for (size_t i = 0; i < n; i++)
		gnutls_x509_crt_deinit(c[i]);
	return n;
}

const char *
span_words(int64_t when, int64_t now, char out[SPAN_WORDS])
{
	static const struct { int64_t seconds; const char *one, *many; } units[] = {
		{ 365 * 86400, "year", "years" }, { 86400, "day", "days" }, { 3600, "hour", "hours" }, { 60, "minute", "minutes" },
		{ 1, "second", "seconds" },
	};
	bool past = when < now;
	int64_t span = past ? now - when : when - now;
	size_t u = 0;

	while (u + 1 < ARRAY_LEN(units) && span < units[u].seconds * (u ? 1 : 2))
		u++;
	span /= units[u].seconds;
	snprintf(out, SPAN_WORDS, "%s%lld %s%s", past ? "" : "in ", (long long)span, span == 1 ? units[u].one : units[u].many, past ? " ago" : "");
	return out;
}

static void
add(char out[CERTCHAIN_WORDS], const char *fmt, ...) PRINTF(2, 3);

static void
add(char out[CERTCHAIN_WORDS], const char *fmt, ...)
{
	size_t len = strlen(out);
	va_list ap;

	if (len && len + 3 < CERTCHAIN_WORDS)
		len += (size_t)snprintf(out + len, CERTCHAIN_WORDS - len, "; ");
	va_start(ap, fmt);
	vsnprintf(out + len, CERTCHAIN_WORDS - len, fmt, ap);
	va_end(ap);
}

bool
certchain_wrong(const struct certlink *chain, size_t count, size_t i, bool untrusted, int64_t now, char out[CERTCHAIN_WORDS])
{
	const struct certlink *l = &chain[i];
	char span[SPAN_WORDS];

	*out = 0;
	if (l->until < now)
		add(out, "expired %s", span_words(l->until, now, span));
	if (l->from > now)
		add(out, "not valid yet, only %s", span_words(l->from, now, span));
	if (!i && !l->fits)
		add(out, "for another name");
	if (l->self_signed && !i && untrusted)
		add(out, "signed by itself");
	if (l->weak && !l->self_signed)
		add(out, "signed by %s, which is no longer safe", l->signature);
	if (l->claims_next)
		add(out, "not signed by the next one, though it says so");
	if (i && !l->authority)
		add(out, "may not sign others");
	if (i + 1 < count && !l->by_next && !l->claims_next && !l->self_signed)
		add(out, "not signed by the next one");
	if (i + 1 == count && untrusted && !l->self_signed)
		add(out, "its issuer is not known%s", count == 1 ? ", and was not sent" : "");
	if (i && i + 1 == count && untrusted && l->self_signed)
		add(out, "not trusted");
	return *out;
}
