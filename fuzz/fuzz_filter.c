/*
 * Filter expressions: each is taken or refused, with a place that is in it. One that a row alone can tell is held
 * against a row: with its negation, exactly one of the two takes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/filter.h"

enum { TEXT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct row row = {
	.id = 7, .begun = 1764150000000000, .answered = 1764150000200000, .ended = 1764150000900000, .bytes = { 33, 10240 },
	.state = ROW_DONE, .status = 404, .port = 8443, .request = true, .tls = true, .grpc = -1, .messages = { 2, 3 },
	.tls_failed = -1, .method = "POST", .scheme = "https", .host = "api.example.com", .path = "/users?page=4",
	.type = "application/json", .trouble = "the client went away",
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1], not[TEXT_MAX + 16];
	struct filter *f, *g;
	struct fault why;
	size_t at;

	if (size > TEXT_MAX)
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)size, (const char *)data);
	f = filter_parse(text, &why, &at);
	if (!f && (at > strlen(text) || !*why.text))
		abort();
	snprintf(not, sizeof(not), "!(%s)", text);
	g = filter_parse(not, &why, &at);
	if (f && g && filter_needs(f) == FILTER_ROW && filter_takes(f, NULL, &row) == filter_takes(g, NULL, &row))
		abort();
	filter_free(f);
	filter_free(g);
	return 0;
}
