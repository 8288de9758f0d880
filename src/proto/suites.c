/* Versions, cipher suites and groups that may be agreed on. */
#include <ctype.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "soth/buf.h"
#include "suites.h"

enum { PRIORITY_MAX = 4096, WORD_MAX = 80, SUITE_ROOM = 160, PARTS_MAX = 32, VERSION_UNBOUNDED = -1 };

/* AES-GCM first (ChaCha20 costs five times as much here), X25519 first, and
 * our order counts. No early data: a request must not be replayed. */
static const char usual_ciphers[] = ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-CBC:+AES-256-CBC";
static const char usual_groups[] = ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1"
	":+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096";
static const char separators[] = ":, ";

static const struct version {
	const char *name, *priority;	/* NULL: GnuTLS has it no more */
} versions[] = {
	{ "SSL3", NULL },
	{ "TLS1", "VERS-TLS1.0" },
	{ "TLS1_1", "VERS-TLS1.1" },
	{ "TLS1_2", "VERS-TLS1.2" },
	{ "TLS1_3", "VERS-TLS1.3" },
};
enum { VERSION_TLS1 = 1, VERSION_TLS1_2 = 3, VERSION_TLS1_3 = 4 };

static bool
version_read(const char *word, const char *end, const char *side, int *out, struct fault *why)
{
	*out = VERSION_UNBOUNDED;
	if (!strcasecmp(word, "UNBOUNDED"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (!strcasecmp(word, versions[i].name)) {
			*out = (int)i;
			return true;
		}
	return fault(why, "tls-version-%s-%s: '%.40s': expected UNBOUNDED, SSL3, TLS1, TLS1_1, TLS1_2 or TLS1_3", side, end, word);
}

bool
suites_old(const char *min)
{
	int v;

	return version_read(min, "min", "", &v, &(struct fault){ "" }) && v < VERSION_TLS1_2;
}

struct range { int low, high; };

static bool
range_read(const struct suites_wanted *w, struct range *r, struct fault *why)
{
	if (!version_read(w->min, "min", w->side, &r->low, why) || !version_read(w->max, "max", w->side, &r->high, why))
		return false;
	if (r->low < VERSION_TLS1)
		r->low = VERSION_TLS1;
	if (r->high == VERSION_UNBOUNDED)
		r->high = VERSION_TLS1_3;
	if (!versions[r->high].priority)
		return fault(why, "tls-version-%s-max: GnuTLS has no SSL 3: TLS1 is the oldest there is", w->side);
	return r->low <= r->high || fault(why, "tls-version-%s-min: %s is above tls-version-%s-max, which is %s",
		w->side, versions[r->low].name, w->side, versions[r->high].name);
}

/*
 * Names of one suite, made equal:
 *
 *	IANA	TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA	ECDHERSAAES128SHA
 *	OpenSSL	ECDHE-RSA-AES128-SHA
 *	GnuTLS	TLS_ECDHE_RSA_AES_128_CBC_SHA1
 */
static void
name_equal(const char *name, char out[SUITE_ROOM])
{
	static const struct { const char *from, *to; } words[] = {
		{ "TLS", "" }, { "WITH", "" }, { "CBC3", "3EDE" }, { "CBC", "" }, { "SHA1", "SHA" }, { "3DES", "DES3" },
	};
	size_t len = 0;

	for (; *name && len + 1 < SUITE_ROOM; name++)
		if (isalnum((unsigned char)*name))
			out[len++] = (char)toupper((unsigned char)*name);
	out[len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		char *at = strstr(out, words[i].from);
		size_t from = strlen(words[i].from), to = strlen(words[i].to);

		if (!at || (!strcmp(words[i].from, "SHA1") && at[from]))
			continue;
		memmove(at + to, at + from, strlen(at + from) + 1);
		memcpy(at, words[i].to, to);
	}
	len = strlen(out);
	if (strstr(out, "POLY1305SHA256"))	/* GnuTLS names no digest there */
		out[len - strlen("SHA256")] = '\0';
}

/* What of a suite a priority can name. */
struct suite {
	const char *kx, *cipher, *mac;
	bool newest;		/* of TLS 1.3, which has no key exchange in its suites */
};

static bool
suite_at(size_t i, char equal[SUITE_ROOM], struct suite *s)
{
	gnutls_kx_algorithm_t kx;
	gnutls_cipher_algorithm_t cipher;
	gnutls_mac_algorithm_t mac;
	gnutls_protocol_t version;
	unsigned char id[2];
	const char *name = gnutls_cipher_suite_info(i, id, &kx, &cipher, &mac, &version);

	if (!name)
		return false;
	name_equal(name, equal);
	*s = (struct suite){ gnutls_kx_get_name(kx), gnutls_cipher_get_name(cipher), gnutls_mac_get_name(mac),
		version == GNUTLS_TLS1_3 };
	return true;
}

/* OpenSSL leaves RSA as the key exchange unsaid, and its AES128-GCM-SHA256 is
 * not TLS 1.3's TLS_AES_128_GCM_SHA256. */
static bool
suite_find(const char *word, struct suite *out)
{
	char wanted[SUITE_ROOM], rsa[SUITE_ROOM + 3], equal[SUITE_ROOM];
	bool openssl = strncasecmp(word, "TLS_", 4) != 0;
	struct suite s;

	name_equal(word, wanted);
	snprintf(rsa, sizeof(rsa), "RSA%s", wanted);
	for (int as_rsa = openssl; as_rsa >= 0; as_rsa--)
		for (size_t i = 0; suite_at(i, equal, &s); i++)
			if (!strcmp(equal, as_rsa ? rsa : wanted)) {
				*out = s;
				return true;
			}
	return false;
}

/* ":+NAME", once. */
static void
part_add(struct buf *b, const char *name)
{
	char word[WORD_MAX];
	struct bytes have = buf_bytes(b);

	snprintf(word, sizeof(word), ":+%s:", name);
	if (have.len && memmem(have.at, have.len, word, strlen(word)))
		return;
	(void)!buf_addf(b, "%s+%s:", have.len ? "" : ":", name);
}

struct parts {
	struct buf ciphers, macs, exchanges;	/* ":+A:+B:" */
	bool newest, older;			/* suites of TLS 1.3, and of those before */
};

static void
parts_release(struct parts *p)
{
	buf_release(&p->ciphers);
	buf_release(&p->macs);
	buf_release(&p->exchanges);
}

/* The next word of a list; false: there is none. */
static bool
word_next(const char **at, char out[WORD_MAX])
{
	size_t len;

	*at += strspn(*at, separators);
	len = strcspn(*at, separators);
	snprintf(out, WORD_MAX, "%.*s", (int)len, *at);
	*at += len;
	return len > 0;
}

static bool
parts_read(struct parts *p, const struct suites_wanted *w, struct fault *why)
{
	char word[WORD_MAX];

	for (const char *at = w->ciphers; word_next(&at, word); ) {
		struct suite s;

		if (!suite_find(word, &s))
			return fault(why, "ciphers-%s: '%.60s': no cipher suite is called so "
				"(as TLS_AES_128_GCM_SHA256, ECDHE-RSA-AES128-GCM-SHA256)", w->side, word);
		part_add(&p->ciphers, s.cipher);
		part_add(&p->macs, s.mac);
		if (!s.newest)
			part_add(&p->exchanges, s.kx);
		p->newest |= s.newest;
		p->older |= !s.newest;
	}
	return true;
}

/* Only versions that have one of the suites: TLS 1.3 has its own. */
static bool
range_narrow(struct range *r, const struct parts *p, const struct suites_wanted *w, struct fault *why)
{
	if (!p->newest && r->high == VERSION_TLS1_3)
		r->high--;
	if (!p->older && r->low < VERSION_TLS1_3)
		r->low = VERSION_TLS1_3;
	return r->low <= r->high || fault(why, "ciphers-%s: none of them is of a version from tls-version-%s-min to -max",
		w->side, w->side);
}

static bool
ciphers_put(struct buf *b, struct range *r, const struct suites_wanted *w, struct fault *why)
{
	struct parts p = { .newest = false };
	bool ok;

	if (!w->ciphers[strspn(w->ciphers, separators)])
		return buf_addf(b, "%s%s", usual_ciphers, r->low < VERSION_TLS1_2 ? ":+3DES-CBC" : "");
	buf_init(&p.ciphers, PRIORITY_MAX);
	buf_init(&p.macs, PRIORITY_MAX);
	buf_init(&p.exchanges, PRIORITY_MAX);
	ok = parts_read(&p, w, why) && range_narrow(r, &p, w, why) &&
		buf_addf(b, ":-CIPHER-ALL%.*s", (int)p.ciphers.len - 1, (const char *)p.ciphers.at) &&
		buf_addf(b, ":-MAC-ALL%.*s", (int)p.macs.len - 1, (const char *)p.macs.at) &&
		(!p.older || buf_addf(b, ":-KX-ALL%.*s", (int)p.exchanges.len - 1, (const char *)p.exchanges.at));
	parts_release(&p);
	return ok;
}

/* OpenSSL and NIST have names of their own for three of them. */
static gnutls_group_t
group_find(const char *word)
{
	static const struct { const char *name, *own; } others[] = {
		{ "prime256v1", "SECP256R1" }, { "P-256", "SECP256R1" }, { "P-384", "SECP384R1" }, { "P-521", "SECP521R1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (!strcasecmp(word, others[i].name))
			word = others[i].own;
	for (const gnutls_group_t *g = gnutls_group_list(); *g; g++)
		if (!strcasecmp(word, gnutls_group_get_name(*g)))
			return *g;
	return GNUTLS_GROUP_INVALID;
}

static bool
groups_put(struct buf *b, const struct suites_wanted *w, struct fault *why)
{
	char word[WORD_MAX];

	if (!w->groups[strspn(w->groups, separators)])
		return buf_add(b, bytes_of(usual_groups));
	if (!buf_add(b, LIT(":-GROUP-ALL")))
		return false;
	for (const char *at = w->groups; word_next(&at, word); ) {
		gnutls_group_t g = group_find(word);

		if (g == GNUTLS_GROUP_INVALID)
			return fault(why, "tls-ecdh-curve-%s: '%.60s': no group is called so (as X25519, SECP256R1, SECP384R1)",
				w->side, word);
		if (!buf_addf(b, ":+GROUP-%s", gnutls_group_get_name(g)))
			return false;
	}
	return true;
}

static bool
versions_put(struct buf *b, const struct range *r)
{
	bool ok = buf_add(b, LIT(":-VERS-ALL"));

	for (int v = r->high; ok && v >= r->low; v--)
		ok = buf_addf(b, ":+%s", versions[v].priority);
	return ok;
}

bool
suites_priority(const struct suites_wanted *w, struct gnutls_priority_st **out, struct fault *why)
{
	struct buf b;
	struct range r;
	bool ok;
	int rc;

	buf_init(&b, PRIORITY_MAX);
	*why = (struct fault){ "" };
	ok = range_read(w, &r, why) && buf_add(&b, LIT("NORMAL:%SERVER_PRECEDENCE")) && ciphers_put(&b, &r, w, why) &&
		groups_put(&b, w, why) && versions_put(&b, &r) && buf_add(&b, (struct bytes){ (const uint8_t *)"", 1 });
	if (!ok && !*why->text)
		fault(why, "tls with the %s: the lists of ciphers and groups are too long", w->side);
	rc = ok ? gnutls_priority_init(out, (const char *)b.at, NULL) : 0;
	if (rc < 0)
		ok = fault(why, "tls with the %s: what may be agreed on: %s", w->side, gnutls_strerror(rc));
	buf_release(&b);
	return ok;
}
