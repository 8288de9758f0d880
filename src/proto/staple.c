/* The OCSP response that is stapled to a certificate of a person's. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/ocsp.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "authority.h"
#include "keyfile.h"
#include "staple.h"

/* Any thread's, and does not change. */
struct staple {
	struct slice der;
	time_t until;		/* -1: it does not say */
};

static const char advice[] = "get a new one (openssl ocsp -respout), or take the file away";

bool
staple_path(const char *certificate, char out[STAPLE_PATH_ROOM])
{
	return snprintf(out, STAPLE_PATH_ROOM, "%s.ocsp", certificate) < STAPLE_PATH_ROOM;
}

/* RFC 6960 section 4.2.1: nextUpdate. */
static bool
is_current(gnutls_ocsp_resp_t resp, time_t *until, const char *path, struct fault *why)
{
	time_t now = time(NULL), next = -1;
	char day[32] = "";
	struct tm tm;

	if (gnutls_ocsp_resp_get_single(resp, 0, NULL, NULL, NULL, NULL, NULL, NULL, &next, NULL, NULL) < 0)
		return fault(why, "%.80s: it says nothing of any certificate: %s", path, advice);
	*until = next;
	if (next == (time_t)-1 || next > now)
		return true;
	if (gmtime_r(&next, &tm))
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M", &tm);
	return fault(why, "%.80s: it was good until %s: %s", path, day, advice);
}

static bool
is_about(gnutls_ocsp_resp_t resp, gnutls_x509_crt_t cert, const char *path, struct fault *why)
{
	int status = gnutls_ocsp_resp_get_status(resp);

	if (status != GNUTLS_OCSP_RESP_SUCCESSFUL)
		return fault(why, "%.80s: the authority gave no answer (status %d): %s", path, status, advice);
	return gnutls_ocsp_resp_check_crt(resp, 0, cert) >= 0 ||
		fault(why, "%.80s: it is about another certificate: %s", path, advice);
}

static bool
staple_check(struct staple *s, gnutls_x509_crt_t cert, const char *path, struct fault *why)
{
	gnutls_datum_t d = { (unsigned char *)(uintptr_t)s->der.bytes.at, (unsigned)s->der.bytes.len };
	gnutls_ocsp_resp_t resp;
	bool ok;

	if (gnutls_ocsp_resp_init(&resp) < 0)
		return fault(why, "%.80s: no memory", path);
	ok = gnutls_ocsp_resp_import(resp, &d) >= 0 || fault(why, "%.80s: this is no OCSP response: one in DER is wanted", path);
	ok = ok && is_about(resp, cert, path, why) && is_current(resp, &s->until, path, why);
	gnutls_ocsp_resp_deinit(resp);
	return ok;
}

/* Called by GnuTLS for a client that asks; the answer is GnuTLS's to free. */
static int
staple_give(gnutls_session_t session, void *arg, gnutls_datum_t *out)
{
	const struct staple *s = arg;
	struct bytes b = s->der.bytes;

	(void)session;
	if (s->until != (time_t)-1 && s->until <= time(NULL))
		return GNUTLS_E_NO_CERTIFICATE_STATUS;
	out->data = gnutls_malloc(b.len);
	if (!out->data)
		return GNUTLS_E_MEMORY_ERROR;
	memcpy(out->data, b.at, b.len);
	out->size = (unsigned)b.len;
	return 0;
}

void
staple_free(struct staple *s)
{
	if (s)
		slice_drop(&s->der);
	free(s);
}

bool
staple_use(struct held *h, struct fault *why)
{
	char path[STAPLE_PATH_ROOM];
	int rc;

	if (!staple_path(h->path, path) || (access(path, F_OK) < 0 && errno == ENOENT))
		return true;
	h->staple = xalloc(sizeof(*h->staple));
	if (!file_read(path, &h->staple->der, why) || !staple_check(h->staple, h->pair.chain[0], path, why))
		return false;
	rc = gnutls_certificate_set_ocsp_status_request_function2(h->cred, 0, staple_give, h->staple);
	return rc >= 0 || fault(why, "%.80s: %s", path, gnutls_strerror(rc));
}
