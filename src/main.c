/* soth: subcommands, and what all of them share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "soth/mode.h"

#define VERSION "0.1"

static const struct {
	const char *name;
	int (*run)(const struct args *a);
	const char *about;
} commands[] = {
	{ "dump", cli_dump, "capture without a screen, a line for each flow; --json; -q none; -r FILE prints a session; a filter expression" },
	{ "convert", cli_convert, "IN OUT: flows from one format into another; --from and --to FORMAT, --filter EXPR" },
	{ "diff", cli_diff, "A B: what is different between two files, or two flows (A#7 B#9); --only KINDS, --filter EXPR, --json" },
	{ "replay", cli_replay, "FILE...: sends requests again; -j, -n, --delay, --filter EXPR, --check compares the answers, -w OUT records them" },
	{ "rules", cli_rules, "FILE [SESSION]: is a file of rules right, and what would it have done to those flows? --filter EXPR" },
	{ "tls", cli_tls, "[--json] FILE: what came of TLS in a session, by host, process and side, and why it failed" },
	{ "run", cli_run, "[--] COMMAND ...: runs it, and shows its traffic; --isolate: all of it; --screen: on the screen; --env says what it is given; --log FILE" },
	{ "compact", cli_compact, "IN OUT: a session in less room, compressed" },
	{ "ca", cli_ca, "where the authority's certificate is, and how to trust it; install, uninstall, doctor; --pem prints it, --qr a code for phones" },
};

static void
help(void)
{
	const struct option *opt;

	printf("usage: soth [COMMAND] [OPTION ...]\n\n  %-8s %s\n", "", "the screen: traffic as it comes; -r FILE opens a session");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].about);
	printf("\n  -l HOST:PORT  -p PORT  -m MODE  -w FILE  -r FILE  -k  -q  -S FILE\n"
		"  --set NAME=VALUE  --options  --version  --help\n\n");
	for (size_t i = 0; (opt = option_at(i)); i++)
		printf("  --%-32s %s\n", opt->name, opt->help);
}

static bool
modes_known(const char *list, struct fault *why)
{
	struct mode modes[MODES_MAX];
	size_t count;

	return modes_parse(list, modes, MODES_MAX, &count, why);
}

/* What programs that log keys go by, and mitmproxy's own before it. */
static bool
keylog_settle(struct options *o, struct fault *why)
{
	const char *own = getenv("MITMPROXY_SSLKEYLOGFILE"), *all = getenv("SSLKEYLOGFILE");

	return *o->keylog || !(own || all) || option_set(o, "tls-keylog", own ? own : all, why);
}

/* The config file lies where --confdir says; the command line wins over it. */
static bool
settle(struct args *a, char **argv, struct fault *why)
{
	char path[900];
	struct args first = *a;

	options_init(&first.options);
	if (!args_read(&first, argv + 1, why) || !cli_config(&first.options, "config", path, sizeof(path), why)) {
		options_release(&first.options);
		return false;
	}
	options_release(&first.options);
	return options_load(&a->options, path, why) && args_read(a, argv + 1, why) && modes_known(a->options.mode, why) &&
		keylog_settle(&a->options, why);
}

static int
run(const struct args *a)
{
	for (size_t i = 0; a->words && i < ARRAY_LEN(commands); i++)
		if (!strcmp(commands[i].name, a->word[0]))
			return commands[i].run(a);
	if (!a->words)
		return cli_screen(a);
	fprintf(stderr, "soth: '%s' is no command; see soth --help\n", a->word[0]);
	return 2;
}

int
main(int argc, char **argv)
{
	struct args a = { 0 };
	struct fault why;
	int status = 0;

	(void)argc;
	options_init(&a.options);
	if (!settle(&a, argv, &why)) {
		fprintf(stderr, "soth: %s\n", why.text);
		status = 2;
	} else if (a.help) {
		help();
	} else if (a.version) {
		printf("soth %s\n", VERSION);
	} else if (a.list) {
		args_options(&a.options);
	} else {
		status = run(&a);
	}
	options_release(&a.options);
	return status;
}
