#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/proto/authority.h"
#include "../../src/proto/pem.h"
#include "../../src/proto/suites.h"

static char dir[] = "/tmp/soth-keyring-XXXXXX";

/* Keys and certificates, good and bad, each in a file of its own. */
static const char making[] =
	"cd %s && (set -e\n"
	"new='openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
	"$new -keyout a.key -out a.crt -subj /CN=a -addext subjectAltName=DNS:a.test,DNS:*.w.test\n"
	"$new -keyout b.key -out b.crt -subj /CN=b\n"
	"$new -keyout leaf.key -out leaf.crt -subj /CN=leaf -addext basicConstraints=critical,CA:false\n"
	"openssl pkey -in a.key -aes256 -passout pass:sesame -out a.locked\n"
	"openssl ec -in a.key -aes128 -passout pass:sesame -out a.old\n"
	"openssl x509 -in a.crt -outform der -out a.der\n"
	"cat a.key a.crt >good.pem; cat b.crt a.crt a.key >chain.pem; cat a.key b.crt >mixed.pem\n"
	"cat a.key b.key a.crt >two.pem; cat a.locked a.crt >locked.pem; cat a.old a.crt >old.pem\n"
	"cat leaf.key leaf.crt >leaf.pem\n"
	"(cat a.key; echo '# mine'; sed 's/-----BEGIN/\\r\\n&/;s/$/\\r/' a.crt) >crlf.pem\n"
	"(cat a.key; sed '3s/.*/this is no certificate!/' a.crt) >garbage.pem\n"
	"(cat a.key; sed '$d' a.crt) >cut.pem; (cat a.key; sed '3d' a.crt) >short.pem\n"
	"(cat a.crt; sed 's/^M/N/' a.key) >key.pem; : >empty.pem; cp good.pem open.pem\n"
	"for i in 1 2 3 4 5 6 7 8 9 10 11; do cat a.crt; done >long.pem; cat a.key >>long.pem\n"
	"chmod 600 *.pem a.der a.key a.crt; chmod 640 open.pem\n"
	"mkdir given trusted; cp good.pem given/a.test.pem; cp leaf.pem 'given/*.test.pem'\n"
	"cp b.crt trusted/; echo 'not one' >trusted/README) 2>/dev/null";

static int
setup(void **state)
{
	char command[sizeof(making) + sizeof(dir)];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(command, sizeof(command), making, dir);
	return system(command);
}

static int
teardown(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static char *
in_dir(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
test_what_is_wrong_with_a_file_is_said(void **state)
{
	static const struct { const char *file, *passphrase, *words; } cases[] = {
		{ "good.pem", "", NULL },
		{ "chain.pem", "", NULL },
		{ "crlf.pem", "", NULL },
		{ "locked.pem", "sesame", NULL },
		{ "old.pem", "sesame", NULL },
		{ "good.pem", "needless", NULL },
		{ "locked.pem", "", "line 1: the key has a passphrase: give it by cert-passphrase" },
		{ "old.pem", "", "line 1: the key has a passphrase: give it by cert-passphrase" },
		{ "locked.pem", "wrong", "line 1: the passphrase of cert-passphrase does not open the key" },
		{ "old.pem", "wrong", "line 1: the passphrase of cert-passphrase does not open the key" },
		{ "locked.pem", NULL, "line 1: the key has a passphrase: take it off with openssl pkey" },
		{ "mixed.pem", "", "the key is not that of the certificate (CN=b)" },
		{ "two.pem", "", "line 6: a second private key" },
		{ "garbage.pem", "", "line 8: not base64" },
		{ "cut.pem", "", "line 6: BEGIN CERTIFICATE without its END" },
		{ "short.pem", "", "line 6: its certificate cannot be read" },
		{ "key.pem", "", "its key cannot be read" },
		{ "long.pem", "", "more than 10 certificates" },
		{ "empty.pem", "", "no PEM in it" },
		{ "a.der", "", "this is DER: PEM is wanted" },
		{ "a.crt", "", "its key is missing" },
		{ "a.key", "", "its certificate is missing" },
		{ "none.pem", "", "No such file" },
		{ "open.pem", "", "others may read its key (mode 0640), so it is not used: chmod 600 /tmp/" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fault why = { "" };
		struct keypair p;
		bool ok = keypair_load(&p, in_dir(cases[i].file), cases[i].passphrase, &why);

		const char *words = cases[i].words ? cases[i].words : "";

		if (ok != !cases[i].words || (!ok && (!strstr(why.text, words) || !strstr(why.text, cases[i].file))))
			fail_msg("%s: not \"%s\": %s", cases[i].file, words, why.text);
		keypair_release(&p);
	}
}

static void
test_the_keys_own_certificate_comes_first(void **state)
{
	struct fault why;
	struct keypair p;
	char dn[32];
	size_t len = sizeof(dn);

	(void)state;
	assert_true(keypair_load(&p, in_dir("chain.pem"), "", &why));
	assert_int_equal(p.chains, 2);
	gnutls_x509_crt_get_dn(p.chain[0], dn, &len);
	assert_string_equal(dn, "CN=a");
	keypair_release(&p);
}

/* Whatever is cut off, a block is whole or it is none. */
static void
test_pem_that_is_cut_anywhere_is_no_block(void **state)
{
	static const char text[] = "before\n-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END X-----\n";
	size_t whole = sizeof(text) - 2;	/* the last line end is not needed */

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct pem p = { { (const uint8_t *)text, len }, 0 };
		struct fault why;
		struct pem_block b;
		bool there = pem_next(&p, &b, &why);

		assert_int_equal(there, len >= whole);
		if (!there)
			continue;
		assert_true(bytes_are(b.label, "X") && b.encrypted);
		assert_int_equal(b.line, 2);
		assert_int_equal(b.text.len, (len < sizeof(text) - 1 ? len : sizeof(text) - 1) - strlen("before\n"));
		assert_false(pem_next(&p, &b, &why) || *why.text);
	}
}

static struct keyring *
load(struct fault *why, const char *name, const char *value)
{
	struct options o;
	struct keyring *k = NULL;
	char trusted[100];

	options_init(&o);
	snprintf(trusted, sizeof(trusted), "%s/b.crt", dir);
	if (option_set(&o, "ssl-verify-upstream-trusted-ca", trusted, why) && option_set(&o, name, value, why))
		k = keyring_load(&o, why);
	options_release(&o);
	return k;
}

static void
test_options_that_cannot_be_are_named(void **state)
{
	static const struct { const char *name, *value, *words; } cases[] = {
		{ "certs", "=a.pem", "certs: '=a.pem': expected [HOST=]PATH" },
		{ "certs", "a.test=/nowhere/a.pem", "certs: /nowhere/a.pem: No such file" },
		{ "certs", "/tmp", "certs: /tmp: this is a folder" },
		{ "client-certs", "a.test=/tmp", "client-certs: /tmp: this is a folder" },
		{ "ssl-verify-upstream-trusted-ca", "/nowhere", "ssl-verify-upstream-trusted-ca: /nowhere: No such file" },
		{ "ssl-verify-upstream-trusted-ca", "/etc/passwd", "/etc/passwd: no certificates in it" },
		{ "ssl-verify-upstream-trusted-confdir", "/nowhere", "ssl-verify-upstream-trusted-confdir: /nowhere: No such file" },
		{ "ssl-verify-upstream-trusted-confdir", "/etc/passwd", "/etc/passwd: Not a directory" },
		{ "tls-version-client-min", "TLS9", "tls-version-client-min: 'TLS9': expected UNBOUNDED" },
		{ "tls-version-server-max", "SSL3", "tls-version-server-max: GnuTLS has no SSL 3" },
		{ "tls-version-server-max", "TLS1_1", "tls-version-server-min: TLS1_2 is above tls-version-server-max, which is TLS1_1" },
		{ "ciphers-client", "AES128-SHA:FOO", "ciphers-client: 'FOO': no cipher suite is called so" },
		{ "ciphers-server", "ALL:@SECLEVEL=0", "ciphers-server: 'ALL': no cipher suite is called so" },
		{ "tls-ecdh-curve-server", "X25518", "tls-ecdh-curve-server: 'X25518': no group is called so" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fault why = { "" };

		assert_null(load(&why, cases[i].name, cases[i].value));
		if (!strstr(why.text, cases[i].words))
			fail_msg("not \"%s\": %s", cases[i].words, why.text);
	}
}

static void
assert_held(const struct held_list *l, const char *host, const char *file)
{
	const struct held *h = held_for(l, host);

	if (!file ? h != NULL : !h || !strstr(h->path, file))
		fail_msg("%s: not %s: %s", host, file ? file : "none", h ? h->path : "none");
}

static void
test_the_closest_counts(void **state)
{
	struct fault why;
	char list[600];
	struct keyring *k;

	(void)state;
	snprintf(list, sizeof(list), "%s/chain.pem, *.test=%s/leaf.pem, *.b.test=%s/crlf.pem,B.b.test=%s/good.pem,", dir, dir, dir, dir);
	k = load(&why, "client-certs", list);
	if (!k)
		fail_msg("%s", why.text);
	assert_held(&k->given, "b.b.test", "good.pem");
	assert_held(&k->given, "c.B.TEST", "crlf.pem");
	assert_held(&k->given, "b.test", "crlf.pem");
	assert_held(&k->given, "a.test", "leaf.pem");
	assert_held(&k->given, "atest", "chain.pem");
	keyring_drop(k);
	k = load(&why, "client-certs", in_dir("given"));
	if (!k)
		fail_msg("%s", why.text);
	assert_held(&k->given, "a.test", "given/a.test.pem");
	assert_held(&k->given, "b.test", "given/*.test.pem");
	assert_held(&k->given, "b.example", NULL);
	keyring_drop(k);
	snprintf(list, sizeof(list), "x.test=%s/good.pem", dir);
	k = load(&why, "certs", list);
	assert_non_null(k);
	assert_held(&k->shown, "x.test", "good.pem");
	assert_held(&k->shown, "a.test", "good.pem");	/* its own names too */
	assert_held(&k->shown, "one.w.test", "good.pem");
	assert_held(&k->shown, "w.test", NULL);
	keyring_drop(k);
	k = load(&why, "ssl-verify-upstream-trusted-confdir", in_dir("trusted"));
	assert_non_null(k);
	keyring_drop(k);
}

/* The suites and versions that may be agreed on, as GnuTLS names them. */
static void
put_offer(gnutls_priority_t p, char out[1000])
{
	const unsigned *list;
	int n = gnutls_priority_protocol_list(p, &list);
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, 1000 - len, "%s%s", len ? " " : "", gnutls_protocol_get_name((gnutls_protocol_t)list[i]));
	for (unsigned i = 0, at; ; i++) {
		int rc = gnutls_priority_get_cipher_suite_index(p, i, &at);
		const char *name = rc < 0 ? NULL : gnutls_cipher_suite_info(at, NULL, NULL, NULL, NULL, NULL);

		if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (name)
			len += (size_t)snprintf(out + len, 1000 - len, " %s", name);
	}
}

static void
test_suites_go_by_each_of_their_names(void **state)
{
	static const struct { const char *min, *max, *ciphers, *offer; } cases[] = {
		{ "TLS1_2", "UNBOUNDED", "TLS_AES_128_GCM_SHA256", "TLS1.3 TLS_AES_128_GCM_SHA256" },
		{ "TLS1_2", "UNBOUNDED", "TLS_CHACHA20_POLY1305_SHA256,TLS_AES_256_GCM_SHA384",
			"TLS1.3 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_256_GCM_SHA384" },
		{ "TLS1_2", "UNBOUNDED", "AES128-GCM-SHA256", "TLS1.2 TLS_RSA_AES_128_GCM_SHA256" },
		{ "TLS1_2", "UNBOUNDED", "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS1.2 TLS_RSA_AES_128_GCM_SHA256" },
		{ "TLS1_2", "UNBOUNDED", "ECDHE-RSA-AES128-GCM-SHA256", "TLS1.2 TLS_ECDHE_RSA_AES_128_GCM_SHA256" },
		{ "TLS1_2", "UNBOUNDED", "tls_ecdhe_rsa_aes_128_gcm_sha256", "TLS1.2 TLS_ECDHE_RSA_AES_128_GCM_SHA256" },
		{ "TLS1_2", "UNBOUNDED", "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS1.2 TLS_ECDHE_ECDSA_CHACHA20_POLY1305" },
		{ "TLS1_2", "UNBOUNDED", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS1.2 TLS_ECDHE_ECDSA_CHACHA20_POLY1305" },
		{ "UNBOUNDED", "TLS1_1", "AES128-SHA", "TLS1.1 TLS1.0 TLS_RSA_AES_128_CBC_SHA1" },
		{ "TLS1", "TLS1", "DES-CBC3-SHA", "TLS1.0 TLS_RSA_3DES_EDE_CBC_SHA1" },
		{ "TLS1", "TLS1", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS1.0 TLS_RSA_3DES_EDE_CBC_SHA1" },
		{ "TLS1_2", "UNBOUNDED", " AES128-GCM-SHA256 : TLS_AES_128_GCM_SHA256 ",
			"TLS1.3 TLS1.2 TLS_AES_128_GCM_SHA256 TLS_RSA_AES_128_GCM_SHA256" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct suites_wanted w = { "client", cases[i].min, cases[i].max, cases[i].ciphers, "" };
		gnutls_priority_t p;
		struct fault why = { "" };
		char offer[1000] = "";

		if (!suites_priority(&w, &p, &why))
			fail_msg("%s: %s", cases[i].ciphers, why.text);
		put_offer(p, offer);
		assert_string_equal(offer, cases[i].offer);
		gnutls_priority_deinit(p);
	}
}

static void
test_suites_of_no_version_that_is_allowed(void **state)
{
	struct suites_wanted w = { "server", "TLS1_2", "TLS1_2", "TLS_AES_128_GCM_SHA256", "" };
	gnutls_priority_t p;
	struct fault why = { "" };

	(void)state;
	assert_false(suites_priority(&w, &p, &why));
	assert_non_null(strstr(why.text, "ciphers-server: none of them is of a version"));
	assert_true(suites_old("UNBOUNDED") && suites_old("TLS1_1") && !suites_old("TLS1_2"));
}

static void
test_it_is_known_which_options_it_is_made_of(void **state)
{
	(void)state;
	assert_true(keyring_reads("client-certs=a") && keyring_reads("ciphers_server="));
	assert_false(keyring_reads("http2=no") || keyring_reads("nothing") || keyring_reads(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wrong_with_a_file_is_said),
		cmocka_unit_test(test_the_keys_own_certificate_comes_first),
		cmocka_unit_test(test_pem_that_is_cut_anywhere_is_no_block),
		cmocka_unit_test(test_options_that_cannot_be_are_named),
		cmocka_unit_test(test_the_closest_counts),
		cmocka_unit_test(test_suites_go_by_each_of_their_names),
		cmocka_unit_test(test_suites_of_no_version_that_is_allowed),
		cmocka_unit_test(test_it_is_known_which_options_it_is_made_of),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
