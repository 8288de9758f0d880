/* `soth` alone: the engine, and the screen before it. */
#include <stdio.h>
#include <unistd.h>

#include "../../ui/ui.h"
#include "capture.h"
#include "cli.h"

enum { STATUS_FAULT = 1, STATUS_USAGE = 2 };

static int
failed(const struct fault *why)
{
	fprintf(stderr, "soth: %s\n", why->text);
	return STATUS_FAULT;
}

static int
screen_file(struct ui_how *how, struct fault *why)
{
	bool ok;

	how->store = store_open(how->options->read, why);
	if (!how->store)
		return failed(why);
	ok = ui_run(how, why);
	store_free(how->store);
	return ok ? 0 : failed(why);
}

/* A file of what is remembered; "": in memory alone. */
static const char *
remembered(const struct options *o, size_t which)
{
	static const char *const names[] = { "choices", "views", "history" };
	static char path[ARRAY_LEN(names)][4096];
	struct fault why;

	if (!cli_state(o, names[which], path[which], sizeof(path[which]), &why))
		*path[which] = '\0';
	return path[which];
}

int
cli_screen(const struct args *a)
{
	const struct options *o = &a->options;
	struct options own;
	struct capture c;
	struct fault why = { "" };
	struct ui_how how = { .options = &own, .choices = remembered(o, 0), .views = remembered(o, 1), .history = remembered(o, 2) };
	int status;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "soth: no terminal: use `soth dump`, or see soth --help\n");
		return STATUS_USAGE;
	}
	if (!ui_check(o, &why)) {
		failed(&why);
		return STATUS_USAGE;
	}
	options_copy(&own, o);
	ui_signals();
	if (*o->read) {
		status = screen_file(&how, &why);
	} else if (!capture_start(&c, o, &why)) {
		status = failed(&why);
	} else {
		how.store = c.store;
		how.backend = c.backend;
		how.ca_path = ca_path(c.ca);
		status = ui_run(&how, &why) ? 0 : failed(&why);
		capture_stop(&c);
		capture_free(&c);
	}
	options_release(&own);
	return status;
}
