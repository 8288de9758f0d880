/* Why soth's handshake with a server failed. */
#include <stdio.h>
#include <string.h>

#include "explain_inside.h"

enum { ENOUGH = 3 };	/* hosts from which a habit is seen */

static void
shows_certificate(const struct handshakes *h, struct explanation *e)
{
	if (*h->subject && h->shown_in == h->failed_in)
		shows(e, "it showed %.80s, by %.60s", h->subject, h->issuer);
}

static bool
untrusted(const struct handshakes *h)
{
	return h->reason == TLS_UNKNOWN_CA && h->alert_by != ALERT_BY_SERVER;
}

static bool
self_signed(const struct handshakes *h)
{
	return *h->subject && h->shown_in == h->failed_in && !strcmp(h->subject, h->issuer);
}

static unsigned
explains_expired(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!verify_says(h, "expired", "has expired"))
		return 0;
	said(e, "The server's certificate has expired%s%.10s: whoever runs the server has to renew it.", *h->not_after ? ", on " : "",
		h->not_after);
	shows_certificate(h, e);
	return untrusted(h) ? 80 : 95;
}

static unsigned
explains_early(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!verify_says(h, "not_activated", "not yet valid"))
		return 0;
	said(e, "The server's certificate is not valid yet%s%.10s: it came too early, or this machine's clock is behind.",
		*h->not_before ? ", only from " : "", h->not_before);
	shows_certificate(h, e);
	return untrusted(h) ? 80 : 93;
}

static unsigned
explains_other_name(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!verify_says(h, "unexpected_owner", "another name"))
		return 0;
	said(e, "The server's certificate is for another name than %.80s%s%.160s.", *h->sni ? h->sni : h->host,
		*h->names ? ": it is for " : "", h->names);
	shows_certificate(h, e);
	return untrusted(h) ? 82 : 95;
}

static unsigned
explains_self_signed(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!untrusted(h) || (*h->subject && !self_signed(h)) || (!*h->subject && !strstr(h->detail, "self")))
		return 0;
	said(e, "The server signed its certificate itself: nobody vouches for it, as usual for servers in development and for devices.");
	shows_certificate(h, e);
	return 94;
}

static unsigned
explains_incomplete(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!untrusted(h) || self_signed(h))
		return 0;
	if (h->shown == 1)
		said(e, "The server sends its own certificate alone, without the one of the authority that signed it, %.128s: browsers know "
			"some of those, soth does not.", h->issuer);
	else
		said(e, "The server may not send all certificates between its own and an authority that is known.");
	shows_certificate(h, e);
	return h->shown == 1 ? 64 : h->shown ? 30 : 40;
}

static unsigned
explains_authority(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!untrusted(h) || self_signed(h))
		return 0;
	said(e, "The server's certificate is signed by an authority that soth does not know%s%.128s: one of a company, or of a test.",
		*h->issuer ? ": " : "", h->issuer);
	shows_certificate(h, e);
	return h->shown == 1 ? 62 : 78;
}

static unsigned
explains_no_roots(const struct story *s, struct explanation *e)
{
	if (!untrusted(s->line) || self_signed(s->line) || s->untrusted + 1 < ENOUGH || s->trusted)
		return 0;
	said(e, "soth trusts no server at all: its list of authorities is empty or the wrong one, or something on the way opens TLS "
		"itself, as company proxies do.");
	shows(e, "the issuers of %u hosts were not trusted, and of none were they", s->untrusted + 1);
	return 86;
}

static unsigned
explains_revoked(const struct story *s, struct explanation *e)
{
	if (!verify_says(s->line, "revoked", "is revoked"))
		return 0;
	said(e, "The server's certificate was revoked by its authority: its key may be in other hands.");
	shows_certificate(s->line, e);
	return 95;
}

static unsigned
explains_ocsp(const struct story *s, struct explanation *e)
{
	if (!verify_says(s->line, "ocsp", "OCSP"))
		return 0;
	said(e, "The server's certificate must come with an OCSP answer that says it is still good, and that is missing or wrong.");
	return 88;
}

static unsigned
explains_weak(const struct story *s, struct explanation *e)
{
	if (!verify_says(s->line, "insecure_algorithm", "insecure algorithm"))
		return 0;
	said(e, "The server's certificate, or one between, is signed in a way that is no longer safe, such as SHA-1.");
	shows_certificate(s->line, e);
	return 88;
}

static unsigned
explains_purpose(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!verify_says(h, "purpose", "another purpose") && !verify_says(h, "signature_failure", "signature is wrong") &&
	    !verify_says(h, "constraints", "may not sign") && !verify_says(h, "crit_extension", "critical"))
		return 0;
	said(e, "The server's certificate may not be used like this: it is for another purpose, or one of the chain may not sign it.");
	shows_certificate(h, e);
	return 84;
}

static unsigned
explains_wants(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (h->alert_by != ALERT_BY_SERVER || (h->alert != 116 && h->alert != 41 && h->alert != 42 && h->alert != 40))
		return 0;
	said(e, "The server wants a certificate of the client, and soth has none for it.");
	shows(e, "the server said: alert %d, %s", h->alert, h->alert_name);
	return h->alert == 116 ? 96 : h->alert == 41 ? 85 : h->alert == 42 ? 70 : h->asked ? 90 : 45;
}

static unsigned
explains_not_accepted(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;
	bool refused = (h->alert >= 43 && h->alert <= 46) || h->alert == 48 || h->alert == 49;

	if (h->alert_by != ALERT_BY_SERVER || !refused)
		return 0;
	said(e, "The server does not accept the certificate that soth gave it for the client%s.",
		h->alert == 45 ? ": it has expired" : h->alert == 44 ? ": it is revoked" : h->alert == 48 ? ": it does not know its authority" : "");
	shows(e, "the server said: alert %d, %s", h->alert, h->alert_name);
	return 80;
}

static unsigned
explains_no_tls(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!raw_says(h, "UNEXPECTED_PACKET") && !raw_says(h, "RECORD_OVERFLOW") && !strstr(h->detail, "is not TLS"))
		return 0;
	said(e, "The server speaks no TLS on port %u: it may be plain HTTP there.", h->port);
	shows(e, "what it answered to the handshake is no TLS");
	return 93;
}

static unsigned
explains_old_server(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;
	bool sure = alerted(h, ALERT_BY_SERVER, 70) || raw_says(h, "UNSUPPORTED_VERSION");

	if (!sure && !(h->alert_by == ALERT_BY_SERVER && (h->alert == 40 || h->alert == 86)))
		return 0;
	said(e, "The server speaks only versions of TLS that soth does not offer%s%s.", *h->versions ? ": those are not " : "", h->versions);
	return sure ? 92 : 40;
}

static unsigned
explains_unknown_name(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (h->alert != 112 && !raw_says(h, "UNRECOGNIZED_NAME"))
		return 0;
	said(e, "The server does not know the name %.120s: it is not set up there, or the request went to the wrong server.",
		*h->sni ? h->sni : h->host);
	return 93;
}

static unsigned
explains_reset(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (h->reason != TLS_EOF_OR_RESET)
		return 0;
	said(e, h->successes ? "The server, or something on the way, broke the connection off during the handshake, and not always: it is "
		"overloaded, or restarting." : "Something broke the connection off as soon as it saw for whom it was: a firewall on the way "
		"that does not let this name through, or a server that speaks no TLS there.");
	shows(e, h->successes ? "%u handshakes with it went well" : "none of the handshakes with it went well", h->successes);
	if (s->others_failed)
		shows(e, "%u other program%s failed there in the same way", s->others_failed, s->others_failed == 1 ? "" : "s");
	return h->successes ? 56 : 68;
}

static unsigned
explains_internal(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (!alerted(h, ALERT_BY_SERVER, 80) && h->reason != TLS_OTHER)
		return 0;
	said(e, h->reason == TLS_OTHER ? "soth itself could not go on: %.200s" :
		"The server had an error of its own: often it has no certificate for this name.", h->detail);
	return 60;
}

const struct explains explains_server[] = {
	{ "expired", "the server's certificate has expired", explains_expired, { REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "wrong name", "the server's certificate is for another name", explains_other_name, { REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "not yet valid", "the server's certificate is not valid yet", explains_early, { REMEDY_CLOCK, REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "revoked", "the server's certificate is revoked", explains_revoked, { REMEDY_BLOCK, REMEDY_INSECURE } },
	{ "self-signed", "the server's certificate is self-signed", explains_self_signed, { REMEDY_INSECURE, REMEDY_AUTHORITY, REMEDY_TUNNEL } },
	{ "no authorities", "soth trusts no server", explains_no_roots, { REMEDY_AUTHORITY } },
	{ "incomplete", "the server's chain is incomplete", explains_incomplete, { REMEDY_INSECURE, REMEDY_AUTHORITY, REMEDY_TUNNEL } },
	{ "unknown CA", "the server's authority is not known", explains_authority, { REMEDY_AUTHORITY, REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "OCSP", "no good OCSP answer", explains_ocsp, { REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "weak", "the server's certificate is signed unsafely", explains_weak, { REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "purpose", "the server's certificate is not for this", explains_purpose, { REMEDY_INSECURE, REMEDY_TUNNEL } },
	{ "wants cert", "the server wants a client's certificate", explains_wants, { REMEDY_CERTIFICATE, REMEDY_TUNNEL } },
	{ "cert refused", "the server refuses the client's certificate", explains_not_accepted, { REMEDY_CERTIFICATE, REMEDY_TUNNEL } },
	{ "unknown name", "the server does not know the name", explains_unknown_name, { REMEDY_BLOCK } },
	{ "no TLS", "the server speaks no TLS there", explains_no_tls, { REMEDY_PLAIN, REMEDY_TUNNEL } },
	{ "old server", "it speaks only old TLS", explains_old_server, { REMEDY_OLD_SERVER, REMEDY_TUNNEL } },
	{ "no cipher", "no cipher in common", explains_ciphers, { REMEDY_TUNNEL } },
	{ "ALPN", "no application protocol in common", explains_alpn, { REMEDY_HTTP1, REMEDY_TUNNEL } },
	{ "timeout", "it took too long", explains_timeout, { REMEDY_NONE } },
	{ "reset", "broken off on the way", explains_reset, { REMEDY_TUNNEL } },
	{ "damaged", "what arrived was damaged", explains_damaged, { REMEDY_TUNNEL } },
	{ "internal", "an error of its own", explains_internal, { REMEDY_TUNNEL } },
	{ "unclear", "not understood", explains_own, { REMEDY_TUNNEL } },
	{ NULL, NULL, NULL, { REMEDY_NONE } },
};
