/*
 * A WebSocket from a hostile peer: wherever it is cut the same comes of it, all of it passes, and no more is told
 * of than came.
 *
 *	side and extension | where to cut | what the peer sends ...
 */
#include "../tests/unit/observed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FIRST_BYTES = 2 };

static const char *const extensions[] = {
	"", "Sec-WebSocket-Extensions: permessage-deflate\r\n",
	"Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover\r\n",
	"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=9; server_max_window_bits=9\r\n",
	"Sec-WebSocket-Extensions: permessage-deflate; x\r\n", "Sec-WebSocket-Extensions: other, permessage-deflate\r\n",
};

static void
read_all(struct observed *o, uint8_t role, struct bytes all, size_t step)
{
	char answer[300];

	snprintf(answer, sizeof(answer), "HTTP/1.1 101 Yes\r\n%s\r\n", extensions[(role >> 1) % ARRAY_LEN(extensions)]);
	observed_open(o, (struct exchange_limits){ UINT64_MAX, 0, true });
	observed_head(o, CLIENT, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n");
	observed_end(o, CLIENT);
	observed_head(o, SERVER, answer);
	while (all.len) {
		size_t n = all.len < step ? all.len : step;

		observed_data(o, role & 1, (struct bytes){ all.at, n });
		all.at += n;
		all.len -= n;
	}
	observed_end(o, role & 1);
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
