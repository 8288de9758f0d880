/* By what an authority of soth's is known, whoever made it and wherever it lies. */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "authority.h"
#include "pem.h"

enum { NAME_ROOM = 80 };

/* As cert_fill() of ca.c makes them. */
static bool
is_made(gnutls_x509_crt_t cert)
{
	char subject[NAME_ROOM], issuer[NAME_ROOM];
	size_t subject_len = sizeof(subject), issuer_len = sizeof(issuer);

	return gnutls_x509_crt_get_dn(cert, subject, &subject_len) >= 0 && gnutls_x509_crt_get_issuer_dn(cert, issuer, &issuer_len) >= 0 &&
		!strcmp(subject, "CN=soth") && !strcmp(issuer, "CN=soth") && gnutls_x509_crt_get_ca_status(cert, NULL) > 0;
}

static bool
mark_of(struct bytes pem, struct ca_mark *out)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem.at, (unsigned)pem.len };
	gnutls_x509_crt_t cert;
	uint8_t sha256[32];
	size_t len = sizeof(sha256);
	bool ok;

	if (gnutls_x509_crt_init(&cert) < 0)
		return false;
	out->id_len = sizeof(out->id);
	ok = gnutls_x509_crt_import(cert, &text, GNUTLS_X509_FMT_PEM) >= 0 &&
		gnutls_x509_crt_get_fingerprint(cert, GNUTLS_DIG_SHA256, sha256, &len) >= 0 &&
		gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA1, out->id, &out->id_len) >= 0;
	if (ok) {
		snprintf(out->label, sizeof(out->label), "soth-%02x%02x%02x%02x", sha256[0], sha256[1], sha256[2], sha256[3]);
		out->made = is_made(cert);
	}
	gnutls_x509_crt_deinit(cert);
	return ok;
}

bool
ca_mark_next(struct bytes *text, struct ca_mark *out)
{
	struct pem p = { *text, 0 };
	struct pem_block b;
	struct fault why;

	while (pem_next(&p, &b, &why)) {
		*text = p.rest;
		if (bytes_are(b.label, "CERTIFICATE") && mark_of(b.text, out))
			return true;
	}
	return false;
}
