#ifndef CONVERT_SHA256_H
#define CONVERT_SHA256_H

#include "soth/base.h"

struct sha256 { uint8_t byte[32]; };
struct sha256 sha256(struct bytes b);

#endif
