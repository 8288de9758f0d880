/* main() for a fuzzer without libFuzzer: feeds it each file named, and each file in the folders named. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "soth/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned fed, failed;

static void
complain(const char *path)
{
	fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
	failed++;
}

/* A block of exactly the file's size, so that a sanitizer sees a read past its end. */
static void
feed_file(const char *path, size_t len)
{
	uint8_t *data = xgrow(NULL, len, 1);
	FILE *in = fopen(path, "rb");

	if (!in || fread(data, 1, len, in) != len) {
		complain(path);
	} else {
		LLVMFuzzerTestOneInput(data, len);
		fed++;
	}
	if (in)
		fclose(in);
	free(data);
}

static void feed(const char *path);

static void
feed_folder(const char *path)
{
	struct dirent **entry;
	int count = scandir(path, &entry, NULL, alphasort);

	if (count < 0) {
		complain(path);
		return;
	}
	for (int i = 0; i < count; i++) {
		char *name = NULL;

		if (entry[i]->d_name[0] != '.') {
			if (asprintf(&name, "%s/%s", path, entry[i]->d_name) < 0)
				abort();
			feed(name);
		}
		free(name);
		free(entry[i]);
	}
	free(entry);
}

static void
feed(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		complain(path);
	else if (S_ISDIR(st.st_mode))
		feed_folder(path);
	else
		feed_file(path, (size_t)st.st_size);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		feed(argv[i]);
	if (!fed)
		fprintf(stderr, "replay: no input was fed\n");
	return failed || !fed;
}
