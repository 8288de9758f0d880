/* What is told of a TLS session, in steps: begun, what the peer showed, established, failed. */
#include <stdio.h>
#include <string.h>

#include "authority.h"
#include "tls_inside.h"

enum {
	OFFER_ROOM = HELLO_ALPNS * 257,
	VERSIONS_ROOM = 64,
	OCSP_FIELDS = 4,
	NAMES_TEXT = 512,	/* of the values of a step, at most */
};

static void
tls_step(struct out *out, struct step *s)
{
	out_up(out, (struct event){ .kind = EV_STEP, .step = s });
}

static struct bytes
peer_of(const struct tls *t)
{
	return t->server ? LIT("downstream") : LIT("upstream");
}

/* The name that was asked for. */
static struct bytes
tls_name(const struct tls *t, char room[NAME_ROOM])
{
	size_t len = NAME_ROOM;
	unsigned type;

	if (!t->server)
		return t->named ? bytes_of(t->name) : (struct bytes){ 0 };
	if (gnutls_server_name_get(t->session, room, &len, &type, 0) < 0)
		return t->started ? step_find(t->started, "sni") : (struct bytes){ 0 };
	return (struct bytes){ (uint8_t *)room, strnlen(room, NAME_ROOM) };
}

static struct bytes
words_of(const char *s)
{
	return s ? bytes_of(s) : (struct bytes){ 0 };
}

static struct bytes
version_of(const struct tls *t)
{
	return words_of(gnutls_protocol_get_name(gnutls_protocol_get_version(t->session)));
}

static void
list_add(struct buf *list, struct bytes one)
{
	if (list->len)
		(void)!buf_add(list, LIT(","));
	(void)!buf_add(list, one);
}

static void
alpn_offered(const struct tls_args *a, struct buf *list)
{
	if (a->server && a->hello)
		hello_alpns(a->hello, list);
	for (size_t i = 0; !a->server && a->alpn && i < HELLO_ALPNS && a->alpn[i]; i++)
		list_add(list, bytes_of(a->alpn[i]));
}

static void
versions_offered(const struct tls *t, const struct tls_args *a, struct buf *list)
{
	const unsigned *own;
	int n = a->server ? 0 : gnutls_priority_protocol_list(trust_priority(t->trust), &own);

	if (a->server && a->hello)
		hello_versions(a->hello, list);
	for (int i = 0; i < n; i++)
		list_add(list, words_of(gnutls_protocol_get_name((gnutls_protocol_t)own[i])));
}

void
tls_tell_started(struct tls *t, const struct tls_args *a, struct out *out)
{
	char ja3[JA3_ROOM], ja4[JA4_ROOM];
	struct buf alpn, versions;
	struct field v[6] = {
		{ LIT("peer"), peer_of(t) },
		{ LIT("sni"), t->named ? bytes_of(t->name) : a->hello ? a->hello->name : (struct bytes){ 0 } },
	};
	size_t n = 4;

	buf_init(&alpn, OFFER_ROOM);
	buf_init(&versions, VERSIONS_ROOM);
	alpn_offered(a, &alpn);
	versions_offered(t, a, &versions);
	v[2] = (struct field){ LIT("alpn_offered"), buf_bytes(&alpn) };
	v[3] = (struct field){ LIT("versions_offered"), buf_bytes(&versions) };
	if (a->server && a->hello) {
		hello_ja3(a->hello, ja3);
		hello_ja4(a->hello, 't', ja4);
		v[n++] = (struct field){ LIT("ja3"), bytes_of(ja3) };
		v[n++] = (struct field){ LIT("ja4"), bytes_of(ja4) };
	}
	t->started = step_new(STEP_TLS_STARTED, v, n);
	tls_step(out, step_ref(t->started));
	buf_release(&alpn);
	buf_release(&versions);
}

/* Its peer's certificate in words: what reads it is slow. */
struct described {
	struct peer_words words;
	struct field field[PEER_FIELDS];
	size_t count;
};

static void
tls_describe(const struct tls *t, struct described *to)
{
	to->count = peer_describe(tls_peer_certificate(t), &to->words, to->field);
}

/* What the peer showed in this handshake, once: those that fit, whole. */
static void
tls_tell_certificates(struct tls *t, const struct described *first, struct out *out)
{
	unsigned n = 0;
	const gnutls_datum_t *d = gnutls_certificate_get_peers(t->session, &n);
	struct field v[STEP_VALUES_MAX] = { { LIT("peer"), peer_of(t) } };
	size_t count = 2, text = CERTIFICATES_TEXT_MAX - sizeof(first->words) - NAMES_TEXT;
	char number[16];

	if (t->shown || !d || !n || gnutls_session_is_resumed(t->session))
		return;
	t->shown = true;
	snprintf(number, sizeof(number), "%u", n);
	v[1] = (struct field){ LIT("count"), bytes_of(number) };
	memcpy(v + count, first->field, first->count * sizeof(*v));
	count += first->count;
	for (unsigned i = 0; i < n && i < CERTIFICATES_MAX && d[i].size <= text; i++) {
		v[count++] = (struct field){ LIT("certificate"), { d[i].data, d[i].size } };
		text -= d[i].size;
	}
	tls_step(out, step_new(STEP_CERTIFICATES, v, count));
}

struct staple { const char *present, *status, *decision; };

/* What came stapled to the server's certificate, as GnuTLS found it. */
static struct staple
tls_staple(const struct tls *t)
{
	gnutls_datum_t response;

	if (!tls_peer_certificate(t).len || gnutls_session_is_resumed(t->session))
		return (struct staple){ "unknown", "not_checked", "no_signal" };
	if (gnutls_ocsp_status_request_get2(t->session, 0, &response) < 0)
		return t->judged & GNUTLS_CERT_MISSING_OCSP_STATUS ?
			(struct staple){ "false", "missing", "signal_missing_staple" } :
			(struct staple){ "false", "missing", "no_signal" };
	if (t->judged & GNUTLS_CERT_REVOKED)
		return (struct staple){ "true", "revoked", "signal_revoked" };
	if (t->judged & GNUTLS_CERT_INVALID_OCSP_STATUS || !gnutls_ocsp_status_request_is_checked(t->session, 0))
		return (struct staple){ "true", "invalid", "signal_invalid_staple" };
	return (struct staple){ "true", "present", "signal_present" };
}

static size_t
ocsp_fields(const struct tls *t, struct field out[OCSP_FIELDS])
{
	struct staple s = tls_staple(t);

	if (t->server)
		return 0;
	out[0] = (struct field){ LIT("upstream_ocsp_staple_present"), bytes_of(s.present) };
	out[1] = (struct field){ LIT("upstream_ocsp_staple_status"), bytes_of(s.status) };
	out[2] = (struct field){ LIT("revocation_policy_mode"), LIT("passive_observe") };
	out[3] = (struct field){ LIT("revocation_decision"), bytes_of(s.decision) };
	return OCSP_FIELDS;
}

static struct field
client_field(const struct tls *t)
{
	return (struct field){ LIT("client_certificate"), t->gives ? bytes_of(t->gives->path) :
		LIT("asked for, none to give (client-certs)") };
}

void
tls_tell_asked(struct tls *t, struct out *out)
{
	struct field v[] = { { LIT("peer"), peer_of(t) }, client_field(t) };

	if (!t->asked_late || t->anew)
		return;
	tls_step(out, step_new(STEP_TLS_ASKED, v, ARRAY_LEN(v)));
	t->asked_late = false;
}

/* Certificates besides the server's: the client's, and one of a person's in place of ours. */
static size_t
credential_fields(const struct tls *t, struct field *v)
{
	const struct held *shown = t->server ? leaf_shown(t->leaf) : NULL;
	size_t n = 0;

	if (shown)
		v[n++] = (struct field){ LIT("shown_certificate"), bytes_of(shown->path) };
	if (t->server && leaf_asks(t->leaf))
		v[n++] = (struct field){ LIT("client_certificate"), tls_peer_certificate(t).len ?
			LIT("came: it cannot be passed on") : LIT("asked for, none came") };
	if (t->asked)
		v[n++] = client_field(t);
	return n;
}

void
tls_tell_established(struct tls *t, struct out *out)
{
	char room[NAME_ROOM], doubts[200], verified[210] = "yes";
	struct described peer;
	struct field v[STEP_VALUES_MAX] = {
		{ LIT("peer"), peer_of(t) },
		{ LIT("sni"), tls_name(t, room) },
		{ LIT("version"), version_of(t) },
		{ LIT("cipher"), words_of(gnutls_ciphersuite_get(t->session)) },
		{ LIT("group"), words_of(gnutls_group_get_name(gnutls_group_get(t->session))) },
		{ LIT("negotiated_alpn"), tls_alpn(t) },
		{ LIT("resumed"), gnutls_session_is_resumed(t->session) ? LIT("yes") : LIT("no") },
	};
	size_t n = 7;

	tls_describe(t, &peer);
	tls_tell_certificates(t, &peer, out);
	n += credential_fields(t, v + n);
	memcpy(v + n, peer.field, peer.count * sizeof(*v));
	n += peer.count;
	if (!t->server) {
		if (t->judged) {
			verify_words(t->judged, t->name, doubts, sizeof(doubts));
			strcat(strcpy(verified, "no: "), doubts);
		}
		v[n++] = (struct field){ LIT("verified"), bytes_of(verified) };
		v[n++] = (struct field){ LIT("ja3s"), bytes_of(t->ja3s) };
		n += ocsp_fields(t, v + n);
	}
	tls_step(out, step_new(STEP_TLS_ESTABLISHED, v, n));
}

/* With what was offered, and what had been agreed on by then. */
struct step *
tls_failed_step(struct tls *t, const struct failure *f)
{
	static const char *const repeated[] = { "alpn_offered", "versions_offered", "ja3", "ja4" };
	char room[NAME_ROOM];
	struct failure_texts texts;
	struct field v[STEP_VALUES_MAX] = {
		{ LIT("peer"), peer_of(t) },
		{ LIT("sni"), tls_name(t, room) },
	};
	size_t n = 2 + failure_fields(f, &texts, v + 2);

	for (size_t i = 0; t->started && i < ARRAY_LEN(repeated); i++)
		if (step_find(t->started, repeated[i]).len)
			v[n++] = (struct field){ bytes_of(repeated[i]), step_find(t->started, repeated[i]) };
	if (t->agreed) {
		v[n++] = (struct field){ LIT("version"), version_of(t) };
		v[n++] = (struct field){ LIT("negotiated_alpn"), tls_alpn(t) };
	}
	n += ocsp_fields(t, v + n);
	if (t->asked)
		v[n++] = client_field(t);
	return step_new(STEP_TLS_FAILED, v, n);
}

void
tls_tell_failed(struct tls *t, const struct failure *f, struct out *out)
{
	struct described peer;

	if (!t->shown) {
		tls_describe(t, &peer);
		tls_tell_certificates(t, &peer, out);
	}
	tls_step(out, tls_failed_step(t, f));
}

struct step *
tls_left(struct tls *t, unsigned code, const char *said)
{
	if (!t->server || !t->open || t->heard || gnutls_session_is_resumed(t->session) ||
	    leaf_trusted(t->leaf, step_find(t->started, "ja4")))
		return NULL;
	return tls_failed_step(t, &(struct failure){ .cause = said ? CAUSE_BROKEN : CAUSE_EOF, .code = (int)code,
		.server = true, .stage = STAGE_AFTER, .farewell = t->bidden, .sent = -1, .said = said ? said : "" });
}
