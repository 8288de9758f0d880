/* Base64: https://www.rfc-editor.org/rfc/rfc4648 */
#include <string.h>

#include "base64.h"

enum { CHUNK = 48 };

static int
sextet(uint8_t c)
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
	uint8_t chunk[CHUNK];
	uint32_t bits = 0;
	unsigned held = 0, padding = 0;
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		int six = sextet(in.at[i]);

		if (in.at[i] && strchr("\r\n \t", in.at[i]))
			continue;
		padding += in.at[i] == '=';
		if (in.at[i] == '=' && padding <= 2)
			continue;
		if (six < 0 || padding)
			return false;
		bits = bits << 6 | (uint32_t)six;
		held += 6;
		if (held >= 8) {
			held -= 8;
			chunk[n++] = (uint8_t)(bits >> held);
		}
		if (n == CHUNK && !buf_add(out, (struct bytes){ chunk, n }))
			return false;
		n %= CHUNK;
	}
	return held < 6 && buf_add(out, (struct bytes){ chunk, n });
}
