/* Every format there is, in the order that completion gives them. */
#include <string.h>

#include "soth/convert.h"

#define FORMATS(_) \
	_(session) \
	_(har) \
	_(pcapng) \
	_(mitm) \
	_(http) \
	_(curl) \
	_(httpie) \
	_(python) \
	_(fetch) \
	_(markdown) \
	_(raw)

#define DECLARE(name)	extern const struct format format_##name;
#define ENTRY(name)	&format_##name,

FORMATS(DECLARE)
const struct format *const formats[] = { FORMATS(ENTRY) NULL };

const struct format *
format_named(const char *name)
{
	for (size_t i = 0; formats[i]; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

/* Does the path end in one of them? */
static bool
ends_in(const char *path, const char *suffixes)
{
	size_t len = strlen(path);

	while (*suffixes) {
		size_t n = strcspn(suffixes, " ");

		if (len > n && !strncmp(path + len - n, suffixes, n))
			return true;
		suffixes += n;
		suffixes += strspn(suffixes, " ");
	}
	return false;
}

const struct format *
format_of_path(const char *path)
{
	for (size_t i = 0; formats[i]; i++)
		if (ends_in(path, formats[i]->suffixes))
			return formats[i];
	return NULL;
}

const struct format *
format_of_bytes(struct bytes first)
{
	const struct format *best = NULL;
	int most = 0;

	for (size_t i = 0; formats[i]; i++) {
		int how_well = formats[i]->suits && formats[i]->read ? formats[i]->suits(first) : 0;

		if (how_well > most) {
			most = how_well;
			best = formats[i];
		}
	}
	return best;
}
