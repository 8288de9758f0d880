/* `soth ca`: the authority, for people who are to trust it. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "soth/ca.h"

int
cli_ca(int argc, char **argv, const struct options *o)
{
	char dir[600];
	struct fault why;
	struct ca *ca;
	bool pem = argc > 1 && !strcmp(argv[1], "--pem");

	if (!cli_confdir(o, dir, sizeof(dir), &why) || !(ca = ca_open(dir, &why))) {
		fprintf(stderr, "soth: %s\n", why.text);
		return 1;
	}
	if (pem) {
		struct bytes text = ca_pem(ca);

		fwrite(text.at, 1, text.len, stdout);
	} else {
		printf("certificate  %s\nSHA-256      %s\n\n"
			"To trust it:\n"
			"  curl         curl --cacert %s ...\n"
			"  Debian       cp %s /usr/local/share/ca-certificates/soth.crt && update-ca-certificates\n"
			"  python       REQUESTS_CA_BUNDLE=%s (or SSL_CERT_FILE)\n"
			"  node         NODE_EXTRA_CA_CERTS=%s\n"
			"  browsers     import it under certificates, authorities\n",
			ca_path(ca), ca_fingerprint(ca), ca_path(ca), ca_path(ca), ca_path(ca), ca_path(ca));
	}
	ca_close(ca);
	return 0;
}
