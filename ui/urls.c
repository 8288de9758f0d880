/* URLs of flows, to copy. */
#include <stdlib.h>

#include "desk.h"
#include "rowcell.h"
#include "soth/buf.h"
#include "urls.h"

static bool
url_add(struct desk *d, size_t index, struct buf *to)
{
	char url[URL_MAX];
	struct row r;

	return store_rows(d->store, index, 1, &r) != 1 || buf_addf(to, "%s%s", to->len ? "\n" : "", row_url(&r, url));
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
