/* Records of a TLS session, read as they come and put up as few pieces. */
#include <string.h>

#include "authority.h"
#include "tls_inside.h"

enum {
	DATA_MAX = 64 << 10,		/* of one EV_DATA */
	PACKETS_MAX = 32,
};

/* Records that were read, not yet put up. */
struct packets {
	gnutls_packet_t at[PACKETS_MAX];
	size_t count, len;
};

/* As one EV_DATA. */
static void
packets_up(struct packets *p, struct out *out)
{
	struct slice data = { 0 };
	uint8_t *to = NULL;

	if (p->len)
		data = slice_new(p->len, &to);
	for (size_t i = 0; i < p->count; i++) {
		gnutls_datum_t d;

		gnutls_packet_get(p->at[i], &d, NULL);
		if (d.size) {
			memcpy(to, d.data, d.size);
			to += d.size;
		}
		gnutls_packet_deinit(p->at[i]);
	}
	if (p->len)
		out_up(out, (struct event){ .kind = EV_DATA, .data = data });
	p->count = p->len = 0;
}

void
tls_end(struct tls *t, struct out *out)
{
	if (t->ended)
		return;
	t->ended = true;
	out_up(out, (struct event){ .kind = EV_EOF });
}

/* The server's ticket may come at any time after the handshake. */
static void
tls_remember(struct tls *t)
{
	if (t->server || t->remembered || t->dead ||
	    !(gnutls_session_get_flags(t->session) & GNUTLS_SFLAGS_SESSION_TICKET))
		return;
	t->remembered = true;
	trust_remember(t->trust, t->session, t->name, t->judged);
}

/* From the first data on, the handshake is nobody's concern any more. */
static void
tls_hears(struct tls *t)
{
	if (t->heard)
		return;
	t->heard = true;
	if (t->server)
		leaf_trust(t->leaf, step_find(t->started, "ja4"));
	step_drop(t->started);
	t->started = NULL;
}

/* A server may want a client's certificate only when it knows for what: then TLS 1.3 asks for it alone (RFC 8446 section
 * 4.6.2), and TLS 1.2 shakes hands anew. Without one to give there is nothing to be had by that. */
static int
tls_asked_again(struct tls *t, int how)
{
	if (how == GNUTLS_E_REAUTH_REQUEST)
		return gnutls_reauth(t->session, 0);
	t->anew = !t->server && trust_gives(t->trust, t->name);
	return t->anew ? 0 : gnutls_alert_send(t->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
}

/* The handshake within a session goes on; data may come between. */
static int
tls_renew(struct tls *t)
{
	int rc;

	do
		rc = gnutls_handshake(t->session);
	while (rc < 0 && rc != GNUTLS_E_GOT_APPLICATION_DATA && !gnutls_error_is_fatal(rc) && t->now.len);
	t->anew = rc < 0;
	return rc == GNUTLS_E_GOT_APPLICATION_DATA ? 0 : rc;
}

/* All that came has been read, so that to ask once more would be in vain. */
static bool
tls_dry(const struct tls *t)
{
	return !t->now.len && !gnutls_record_check_pending(t->session);
}

/* GnuTLS says E_AGAIN after each session ticket and key update too: it has run
 * dry only when our own bytes have. */
void
tls_read(struct tls *t, struct out *out)
{
	struct packets p = { .count = 0 };
	ssize_t n;

	for (;;) {
		if (t->anew && (n = tls_renew(t)) < 0)
			break;
		n = gnutls_record_recv_packet(t->session, &p.at[p.count]);
		if (n > 0) {
			tls_hears(t);
			p.len += (size_t)n;
			if (++p.count == PACKETS_MAX || p.len + RECORD_MAX > DATA_MAX)
				packets_up(&p, out);
			if (tls_dry(t)) {
				n = GNUTLS_E_AGAIN;
				break;
			}
		} else if (n == GNUTLS_E_REHANDSHAKE || n == GNUTLS_E_REAUTH_REQUEST) {
			n = tls_asked_again(t, (int)n);
			if (n < 0)
				break;
		} else if (n == 0 || gnutls_error_is_fatal((int)n) || !t->now.len) {
			break;
		}
	}
	tls_tell_asked(t, out);		/* before what may end its flow */
	packets_up(&p, out);
	tls_tell_keys(t, out);
	t->bidden = t->bidden || n == 0;
	if (n == 0)
		tls_end(t, out);
	else if (gnutls_error_is_fatal((int)n))
		tls_fail(t, (int)n, out);
	else
		tls_remember(t);
	tls_flush(t, out);
}
