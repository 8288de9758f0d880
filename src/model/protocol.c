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

static bool
begins(struct bytes type, const char *with)
{
	size_t len = strlen(with);

	return type.len >= len && !strncasecmp((const char *)type.at, with, len);
}

static bool
is_grpc(const struct head *h)
{
	struct bytes type = protocol_media(h);

	/* application/grpc, application/grpc+proto, +json ...; grpc-web frames alike. */
	return begins(type, "application/grpc");
}

static bool
is_records(const struct head *h)
{
	static const char *const types[] = { "application/x-ndjson", "application/ndjson", "application/jsonl",
		"application/x-jsonlines", "application/jsonlines" };
	struct bytes type = protocol_media(h);

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (bytes_like(type, types[i]))
			return true;
	return false;
}

static bool
is_websocket(const struct head *request, const struct head *response)
{
	unsigned status = response ? head_status(response) : 0;

	if (!bytes_like(head_find(request, "upgrade"), "websocket"))
		return false;
	/* HTTP/2 agrees with 200: RFC 8441 section 5. */
	return status == 101 || (response && head_version(response) == HTTP_2 && status >= 200 && status < 300);
}

enum protocol
protocol_of(const struct head *request, const struct head *response)
{
	if (is_websocket(request, response))
		return PROTOCOL_WEBSOCKET;
	if (response && bytes_like(protocol_media(response), "text/event-stream"))
		return PROTOCOL_SSE;
	if (is_grpc(request) || (response && is_grpc(response)))
		return PROTOCOL_GRPC;
	if (is_records(request) || (response && is_records(response)))
		return PROTOCOL_NDJSON;
	return PROTOCOL_HTTP;
}
