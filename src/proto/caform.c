/* The authority's certificate in the forms that systems take. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "authority.h"

static bool
form_failed(struct fault *why, const char *what, int rc)
{
	return fault(why, "the certificate as %s: %s", what, gnutls_strerror(rc));
}

static bool
taken(gnutls_datum_t *d, int rc, const char *what, struct slice *out, struct fault *why)
{
	if (rc < 0)
		return form_failed(why, what, rc);
	*out = slice_copy((struct bytes){ d->data, d->size });
	gnutls_free(d->data);
	return true;
}

static bool
form_pem(struct ca *ca, struct slice *out, struct fault *why)
{
	(void)why;
	*out = slice_ref(ca->cert_pem);
	return true;
}

static bool
form_cer(struct ca *ca, struct slice *out, struct fault *why)
{
	gnutls_datum_t d = { 0 };
	int rc = gnutls_x509_crt_export2(ca->cert, GNUTLS_X509_FMT_DER, &d);

	return taken(&d, rc, "CER", out, why);
}

/* The empty password is one too: its MAC is what readers ask for. */
static int
p12_fill(gnutls_pkcs12_t p12, gnutls_pkcs12_bag_t bag, gnutls_x509_crt_t cert)
{
	int at = gnutls_pkcs12_bag_set_crt(bag, cert), rc = at;

	if (rc >= 0)
		rc = gnutls_pkcs12_bag_set_friendly_name(bag, at, "soth");
	if (rc >= 0)
		rc = gnutls_pkcs12_set_bag(p12, bag);
	return rc < 0 ? rc : gnutls_pkcs12_generate_mac(p12, "");
}

/* RFC 7292: a safe with the certificate in it, and no key. Its MAC takes 40 ms: it is made once. */
static bool
form_p12(struct ca *ca, struct slice *out, struct fault *why)
{
	gnutls_pkcs12_t p12 = NULL;
	gnutls_pkcs12_bag_t bag = NULL;
	gnutls_datum_t d = { 0 };
	bool done;
	int rc;

	*out = slice_ref(ca->p12);
	if (out->bytes.len)
		return true;
	rc = gnutls_pkcs12_init(&p12);
	if (rc >= 0)
		rc = gnutls_pkcs12_bag_init(&bag);
	if (rc >= 0)
		rc = p12_fill(p12, bag, ca->cert);
	if (rc >= 0)
		rc = gnutls_pkcs12_export2(p12, GNUTLS_X509_FMT_DER, &d);
	gnutls_pkcs12_bag_deinit(bag);
	gnutls_pkcs12_deinit(p12);
	done = taken(&d, rc, "P12", &ca->p12, why);
	*out = slice_ref(ca->p12);
	return done;
}

static const struct ca_form forms[] = {
	{ "pem", "application/x-x509-ca-cert", "PEM", "soth-ca-cert.pem", "Linux, macOS, iOS, and most programs", form_pem },
	{ "cer", "application/x-x509-ca-cert", "CER (DER)", "soth-ca-cert.cer", "Windows, Android's settings", form_cer },
	{ "p12", "application/x-pkcs12", "P12 (PKCS#12)", "soth-ca-cert.p12", "the certificate alone, no password", form_p12 },
	{ "android", "application/octet-stream", "Android", NULL, "for its folder of system certificates, by its hashed name", form_pem },
};

const struct ca_form *
ca_form_at(size_t i)
{
	return i < ARRAY_LEN(forms) ? &forms[i] : NULL;
}

const struct ca_form *
ca_form_named(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (bytes_are(name, forms[i].name))
			return &forms[i];
	return NULL;
}

/* OpenSSL's subject_hash_old: of MD5 of the subject, the first four bytes, little end first. */
static bool
subject_hash(const struct ca *ca, char out[CA_FILE_ROOM])
{
	gnutls_datum_t dn = { 0 };
	uint8_t md5[16];
	int rc = gnutls_x509_crt_get_raw_dn(ca->cert, &dn);

	if (rc >= 0)
		rc = gnutls_hash_fast(GNUTLS_DIG_MD5, dn.data, dn.size, md5);
	gnutls_free(dn.data);
	if (rc >= 0)
		snprintf(out, CA_FILE_ROOM, "%02x%02x%02x%02x.0", md5[3], md5[2], md5[1], md5[0]);
	return rc >= 0;
}

const char *
ca_form_file(const struct ca *ca, const struct ca_form *form, char out[CA_FILE_ROOM])
{
	if (form->file)
		snprintf(out, CA_FILE_ROOM, "%s", form->file);
	else if (!subject_hash(ca, out))
		snprintf(out, CA_FILE_ROOM, "soth-ca-cert.0");
	return out;
}
