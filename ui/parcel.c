/* Flows on their way into a file. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parcel.h"
#include "soth/convert.h"
#include "words.h"

enum { PATH_ROOM = 4096 };

struct parcel {
	struct parcel_how how;
	const struct format *format;
	char path[PATH_ROOM];
	pthread_t thread;
	struct convert_watch watch;
	atomic_bool over;
	bool well;
	struct fault why;
};

static bool
parcel_write(struct parcel *p, flow_id *id)
{
	struct convert_flows flows = { p->how.store, id, 0 };
	struct row row;

	for (size_t i = 0; i < p->how.count && !atomic_load(&p->watch.leave); i++)
		if (store_rows(p->how.store, p->how.index[i], 1, &row) == 1)
			id[flows.count++] = row.id;
	if (p->how.append)
		return convert_append(p->path, &flows, &p->watch, &p->why);
	return convert_file(p->format, p->path, &flows, &p->watch, &p->why);
}

static void *
parcel_run(void *arg)
{
	struct parcel *p = arg;
	flow_id *id = xgrow(NULL, p->how.count + 1, sizeof(*id));

	p->well = parcel_write(p, id);
	free(id);
	atomic_store(&p->over, true);
	(void)!write(p->how.wake, &(uint64_t){ 1 }, 8);
	return NULL;
}

/* By its name; what is appended to is a session. */
static bool
parcel_format(struct parcel *p, struct fault *why)
{
	const struct format *session = format_named("session");

	p->format = format_of_path(p->path);
	if (p->how.append && p->format && p->format != session)
		return fault(why, "flows are appended to a session alone, a file in .soth");
	if (p->how.append)
		p->format = session;
	p->how.append = p->how.append && !access(p->path, F_OK);
	if (p->format && p->format->write)
		return true;
	return fault(why, "%.80s: its name does not say in which format: .soth, .har, .mitm, .pcapng, .curl, .md ...", p->path);
}

static void
parcel_release(struct parcel *p)
{
	free(p->how.index);
	free(p);
}

struct parcel *
parcel_start(const struct parcel_how *how, const char *path, struct fault *why)
{
	struct parcel *p = xalloc(sizeof(*p));

	p->how = *how;
	if (snprintf(p->path, sizeof(p->path), "%s", path) >= PATH_ROOM)
		fault(why, "the path is too long");
	else if (parcel_format(p, why) && (!pthread_create(&p->thread, NULL, parcel_run, p) || fault(why, "no thread to write it")))
		return p;
	parcel_release(p);
	return NULL;
}

void
parcel_leave(struct parcel *p)
{
	atomic_store(&p->watch.leave, true);
}

bool
parcel_over(struct parcel *p, bool *well, char *words, size_t room)
{
	bool over = atomic_load(&p->over);
	char size[WORDS_MAX];

	*well = over && p->well;
	if (over && !p->well)
		snprintf(words, room, "%s", p->why.text);
	else if (over)
		snprintf(words, room, "%zu flow%s %s %.120s", p->how.count, p->how.count == 1 ? "" : "s",
			p->how.append ? "behind those in" : "in", p->path);
	else
		snprintf(words, room, "writing %.120s: %s, Esc stops", p->path, words_size(atomic_load(&p->watch.written), size));
	return over;
}

void
parcel_free(struct parcel *p)
{
	if (!p)
		return;
	parcel_leave(p);
	pthread_join(p->thread, NULL);
	parcel_release(p);
}
