/* A private key and its certificate: what can be wrong with a file of them, and what to do about it. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyfile.h"
#include "keypair.h"
#include "pem.h"

enum { ID_ROOM = 64, DN_ROOM = 80 };

/* As ssh: of our own files alone; what root gave us to read is root's affair. */
bool
key_is_private(const char *path, struct fault *why)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return fault(why, "%.120s: %s", path, strerror(errno));
	if (st.st_uid != getuid() || !(st.st_mode & 077))
		return true;
	return fault(why, "%.60s: others may read its key (mode %04o), so it is not used: chmod 600 %.60s", path,
		(unsigned)(st.st_mode & 07777), path);
}

static gnutls_datum_t
datum(struct bytes b)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.at, (unsigned)b.len };
}

static bool
key_read(struct keypair *p, const struct pem_block *b, const char *path, const char *passphrase, struct fault *why)
{
	gnutls_datum_t text = datum(b->text);
	int rc;

	if (p->key)
		return fault(why, "%.120s, line %u: a second private key; one is enough", path, b->line);
	if (b->encrypted && !passphrase)
		return fault(why, "%.80s, line %u: the key has a passphrase: take it off with openssl pkey", path, b->line);
	if (b->encrypted && !*passphrase)
		return fault(why, "%.80s, line %u: the key has a passphrase: give it by cert-passphrase", path, b->line);
	rc = gnutls_x509_privkey_init(&p->key);
	if (rc >= 0)
		rc = gnutls_x509_privkey_import2(p->key, &text, GNUTLS_X509_FMT_PEM, b->encrypted ? passphrase : NULL,
			b->encrypted ? 0 : GNUTLS_PKCS_PLAIN);
	if (rc >= 0)
		return true;
	if (b->encrypted)
		return fault(why, "%.80s, line %u: the passphrase of cert-passphrase does not open the key", path, b->line);
	return fault(why, "%.80s, line %u: its key cannot be read: %s", path, b->line, gnutls_strerror(rc));
}

static bool
certificate_read(struct keypair *p, const struct pem_block *b, const char *path, struct fault *why)
{
	gnutls_datum_t text = datum(b->text);
	gnutls_x509_crt_t *at = &p->chain[p->chains];
	int rc;

	if (p->chains == CHAIN_MAX)
		return fault(why, "%.100s, line %u: more than %d certificates", path, b->line, CHAIN_MAX);
	rc = gnutls_x509_crt_init(at);
	if (rc >= 0) {
		p->chains++;
		rc = gnutls_x509_crt_import(*at, &text, GNUTLS_X509_FMT_PEM);
	}
	return rc >= 0 || fault(why, "%.80s, line %u: its certificate cannot be read: %s", path, b->line, gnutls_strerror(rc));
}

static bool
ends_with(struct bytes b, const char *with)
{
	return b.len >= strlen(with) && bytes_are(bytes_from(b, b.len - strlen(with)), with);
}

static bool
block_use(struct keypair *p, const struct pem_block *b, const char *path, const char *passphrase, struct fault *why)
{
	if (ends_with(b->label, "PRIVATE KEY"))
		return key_read(p, b, path, passphrase, why);
	if (bytes_are(b->label, "CERTIFICATE") || bytes_are(b->label, "X509 CERTIFICATE"))
		return certificate_read(p, b, path, why);
	return true;		/* EC PARAMETERS and such */
}

static bool
blocks_read(struct keypair *p, struct bytes pem, const char *path, const char *passphrase, struct fault *why)
{
	struct pem at = { pem, 0 };
	struct pem_block b;
	struct fault broken;

	while (pem_next(&at, &b, &broken))
		if (!block_use(p, &b, path, passphrase, why))
			return false;
	return !*broken.text || fault(why, "%.100s, %.90s", path, broken.text);
}

static bool
is_its_own(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key)
{
	uint8_t a[ID_ROOM], b[ID_ROOM];
	size_t a_len = sizeof(a), b_len = sizeof(b);

	return gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA256, a, &a_len) >= 0 &&
		gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, b, &b_len) >= 0 &&
		a_len == b_len && !memcmp(a, b, a_len);
}

/* The key's own certificate comes first. */
static bool
chain_order(struct keypair *p, const char *path, struct fault *why)
{
	char dn[DN_ROOM];
	size_t len = sizeof(dn);

	for (unsigned i = 0; i < p->chains; i++) {
		gnutls_x509_crt_t own = p->chain[i];

		if (!is_its_own(own, p->key))
			continue;
		memmove(&p->chain[1], &p->chain[0], i * sizeof(own));
		p->chain[0] = own;
		return true;
	}
	if (gnutls_x509_crt_get_dn(p->chain[0], dn, &len) < 0)
		snprintf(dn, sizeof(dn), "?");
	return fault(why, "%.80s: the key is not that of the certificate (%.60s): two that were made together are wanted", path, dn);
}

static bool
pair_whole(struct keypair *p, struct bytes pem, const char *path, struct fault *why)
{
	if (!p->key && !p->chains && pem.len && pem.at[0] == 0x30)
		return fault(why, "%.80s: this is DER: PEM is wanted, of key and certificate", path);
	if (!p->key && !p->chains)
		return fault(why, "%.80s: no PEM in it: its key and its certificate are wanted", path);
	if (!p->key)
		return fault(why, "%.80s: its key is missing: PEM of the certificate's private key is wanted in the same file", path);
	if (!p->chains)
		return fault(why, "%.80s: its certificate is missing: PEM of it is wanted in the same file as the key", path);
	return chain_order(p, path, why);
}

bool
keypair_parse(struct keypair *p, struct bytes pem, const char *path, const char *passphrase, struct fault *why)
{
	*p = (struct keypair){ 0 };
	if (blocks_read(p, pem, path, passphrase, why) && pair_whole(p, pem, path, why))
		return true;
	keypair_release(p);
	return false;
}

bool
keypair_load(struct keypair *p, const char *path, const char *passphrase, struct fault *why)
{
	struct slice pem = { 0 };
	bool ok;

	*p = (struct keypair){ 0 };
	ok = file_read(path, &pem, why) && keypair_parse(p, pem.bytes, path, passphrase, why);
	slice_drop(&pem);
	if (ok && key_is_private(path, why))
		return true;
	keypair_release(p);
	return false;
}

void
keypair_release(struct keypair *p)
{
	for (unsigned i = 0; i < p->chains; i++)
		gnutls_x509_crt_deinit(p->chain[i]);
	if (p->key)
		gnutls_x509_privkey_deinit(p->key);
	*p = (struct keypair){ 0 };
}
