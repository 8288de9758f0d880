/* Files opened into the session, and those that it is saved to. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive.h"
#include "soth/convert.h"
#include "soth/log.h"

enum { IMPORTS = 32, PATH_ROOM = 4096, WORDS = 180 };

struct copy {
	char to[PATH_ROOM], beside[PATH_ROOM + 8];
	struct store *from;
	bool compact;
	int wake;
	atomic_bool leave, over;
	pthread_t thread;
	struct fault why;	/* empty: it went well */
};

struct archive {
	struct desk *desk;
	struct import *import[IMPORTS];
	struct copy *copy;	/* NULL: none goes on */
	struct parcel *parcel;	/* likewise */
};

struct archive *
archive_new(struct desk *desk)
{
	struct archive *a = xalloc(sizeof(*a));

	a->desk = desk;
	return a;
}

static void
copy_free(struct copy *c)
{
	atomic_store(&c->leave, true);
	pthread_join(c->thread, NULL);
	free(c);
}

void
archive_free(struct archive *a)
{
	for (size_t i = 0; i < IMPORTS; i++)
		import_free(a->import[i]);
	if (a->copy)
		copy_free(a->copy);
	parcel_free(a->parcel);
	free(a);
}

static flow_id
next_id(void *arg)
{
	struct desk *desk = arg;

	return desk->backend ? backend_flow_id(desk->backend) : store_new_id(desk->store);
}

bool
archive_open(struct archive *a, const char *path, struct fault *why)
{
	struct import_how how = { a->desk->store, next_id, a->desk };

	if (!store_writes(a->desk->store))
		return fault(why, "this session is only looked at: soth -r FILE -r FILE opens both");
	for (size_t i = 0; i < IMPORTS; i++)
		if (!a->import[i])
			return (a->import[i] = import_start(&how, path, why));
	return fault(why, "%d files are being read already", IMPORTS);
}

/* A name that nobody has. */
static bool
name_beside(const char *path, char out[PATH_ROOM + 8], struct fault *why)
{
	int fd;

	snprintf(out, PATH_ROOM + 8, "%s.XXXXXX", path);
	fd = mkstemp(out);
	if (fd < 0)
		return fault(why, "%.120s: %s", path, strerror(errno));
	close(fd);
	return true;
}

static bool
copy_bytes(struct copy *c, int to)
{
	struct fault what;

	return store_copy(c->from, to, &c->leave, &what) || fault(&c->why, "%.120s: %.70s", c->to, what.text);
}

/* A session that is being recorded is cut off where it is now. */
static void
compact_file(struct copy *c)
{
	struct store_stats stats = store_stats(c->from);
	struct fault cut;

	if (session_compact(stats.path, c->to, &c->leave, &cut, &c->why) && *cut.text && !store_writes(c->from))
		fault(&c->why, "%.120s: %.70s", stats.path, cut.text);
}

static void
copy_file(struct copy *c)
{
	FILE *out = fopen(c->beside, "we");
	bool ok = out ? copy_bytes(c, fileno(out)) : fault(&c->why, "%.120s: %s", c->to, strerror(errno));

	if (ok && fsync(fileno(out)))
		ok = fault(&c->why, "%.120s: %s", c->to, strerror(errno));
	if (out)
		fclose(out);
	if (ok && rename(c->beside, c->to))
		ok = fault(&c->why, "%.120s: %s", c->to, strerror(errno));
	if (!ok)
		unlink(c->beside);
}

static void *
copy_run(void *arg)
{
	struct copy *c = arg;

	if (c->compact)
		compact_file(c);
	else
		copy_file(c);
	atomic_store(&c->over, true);
	(void)!write(c->wake, &(uint64_t){ 1 }, 8);
	return NULL;
}

static bool
copy_start(struct archive *a, const char *path, bool compact, struct fault *why)
{
	struct copy *c = xalloc(sizeof(*c));

	snprintf(c->to, sizeof(c->to), "%s", path);
	c->from = a->desk->store;
	c->compact = compact;
	c->wake = a->desk->wake;
	if (!compact && !name_beside(path, c->beside, why)) {
		free(c);
		return false;
	}
	if (pthread_create(&c->thread, NULL, copy_run, c)) {
		if (!compact)
			unlink(c->beside);
		free(c);
		return fault(why, "no thread to copy it");
	}
	a->copy = c;
	desk_say(a->desk, "saving to %.150s", path);
	return true;
}

/* Another name for the file that is being written. */
static bool
linked(const char *from, const char *path)
{
	char beside[PATH_ROOM + 8];
	struct fault why;

	if (!name_beside(path, beside, &why) || unlink(beside) || link(from, beside))
		return false;
	if (!rename(beside, path)) {
		unlink(beside);		/* where both were one already */
		return true;
	}
	unlink(beside);
	return false;
}

bool
archive_save(struct archive *a, const char *path, struct fault *why)
{
	struct store_stats stats = store_stats(a->desk->store);

	if (strlen(path) >= PATH_ROOM)
		return fault(why, "the path is too long");
	if (a->copy)
		return fault(why, "it is being saved to %.120s", a->copy->to);
	if (!a->desk->backend || stats.limit || !linked(stats.path, path))
		return copy_start(a, path, false, why);
	desk_say(a->desk, "saved: the session goes on in %.140s", path);
	return true;
}

bool
archive_compact(struct archive *a, const char *path, struct fault *why)
{
	if (strlen(path) >= PATH_ROOM)
		return fault(why, "the path is too long");
	if (a->copy)
		return fault(why, "it is being saved to %.120s", a->copy->to);
	if (store_stats(a->desk->store).limit)
		return fault(why, "with session-size: save it first, and then `soth compact` that file");
	return copy_start(a, path, true, why);
}

static void
copy_over(struct archive *a)
{
	struct copy *c = a->copy;

	if (*c->why.text)
		desk_fail(a->desk, &c->why);
	else
		desk_say(a->desk, "saved to %.150s", c->to);
	a->copy = NULL;
	copy_free(c);
}

bool
archive_write(struct archive *a, const struct parcel_how *how, const char *path, struct fault *why)
{
	if (!a->parcel)
		return (a->parcel = parcel_start(how, path, why));
	free(how->index);
	return fault(why, "other flows are being written: Esc stops that");
}

bool
archive_stop(struct archive *a)
{
	if (a->parcel)
		parcel_leave(a->parcel);
	return a->parcel;
}

/* What went wrong stays to be read. */
static void
import_said(struct archive *a, bool well, const char *words)
{
	struct fault why;

	log_line("%s", words);
	if (!well) {
		fault(&why, "%s", words);
		desk_fail(a->desk, &why);
	} else if (!a->desk->failed || !*a->desk->message) {
		desk_say(a->desk, "%s", words);
	}
}

/* How far it is, too. */
static void
parcel_turn(struct archive *a)
{
	char words[WORDS];
	bool well;

	if (!parcel_over(a->parcel, &well, words, sizeof(words))) {
		desk_say(a->desk, "%s", words);
		return;
	}
	parcel_free(a->parcel);
	a->parcel = NULL;
	*a->desk->message = '\0';
	import_said(a, well, words);
}

void
archive_turn(struct archive *a)
{
	char words[WORDS];
	bool well;

	for (size_t i = 0; i < IMPORTS; i++) {
		if (!a->import[i] || !import_over(a->import[i], &well, words, sizeof(words)))
			continue;
		import_free(a->import[i]);
		a->import[i] = NULL;
		import_said(a, well, words);
	}
	if (a->copy && atomic_load(&a->copy->over))
		copy_over(a);
	if (a->parcel)
		parcel_turn(a);
}

bool
archive_busy(const struct archive *a)
{
	bool busy = a->copy || a->parcel;

	for (size_t i = 0; i < IMPORTS; i++)
		busy = busy || a->import[i];
	return busy;
}
