/* What is spoken in a flow, as its heads tell. */
#include <string.h>
#include <strings.h>

#include "soth/protocol.h"

static const char *const names[] = {
#define PROTOCOL_NAME(name, text, about) text,
	PROTOCOLS(PROTOCOL_NAME)
};

const char *
protocol_name(enum protocol p)
{
	return (unsigned)p < PROTOCOL_COUNT ? names[p] : "?";
}

struct bytes
protocol_media(const struct head *h)
{
	struct bytes type = head_find(h, "content-type");
	const uint8_t *semi = type.len ? memchr(type.at, ';', type.len) : NULL;

	if (semi)
		type.len = (size_t)(semi - type.at);
	return bytes_trim(type);
}

/* application/grpc, application/grpc+proto, +json ...; grpc-web frames alike. */
static const struct media {
	const char *type;
	bool begins;		/* what goes on behind it is one too */
	enum protocol protocol;
} medias[] = {
	{ "application/grpc",		true,	PROTOCOL_GRPC },
	{ "application/jsonl",		false,	PROTOCOL_NDJSON },
	{ "application/jsonlines",	false,	PROTOCOL_NDJSON },
	{ "application/ndjson",		false,	PROTOCOL_NDJSON },
	{ "application/x-jsonlines",	false,	PROTOCOL_NDJSON },
	{ "application/x-ndjson",	false,	PROTOCOL_NDJSON },
	{ "text/event-stream",		false,	PROTOCOL_SSE },
};

static bool
media_is(const struct media *m, struct bytes type)
{
	size_t len = strlen(m->type);

	return (m->begins ? type.len >= len : type.len == len) && !strncasecmp((const char *)type.at, m->type, len);
}

static enum protocol
protocol_in(const struct head *h)
{
	struct bytes type = protocol_media(h);

	for (size_t i = 0; type.len && i < ARRAY_LEN(medias); i++)
		if (media_is(&medias[i], type))
			return medias[i].protocol;
	return PROTOCOL_HTTP;
}

/* HTTP/2 agrees with 200: RFC 8441 section 5. */
static bool
is_websocket(const struct head *request, const struct head *response)
{
	unsigned status = response ? head_status(response) : 0;

	if (status != 101 && !(status >= 200 && status < 300 && head_version(response) == HTTP_2))
		return false;
	return bytes_like(head_find(request, "upgrade"), "websocket");
}

enum protocol
protocol_of(const struct head *request, const struct head *response)
{
	enum protocol asked = protocol_in(request), answered = response ? protocol_in(response) : PROTOCOL_HTTP;

	if (is_websocket(request, response))
		return PROTOCOL_WEBSOCKET;
	if (answered == PROTOCOL_SSE)
		return PROTOCOL_SSE;
	if (asked == PROTOCOL_GRPC || answered == PROTOCOL_GRPC)
		return PROTOCOL_GRPC;
	return asked == PROTOCOL_NDJSON || answered == PROTOCOL_NDJSON ? PROTOCOL_NDJSON : PROTOCOL_HTTP;
}
