/* QR codes, by libqrencode, as rows of half blocks. */
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "soth/qrcode.h"

enum { QUIET = 4 };

struct qrcode { QRcode *code; };

struct qrcode *
qrcode_new(const char *text, struct fault *why)
{
	QRcode *code = strlen(text) <= QRCODE_TEXT_MAX ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) : NULL;
	struct qrcode *q;

	if (!code) {
		fault(why, "this is no text for a QR code: it has %zu bytes, and at most %d fit", strlen(text), QRCODE_TEXT_MAX);
		return NULL;
	}
	q = xalloc(sizeof(*q));
	q->code = code;
	return q;
}

void
qrcode_free(struct qrcode *q)
{
	if (!q)
		return;
	QRcode_free(q->code);
	free(q);
}

unsigned
qrcode_columns(const struct qrcode *q)
{
	return (unsigned)q->code->width + 2 * QUIET;
}

unsigned
qrcode_rows(const struct qrcode *q)
{
	return (qrcode_columns(q) + 1) / 2;
}

bool
qrcode_dark(const struct qrcode *q, int x, int y)
{
	int width = q->code->width;

	return x >= 0 && y >= 0 && x < width && y < width && q->code->data[y * width + x] & 1;
}

void
qrcode_row(const struct qrcode *q, unsigned row, char out[QRCODE_ROW])
{
	static const char *const blocks[2][2] = { { "█", "▀" }, { "▄", " " } };	/* dark above, dark below */

	*out = '\0';
	for (unsigned x = 0; x < qrcode_columns(q); x++) {
		int y = 2 * (int)row - QUIET;

		out = stpcpy(out, blocks[qrcode_dark(q, (int)x - QUIET, y)][qrcode_dark(q, (int)x - QUIET, y + 1)]);
	}
}
