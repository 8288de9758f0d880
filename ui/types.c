/* The types of protobuf messages, loaded as an option says. */
#include <stdlib.h>
#include <string.h>

#include "soth/schema.h"
#include "types.h"

enum { PATHS_MAX = 64 };

static bool
types_split(char *list, const char *paths[PATHS_MAX], size_t *count, struct fault *why)
{
	char *one;

	*count = 0;
	while ((one = strsep(&list, ","))) {
		if (!*one)
			continue;
		if (*count == PATHS_MAX)
			return fault(why, "protobuf-descriptors: more than %d files", PATHS_MAX);
		paths[(*count)++] = one;
	}
	return true;
}

bool
types_load(struct desk *d, struct fault *why)
{
	char *list = xstrdup(d->options->descriptors);
	const char *paths[PATHS_MAX];
	struct schema *made = NULL;
	size_t count;
	bool ok = types_split(list, paths, &count, why);

	if (ok && count)
		ok = (made = schema_load(paths, count, why));
	free(list);
	if (!ok)
		return false;
	if (made) {
		d->schemas = xgrow(d->schemas, d->schemas_kept + 1, sizeof(*d->schemas));
		d->schemas[d->schemas_kept++] = made;
	}
	d->schema = made;
	return true;
}

void
types_free(struct desk *d)
{
	for (size_t i = 0; i < d->schemas_kept; i++)
		schema_free(d->schemas[i]);
	free(d->schemas);
}
