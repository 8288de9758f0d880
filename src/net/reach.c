/* Where programs reach a listener. */
#include <stdio.h>
#include <string.h>

#include "soth/backend.h"
#include "soth/mode.h"

enum { LISTENERS_MAX = 32 };

bool
reached_at(const char *address, struct reached *out)
{
	int port;

	if (!address_split(bytes_of(address), out->host, sizeof(out->host), &port) || port < 0)
		return false;
	if (!*out->host || !strcmp(out->host, "0.0.0.0"))
		strcpy(out->host, "127.0.0.1");
	if (!strcmp(out->host, "::"))
		strcpy(out->host, "::1");
	out->port = (unsigned)port;
	return true;
}

void
reached_text(const struct reached *r, char *out, size_t room)
{
	snprintf(out, room, strchr(r->host, ':') ? "[%s]:%u" : "%s:%u", r->host, r->port);
}

bool
backend_proxy(const struct backend *b, struct reached *out)
{
	struct listening l[LISTENERS_MAX];
	size_t count = backend_listening(b, l, ARRAY_LEN(l));
	struct fault none;
	struct mode m;

	for (size_t i = 0; i < count && i < ARRAY_LEN(l); i++)
		if (mode_parse(l[i].spec, &m, &none) && (m.kind == MODE_REGULAR || m.kind == MODE_UPSTREAM))
			return reached_at(l[i].address, out);
	return false;
}
