#ifndef DECODE_TEXT_H
#define DECODE_TEXT_H

#include "soth/buf.h"
#include "soth/doc.h"

/* Text as UTF-8, by the charset of its media type or its byte order mark; as
 * it is, where that is not known. In `scratch` where it had to be changed. */
struct bytes text_utf8(struct bytes type, struct bytes text, struct buf *scratch);
void text_lines(struct bytes text, enum role role, struct doc *to);

#endif
