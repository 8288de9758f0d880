#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "soth/option.h"

/* Subcommands: what main() calls, with argv from their own name on, after the
 * options. Each returns the exit status. */
int cli_screen(int argc, char **argv, const struct options *o);
int cli_dump(int argc, char **argv, const struct options *o);
int cli_ca(int argc, char **argv, const struct options *o);

/* Where things lie: all in --confdir, or in the XDG folders. */
bool cli_confdir(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;	/* the authority */
bool cli_config(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;	/* the config file */
bool cli_sessions(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;
bool cli_choices(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;	/* how bodies are to be read */

#endif
