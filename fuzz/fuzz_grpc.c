/*
 * Bodies that are read along with, from a hostile peer: gRPC, and event streams and NDJSON behind their content
 * codings. Wherever they are cut the same comes of it, and all of it passes.
 *
 *	type and coding | where to cut | the body ...
 */
#include "../tests/unit/observed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FIRST_BYTES = 2 };

static const char *const types[] = {
	"application/grpc", "application/grpc-web", "application/x-ndjson", "text/event-stream",
};
static const char *const codings[] = { "identity", "gzip", "deflate", "deflate, gzip" };

static void
read_all(struct observed *o, uint8_t what, struct bytes all, size_t step)
{
	char answer[300];

	snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: %s\r\n\r\n",
		types[what % ARRAY_LEN(types)], codings[(what >> 2) % ARRAY_LEN(codings)]);
	observed_open(o, (struct exchange_limits){ UINT64_MAX, 0, true });
	o->quiet = true;
	observed_head(o, CLIENT, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	observed_head(o, SERVER, answer);
	while (all.len) {
		size_t n = all.len < step ? all.len : step;

		observed_data(o, SERVER, (struct bytes){ all.at, n });
		all.at += n;
		all.len -= n;
	}
	observed_end(o, SERVER);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes all = { data + FIRST_BYTES, len - FIRST_BYTES };
	struct observed whole, pieces;

	if (len <= FIRST_BYTES)
		return 0;
	read_all(&whole, data[0], all, all.len);
	read_all(&pieces, data[0], all, (size_t)data[1] + 1);
	observed_must(bytes_same(buf_bytes(&whole.log), buf_bytes(&pieces.log)));
	observed_must(bytes_same(buf_bytes(&whole.passed), all) && bytes_same(buf_bytes(&pieces.passed), all));
	observed_close(&whole);
	observed_close(&pieces);
	return 0;
}
