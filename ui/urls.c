/* URLs of flows, to copy. */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "soth/buf.h"
#include "urls.h"

static bool
url_add(struct desk *d, size_t index, struct buf *to)
{
	char port[8] = "";
	struct row r;

	if (store_rows(d->store, index, 1, &r) != 1)
		return true;
	if (r.port && r.port != (r.tls ? 443 : 80))
		snprintf(port, sizeof(port), ":%u", r.port);
	return buf_addf(to, "%s%s://%s%s%s", to->len ? "\n" : "", r.scheme, r.host, port, r.path);
}

bool
urls_copy(struct desk *d, struct fault *why)
{
	size_t count, *index = selection_flows(d, &count, why);
	bool ok = index;
	struct buf text;

	buf_init(&text, DESK_COPY_MAX);
	for (size_t i = 0; i < count && ok; i++)
		ok = url_add(d, index[i], &text) || fault(why, "%zu URLs are too much for the terminal's clipboard", count);
	ok = ok && desk_copy(d, buf_bytes(&text), why);
	buf_release(&text);
	free(index);
	return ok;
}
