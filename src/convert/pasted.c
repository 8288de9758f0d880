/* A request out of a text, as a person has it from elsewhere. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/convert.h"

static void
to_store(void *store, struct note *n)
{
	store_note(store, n);
}

/* Through a session of its own, which nobody sees. */
static bool
read_into(const struct format *f, struct bytes text, struct store *s, struct fault *why)
{
	struct convert_sink sink = { to_store, s, NULL };
	FILE *in = text.len ? fmemopen((void *)(uintptr_t)text.at, text.len, "r") : NULL;
	bool ok = in ? f->read(in, &sink, why) : fault(why, text.len ? strerror(errno) : "nothing was pasted");

	if (in)
		fclose(in);
	store_flush(s);
	return ok;
}

bool
convert_pasted(const struct format *f, struct bytes text, struct sending *out, struct fault *why)
{
	char path[] = "/tmp/soth-paste-XXXXXX";
	int fd = mkstemp(path);
	struct store *s;
	struct row row;
	bool ok;

	if (fd < 0)
		return fault(why, "%s: %s", path, strerror(errno));
	close(fd);
	s = store_create(path, why);
	unlink(path);
	if (!s)
		return false;
	ok = read_into(f, text, s, why) && (store_rows(s, 0, 1, &row) == 1 || fault(why, "there is no request in it")) &&
		convert_sending(s, row.id, out, why);
	if (ok)
		out->of = 0;
	store_free(s);
	return ok;
}
