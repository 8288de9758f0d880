/* Cells of pictures in their own colours, past what curses can say. */
#include <stdio.h>
#include <string.h>

#include "paint.h"

/* Two characters at the end of the area are none. */
enum {
	CELLS = 1 << 16, CELLS_USABLE = CELLS - 2, CELLS_MAX = CELLS / 8 * 7, CELLS_CROWDED = CELLS / 2,
	HALF = 15, PRIVATE_BYTES = 4,
};

static struct { uint32_t paint[CELLS]; size_t count; } cells;	/* by what is added to PAINT_PRIVATE; 0: free */

/* Five bits a component to eight. */
static int32_t
paint_colour(uint32_t half)
{
	uint32_t red = half >> 10 & 31, green = half >> 5 & 31, blue = half & 31;

	return (int32_t)((red << 3 | red >> 2) << 16 | (green << 3 | green >> 2) << 8 | blue << 3 | blue >> 2);
}

int32_t
paint_upper(uint32_t paint)
{
	return paint_colour(paint >> HALF);
}

int32_t
paint_lower(uint32_t paint)
{
	return paint_colour(paint);
}

static unsigned
colour_light(int32_t colour)
{
	return (2126u * (unsigned)(colour >> 16 & 255) + 7152u * (unsigned)(colour >> 8 & 255) +
		722u * (unsigned)(colour & 255)) / 10000;
}

const char *
paint_shade(uint32_t paint)
{
	static const char *const shades[] = { " ", "░", "▒", "▓", "█" };
	unsigned light = (colour_light(paint_upper(paint)) + colour_light(paint_lower(paint))) / 2;

	return shades[light * ARRAY_LEN(shades) / 256];
}

/* The place of a paint, which stays until all are forgotten; CELLS: there is none. */
static uint32_t
cell_of(uint32_t paint)
{
	uint32_t at = (paint * 2654435761u) >> 16;

	while (at >= CELLS_USABLE || (cells.paint[at] && cells.paint[at] != paint))
		at = (at + 1) % CELLS;
	if (!cells.paint[at]) {
		if (cells.count == CELLS_MAX)
			return CELLS;
		cells.paint[at] = paint;
		cells.count++;
	}
	return at;
}

void
paint_private(uint32_t paint, char out[5])
{
	uint32_t at = cell_of(paint), rune = PAINT_PRIVATE + at;

	strcpy(out, PAINT_BLOCK);
	if (at == CELLS)
		return;
	out[0] = (char)(0xf0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
	out[3] = (char)(0x80 | (rune & 0x3f));
	out[4] = '\0';
}

bool
paint_crowded(void)
{
	return cells.count > CELLS_CROWDED;
}

void
paint_forget(void)
{
	memset(&cells, 0, sizeof(cells));
}

static int
colour_say(char *out, size_t room, int ground, int32_t colour)
{
	return snprintf(out, room, "\033[%d8;2;%d;%d;%dm", ground, colour >> 16 & 255, colour >> 8 & 255, colour & 255);
}

/* f4, and three bytes of six bits each: U+100000 and above. */
size_t
paint_sequence(const uint8_t *at, size_t len, uint32_t *shown, char out[64])
{
	uint32_t paint = 0, before = *shown;
	int n = 0;

	*out = '\0';
	if (len >= PRIVATE_BYTES && at[0] == 0xf4)
		paint = cells.paint[(at[1] & 0x0fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu)];
	if (!paint) {
		*shown = 0;
		if (before)
			strcpy(out, "\033[39;49m");
		return 0;
	}
	*shown = paint;
	if (!before || paint_upper(before) != paint_upper(paint))
		n += colour_say(out, 64, 3, paint_upper(paint));
	if (!before || paint_lower(before) != paint_lower(paint))
		n += colour_say(out + n, 64 - (size_t)n, 4, paint_lower(paint));
	strcpy(out + n, PAINT_BLOCK);
	return PRIVATE_BYTES;
}
