/* What Protocol Buffers mean, by name and number: files loaded, and things found. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema_inside.h"
#include "soth/buf.h"

enum { FULL_NAME_MAX = 1024 };

struct schema_piece { struct schema_piece *next; max_align_t at[]; };

void *
schema_keep(struct schema *s, size_t size)
{
	struct schema_piece *p = xalloc(sizeof(*p) + size);

	p->next = s->pieces;
	s->pieces = p;
	return p->at;
}

static struct schema *
schema_new(void)
{
	struct schema *s = xalloc(sizeof(*s));

	s->messages = map_new();
	s->enums = map_new();
	s->methods = map_new();
	return s;
}

void
schema_free(struct schema *s)
{
	struct schema_piece *next;

	if (!s)
		return;
	for (struct schema_piece *p = s->pieces; p; p = next) {
		next = p->next;
		free(p);
	}
	map_free(s->messages, NULL);
	map_free(s->enums, NULL);
	map_free(s->methods, NULL);
	free(s);
}

/* Kept; at NULL: a fault. */
static struct bytes
schema_file(struct schema *s, const char *path, const char *name, struct fault *why)
{
	struct bytes got = { 0 };
	FILE *f = fopen(path, "rbe");
	struct stat st;
	uint8_t *to;

	if (!f || fstat(fileno(f), &st)) {
		fault(why, "%s: %s", name, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		fault(why, "%s: not a file", name);
	} else if (st.st_size > SCHEMA_FILE_MAX) {
		fault(why, "%s: more than %d MiB", name, SCHEMA_FILE_MAX >> 20);
	} else {
		s->kept += (size_t)st.st_size;
		to = schema_keep(s, (size_t)st.st_size + 1);
		got = (struct bytes){ to, fread(to, 1, (size_t)st.st_size, f) };
	}
	if (f)
		fclose(f);
	return got;
}

/* A .proto file, by way of a descriptor set that is deleted at once. */
static struct bytes
schema_compile(struct schema *s, const char *path, struct fault *why)
{
	const char *where = getenv("TMPDIR");
	struct bytes set = { 0 };
	char made[512];
	int fd;

	if ((size_t)snprintf(made, sizeof(made), "%s/soth-XXXXXX", where && *where == '/' ? where : "/tmp") >= sizeof(made) ||
			(fd = mkostemp(made, O_CLOEXEC)) < 0) {
		fault(why, "%s: no file for what protoc makes of it: %s", path, strerror(errno));
		return set;
	}
	close(fd);
	if (protoc_run(path, made, why))
		set = schema_file(s, made, path, why);
	unlink(made);
	return set;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), tail = strlen(end);

	return len >= tail && !strcmp(s + len - tail, end);
}

static bool
schema_add(struct schema *s, const char *path, struct fault *why)
{
	struct bytes set = ends_with(path, ".proto") ? schema_compile(s, path, why) : schema_file(s, path, path, why);

	return set.at && schema_read(s, set, path, why);
}

struct schema *
schema_load(const char *const *paths, size_t count, struct fault *why)
{
	struct schema *s = schema_new();
	bool ok = count <= SCHEMA_FILES_MAX || fault(why, "%s: more than %d files", paths[0], SCHEMA_FILES_MAX);

	for (size_t i = 0; ok && i < count; i++)
		ok = schema_add(s, paths[i], why);
	if (!ok) {
		schema_free(s);
		return NULL;
	}
	schema_link(s);
	return s;
}

struct schema *
schema_of(struct bytes set, const char *name, struct fault *why)
{
	struct schema *s = schema_new();
	uint8_t *kept = schema_keep(s, set.len + 1);

	if (set.len)
		memcpy(kept, set.at, set.len);
	if (!schema_read(s, (struct bytes){ kept, set.len }, name, why)) {
		schema_free(s);
		return NULL;
	}
	schema_link(s);
	return s;
}

/* "type.googleapis.com/pkg.Message", ".pkg.Message" */
static struct bytes
bare(struct bytes name)
{
	const uint8_t *slash = name.len ? memrchr(name.at, '/', name.len) : NULL;

	if (slash)
		name = (struct bytes){ slash + 1, name.len - (size_t)(slash + 1 - name.at) };
	if (name.len && *name.at == '.')
		name = (struct bytes){ name.at + 1, name.len - 1 };
	return name;
}

const struct schema_message *
schema_message(const struct schema *s, struct bytes name)
{
	return map_find(s->messages, bare(name));
}

const struct schema_enum *
schema_enum(const struct schema *s, struct bytes name)
{
	return map_find(s->enums, bare(name));
}

/* The first of those with this number. */
const struct schema_field *
schema_field(const struct schema_message *m, uint32_t number)
{
	size_t low = 0, count = m->fields;

	while (count) {
		size_t half = count / 2;

		if (m->field[low + half].number < number) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low < m->fields && m->field[low].number == number ? &m->field[low] : NULL;
}

/* The first of those with this number. */
struct bytes
schema_value(const struct schema_enum *e, int32_t number)
{
	size_t low = 0, count = e->values;

	while (count) {
		size_t half = count / 2;

		if (e->value[low + half].number < number) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low < e->values && e->value[low].number == number ? e->value[low].name : (struct bytes){ 0 };
}

const struct schema_message *
schema_sent(const struct schema *s, struct bytes path, enum side side)
{
	const uint8_t *query = path.len ? memchr(path.at, '?', path.len) : NULL, *slash, *before;
	const struct schema_method *m;

	if (query)
		path.len = (size_t)(query - path.at);
	slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
	if (!slash)
		return NULL;
	before = memrchr(path.at, '/', (size_t)(slash - path.at));
	if (before)
		path = (struct bytes){ before + 1, path.len - (size_t)(before + 1 - path.at) };
	m = path.len <= FULL_NAME_MAX ? map_find(s->methods, path) : NULL;
	return m ? m->sent[side] : NULL;
}
