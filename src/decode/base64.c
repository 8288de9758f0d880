/* Base64: https://www.rfc-editor.org/rfc/rfc4648 */
#include "base64.h"

static int
base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool
base64_decode(struct bytes in, struct buf *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	uint8_t *to;
	size_t n = 0;

	while (in.len && in.at[in.len - 1] == '=')
		in.len--;
	if (in.len % 4 == 1)
		return false;
	to = buf_room(out, in.len / 4 * 3 + 3);
	if (!to)
		return false;
	for (size_t i = 0; i < in.len; i++) {
		int digit = base64_digit(in.at[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		to[n++] = (uint8_t)(bits >> have);
	}
	buf_grew(out, n);
	return true;
}
