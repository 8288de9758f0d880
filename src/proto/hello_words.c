/* What a ClientHello offers, in words. */
#include <stdio.h>

#include "hello.h"

static void
list_add(struct buf *list, struct bytes one)
{
	if (list->len)
		(void)!buf_add(list, LIT(","));
	(void)!buf_add(list, one);
}

void
hello_version(unsigned version, char out[HELLO_VERSION_ROOM])
{
	static const struct { unsigned version; const char *name; } known[] = {
		{ 0x0304, "TLS1.3" }, { 0x0303, "TLS1.2" }, { 0x0302, "TLS1.1" }, { 0x0301, "TLS1.0" }, { 0x0300, "SSL3.0" },
	};

	snprintf(out, HELLO_VERSION_ROOM, "0x%04x", version);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].version == version)
			snprintf(out, HELLO_VERSION_ROOM, "%s", known[i].name);
}

static void
version_add(struct buf *list, unsigned version)
{
	char words[HELLO_VERSION_ROOM];

	hello_version(version, words);
	list_add(list, bytes_of(words));
}

/* Of a client as it lists them, or the one that it had before there were lists. */
void
hello_versions(const struct hello *h, struct buf *list)
{
	struct reader r = { h->versions, false };

	if (!h->versions.len)
		version_add(list, h->legacy);
	while (r.rest.len >= 2) {
		uint16_t version = read_be16(&r);

		if (!hello_grease(version))
			version_add(list, version);
	}
}

void
hello_alpns(const struct hello *h, struct buf *list)
{
	for (size_t i = 0; i < h->alpns; i++)
		list_add(list, h->alpn[i]);
}
