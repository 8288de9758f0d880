#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "soth/option.h"

/* What a command line says: options, flags that are no options, and words. */
struct args {
	struct options options;		/* initialised by the caller */
	const char *word[64];
	size_t words;
	const char *more[16];		/* files that are read beside --rfile's */
	size_t mores;
	bool read;			/* -r was there: the next one is one more */
	bool mode;			/* -m was there: the next one adds to it */
	bool help, version, list, json, pem, qr, yes, redact, any_host, check, env, isolate, screen, earlier, quiet;	/* flags that are no options */
	const char *from, *to;		/* formats of `convert`; NULL: as the files' names and beginnings say */
	const char *filter;		/* an expression; NULL: all flows */
	const char *jobs, *times, *delay, *speed;	/* of `replay`; NULL: one, once, none, as it was */
	const char *log;		/* of `run`: a file for what is said of flows; NULL: standard error */
	char **command;			/* ... what is to be run, with its arguments; NULL: nothing */
	bool listens;			/* -l or -p was there */
	const char *only, *slower, *larger, *floor;	/* of `diff`; NULL: as diff_how_init() says */
};

bool args_read(struct args *a, char **argv, struct fault *why) MUST_USE;
void args_options(const struct options *o);	/* prints them all, as a config file */

#endif
