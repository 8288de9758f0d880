/*
 * Bytes in hex, edited as hex.
 *
 *	00000000  68 65 6c 6c 6f 0a                                |hello.|
 *
 * On the way back the offset and what is right of the bar do not count; bytes
 * may be put in or taken out anywhere.
 */
#include <string.h>

#include "edit_inside.h"

enum { ROW = 16, OFFSET_DIGITS = 8 };

static bool
row_put(struct buf *out, size_t offset, struct bytes row)
{
	static const char digits[] = "0123456789abcdef";
	char line[4 * ROW + 8];
	size_t n = 0;

	memset(line, ' ', sizeof(line));
	for (size_t i = 0; i < row.len; i++) {
		line[3 * i] = digits[row.at[i] >> 4];
		line[3 * i + 1] = digits[row.at[i] & 15];
	}
	n = 3 * ROW;
	line[n++] = '|';
	for (size_t i = 0; i < row.len; i++)
		line[n++] = row.at[i] >= 0x20 && row.at[i] < 0x7f ? (char)row.at[i] : '.';
	line[n++] = '|';
	return buf_addf(out, "%08zx  ", offset) && buf_add(out, (struct bytes){ (uint8_t *)line, n });
}

bool
hex_show(const struct work *w, struct buf *out)
{
	for (size_t at = 0; at < w->plain.len; at += ROW) {
		size_t left = w->plain.len - at;

		if (at && !buf_add(out, LIT("\n")))
			return false;
		if (!row_put(out, at, (struct bytes){ w->plain.at + at, left < ROW ? left : ROW }))
			return false;
	}
	return true;
}

/* Digits that stand together; the first of a line may be an offset. */
static struct bytes
word_take(struct bytes *line)
{
	struct bytes w = { line->at, 0 };

	while (w.len < line->len && w.at[w.len] != ' ' && w.at[w.len] != '\t' && w.at[w.len] != '\r')
		w.len++;
	*line = behind(*line, w.len);
	while (line->len && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
		*line = behind(*line, 1);
	return w;
}

static bool
word_read(struct bytes w, struct buf *out, struct spot *why)
{
	for (size_t i = 0; i < w.len; i += 2) {
		int high = hex_digit(w.at[i]), low = i + 1 < w.len ? hex_digit(w.at[i + 1]) : -1;
		uint8_t byte;

		if (high < 0 || low < 0)
			return spot_fault(why, w.at + i + (high >= 0 && i + 1 < w.len), "two hex digits for each byte expected");
		byte = (uint8_t)(high << 4 | low);
		if (!buf_add(out, (struct bytes){ &byte, 1 }))
			return spot_fault(why, w.at, "the body is too large");
	}
	return true;
}

static bool
row_read(struct bytes line, struct buf *out, struct spot *why)
{
	const uint8_t *bar = line.len ? memchr(line.at, '|', line.len) : NULL;
	bool first = true;

	if (bar)
		line.len = (size_t)(bar - line.at);
	while (line.len && (*line.at == ' ' || *line.at == '\t'))
		line = behind(line, 1);
	for (; line.len; first = false) {
		struct bytes w = word_take(&line);

		if (first && w.len >= OFFSET_DIGITS && line.len)
			continue;
		if (!word_read(w, out, why))
			return false;
	}
	return true;
}

bool
hex_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	(void)w;
	while (text.len) {
		const uint8_t *end = memchr(text.at, '\n', text.len);
		struct bytes line = { text.at, end ? (size_t)(end - text.at) : text.len };

		text = behind(text, line.len + 1);
		if (!row_read(line, out, why))
			return false;
	}
	return true;
}
