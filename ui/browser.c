/* Browsers on profiles of their own, which go through soth and believe it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "browser.h"
#include "desk.h"
#include "keepsake.h"

enum { PATH_ROOM = 1200, WORDS_MAX = 40, WORD_ROOM = 1400, STARTED_MAX = 16, SETTINGS_MAX = 16 << 10 };

struct browsers {
	struct started {
		pid_t pid;		/* of its process group too; 0: none */
		bool stopped;		/* ... and was told to end */
		char name[40], said[PATH_ROOM];
	} at[STARTED_MAX];
};

/* What it is started with. */
struct command {
	char *word[WORDS_MAX + 1];
	size_t count;
};

struct setting {
	struct desk *desk;
	const char *program, *profile, *pages;
	struct reached proxy;
};

static void PRINTF(2, 3)
command_add(struct command *c, const char *format, ...)
{
	char word[WORD_ROOM];
	va_list ap;

	va_start(ap, format);
	vsnprintf(word, sizeof(word), format, ap);
	va_end(ap);
	if (c->count < WORDS_MAX)
		c->word[c->count++] = xstrdup(word);
}

static void
command_release(struct command *c)
{
	while (c->count)
		free(c->word[--c->count]);
}

/* What a person has said, word by word; else an empty page. */
static void
command_pages(struct command *c, const char *pages)
{
	if (!*pages)
		command_add(c, "about:blank");
	for (const char *at = pages; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		command_add(c, "%.*s", (int)len, at);
		at += len;
	}
}

static bool
program_there(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_ROOM];

	for (const char *at = path ? path : ""; *at; at += *at == ':') {
		size_t len = strcspn(at, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, at, name);
		at += len;
		if (len && !access(file, X_OK))
			return true;
	}
	return false;
}

/* The key of our authority stands for it: no database is needed. Its own sandbox will not have root. */
static bool
chromium_command(const struct setting *s, struct command *c, struct fault *why)
{
	char proxy[300];

	(void)why;
	reached_text(&s->proxy, proxy, sizeof(proxy));
	command_add(c, "%s", s->program);
	command_add(c, "--user-data-dir=%s", s->profile);
	command_add(c, "--proxy-server=http://%s", proxy);
	command_add(c, "--proxy-bypass-list=<-loopback>");
	command_add(c, "--ignore-certificate-errors-spki-list=%s", s->desk->ca_pin);
	command_add(c, "--test-type");	/* or it warns of the one before, on every page */
	command_add(c, "--no-first-run");
	command_add(c, "--no-default-browser-check");
	command_add(c, "--disable-background-networking");
	command_add(c, "--disable-component-update");
	if (!geteuid())
		command_add(c, "--no-sandbox");
	command_pages(c, s->pages);
	return true;
}

static bool
firefox_settings(const struct setting *s, struct fault *why)
{
	char path[PATH_ROOM + 16];
	struct buf b;
	bool ok;

	buf_init(&b, SETTINGS_MAX);
	ok = buf_addf(&b, "user_pref(\"network.proxy.type\", 1);\n"
		"user_pref(\"network.proxy.http\", \"%s\");\nuser_pref(\"network.proxy.http_port\", %u);\n"
		"user_pref(\"network.proxy.ssl\", \"%s\");\nuser_pref(\"network.proxy.ssl_port\", %u);\n"
		"user_pref(\"network.proxy.no_proxies_on\", \"\");\nuser_pref(\"network.proxy.allow_hijacking_localhost\", true);\n"
		"user_pref(\"network.captive-portal-service.enabled\", false);\nuser_pref(\"network.connectivity-service.enabled\", false);\n"
		"user_pref(\"browser.shell.checkDefaultBrowser\", false);\nuser_pref(\"browser.aboutwelcome.enabled\", false);\n"
		"user_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\nuser_pref(\"app.normandy.enabled\", false);\n"
		"user_pref(\"termsofuse.bypassNotification\", true);\n",
		s->proxy.host, s->proxy.port, s->proxy.host, s->proxy.port) || fault(why, "user.js: too large");
	snprintf(path, sizeof(path), "%s/user.js", s->profile);
	ok = ok && keepsake_write(path, buf_bytes(&b), why);
	buf_release(&b);
	return ok;
}

/* Its database of authorities is made by certutil, behind which it takes the shell's place. */
static bool
firefox_command(const struct setting *s, struct command *c, struct fault *why)
{
	if (!program_there("certutil"))
		return fault(why, "%s takes authorities by certutil alone: Debian's libnss3-tools, Fedora's nss-tools, Arch's nss", s->program);
	if (!firefox_settings(s, why))
		return false;
	command_add(c, "sh");
	command_add(c, "-c");
	command_add(c, "d=sql:$1; [ -e \"$1/cert9.db\" ] || certutil -N -d \"$d\" --empty-password || exit; "
		"certutil -D -d \"$d\" -n soth 2>/dev/null; certutil -A -d \"$d\" -t C,, -n soth -i \"$2\" || exit; shift 2; exec \"$@\"");
	command_add(c, "sh");
	command_add(c, "%s", s->profile);
	command_add(c, "%s", s->desk->ca_path);
	command_add(c, "%s", s->program);
	command_add(c, "--new-instance");
	command_add(c, "--profile");
	command_add(c, "%s", s->profile);
	command_pages(c, s->pages);
	return true;
}

/* The first that is there is taken. To add one: its program, and whose it is. */
static const struct kind {
	const char *program;
	bool (*command)(const struct setting *s, struct command *c, struct fault *why);
} kinds[] = {
	{ "chromium", chromium_command },
	{ "chromium-browser", chromium_command },
	{ "google-chrome", chromium_command },
	{ "google-chrome-stable", chromium_command },
	{ "brave-browser", chromium_command },
	{ "microsoft-edge", chromium_command },
	{ "vivaldi", chromium_command },
	{ "firefox", firefox_command },
	{ "firefox-esr", firefox_command },
	{ "librewolf", firefox_command },
};

/* Whose name begins so; NULL: no such is there. */
static const struct kind *
kind_find(const char *name, struct fault *why)
{
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strncmp(kinds[i].program, name, strlen(name)))
			continue;
		known = true;
		if (program_there(kinds[i].program))
			return &kinds[i];
	}
	if (!*name)
		fault(why, "no browser: none of chromium, google-chrome, brave-browser, microsoft-edge, vivaldi, firefox is in PATH");
	else if (known)
		fault(why, "browser: %.60s is not in PATH", name);
	else
		fault(why, "browser: '%.60s': there are chromium, google-chrome, brave-browser, microsoft-edge, vivaldi, firefox, librewolf", name);
	return NULL;
}

/* By itself, so that what ends soth does not end it; what it says goes into that file. */
static int
command_spawn(struct command *c, const char *said, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	int wrong;

	sigemptyset(&none);
	sigfillset(&usual);
	c->word[c->count] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&files, 1, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
	wrong = posix_spawnp(pid, c->word[0], &files, &attr, c->word, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return wrong;
}

static struct started *
started_room(struct browsers *b)
{
	for (size_t i = 0; i < STARTED_MAX; i++)
		if (!b->at[i].pid)
			return &b->at[i];
	return NULL;
}

static bool
setting_start(const struct setting *s, const struct kind *k, struct fault *why)
{
	struct started *room = started_room(s->desk->browsers);
	struct command c = { .count = 0 };
	int wrong;
	bool ok;

	if (!room)
		return fault(why, "browser: %d were started, and are there", STARTED_MAX);
	room->stopped = false;
	snprintf(room->name, sizeof(room->name), "%s", s->program);
	snprintf(room->said, sizeof(room->said), "%s.said", s->profile);
	/* Also makes the folders above it. */
	ok = keepsake_write(room->said, LIT(""), why) && k->command(s, &c, why);
	if (ok) {
		wrong = command_spawn(&c, room->said, &room->pid);
		ok = !wrong || fault(why, "%s: %s", c.word[0], strerror(wrong));
	}
	if (!ok)
		room->pid = 0;
	command_release(&c);
	return ok;
}

static bool
is_shown(const char *pages)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	return (x && *x) || (wayland && *wayland) || strstr(pages, "-headless");
}

/* A profile for each port: one that runs already has the proxy it was started with. */
bool
browser_start(struct desk *d, const char *arg, struct fault *why)
{
	size_t len = strcspn(arg, " ");
	char name[60], profile[PATH_ROOM - 16];
	struct setting s = { .desk = d, .profile = profile, .pages = arg + len + strspn(arg + len, " ") };
	const struct kind *k;

	if (!d->backend)
		return fault(why, "a file is looked at: there is no proxy for a browser");
	if (!backend_proxy(d->backend, &s.proxy))
		return fault(why, "none of the modes is a proxy for a browser: regular or upstream is wanted");
	snprintf(name, sizeof(name), "%.*s", (int)len, arg);
	k = kind_find(name, why);
	if (!k)
		return false;
	if (!is_shown(s.pages))
		return fault(why, "%s: no display: neither DISPLAY nor WAYLAND_DISPLAY is set", k->program);
	if (!d->profiles || !*d->profiles)
		return fault(why, "%s: no folder for its profile: neither XDG_STATE_HOME nor HOME is set", k->program);
	s.program = k->program;
	if (snprintf(profile, sizeof(profile), "%s/%s-%u", d->profiles, k->program, s.proxy.port) >= (int)sizeof(profile))
		return fault(why, "%.100s...: the path is too long", d->profiles);
	if (!setting_start(&s, k, why))
		return false;
	desk_say(d, "%s starts, on a profile of its own", k->program);
	return true;
}

/* The last line with anything in it, as it will be drawn; "": there is none. */
static void
last_words(const char *path, char *out, size_t room)
{
	struct buf text;
	struct fault none;
	struct bytes rest, line;

	*out = '\0';
	if (keepsake_read(path, &text, &none)) {
		rest = buf_bytes(&text);
		while (keepsake_line(&rest, &line))
			if (line.len)
				snprintf(out, room, "%.*s", (int)line.len, (const char *)line.at);
	}
	buf_release(&text);
}

static void
started_ended(struct desk *d, struct started *s, int status)
{
	char words[120];
	struct fault why;

	s->pid = 0;
	if (s->stopped || (WIFEXITED(status) && !WEXITSTATUS(status)))
		return;
	last_words(s->said, words, sizeof(words));
	if (WIFEXITED(status))
		fault(&why, "%s ended with %d: %s", s->name, WEXITSTATUS(status), words);
	else
		fault(&why, "%s was ended by signal %d: %s", s->name, WTERMSIG(status), words);
	desk_fail(d, &why);
}

void
browsers_look(struct desk *d)
{
	int status;

	for (size_t i = 0; i < STARTED_MAX; i++) {
		struct started *s = &d->browsers->at[i];

		if (s->pid && waitpid(s->pid, &status, WNOHANG) == s->pid)
			started_ended(d, s, status);
	}
}

void
browsers_stop(struct desk *d)
{
	size_t count = 0;

	for (size_t i = 0; i < STARTED_MAX; i++) {
		struct started *s = &d->browsers->at[i];

		if (!s->pid)
			continue;
		kill(-s->pid, SIGTERM);
		s->stopped = true;
		count++;
	}
	if (count)
		desk_say(d, "%zu browser%s told to end", count, count == 1 ? " was" : "s were");
	else
		desk_say(d, "no browser that was started is there");
}

struct browsers *
browsers_new(void)
{
	return xalloc(sizeof(struct browsers));
}

void
browsers_free(struct browsers *b)
{
	free(b);
}
