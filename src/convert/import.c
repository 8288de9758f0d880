/* A file read into a store on a thread of its own. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "soth/convert.h"
#include "soth/map.h"

enum { FIRST = 4096, DENSE_AHEAD = 1 << 16, TELL_MS = 30, WORDS = 300, NAME = 100 };

static const flow_id GONE = 1ull << 63;

struct import {
	struct import_how how;
	const struct format *format;
	FILE *file;		/* the person's; `in` reads from it until it is left */
	FILE *in;
	uint64_t size, done;
	atomic_bool leave, over;
	pthread_t thread;
	flow_id *number;	/* by the file's: ours, or'ed with GONE; 0: it has none yet */
	size_t room, flows;
	struct map *far;	/* likewise, of numbers far from each other */
	uint64_t told, last;	/* when the store was flushed; of the newest note */
	char name[NAME];
	char words[WORDS];
	bool well;
};

static uint64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Where our number of one of theirs is kept. */
static flow_id *
number_place(struct import *i, flow_id theirs)
{
	struct bytes key = { (const uint8_t *)&theirs, sizeof(theirs) };
	size_t room = i->room ? i->room : 256;
	flow_id *place;

	if (theirs >= (i->flows + DENSE_AHEAD) * 2) {
		place = map_find(i->far, key);
		if (!place)
			(void)map_put(i->far, key, place = xalloc(sizeof(*place)));
		return place;
	}
	while (room <= theirs)
		room *= 2;
	if (room > i->room) {
		i->number = xgrow(i->number, room, sizeof(*i->number));
		memset(i->number + i->room, 0, (room - i->room) * sizeof(*i->number));
		i->room = room;
	}
	return &i->number[theirs];
}

static flow_id
number_of(struct import *i, flow_id theirs)
{
	flow_id *place = number_place(i, theirs);

	if (!*place) {
		*place = i->how.next_id(i->how.arg);
		i->flows++;
	}
	return *place & ~GONE;
}

/* What was going on when the file was written goes on no more. */
static void
import_ends(struct import *i)
{
	for (size_t k = 0; k < i->room; k++) {
		struct note n = { .kind = NOTE_GONE, .flow = i->number[k], .when = i->last };

		if (!n.flow || n.flow & GONE)
			continue;
		n.part = (struct part){ .kind = PART_RESET, .code = CLOSE_RELAY_ERROR,
			.data = slice_text("it was not over when it was saved") };
		store_note(i->how.store, &n);
	}
}

static void
import_origin(struct import *i, struct note *n)
{
	struct origin like = *n->origin, *own;

	if (!like.opened_by)
		return;
	like.opened_by = number_of(i, like.opened_by);
	own = origin_new(&like);
	origin_drop(n->origin);
	n->origin = own;
}

static void
import_note(void *arg, struct note *n)
{
	struct import *i = arg;
	uint64_t now = clock_ms();
	off_t at;

	if (n->flow && n->kind == NOTE_GONE)
		*number_place(i, n->flow) = number_of(i, n->flow) | GONE;
	if (n->flow)
		n->flow = number_of(i, n->flow);
	i->last = n->when;
	if (n->kind == NOTE_FLOW)
		import_origin(i, n);
	store_note(i->how.store, n);
	if (now - i->told < TELL_MS)
		return;
	i->told = now;
	store_flush(i->how.store);
	at = ftello(i->in);
	store_progress(i->how.store, at < 0 ? 0 : (uint64_t)at, i->size);
}

static void *
import_run(void *arg)
{
	struct import *i = arg;
	struct convert_sink sink = { import_note, i, &i->leave };
	struct fault why = { "" };

	i->well = i->format->read(i->in, &sink, &why);
	import_ends(i);
	store_flush(i->how.store);
	if (i->well)
		snprintf(i->words, sizeof(i->words), "%s: %zu flow%s", i->name, i->flows, i->flows == 1 ? "" : "s");
	else
		snprintf(i->words, sizeof(i->words), "%s: %.190s", i->name, why.text);
	atomic_store(&i->over, true);
	store_flush(i->how.store);
	store_progress(i->how.store, 1, 1);	/* whoever looks learns that it is over */
	return NULL;
}

/* What is left has no more to be read. */
static ssize_t
cookie_read(void *cookie, char *to, size_t room)
{
	struct import *i = cookie;

	return atomic_load(&i->leave) ? 0 : (ssize_t)fread(to, 1, room, i->file);
}

static int
cookie_seek(void *cookie, off64_t *at, int whence)
{
	struct import *i = cookie;

	if (fseeko(i->file, *at, whence))
		return -1;
	*at = ftello(i->file);
	return 0;
}

/* A session is read by its descriptor. */
static bool
import_open(struct import *i, const char *path, struct fault *why)
{
	static const struct format *session;
	uint8_t first[FIRST];
	struct stat about;
	struct bytes begins;

	session = format_named("session");
	i->file = fopen(path, "re");
	if (!i->file || fstat(fileno(i->file), &about))
		return fault(why, "%.100s: %s", path, strerror(errno));
	i->size = (uint64_t)about.st_size;
	begins = (struct bytes){ first, fread(first, 1, sizeof(first), i->file) };
	rewind(i->file);
	i->format = format_of_bytes(begins);
	if (!i->format)
		i->format = format_of_path(path);
	if (!i->format || !i->format->read)
		return fault(why, "%.100s: in no format that soth reads", path);
	i->in = i->format == session ? i->file : fopencookie(i, "r", (cookie_io_functions_t){ .read = cookie_read, .seek = cookie_seek });
	return i->in || fault(why, "%.100s: %s", path, strerror(errno));
}

static void
import_release(struct import *i)
{
	if (i->in && i->in != i->file)
		fclose(i->in);
	if (i->file)
		fclose(i->file);
	map_free(i->far, free);
	free(i->number);
	free(i);
}

struct import *
import_start(const struct import_how *how, const char *path, struct fault *why)
{
	struct import *i = xalloc(sizeof(*i));
	const char *slash = strrchr(path, '/');

	i->how = *how;
	i->far = map_new();
	snprintf(i->name, sizeof(i->name), "%s", slash ? slash + 1 : path);
	if (import_open(i, path, why) && !pthread_create(&i->thread, NULL, import_run, i))
		return i;
	import_release(i);
	return NULL;
}

bool
import_over(struct import *i, bool *well, char *words, size_t room)
{
	if (!atomic_load(&i->over))
		return false;
	*well = i->well;
	snprintf(words, room, "%s", i->words);
	return true;
}

void
import_free(struct import *i)
{
	if (!i)
		return;
	atomic_store(&i->leave, true);
	pthread_join(i->thread, NULL);
	import_release(i);
}
