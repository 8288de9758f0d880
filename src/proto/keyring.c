/* What options say of TLS, read and checked once: certificates and keys, whom to trust, what may be agreed on. */
#include <dirent.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authority.h"
#include "keyfile.h"
#include "staple.h"
#include "suites.h"

enum { HELD_LIST_MAX = 1024, HOST_MAX = 255 };

/* Where a list of files is read to. */
struct reading {
	const struct options *options;
	const char *name;		/* of the option */
	struct held_list *list;
	struct stamps *files;
	bool (*use)(struct held *h, struct fault *why);
	bool folders;			/* a path may be one, of HOST.pem */
};

static void
held_release(struct held *h)
{
	for (unsigned i = 0; h->pcert && i < h->pair.chains; i++)
		gnutls_pcert_deinit(&h->pcert[i]);
	free(h->pcert);
	if (h->key)
		gnutls_privkey_deinit(h->key);
	if (h->cred)
		gnutls_certificate_free_credentials(h->cred);
	staple_free(h->staple);
	keypair_release(&h->pair);
	free(h->host);
	free(h->path);
}

/* As credentials of sessions with clients. */
static bool
use_shown(struct held *h, struct fault *why)
{
	int rc = gnutls_certificate_allocate_credentials(&h->cred);

	if (rc >= 0)
		rc = gnutls_certificate_set_x509_key(h->cred, h->pair.chain, (int)h->pair.chains, h->pair.key);
	return rc >= 0 ? staple_use(h, why) : fault(why, "%.120s: %s", h->path, gnutls_strerror(rc));
}

/* As GnuTLS wants it when a server asks. */
static bool
use_given(struct held *h, struct fault *why)
{
	int rc = gnutls_privkey_init(&h->key);

	if (rc >= 0)
		rc = gnutls_privkey_import_x509(h->key, h->pair.key, 0);
	h->pcert = xalloc(h->pair.chains * sizeof(*h->pcert));
	for (unsigned i = 0; rc >= 0 && i < h->pair.chains; i++)
		rc = gnutls_pcert_import_x509(&h->pcert[i], h->pair.chain[i], 0);
	return rc >= 0 || fault(why, "%.120s: %s", h->path, gnutls_strerror(rc));
}

/* A `~/` is the home of the user, as mitmproxy has it. */
static bool
path_whole(const char *path, char out[PATH_ROOM], struct fault *why)
{
	const char *home = !strncmp(path, "~/", 2) ? getenv("HOME") : NULL;

	if ((size_t)snprintf(out, PATH_ROOM, "%s%s", home ? home : "", home ? path + 1 : path) < PATH_ROOM)
		return true;
	return fault(why, "%.100s...: the path is too long", path);
}

static bool
read_file(const struct reading *r, const char *host, const char *path, struct fault *why)
{
	struct held h = { .host = xstrdup(host), .path = xstrdup(path) };
	char staple[STAPLE_PATH_ROOM];
	struct fault wrong;

	stamps_add(r->files, path);
	if (r->use == use_shown && staple_path(path, staple))
		stamps_add(r->files, staple);
	if (r->list->count == HELD_LIST_MAX)
		fault(&wrong, "more than %d certificates", HELD_LIST_MAX);
	else if (keypair_load(&h.pair, path, r->options->cert_passphrase, &wrong) && r->use(&h, &wrong)) {
		r->list->at = xgrow(r->list->at, r->list->count + 1, sizeof(h));
		r->list->at[r->list->count++] = h;
		return true;
	}
	held_release(&h);
	return fault(why, "%s: %.180s", r->name, wrong.text);
}

/* HOST.pem, or *.example.com.pem; what ends otherwise is left alone. */
static bool
read_entry(const struct reading *r, const char *folder, const char *file, struct fault *why)
{
	char path[PATH_ROOM], host[HOST_MAX + 1];
	size_t len = strlen(file);

	if (len <= 4 || len - 4 > HOST_MAX || *file == '.' || strcmp(file + len - 4, ".pem"))
		return true;
	snprintf(host, sizeof(host), "%.*s", (int)len - 4, file);
	return path_in(path, folder, file, why) && read_file(r, host, path, why);
}

static bool
read_folder(const struct reading *r, const char *path, struct fault *why)
{
	struct dirent **entry;
	int count;
	bool ok;

	stamps_add(r->files, path);
	count = scandir(path, &entry, NULL, alphasort);
	ok = count >= 0 || fault(why, "%s: %.120s: %s", r->name, path, strerror(errno));

	for (int i = 0; i < count; i++) {
		ok = ok && read_entry(r, path, entry[i]->d_name, why);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
	return ok;
}

/* [HOST=]PATH */
static bool
read_item(const struct reading *r, const char *item, struct fault *why)
{
	const char *eq = strchr(item, '='), *slash = strchr(item, '/');
	bool named = eq && (!slash || eq < slash);
	char path[PATH_ROOM], host[HOST_MAX + 1] = "*";
	struct stat st;

	if (named && (eq == item || eq - item > HOST_MAX || !eq[1]))
		return fault(why, "%s: '%.60s': expected [HOST=]PATH", r->name, item);
	if (named)
		snprintf(host, sizeof(host), "%.*s", (int)(eq - item), item);
	if (!path_whole(named ? eq + 1 : item, path, why))
		return false;
	if (stat(path, &st) < 0)
		return fault(why, "%s: %.120s: %s", r->name, path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return read_file(r, host, path, why);
	if (r->folders && !named)
		return read_folder(r, path, why);
	return fault(why, "%s: %.120s: this is a folder: a file is wanted", r->name, path);
}

static bool
read_list(const struct reading *r, const char *list, struct fault *why)
{
	char *copy = xstrdup(list), *save = NULL;
	bool ok = true;

	for (char *item = strtok_r(copy, ",", &save); ok && item; item = strtok_r(NULL, ",", &save)) {
		struct bytes b = bytes_trim(bytes_of(item));
		char *one = item + (b.at - (const uint8_t *)item);

		one[b.len] = '\0';
		ok = !b.len || read_item(r, one, why);
	}
	free(copy);
	return ok;
}

/* How closely a pattern fits: 0 is not at all. */
static size_t
pattern_rank(const char *pattern, const char *host)
{
	size_t len = strlen(pattern), host_len = strlen(host);

	if (!strcmp(pattern, "*"))
		return 1;
	if (!strncmp(pattern, "*.", 2)) {
		bool fits = host_len >= len - 2 && !strcasecmp(host + host_len - (len - 2), pattern + 2) &&
			(host_len == len - 2 || host[host_len - (len - 2) - 1] == '.');

		return fits ? len : 0;
	}
	return strcasecmp(pattern, host) ? 0 : HOST_MAX + 2;
}

/* A certificate to be shown is one for its own names too. */
static size_t
held_rank(const struct held *h, const char *host)
{
	size_t rank = pattern_rank(h->host, host);

	return rank < 2 && h->cred && gnutls_x509_crt_check_hostname(h->pair.chain[0], host) ? 2 : rank;
}

const struct held *
held_for(const struct held_list *l, const char *host)
{
	const struct held *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < l->count; i++) {
		size_t rank = held_rank(&l->at[i], host);

		if (rank > most) {
			most = rank;
			best = &l->at[i];
		}
	}
	return best;
}

/* Called by GnuTLS when a server asks for a certificate. */
static int
give(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **certs, unsigned *count,
	gnutls_ocsp_data_st **ocsp, unsigned *ocsps, gnutls_privkey_t *key, unsigned *flags)
{
	const struct held *h = tls_asked(session);

	(void)info;
	*certs = h ? h->pcert : NULL;
	*count = h ? h->pair.chains : 0;
	*key = h ? h->key : NULL;
	*ocsp = NULL;
	*ocsps = 0;
	*flags = 0;
	return 0;
}

static bool
trust_file(struct keyring *k, const char *path, struct fault *why)
{
	char whole[PATH_ROOM];
	int n;

	if (!path_whole(path, whole, why))
		return false;
	stamps_add(&k->files, whole);
	if (access(whole, R_OK) < 0)
		return fault(why, "ssl-verify-upstream-trusted-ca: %.120s: %s", whole, strerror(errno));
	n = gnutls_certificate_set_x509_trust_file(k->calls, whole, GNUTLS_X509_FMT_PEM);
	return n > 0 || fault(why, "ssl-verify-upstream-trusted-ca: %.100s: no certificates in it: PEM of authorities is wanted", whole);
}

static bool
folder_stamp(struct stamps *files, const char *path)
{
	char file[PATH_ROOM];
	struct dirent *entry;
	struct fault why;
	DIR *dir = opendir(path);

	stamps_add(files, path);
	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.' && path_in(file, path, entry->d_name, &why))
			stamps_add(files, file);
	if (dir)
		closedir(dir);
	return dir;
}

static bool
trust_folder(struct keyring *k, const char *path, struct fault *why)
{
	char whole[PATH_ROOM];
	int n;

	if (!path_whole(path, whole, why))
		return false;
	if (!folder_stamp(&k->files, whole))
		return fault(why, "ssl-verify-upstream-trusted-confdir: %.120s: %s", whole, strerror(errno));
	n = gnutls_certificate_set_x509_trust_dir(k->calls, whole, GNUTLS_X509_FMT_PEM);
	return n > 0 || fault(why, "ssl-verify-upstream-trusted-confdir: %.90s: no certificates in it: PEM files of authorities are wanted", whole);
}

/* The system's only where nothing else is named, as mitmproxy has it. That it has none is told when a server is called. */
static bool
keyring_trust(struct keyring *k, const struct options *o, struct fault *why)
{
	int n;

	if (*o->trusted_ca || *o->trusted_folder)
		return (!*o->trusted_ca || trust_file(k, o->trusted_ca, why)) &&
			(!*o->trusted_folder || trust_folder(k, o->trusted_folder, why));
	n = gnutls_certificate_set_x509_system_trust(k->calls);
	if (n <= 0)
		fault(&k->untrusted, "the system's trust: %s: name some by ssl-verify-upstream-trusted-ca",
			n < 0 ? gnutls_strerror(n) : "no certificates in it");
	return true;
}

static bool
keyring_priorities(struct keyring *k, const struct options *o, struct fault *why)
{
	const struct suites_wanted with[] = {
		[CLIENT] = { "client", o->tls_client_min, o->tls_client_max, o->ciphers_client, o->curve_client },
		[SERVER] = { "server", o->tls_server_min, o->tls_server_max, o->ciphers_server, o->curve_server },
	};

	return suites_priority(&with[CLIENT], &k->priority[CLIENT], why) &&
		suites_priority(&with[SERVER], &k->priority[SERVER], why);
}

static bool
keyring_files(struct keyring *k, const struct options *o, struct fault *why)
{
	const struct reading shown = { o, "certs", &k->shown, &k->files, use_shown, false };
	const struct reading given = { o, "client-certs", &k->given, &k->files, use_given, true };

	return read_list(&shown, o->certs, why) && read_list(&given, o->client_certs, why) && keyring_trust(k, o, why);
}

/* Tickets of sessions that were made under other options do not serve. */
static bool
keyring_begin(struct keyring *k, struct fault *why)
{
	gnutls_datum_t ticket = { 0 };
	int rc = gnutls_certificate_allocate_credentials(&k->calls);

	if (rc >= 0)
		rc = gnutls_session_ticket_key_generate(&ticket);
	if (rc < 0 || ticket.size > TICKET_KEY_MAX)
		return fault(why, "a key for session tickets: %s", gnutls_strerror(rc));
	memcpy(k->ticket_key, ticket.data, ticket.size);
	k->ticket_key_len = ticket.size;
	gnutls_free(ticket.data);
	gnutls_certificate_set_retrieve_function3(k->calls, give);
	return true;
}

static struct keyring *
keyring_new(const struct options *o, bool files, struct fault *why)
{
	struct keyring *k = xalloc(sizeof(*k));

	atomic_init(&k->refs, 1);
	k->asks = o->request_client_cert;
	k->logs = *o->keylog;
	fault(&k->untrusted, "nobody is trusted yet");
	if (files)
		k->untrusted.text[0] = '\0';
	if (keyring_begin(k, why) && keyring_priorities(k, o, why) && (!files || keyring_files(k, o, why)))
		return k;
	keyring_drop(k);
	return NULL;
}

struct keyring *
keyring_load(const struct options *o, struct fault *why)
{
	return keyring_new(o, true, why);
}

struct keyring *
keyring_bare(struct fault *why)
{
	struct options usual;
	struct keyring *k;

	options_init(&usual);
	k = keyring_new(&usual, false, why);
	options_release(&usual);
	return k;
}

struct keyring *
keyring_ref(struct keyring *k)
{
	atomic_fetch_add_explicit(&k->refs, 1, memory_order_relaxed);
	return k;
}

static void
held_list_release(struct held_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		held_release(&l->at[i]);
	free(l->at);
}

void
keyring_drop(struct keyring *k)
{
	if (!k || atomic_fetch_sub_explicit(&k->refs, 1, memory_order_acq_rel) != 1)
		return;
	held_list_release(&k->shown);
	held_list_release(&k->given);
	stamps_release(&k->files);
	if (k->calls)
		gnutls_certificate_free_credentials(k->calls);
	for (size_t i = 0; i < ARRAY_LEN(k->priority); i++)
		if (k->priority[i])
			gnutls_priority_deinit(k->priority[i]);
	free(k);
}

uint64_t keyring_files_now(const struct keyring *k, bool *settled) { return stamps_now(&k->files, settled); }
uint64_t keyring_read_of(const struct keyring *k) { return k->files.then; }

bool
keyring_reads(const char *assignment)
{
	static const char *const names[] = {
		"client-certs", "certs", "tls-keylog", "cert-passphrase", "request-client-cert",
		"ssl-verify-upstream-trusted-ca", "ssl-verify-upstream-trusted-confdir",
		"tls-version-client-min", "tls-version-client-max", "tls-version-server-min", "tls-version-server-max",
		"ciphers-client", "ciphers-server", "tls-ecdh-curve-client", "tls-ecdh-curve-server",
	};
	char name[80];
	const struct option *o;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(assignment, "=@"), assignment);
	o = option_named(name);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (o && o == option_named(names[i]))
			return true;
	return false;
}
