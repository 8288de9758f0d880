/* What other programs are to trust, in the files that they read: the system's authorities and ours. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <time.h>

#include "authority.h"

enum { BUNDLE_MAX = 16 << 20, SHA1_LEN = 20 };

/* Adds one; false: there is no room for it. */
typedef bool adder(struct buf *out, gnutls_x509_crt_t cert, unsigned number);

static bool
add_pem(struct buf *out, gnutls_x509_crt_t cert, unsigned number)
{
	gnutls_datum_t text = { 0 };
	bool ok = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &text) >= 0;

	(void)number;
	ok = ok && buf_add(out, (struct bytes){ text.data, text.size });
	gnutls_free(text.data);
	return ok;
}

/* Those that the system has, behind ours. A system without any is none of our faults. */
static bool
add_all(const struct ca *ca, struct buf *out, adder *add, unsigned *count)
{
	gnutls_x509_trust_list_t list = NULL;
	gnutls_x509_trust_list_iter_t at = NULL;
	gnutls_x509_crt_t cert;
	bool ok = add(out, ca->cert, 0);

	*count = 1;
	if (gnutls_x509_trust_list_init(&list, 0) < 0)
		return ok;
	gnutls_x509_trust_list_add_system_trust(list, 0, 0);
	while (gnutls_x509_trust_list_iter_get_ca(list, &at, &cert) >= 0) {
		ok = ok && add(out, cert, (*count)++);
		gnutls_x509_crt_deinit(cert);
	}
	gnutls_x509_trust_list_deinit(list, 1);
	return ok;
}

bool
ca_bundle(const struct ca *ca, struct buf *out, struct fault *why)
{
	unsigned count;

	buf_init(out, BUNDLE_MAX);
	if (add_all(ca, out, add_pem, &count))
		return true;
	buf_release(out);
	return fault(why, "the system's authorities are too many to be put into one file");
}

static bool
add_number(struct buf *out, uint64_t n, unsigned octets)
{
	uint8_t b[8];

	for (unsigned i = 0; i < octets; i++)
		b[i] = (uint8_t)(n >> 8 * (octets - 1 - i));
	return buf_add(out, (struct bytes){ b, octets });
}

static bool
add_utf(struct buf *out, const char *text)
{
	struct bytes b = bytes_of(text);

	return add_number(out, b.len, 2) && buf_add(out, b);
}

/*
 * An entry of a key store of Java's own kind (JKS), which takes certificates as
 * they are; in one of PKCS #12 Java trusts only what has an attribute that
 * GnuTLS cannot write. As sun.security.provider.JavaKeyStore has it:
 *
 *	u32 2 (a trusted certificate), UTF alias, u64 milliseconds,
 *	UTF "X.509", u32 length, DER
 */
static bool
add_entry(struct buf *out, gnutls_x509_crt_t cert, unsigned number)
{
	gnutls_datum_t der = { 0 };
	char alias[32] = "soth";
	bool ok = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_DER, &der) >= 0;

	if (number)
		snprintf(alias, sizeof(alias), "system-%u", number);
	ok = ok && add_number(out, 2, 4) && add_utf(out, alias) && add_number(out, (uint64_t)time(NULL) * 1000, 8) &&
		add_utf(out, "X.509") && add_number(out, der.size, 4) && buf_add(out, (struct bytes){ der.data, der.size });
	gnutls_free(der.data);
	return ok;
}

/* SHA-1 of the password in UTF-16, these words and all before it. */
static bool
add_digest(struct buf *out)
{
	static const char password[] = CA_KEYSTORE_PASSWORD, words[] = "Mighty Aphrodite";
	uint8_t digest[SHA1_LEN];
	gnutls_hash_hd_t hash;

	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA1) < 0)
		return false;
	for (size_t i = 0; password[i]; i++)
		gnutls_hash(hash, (uint8_t[]){ 0, (uint8_t)password[i] }, 2);
	gnutls_hash(hash, words, sizeof(words) - 1);
	gnutls_hash(hash, buf_bytes(out).at, buf_bytes(out).len);
	gnutls_hash_deinit(hash, digest);
	return buf_add(out, (struct bytes){ digest, sizeof(digest) });
}

/* u32 0xfeedfeed, u32 2 (the version), u32 entries, the entries, the digest. */
bool
ca_keystore(const struct ca *ca, struct buf *out, struct fault *why)
{
	struct buf entries;
	unsigned count;
	bool ok;

	buf_init(&entries, BUNDLE_MAX);
	buf_init(out, BUNDLE_MAX);
	ok = add_all(ca, &entries, add_entry, &count) && add_number(out, 0xfeedfeed, 4) && add_number(out, 2, 4) &&
		add_number(out, count, 4) && buf_add(out, buf_bytes(&entries)) && add_digest(out);
	buf_release(&entries);
	if (ok)
		return true;
	buf_release(out);
	return fault(why, "the system's authorities are too many to be put into one file");
}

bool
ca_pin(const struct ca *ca, char out[CA_PIN_ROOM])
{
	uint8_t id[32];
	size_t len = sizeof(id);
	gnutls_datum_t text = { 0 };
	bool ok = gnutls_x509_crt_get_key_id(ca->cert, GNUTLS_KEYID_USE_SHA256, id, &len) >= 0 &&
		gnutls_base64_encode2(&(gnutls_datum_t){ id, sizeof(id) }, &text) >= 0;

	snprintf(out, CA_PIN_ROOM, "%.*s", (int)text.size, ok ? (const char *)text.data : "");
	gnutls_free(text.data);
	return ok;
}
