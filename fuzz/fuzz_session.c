/* Any bytes, as a session's file, plain, without its beginning or compacted: read as far as it is whole. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "soth/journal.h"
#include "soth/trail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_ROOM = 64, FLOWS_MAX = 64, READ_MAX = 1 << 20 };

/* By the way back, and one after the other. */
static void
read_flows(struct store *s)
{
	struct lens *l = lens_new(s);
	struct fault why;
	struct row row;

	for (size_t i = 0; i < FLOWS_MAX && store_rows(s, i, 1, &row); i++) {
		struct flow f;

		if (lens_flow(l, row.id, &f, &why))
			flow_release(&f);
		head_drop(lens_head(l, row.id, CLIENT));
	}
	lens_free(l);
}

static void
read_glances(const char *path)
{
	struct journal_window w = { 0 };
	struct fault why;
	struct volume *v = volume_open(path, &why);
	struct glance g;
	struct bytes data;
	struct buf scratch;

	buf_init(&scratch, READ_MAX);
	for (uint64_t at = v ? volume_first(v) : 0; v && journal_glance(v, &w, at, &g, &why) && g.next > at; at = g.next)
		(void)!journal_data_near(v, &w, &g, &scratch, &data, &why);
	buf_release(&scratch);
	free(w.at);
	volume_close(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("session", MFD_CLOEXEC);
	char path[PATH_ROOM];
	struct fault why;
	struct store *s;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	s = store_open(path, &why);
	if (s) {
		read_flows(s);
		store_free(s);
	}
	read_glances(path);
	close(fd);
	return 0;
}
