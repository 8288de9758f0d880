/* Small files of lines: reading what may be anything, writing so that nothing is ever half there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keepsake.h"

bool
keepsake_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Of the next line; false: the file is over. */
static bool
line_next(FILE *f, char out[KEEPSAKE_LINE], size_t *left, bool *good)
{
	size_t n = 0;
	int c = EOF;

	*good = true;
	while (*left && (c = getc(f)) != EOF && c != '\n') {
		--*left;
		if ((c < ' ' && c != '\t') || c == 0x7f || n + 1 == KEEPSAKE_LINE)
			*good = false;
		else
			out[n++] = (char)c;
	}
	*left -= *left && c == '\n';
	out[n] = '\0';
	return n || c == '\n' || !*good;
}

void
keepsake_read(const char *path, void (*line)(void *of, char *text), void *of)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* of what is no file, nothing waits */
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char text[KEEPSAKE_LINE];
	size_t left = KEEPSAKE_MAX;
	bool good;

	if (!f)
		return;
	while (line_next(f, text, &left, &good))
		if (good)
			line(of, text);
	fclose(f);
}

bool
keepsake_write(const char *path, void (*write)(void *of, FILE *to), void *of, struct fault *why)
{
	char beside[KEEPSAKE_LINE];
	int n = snprintf(beside, sizeof(beside), "%s.XXXXXX", path), fd;
	bool ok;
	FILE *f;

	if (n < 0 || (size_t)n >= sizeof(beside))
		return fault(why, "%.100s...: the path is too long", path);
	fd = mkstemp(beside);
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!f)
		return fault(why, "%s: %s", beside, strerror(errno));
	write(of, f);
	ok = !ferror(f);
	ok = !fclose(f) && ok && !rename(beside, path);
	if (!ok) {
		fault(why, "%s: %s", path, strerror(errno));
		unlink(beside);
	}
	return ok;
}

bool
keepsake_append(const char *path, const char *line, struct fault *why)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
	FILE *f = fd >= 0 ? fdopen(fd, "a") : NULL;

	if (!f)
		return fault(why, "%s: %s", path, strerror(errno));
	fprintf(f, "%s\n", line);
	return !fclose(f) || fault(why, "%s: %s", path, strerror(errno));
}

char *
keepsake_field(char **line)
{
	static char none[1];
	char *field = *line ? strsep(line, "\t") : NULL;

	return field ? field : none;
}
