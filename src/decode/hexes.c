/* Bytes within something else. */
#include "hexes.h"

static const char digits[] = "0123456789abcdef";

static void
hexes_put(struct doc *to, struct bytes b)
{
	char text[3 * HEXES_ROW];
	size_t n = 0;

	for (size_t i = 0; i < b.len; i++) {
		if (i)
			text[n++] = ' ';
		text[n++] = digits[b.at[i] >> 4];
		text[n++] = digits[b.at[i] & 15];
	}
	doc_put(to, ROLE_NUMBER, (struct bytes){ (uint8_t *)text, n });
}

void
hexes_short(struct doc *to, struct bytes b)
{
	struct bytes rest = b;

	for (; rest.len; rest = (struct bytes){ rest.at + HEXES_ROW, rest.len - HEXES_ROW }) {
		hexes_put(to, (struct bytes){ rest.at, rest.len < HEXES_ROW ? rest.len : HEXES_ROW });
		if (rest.len <= HEXES_ROW)
			break;
		doc_put(to, ROLE_NUMBER, LIT(" "));
	}
	doc_putf(to, ROLE_FAINT, "%s%zu byte%s", b.len ? "  " : "", b.len, b.len == 1 ? "" : "s");
}

static void
hexes_row(struct doc *to, struct bytes row)
{
	uint8_t plain[HEXES_ROW];

	hexes_put(to, row);
	for (size_t i = 0; i < row.len; i++)
		plain[i] = row.at[i] >= 0x20 && row.at[i] < 0x7f ? row.at[i] : '.';
	doc_putf(to, ROLE_MARK, "%*s", (int)(3 * (HEXES_ROW - row.len) + 2), "");
	doc_put(to, ROLE_STRING, (struct bytes){ plain, row.len });
	doc_line(to);
}

size_t
hexes_rows(struct doc *to, struct bytes b, bool last)
{
	size_t shown = 0;

	while (b.len - shown >= HEXES_ROW || (last && shown < b.len)) {
		size_t n = b.len - shown < HEXES_ROW ? b.len - shown : HEXES_ROW;

		hexes_row(to, (struct bytes){ b.at + shown, n });
		shown += n;
	}
	return shown;
}
