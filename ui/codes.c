/* Names of gRPC's status codes, and of a WebSocket's close codes and opcodes. */
#include "codes.h"

/* https://grpc.github.io/grpc/core/md_doc_statuscodes.html: what the caller did is amber, what the server did is red. */
static const struct code grpc[] = {
	{ 0, "OK", ROLE_GOOD },
	{ 1, "CANCELLED", ROLE_WARN },
	{ 2, "UNKNOWN", ROLE_BAD },
	{ 3, "INVALID_ARGUMENT", ROLE_WARN },
	{ 4, "DEADLINE_EXCEEDED", ROLE_BAD },
	{ 5, "NOT_FOUND", ROLE_WARN },
	{ 6, "ALREADY_EXISTS", ROLE_WARN },
	{ 7, "PERMISSION_DENIED", ROLE_WARN },
	{ 8, "RESOURCE_EXHAUSTED", ROLE_BAD },
	{ 9, "FAILED_PRECONDITION", ROLE_WARN },
	{ 10, "ABORTED", ROLE_WARN },
	{ 11, "OUT_OF_RANGE", ROLE_WARN },
	{ 12, "UNIMPLEMENTED", ROLE_BAD },
	{ 13, "INTERNAL", ROLE_BAD },
	{ 14, "UNAVAILABLE", ROLE_BAD },
	{ 15, "DATA_LOSS", ROLE_BAD },
	{ 16, "UNAUTHENTICATED", ROLE_WARN },
};

static const struct code closes[] = {
	{ 1000, "normal closure", ROLE_GOOD },
	{ 1001, "going away", ROLE_GOOD },
	{ 1002, "protocol error", ROLE_BAD },
	{ 1003, "unsupported data", ROLE_WARN },
	{ 1005, "no status received", ROLE_GOOD },
	{ 1006, "abnormal closure", ROLE_BAD },
	{ 1007, "invalid payload data", ROLE_BAD },
	{ 1008, "policy violation", ROLE_WARN },
	{ 1009, "message too big", ROLE_WARN },
	{ 1010, "extension missing", ROLE_WARN },
	{ 1011, "internal error", ROLE_BAD },
	{ 1012, "service restart", ROLE_WARN },
	{ 1013, "try again later", ROLE_WARN },
	{ 1014, "bad gateway", ROLE_BAD },
	{ 1015, "TLS handshake failed", ROLE_BAD },
};

static const char *const opcodes[16] = {
	"continuation", "text", "binary", "opcode 3", "opcode 4", "opcode 5", "opcode 6", "opcode 7",
	"close", "ping", "pong", "opcode 11", "opcode 12", "opcode 13", "opcode 14", "opcode 15",
};

static const struct code *
code_of(const struct code *all, size_t count, unsigned number, const struct code *other)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].number == number)
			return &all[i];
	return other;
}

const struct code *
code_grpc(unsigned status)
{
	static const struct code other = { 0, "no status of gRPC's", ROLE_BAD };

	return code_of(grpc, ARRAY_LEN(grpc), status, &other);
}

const struct code *
code_close(unsigned code)
{
	static const struct code private = { 0, "the application's own", ROLE_WARN };
	static const struct code other = { 0, "no close code", ROLE_BAD };

	return code_of(closes, ARRAY_LEN(closes), code, code >= 3000 && code < 5000 ? &private : &other);
}

const char *
code_opcode(unsigned opcode)
{
	return opcodes[opcode & 15];
}
