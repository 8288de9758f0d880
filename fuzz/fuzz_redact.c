/* Any body of any type, redacted: JSON stays JSON, what was replaced stays as it is, and a member named password is gone. */
#include <string.h>

#include "../src/convert/redact_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is the type; "head" there: a head of a request. */
static void
head(struct redactor *r, struct bytes text)
{
	struct fault why;
	struct head *h = head_parse(text, HEAD_REQUEST, &why), *out = NULL, *again = NULL;

	if (!h)
		return;
	if (!redact_head(r, h, &out) || !redact_head(r, out, &again) || head_count(out) != head_count(h))
		__builtin_trap();
	head_drop(again);
	head_drop(out);
	head_drop(h);
}

static void
body(struct redactor *r, struct bytes type, struct bytes b)
{
	struct slice out = redact_body(r, type, b);

	if (b.len && !out.bytes.len)
		__builtin_trap();
	if (bytes_are(type, "application/json") && redact_is_json(b) != redact_is_json(out.bytes) && redact_is_json(b))
		__builtin_trap();
	slice_drop(&out);
}

/* {"password": the input as a string} */
static void
secret(struct redactor *r, struct bytes b)
{
	static const char digit[] = "0123456789abcdef", given[] = "{\"password\":\"[redacted:password:";
	struct buf in;
	struct slice out;
	bool ok;

	buf_init(&in, 1 << 20);
	ok = b.len && b.len < 4096 && buf_add(&in, LIT("{\"password\":\""));
	for (size_t i = 0; ok && i < b.len; i++)
		ok = buf_addf(&in, "\\u00%c%c", digit[b.at[i] >> 4], digit[b.at[i] & 15]);
	if (ok && buf_add(&in, LIT("\"}"))) {
		out = redact_body(r, LIT("application/json"), buf_bytes(&in));
		if (!memmem(b.at, b.len, " ", 1) && !memmem(b.at, b.len, "[redacted:", 10) &&
				(out.bytes.len < sizeof(given) || memcmp(out.bytes.at, "{\"password\":\"[redacted:", 23)))
			__builtin_trap();
		slice_drop(&out);
	}
	buf_release(&in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	struct bytes type = { data, lf ? (size_t)(lf - data) : 0 }, rest = { lf ? lf + 1 : data, size - (lf ? type.len + 1 : 0) };
	struct fault why;
	struct redactor *r = redactor_new("", &why);

	if (bytes_are(type, "head"))
		head(r, rest);
	else
		body(r, type, rest);
	secret(r, rest);
	redactor_free(r);
	return 0;
}
