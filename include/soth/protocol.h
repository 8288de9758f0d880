#ifndef SOTH_PROTOCOL_H
#define SOTH_PROTOCOL_H

#include "soth/head.h"

/*
 * What is spoken in a flow, as far as its heads tell: which observer reads
 * along, what the list calls it, which events the log has of it.
 */
#define PROTOCOLS(_) \
	_(TCP,		"tcp",		"bytes that are nothing we know") \
	_(HTTP,		"http",		"a request and a response") \
	_(WEBSOCKET,	"websocket",	"messages both ways: RFC 6455, RFC 8441") \
	_(SSE,		"sse",		"text/event-stream: WHATWG HTML section 9.2") \
	_(NDJSON,	"ndjson",	"a JSON text a line") \
	_(GRPC,		"grpc",		"gRPC over HTTP/2") \
	_(UDP,		"udp",		"datagrams") \
	_(HTTP3,	"http3",	"QUIC that offers h3, passed on unread") \
	_(QUIC,		"quic",		"other QUIC, passed on unread")

enum protocol {
#define PROTOCOL_ENUM(name, text, about) PROTOCOL_##name,
	PROTOCOLS(PROTOCOL_ENUM)
#undef PROTOCOL_ENUM
	PROTOCOL_COUNT
};
const char *protocol_name(enum protocol p);

/* `response` may be NULL: it has not come. A WebSocket is one only when the
 * server has agreed: 101, or 2xx to an extended CONNECT. */
enum protocol protocol_of(const struct head *request, const struct head *response);

/* The media type of a head, without parameters and white space; as it came. */
struct bytes protocol_media(const struct head *h);

#endif
