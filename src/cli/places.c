/* Files of a person's, and certificates in them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "places.h"

enum { PEM_MAX = 16 << 20 };

bool
file_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* As Go's crypto/x509 has them. */
const char *
system_file(size_t i)
{
	static const char *const files[] = { "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/cert.pem" };

	return i < ARRAY_LEN(files) ? files[i] : NULL;
}

bool
home_path(char out[INSTALL_PATH], const char *below)
{
	const char *home = getenv("HOME");

	return home && *home == '/' && snprintf(out, INSTALL_PATH, "%s/%s", home, below) < INSTALL_PATH;
}

/* Without white space: programs break the lines of PEM as they like. */
static void
add_bare(struct buf *to, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isspace(text.at[i]))
			(void)!buf_add(to, (struct bytes){ text.at + i, 1 });
}

bool
pem_holds(struct bytes text, const struct ca *ca)
{
	struct buf all, one;
	bool holds;

	buf_init(&all, PEM_MAX);
	buf_init(&one, PEM_MAX);
	add_bare(&all, text);
	add_bare(&one, ca_pem(ca));
	holds = all.len && one.len && memmem(all.at, all.len, one.at, one.len);
	buf_release(&all);
	buf_release(&one);
	return holds;
}

void
file_text(const char *path, struct buf *text)
{
	FILE *f = fopen(path, "re");
	char some[4096];
	size_t n;

	buf_init(text, PEM_MAX);
	if (!f)
		return;
	while ((n = fread(some, 1, sizeof(some), f)) > 0)
		if (!buf_add(text, (struct bytes){ (uint8_t *)some, n }))
			break;
	fclose(f);
}

bool
pem_file_holds(const char *path, const struct ca *ca)
{
	struct buf text;
	bool holds;

	file_text(path, &text);
	holds = pem_holds(buf_bytes(&text), ca);
	buf_release(&text);
	return holds;
}

bool
pem_file_has_key(const char *path)
{
	static const char mark[] = "PRIVATE KEY-----";
	struct buf text;
	bool has;

	file_text(path, &text);
	has = text.len && memmem(text.at, text.len, mark, sizeof(mark) - 1);
	buf_release(&text);
	return has;
}
