/* Leaf certificates: minting them after the server's own, and keeping the last few thousand. */
#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <gnutls/x509-ext.h>
#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authority.h"
#include "fingerprint.h"

enum {
	LEAVES_MAX = 4096,
	NAMES_MAX = 100,
	NAME_MAX_LEN = 253,	/* RFC 1035 */
	CN_MAX = 64,		/* RFC 5280, ub-common-name */
	DIGEST_LEN = 32,
	SERIAL_LEN = 16,
	DAY = 24 * 60 * 60,
	DAYS_BEFORE = 2,	/* for clocks that are wrong */
	DAYS_IN_ALL = 190,
};

struct leaf {
	unsigned refs;
	struct kit *kit;
	struct keyring *keys;
	const struct held *shown;	/* the keys': a person's; NULL: it was made */
	gnutls_certificate_credentials_t cred;	/* of one that was made */
	time_t ends;
	struct leaf *newer, *older;	/* in the ca, by last use */
	char trusted_by[JA4_ROOM];	/* the client that last said something behind it; "": none has */
	size_t key_len;
	uint8_t key[];			/* in ca->leaves: digest of the mirror, and the name */
};

/* One name for the certificate: a DNS name as A-labels, or an address. */
struct san {
	char text[NAME_MAX_LEN + 1];
	uint8_t ip[16];
	size_t ip_len;			/* 0: a DNS name */
};

struct sans {
	struct san *at;
	size_t count;
};

static bool
san_plain(const char *s)
{
	for (; *s; s++)
		if (!(*s >= 'a' && *s <= 'z') && !(*s >= '0' && *s <= '9') && !strchr("-_.*", *s))
			return false;
	return true;
}

static bool
san_dns(struct san *s)
{
	uint8_t *ascii = NULL;
	size_t len;

	for (char *p = s->text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	if (san_plain(s->text))
		return true;
	if (idn2_lookup_u8((const uint8_t *)s->text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
		return false;
	len = strlen((char *)ascii);
	if (len < sizeof(s->text))
		memcpy(s->text, ascii, len + 1);
	idn2_free(ascii);
	return len < sizeof(s->text) && san_plain(s->text);
}

static bool
san_of(struct bytes name, struct san *s)
{
	*s = (struct san){ 0 };
	if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']')
		name = (struct bytes){ name.at + 1, name.len - 2 };
	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	if (!name.len || name.len > NAME_MAX_LEN || memchr(name.at, 0, name.len))
		return false;
	memcpy(s->text, name.at, name.len);
	if (inet_pton(AF_INET, s->text, s->ip) == 1)
		s->ip_len = 4;
	else if (inet_pton(AF_INET6, s->text, s->ip) == 1)
		s->ip_len = 16;
	return s->ip_len || san_dns(s);
}

static void
sans_add(struct sans *all, const struct san *s)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].ip_len == s->ip_len && (s->ip_len ?
		    !memcmp(all->at[i].ip, s->ip, s->ip_len) : !strcmp(all->at[i].text, s->text)))
			return;
	if (all->count < NAMES_MAX)
		all->at[all->count++] = *s;
}

/* The names of the server's certificate, which is foreign: what of it is no
 * name is left out. */
static void
sans_mirror(struct sans *all, gnutls_x509_crt_t cert)
{
	gnutls_subject_alt_names_t names = trust_names(cert);
	gnutls_datum_t raw;
	unsigned type;

	for (unsigned i = 0; names && all->count < NAMES_MAX && gnutls_subject_alt_names_get(names, i, &type, &raw, NULL) >= 0; i++) {
		struct san s = { .ip_len = raw.size };

		if (type == GNUTLS_SAN_IPADDRESS && (raw.size == 4 || raw.size == 16)) {
			memcpy(s.ip, raw.data, raw.size);
			sans_add(all, &s);
		} else if (type == GNUTLS_SAN_DNSNAME && san_of((struct bytes){ raw.data, raw.size }, &s) && !s.ip_len) {
			sans_add(all, &s);
		}
	}
	if (names)
		gnutls_subject_alt_names_deinit(names);
}

static void
sans_of(struct sans *all, const struct san *first, struct bytes mirror)
{
	gnutls_datum_t der = { (unsigned char *)(uintptr_t)mirror.at, (unsigned)mirror.len };
	gnutls_x509_crt_t cert;

	all->at = xalloc(NAMES_MAX * sizeof(*all->at));
	sans_add(all, first);
	if (!mirror.len || gnutls_x509_crt_init(&cert) < 0)
		return;
	if (gnutls_x509_crt_import(cert, &der, GNUTLS_X509_FMT_DER) >= 0)
		sans_mirror(all, cert);
	gnutls_x509_crt_deinit(cert);
}

static int
sans_put(gnutls_subject_alt_names_t names, const struct sans *all)
{
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < all->count; i++) {
		const struct san *s = &all->at[i];
		gnutls_datum_t d = { (unsigned char *)(uintptr_t)(s->ip_len ? s->ip : (const uint8_t *)s->text),
			(unsigned)(s->ip_len ? s->ip_len : strlen(s->text)) };

		rc = gnutls_subject_alt_names_set(names, s->ip_len ? GNUTLS_SAN_IPADDRESS : GNUTLS_SAN_DNSNAME, &d, NULL);
	}
	return rc;
}

/* All at once: a certificate to which they are added one by one is read and written anew for each. */
static int
cert_sans(gnutls_x509_crt_t cert, const struct sans *all)
{
	gnutls_subject_alt_names_t names;
	gnutls_datum_t ext = { 0 };
	int rc = gnutls_subject_alt_names_init(&names);

	if (rc < 0)
		return rc;
	rc = sans_put(names, all);
	if (rc >= 0)
		rc = gnutls_x509_ext_export_subject_alt_names(names, &ext);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_extension_by_oid(cert, GNUTLS_X509EXT_OID_SAN, ext.data, ext.size, 0);
	gnutls_free(ext.data);
	gnutls_subject_alt_names_deinit(names);
	return rc;
}

static int
cert_names(gnutls_x509_crt_t cert, const struct sans *all)
{
	const char *first = all->at[0].text;
	int rc = strlen(first) <= CN_MAX ?
		gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, first, (unsigned)strlen(first)) :
		gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, "soth", 4);

	return rc < 0 ? rc : cert_sans(cert, all);
}

/* Never beyond the authority's own time: some clients look. */
static int
cert_times(gnutls_x509_crt_t cert, gnutls_x509_crt_t issuer, time_t *ends)
{
	time_t begins = time(NULL) - DAYS_BEFORE * DAY;
	int rc;

	*ends = begins + DAYS_IN_ALL * DAY;
	if (*ends > gnutls_x509_crt_get_expiration_time(issuer))
		*ends = gnutls_x509_crt_get_expiration_time(issuer);
	if (begins < gnutls_x509_crt_get_activation_time(issuer))
		begins = gnutls_x509_crt_get_activation_time(issuer);
	rc = gnutls_x509_crt_set_activation_time(cert, begins);
	return rc < 0 ? rc : gnutls_x509_crt_set_expiration_time(cert, *ends);
}

/* AKI is the authority's SKI, by which OpenSSL finds it (RFC 5280 section 4.2.1.1). */
static int
cert_key_ids(gnutls_x509_crt_t cert, const struct ca *ca)
{
	uint8_t id[64];
	size_t len = sizeof(id);
	int rc = gnutls_x509_crt_set_subject_key_id(cert, ca->key_id, ca->key_id_len);

	if (rc < 0)
		return rc;
	if (gnutls_x509_crt_get_subject_key_id(ca->cert, id, &len, NULL) < 0)
		return 0;		/* an authority without: then leaves have no AKI */
	return gnutls_x509_crt_set_authority_key_id(cert, id, len);
}

/* A client of old sends its secret under an RSA key (RFC 5246 section 7.4.2). */
static unsigned
cert_usage(const struct ca *ca)
{
	bool rsa = gnutls_x509_privkey_get_pk_algorithm(ca->kit->leaf_key) == GNUTLS_PK_RSA;

	return GNUTLS_KEY_DIGITAL_SIGNATURE | (rsa ? GNUTLS_KEY_KEY_ENCIPHERMENT : 0);
}

static int
cert_fill(gnutls_x509_crt_t cert, const struct ca *ca, const struct sans *all, time_t *ends)
{
	uint8_t serial[SERIAL_LEN];
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (serial[0] & 0x7f) | 0x40;	/* positive, and of full length */
	if (rc >= 0)
		rc = gnutls_x509_crt_set_version(cert, 3);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_serial(cert, serial, sizeof(serial));
	if (rc >= 0)
		rc = cert_times(cert, ca->cert, ends);
	if (rc >= 0)
		rc = cert_names(cert, all);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key(cert, ca->kit->leaf_key);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_basic_constraints(cert, 0, -1);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key_usage(cert, cert_usage(ca));
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key_purpose_oid(cert, GNUTLS_KP_TLS_WWW_SERVER, 0);
	if (rc >= 0)
		rc = cert_key_ids(cert, ca);
	return rc < 0 ? rc : gnutls_x509_crt_sign2(cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0);
}

/* As it is shown behind a leaf. Of those GnuTLS wants the bytes alone, so its key is not read. */
static bool
shown_authority(const struct ca *ca, gnutls_pcert_st *out)
{
	gnutls_datum_t der;

	*out = (gnutls_pcert_st){ .type = GNUTLS_CRT_X509 };
	if (gnutls_x509_crt_export2(ca->cert, GNUTLS_X509_FMT_DER, &der) < 0)
		return false;
	out->cert = der;
	return true;
}

/* The certificate, the authority's behind it, and the shared key, as credentials. The key was made for
 * it: GnuTLS need not sign and verify to find out, nor read the names again. A browser that is told of
 * the authority by the hash of its key (ui/browser.c) looks for it in what is shown. */
static int
leaf_credentials(struct leaf *l, const struct ca *ca, gnutls_x509_crt_t cert, const char *name)
{
	gnutls_privkey_t key = NULL;
	gnutls_pcert_st shown[2];
	int rc = gnutls_certificate_allocate_credentials(&l->cred), count = 1;

	if (rc >= 0)
		rc = gnutls_privkey_init(&key);
	if (rc >= 0)
		rc = gnutls_privkey_import_x509(key, l->kit->leaf_key, 0);
	if (rc >= 0)
		rc = gnutls_pcert_import_x509(&shown[0], cert, 0);
	if (rc >= 0) {
		count += shown_authority(ca, &shown[1]);
		gnutls_certificate_set_flags(l->cred, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
		rc = gnutls_certificate_set_key(l->cred, &name, 1, shown, count, key);
		if (rc >= 0)
			return rc;	/* all are the credentials' now */
		while (count)
			gnutls_pcert_deinit(&shown[--count]);
	}
	gnutls_privkey_deinit(key);
	return rc;
}

static int
leaf_mint(struct leaf *l, const struct ca *ca, const struct sans *all)
{
	gnutls_x509_crt_t cert;
	int rc = gnutls_x509_crt_init(&cert);

	if (rc < 0)
		return rc;
	rc = cert_fill(cert, ca, all, &l->ends);
	if (rc >= 0)
		rc = leaf_credentials(l, ca, cert, all->at[0].text);
	gnutls_x509_crt_deinit(cert);
	return rc;
}

static void
leaf_unlink(struct ca *ca, struct leaf *l)
{
	*(l->newer ? &l->newer->older : &ca->newest) = l->older;
	*(l->older ? &l->older->newer : &ca->oldest) = l->newer;
	l->newer = l->older = NULL;
}

static void
leaf_link(struct ca *ca, struct leaf *l)
{
	l->older = ca->newest;
	*(ca->newest ? &ca->newest->newer : &ca->oldest) = l;
	ca->newest = l;
}

static void
leaf_forget(struct ca *ca, struct leaf *l)
{
	leaf_unlink(ca, l);
	map_take(ca->leaves, (struct bytes){ l->key, l->key_len });
	leaf_drop(l);
}

void
ca_forget_leaves(struct ca *ca)
{
	while (ca->oldest)
		leaf_forget(ca, ca->oldest);
}

/* What the cache knows it by. */
static size_t
leaf_key(uint8_t out[DIGEST_LEN + NAME_MAX_LEN], const struct san *name, struct bytes mirror)
{
	size_t len = strlen(name->text);

	if (!mirror.len || gnutls_hash_fast(GNUTLS_DIG_SHA256, mirror.at, mirror.len, out) < 0)
		memset(out, 0, DIGEST_LEN);
	memcpy(out + DIGEST_LEN, name->text, len);
	return DIGEST_LEN + len;
}

static struct leaf *
leaf_find(struct ca *ca, struct bytes key)
{
	struct leaf *l = map_find(ca->leaves, key);

	if (!l)
		return NULL;
	if (l->ends < time(NULL) + DAY) {
		leaf_forget(ca, l);
		return NULL;
	}
	leaf_unlink(ca, l);
	leaf_link(ca, l);
	return leaf_ref(l);
}

static struct leaf *
leaf_new(struct ca *ca, struct bytes key)
{
	struct leaf *l = xalloc(sizeof(*l) + key.len);

	l->refs = 1;
	l->kit = kit_ref(ca->kit);
	l->keys = keyring_ref(ca->keys);
	l->key_len = key.len;
	if (key.len)
		memcpy(l->key, key.at, key.len);
	return l;
}

static void
leaf_keep(struct ca *ca, struct leaf *l)
{
	if (map_count(ca->leaves) >= LEAVES_MAX)
		leaf_forget(ca, ca->oldest);
	map_put(ca->leaves, (struct bytes){ l->key, l->key_len }, leaf_ref(l));
	leaf_link(ca, l);
}

/* One that a person has for it. Nothing is made, so it is not kept. */
static struct leaf *
leaf_held(struct ca *ca, const char *name)
{
	const struct held *h = held_for(&ca->keys->shown, name);
	struct leaf *l = h ? leaf_new(ca, (struct bytes){ 0 }) : NULL;

	if (l)
		l->shown = h;
	return l;
}

struct leaf *
ca_leaf(struct ca *ca, struct bytes name, struct bytes mirror, struct fault *why)
{
	uint8_t key[DIGEST_LEN + NAME_MAX_LEN];
	struct sans all = { 0 };
	struct bytes k = { key, 0 };
	struct san first;
	struct leaf *l;
	int rc;

	if (!san_of(name, &first)) {
		fault(why, "%.*s: no certificate can be made for such a name",
			(int)(name.len < 100 ? name.len : 100), name.len ? (const char *)name.at : "");
		return NULL;
	}
	l = leaf_held(ca, first.text);
	if (l)
		return l;
	k.len = leaf_key(key, &first, mirror);
	l = leaf_find(ca, k);
	if (l)
		return l;
	l = leaf_new(ca, k);
	sans_of(&all, &first, mirror);
	rc = leaf_mint(l, ca, &all);
	free(all.at);
	if (rc < 0) {
		fault(why, "%s: no certificate could be made: %s", first.text, gnutls_strerror(rc));
		leaf_drop(l);
		return NULL;
	}
	leaf_keep(ca, l);
	return l;
}

void
leaf_trust(struct leaf *l, struct bytes ja4)
{
	snprintf(l->trusted_by, sizeof(l->trusted_by), "%.*s", (int)ja4.len, ja4.len ? (const char *)ja4.at : "");
}

bool
leaf_trusted(const struct leaf *l, struct bytes ja4)
{
	return ja4.len && bytes_are(ja4, l->trusted_by);
}

struct leaf *
leaf_ref(struct leaf *l)
{
	l->refs++;
	return l;
}

void
leaf_drop(struct leaf *l)
{
	if (!l || --l->refs)
		return;
	if (l->cred)
		gnutls_certificate_free_credentials(l->cred);
	kit_drop(l->kit);
	keyring_drop(l->keys);
	free(l);
}

bool
leaf_equip(struct leaf *l, gnutls_session_t session)
{
	gnutls_datum_t key = { l->keys->ticket_key, (unsigned)l->keys->ticket_key_len };

	if (l->keys->asks)
		gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
	return gnutls_priority_set(session, l->keys->priority[CLIENT]) >= 0 &&
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, l->shown ? l->shown->cred : l->cred) >= 0 &&
		gnutls_session_ticket_enable_server(session, &key) >= 0;
}

bool leaf_logs(const struct leaf *l) { return l->keys->logs; }
bool leaf_asks(const struct leaf *l) { return l->keys->asks; }
const struct held *leaf_shown(const struct leaf *l) { return l->shown; }
