/* Starting and stopping all that a recorded session is made of. */
#include <signal.h>
#include <stdio.h>

#include "answers_load.h"
#include "capture.h"
#include "cli.h"
#include "soth/filter.h"
#include "soth/ring.h"
#include "soth/rule.h"

bool
capture_path(const struct options *o, char *out, size_t room, char *lost, size_t lost_room, struct fault *why)
{
	char dir[600];

	if (*o->write)
		return snprintf(out, room, "%s", o->write) < (int)room || fault(why, "-w: the path is too long");
	if (!cli_sessions(o, dir, sizeof(dir), why))
		return false;
	if (lost && !session_lost(dir, lost, lost_room))
		*lost = '\0';
	return session_default(dir, o->sessions, out, room, why);
}

/* Workers can say no more than that to the log. */
static bool
intercepts(const struct options *o, struct fault *why)
{
	struct fault wrong;
	size_t at;
	struct filter *f = *o->intercept ? filter_parse(o->intercept, &wrong, &at) : NULL;
	bool ok = f || !*o->intercept || fault(why, "intercept, byte %zu: %.150s", at + 1, wrong.text);

	filter_free(f);
	return ok;
}

typedef struct backend *starter(const struct options *o, const struct ca *ca, decider_make *decides, struct fault *why);

/* Into that file; NULL: where sessions go. */
static bool
capture_open(struct capture *c, const struct options *o, starter *start, const char *file, struct fault *why)
{
	char dir[600], path[900];
	struct answers *answers = NULL;
	struct ring **rings;
	size_t count;
	int keys = -1;

	*c = (struct capture){ 0 };
	if (!intercepts(o, why) || !rules_hold(o, why))
		return false;
	/* A file that may not grow is a full disk, and no reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	if (!answers_load(o, &answers, why) || !cli_confdir(o, dir, sizeof(dir), why) || !(c->ca = ca_open_sized(dir, o->key_size, why)) ||
			!(c->backend = start(o, c->ca, judge_new, why)) ||
			(!file && !capture_path(o, path, sizeof(path), c->lost, sizeof(c->lost), why)) ||
			!(c->store = store_create(file ? file : path, why)) ||
			(*o->event_log && !store_event_log(c->store, o->event_log, why)) ||
			(*o->keylog && (keys = keylog_open(o->keylog, why)) < 0)) {
		answers_drop(answers);
		capture_stop(c);
		capture_free(c);
		return false;
	}
	(void)!store_limit(c->store, o->session_size, why);	/* its stats say so */
	if (answers)
		backend_answers(c->backend, answers);
	store_keylog(c->store, keys);
	rings = backend_rings(c->backend, &count);
	c->recorder = recorder_start(c->store, rings, count);
	return true;
}

bool
capture_start(struct capture *c, const struct options *o, struct fault *why)
{
	return capture_open(c, o, backend_start, NULL, why);
}

bool
capture_start_silent(struct capture *c, const struct options *o, const char *path, struct fault *why)
{
	return capture_open(c, o, backend_start_silent, path, why);
}

void
capture_stop(struct capture *c)
{
	if (c->backend)
		backend_stop(c->backend);
	if (c->recorder)
		recorder_stop(c->recorder);
	c->recorder = NULL;
}

void
capture_free(struct capture *c)
{
	if (c->backend)
		backend_free(c->backend);
	if (c->store) {
		session_closed(store_stats(c->store).path);
		store_free(c->store);
	}
	if (c->ca)
		ca_close(c->ca);
	*c = (struct capture){ 0 };
}
