/*
 * Files that a person writes too: saved views, rules of colour, the history of questions. What is wrong in one is told
 * with its place, and what holds is as bounded as its header says. The first byte chooses which of them it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ui/history.h"
#include "../ui/saved.h"
#include "../ui/tints.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
views(const char *path, struct fault *why)
{
	struct saved *s = saved_open(path, "", why), *again = saved_open(NULL, "", &(struct fault){ "" });
	const struct saved_view *v;
	struct fault wrong;

	for (unsigned i = 1; i <= SAVED_MAX; i++)
		if ((v = saved_at(s, i)) && (!saved_put(again, i, v, &wrong) || !saved_same(again, v)))
			abort();
	saved_close(s);
	saved_close(again);
}

static void
colours(const char *path, struct fault *why)
{
	struct tints *t = tints_new(path, NULL, -1, why);

	if (tints_count(t) > TINTS_MAX)
		abort();
	tints_free(t);
}

static void
history(const char *path, struct fault *why)
{
	struct history *h = history_open(path, why);

	if (history_text(h, "f", HISTORY_MAX))
		abort();
	history_close(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(const char *path, struct fault *why) = { views, colours, history };
	struct fault why = { "" };
	char path[40];
	int fd;

	if (!size)
		return 0;
	fd = memfd_create("kept", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)size - 1)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	kinds[*data % ARRAY_LEN(kinds)](path, &why);
	if (*why.text && strncmp(why.text, path, strlen(path)))
		abort();
	close(fd);
	return 0;
}
