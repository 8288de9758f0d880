/* Lines of soth's own, to whoever shows them. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "soth/log.h"

enum { LINE_MAX_ = 512 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void (*to)(void *arg, const char *line);
static void *to_arg;

void
log_to(void (*sink)(void *arg, const char *line), void *arg)
{
	pthread_mutex_lock(&lock);
	to = sink;
	to_arg = arg;
	pthread_mutex_unlock(&lock);
}

void
log_line(const char *fmt, ...)
{
	char line[LINE_MAX_];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&lock);
	if (to)
		to(to_arg, line);
	pthread_mutex_unlock(&lock);
}
