/* soth run: a command whose traffic is seen, with nothing to be set. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../../ui/ui.h"
#include "capture.h"
#include "cli.h"
#include "printing.h"
#include "run_aside.h"
#include "run_child.h"
#include "run_env.h"
#include "run_files.h"
#include "screen.h"
#include "soth/isolate.h"
#include "soth/log.h"

enum { STATUS_FAULT = 125, HELD_MS = 200, SECOND_MS = 1000, URL_ROOM = 1200 };

struct run {
	const struct args *args;
	struct options options;
	struct capture capture;
	struct run_child child;
	struct printer printer;
	struct isolate isolate;		/* with --isolate */
	struct run_aside aside;		/* with --screen */
	struct store_stats said;
	size_t done;			/* flows that were printed */
	char dir[RUN_PATH];		/* "": there is none */
};

static void
add_escaped(char *out, size_t room, const char *text)
{
	size_t at = strlen(out);

	for (; *text && at + 4 < room; text++)
		at += (size_t)snprintf(out + at, room - at, strchr(":-._~", *text) || (*text >= '0' && *text <= '9') ||
			((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z') ? "%c" : "%%%02X", (unsigned char)*text);
}

/* As a URL, with the password that it wants. */
static void
put_url(const struct options *o, const struct reached *r, char url[URL_ROOM])
{
	strcpy(url, "http://");
	add_escaped(url, URL_ROOM - sizeof(r->host), o->proxyauth);
	if (*o->proxyauth)
		strcat(url, "@");
	reached_text(r, url + strlen(url), URL_ROOM - strlen(url));
}

static int
failed(const struct fault *why)
{
	fprintf(stderr, "soth: %s\n", why->text);
	return STATUS_FAULT;
}

/* What comes out of a network of its own needs no listener here; the screen has others who might. */
static bool
run_capture(struct run *r, struct fault *why)
{
	const struct args *a = r->args;

	return a->isolate && !a->listens && !a->mode && !a->screen ? capture_start_silent(&r->capture, &r->options, NULL, why) :
		capture_start(&r->capture, &r->options, why);
}

/* What the command starts from now on believes it. */
static void
run_authority(void *arg, const struct ca *ca)
{
	struct run *r = arg;
	struct fault why;

	if (!run_files_put(ca, r->dir, &why))
		log_line("%s", why.text);
}

/* A port that is free, unless one was asked for. */
static bool
run_begin(struct run *r, const struct args *a, struct fault *why)
{
	const char *log = a->log;

	cli_log_keep();
	options_copy(&r->options, &a->options);
	if (!a->listens && !option_set(&r->options, "listen", "127.0.0.1:0", why))
		return false;
	r->printer.print = cli_print(a);
	r->printer.to = log ? fopen(log, "we") : stderr;
	if (!r->printer.to)
		return fault(why, "%s: %s", log, strerror(errno));
	run_child_prepare(&r->child);
	if (a->screen)
		ui_signals();
	if (a->isolate && !isolate_prepare(&r->isolate, why))
		return false;
	if (!run_capture(r, why) || !run_files_make(r->capture.ca, r->dir, why))
		return false;
	backend_tell_authority(r->capture.backend, run_authority, r);
	return !a->screen || run_aside_open(&r->aside, r->dir, why);
}

/* In the child. */
static void
run_enter(void *arg)
{
	struct run *r = arg;

	if (r->args->screen)
		run_aside_enter(&r->aside);
	if (r->args->isolate)
		isolate_enter(&r->isolate);
}

static bool
run_proxied(struct run *r, struct run_setting *s, int *status, struct fault *why)
{
	struct reached at;
	char url[URL_ROOM], **env;
	bool ok;

	if (!backend_proxy(r->capture.backend, &at))
		return fault(why, "run: none of the modes is a proxy: regular or upstream is wanted");
	put_url(&r->options, &at, url);
	s->proxy = url;
	s->host = at.host;
	s->port = at.port;
	env = run_env(s, why);
	ok = env && run_child_start(&r->child, r->args->command, env, run_enter, r, status, why);
	run_env_free(env);
	return ok;
}

/* Its connections wait for us until the sockets are here. */
static bool
run_isolated(struct run *r, struct run_setting *s, int *status, struct fault *why)
{
	struct adopted sockets[ISOLATE_SOCKETS];
	char **env = run_env(s, why);
	bool ok = env && run_child_start(&r->child, r->args->command, env, run_enter, r, status, why);
	size_t count = ok ? isolate_take(&r->isolate, sockets, why) : 0;

	run_env_free(env);
	if (ok && !count)
		*status = STATUS_FAULT;
	backend_adopt(r->capture.backend, sockets, count);
	return count;
}

static bool
run_command(struct run *r, int *status, struct fault *why)
{
	struct run_setting s = { .authority = ca_path(r->capture.ca), .dir = r->dir };

	return (r->args->isolate ? run_isolated : run_proxied)(r, &s, status, why);
}

/* An editor or a pager has the terminal: lines would stand in the middle of its picture. */
static bool
is_held(const struct run *r)
{
	struct termios t;

	return !tcgetattr(fileno(r->printer.to), &t) && !(t.c_lflag & ICANON);
}

static void
run_print(struct run *r)
{
	struct store_stats stats = store_stats(r->capture.store);

	r->done = printer_ended(&r->printer, r->capture.store, r->done);
	cli_say_stopped(&stats, &r->said);
	cli_log_say();
}

static void
run_loop(struct run *r)
{
	struct pollfd fd[] = { { store_fd(r->capture.store), POLLIN, 0 }, { r->child.signals, POLLIN, 0 } };
	time_t looked = time(NULL);
	bool held = false;

	while (!r->child.over) {
		poll(fd, ARRAY_LEN(fd), held ? HELD_MS : SECOND_MS);
		if (time(NULL) != looked)
			cli_reread(r->capture.backend);
		looked = time(NULL);
		run_child_look(&r->child);
		store_seen(r->capture.store);
		held = is_held(r);
		if (!held)
			run_print(r);
	}
}

static void
run_sum_up(const struct run *r)
{
	struct store_stats stats = store_stats(r->capture.store);

	if (r->args->json)
		return;
	if (!stats.flows)
		fprintf(r->printer.to, "soth: no traffic came%s\n", r->args->isolate ? "" :
			": a command that knows of no proxy wants --isolate");
	else
		fprintf(r->printer.to, "soth: %llu flow%s%s: soth -r %s\n", (unsigned long long)stats.flows,
			stats.flows == 1 ? "" : "s", stats.failed ? ", not all well" : "", stats.path);
}

static void
run_end(struct run *r)
{
	if (r->capture.backend)
		capture_stop(&r->capture);
	run_aside_close(&r->aside);
	if (r->printer.lens && (!r->args->screen || r->args->log))
		run_print(r);
	if (r->printer.lens)
		run_sum_up(r);
	lens_free(r->printer.lens);
	filter_free(r->printer.filter);
	capture_free(&r->capture);
	if (*r->dir)
		run_files_remove(r->dir);
	if (r->printer.to && r->printer.to != stderr)
		fclose(r->printer.to);
	isolate_release(&r->isolate);
	options_release(&r->options);
}

static int
run_it(const struct args *a)
{
	struct run r = { .args = a, .isolate = { { -1, -1 }, 0, "" }, .aside = { .fd = -1 } };
	struct fault why;
	int status = STATUS_FAULT;

	if ((a->screen && !screen_can(&a->options)) || !cli_filter(a->filter, &r.printer.filter))
		return STATUS_FAULT;
	if (!run_begin(&r, a, &why) || !run_command(&r, &status, &why)) {
		failed(&why);
		run_end(&r);
		return status;
	}
	r.printer.lens = lens_new(r.capture.store);
	if (!a->screen)
		run_loop(&r);
	else if (!run_aside_screen(&r.aside, &r.child, a->command[0], &r.capture, &r.options, &why))
		failed(&why);
	run_end(&r);
	return run_child_end(&r.child);
}

/* For a soth that listens where this one would; files that stay. */
static int
run_print_env(const struct args *a)
{
	char dir[RUN_PATH], files[RUN_PATH + 8], url[URL_ROOM];
	struct run_setting s = { .dir = files, .proxy = url };
	struct reached at;
	struct fault why;
	struct ca *ca = NULL;
	bool ok = (reached_at(a->options.listen, &at) || fault(&why, "listen: '%.80s': expected HOST:PORT", a->options.listen)) &&
		cli_confdir(&a->options, dir, sizeof(dir), &why) && (ca = ca_open_sized(dir, a->options.key_size, &why));

	if (ok) {
		snprintf(files, sizeof(files), "%s/run", dir);
		put_url(&a->options, &at, url);
		s.host = at.host;
		s.port = at.port;
		s.authority = ca_path(ca);
		ok = run_files_put(ca, files, &why) && run_env_print(&s, &why);
	}
	if (ca)
		ca_close(ca);
	return ok ? 0 : failed(&why);
}

int
cli_run(const struct args *a)
{
	if (a->env)
		return run_print_env(a);
	if (a->command)
		return run_it(a);
	fprintf(stderr, "soth: run: which command? soth run -- COMMAND [ARGUMENT ...]\n");
	return STATUS_FAULT;
}
