/* Clients that may be found on a machine, and how each is asked whether it trusts us. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "program.h"

enum { SAID_MAX = 64 << 10, SECONDS = 6 };

#define URL	"\1url"
#define PLACE	"\1place"

static void look_call(struct doctor *d, const struct client *c);

const struct client doctor_clients[] = {
	{ "curl", "curl", { "-sS", "-m", "5", "-o", "/dev/null", URL },
		.vars = { "CURL_CA_BUNDLE", "SSL_CERT_FILE" }, .fix = "system", .look = look_call },
	{ "wget", "wget", { "-nv", "-O", "/dev/null", "-T", "5", "-t", "1", URL }, .fix = "system", .look = look_call },
	{ "openssl", "openssl", { "s_client", "-connect", PLACE, "-verify_return_error", "-brief" },
		.vars = { "SSL_CERT_FILE" }, .fix = "system", .look = look_call },
	{ "GnuTLS", .fix = "system", .look = look_system },
	{ "git", "git", { "ls-remote", URL }, .says = "not found", .vars = { "GIT_SSL_CAINFO" }, .fix = "system", .look = look_call },
	{ "Python: ssl", "python3", { "-c", "import sys, urllib.request\n"
		"try: urllib.request.urlopen(sys.argv[1], timeout=5)\nexcept OSError as e: sys.exit(str(e))", URL },
		.vars = { "SSL_CERT_FILE" }, .fix = "system", .look = look_call },
	{ "Python: requests", "python3", { "-c", "import sys\ntry: import requests\nexcept ImportError: sys.exit(9)\n"
		"try: requests.get(sys.argv[1], timeout=5)\n"
		"except OSError as e: sys.exit(str(getattr(e.args[0], 'reason', e)))", URL }, .missing = 9,
		.vars = { "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE" }, .fix = "", .look = look_call },
	{ "Node.js", "node", { "-e", "require('https').get(process.argv[1], r => process.exit(0))"
		".on('error', e => { console.error(e.message); process.exit(1) })", URL },
		.vars = { "NODE_EXTRA_CA_CERTS" }, .fix = "", .look = look_call },
	{ "Ruby", "ruby", { "-ropen-uri", "-e", "begin; URI.open(ARGV[0], open_timeout: 5, read_timeout: 5).read; "
		"rescue => e; abort e.message; end", URL }, .vars = { "SSL_CERT_FILE" }, .fix = "system", .look = look_call },
	{ "Go", "go", .vars = { "SSL_CERT_FILE" }, .fix = "system", .look = look_file },
	{ "Java", .fix = "java", .look = look_java },
	{ "Chromium", .fix = "nss", .look = look_nss },
	{ "Firefox", .fix = "firefox", .look = look_firefox },
	{ "", .look = look_variables },		/* what else the environment says */
	{ 0 },
};

/* Words in which clients complain of a certificate, and not of something else. */
static bool
is_complaint(const char *line)
{
	static const char *const words[] = { "certif", "issuer", "verif", "PKIX", "trust" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasestr(line, words[i]))
			return true;
	return false;
}

/* The first line that complains; or, where none does, the last one. */
static bool
complaint_of(struct buf *said, char *out, size_t room)
{
	uint8_t *end = buf_room(said, 1);
	char *rest = NULL;
	bool complains = false;

	*out = '\0';
	if (!end)
		return false;
	*end = '\0';
	for (char *line = strtok_r((char *)said->at, "\n", &rest); line && !complains; line = strtok_r(NULL, "\n", &rest)) {
		complains = is_complaint(line);
		snprintf(out, room, "%s", line);
	}
	return complains;
}

static const char *
var_of(const struct client *c)
{
	for (size_t i = 0; i < ARRAY_LEN(c->vars) && c->vars[i]; i++)
		if (getenv(c->vars[i]) && *getenv(c->vars[i]))
			return c->vars[i];
	return NULL;
}

static void
fix_of(struct doctor *d, const struct client *c, char *out, size_t room)
{
	const char *var = var_of(c);

	if (!var && *c->fix)
		snprintf(out, room, "soth ca install %s", c->fix);
	else
		doctor_fix(d, var ? var : c->vars[0], out, room);
}

static void
look_call(struct doctor *d, const struct client *c)
{
	const char *argv[12] = { c->program };
	char path[PROGRAM_PATH], why[200], fix[INSTALL_PATH + 80];
	struct buf said;
	bool late, complains, trusts;
	int rc;

	if (!program_there(c->program, path)) {
		doctor_says(d, c->name, NOT_FOUND, "", "");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(c->argv) && c->argv[i]; i++)
		argv[i + 1] = !strcmp(c->argv[i], URL) ? d->url : !strcmp(c->argv[i], PLACE) ? d->place : c->argv[i];
	buf_init(&said, SAID_MAX);
	rc = program_read(argv, d->env, SECONDS, &said, &late);
	trusts = c->says ? memmem(said.at, said.len, c->says, strlen(c->says)) != NULL : rc == 0;
	complains = complaint_of(&said, why, sizeof(why));
	buf_release(&said);
	fix_of(d, c, fix, sizeof(fix));
	if (c->missing && rc == c->missing)
		doctor_says(d, c->name, NOT_FOUND, "", "");
	else if (trusts)
		doctor_says(d, c->name, TRUSTS, "", "");
	else if (late)
		doctor_says(d, c->name, NOT_KNOWN, "it took too long", "");
	else
		doctor_says(d, c->name, complains ? TRUSTS_NOT : NOT_KNOWN, *why ? why : "it failed without a word",
			complains ? fix : "");
}
