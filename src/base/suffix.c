/* Where domains begin that somebody owns. */
#include <arpa/inet.h>
#include <libpsl.h>
#include <string.h>

#include "soth/suffix.h"

bool
suffix_is_public(const char *name)
{
	const psl_ctx_t *list = psl_builtin();

	return !strchr(name, '.') || !list || psl_is_public_suffix(list, name);
}

static bool
is_address(const char *host)
{
	struct in6_addr any;

	return strchr(host, ':') || inet_pton(AF_INET, host, &any) == 1;
}

const char *
suffix_parent(const char *host)
{
	const char *dot = is_address(host) ? NULL : strchr(host, '.');

	return dot && dot[1] && !suffix_is_public(dot + 1) ? dot + 1 : NULL;
}
