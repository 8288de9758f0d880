/* The session that the screens call "handshakes": what can become of TLS, of some clients and hosts. */

#define VALUES_MAX 20

/* "name=value\nname=value": a step of it. */
static void
steps_come(struct making *m, enum step_kind kind, const char *text)
{
	struct field v[VALUES_MAX];
	size_t n = 0;

	while (*text && n < VALUES_MAX) {
		size_t name = strcspn(text, "="), len = strcspn(text, "\n");

		v[n].name = (struct bytes){ (const uint8_t *)text, name };
		v[n++].value = (struct bytes){ (const uint8_t *)text + name + 1, len - name - 1 };
		text += len + (text[len] == '\n');
	}
	step_comes(m, kind, v, n);
}

static void
handshake_begins(struct making *m, const char *client, const char *host, uint16_t port)
{
	struct origin o = { .client = bytes_of(client), .listener = LIT("127.0.0.1:8080"), .mode = LIT("regular"),
		.scheme = LIT("tcp"), .host = bytes_of(host), .port = port };

	m->flow++;
	tell(m, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&o) });
	if (!strncmp(client, "127.0.0.1", 9))		/* of others nothing is known but the address */
		steps_come(m, STEP_PROCESS, strchr(client, ':')[1] == '5' ? "name=java\npid=812" : "name=shop\npid=4711");
	after(m, 3);
}

/* Of both sides; what the server showed, where that is told. */
static void
handshake_succeeds(struct making *m, const char *client, const char *host)
{
	char up[400], down[200];

	handshake_begins(m, client, host, 443);
	snprintf(up, sizeof(up), "peer=upstream\nsni=%s\nversion=TLS1.3\ncipher=TLS_AES_128_GCM_SHA256\nnegotiated_alpn=h2\nsubject=CN=%s\n"
		"issuer=CN=Example CA\nnames=%s\nnot_before=2026-09-01T00:00:00Z\nnot_after=2026-12-01T00:00:00Z\nverified=yes", host, host, host);
	snprintf(down, sizeof(down), "peer=downstream\nsni=%s\nversion=TLS1.3\ncipher=TLS_AES_128_GCM_SHA256\nnegotiated_alpn=h2", host);
	steps_come(m, STEP_TLS_STARTED, "peer=upstream\nalpn_offered=h2,http/1.1");
	after(m, 9);
	steps_come(m, STEP_TLS_ESTABLISHED, up);
	steps_come(m, STEP_TLS_STARTED, "peer=downstream");
	after(m, 4);
	steps_come(m, STEP_TLS_ESTABLISHED, down);
	flow_ends(m, CLOSE_RELAY_EOF, "the client closed the connection");
	after(m, 400);
}

/* `why`: what TLS_FAILED says behind the peer and the name. */
static void
handshake_fails(struct making *m, const char *client, const char *host, uint16_t port, const char *peer, const char *why)
{
	char text[1200];

	handshake_begins(m, client, host, port);
	snprintf(text, sizeof(text), "peer=%s\nalpn_offered=h2,http/1.1\nversions_offered=TLS1.3,TLS1.2", peer);
	steps_come(m, STEP_TLS_STARTED, text);
	after(m, 12);
	snprintf(text, sizeof(text), "peer=%s\nsni=%s\n%s\ntls_ops_provider=gnutls", peer, host, why);
	steps_come(m, STEP_TLS_FAILED, text);
	flow_ends(m, CLOSE_TLS_FAILED, "");
	after(m, 700);
}

#define REFUSED_48 "tls_failure_reason=unknown_ca\ndetail=the client does not trust the certificate's authority (alert 48, unknown_ca)\n" \
	"raw_provider_error=GNUTLS_E_FATAL_ALERT_RECEIVED: A TLS fatal alert has been received.\nsource_confidence=authoritative\n" \
	"alert=48\nalert_name=unknown_ca\nalert_by=client\nja4=t13d1516h2_8daaf6152771_02713d6af862\nja3=773906b0efdefa24a7f2b8eb6985bf37"
#define REFUSED_46 "tls_failure_reason=cert_validation\ndetail=the client refused the certificate (alert 46, certificate_unknown)\n" \
	"raw_provider_error=GNUTLS_E_FATAL_ALERT_RECEIVED: A TLS fatal alert has been received.\nsource_confidence=authoritative\n" \
	"alert=46\nalert_name=certificate_unknown\nalert_by=client"
#define VERIFY "raw_provider_error=GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR: Error in the certificate verification.\n" \
	"source_confidence=authoritative\nalert=46\nalert_name=certificate_unknown\nalert_by=soth\n"

static void
handshakes_of_clients(struct making *m)
{
	const char *well[] = { "api.example.com", "cdn.example.com", "img.example.com", "login.example.com" };

	for (size_t i = 0; i < 12; i++)
		handshake_succeeds(m, "127.0.0.1:40000", well[i % ARRAY_LEN(well)]);
	for (size_t i = 0; i < 3; i++)
		handshake_fails(m, "127.0.0.1:40100", "pinned.example.net", 443, "downstream", REFUSED_46);
	handshake_begins(m, "127.0.0.1:40103", "pinned.example.net", 443);
	steps_come(m, STEP_HTTP3_PASSTHROUGH, "passthrough_protocol=http3\nsni=pinned.example.net");
	flow_ends(m, CLOSE_IDLE, "");
	for (size_t i = 0; i < 3; i++)
		handshake_fails(m, "127.0.0.1:50000", well[i], 443, "downstream", REFUSED_48);
	handshake_fails(m, "10.0.0.12:1024", "api.example.com", 443, "downstream", "tls_failure_reason=handshake\n"
		"detail=the client speaks no version of TLS that soth does (1.2, 1.3)\nsource_confidence=authoritative\n"
		"raw_provider_error=GNUTLS_E_UNSUPPORTED_VERSION_PACKET\nversions_offered=TLS1.0\nalert=70\nalert_name=protocol_version\nalert_by=soth");
	handshake_fails(m, "127.0.0.1:40111", "api.example.com", 443, "downstream", "tls_failure_reason=eof_or_reset\n"
		"detail=the client closed the connection during the TLS handshake\nsource_confidence=inferred\n"
		"raw_provider_error=GNUTLS_E_PREMATURE_TERMINATION");
	handshake_succeeds(m, "127.0.0.1:40112", "api.example.com");
}

static void
handshakes_with_servers(struct making *m)
{
	handshake_fails(m, "127.0.0.1:40200", "expired.example.org", 443, "upstream", VERIFY "tls_failure_reason=cert_validation\n"
		"verify_status=expired\ndetail=the server's certificate is not accepted: it has expired\nsubject=CN=expired.example.org\n"
		"issuer=CN=Example CA\nnames=expired.example.org\nnot_before=2026-08-01T00:00:00Z\nnot_after=2026-11-20T00:00:00Z");
	handshake_fails(m, "127.0.0.1:40201", "wrong.example.org", 443, "upstream", VERIFY "tls_failure_reason=cert_validation\n"
		"verify_status=unexpected_owner\ndetail=the server's certificate is not accepted: it is for another name than wrong.example.org\n"
		"subject=CN=right.example.org\nissuer=CN=Example CA\nnames=right.example.org, *.right.example.org\n"
		"not_before=2026-08-01T00:00:00Z\nnot_after=2027-11-20T00:00:00Z");
	handshake_fails(m, "127.0.0.1:40202", "dev.example.lan", 8443, "upstream", VERIFY "tls_failure_reason=unknown_ca\n"
		"verify_status=signer_not_found\ndetail=the server's certificate is not accepted: its issuer is not trusted\n"
		"subject=CN=dev.example.lan\nissuer=CN=dev.example.lan\nnames=dev.example.lan\nnot_before=2026-08-01T00:00:00Z\n"
		"not_after=2036-08-01T00:00:00Z");
	handshake_fails(m, "127.0.0.1:50200", "plain.example.com", 443, "upstream", "tls_failure_reason=handshake\n"
		"detail=what the server sent is not TLS\nraw_provider_error=GNUTLS_E_UNEXPECTED_PACKET_LENGTH\nsource_confidence=authoritative\n"
		"alert=22\nalert_name=record_overflow\nalert_by=soth");
	handshake_fails(m, "127.0.0.1:40204", "old.example.org", 443, "upstream", "tls_failure_reason=handshake\nalert=70\n"
		"detail=the server does not speak this version of TLS (alert 70, protocol_version)\nsource_confidence=authoritative\n"
		"raw_provider_error=GNUTLS_E_FATAL_ALERT_RECEIVED\nalert_name=protocol_version\nalert_by=server");
	handshake_fails(m, "127.0.0.1:40205", "mtls.example.com", 443, "upstream", "tls_failure_reason=handshake\nalert=116\n"
		"detail=the server requires a certificate of the client (alert 116, certificate_required)\nsource_confidence=authoritative\n"
		"raw_provider_error=GNUTLS_E_FATAL_ALERT_RECEIVED\nalert_name=certificate_required\nalert_by=server");
}

__attribute__((unused)) static void
handshakes_make(const char *path)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	if (!m.store)
		fail_msg("%s", why.text);
	handshakes_of_clients(&m);
	handshakes_with_servers(&m);
	store_flush(m.store);
	store_free(m.store);
}
