/* soth ca: where the authority's certificate lies, and how to have it trusted. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "soth/ca.h"

enum { PATH_ROOM = 4096, EXIT_USAGE = 2 };

/* %s is the path of the certificate. */
static const struct way {
	const char *who, *how;
} ways[] = {
	{ "Debian, Ubuntu",	"sudo cp '%s' /usr/local/share/ca-certificates/soth.crt && sudo update-ca-certificates" },
	{ "Fedora, RHEL",	"sudo trust anchor '%s'" },
	{ "Chromium, Chrome",	"certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n soth -i '%s'" },
	{ "Firefox",		"Settings, Certificates, Import: %s" },
	{ "curl",		"curl --cacert '%s' ...   or: export CURL_CA_BUNDLE='%s'" },
	{ "git",		"export GIT_SSL_CAINFO='%s'" },
	{ "Node.js",		"export NODE_EXTRA_CA_CERTS='%s'" },
	{ "Python",		"export SSL_CERT_FILE='%s' REQUESTS_CA_BUNDLE='%s'" },
};

/* `how` with the path in each place of it. */
static void
print_way(const struct way *w, const char *path)
{
	printf("  %-18s", w->who);
	for (const char *at = w->how, *place; ; at = place + 2) {
		place = strstr(at, "%s");
		if (!place) {
			printf("%s\n", at);
			return;
		}
		printf("%.*s%s", (int)(place - at), at, path);
	}
}

static void
print_authority(const struct ca *ca)
{
	printf("certificate  %s\n", ca_path(ca));
	printf("SHA-256      %s\n\n", ca_fingerprint(ca));
	printf("Programs that send their traffic through soth must trust this certificate:\n");
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		print_way(&ways[i], ca_path(ca));
	printf("\n`soth ca --pem` prints it. Whoever has the key beside it can read what trusts it: keep that to yourself.\n");
}

int
cli_ca(const struct args *a)
{
	char dir[PATH_ROOM];
	struct fault why;
	struct ca *ca = NULL;

	if (a->words > 1) {
		fprintf(stderr, "soth: ca: %s: not understood; it takes --pem or nothing\n", a->word[1]);
		return EXIT_USAGE;
	}
	if (cli_confdir(&a->options, dir, sizeof(dir), &why))
		ca = ca_open(dir, &why);
	if (!ca) {
		fprintf(stderr, "soth: %s\n", why.text);
		return 1;
	}
	if (a->pem)
		fwrite(ca_pem(ca).at, 1, ca_pem(ca).len, stdout);
	else
		print_authority(ca);
	ca_close(ca);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
