/* Pictures made small, and painted with half blocks. */
#include <stdlib.h>

#include "canvas.h"

enum {
	SAMPLES = 8,			/* looked at of a box, each way: more would not be seen */
	PASS = 8,			/* pixels, from one of the coarsest pass to the next */
	CHECK = 4,			/* pixels, of a square of the checkerboard */
	CHECK_DARK = 0x505050, CHECK_LIGHT = 0x787878,
	MISSING = 0x202020,		/* what has not come */
};

/* Sums of what fell into a pixel; colours times their alpha. */
struct box { uint64_t colour[3], alpha, count; };

struct canvas {
	unsigned width, height, source_width, source_height;
	unsigned mask_x, mask_y;	/* a pixel of the source counts where these bits of its place are 0 */
	unsigned gap_x, gap_y;		/* boxes that a coarser pass may have left out */
	struct box box[];
};

/* The longer side becomes CANVAS_SIDE, if it is not less. */
static unsigned
canvas_side(unsigned side, unsigned longer)
{
	uint64_t scaled = ((uint64_t)side * CANVAS_SIDE + longer / 2) / longer;

	return longer <= CANVAS_SIDE ? side : scaled ? (unsigned)scaled : 1;
}

static unsigned
canvas_mask(unsigned source, unsigned side)
{
	unsigned step = 1;

	while (step * 2 * SAMPLES <= source / side)
		step *= 2;
	return step - 1;
}

struct canvas *
canvas_new(unsigned width, unsigned height)
{
	unsigned longer = width > height ? width : height;
	unsigned w = canvas_side(width, longer), h = canvas_side(height, longer);
	struct canvas *c = xalloc(sizeof(*c) + sizeof(*c->box) * w * h);

	c->width = w;
	c->height = h;
	c->source_width = width;
	c->source_height = height;
	c->mask_x = canvas_mask(width, w);
	c->mask_y = canvas_mask(height, h);
	return c;
}

void
canvas_free(struct canvas *c)
{
	free(c);
}

unsigned
canvas_width(const struct canvas *c)
{
	return c->width;
}

unsigned
canvas_height(const struct canvas *c)
{
	return c->height;
}

bool
canvas_empty(const struct canvas *c)
{
	size_t boxes = (size_t)c->width * c->height, i = 0;

	while (i < boxes && !c->box[i].count)
		i++;
	return i == boxes;
}

static void
box_add(struct box *b, const uint8_t rgba[4])
{
	for (int i = 0; i < 3; i++)
		b->colour[i] += (uint64_t)rgba[i] * rgba[3];
	b->alpha += rgba[3];
	b->count++;
}

bool
canvas_wants(const struct canvas *c, unsigned y)
{
	return y < c->source_height && !(y & c->mask_y);
}

void
canvas_add(struct canvas *c, unsigned x, unsigned y, unsigned step, const uint8_t *rgba, size_t count)
{
	struct box *row;

	if (!canvas_wants(c, y))
		return;
	row = c->box + (uint64_t)y * c->height / c->source_height * c->width;
	for (size_t i = 0; i < count && x < c->source_width; i++, x += step)
		if (!(x & c->mask_x))
			box_add(row + (uint64_t)x * c->width / c->source_width, rgba + 4 * i);
}

void
canvas_put(struct canvas *c, unsigned x, unsigned y, const uint8_t *rgba, size_t count)
{
	for (size_t i = 0; y < c->height && i < count && x < c->width; i++, x++)
		box_add(c->box + (size_t)y * c->width + x, rgba + 4 * i);
}

/* How it is to be held: https://www.cipa.jp/e/std/std-sec.html, tag 274. */
struct turn { bool swapped, from_right, from_below; };
static const struct turn turns[] = {
	[1] = { false, false, false }, [2] = { false, true, false }, [3] = { false, true, true },
	[4] = { false, false, true }, [5] = { true, false, false }, [6] = { true, false, true },
	[7] = { true, true, true }, [8] = { true, true, false },
};

void
canvas_interlace(struct canvas *c, bool across)
{
	c->gap_y = PASS - 1;
	c->gap_x = across ? PASS - 1 : 0;
}

/* The box itself, or the nearest before it, of a coarser pass. */
static const struct box *
canvas_came(const struct canvas *c, unsigned x, unsigned y)
{
	const struct box *b = c->box + (size_t)y * c->width + x;
	unsigned gaps = c->gap_x + c->gap_y;

	for (unsigned far = 1; !b->count && far <= gaps; far++)
		for (unsigned up = 0; !b->count && up <= far; up++) {
			unsigned left = far - up;

			if (up <= c->gap_y && left <= c->gap_x && up <= y && left <= x)
				b = c->box + (size_t)(y - up) * c->width + x - left;
		}
	return b;
}

static const struct box *
canvas_box(const struct canvas *c, struct turn t, unsigned x, unsigned y)
{
	unsigned across = t.swapped ? y : x, down = t.swapped ? x : y;

	if (t.from_right)
		across = c->width - 1 - across;
	if (t.from_below)
		down = c->height - 1 - down;
	return canvas_came(c, across, down);
}

/* The colour that is seen there, 0xrrggbb. */
static uint32_t
canvas_colour(const struct canvas *c, struct turn t, unsigned x, unsigned y)
{
	const struct box *b = canvas_box(c, t, x, y);
	uint32_t under = (x / CHECK + y / CHECK) & 1 ? CHECK_LIGHT : CHECK_DARK, rgb = 0;
	uint64_t all = 255 * b->count;

	if (!b->count)
		return MISSING;
	for (int i = 0; i < 3; i++) {
		uint64_t sum = b->colour[i] + (all - b->alpha) * (under >> (16 - 8 * i) & 255);

		rgb = rgb << 8 | (uint32_t)((sum + all / 2) / all);
	}
	return rgb;
}

static bool
canvas_row_came(const struct canvas *c, struct turn t, unsigned y)
{
	unsigned width = t.swapped ? c->height : c->width;

	for (unsigned x = 0; x < width; x++)
		if (canvas_box(c, t, x, y)->count)
			return true;
	return false;
}

/* Equal cells are one span. */
static void
canvas_cells(struct doc *to, uint32_t paint, unsigned count)
{
	struct bytes blocks = LIT(
		"▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀"
		"▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀");

	blocks.len = (blocks.len / CANVAS_SIDE) * count;
	doc_paint(to, paint, blocks);
}

void
canvas_paint(const struct canvas *c, unsigned orientation, bool cut, struct doc *to)
{
	struct turn t = turns[orientation >= 1 && orientation < ARRAY_LEN(turns) ? orientation : 1];
	unsigned width = t.swapped ? c->height : c->width, height = t.swapped ? c->width : c->height;

	while (cut && height && !canvas_row_came(c, t, height - 1))
		height--;
	for (unsigned y = 0; y < height; y += 2) {
		uint32_t paint = 0, before = 0;
		unsigned run = 0;

		for (unsigned x = 0; x < width; x++, run++) {
			paint = PAINT(canvas_colour(c, t, x, y), y + 1 < height ? canvas_colour(c, t, x, y + 1) : MISSING);
			if (paint != before) {
				canvas_cells(to, before, run);
				run = 0;
			}
			before = paint;
		}
		canvas_cells(to, before, run);
		doc_line(to);
	}
}
