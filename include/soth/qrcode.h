#ifndef SOTH_QRCODE_H
#define SOTH_QRCODE_H

#include "soth/base.h"

/*
 * A QR code (ISO/IEC 18004) as rows of text: two rows of modules a row, of
 * half blocks, with the quiet zone of four modules around it. The blocks are
 * what is light, so that it is right as it is where text is light on dark;
 * who can, draws them white on black.
 */
struct qrcode;

enum { QRCODE_TEXT_MAX = 1000, QRCODE_ROW = 3 * (177 + 8) + 1 };	/* bytes; a row's, with its NUL */

struct qrcode *qrcode_new(const char *text, struct fault *why) MUST_USE;
void qrcode_free(struct qrcode *q);
unsigned qrcode_columns(const struct qrcode *q);
unsigned qrcode_rows(const struct qrcode *q);
void qrcode_row(const struct qrcode *q, unsigned row, char out[QRCODE_ROW]);
bool qrcode_dark(const struct qrcode *q, int x, int y);	/* a module; outside of the symbol none is */

#endif
