/* The session that the screens call "bodies": one flow for each way in which a body may be read. */
#include <zlib.h>

/* Of protocols.h, which stands before it: flow_begins(), head_comes(), data_comes() ... */
static void
exchange(struct making *m, const char *host, const char *request, struct bytes asks, const char *response, struct bytes answers)
{
	flow_begins(m, "https", host, 443);
	after(m, 10);
	head_comes(m, CLIENT, 0, request);
	if (asks.len)
		data_comes(m, CLIENT, 0, asks);
	part_comes(m, CLIENT, 0, (struct part){ .kind = PART_END });
	after(m, 20);
	head_comes(m, SERVER, 0, response);
	if (answers.len)
		data_comes(m, SERVER, 0, answers);
}

static void
exchange_ends(struct making *m)
{
	after(m, 5);
	part_comes(m, SERVER, 0, (struct part){ .kind = PART_END });
	flow_ends(m, CLOSE_HTTP_COMPLETED, "");
}

static struct bytes
zipped(struct bytes in, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in.at, .avail_in = (uInt)in.len, .next_out = out, .avail_out = (uInt)room };

	if (deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK || deflate(&z, Z_FINISH) != Z_STREAM_END)
		fail_msg("no gzip");
	deflateEnd(&z);
	return (struct bytes){ out, room - z.avail_out };
}

static void
make_users(struct making *m)
{
	uint8_t gz[2000];
	char json[2000];
	size_t len = 0;

	for (int i = 0; i < 12; i++)
		len += (size_t)snprintf(json + len, sizeof(json) - len, "%s{\"id\":%d,\"name\":\"user %d\",\"tags\":[\"a\",\"b\"],"
			"\"big\":12345678901234567890.10}", i ? "," : "[", 4711 + i, i);
	len += (size_t)snprintf(json + len, sizeof(json) - len, "]");
	exchange(m, "api.example.com", "GET /v2/users?page=4&sort=name HTTP/1.1\r\nHost: api.example.com\r\n\r\n", (struct bytes){ 0 },
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
		zipped((struct bytes){ (uint8_t *)json, len }, gz, sizeof(gz)));
	exchange_ends(m);
}

static void
make_cut(struct making *m)
{
	uint8_t gz[400];
	char text[600];
	struct bytes all;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 40 == 39 ? '\n' : 'a' + i * 7 % 26);
	all = zipped((struct bytes){ (uint8_t *)text, sizeof(text) }, gz, sizeof(gz));
	exchange(m, "cdn.example.com", "GET /cut.txt HTTP/1.1\r\nHost: cdn.example.com\r\n\r\n", (struct bytes){ 0 },
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n", (struct bytes){ all.at, all.len - 9 });
	exchange_ends(m);
}

static void
make_login(struct making *m)
{
	exchange(m, "api.example.com", "POST /v2/login?next=%2Fhome HTTP/1.1\r\nHost: api.example.com\r\n"
		"Authorization: Basic YWRhOnNlY3JldA==\r\nCookie: theme=dark; session=0123456789abcdef\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\n\r\n", LIT("user=ada%40example.com&next=%2Fhome"),
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session=fedcba; Path=/; HttpOnly\r\n\r\n",
		LIT(")]}'\n{\"ok\":true,\"user\":{\"name\":\"Ada\"}}"));
	exchange_ends(m);
}

static void
make_order(struct making *m)
{
	static const uint8_t order[] = { 0x08, 0x96, 0x01, 0x12, 0x05, 'h', 'e', 'l', 'l', 'o', 0x1a, 0x04, 0x08, 0x01, 0x10, 0x02,
		0x22, 0x03, 0xff, 0xfe, 0x01 };

	exchange(m, "shop.example.com", "POST /order HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/x-protobuf\r\n\r\n",
		(struct bytes){ order, sizeof(order) }, "HTTP/1.1 204 No Content\r\n\r\n", (struct bytes){ 0 });
	exchange_ends(m);
}

static void
make_answer(struct making *m)
{
	static const char *const events[] = {
		"data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
		"data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The sky\"}}]}\n\n",
		"data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" is blue.\\nSo is the sea.\"}}]}\n\n",
		"data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
		"\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":9}}\n\n",
		"data: [DONE]\n\n",
	};

	exchange(m, "llm.example.com", "POST /v1/chat/completions HTTP/1.1\r\nHost: llm.example.com\r\n"
		"Content-Type: application/json\r\n\r\n", LIT("{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}"),
		"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", (struct bytes){ 0 });
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		after(m, 100);
		event_comes(m, events[i]);
	}
	exchange_ends(m);
}

static void
make_graphql(struct making *m)
{
	exchange(m, "api.example.com", "POST /graphql HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/json\r\n\r\n",
		LIT("{\"query\":\"query GetUser($id: ID!) {\\n  user(id: $id) { name }\\n}\",\"variables\":{\"id\":42}}"),
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", LIT("{\"data\":{\"user\":{\"name\":\"Ada\"}}}"));
	exchange_ends(m);
}

static void
bodies_tell(struct making *m)
{
	make_users(m);
	make_cut(m);
	make_login(m);
	make_order(m);
	make_answer(m);
	make_graphql(m);
}

__attribute__((unused)) static void
bodies_make(const char *path)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	if (!m.store)
		fail_msg("%s", why.text);
	bodies_tell(&m);
	store_flush(m.store);
	store_free(m.store);
}
