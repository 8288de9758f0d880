/* Variables of .http files, and the files that lie beside one. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "httpfile.h"

enum { RANDOM_FROM = 0, RANDOM_TO = 1000, PIECE = 64 << 10 };

void
vars_release(struct vars *v)
{
	for (size_t i = 0; i < v->count; i++) {
		slice_drop(&v->at[i].name);
		slice_drop(&v->at[i].value);
	}
	free(v->at);
	*v = (struct vars){ 0 };
}

static struct var *
vars_find(const struct vars *v, struct bytes name)
{
	for (size_t i = 0; i < v->count; i++)
		if (bytes_same(v->at[i].name.bytes, name))
			return &v->at[i];
	return NULL;
}

bool
vars_set(struct vars *v, struct bytes name, struct bytes value, struct fault *why)
{
	struct var *there = vars_find(v, name);
	struct buf filled;
	bool ok;

	if (!name.len)
		return fault(why, "a variable has no name");
	if (v->bytes > VARS_BYTES_MAX || (!there && v->count == VARS_MAX))
		return fault(why, "there are more than %d variables, or %d bytes of them", VARS_MAX, VARS_BYTES_MAX);
	buf_init(&filled, VAR_MAX);
	ok = vars_fill(v, value, &filled, why);
	if (ok && !there) {
		v->at = xgrow(v->at, v->count + 1, sizeof(*v->at));
		there = &v->at[v->count++];
		*there = (struct var){ .name = slice_copy(name) };
	}
	if (ok) {
		v->bytes += filled.len;
		slice_drop(&there->value);
		there->value = buf_seal(&filled);
	}
	buf_release(&filled);
	return ok;
}

static bool
made_uuid(struct bytes args, struct buf *out)
{
	uint8_t b[16];

	(void)args;
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return false;
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);		/* RFC 9562 section 5.4 */
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(b); i++)
		if (!buf_addf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]))
			return false;
	return true;
}

static bool
made_timestamp(struct bytes args, struct buf *out)
{
	(void)args;
	return buf_addf(out, "%lld", (long long)time(NULL));
}

static bool
made_random(struct bytes args, struct buf *out)
{
	char text[64];
	long from = RANDOM_FROM, to = RANDOM_TO;
	uint64_t any;

	snprintf(text, sizeof(text), "%.*s", (int)args.len, args.len ? (const char *)args.at : "");
	if (args.len && (sscanf(text, "%ld %ld", &from, &to) != 2 || from >= to || from < INT_MIN || to > INT_MAX))
		return false;
	return getrandom(&any, sizeof(any), 0) == sizeof(any) && buf_addf(out, "%ld", from + (long)(any % (uint64_t)(to - from)));
}

static bool
made_braces(struct bytes args, struct buf *out)
{
	(void)args;
	return buf_add(out, LIT("{{"));
}

static const struct { const char *name; bool (*make)(struct bytes args, struct buf *out); } makers[] = {
	{ "$guid", made_uuid }, { "$uuid", made_uuid }, { "$random.uuid", made_uuid }, { "$timestamp", made_timestamp },
	{ "$randomInt", made_random }, { "$braces", made_braces },
};

static bool
var_put(const struct vars *v, struct bytes name, struct buf *out, struct fault *why)
{
	const uint8_t *space = name.len ? memchr(name.at, ' ', name.len) : NULL;
	size_t first = space ? (size_t)(space - name.at) : name.len;
	const struct var *var = vars_find(v, name);

	if (var)
		return !var->value.bytes.len || buf_add(out, var->value.bytes) || fault(why, "it is too long");
	for (size_t i = 0; i < ARRAY_LEN(makers); i++)
		if (bytes_are((struct bytes){ name.at, first }, makers[i].name) && makers[i].make(bytes_trim(bytes_from(name, first)), out))
			return true;
	return fault(why, "{{%.*s}} is not known here", (int)(name.len < 60 ? name.len : 60), name.len ? (const char *)name.at : "");
}

bool
vars_fill(const struct vars *v, struct bytes text, struct buf *out, struct fault *why)
{
	while (text.len) {
		const uint8_t *open = memmem(text.at, text.len, "{{", 2);
		size_t plain = open ? (size_t)(open - text.at) : text.len;
		struct bytes inside = bytes_from(text, plain + 2);
		const uint8_t *close = open && inside.len ? memmem(inside.at, inside.len, "}}", 2) : NULL;
		size_t name = close ? (size_t)(close - inside.at) : 0;

		if (open && !close)
			plain = text.len;
		if (plain && !buf_add(out, (struct bytes){ text.at, plain }))
			return fault(why, "it is too long");
		if (!close)
			return true;
		if (!var_put(v, bytes_trim((struct bytes){ inside.at, name }), out, why))
			return false;
		text = bytes_from(inside, name + 2);
	}
	return true;
}

static bool
goes_up(const char *path)
{
	return *path == '/' || !strncmp(path, "../", 3) || !strcmp(path, "..") || strstr(path, "/../") ||
		(strlen(path) > 2 && !strcmp(path + strlen(path) - 3, "/.."));
}

/* Where the file that is read lies; a pipe: here. */
static int
folder_of(int fd)
{
	char link[64], path[PATH_MAX], *slash;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (!slash || access(path, F_OK))
		return open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	slash[slash == path] = '\0';
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool
file_load(int fd, struct buf *out)
{
	struct stat st;
	uint8_t *at;
	ssize_t n;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	do {
		at = buf_room(out, PIECE);
		n = at ? read(fd, at, PIECE) : -1;
		if (n > 0)
			buf_grew(out, (size_t)n);
	} while (n > 0);
	return !n;
}

bool
beside_read(int fd, struct bytes name, struct buf *out, struct fault *why)
{
	char path[PATH_MAX];
	int folder, file;
	bool ok;

	if (!name.len || name.len >= sizeof(path) || memchr(name.at, '\0', name.len))
		return fault(why, "a body's file has no name");
	snprintf(path, sizeof(path), "%.*s", (int)name.len, (const char *)name.at);
	if (goes_up(path))
		return fault(why, "%.100s: only files beside it, or below, are read", path);
	folder = folder_of(fd);
	file = folder < 0 ? -1 : openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (folder >= 0)
		close(folder);
	if (file < 0)
		return fault(why, "%.100s: %s", path, strerror(errno));
	ok = file_load(file, out) || fault(why, "%.100s: it could not be read, or is too large", path);
	close(file);
	return ok;
}
