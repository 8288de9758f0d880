/* Places that clients read their authorities from, and nothing else: these are read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "install.h"
#include "program.h"

enum { SAID_MAX = 1 << 20, SECONDS = 30, NICKS_MAX = 256 };

void
look_system(struct doctor *d, const struct client *c)
{
	struct ca_state s;

	ca_state(d->ca, &s);
	doctor_says(d, c->name, s.system ? TRUSTS : TRUSTS_NOT, s.system ? "" : "the system's store does not have it",
		s.system ? "" : "soth ca install system");
}

/* Go's crypto/x509 takes the first that there is, on every system. */
void
look_file(struct doctor *d, const struct client *c)
{
	const char *var = getenv(c->vars[0]), *file = var && *var ? var : NULL;
	char path[PROGRAM_PATH], why[200], fix[INSTALL_PATH + 80] = "soth ca install system";

	if (!program_there(c->program, path)) {
		doctor_says(d, c->name, NOT_FOUND, "", "");
		return;
	}
	if (file)
		doctor_fix(d, c->vars[0], fix, sizeof(fix));
	for (size_t i = 0; !file && system_file(i); i++)
		file = file_there(system_file(i)) ? system_file(i) : NULL;
	snprintf(why, sizeof(why), "%s does not have it", file ? file : "a store of the system");
	if (file && pem_file_holds(file, d->ca))
		doctor_says(d, c->name, TRUSTS, "", "");
	else
		doctor_says(d, c->name, TRUSTS_NOT, why, fix);
}

/* keytool says the SHA-256 of each, under whatever name it is. */
static bool
java_trusts(const struct java *j, const struct ca *ca)
{
	const char *print = ca_fingerprint(ca);
	struct buf said;
	bool late, trusts;

	buf_init(&said, SAID_MAX);
	trusts = program_read((const char *[]){ j->keytool, "-J-Duser.language=en", "-list", "-keystore", j->store, "-storepass",
		"changeit", NULL }, NULL, SECONDS, &said, &late) == 0 && memmem(said.at, said.len, print, strlen(print));
	buf_release(&said);
	return trusts;
}

/* Where options that every Java takes from the environment name another store, that one. */
static bool
java_told(struct java *j)
{
	static const char *const vars[] = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS" };
	static const char option[] = "-Djavax.net.ssl.trustStore=";
	const char *at = NULL;

	for (size_t i = 0; !at && i < ARRAY_LEN(vars); i++)
		at = getenv(vars[i]) ? strstr(getenv(vars[i]), option) : NULL;
	if (at)
		snprintf(j->store, sizeof(j->store), "%.*s", (int)strcspn(at + sizeof(option) - 1, " "), at + sizeof(option) - 1);
	return at;
}

void
look_java(struct doctor *d, const struct client *c)
{
	struct java *j = xalloc(JAVAS_MAX * sizeof(*j));
	size_t count = java_stores(j);
	bool told;

	told = count && java_told(&j[0]);
	count = told ? 1 : count;
	for (size_t i = 0; i < count; i++) {
		bool trusts = java_trusts(&j[i], d->ca);
		char why[200], fix[INSTALL_PATH + 80] = "soth ca install java";

		if (told)
			snprintf(fix, sizeof(fix), "keytool -importcert -noprompt -alias soth -file '%s' -keystore '%.500s'",
				ca_path(d->ca), j[i].store);
		snprintf(why, sizeof(why), "%s%.150s", trusts ? "" : "it is not in ", j[i].store);
		doctor_says(d, c->name, trusts ? TRUSTS : TRUSTS_NOT, why, trusts ? "" : fix);
	}
	if (!count)
		doctor_says(d, c->name, NOT_FOUND, "", "");
	free(j);
}

/* What certutil says of the certificate with this fingerprint: it is trusted as an authority of servers. */
static bool
text_trusts(const char *text, const char *print)
{
	const char *at = strstr(text, print), *flags = at ? strstr(at, "SSL Flags:") : NULL;
	const char *end = flags ? strstr(flags, "Email Flags:") : NULL;

	return end && memmem(flags, (size_t)(end - flags), "Trusted CA", 10);
}

/* Certificates with the same subject are told under the name of any of them. */
static bool
nick_trusts(const char *db, const char *nick, const struct ca *ca)
{
	struct buf said;
	uint8_t *end;
	bool late, trusts = false;

	buf_init(&said, SAID_MAX);
	if (program_read((const char *[]){ "certutil", "-L", "-d", db, "-n", nick, NULL }, NULL, SECONDS, &said, &late) == 0 &&
			(end = buf_room(&said, 1))) {
		*end = '\0';
		trusts = text_trusts((const char *)said.at, ca_fingerprint(ca));
	}
	buf_release(&said);
	return trusts;
}

/* "nick   CT,C,": the name may have spaces in it. */
static bool
line_trusts(char *line, const char *db, const struct ca *ca)
{
	char *end = line + strlen(line), *flags;

	while (end > line && end[-1] == ' ')
		*--end = '\0';
	flags = end = strrchr(line, ' ');
	if (!flags || !strchr(flags, ','))
		return false;
	while (end > line && end[-1] == ' ')
		end--;
	*end = '\0';
	return *line && nick_trusts(db, line, ca);
}

static bool
nssdb_trusts(const char *dir, const struct ca *ca)
{
	char db[INSTALL_PATH + 4], *rest = NULL;
	struct buf said;
	uint8_t *end;
	bool late, trusts = false;
	unsigned nicks = 0;

	snprintf(db, sizeof(db), "sql:%s", dir);
	buf_init(&said, SAID_MAX);
	if (program_read((const char *[]){ "certutil", "-L", "-d", db, NULL }, NULL, SECONDS, &said, &late) == 0 &&
			(end = buf_room(&said, 1))) {
		*end = '\0';
		for (char *line = strtok_r((char *)said.at, "\n", &rest); line && !trusts && nicks++ < NICKS_MAX;
				line = strtok_r(NULL, "\n", &rest))
			trusts = line_trusts(line, db, ca);
	}
	buf_release(&said);
	return trusts;
}

struct nss_look { struct doctor *d; const struct client *c; };

static void
look_nssdb(const char *dir, void *arg)
{
	const struct nss_look *l = arg;
	char why[200], fix[40], path[PROGRAM_PATH];
	bool known = program_there("certutil", path), trusts = known && nssdb_trusts(dir, l->d->ca);

	snprintf(why, sizeof(why), "%s%.150s", trusts ? "" : known ? "it is not in " : "there is no certutil to read ", dir);
	snprintf(fix, sizeof(fix), "soth ca install %s", l->c->fix);
	doctor_says(l->d, l->c->name, trusts ? TRUSTS : known ? TRUSTS_NOT : NOT_KNOWN, why, trusts || !known ? "" : fix);
}

void
look_nss(struct doctor *d, const struct client *c)
{
	static const char *const programs[] = { "chromium", "chromium-browser", "google-chrome", "brave-browser", "microsoft-edge" };
	char dir[NSS_PLACES][INSTALL_PATH], file[INSTALL_PATH + 16], path[PROGRAM_PATH];
	size_t n = nss_databases(dir), there = 0;
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		int len = snprintf(file, sizeof(file), "%.*s/cert9.db", INSTALL_PATH - 1, dir[i]);

		if (len > 0 && file_there(file)) {
			look_nssdb(dir[i], &(struct nss_look){ d, c });
			there++;
		}
	}
	for (size_t i = 0; !there && !found && i < ARRAY_LEN(programs); i++)
		found = program_there(programs[i], path);
	if (!there)
		doctor_says(d, c->name, found ? TRUSTS_NOT : NOT_FOUND, found ? "it has no database of authorities yet" : "",
			found ? "soth ca install nss" : "");
}

void
look_firefox(struct doctor *d, const struct client *c)
{
	if (!firefox_profiles(look_nssdb, &(struct nss_look){ d, c }))
		doctor_says(d, c->name, NOT_FOUND, "there is no profile", "");
}

void
look_variables(struct doctor *d, const struct client *c)
{
	static const char *const vars[] = { "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO",
		"NODE_EXTRA_CA_CERTS", "PIP_CERT", "AWS_CA_BUNDLE", "CARGO_HTTP_CAINFO", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
		"NIX_SSL_CERT_FILE", "DENO_CERT" };

	(void)c;
	for (size_t i = 0; i < ARRAY_LEN(vars); i++) {
		const char *file = getenv(vars[i]);
		char name[80], why[200], fix[INSTALL_PATH + 80];
		bool holds;

		if (!file || !*file)
			continue;
		holds = pem_file_holds(file, d->ca);
		snprintf(name, sizeof(name), "$%s", vars[i]);
		snprintf(why, sizeof(why), "%s%.150s%s", holds ? "" : "it is not in ", file, file_there(file) ? "" : ", which is not there");
		doctor_fix(d, vars[i], fix, sizeof(fix));
		doctor_says(d, name, holds ? TRUSTS : TRUSTS_NOT, why, holds ? "" : fix);
	}
}
