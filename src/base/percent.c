/* Percent-encoding: https://url.spec.whatwg.org/#percent-encoded-bytes */
#include "soth/percent.h"

enum { CHUNK = 64 };

size_t
percent_next(struct bytes in, bool plus, uint8_t *c)
{
	int high = in.len > 2 && *in.at == '%' ? hex_digit(in.at[1]) : -1, low = high < 0 ? -1 : hex_digit(in.at[2]);

	*c = low >= 0 ? (uint8_t)(high << 4 | low) : plus && *in.at == '+' ? ' ' : *in.at;
	return low >= 0 ? 3 : 1;
}

bool
percent_decode(struct bytes in, bool plus, struct buf *out)
{
	uint8_t chunk[CHUNK];
	size_t n = 0;

	while (in.len) {
		size_t used = percent_next(in, plus, &chunk[n++]);

		in = (struct bytes){ in.at + used, in.len - used };
		if ((n == CHUNK || !in.len) && !buf_add(out, (struct bytes){ chunk, n }))
			return false;
		n %= CHUNK;
	}
	return true;
}

bool
percent_has(struct bytes in, bool plus)
{
	for (uint8_t c; in.len; ) {
		size_t used = percent_next(in, plus, &c);

		if (used > 1 || c != *in.at)
			return true;
		in = (struct bytes){ in.at + 1, in.len - 1 };
	}
	return false;
}
