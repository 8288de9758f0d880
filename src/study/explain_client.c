/* Why a client's handshake with soth failed. */
#include <string.h>

#include "explain_inside.h"

enum { ENOUGH = 3 };	/* hosts from which a habit is seen */

/* It said that soth's certificate will not do. */
static bool
refuses(const struct handshakes *h)
{
	return h->alert_by == ALERT_BY_CLIENT && (h->reason == TLS_UNKNOWN_CA || h->alert == 42 || h->alert == 46);
}

/* It closed the connection. */
static bool
hangs_up(const struct handshakes *h)
{
	return h->reason == TLS_EOF_OR_RESET || alerted(h, ALERT_BY_CLIENT, 90) || alerted(h, ALERT_BY_CLIENT, 0);
}

/* ... which may be about soth's certificate: it can have seen it. */
static bool
turns_away(const struct handshakes *h)
{
	return hangs_up(h) && !h->early;
}

static void
shows_refusal(const struct handshakes *h, struct explanation *e)
{
	if (h->alert >= 0)
		shows(e, "the client said so: alert %d, %s", h->alert, h->alert_name);
	else
		shows(e, "the client closed the connection without a word");
}

static unsigned
explains_changed(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!refuses(h) || !(h->successes || s->accepted_here))
		return 0;
	said(e, "It let soth speak for this host before: what it trusts has changed, or several programs share this line, one of "
		"which does not trust soth's authority.");
	shows_refusal(h, e);
	if (h->successes)
		shows(e, "%u handshake%s went well, %u before the first failure", h->successes, h->successes == 1 ? "" : "s", h->before);
	if (s->accepted_here)
		shows(e, "it accepted soth on %u other port%s of this host", s->accepted_here, s->accepted_here == 1 ? "" : "s");
	return 80;
}

static unsigned
explains_pinned(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;
	bool refusal = refuses(h);

	if ((!refusal && !turns_away(h)) || h->successes || s->accepted_here || !s->accepted)
		return 0;
	said(e, "It lets soth speak for other hosts, but not for this one: it expects a certificate of its own here. No authority "
		"helps against that, only leaving this host alone.");
	shows_refusal(h, e);
	shows(e, "it accepted soth for %u other server%s, and refused it for %u", s->accepted, s->accepted == 1 ? "" : "s", s->refused);
	return (refusal ? 88 : 62) - (s->refused > s->accepted ? 20 : 0);
}

static unsigned
explains_own_store(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;
	unsigned others = s->others_here ? s->others_here : s->others_anywhere;

	if ((!refuses(h) && !turns_away(h)) || h->successes || s->accepted_here || s->accepted || !others)
		return 0;
	said(e, "Other programs trust soth's authority, this one does not: it has a trust store of its own, as Firefox, Java, Node and "
		"many Python programs have, into which the authority must be put as well.");
	shows_refusal(h, e);
	shows(e, "%u other program%s got through%s", others, others == 1 ? "" : "s", s->others_here ? " to this very host" : "");
	shows(e, "this one never did, with %u server%s", s->refused + 1, s->refused ? "s" : "");
	return refuses(h) ? 90 : 58;
}

static unsigned
explains_untrusted(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if ((!refuses(h) && !turns_away(h)) || h->successes || s->accepted_here || s->accepted)
		return 0;
	said(e, "It does not trust soth's authority, by which the certificate that it was shown is signed.");
	shows_refusal(h, e);
	shows(e, "it has let soth speak for no host so far, and refused %u", s->refused + 1);
	return (h->alert == 48 ? 92 : refuses(h) ? 80 : s->refused + 1 >= ENOUGH ? 60 : 50) - (s->others_here || s->others_anywhere ? 25 : 0);
}

static unsigned
explains_certificate(const struct story *s, struct explanation *e)
{
	static const struct { int alert; const char *words; } found[] = {
		{ 43, "a kind of certificate that it does not support" }, { 44, "that it is revoked, or could not ask whether it is" },
		{ 45, "that it has expired: the client's clock, or soth's, is wrong" },
		{ 113, "that the OCSP answer is missing which it insists on" },
	};

	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		if (alerted(s->line, ALERT_BY_CLIENT, found[i].alert)) {
			said(e, "It finds fault with the certificate that soth showed: %s.", found[i].words);
			shows_refusal(s->line, e);
			return 86;
		}
	return 0;
}

static unsigned
explains_old_client(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;
	bool new = strstr(h->versions, "TLS1.3") || strstr(h->versions, "TLS1.2");

	if (new || (h->alert != 70 && h->alert != 86 && !raw_says(h, "UNSUPPORTED_VERSION") && !*h->versions))
		return 0;
	said(e, "The client speaks only old versions of TLS%s%s, which soth does not, as it is set.", *h->versions ? ": " : "",
		h->versions);
	return 92;
}

static unsigned
explains_version(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!alerted(h, ALERT_BY_CLIENT, 70) && h->alert != 86)
		return 0;
	said(e, "The client does not accept the version of TLS that was chosen%s%s.", *h->versions ? "; it offered " : "", h->versions);
	return 70;
}

static unsigned
explains_no_tls(const struct story *s, struct explanation *e)
{
	if (!raw_says(s->line, "UNEXPECTED_PACKET") && !strstr(s->line->detail, "is not TLS"))
		return 0;
	said(e, "What the client sent looked like TLS at first and is not: it is another protocol, or broken.");
	return 80;
}

static unsigned
explains_gave_up(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!hangs_up(h))
		return 0;
	said(e, "The client gave up: it closed the connection before the handshake was over, as a page that is left does, or a "
		"connection that was opened ahead and not needed.");
	shows(e, h->successes ? "%u handshakes of the same client went well" : "none of its handshakes with this host went well", h->successes);
	return (h->alert >= 0 && !h->late) || h->successes ? 65 : 40;
}

static unsigned
explains_quic(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!h->quic && !h->quic_first && !h->alt_svc)
		return 0;
	said(e, h->quic ? "It gets around: after the failure it went on over QUIC, which passes unread." :
		h->quic_first ? "It speaks QUIC with this host too, which passes unread: what is missing here may be there." :
		"The host announces HTTP/3 to it: what is missing here may go over QUIC.");
	if (h->alt_svc)
		shows(e, "an answer of this host had Alt-Svc with h3");
	return h->quic ? 66 : h->quic_first ? 45 : 20;
}

static unsigned
explains_internal(const struct story *s, struct explanation *e)
{
	if (s->line->reason != TLS_OTHER && !alerted(s->line, ALERT_BY_CLIENT, 80))
		return 0;
	said(e, s->line->reason == TLS_OTHER ? "soth itself could not go on: %.200s" : "The client had an error of its own.",
		s->line->detail);
	return 60;
}

const struct explains explains_client[] = {
	{ "pinned", "its certificate is pinned", explains_pinned, { REMEDY_TUNNEL, REMEDY_BLOCK } },
	{ "own store", "a trust store of its own", explains_own_store, { REMEDY_TRUST, REMEDY_TUNNEL } },
	{ "untrusted", "soth's authority is not trusted", explains_untrusted, { REMEDY_TRUST, REMEDY_TUNNEL } },
	{ "changed", "it trusted soth before", explains_changed, { REMEDY_TRUST, REMEDY_TUNNEL } },
	{ "certificate", "the certificate is refused", explains_certificate, { REMEDY_CLOCK, REMEDY_TRUST, REMEDY_TUNNEL } },
	{ "old client", "it speaks only old TLS", explains_old_client, { REMEDY_OLD_CLIENT, REMEDY_TUNNEL } },
	{ "version", "the version of TLS is refused", explains_version, { REMEDY_TUNNEL } },
	{ "no cipher", "no cipher in common", explains_ciphers, { REMEDY_TUNNEL } },
	{ "ALPN", "no application protocol in common", explains_alpn, { REMEDY_HTTP1, REMEDY_TUNNEL } },
	{ "no TLS", "what it sent is no TLS", explains_no_tls, { REMEDY_TUNNEL } },
	{ "timeout", "it took too long", explains_timeout, { REMEDY_TUNNEL } },
	{ "QUIC", "it goes around by QUIC", explains_quic, { REMEDY_NO_HTTP3 } },
	{ "damaged", "what arrived was damaged", explains_damaged, { REMEDY_TUNNEL } },
	{ "internal", "an error of its own", explains_internal, { REMEDY_TUNNEL } },
	{ "gave up", "the client gave up", explains_gave_up, { REMEDY_NONE } },
	{ "unclear", "not understood", explains_own, { REMEDY_TUNNEL } },
	{ NULL, NULL, NULL, { REMEDY_NONE } },
};
