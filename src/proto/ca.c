/* The authority: its file, made once whoever is first, and copies of it for each thread. */
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "authority.h"
#include "keyfile.h"

enum {
	DAY = 24 * 60 * 60,
	YEARS = 10,
	SERIAL_LEN = 16,
	RSA_MIN = 1024, RSA_MAX = 8192,
};

static bool
gnutls_failed(struct fault *why, const char *what, int rc)
{
	return fault(why, "%s: %s", what, gnutls_strerror(rc));
}

static gnutls_datum_t
datum(struct bytes b)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.at, (unsigned)b.len };
}

static struct slice
slice_taken(gnutls_datum_t *d)
{
	struct slice s = slice_copy((struct bytes){ d->data, d->size });

	gnutls_free(d->data);
	d->data = NULL;
	return s;
}

/* ECDSA is made and signs in a moment; RSA is for clients that know nothing else. */
static int
key_generate(gnutls_x509_privkey_t key, size_t bits)
{
	if (bits)
		return gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, (unsigned)bits, 0);
	return gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static bool
key_make(size_t bits, struct slice *pem, gnutls_x509_privkey_t *key, struct fault *why)
{
	gnutls_datum_t text = { 0 };
	int rc = gnutls_x509_privkey_init(key);

	if (rc >= 0)
		rc = key_generate(*key, bits);
	if (rc >= 0)
		rc = gnutls_x509_privkey_export2_pkcs8(*key, GNUTLS_X509_FMT_PEM, NULL,
			GNUTLS_PKCS_PLAIN, &text);
	if (rc < 0)
		return gnutls_failed(why, "a key", rc);
	*pem = slice_taken(&text);
	return true;
}

/* The fields of a new authority (RFC 5280 section 4.2.1). */
static int
cert_fill(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key)
{
	uint8_t serial[SERIAL_LEN], id[KEY_ID_MAX];
	size_t id_len = sizeof(id);
	time_t yesterday = time(NULL) - DAY;
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (serial[0] & 0x7f) | 0x40;
	if (rc >= 0)
		rc = gnutls_x509_crt_set_version(cert, 3);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_serial(cert, serial, sizeof(serial));
	if (rc >= 0)
		rc = gnutls_x509_crt_set_activation_time(cert, yesterday);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_expiration_time(cert, yesterday + YEARS * 365L * DAY);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, "soth", 4);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key(cert, key);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_basic_constraints(cert, 1, 0);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key_usage(cert, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
	if (rc >= 0)
		rc = gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA1, id, &id_len);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_subject_key_id(cert, id, id_len);
	return rc < 0 ? rc : gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0);
}

/* A new key and its certificate, as PEM. */
static bool
authority_make(size_t bits, struct buf *out, struct fault *why)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t cert = NULL;
	gnutls_datum_t text = { 0 };
	struct slice pem = { 0 };
	bool made = key_make(bits, &pem, &key, why);
	int rc = made ? gnutls_x509_crt_init(&cert) : 0;

	if (made && rc >= 0)
		rc = cert_fill(cert, key);
	if (made && rc >= 0)
		rc = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &text);
	if (rc < 0)
		made = gnutls_failed(why, "the authority's certificate", rc);
	if (made)
		made = (buf_add(out, pem.bytes) && buf_add(out, (struct bytes){ text.data, text.size })) ||
			fault(why, "the authority's certificate is too large");
	gnutls_free(text.data);
	slice_drop(&pem);
	gnutls_x509_crt_deinit(cert);
	gnutls_x509_privkey_deinit(key);
	return made;
}

static bool
authority_create(const char *dir, size_t bits, const char *path, struct fault *why)
{
	struct buf b;
	bool done;

	buf_init(&b, FILE_MAX);
	done = dir_make(dir, why) && authority_make(bits, &b, why) &&
		file_put(dir, path, buf_bytes(&b), 0600, false, why);
	buf_release(&b);
	return done;
}

static const char *const authority_names[] = { "soth-ca.pem", "mitmproxy-ca.pem" };

/* The file that is there, else a new one; its path in `path`. */
static bool
authority_find(const char *dir, size_t bits, bool make, char path[PATH_ROOM], struct slice *pem, struct fault *why)
{
	for (size_t i = 0; i < ARRAY_LEN(authority_names); i++) {
		if (!path_in(path, dir, authority_names[i], why))
			return false;
		if (access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
			return file_read(path, pem, why);
	}
	if (!make)
		return fault(why, "%.100s: the authority's file is gone; its keys stay until soth ends", dir);
	return path_in(path, dir, "soth-ca.pem", why) && authority_create(dir, bits, path, why) &&
		file_read(path, pem, why);
}

/* Not only whether it can be used: what is wrong with it, and what to do. */
static bool
authority_check(struct bytes pem, const char *path, struct fault *why)
{
	struct keypair p;
	bool ok = keypair_parse(&p, pem, path, NULL, why) && key_is_private(path, why);
	time_t ends = ok ? gnutls_x509_crt_get_expiration_time(p.chain[0]) : 0;
	char day[32] = "";
	struct tm tm;

	if (ok && gnutls_x509_crt_get_ca_status(p.chain[0], NULL) <= 0)
		ok = fault(why, "%.80s: the certificate is not that of an authority (CA:true): it cannot sign others", path);
	if (ok && ends < time(NULL)) {
		if (gmtime_r(&ends, &tm))
			strftime(day, sizeof(day), "%Y-%m-%d", &tm);
		ok = fault(why, "%.80s: the certificate has expired on %s; remove the file to get a new one", path, day);
	}
	keypair_release(&p);
	return ok;
}

static bool
pem_read(struct slice pem, gnutls_x509_crt_t *cert, gnutls_x509_privkey_t *key, const char *path,
	struct fault *why)
{
	gnutls_datum_t text = datum(pem.bytes);
	char what[PATH_ROOM + 16];
	int rc = gnutls_x509_privkey_init(key);

	if (rc >= 0)
		rc = gnutls_x509_privkey_import(*key, &text, GNUTLS_X509_FMT_PEM);
	snprintf(what, sizeof(what), "%s: its key", path);
	if (rc < 0)
		return gnutls_failed(why, what, rc);
	if (!cert)
		return true;
	rc = gnutls_x509_crt_init(cert);
	if (rc >= 0)
		rc = gnutls_x509_crt_import(*cert, &text, GNUTLS_X509_FMT_PEM);
	snprintf(what, sizeof(what), "%s: its certificate", path);
	return rc >= 0 || gnutls_failed(why, what, rc);
}

struct kit *
kit_ref(struct kit *k)
{
	k->refs++;
	return k;
}

void
kit_drop(struct kit *k)
{
	if (!k || --k->refs)
		return;
	gnutls_x509_privkey_deinit(k->leaf_key);
	free(k);
}

static bool
kit_make(struct ca *ca, struct fault *why)
{
	struct kit *k = xalloc(sizeof(*k));
	int rc;

	k->refs = 1;
	ca->kit = k;
	if (!pem_read(ca->leaf_pem, NULL, &k->leaf_key, "the leaf", why))
		return false;
	ca->key_id_len = sizeof(ca->key_id);
	rc = gnutls_x509_privkey_get_key_id(k->leaf_key, GNUTLS_KEYID_USE_SHA1, ca->key_id, &ca->key_id_len);
	return rc >= 0 || gnutls_failed(why, "the leaf key", rc);
}

/* What is common to an opened ca and a copy: all from ca->pem and so on. */
static bool
ca_load(struct ca *ca, const char *path, struct fault *why)
{
	ca->leaves = map_new();
	return pem_read(ca->pem, &ca->cert, &ca->key, path, why) && kit_make(ca, why);
}

/* What all copies share, and what ends with the process. */
static bool
ca_make_keys(struct ca *ca, struct fault *why)
{
	gnutls_x509_privkey_t key = NULL;
	bool made = key_make(ca->bits, &ca->leaf_pem, &key, why);

	gnutls_x509_privkey_deinit(key);
	ca->keys = made ? keyring_bare(why) : NULL;
	return ca->keys != NULL;
}

/* "AB:CD:..." of SHA-256, and the certificate alone. */
static bool
ca_describe(struct ca *ca, struct fault *why)
{
	uint8_t id[32];
	size_t len = sizeof(id);
	gnutls_datum_t text = { 0 };
	int rc = gnutls_x509_crt_get_fingerprint(ca->cert, GNUTLS_DIG_SHA256, id, &len);

	if (rc >= 0)
		rc = gnutls_x509_crt_export2(ca->cert, GNUTLS_X509_FMT_PEM, &text);
	if (rc < 0)
		return gnutls_failed(why, "the authority's certificate", rc);
	ca->cert_pem = slice_taken(&text);
	ca->fingerprint = xalloc(3 * len + 1);
	for (size_t i = 0; i < len; i++)
		snprintf(ca->fingerprint + 3 * i, 4, "%02X%s", id[i], i + 1 < len ? ":" : "");
	return true;
}

/* The certificate alone lies beside the key for people to take. Where it
 * cannot be written, as in a folder of another user's, the file with the key
 * has it too. */
static bool
ca_hand_out(struct ca *ca, const char *dir, const char *key_path, struct fault *why)
{
	char path[PATH_ROOM];
	struct slice there = { 0 };
	struct fault none;
	bool same;

	if (!path_in(path, dir, "soth-ca-cert.pem", why))
		return false;
	same = file_read(path, &there, &none) && bytes_same(there.bytes, ca->cert_pem.bytes);
	slice_drop(&there);
	if (!same)
		same = file_put(dir, path, ca->cert_pem.bytes, 0644, true, &none);
	ca->path = xstrdup(same ? path : key_path);
	return true;
}

static void
ca_stamp(struct ca *ca)
{
	char path[PATH_ROOM];
	struct fault why;

	for (size_t i = 0; i < ARRAY_LEN(authority_names); i++)
		if (path_in(path, ca->dir, authority_names[i], &why))
			stamps_add(&ca->files, path);
}

static struct ca *
ca_read(const char *dir, size_t bits, bool make, struct fault *why)
{
	struct ca *ca = xalloc(sizeof(*ca));
	char path[PATH_ROOM];

	ca->dir = xstrdup(dir);
	ca->bits = bits;
	if (!make)
		ca_stamp(ca);		/* before it is read: what changes meanwhile is another change */
	if (authority_find(dir, bits, make, path, &ca->pem, why) && authority_check(ca->pem.bytes, path, why) && ca_make_keys(ca, why) &&
	    ca_load(ca, path, why) && ca_describe(ca, why) && ca_hand_out(ca, dir, path, why))
		return ca;
	ca_close(ca);
	return NULL;
}

struct ca *
ca_open_sized(const char *dir, size_t bits, struct fault *why)
{
	struct ca *ca;

	if (bits && (bits < RSA_MIN || bits > RSA_MAX)) {
		fault(why, "key-size: %zu: from %d to %d bits, or 0 for ECDSA", bits, RSA_MIN, RSA_MAX);
		return NULL;
	}
	ca = ca_read(dir, bits, true, why);
	if (ca)
		ca_stamp(ca);
	return ca;
}

struct ca *
ca_open(const char *dir, struct fault *why)
{
	return ca_open_sized(dir, 0, why);
}

struct ca *
ca_open_anew(const struct ca *ca, struct fault *why)
{
	return ca_read(ca->dir, ca->bits, false, why);
}

uint64_t ca_files_now(const struct ca *ca, bool *settled) { return stamps_now(&ca->files, settled); }
uint64_t ca_read_of(const struct ca *ca) { return ca->files.then; }

void
ca_become(struct ca *ca, struct ca *of)
{
	struct ca was = *ca;

	*ca = *of;
	*of = was;
	ca_use(ca, of->keys);
	ca_close(of);
}

struct ca *
ca_copy(const struct ca *from)
{
	struct ca *ca = xalloc(sizeof(*ca));
	struct fault why;

	ca->pem = slice_ref(from->pem);
	ca->cert_pem = slice_ref(from->cert_pem);
	ca->leaf_pem = slice_ref(from->leaf_pem);
	ca->keys = keyring_ref(from->keys);
	ca->path = xstrdup(from->path);
	ca->fingerprint = xstrdup(from->fingerprint);
	if (!ca_load(ca, from->path, &why))	/* it could be read before: memory */
		abort();
	return ca;
}

void
ca_close(struct ca *ca)
{
	if (!ca)
		return;
	if (ca->leaves) {
		ca_forget_leaves(ca);
		map_free(ca->leaves, NULL);
	}
	ca_forget_trusts(ca);
	keyring_drop(ca->keys);
	kit_drop(ca->kit);
	gnutls_x509_crt_deinit(ca->cert);
	gnutls_x509_privkey_deinit(ca->key);
	slice_drop(&ca->pem);
	slice_drop(&ca->cert_pem);
	slice_drop(&ca->leaf_pem);
	slice_drop(&ca->p12);
	stamps_release(&ca->files);
	free(ca->dir);
	free(ca->path);
	free(ca->fingerprint);
	free(ca);
}

void
ca_use(struct ca *ca, struct keyring *k)
{
	ca_forget_leaves(ca);
	ca_forget_trusts(ca);
	keyring_drop(ca->keys);
	ca->keys = keyring_ref(k);
}

const char *ca_path(const struct ca *ca) { return ca->path; }
const char *ca_fingerprint(const struct ca *ca) { return ca->fingerprint; }
struct bytes ca_pem(const struct ca *ca) { return ca->cert_pem.bytes; }
