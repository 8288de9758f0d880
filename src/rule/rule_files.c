/* Files that rules name. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rule_inside.h"
#include "soth/percent.h"

static bool
fd_read(int fd, const char *path, struct slice *out, struct fault *why)
{
	struct stat st;
	uint8_t *to;
	size_t used = 0;
	ssize_t n;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return fault(why, "%.150s: it is no file", path);
	if (st.st_size > RULES_BODY_MAX)
		return fault(why, "%.150s: it is larger than %d MiB", path, RULES_BODY_MAX >> 20);
	if (!st.st_size)
		return *out = (struct slice){ 0 }, true;
	*out = slice_new((size_t)st.st_size, &to);
	while (used < (size_t)st.st_size && (n = read(fd, to + used, (size_t)st.st_size - used)) > 0)
		used += (size_t)n;
	out->bytes.len = used;
	return true;
}

static bool
file_read(const char *path, bool (*may)(int fd, const char *path), struct slice *out, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	*out = (struct slice){ 0 };
	if (fd < 0)
		return fault(why, "%.150s: %s", path, strerror(errno));
	ok = !may || may(fd, path) ? fd_read(fd, path, out, why) : fault(why, "%.150s: it is another by now", path);
	close(fd);
	return ok;
}

bool
rule_file_read(const char *path, struct slice *out, struct fault *why)
{
	return file_read(path, NULL, out, why);
}

/* What was found within a folder may have become a link out of it meanwhile. */
static bool
is_still(int fd, const char *path)
{
	char link[40], *now;
	bool same;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	now = realpath(link, NULL);
	same = now && !strcmp(now, path);
	free(now);
	return same;
}

static char *
joined(const char *a, const char *b)
{
	char *out = NULL;

	if (asprintf(&out, "%s/%s", a, b) < 0)
		abort();
	return out;
}

char *
rule_file_path(const char *folder, const char *name)
{
	const char *home = getenv("HOME");

	if (!strncmp(name, "~/", 2) && home)
		return joined(home, name + 2);
	return *name == '/' || !folder || !*folder ? xstrdup(name) : joined(folder, name);
}

/* Of a path in a URL: without its query, its escapes undone, no slash at either end. NULL: a NUL is in it. */
static char *
decoded(struct bytes rest)
{
	const uint8_t *query = rest.len ? memchr(rest.at, '?', rest.len) : NULL;
	size_t len = query ? (size_t)(query - rest.at) : rest.len, used = 0;
	char *out = xalloc(len + 1);

	for (size_t i = 0; i < len; ) {
		uint8_t c;

		i += percent_next((struct bytes){ rest.at + i, len - i }, false, &c);
		out[used] = (char)c;
		if (!out[used]) {
			free(out);
			return NULL;
		}
		used += used || out[used] != '/';
	}
	while (used && out[used - 1] == '/')
		used--;
	out[used] = '\0';
	return out;
}

/* Characters that files seldom have, as mitmproxy saves them. */
static void
make_plain(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-_.=(),/", *name))
			*name = '_';
}

/* Of a file that is there, and in the folder by whatever way; NULL: it is not so. */
static char *
file_within(const char *folder, const char *name, const char *more)
{
	char *path = joined(folder, name), *longer = *more ? joined(path, more) : NULL;
	char *there = realpath(longer ? longer : path, NULL);
	size_t len = strlen(folder);
	struct stat st;

	free(path);
	free(longer);
	if (there && !strncmp(there, folder, len) && (there[len] == '/' || !strcmp(folder, "/")) && !stat(there, &st) &&
			S_ISREG(st.st_mode))
		return there;
	free(there);
	return NULL;
}

static char *
folder_local(const char *folder, char *name)
{
	char *found = file_within(folder, name, "");

	if (!found)
		found = file_within(folder, name, "index.html");
	if (found)
		return found;
	make_plain(name);
	found = file_within(folder, name, "");
	return found ? found : file_within(folder, name, "index.html");
}

bool
rule_file_is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

char *
rule_file_local(const char *path, struct bytes rest)
{
	char *real = realpath(path, NULL), *name, *found;
	struct stat st;

	if (!real || stat(real, &st) || S_ISREG(st.st_mode))
		return real;
	name = decoded(rest);
	found = name ? folder_local(real, name) : NULL;
	free(name);
	free(real);
	return found;
}

void
rules_local(struct bytes what, struct local_file *out)
{
	const char *folder = (const char *)what.at;

	*out = (struct local_file){ .path = rule_file_local(folder, bytes_from(what, strlen(folder) + 1)) };
	if (out->path)
		(void)!file_read(out->path, is_still, &out->body, &out->why);
}

const char *
rule_file_type(const char *path)
{
	static const struct { const char *suffix, *type; } known[] = {
		{ "css", "text/css" }, { "csv", "text/csv" }, { "gif", "image/gif" }, { "htm", "text/html" }, { "html", "text/html" },
		{ "ico", "image/vnd.microsoft.icon" }, { "jpeg", "image/jpeg" }, { "jpg", "image/jpeg" }, { "js", "text/javascript" },
		{ "json", "application/json" }, { "map", "application/json" }, { "mjs", "text/javascript" }, { "mp3", "audio/mpeg" },
		{ "mp4", "video/mp4" }, { "otf", "font/otf" }, { "pdf", "application/pdf" }, { "png", "image/png" },
		{ "svg", "image/svg+xml" }, { "ttf", "font/ttf" }, { "txt", "text/plain" }, { "wasm", "application/wasm" },
		{ "webm", "video/webm" }, { "webp", "image/webp" }, { "woff", "font/woff" }, { "woff2", "font/woff2" },
		{ "xml", "text/xml" }, { "zip", "application/zip" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(known); i++)
		if (!strcasecmp(dot + 1, known[i].suffix))
			return known[i].type;
	return NULL;
}
