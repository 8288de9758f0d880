/* Colours as numbers, and numbers as colours. */
#include <stdio.h>
#include <string.h>

#include "slots.h"
#include "theme.h"

enum { SLOT_FIRST = 16, SLOTS = 240 };

static struct {
	int32_t slot[SLOTS];		/* what number SLOT_FIRST + i stands for */
	size_t used;
	int16_t nearest[1 << 15];	/* by PAINT_HALF(), plus one; 0: not known yet */
	int colours;
	bool direct;
} slots;

void
slots_open(bool direct, int colours)
{
	memset(&slots, 0, sizeof(slots));
	slots.direct = direct;
	slots.colours = colours;
}

void
slots_clear(void)
{
	slots.used = 0;
}

int
slot_of(int32_t colour)
{
	if (!slots.direct || colour < 0 || colour >= COLOUR_NAMED)
		return colour_nearest(colour, slots.colours);
	for (size_t i = 0; i < slots.used; i++)
		if (slots.slot[i] == colour)
			return SLOT_FIRST + (int)i;
	if (slots.used == SLOTS)
		return colour_nearest(colour, slots.colours);
	slots.slot[slots.used++] = colour;
	return SLOT_FIRST + (int)slots.used - 1;
}

int
slot_nearest(int32_t colour)
{
	int16_t *known = &slots.nearest[PAINT_HALF(colour)];

	if (!*known)
		*known = (int16_t)(colour_nearest(colour, slots.colours) + 1);
	return *known - 1;
}

size_t
slot_sequence(const uint8_t *at, size_t len, char out[32])
{
	unsigned n = 0;
	size_t i = 7;

	if (len < 9 || at[0] != 033 || at[1] != '[' || (at[2] != '3' && at[2] != '4') || memcmp(at + 3, "8;5;", 4))
		return 0;
	while (i < len && i < 11 && at[i] >= '0' && at[i] <= '9')
		n = n * 10 + (at[i++] - '0');
	if (i == len || at[i] != 'm' || n < SLOT_FIRST || n >= SLOT_FIRST + slots.used)
		return 0;
	n = (unsigned)slots.slot[n - SLOT_FIRST];
	snprintf(out, 32, "\033[%c8;2;%u;%u;%um", at[2], n >> 16, n >> 8 & 255, n & 255);
	return i + 1;
}
