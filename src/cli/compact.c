/* soth compact IN OUT: a session in less room. */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli.h"
#include "soth/store.h"

enum { STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_CUT = 3 };

/* What the disk really holds: a beginning that is gone takes no room. */
static double
mebibytes(const char *path)
{
	struct stat file;

	return stat(path, &file) ? 0 : (double)file.st_blocks * 512 / 1048576;
}

int
cli_compact(const struct args *a)
{
	struct fault cut, why;
	double before;

	if (a->words != 3) {
		fprintf(stderr, "soth: usage: soth compact IN OUT\n");
		return STATUS_USAGE;
	}
	signal(SIGXFSZ, SIG_IGN);	/* a file that may not grow is a fault like others */
	before = mebibytes(a->word[1]);
	if (!session_compact(a->word[1], a->word[2], NULL, &cut, &why)) {
		fprintf(stderr, "soth: %s\n", why.text);
		return STATUS_FAULT;
	}
	fprintf(stderr, "soth: %s: %.1f MiB, were %.1f\n", a->word[2], mebibytes(a->word[2]), before);
	if (!*cut.text)
		return 0;
	fprintf(stderr, "soth: %s: %s\n", a->word[1], cut.text);
	return STATUS_CUT;
}
