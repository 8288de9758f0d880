/* What any thread has for the log, said by the one that has the terminal. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "soth/log.h"

enum { LINES = 16, LINE_ROOM = 512, AGAIN_S = 60 };

struct lines {
	char at[LINES][LINE_ROOM];
	size_t count;
	size_t more;		/* that found no room */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct lines kept;
static char last[LINE_ROOM];	/* what repeats itself is said once, while it does */
static time_t last_came;

static void
keep(void *arg, const char *line)
{
	time_t now = time(NULL);

	(void)arg;
	pthread_mutex_lock(&lock);
	if (strcmp(last, line) || now - last_came > AGAIN_S) {
		snprintf(last, sizeof(last), "%s", line);
		if (kept.count < LINES)
			snprintf(kept.at[kept.count++], LINE_ROOM, "%s", line);
		else
			kept.more++;
	}
	last_came = now;
	pthread_mutex_unlock(&lock);
}

void
cli_log_keep(void)
{
	log_to(keep, NULL);
}

void
cli_log_say(void)
{
	struct lines now;

	pthread_mutex_lock(&lock);
	now.count = kept.count;
	now.more = kept.more;
	memcpy(now.at, kept.at, kept.count * sizeof(*kept.at));
	kept.count = kept.more = 0;
	pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < now.count; i++) {
		fputs("soth: ", stderr);
		cli_print_safe(stderr, now.at[i]);
		fputc('\n', stderr);
	}
	if (now.more)
		fprintf(stderr, "soth: and %zu more lines\n", now.more);
}
