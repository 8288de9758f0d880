#ifndef STORE_LE32_H
#define STORE_LE32_H

#include "soth/base.h"

/* Numbers of four bytes, little-endian: what a session's file is made of outside its msgpack. */
static inline void
put_le32(uint8_t *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(n >> 8 * i);
}

static inline uint32_t
get_le32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

#endif
