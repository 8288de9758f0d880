/* Whether files that were read have changed since: by what the system says of them. */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "stamps.h"

enum { SETTLED_MS = 250 };

/* FNV-1a. */
static uint64_t
mix(uint64_t sum, const uint64_t *word, size_t count)
{
	const uint8_t *at = (const uint8_t *)word;

	for (size_t i = 0; i < count * sizeof(*word); i++)
		sum = (sum ^ at[i]) * UINT64_C(0x100000001b3);
	return sum;
}

/* A clock that is set back makes it wait. */
static bool
is_settled(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)(now.tv_sec - st->st_ctim.tv_sec) * 1000 + (now.tv_nsec - st->st_ctim.tv_nsec) / 1000000 >= SETTLED_MS;
}

/* The mode too: what others might read is no good until it is changed. */
static uint64_t
stamp(uint64_t sum, const char *path, bool *settled)
{
	struct stat st = { 0 };
	uint64_t is[8] = { 0 };

	if (!stat(path, &st)) {
		is[0] = (uint64_t)st.st_dev;
		is[1] = (uint64_t)st.st_ino;
		is[2] = (uint64_t)st.st_size;
		is[3] = (uint64_t)st.st_mtim.tv_sec;
		is[4] = (uint64_t)st.st_mtim.tv_nsec;
		is[5] = (uint64_t)st.st_mode;
		is[6] = (uint64_t)st.st_uid;
		is[7] = 1;
		*settled = *settled && is_settled(&st);
	}
	return mix(sum, is, ARRAY_LEN(is));
}

void
stamps_add(struct stamps *s, const char *path)
{
	bool settled = true;

	if (s->count == STAMPS_MAX)
		return;
	s->path = xgrow(s->path, s->count + 1, sizeof(*s->path));
	s->path[s->count++] = xstrdup(path);
	s->then = stamp(s->then, path, &settled);
}

uint64_t
stamps_now(const struct stamps *s, bool *settled)
{
	uint64_t sum = 0;

	*settled = true;
	for (size_t i = 0; i < s->count; i++)
		sum = stamp(sum, s->path[i], settled);
	return sum;
}

void
stamps_release(struct stamps *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->path[i]);
	free(s->path);
	*s = (struct stamps){ 0 };
}
