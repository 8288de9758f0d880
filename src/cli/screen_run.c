/* `soth` alone: the engine, and the screen before it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../ui/ui.h"
#include "capture.h"
#include "cli.h"
#include "screen.h"

enum { STATUS_FAULT = 1, STATUS_USAGE = 2 };

static int
failed(const struct fault *why)
{
	fprintf(stderr, "soth: %s\n", why->text);
	return STATUS_FAULT;
}

/* A session of ours alone is looked at as it is; anything else is read into a new one. */
static bool
is_session(const char *path)
{
	static const char begins[] = "soth session";
	char first[sizeof(begins) - 1];
	FILE *f = fopen(path, "re");
	bool is = !f || (fread(first, 1, sizeof(first), f) == sizeof(first) && !memcmp(first, begins, sizeof(first)));

	if (f)
		fclose(f);
	return is;		/* one that is not there: store_begin() says so */
}

static int
screen_file(struct ui_how *how, const struct args *a, struct fault *why)
{
	const char *files[ARRAY_LEN(a->more) + 1] = { a->options.read };
	char path[900];
	bool ok;

	memcpy(files + 1, a->more, sizeof(a->more));
	if (!a->mores && is_session(a->options.read)) {
		how->store = store_begin(a->options.read, why);
	} else if (capture_path(&a->options, path, sizeof(path), NULL, 0, why)) {
		how->store = store_create(path, why);
		how->open = files;
		how->opens = a->mores + 1;
	}
	if (!how->store)
		return failed(why);
	ok = ui_run(how, why);
	if (how->opens)
		session_closed(store_stats(how->store).path);
	store_free(how->store);
	return ok ? 0 : failed(why);
}

enum { CHOICES, HISTORY, VIEWS, COLOURS, PROFILES, FILES_COUNT };

/* A file of a person's; "": in memory alone. */
static const char *
remembered(const struct options *o, size_t which)
{
	static const struct {
		const char *name;
		bool (*place)(const struct options *o, const char *name, char *out, size_t room, struct fault *why);
	} files[FILES_COUNT] = {
		[CHOICES] = { "choices", cli_state }, [HISTORY] = { "history", cli_state },
		[VIEWS] = { "views", cli_config }, [COLOURS] = { "colours", cli_config },
		[PROFILES] = { "browser", cli_state },
	};
	static char path[FILES_COUNT][4096];
	struct fault why;

	if (!files[which].place(o, files[which].name, path[which], sizeof(path[which]), &why))
		*path[which] = '\0';
	return path[which];
}

static void
how_for(struct ui_how *how, struct options *own)
{
	*how = (struct ui_how){
		.options = own, .choices = remembered(own, CHOICES), .history = remembered(own, HISTORY),
		.views = remembered(own, VIEWS), .colours = remembered(own, COLOURS),
		.profiles = remembered(own, PROFILES),
	};
}

bool
screen_can(const struct options *o)
{
	struct fault why;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "soth: no terminal: use `soth dump`, or see soth --help\n");
		return false;
	}
	return ui_check(o, &why) || !failed(&why);
}

bool
screen_live(const struct capture *c, const struct options *o, struct running *running, struct fault *why)
{
	char pin[CA_PIN_ROOM];
	struct options own;
	struct ui_how how;
	bool ok;

	options_copy(&own, o);
	how_for(&how, &own);
	how.running = running;
	how.store = c->store;
	how.backend = c->backend;
	how.lost = c->lost;
	how.ca_path = ca_path(c->ca);
	how.ca_pin = ca_pin(c->ca, pin) ? pin : "";
	ok = ui_run(&how, why);
	options_release(&own);
	return ok;
}

static int
screen_capture(const struct args *a)
{
	struct capture c;
	struct fault why;
	bool ok;

	if (!capture_start(&c, &a->options, &why))
		return failed(&why);
	ok = screen_live(&c, &a->options, NULL, &why);
	capture_stop(&c);
	capture_free(&c);
	return ok ? 0 : failed(&why);
}

int
cli_screen(const struct args *a)
{
	struct options own;
	struct fault why;
	struct ui_how how;
	int status;

	if (!screen_can(&a->options))
		return STATUS_USAGE;
	ui_signals();
	if (!*a->options.read)
		return screen_capture(a);
	options_copy(&own, &a->options);
	how_for(&how, &own);
	status = screen_file(&how, a, &why);
	options_release(&own);
	return status;
}
