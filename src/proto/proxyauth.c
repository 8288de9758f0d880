/* Who may use the proxy. */
#include <string.h>

#include "parent.h"
#include "proxyauth.h"

enum { BASIC_MAX = 4096 };

bool
proxyauth_fits(const struct head *request, const char *auth)
{
	struct bytes given = head_find(request, "proxy-authorization"), wanted;
	unsigned differs;
	struct buf b;

	buf_init(&b, BASIC_MAX);
	if (!parent_basic(auth, &b)) {
		buf_release(&b);
		return false;
	}
	wanted = buf_bytes(&b);
	differs = given.len != wanted.len;
	/* All of it, so that how long it takes says nothing. The scheme's case is free. */
	for (size_t i = 0; i < wanted.len && i < given.len; i++)
		differs |= (unsigned)(i < 5 ? (given.at[i] | 0x20) ^ (wanted.at[i] | 0x20) : given.at[i] ^ wanted.at[i]);
	buf_release(&b);
	return !differs;
}
