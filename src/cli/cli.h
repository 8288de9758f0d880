#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "args.h"
#include "soth/filter.h"

/* Subcommands: what main() calls; a->word[0] is their name, where there is
 * one. Each returns the exit status. */
int cli_screen(const struct args *a);
int cli_dump(const struct args *a);
int cli_ca(const struct args *a);
int cli_compact(const struct args *a);
int cli_convert(const struct args *a);
int cli_diff(const struct args *a);
int cli_rules(const struct args *a);
int cli_replay(const struct args *a);
int cli_run(const struct args *a);
int cli_tls(const struct args *a);

/* NULL: *out is NULL, which takes all. False: it is wrong, and that has been said. */
bool cli_filter(const char *text, struct filter **out) MUST_USE;

void cli_print_safe(FILE *to, const char *s);	/* foreign text: what a terminal might obey becomes \xNN */
/* A flow, as `dump` prints it: a line, or an object. */
typedef void print_fn(FILE *to, const struct row *r);
print_fn *cli_print(const struct args *a);	/* which of them is asked for; NULL: none */
void cli_print_line(FILE *to, const struct row *r);
void cli_print_json(FILE *to, const struct row *r);
struct json_t;
struct json_t *cli_json_text(const char *s);	/* JSON is UTF-8; other bytes are taken for Latin-1, so that nothing is lost */

/* What stopped recording, once, when it does: `said` has what was told already. */
struct store_stats;
void cli_say_stopped(const struct store_stats *stats, struct store_stats *said);

/* Lines for the log are kept from now on, whoever writes them; said on stderr, for one thread. */
void cli_log_keep(void);
void cli_log_say(void);

struct backend;
void cli_reread(struct backend *b);	/* keys whose files have changed, and says so; about once a second */

/* Readable when the program shall end: those signals come no other way from now on. */
int cli_signals(void);

/* Where things lie: all in --confdir, or in the XDG folders. */
bool cli_confdir(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;	/* the authority */
bool cli_config(const struct options *o, const char *name, char *out, size_t room, struct fault *why) MUST_USE;	/* a file of a person's: "config" */
bool cli_sessions(const struct options *o, char *out, size_t room, struct fault *why) MUST_USE;
bool cli_state(const struct options *o, const char *name, char *out, size_t room, struct fault *why) MUST_USE;	/* a file of what is remembered */

#endif
