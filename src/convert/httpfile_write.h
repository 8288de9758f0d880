#ifndef CONVERT_HTTPFILE_WRITE_H
#define CONVERT_HTTPFILE_WRITE_H

#include "soth/convert.h"

bool httpfile_write(FILE *out, const struct convert_flows *from, struct fault *why) MUST_USE;

#endif
