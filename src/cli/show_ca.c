/* soth ca: where the authority's certificate lies, and how to have it trusted. */
#include <stdio.h>
#include <string.h>

#include "ca.h"
#include "cli.h"
#include "soth/guide.h"

enum { PATH_ROOM = 4096, EXIT_USAGE = 2 };

static void
print_guide(const struct guide *g, const char *path, const char *hash)
{
	const char *at = g->steps;
	struct guide_line line;

	printf("\n%s\n", g->system);
	while (guide_next(&at, path, hash, &line))
		printf("  %s%s\n", line.command ? "  " : "", line.text);
}

static int
ca_show(const struct args *a, struct ca *ca)
{
	char hash[CA_FILE_ROOM];
	const struct guide *g;

	(void)a;
	ca_form_file(ca, ca_form_named(LIT("android")), hash);
	printf("certificate  %s\n", ca_path(ca));
	printf("SHA-256      %s\n\n", ca_fingerprint(ca));
	printf("Programs that send their traffic through soth must trust this certificate.\n"
		"`soth ca install` puts it where most look, and shows first what it does; through the proxy\n"
		"http://soth.internal/ has it for other systems. Or:\n");
	for (size_t i = 0; (g = guide_at(i)); i++)
		print_guide(g, ca_path(ca), hash);
	printf("\n`soth ca --pem` prints it. Whoever has the key beside it can read what trusts it: keep that to yourself.\n");
	return 0;
}

static int
ca_print_pem(const struct args *a, struct ca *ca)
{
	(void)a;
	fwrite(ca_pem(ca).at, 1, ca_pem(ca).len, stdout);
	return 0;
}

typedef int ca_does(const struct args *a, struct ca *ca);

static const struct { const char *word; ca_does *run; } parts[] = {
	{ "show", ca_show }, { "install", ca_install }, { "uninstall", ca_uninstall }, { "doctor", ca_doctor },
};

/* NULL: there is no such. */
static ca_does *
part_of(const struct args *a)
{
	if (a->words < 2)
		return a->pem ? ca_print_pem : a->qr ? ca_qr : ca_show;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!strcmp(parts[i].word, a->word[1]))
			return parts[i].run;
	return NULL;
}

int
cli_ca(const struct args *a)
{
	char dir[PATH_ROOM];
	struct fault why;
	struct ca *ca = NULL;
	ca_does *run = part_of(a);
	int status;

	if (!run) {
		fprintf(stderr, "soth: ca: %s: not understood; it takes install, uninstall, doctor, --pem, --qr or nothing\n", a->word[1]);
		return EXIT_USAGE;
	}
	if (cli_confdir(&a->options, dir, sizeof(dir), &why))
		ca = ca_open_sized(dir, a->options.key_size, &why);
	if (!ca) {
		fprintf(stderr, "soth: %s\n", why.text);
		return run == ca_doctor ? EXIT_USAGE : 1;
	}
	status = run(a, ca);
	ca_close(ca);
	return ferror(stdout) || fflush(stdout) ? 1 : status;
}
