/* Files opened for reading, whatever their format; "-" is a pipe. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake.h"

enum { FIRST = 4096, COPY = 1 << 16, PATH_ROOM = 4096 };

bool
path_is_pipe(const char *path)
{
	return !strcmp(path, "-");
}

/* A pipe is copied to a file, for it is looked at before it is read. */
static FILE *
intake_file(const char *path, struct fault *why)
{
	FILE *file = path_is_pipe(path) ? tmpfile() : fopen(path, "re");
	static char block[COPY];
	size_t n;

	if (!file) {
		fault(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	while (path_is_pipe(path) && (n = fread(block, 1, sizeof(block), stdin)))
		if (fwrite(block, 1, n, file) != n) {
			fault(why, "a temporary file: %s", strerror(errno));
			fclose(file);
			return NULL;
		}
	rewind(file);
	return file;
}

static const struct format *
intake_format(const char *name, const char *path, FILE *file, struct fault *why)
{
	static uint8_t first[FIRST];
	struct bytes begins = { first, fread(first, 1, sizeof(first), file) };
	const struct format *f = name ? format_named(name) : format_of_bytes(begins);

	rewind(file);
	if (!f && !name)
		f = format_of_path(path);
	if (name && !f)
		fault(why, "--from %.40s: no such format (man soth lists them)", name);
	else if (!f)
		fault(why, "%s: in no format that soth reads", path);
	else if (!f->read)
		fault(why, "%s: %s can be written, but not read", path, f->name);
	return f && f->read ? f : NULL;
}

static void
passing_note(void *arg, struct note *n)
{
	store_note(arg, n);
}

bool
passing_open(struct passing *p, struct convert_sink *sink, struct fault *why)
{
	int fd;

	snprintf(p->path, sizeof(p->path), "/tmp/soth-convert-XXXXXX");
	fd = mkstemp(p->path);
	if (fd < 0) {
		*p->path = '\0';
		return fault(why, "a temporary file: %s", strerror(errno));
	}
	p->store = store_create(p->path, why);
	close(fd);
	*sink = (struct convert_sink){ passing_note, p->store };
	return p->store;
}

void
passing_end(struct passing *p)
{
	store_flush(p->store);
	store_end(p->store);
}

void
passing_close(struct passing *p)
{
	if (p->store)
		store_free(p->store);
	if (*p->path)
		unlink(p->path);
}

/* What came before a fault stands. */
static bool
intake_read(struct intake *s, const struct format *f, const char *path, struct fault *why)
{
	struct convert_sink sink;
	struct fault broken = { "" };

	if (!passing_open(&s->made, &sink, why))
		return false;
	if (!f->read(s->file, &sink, &broken)) {
		fprintf(stderr, "soth: %s: %s\n", path, broken.text);
		s->cut = true;
	}
	passing_end(&s->made);
	s->store = s->made.store;
	return true;
}

bool
intake_open(struct intake *s, const char *path, const char *from, struct fault *why)
{
	const struct format *f;
	char own[PATH_ROOM];
	struct store_stats stats;

	s->file = intake_file(path, why);
	f = s->file ? intake_format(from, path, s->file, why) : NULL;
	if (!f)
		return false;
	if (f != format_named("session"))
		return intake_read(s, f, path, why);
	snprintf(own, sizeof(own), "/proc/self/fd/%d", fileno(s->file));
	s->store = store_open(path_is_pipe(path) ? own : path, why);
	if (!s->store)
		return false;
	stats = store_stats(s->store);
	s->cut = *stats.trouble;
	if (s->cut)
		fprintf(stderr, "soth: %s: %s\n", path, stats.trouble);
	return true;
}

void
intake_close(struct intake *s)
{
	if (s->store != s->made.store)
		store_free(s->store);
	passing_close(&s->made);
	if (s->file)
		fclose(s->file);
}
