/* The command line, made of the table of options. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "args.h"

static const struct { char letter; const char *option; } letters[] = {
	{ 'l', "listen" }, { 'w', "save-stream-file" }, { 'r', "rfile" }, { 'k', "ssl-insecure" }, { 'S', "server-replay" },
	{ 'H', "modify-headers" }, { 'B', "modify-body" }, { 'M', "map-remote" },
};

/* -p: the port alone; the host stays. */
static bool
set_port(struct options *o, const char *port, struct fault *why)
{
	const char *colon = strrchr(o->listen, ':');
	char listen[300];

	snprintf(listen, sizeof(listen), "%.*s:%s", colon ? (int)(colon - o->listen) : 0, o->listen, port);
	return option_set(o, "listen", listen, why);
}

/* -m MODE: each of them a listener. The first takes the place of what was there. */
static bool
add_mode(struct args *a, const char *spec, struct fault *why)
{
	char list[4096];

	if (snprintf(list, sizeof(list), "%s%s%s", a->mode ? a->options.mode : "", a->mode ? "," : "", spec) >=
			(int)sizeof(list))
		return fault(why, "-m: too many modes");
	a->mode = true;
	return option_set(&a->options, "mode", list, why);
}

static bool
add_file(struct args *a, const char *path, struct fault *why)
{
	if (!path)
		return fault(why, "-r wants a file");
	if (a->mores == ARRAY_LEN(a->more))
		return fault(why, "-r: too many files");
	a->more[a->mores++] = path;
	return true;
}

/* A bool's value may follow it, and need not: no command has such a name. */
static const char *
bool_value(char ***argv)
{
	static const char *const words[] = { "yes", "no", "true", "false", "on", "off", "toggle", "default" };
	const char *next = (*argv)[1];

	for (size_t i = 0; next && i < ARRAY_LEN(words); i++)
		if (!strcasecmp(next, words[i]))
			return *++*argv;
	return "yes";
}

/* An option's value: behind the =, or the next word. */
static bool
set_named(struct options *o, const char *name, const char *value, char ***argv, struct fault *why)
{
	bool no = !strncmp(name, "no-", 3);
	const char *own = no ? name + 3 : name, *at = strchr(own, '@');
	char bare[80];
	const struct option *opt;

	snprintf(bare, sizeof(bare), "%.*s", at ? (int)(at - own) : (int)strlen(own), own);
	opt = option_named(bare);
	if (!opt || (no && opt->type != OPTION_BOOL))
		return !opt && at ? option_set(o, own, "", why) :	/* a switch of no such name: the choices */
			fault(why, "--%.60s: no such option (--options lists them)", name);
	if (!value && opt->type == OPTION_BOOL)
		value = no ? "no" : bool_value(argv);
	if (!value)
		value = *++*argv;
	if (!value)
		return fault(why, "--%.60s wants a value", name);
	return option_set(o, own, value, why);
}

static bool
set_flag(struct args *a, const char *name)
{
	const struct { const char *name; bool *set; } flags[] = {
		{ "help", &a->help }, { "version", &a->version }, { "options", &a->list }, { "json", &a->json }, { "pem", &a->pem }, { "qr", &a->qr }, { "yes", &a->yes },
		{ "redact", &a->redact }, { "any-host", &a->any_host },
		{ "check", &a->check }, { "env", &a->env }, { "isolate", &a->isolate }, { "screen", &a->screen }, { "earlier", &a->earlier },
		{ "quiet", &a->quiet },
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (!strcmp(flags[i].name, name))
			return *flags[i].set = true;
	return false;
}

/* False: it is none of these. */
static bool
set_text(struct args *a, const char *name, const char *value, char ***argv, bool *wrong, struct fault *why)
{
	const struct { const char *name, **set; } texts[] = {
		{ "from", &a->from }, { "to", &a->to }, { "filter", &a->filter },
		{ "only", &a->only }, { "slower", &a->slower }, { "larger", &a->larger }, { "floor", &a->floor },
		{ "jobs", &a->jobs }, { "times", &a->times }, { "delay", &a->delay }, { "speed", &a->speed },
		{ "log", &a->log },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!strcmp(texts[i].name, name)) {
			*texts[i].set = value ? value : *++*argv;
			*wrong = !*texts[i].set && !fault(why, "--%.60s wants a value", name);
			return true;
		}
	return false;
}

static bool
set_long(struct args *a, char ***argv, struct fault *why)
{
	const char *word = **argv + 2, *eq = strchr(word, '=');
	char name[400];
	bool wrong;

	snprintf(name, sizeof(name), "%.*s", eq ? (int)(eq - word) : (int)strlen(word), word);
	if (!eq && set_flag(a, name))
		return true;
	if (set_text(a, name, eq ? eq + 1 : NULL, argv, &wrong, why))
		return !wrong;
	a->listens = a->listens || !strcmp(name, "listen");
	if (strcmp(name, "set"))
		return set_named(&a->options, name, eq ? eq + 1 : NULL, argv, why);
	if (!eq && !*++*argv)
		return fault(why, "--set wants name=value");
	return option_assign(&a->options, eq ? eq + 1 : **argv, why);
}

static bool
set_letter(struct args *a, char ***argv, struct fault *why)
{
	char letter = (**argv)[1];
	const char *value = (**argv)[2] ? **argv + 2 : NULL;

	if (letter == 'q')
		return a->quiet = true;
	if (letter == 'm') {
		if (!value)
			value = *++*argv;
		return value ? add_mode(a, value, why) : fault(why, "-m wants a mode");
	}
	if (letter == 'r' && a->read)
		return add_file(a, value ? value : *++*argv, why);
	a->read = a->read || letter == 'r';
	a->listens = a->listens || letter == 'l' || letter == 'p';
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].letter == letter)
			return set_named(&a->options, letters[i].option, value, argv, why);
	if (letter == 'j' || letter == 'n') {
		if (!value)
			value = *++*argv;
		*(letter == 'j' ? &a->jobs : &a->times) = value;
		return value || fault(why, "-%c wants a number", letter);
	}
	if (letter != 'p')
		return fault(why, "-%c: no such option (--help lists them)", letter);
	if (!value)
		value = *++*argv;
	return value ? set_port(&a->options, value, why) : fault(why, "-p wants a port");
}

/* Behind `run` all from the first word on, or from what follows --, is the command's. */
static bool
is_command(struct args *a, char **argv)
{
	if (!a->words || strcmp(a->word[0], "run"))
		return false;
	if (!strcmp(*argv, "--"))
		a->command = argv + 1;
	else if (**argv != '-')
		a->command = argv;
	return a->command;
}

bool
args_read(struct args *a, char **argv, struct fault *why)
{
	a->mode = a->read = false;
	a->mores = 0;
	while (*argv) {
		const char *word = *argv;

		if (is_command(a, argv))
			return *a->command || fault(why, "run: a command is wanted behind the --");
		if (word[0] != '-' || !word[1]) {
			if (a->words == ARRAY_LEN(a->word))
				return fault(why, "'%.60s': too many words", word);
			a->word[a->words++] = word;
		} else if (!(word[1] == '-' ? set_long(a, &argv, why) : set_letter(a, &argv, why))) {
			return false;
		}
		if (!*argv)
			break;
		argv++;
	}
	return true;
}

/* Of a list, the next one; NULL: that was the last. */
static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line && line[1] ? line + 1 : NULL;
}

void
args_options(const struct options *o)
{
	char value[4200];
	const struct option *opt;
	const char *pattern;

	for (size_t i = 0; (opt = option_at(i)); i++) {
		option_format(o, opt, value, sizeof(value));
		printf("# %s\n", opt->help);
		for (const char *line = value; line; line = next_line(line))
			printf("%s = %.*s\n", opt->name, (int)strcspn(line, "\n"), line);
	}
	for (size_t i = 0; option_override(o, i, &opt, &pattern, value, sizeof(value)); i++)
		printf("%s@%s = %s\n", opt->name, pattern, value);
}
