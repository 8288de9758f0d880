/* Keys of a TLS session for the key log, and the certificate that its server asks for. */
#include "authority.h"
#include "tls_inside.h"

const struct held *
tls_asked(gnutls_session_t session)
{
	struct tls *t = gnutls_session_get_ptr(session);

	t->asked = true;
	t->asked_late = t->open;
	t->gives = trust_gives(t->trust, t->name);
	return t->gives;
}

static bool
keys_hex(struct tls *t, const gnutls_datum_t *d)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < d->size; i++)
		ok = buf_addf(&t->keys, "%02x", d->data[i]);
	return ok;
}

int
tls_log_key(gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
	struct tls *t = gnutls_session_get_ptr(session);
	gnutls_datum_t client = { 0 }, server = { 0 };

	if (!(t->server ? leaf_logs(t->leaf) : trust_logs(t->trust)))
		return 0;
	gnutls_session_get_random(session, &client, &server);
	return buf_addf(&t->keys, "%s ", label) && keys_hex(t, &client) && buf_add(&t->keys, LIT(" ")) &&
		keys_hex(t, secret) && buf_add(&t->keys, LIT("\n")) ? 0 : GNUTLS_E_MEMORY_ERROR;
}

void
tls_tell_keys(struct tls *t, struct out *out)
{
	if (t->keys.len)
		out_up(out, (struct event){ .kind = EV_KEYS, .data = buf_seal(&t->keys) });
}
