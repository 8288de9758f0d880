/* Quoted-printable: https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
#include <string.h>

#include "quoted.h"

enum { CHUNK = 64 };

/* =41, or a line that goes on; how long it is, *c what it stands for, or -1: nothing. 0: it is no escape. */
static size_t
quoted_escape(struct bytes in, int *c)
{
	int high = in.len > 2 ? hex_digit(in.at[1]) : -1, low = high < 0 ? -1 : hex_digit(in.at[2]);

	*c = low < 0 ? -1 : high << 4 | low;
	if (low >= 0)
		return 3;
	if (in.len > 1 && in.at[1] == '\n')
		return 2;
	return in.len > 2 && in.at[1] == '\r' && in.at[2] == '\n' ? 3 : 0;
}

bool
quoted_decode(struct bytes in, struct buf *out)
{
	uint8_t chunk[CHUNK];
	size_t n = 0;

	while (in.len) {
		int c = *in.at;
		size_t used = c == '=' ? quoted_escape(in, &c) : 1;

		if (!used) {
			c = '=';
			used = 1;
		}
		if (c >= 0)
			chunk[n++] = (uint8_t)c;
		in = (struct bytes){ in.at + used, in.len - used };
		if ((n == CHUNK || !in.len) && !buf_add(out, (struct bytes){ chunk, n }))
			return false;
		n %= CHUNK;
	}
	return true;
}
