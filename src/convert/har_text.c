/* Bytes in JSON, which knows UTF-8 alone. */
#include <stdlib.h>
#include <string.h>

#include "../decode/base64.h"
#include "har_inside.h"

static json_t *
text_of(struct bytes b)
{
	return json_stringn(b.len ? (const char *)b.at : "", b.len);
}

/* Each byte as the character of its number. */
json_t *
har_text(struct bytes b)
{
	json_t *j = text_of(b);
	char *wide, *to;

	if (j)
		return j;
	to = wide = xgrow(NULL, b.len, 2);
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] >= 0x80)
			*to++ = (char)(0xc0 | b.at[i] >> 6);
		*to++ = (char)(b.at[i] >= 0x80 ? 0x80 | (b.at[i] & 0x3f) : b.at[i]);
	}
	j = json_stringn(wide, (size_t)(to - wide));
	free(wide);
	return j;
}

json_t *
har_base64(struct bytes b)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = (b.len + 2) / 3 * 4;
	char *text = xgrow(NULL, 1, len + 1), *to = text;
	json_t *j;

	for (size_t i = 0; i < b.len; i += 3) {
		size_t left = b.len - i;
		uint32_t bits = (uint32_t)b.at[i] << 16 | (left > 1 ? (uint32_t)b.at[i + 1] << 8 : 0) |
			(left > 2 ? b.at[i + 2] : 0);

		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[bits & 63] : '=';
	}
	j = json_stringn_nocheck(text, len);
	free(text);
	return j;
}

json_t *
har_text_or_base64(struct bytes b, bool *base64)
{
	json_t *j = text_of(b);

	*base64 = !j;
	return j ? j : har_base64(b);
}

json_t *
har_bytes(struct bytes b)
{
	bool base64;
	json_t *text = har_text_or_base64(b, &base64);

	return base64 ? json_pack("{s:o}", "base64", text) : text;
}

bool
har_decoded(struct bytes base64, struct slice *out)
{
	struct buf b;
	bool read;

	buf_init(&b, HAR_ENTRY_MAX);
	read = base64_decode(base64, &b);
	*out = read ? buf_seal(&b) : (struct slice){ 0 };
	buf_release(&b);
	return read;
}

static struct bytes
string_in(const json_t *j)
{
	return json_is_string(j) ? (struct bytes){ (const uint8_t *)json_string_value(j), json_string_length(j) } :
		(struct bytes){ 0 };
}

struct bytes
har_string(const json_t *object, const char *name)
{
	return string_in(json_object_get(object, name));
}

bool
har_bytes_read(const json_t *j, struct slice *out)
{
	*out = (struct slice){ 0 };
	if (json_is_object(j))
		return har_decoded(har_string(j, "base64"), out);
	*out = slice_copy(string_in(j));
	return json_is_string(j);
}
