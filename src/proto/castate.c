/* How the authority fares on this machine. */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "authority.h"

void
ca_state(const struct ca *ca, struct ca_state *out)
{
	gnutls_x509_trust_list_t list = NULL;
	gnutls_x509_crt_t cert = ca->cert;
	unsigned judged = 1;

	out->from = gnutls_x509_crt_get_activation_time(cert);
	out->to = gnutls_x509_crt_get_expiration_time(cert);
	out->system = false;
	if (gnutls_x509_trust_list_init(&list, 0) < 0)
		return;
	if (gnutls_x509_trust_list_add_system_trust(list, 0, 0) >= 0 &&
			gnutls_x509_trust_list_verify_crt(list, &cert, 1, 0, &judged, NULL) >= 0)
		out->system = judged == 0;
	gnutls_x509_trust_list_deinit(list, 1);
}
