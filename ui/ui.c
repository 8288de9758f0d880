/* The loop: keys, changes and signals in, frames out. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "archive.h"
#include "browser.h"
#include "rewrite.h"
#include "reread.h"
#include "rulebook.h"
#include "bar.h"
#include "casebook.h"
#include "choices.h"
#include "columns.h"
#include "desk.h"
#include "diary.h"
#include "errand.h"
#include "grouping.h"
#include "hunt.h"
#include "input.h"
#include "keymap.h"
#include "layout.h"
#include "prompt.h"
#include "replays.h"
#include "running.h"
#include "saved.h"
#include "script.h"
#include "sight.h"
#include "soth/log.h"
#include "soth/study.h"
#include "theme.h"
#include "tints.h"
#include "types.h"
#include "ui.h"

enum { FRAME_US = 33000, ESCAPE_MS = 25, SECOND_MS = 1000, PATIENCE = 20, PATIENCE_TEST = 20000, PASTED_MAX = 1 << 20 };

struct ui {
	const struct ui_how *how;
	struct desk desk;
	struct theme theme;
	struct bar bar;
	struct input input;
	bool dirty;		/* something is to be drawn */
	bool urgent;		/* ... at once: a person waits for it */
	uint64_t drawn;		/* when the last frame was */
	int signals;
	struct rulebook rulebook;
	struct rereading rereading;
	struct buf pasted;	/* what no question asked for */
};

static const int kept_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP };

static void
signals_of(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_LEN(kept_signals); i++)
		sigaddset(set, kept_signals[i]);
}

bool
ui_check(const struct options *o, struct fault *why)
{
	struct theme t;

	return theme_load(&t, theme_wanted(o->theme), why) && columns_parse(&(struct columns){ 0 }, o->columns, why);
}

void
ui_signals(void)
{
	sigset_t set;

	signals_of(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static uint64_t
ui_now(const struct ui *u)
{
	struct timespec t;

	if (u->how->now)
		return u->how->now;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
ui_draw(struct ui *u)
{
	struct area all = screen_area(), bar = { 0, 0, 1, all.cols }, keys = { all.rows - 1, 0, 1, all.cols };
	struct area middle = { 1, 0, all.rows - 2, all.cols };

	u->desk.now = u->drawn = ui_now(u);
	u->desk.busy = u->how->script && archive_busy(u->desk.archive);
	archive_turn(u->desk.archive);
	rulebook_turn(&u->rulebook, &u->desk);
	reread_turn(&u->rereading, &u->desk);
	errand_go_on(&u->desk);
	browsers_look(&u->desk);
	running_look(&u->desk);
	replays_look(u->desk.replays);
	bar_tick(&u->bar, &u->desk);
	layout_fit(u->desk.layout, middle);
	layout_refresh(u->desk.layout);
	layout_draw(u->desk.layout);
	bar_draw(&u->bar, &u->desk, bar);
	keys_draw(&u->desk, keys);
	screen_show();
	u->dirty = u->urgent = u->desk.busy;
}

/* "<Click 3 7>" and the wheel's. */
static bool
ui_mouse(struct ui *u, const char *key)
{
	unsigned y, x;

	if (sscanf(key, "<Click %u %u>", &y, &x) == 2)
		return layout_click(u->desk.layout, (int)y, (int)x) || true;
	if (sscanf(key, "<WheelUp %u %u>", &y, &x) == 2)
		return pane_move(layout_focus(u->desk.layout), -3), true;
	if (sscanf(key, "<WheelDown %u %u>", &y, &x) == 2)
		return pane_move(layout_focus(u->desk.layout), 3), true;
	return false;
}

/* What is pasted is text to a question; else it is kept, as it may be a command. */
static void
ui_pasted(struct ui *u, const char *key)
{
	bool line = !strcmp(key, "<Enter>") || !strcmp(key, "<Tab>");

	bool space = !strcmp(key, "<Space>");

	if (!line && !space && *key == '<' && key[1])
		return;
	if (prompt_open(u->desk.prompt))
		prompt_key(u->desk.prompt, &u->desk, line ? "<Space>" : key);
	else
		(void)!buf_add(&u->pasted, space ? LIT(" ") : !line ? bytes_of(key) : *(key + 1) == 'E' ? LIT("\n") : LIT("\t"));
}

/* A command of curl becomes a request that is composed. */
static void
ui_compose(struct ui *u, const char *curl)
{
	char *command = xalloc(strlen(curl) + sizeof("compose "));
	struct fault why;

	strcpy(stpcpy(command, "compose "), curl);
	if (!action_run(&u->desk, command, &why))
		desk_fail(&u->desk, &why);
	free(command);
}

/* It has ended. Before a command may stand a shell's prompt. */
static void
ui_paste(struct ui *u)
{
	const char *text;

	if (u->pasted.len && buf_add(&u->pasted, (struct bytes){ (const uint8_t *)"", 1 })) {
		text = (const char *)u->pasted.at + strspn((const char *)u->pasted.at, " \t\n$");
		if (strncmp(text, "curl ", 5))
			desk_say(&u->desk, "what was pasted is no command of curl: : or a question takes other text");
		else
			ui_compose(u, text);
	}
	buf_release(&u->pasted);
	buf_init(&u->pasted, PASTED_MAX);
}

static void
ui_key(struct ui *u, const char *key)
{
	const struct action *a;
	struct fault why = { "" };

	u->dirty = u->urgent = true;
	if (u->input.pasting) {
		ui_pasted(u, key);
		return;
	}
	if (prompt_open(u->desk.prompt)) {
		prompt_key(u->desk.prompt, &u->desk, key);
		return;
	}
	if (!strcmp(key, "<Pasted>"))
		ui_paste(u);
	if (ui_mouse(u, key) || !strcmp(key, "<Paste>") || !strcmp(key, "<Pasted>"))
		return;
	a = keymap_find(u->desk.keymap, pane_view(layout_focus(u->desk.layout))->name, key);
	if (!a) {
		desk_say(&u->desk, "%s means nothing here: ? lists the keys", key);
		return;
	}
	if (strcmp(a->name, "back"))
		*u->desk.message = '\0';
	u->desk.key = key;
	if (!action_run(&u->desk, a->name, &why))
		desk_fail(&u->desk, &why);
	u->desk.key = "";
}

static void
ui_read(struct ui *u)
{
	uint8_t bytes[4096];
	ssize_t n = read(screen_fd(), bytes, sizeof(bytes));
	struct bytes more = { bytes, n > 0 ? (size_t)n : 0 };
	char key[INPUT_NAME_MAX];

	if (!n)
		u->desk.leave = true;
	while (!u->desk.leave && input_key(&u->input, &more, key))
		ui_key(u, key);
}

static void
ui_signal(struct ui *u)
{
	struct signalfd_siginfo s;

	while (read(u->signals, &s, sizeof(s)) == sizeof(s)) {
		if (s.ssi_signo == SIGWINCH)
			screen_resize();
		else if (s.ssi_signo == SIGTSTP)
			screen_stop();
		else
			u->desk.leave = true;
	}
	u->dirty = u->urgent = true;
}

/* How long nothing may happen before there is something to do. */
static int
ui_patience(const struct ui *u)
{
	uint64_t since = ui_now(u) - u->drawn;

	if (input_waits(&u->input))
		return ESCAPE_MS;
	if (!u->dirty)
		return SECOND_MS;
	return since < FRAME_US ? (int)((FRAME_US - since) / 1000) + 1 : 0;
}

static void
ui_turn(struct ui *u)
{
	struct pollfd p[] = {
		{ screen_fd(), screen_waiting() ? POLLIN | POLLOUT : POLLIN, 0 },
		{ store_fd(u->desk.store), POLLIN, 0 },
		{ u->signals, POLLIN, 0 },
		{ u->desk.wake, POLLIN, 0 },
	};
	uint64_t count;
	char key[INPUT_NAME_MAX];
	int ready;

	/* A frame that is not out yet is not drawn over: the next waits for it. */
	ready = poll(p, ARRAY_LEN(p), screen_waiting() ? SECOND_MS : ui_patience(u));
	if (!ready && input_idle(&u->input, key))
		ui_key(u, key);
	if (!ready || p[1].revents || p[3].revents)
		u->dirty = true;
	if (p[3].revents)
		(void)!read(u->desk.wake, &count, sizeof(count));
	if (p[1].revents)
		store_seen(u->desk.store);
	if (p[2].revents)
		ui_signal(u);
	if (p[0].revents & (POLLHUP | POLLERR))
		u->desk.leave = true;
	else if (p[0].revents & POLLIN)
		ui_read(u);
	if (!screen_flush())
		u->desk.leave = true;
}

static void
ui_loop(struct ui *u)
{
	while (!u->desk.leave) {
		if (u->dirty && !screen_waiting() && (u->urgent || ui_now(u) - u->drawn >= FRAME_US))
			ui_draw(u);
		if (!screen_flush())
			return;
		ui_turn(u);
	}
}

static bool
ui_script(struct ui *u, struct fault *why)
{
	struct script *s = u->how->script ? script_open(u->how->script, why) : NULL;
	char key[INPUT_NAME_MAX];

	if (!u->how->script)
		return true;
	while (s && !u->desk.leave && script_key(s, key)) {
		do
			ui_draw(u);
		while (u->desk.busy);
		ui_key(u, key);
	}
	if (s)
		script_close(s);
	return s;
}

/* What a person's files hold; what is wrong in them is said, and the log has all of it. */
static void
ui_remember(struct ui *u)
{
	const struct ui_how *how = u->how;
	struct desk *d = &u->desk;
	struct fault why[3];

	d->choices = choices_open(how->choices);
	d->prompt = prompt_new(how->history, &why[0]);
	d->saved = saved_open(how->views, how->options->columns, &why[1]);
	d->tints = tints_new(how->colours, how->store, d->wake, &why[2]);
	d->tints_path = how->colours;
	for (size_t i = 0; i < ARRAY_LEN(why); i++)
		if (*why[i].text)
			desk_fail(d, &why[i]);
}

static void
ui_open(struct ui *u)
{
	const struct ui_how *how = u->how;
	struct fault why;
	sigset_t set;

	signals_of(&set);
	u->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	u->desk = (struct desk){
		.options = how->options, .store = how->store, .backend = how->backend, .ca_path = how->ca_path,
		.ca_pin = how->ca_pin, .profiles = how->profiles, .browsers = browsers_new(), .running = how->running,
		.address = how->backend ? backend_address(how->backend) : NULL, .theme = &u->theme,
		.keymap = keymap_new(actions),
		.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), .patience = how->script ? PATIENCE_TEST : PATIENCE,
		.diary = diary_open(), .actions = actions, .views = views, .decoders = decoders, .arg = "", .key = "",
		.filter = "", .lost = how->lost ? how->lost : "",
	};
	selection_init(&u->desk.selection);
	buf_init(&u->pasted, PASTED_MAX);
	ui_remember(u);
	u->desk.archive = archive_new(&u->desk);
	u->desk.rewrite = xalloc(sizeof(*u->desk.rewrite));
	u->desk.undo = undo_new();
	u->desk.replays = replays_new(&u->desk);
	u->desk.sight = sight_new(how->store, u->desk.wake);
	u->desk.hunt = hunt_new(&u->desk);
	u->desk.layout = layout_new(&u->desk);
	u->dirty = u->urgent = true;
	if (how->running)
		desk_say(&u->desk, "%.60s runs; :output shows what it writes", how->running->name);
	if (*u->desk.lost)
		desk_say(&u->desk, "the session before was not closed: `:recover` brings its flows back");
	for (size_t i = 0; i < how->opens; i++)
		if (!archive_open(u->desk.archive, how->open[i], &why))
			desk_fail(&u->desk, &why);
	if (how->backend)
		log_line("listening on %s, mode %s", backend_address(how->backend), how->options->mode);
	log_line("session %s", store_stats(how->store).path);
}

static void
ui_close(struct ui *u)
{
	(void)errand_stop(&u->desk);
	selection_release(&u->desk.selection);
	buf_release(&u->pasted);
	archive_free(u->desk.archive);
	browsers_free(u->desk.browsers);
	rewrite_release(u->desk.rewrite);
	free(u->desk.rewrite);
	undo_free(u->desk.undo);
	grouping_free(u->desk.grouping);
	casebook_free(u->desk.casebook);
	layout_free(u->desk.layout);
	replays_free(u->desk.replays);
	tints_free(u->desk.tints);
	hunt_free(u->desk.hunt);
	studies_wait();		/* they read the store */
	diary_close(u->desk.diary);
	choices_close(u->desk.choices);
	saved_close(u->desk.saved);
	types_free(&u->desk);
	sight_free(u->desk.sight);
	prompt_free(u->desk.prompt);
	keymap_free(u->desk.keymap);
	close(u->desk.wake);
	close(u->signals);
}

bool
ui_run(const struct ui_how *how, struct fault *why)
{
	struct ui u = { .how = how, .signals = -1 };
	bool ok;

	if (!theme_load(&u.theme, theme_wanted(how->options->theme), why) || !screen_open(&u.theme, how->rows, how->cols, why))
		return false;
	ui_open(&u);
	ok = types_load(&u.desk, why) && ui_script(&u, why);
	if (ok && how->save) {
		do
			ui_draw(&u);
		while (u.desk.busy);
		ok = screen_save(how->save, why);
	}
	if (ok && !how->rows)
		ui_loop(&u);
	ui_close(&u);
	screen_close();
	return ok;
}
