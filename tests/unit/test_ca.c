#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/tls.h"
#include "soth/buf.h"
#include "trusting.h"

static char dir[256];
static struct fault why;

static char *
in_dir(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/soth-ca-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "soth-ca.pem", "soth-ca-cert.pem", "mitmproxy-ca.pem", "leaf.pem" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(in_dir(names[i]));
	return rmdir(dir);	/* nothing else lies there */
}

static struct ca *
open_ca(void)
{
	struct ca *ca = ca_open(dir, &why);

	if (!ca)
		fail_msg("%s", why.text);
	return ca;
}

static void
write_file(const char *name, struct bytes b)
{
	FILE *out = fopen(in_dir(name), "wb");

	assert_non_null(out);
	assert_int_equal(fchmod(fileno(out), 0600), 0);
	assert_int_equal(fwrite(b.at, 1, b.len, out), b.len);
	fclose(out);
}

/*
 * The certificate a client sees: a handshake over memory, with as little of
 * a client as that takes.
 */
struct wire {
	struct buf to_server, to_client;
	gnutls_session_t session;
	struct chain *chain;
};

static ssize_t
wire_pull(gnutls_transport_ptr_t arg, void *to, size_t len)
{
	struct wire *w = arg;
	size_t n = w->to_client.len < len ? w->to_client.len : len;

	if (!n) {
		gnutls_transport_set_errno(w->session, 11);
		return -1;
	}
	memcpy(to, w->to_client.at, n);
	buf_eat(&w->to_client, n);
	return (ssize_t)n;
}

static ssize_t
wire_push(gnutls_transport_ptr_t arg, const void *from, size_t len)
{
	struct wire *w = arg;

	assert_true(buf_add(&w->to_server, (struct bytes){ from, len }));
	return (ssize_t)len;
}

static void
wire_up(void *arg, struct event *ev)
{
	(void)arg;
	(void)ev;
}

static void
wire_down(void *arg, struct command *cmd)
{
	struct wire *w = arg;

	if (cmd->kind == CMD_SEND)
		assert_true(buf_add(&w->to_client, cmd->data.bytes));
}

/* As DER; the caller drops it. */
static struct slice
shown(struct leaf *leaf)
{
	struct wire w = { .chain = NULL };
	struct tls_args args = { .server = true, .leaf = leaf };
	gnutls_certificate_credentials_t cred;
	const gnutls_datum_t *d;
	struct slice der;
	unsigned n;
	int rc = GNUTLS_E_AGAIN;

	buf_init(&w.to_server, 1 << 20);
	buf_init(&w.to_client, 1 << 20);
	w.chain = chain_new((struct chain_ends){ wire_up, wire_down, &w });
	assert_true(chain_push(w.chain, &layer_tls, &args, &why));
	gnutls_certificate_allocate_credentials(&cred);
	gnutls_init(&w.session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
	gnutls_set_default_priority(w.session);
	gnutls_credentials_set(w.session, GNUTLS_CRD_CERTIFICATE, cred);
	gnutls_transport_set_ptr(w.session, &w);
	gnutls_transport_set_pull_function(w.session, wire_pull);
	gnutls_transport_set_push_function(w.session, wire_push);
	for (unsigned i = 0; i < 10 && (rc = gnutls_handshake(w.session)) == GNUTLS_E_AGAIN; i++)
		chain_event(w.chain, (struct event){ .kind = EV_DATA, .data = buf_seal(&w.to_server) });
	assert_int_equal(rc, 0);
	d = gnutls_certificate_get_peers(w.session, &n);
	assert_int_equal(n, 2);	/* and the authority */
	der = slice_copy((struct bytes){ d->data, d->size });
	gnutls_deinit(w.session);
	gnutls_certificate_free_credentials(cred);
	chain_free(w.chain);
	buf_release(&w.to_server);
	buf_release(&w.to_client);
	return der;
}

static struct slice
minted(struct ca *ca, const char *name, struct bytes mirror)
{
	struct leaf *l = ca_leaf(ca, bytes_of(name), mirror, &why);
	struct slice der;

	if (!l)
		fail_msg("%s", why.text);
	der = shown(l);
	leaf_drop(l);
	return der;
}

static gnutls_x509_crt_t
parsed(struct bytes der)
{
	gnutls_datum_t d = { (unsigned char *)(uintptr_t)der.at, (unsigned)der.len };
	gnutls_x509_crt_t crt;

	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	assert_int_equal(gnutls_x509_crt_import(crt, &d, GNUTLS_X509_FMT_DER), 0);
	return crt;
}

/* "dns a.example, ip 192.0.2.1, " */
static void
names_of(struct bytes der, char *out, size_t room)
{
	gnutls_x509_crt_t crt = parsed(der);
	size_t at = 0;

	*out = 0;
	for (unsigned i = 0; ; i++) {
		char raw[512], ip[64];
		size_t len = sizeof(raw);
		int type = gnutls_x509_crt_get_subject_alt_name(crt, i, raw, &len, NULL);

		if (type < 0)
			break;
		if (type == GNUTLS_SAN_IPADDRESS)
			inet_ntop(len == 4 ? AF_INET : AF_INET6, raw, ip, sizeof(ip));
		at += (size_t)snprintf(out + at, room - at, "%s %s, ",
			type == GNUTLS_SAN_IPADDRESS ? "ip" : "dns", type == GNUTLS_SAN_IPADDRESS ? ip : raw);
	}
	gnutls_x509_crt_deinit(crt);
}

static void
assert_names(struct ca *ca, const char *name, struct bytes mirror, const char *names)
{
	struct slice der = minted(ca, name, mirror);
	char text[1024];

	names_of(der.bytes, text, sizeof(text));
	assert_string_equal(text, names);
	slice_drop(&der);
}

static void
test_the_first_run_makes_an_authority_and_the_next_finds_it(void **state)
{
	struct ca *ca = open_ca();
	struct stat st;
	char print[128];

	(void)state;
	snprintf(print, sizeof(print), "%s", ca_fingerprint(ca));
	assert_int_equal(strlen(print), 95);
	assert_string_equal(ca_path(ca), in_dir("soth-ca-cert.pem"));
	assert_int_equal(stat(in_dir("soth-ca.pem"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(in_dir("soth-ca-cert.pem"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_memory_equal(ca_pem(ca).at, "-----BEGIN CERTIFICATE-----", 27);
	ca_close(ca);
	ca = open_ca();
	assert_string_equal(ca_fingerprint(ca), print);
	ca_close(ca);
}

static void
test_many_at_once_make_one_authority(void **state)
{
	enum { MANY = 8 };
	char print[MANY][96];
	int in[2], go[2];
	char c;

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(go), 0);
	for (unsigned i = 0; i < MANY; i++) {
		if (fork())
			continue;
		close(go[1]);
		(void)!read(go[0], &c, 1);	/* until all may go */
		struct ca *ca = ca_open(dir, &why);
		if (ca)
			(void)!write(in[1], ca_fingerprint(ca), 95);
		_exit(!ca);
	}
	close(go[0]);
	close(go[1]);
	close(in[1]);
	for (unsigned i = 0; i < MANY; i++) {
		for (size_t have = 0; have < 95; ) {
			ssize_t n = read(in[0], print[i] + have, 95 - have);

			assert_true(n > 0);
			have += (size_t)n;
		}
		assert_memory_equal(print[i], print[0], 95);
	}
	for (unsigned i = 0; i < MANY; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	close(in[0]);
}

static void
assert_fault(const char *words)
{
	struct ca *ca = ca_open(dir, &why);

	assert_null(ca);
	if (!strstr(why.text, words) || !strstr(why.text, "soth-ca.pem"))
		fail_msg("not \"%s\": %s", words, why.text);
}

static void
test_a_file_that_is_no_authority_is_named(void **state)
{
	struct ca *ca = open_ca(), *other;
	struct slice first = slice_copy(ca_pem(ca)), mixed;
	char home[512];
	static char key[4096];
	FILE *in;
	size_t len;

	(void)state;
	ca_close(ca);
	write_file("soth-ca.pem", LIT("nonsense\n"));
	assert_fault("its key");
	write_file("soth-ca.pem", first.bytes);
	assert_fault("its key");
	/* Another's key before our certificate. */
	unlink(in_dir("soth-ca.pem"));
	other = open_ca();
	ca_close(other);
	in = fopen(in_dir("soth-ca.pem"), "rb");
	assert_non_null(in);
	len = fread(key, 1, sizeof(key), in);
	fclose(in);
	len = (size_t)(strstr(key, "-----BEGIN CERT") - key);
	mixed = slice_copy((struct bytes){ (uint8_t *)key, len });
	memcpy(key + len, first.bytes.at, first.bytes.len);
	write_file("soth-ca.pem", (struct bytes){ (uint8_t *)key, len });
	assert_fault("its certificate");
	write_file("soth-ca.pem", (struct bytes){ (uint8_t *)key, len + first.bytes.len });
	assert_fault("not that of the certificate");
	slice_drop(&first);
	slice_drop(&mixed);
	/* A folder that cannot be made. */
	snprintf(home, sizeof(home), "%s/soth-ca.pem/below", dir);
	assert_null(ca_open(home, &why));
	assert_non_null(strstr(why.text, "soth-ca.pem"));
}

/* Made by `openssl req`, as mitmproxy's are: RSA, the key first. */
static void
test_an_authority_of_mitmproxy_is_used_as_it_is(void **state)
{
	char command[2048];
	struct ca *ca;
	struct slice der;
	gnutls_x509_crt_t crt;

	(void)state;
	snprintf(command, sizeof(command),
		"cd %s && openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=mitmproxy/O=mitmproxy"
		" -addext keyUsage=critical,keyCertSign,cRLSign -keyout mitmproxy-ca.pem -out leaf.pem 2>/dev/null"
		" && cat leaf.pem >>mitmproxy-ca.pem", dir);
	assert_int_equal(system(command), 0);
	ca = open_ca();
	assert_int_equal(access(in_dir("soth-ca.pem"), F_OK), -1);
	der = minted(ca, "a.example", (struct bytes){ 0 });
	crt = parsed(der.bytes);
	char issuer[256];
	size_t len = sizeof(issuer);
	assert_int_equal(gnutls_x509_crt_get_issuer_dn(crt, issuer, &len), 0);
	assert_string_equal(issuer, "CN=mitmproxy,O=mitmproxy");
	char file[CA_FILE_ROOM];
	assert_string_equal(ca_form_file(ca, ca_form_named(LIT("android")), file), "c8750f0d.0");	/* as everybody knows it */
	gnutls_x509_crt_deinit(crt);
	slice_drop(&der);
	ca_close(ca);
}

static void
test_every_form_is_the_certificate_alone(void **state)
{
	struct ca *ca = open_ca();
	const struct ca_form *f;
	struct slice a, b;

	(void)state;
	assert_null(ca_form_named(LIT("key")));
	assert_null(ca_form_named(LIT("pe")));
	for (size_t i = 0; (f = ca_form_at(i)); i++) {
		assert_ptr_equal(ca_form_named(bytes_of(f->name)), f);
		assert_true(f->make(ca, &a, &why));
		assert_true(f->make(ca, &b, &why));	/* the same again, though a MAC has salt in it */
		assert_true(a.bytes.len && bytes_same(a.bytes, b.bytes));
		assert_null(memmem(a.bytes.at, a.bytes.len, "PRIVATE", 7));
		slice_drop(&a);
		slice_drop(&b);
	}
	ca_close(ca);
}

static void
test_the_system_does_not_trust_who_is_new(void **state)
{
	struct ca *ca = open_ca();
	struct ca_state s;

	(void)state;
	ca_state(ca, &s);
	assert_false(s.system);
	assert_true(s.from < time(NULL) && s.to > time(NULL) + 9 * 365 * 24 * 3600L);
	ca_close(ca);
}

static void
test_a_leaf_has_the_names_of_what_it_stands_for(void **state)
{
	struct ca *ca = open_ca();
	struct slice server;

	(void)state;
	assert_names(ca, "a.example", (struct bytes){ 0 }, "dns a.example, ");
	assert_names(ca, "A.Example.", (struct bytes){ 0 }, "dns a.example, ");
	assert_names(ca, "192.0.2.1", (struct bytes){ 0 }, "ip 192.0.2.1, ");
	assert_names(ca, "[2001:db8::1]", (struct bytes){ 0 }, "ip 2001:db8::1, ");
	assert_names(ca, "b\xc3\xbc" "cher.example", (struct bytes){ 0 }, "dns xn--bcher-kva.example, ");
	assert_names(ca, "under_score.example", (struct bytes){ 0 }, "dns under_score.example, ");
	server = minted(ca, "*.b.example", (struct bytes){ 0 });
	assert_names(ca, "a.b.example", server.bytes, "dns a.b.example, dns *.b.example, ");
	assert_names(ca, "*.b.example", server.bytes, "dns *.b.example, ");
	assert_names(ca, "192.0.2.1", server.bytes, "ip 192.0.2.1, dns *.b.example, ");
	assert_names(ca, "a.example", LIT("no certificate at all"), "dns a.example, ");
	slice_drop(&server);
	ca_close(ca);
}

static void
test_no_leaf_is_made_for_what_is_no_name(void **state)
{
	static const char *const none[] = { "", ".", "a b", "a\nb", "\xff\xfe", "a/b" };
	struct ca *ca = open_ca();
	char name[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_null(ca_leaf(ca, bytes_of(none[i]), (struct bytes){ 0 }, &why));
	memset(name, 'a', sizeof(name));
	assert_null(ca_leaf(ca, (struct bytes){ (uint8_t *)name, 254 }, (struct bytes){ 0 }, &why));
	assert_null(ca_leaf(ca, (struct bytes){ (const uint8_t *)"a\0b", 3 }, (struct bytes){ 0 }, &why));
	name[100] = 0;
	assert_names(ca, name, (struct bytes){ 0 }, (snprintf(name + 150, 120, "dns %.100s, ", name), name + 150));
	ca_close(ca);
}

static void
test_a_leaf_is_kept_by_name_and_server(void **state)
{
	struct ca *ca = open_ca();
	struct leaf *a = ca_leaf(ca, LIT("a.example"), (struct bytes){ 0 }, &why);
	struct leaf *b = ca_leaf(ca, LIT("A.example"), (struct bytes){ 0 }, &why);
	struct leaf *c = ca_leaf(ca, LIT("a.example"), LIT("another server"), &why);
	struct ca *copy = ca_copy(ca);
	struct slice first, second;

	(void)state;
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, c);
	first = shown(a);
	leaf_drop(a);
	leaf_drop(b);
	leaf_drop(c);
	/* A copy has a cache of its own, of the same keys. */
	second = minted(copy, "a.example", (struct bytes){ 0 });
	assert_false(bytes_same(first.bytes, second.bytes));
	gnutls_x509_crt_t x = parsed(first.bytes), y = parsed(second.bytes);
	uint8_t id[2][64];
	size_t len[2] = { 64, 64 };
	gnutls_x509_crt_get_key_id(x, 0, id[0], &len[0]);
	gnutls_x509_crt_get_key_id(y, 0, id[1], &len[1]);
	assert_memory_equal(id[0], id[1], len[0]);
	gnutls_x509_crt_deinit(x);
	gnutls_x509_crt_deinit(y);
	slice_drop(&first);
	slice_drop(&second);
	ca_close(ca);
	ca_close(copy);
}

static void
test_the_cache_forgets_what_was_used_longest_ago(void **state)
{
	struct ca *ca = open_ca();
	struct leaf *first = ca_leaf(ca, LIT("first.example"), (struct bytes){ 0 }, &why);
	struct leaf *second = ca_leaf(ca, LIT("second.example"), (struct bytes){ 0 }, &why), *l;

	(void)state;
	for (unsigned i = 0; i < 4095; i++) {
		char name[32];

		snprintf(name, sizeof(name), "n%u.example", i);
		l = ca_leaf(ca, bytes_of(name), (struct bytes){ 0 }, &why);
		assert_non_null(l);
		leaf_drop(l);
		if (i == 4000)	/* it is in use */
			leaf_drop(ca_leaf(ca, LIT("first.example"), (struct bytes){ 0 }, &why));
	}
	l = ca_leaf(ca, LIT("first.example"), (struct bytes){ 0 }, &why);
	assert_ptr_equal(l, first);
	leaf_drop(l);
	l = ca_leaf(ca, LIT("second.example"), (struct bytes){ 0 }, &why);
	assert_ptr_not_equal(l, second);
	leaf_drop(l);
	leaf_drop(first);
	leaf_drop(second);
	ca_close(ca);
}

/* The strictest readers at hand: openssl -x509_strict and GnuTLS's own. */
static void
test_a_leaf_passes_the_strict(void **state)
{
	static const char *const names[] = { "a.example", "192.0.2.1",
		"a-rather-long-label-of-many-letters.another-long-label-of-letters.example" };
	struct ca *ca = open_ca();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice der = minted(ca, names[i], (struct bytes){ 0 });
		gnutls_x509_crt_t crt = parsed(der.bytes);
		gnutls_datum_t pem;
		char command[2048];

		assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem), 0);
		write_file("leaf.pem", (struct bytes){ pem.data, pem.size });
		assert_true(gnutls_x509_crt_get_expiration_time(crt) -
			gnutls_x509_crt_get_activation_time(crt) <= 190 * 24 * 3600);
		assert_true(gnutls_x509_crt_get_activation_time(crt) < time(NULL) - 23 * 3600);
		snprintf(command, sizeof(command), "cd %s && openssl verify -x509_strict -purpose sslserver"
			" -CAfile soth-ca-cert.pem %s %s leaf.pem >/dev/null",
			dir, i == 1 ? "-verify_ip" : "-verify_hostname", names[i]);
		assert_int_equal(system(command), 0);
		gnutls_free(pem.data);
		gnutls_x509_crt_deinit(crt);
		slice_drop(&der);
	}
	ca_close(ca);
}

static void
test_an_expired_authority_is_refused(void **state)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	gnutls_datum_t pem[2];
	struct buf file;

	(void)state;
	gnutls_x509_privkey_init(&key);
	gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	gnutls_x509_crt_init(&crt);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, 1000000000);
	gnutls_x509_crt_set_expiration_time(crt, 1100000000);
	gnutls_x509_crt_set_dn(crt, "CN=old", NULL);
	gnutls_x509_crt_set_basic_constraints(crt, 1, -1);
	gnutls_x509_crt_set_key(crt, key);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem[0]);
	gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem[1]);
	buf_init(&file, 1 << 16);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(buf_add(&file, (struct bytes){ pem[i].data, pem[i].size }));
		gnutls_free(pem[i].data);
	}
	write_file("soth-ca.pem", buf_bytes(&file));
	assert_fault("has expired");
	buf_release(&file);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

/* Made by openssl, each with one thing wrong. */
static void
test_what_is_wrong_with_an_authority_is_said_with_what_to_do(void **state)
{
	static const struct { const char *how, *mode, *words; } cases[] = {
		{ "-nodes -addext basicConstraints=critical,CA:false", "600", "not that of an authority (CA:true)" },
		{ "-passout pass:sesame -addext basicConstraints=critical,CA:true", "600", "the key has a passphrase: take it off with openssl pkey" },
		{ "-nodes -addext basicConstraints=critical,CA:true", "644", "others may read its key (mode 0644), so it is not used: chmod 600" },
	};
	char command[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(command, sizeof(command), "cd %s && printf '[req]\ndistinguished_name=d\n[d]\n' >leaf.pem && openssl req -config leaf.pem"
			" -x509 -newkey rsa:2048 -subj /CN=wrong %s -keyout soth-ca.pem -out leaf.pem 2>/dev/null"
			" && cat leaf.pem >>soth-ca.pem && chmod %s soth-ca.pem", dir, cases[i].how, cases[i].mode);
		assert_int_equal(system(command), 0);
		assert_fault(cases[i].words);
	}
}

static void
test_trust_is_kept_until_options_change(void **state)
{
	struct ca *ca = open_ca();
	struct trust *a, *b, *c, *d;

	(void)state;
	assert_null(ca_trust(ca, true, &why));	/* nobody was named yet */
	assert_true(trust_believes(ca, ca_path(ca), &why));
	a = ca_trust(ca, true, &why);
	b = ca_trust(ca, true, &why);
	c = ca_trust(ca, false, &why);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, c);
	assert_true(trust_believes(ca, ca_path(ca), &why));
	d = ca_trust(ca, true, &why);
	assert_ptr_not_equal(a, d);	/* what is in use outlives the change */
	assert_false(trust_believes(ca, in_dir("none.pem"), &why));
	assert_non_null(strstr(why.text, "none.pem"));
	trust_drop(a);
	trust_drop(b);
	trust_drop(c);
	trust_drop(d);
	ca_close(ca);
}

/* How many certificates of that PEM are ours. */
static int
ours_in(const struct ca *ca, struct bytes pem)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem.at, (unsigned)pem.len };
	gnutls_datum_t one = { (unsigned char *)(uintptr_t)ca_pem(ca).at, (unsigned)ca_pem(ca).len };
	gnutls_x509_crt_t *certs, own;
	unsigned count;
	int found = 0;

	assert_int_equal(gnutls_x509_crt_init(&own), 0);
	assert_int_equal(gnutls_x509_crt_import(own, &one, GNUTLS_X509_FMT_PEM), 0);
	assert_return_code(gnutls_x509_crt_list_import2(&certs, &count, &text, GNUTLS_X509_FMT_PEM, 0), 0);
	for (unsigned i = 0; i < count; i++) {
		found += gnutls_x509_crt_equals(certs[i], own) != 0;
		gnutls_x509_crt_deinit(certs[i]);
	}
	gnutls_free(certs);
	gnutls_x509_crt_deinit(own);
	return found;
}

static void
test_a_bundle_has_the_authority_once(void **state)
{
	struct ca *ca = open_ca();
	struct buf out;

	(void)state;
	assert_true(ca_bundle(ca, &out, &why));
	assert_int_equal(ours_in(ca, buf_bytes(&out)), 1);
	buf_release(&out);
	ca_close(ca);
}

static uint32_t
be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Java itself reads it in tests/e2e/test_run.py, where it is there. */
static void
test_a_key_store_is_as_long_as_its_entries_say(void **state)
{
	struct ca *ca = open_ca();
	struct bytes b;
	struct buf out;
	size_t at = 12;

	(void)state;
	assert_true(ca_keystore(ca, &out, &why));
	b = buf_bytes(&out);
	assert_int_equal(be32(b.at), 0xfeedfeed);
	assert_int_equal(be32(b.at + 4), 2);
	assert_true(be32(b.at + 8) >= 1);
	assert_memory_equal(b.at + at, "\0\0\0\2\0\4soth", 10);
	for (uint32_t i = 0; i < be32(b.at + 8); i++) {
		at += 4 + 2 + (size_t)b.at[at + 5] + 8;
		assert_memory_equal(b.at + at, "\0\5X.509", 7);
		at += 7 + 4 + be32(b.at + at + 7);
		assert_true(at < b.len);
	}
	assert_int_equal(b.len - at, 20);
	buf_release(&out);
	ca_close(ca);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		CASE(test_the_first_run_makes_an_authority_and_the_next_finds_it),
		CASE(test_many_at_once_make_one_authority),
		CASE(test_a_file_that_is_no_authority_is_named),
		CASE(test_an_authority_of_mitmproxy_is_used_as_it_is),
		CASE(test_every_form_is_the_certificate_alone),
		CASE(test_the_system_does_not_trust_who_is_new),
		CASE(test_a_leaf_has_the_names_of_what_it_stands_for),
		CASE(test_no_leaf_is_made_for_what_is_no_name),
		CASE(test_a_leaf_is_kept_by_name_and_server),
		CASE(test_the_cache_forgets_what_was_used_longest_ago),
		CASE(test_a_leaf_passes_the_strict),
		CASE(test_an_expired_authority_is_refused),
		CASE(test_what_is_wrong_with_an_authority_is_said_with_what_to_do),
		CASE(test_trust_is_kept_until_options_change),
		CASE(test_a_bundle_has_the_authority_once),
		CASE(test_a_key_store_is_as_long_as_its_entries_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
