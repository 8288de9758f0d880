/* What servers are believed by: trusted authorities, verdicts, and the tickets of earlier sessions. */
#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <gnutls/x509-ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authority.h"

enum {
	TICKETS_MAX = 256,
	TICKET_MAX = 16 << 10,	/* a session and its server's certificates */
};

struct ticket {
	struct ticket *newer, *older;
	unsigned judged;
	char *name;
	struct slice session;
};

struct trust {
	unsigned refs;
	struct trust *next;		/* in the ca */
	struct keyring *keys;
	bool verify;
	struct map *tickets;		/* by name */
	struct ticket *newest, *oldest;
};

static void
ticket_forget(struct trust *t, struct ticket *k)
{
	*(k->newer ? &k->newer->older : &t->newest) = k->older;
	*(k->older ? &k->older->newer : &t->oldest) = k->newer;
	map_take(t->tickets, bytes_of(k->name));
	slice_drop(&k->session);
	free(k->name);
	free(k);
}

static void
ticket_keep(struct trust *t, const char *name, struct bytes session, unsigned judged)
{
	struct ticket *k = xalloc(sizeof(*k));

	trust_forget(t, name);
	if (map_count(t->tickets) >= TICKETS_MAX)
		ticket_forget(t, t->oldest);
	k->judged = judged;
	k->name = xstrdup(name);
	k->session = slice_copy(session);
	k->older = t->newest;
	*(t->newest ? &t->newest->newer : &t->oldest) = k;
	t->newest = k;
	map_put(t->tickets, bytes_of(name), k);
}

void
trust_forget(struct trust *t, const char *name)
{
	struct ticket *k = map_find(t->tickets, bytes_of(name));

	if (k)
		ticket_forget(t, k);
}

unsigned
trust_judged(const struct trust *t, const char *name)
{
	const struct ticket *k = map_find(t->tickets, bytes_of(name));

	return k ? k->judged : 0;
}

/* Only with a ticket in hand: without one GnuTLS would wait for it. */
void
trust_remember(struct trust *t, gnutls_session_t session, const char *name, unsigned judged)
{
	gnutls_datum_t data = { 0 };

	if (!(gnutls_session_get_flags(session) & GNUTLS_SFLAGS_SESSION_TICKET) ||
	    gnutls_session_get_data2(session, &data) < 0)
		return;
	if (data.size <= TICKET_MAX)
		ticket_keep(t, name, (struct bytes){ data.data, data.size }, judged);
	gnutls_free(data.data);
}

bool
trust_equip(struct trust *t, gnutls_session_t session, const char *name)
{
	const struct ticket *k = map_find(t->tickets, bytes_of(name));

	if (gnutls_priority_set(session, t->keys->priority[SERVER]) < 0 ||
	    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, t->keys->calls) < 0)
		return false;
	if (k && gnutls_session_set_data(session, k->session.bytes.at, k->session.bytes.len) < 0)
		trust_forget(t, name);
	return true;
}

/* Chain, time, name (or address) and purpose. */
unsigned
trust_judge(gnutls_session_t session, const char *name)
{
	gnutls_typed_vdata_st about[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)(uintptr_t)name, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0 },
	};
	unsigned status = 0;

	if (gnutls_certificate_verify_peers(session, about, ARRAY_LEN(about), &status) < 0)
		return GNUTLS_CERT_INVALID;
	return status;
}

bool
trust_verifies(const struct trust *t)
{
	return t->verify;
}

struct gnutls_priority_st *
trust_priority(const struct trust *t)
{
	return t->keys->priority[SERVER];
}

struct trust *
trust_ref(struct trust *t)
{
	t->refs++;
	return t;
}

void
trust_drop(struct trust *t)
{
	if (!t || --t->refs)
		return;
	while (t->oldest)
		ticket_forget(t, t->oldest);
	map_free(t->tickets, NULL);
	keyring_drop(t->keys);
	free(t);
}

void
ca_forget_trusts(struct ca *ca)
{
	while (ca->trusts) {
		struct trust *t = ca->trusts;

		ca->trusts = t->next;
		trust_drop(t);
	}
}

struct trust *
ca_trust(struct ca *ca, bool verify, struct fault *why)
{
	struct trust *t = ca->trusts;

	if (verify && *ca->keys->untrusted.text) {
		*why = ca->keys->untrusted;
		return NULL;
	}
	while (t && t->verify != verify)
		t = t->next;
	if (t)
		return trust_ref(t);
	t = xalloc(sizeof(*t));
	*t = (struct trust){ .refs = 1, .keys = keyring_ref(ca->keys), .tickets = map_new(), .verify = verify, .next = ca->trusts };
	ca->trusts = trust_ref(t);
	return t;
}

const struct held *
trust_gives(const struct trust *t, const char *host)
{
	return held_for(&t->keys->given, host);
}

bool trust_logs(const struct trust *t) { return t->keys->logs; }

static void
put_time(time_t when, char out[32])
{
	struct tm tm;

	if (!gmtime_r(&when, &tm) || !strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(out, 32, "?");
}

static void
put_address(const uint8_t *ip, size_t len, char *out, size_t room)
{
	size_t at = 0;

	for (size_t i = 0; i < len && at + 6 < room; i++)
		at += (size_t)snprintf(out + at, room - at, len == 4 ? "%s%u" : i & 1 ? "%s%02x" : "%s%02x",
			!i ? "" : len == 4 ? "." : i & 1 ? "" : ":", ip[i]);
}

/* gnutls_x509_crt_get_subject_alt_name() would read all of them for each. */
struct gnutls_subject_alt_names_st *
trust_names(gnutls_x509_crt_t cert)
{
	gnutls_subject_alt_names_t names = NULL;
	gnutls_datum_t ext;

	if (gnutls_x509_crt_get_extension_by_oid2(cert, GNUTLS_X509EXT_OID_SAN, 0, &ext, NULL) < 0)
		return NULL;
	if (gnutls_subject_alt_names_init(&names) >= 0 && gnutls_x509_ext_import_subject_alt_names(&ext, names, 0) < 0) {
		gnutls_subject_alt_names_deinit(names);
		names = NULL;
	}
	gnutls_free(ext.data);
	return names;
}

/* "a.example, b.example, 192.0.2.1", as many as fit. */
static void
put_names(gnutls_x509_crt_t cert, char *out, size_t room)
{
	gnutls_subject_alt_names_t names = trust_names(cert);
	gnutls_datum_t raw;
	unsigned type;
	size_t at = 0;

	for (unsigned i = 0; names && gnutls_subject_alt_names_get(names, i, &type, &raw, NULL) >= 0; i++) {
		char text[256];

		if (type == GNUTLS_SAN_IPADDRESS && (raw.size == 4 || raw.size == 16))
			put_address(raw.data, raw.size, text, sizeof(text));
		else if (type == GNUTLS_SAN_DNSNAME)
			snprintf(text, sizeof(text), "%.*s", (int)raw.size, (char *)raw.data);
		else
			continue;
		if (at + strlen(text) + 3 > room)
			break;
		at += (size_t)snprintf(out + at, room - at, "%s%s", at ? ", " : "", text);
	}
	if (names)
		gnutls_subject_alt_names_deinit(names);
}

static void
put_fingerprint(struct bytes der, char out[96])
{
	static const char hex[] = "0123456789ABCDEF";
	uint8_t id[32];

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, der.at, der.len, id) < 0)
		return;
	for (size_t i = 0; i < sizeof(id); i++) {
		out[3 * i] = hex[id[i] >> 4];
		out[3 * i + 1] = hex[id[i] & 15];
		out[3 * i + 2] = i + 1 < sizeof(id) ? ':' : 0;
	}
}

size_t
peer_describe(struct bytes der, struct peer_words *w, struct field *out)
{
	gnutls_datum_t d = { (unsigned char *)(uintptr_t)der.at, (unsigned)der.len };
	size_t subject = sizeof(w->subject), issuer = sizeof(w->issuer);
	gnutls_x509_crt_t cert;

	memset(w, 0, sizeof(*w));
	if (!der.len || gnutls_x509_crt_init(&cert) < 0)
		return 0;
	if (gnutls_x509_crt_import(cert, &d, GNUTLS_X509_FMT_DER) < 0) {
		gnutls_x509_crt_deinit(cert);
		return 0;
	}
	if (gnutls_x509_crt_get_dn(cert, w->subject, &subject) < 0)
		w->subject[0] = 0;
	if (gnutls_x509_crt_get_issuer_dn(cert, w->issuer, &issuer) < 0)
		w->issuer[0] = 0;
	put_names(cert, w->names, sizeof(w->names));
	put_time(gnutls_x509_crt_get_activation_time(cert), w->not_before);
	put_time(gnutls_x509_crt_get_expiration_time(cert), w->not_after);
	put_fingerprint(der, w->fingerprint);
	gnutls_x509_crt_deinit(cert);
	out[0] = (struct field){ LIT("subject"), bytes_of(w->subject) };
	out[1] = (struct field){ LIT("issuer"), bytes_of(w->issuer) };
	out[2] = (struct field){ LIT("names"), bytes_of(w->names) };
	out[3] = (struct field){ LIT("not_before"), bytes_of(w->not_before) };
	out[4] = (struct field){ LIT("not_after"), bytes_of(w->not_after) };
	out[5] = (struct field){ LIT("fingerprint"), bytes_of(w->fingerprint) };
	return PEER_FIELDS;
}
