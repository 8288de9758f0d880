/* What is in files that rules name: read when the rules are, and not while messages pass. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rule_inside.h"

struct filed {
	char *path;
	struct slice bytes;
	bool there;
	struct fault why;	/* it is not */
	struct timespec changed;
	off_t size;
};

/* As it stands now. */
static bool
look(const char *path, struct timespec *changed, off_t *size)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	*changed = st.st_mtim;
	*size = st.st_size;
	return true;
}

struct filed *
filed_read(const char *path)
{
	struct filed *c = xalloc(sizeof(*c));

	c->path = xstrdup(path);
	(void)look(path, &c->changed, &c->size);
	c->there = rule_file_read(path, &c->bytes, &c->why);
	return c;
}

void
filed_free(struct filed *c)
{
	if (!c)
		return;
	slice_drop(&c->bytes);
	free(c->path);
	free(c);
}

size_t
filed_size(const struct filed *c)
{
	return c->bytes.bytes.len;
}

bool
filed_get(const struct filed *c, struct slice *out, struct fault *why)
{
	if (!c->there)
		return fault(why, "%s", c->why.text);
	*out = slice_ref(c->bytes);
	return true;
}

bool
filed_stale(const struct filed *c)
{
	struct timespec changed = { 0 };
	off_t size = 0;
	bool there = look(c->path, &changed, &size);

	if (!there)
		return c->there;
	return changed.tv_sec != c->changed.tv_sec || changed.tv_nsec != c->changed.tv_nsec || size != c->size;
}
