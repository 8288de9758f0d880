/* Pictures: which colours the cells of a small image get. The images are in tests/decode. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../../src/decode/canvas.h"
#include "soth/buf.h"
#include "soth/decode.h"

enum { DOC_MAX = 1 << 20, FILE_MAX = 8192, SIDE = 64, SPANS = 80 };

struct seen { unsigned rows, columns; uint32_t cell[SIDE / 2][SIDE]; };

/* The cells of all painted lines. */
static void
cells_of(const struct doc *doc, struct seen *out)
{
	struct span span[SPANS];

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < doc_lines(doc); i++) {
		size_t n = doc_spans(doc, i, span, SPANS);

		if (!n || !span[0].paint)
			continue;
		assert_true(out->rows < SIDE / 2);
		out->columns = 0;
		for (size_t k = 0; k < n; k++)
			for (size_t at = 0; at < span[k].text.len; at += 3) {
				assert_true(span[k].paint && out->columns < SIDE);
				assert_memory_equal(span[k].text.at + at, "▀", 3);
				out->cell[out->rows][out->columns++] = span[k].paint;
			}
		out->rows++;
	}
}

static void
seen_of(struct bytes image, struct seen *out)
{
	struct hint hint = { .as = "image" };
	struct doc *doc = doc_new(DOC_MAX);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);

	decode_feed(d, image);
	decode_end(d);
	cells_of(doc, out);
	decode_free(d);
	doc_free(doc);
}

static void
seen_file(const char *path, struct seen *out)
{
	static uint8_t image[FILE_MAX];
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(image, 1, sizeof(image), f);
	fclose(f);
	seen_of((struct bytes){ image, len }, out);
}

static void
chunk_add(struct buf *b, const char type[4], struct bytes data)
{
	uint8_t be[4] = { (uint8_t)(data.len >> 24), (uint8_t)(data.len >> 16), (uint8_t)(data.len >> 8), (uint8_t)data.len };
	uint32_t crc = (uint32_t)crc32(crc32(0, (const Bytef *)type, 4), data.at, (uInt)data.len);

	assert_true(buf_add(b, (struct bytes){ be, 4 }) && buf_add(b, (struct bytes){ (const uint8_t *)type, 4 }) &&
		buf_add(b, data));
	assert_true(buf_add(b, (struct bytes){ (uint8_t[]){ (uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8),
		(uint8_t)crc }, 4 }));
}

/* A PNG of RGBA pixels, side by side. */
static void
seen_png(uint8_t width, uint8_t height, const uint32_t *rgba, uint8_t orientation, struct seen *out)
{
	uint8_t header[13] = { 0, 0, 0, width, 0, 0, 0, height, 8, 6 }, raw[4096], packed[8192];
	uint8_t exif[] = "MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0?\0\0\0\0\0";
	uLongf len = sizeof(packed);
	size_t n = 0;
	struct buf b;

	for (unsigned y = 0; y < height; y++) {
		raw[n++] = 0;
		for (unsigned x = 0; x < width; x++, n += 4)
			for (int i = 0; i < 4; i++)
				raw[n + (size_t)i] = (uint8_t)(rgba[y * width + x] >> (24 - 8 * i));
	}
	assert_int_equal(compress(packed, &len, raw, n), Z_OK);
	exif[19] = orientation;
	buf_init(&b, sizeof(packed) + 1000);
	assert_true(buf_add(&b, LIT("\x89PNG\r\n\x1a\n")));
	chunk_add(&b, "IHDR", (struct bytes){ header, sizeof(header) });
	if (orientation)
		chunk_add(&b, "eXIf", (struct bytes){ exif, sizeof(exif) - 1 });
	chunk_add(&b, "IDAT", (struct bytes){ packed, len });
	chunk_add(&b, "IEND", LIT(""));
	seen_of(buf_bytes(&b), out);
	buf_release(&b);
}

#define RED	0xff0000
#define GREEN	0x00ff00
#define BLUE	0x0000ff
#define WHITE	0xffffff
#define SOLID(rgb)	((uint32_t)(rgb) << 8 | 0xff)

static void
a_cell_is_two_pixels(void **state)
{
	static const uint32_t four[] = { SOLID(RED), SOLID(GREEN), SOLID(BLUE), SOLID(WHITE) };
	struct seen s;

	(void)state;
	seen_png(2, 2, four, 0, &s);
	assert_int_equal(s.rows, 1);
	assert_int_equal(s.columns, 2);
	assert_int_equal(s.cell[0][0], PAINT(RED, BLUE));
	assert_int_equal(s.cell[0][1], PAINT(GREEN, WHITE));
}

static void
an_orientation_turns_it(void **state)
{
	/* Red, green, blue and white clockwise from the upper left, as they are to be seen. */
	static const struct { uint8_t n; uint32_t pixel[4]; } turned[] = {
		{ 1, { RED, GREEN, WHITE, BLUE } }, { 2, { GREEN, RED, BLUE, WHITE } }, { 3, { BLUE, WHITE, GREEN, RED } },
		{ 4, { WHITE, BLUE, RED, GREEN } }, { 5, { RED, WHITE, GREEN, BLUE } }, { 6, { GREEN, BLUE, RED, WHITE } },
		{ 7, { BLUE, GREEN, WHITE, RED } }, { 8, { WHITE, RED, BLUE, GREEN } },
	};
	struct seen s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(turned); i++) {
		uint32_t pixel[4];

		for (int k = 0; k < 4; k++)
			pixel[k] = SOLID(turned[i].pixel[k]);
		seen_png(2, 2, pixel, turned[i].n, &s);
		assert_int_equal(s.cell[0][0], PAINT(RED, WHITE));
		assert_int_equal(s.cell[0][1], PAINT(GREEN, BLUE));
	}
}

static void
a_turned_picture_is_as_high_as_it_was_wide(void **state)
{
	static const uint32_t pixel[] = { SOLID(RED), SOLID(RED), SOLID(GREEN), SOLID(GREEN) };
	struct seen s;

	(void)state;
	seen_png(4, 1, pixel, 6, &s);
	assert_int_equal(s.rows, 2);
	assert_int_equal(s.columns, 1);
	assert_int_equal(s.cell[0][0], PAINT(RED, RED));
	assert_int_equal(s.cell[1][0], PAINT(GREEN, GREEN));
}

static void
what_is_transparent_lets_the_checkerboard_through(void **state)
{
	static const uint32_t pixel[] = { 0xff000000, 0xff000080, 0x00000000, SOLID(RED) };
	struct seen s;

	(void)state;
	seen_png(2, 2, pixel, 0, &s);
	assert_int_equal(s.cell[0][0], PAINT(0x505050, 0x505050));
	assert_int_equal(s.cell[0][1], PAINT(0xa82828, RED));
}

/* Blocks of two by two of black and white are grey; transparent ones have no colour. */
static void
what_is_large_is_the_mean(void **state)
{
	struct canvas *c = canvas_new(128, 128);
	struct doc *doc = doc_new(DOC_MAX);
	uint8_t row[2][128 * 4];
	struct seen s;

	(void)state;
	for (int x = 0; x < 128; x++) {
		memset(row[0] + 4 * x, x & 1 ? 255 : 0, 4);
		memset(row[1] + 4 * x, 255, 4);
		row[0][4 * x + 3] = 255;
	}
	for (unsigned y = 0; y < 128; y++)
		canvas_add(c, 0, y, 1, row[y >= 64], 128);
	canvas_paint(c, 1, false, doc);
	cells_of(doc, &s);
	assert_int_equal(s.rows, 32);
	assert_int_equal(s.columns, 64);
	assert_int_equal(s.cell[0][0], PAINT(0x808080, 0x808080));
	assert_int_equal(s.cell[31][63], PAINT(WHITE, WHITE));
	doc_free(doc);
	canvas_free(c);
}

static void
sides_keep_their_ratio(void **state)
{
	static const struct { unsigned width, height, columns, pixels; } sizes[] = {
		{ 640, 480, 64, 48 }, { 480, 640, 48, 64 }, { 64, 64, 64, 64 }, { 7, 5, 7, 5 }, { 65, 1, 64, 1 },
		{ 16384, 1, 64, 1 }, { 1, 16384, 1, 64 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct canvas *c = canvas_new(sizes[i].width, sizes[i].height);

		assert_int_equal(canvas_width(c), sizes[i].columns);
		assert_int_equal(canvas_height(c), sizes[i].pixels);
		canvas_free(c);
	}
}

/* Each has the same 96 x 64 picture: red grows to the right, green downwards. */
static void
a_cut_picture_is_shown_as_far_as_it_came(void **state)
{
	static const char *const files[] = { "tests/decode/image-jpeg-cut.in", "tests/decode/image-webp-cut.in" };
	struct seen s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		seen_file(files[i], &s);
		assert_in_range(s.rows, 4, 20);
		assert_int_equal(s.columns, 64);
		assert_in_range(s.cell[0][2] >> 25 & 31, 0, 6);
		assert_in_range(s.cell[0][61] >> 25 & 31, 24, 31);
	}
}

/* Of its passes the first, and of that the upper three rows: squares of eight. */
static void
a_cut_interlaced_picture_is_coarse(void **state)
{
	struct seen s;

	(void)state;
	seen_file("tests/decode/image-png-cut.in", &s);
	assert_int_equal(s.rows, 12);
	assert_int_equal(s.columns, 24);
	assert_int_equal(s.cell[0][0], s.cell[0][1]);
	assert_int_equal(s.cell[0][0], s.cell[1][3]);
	assert_int_not_equal(s.cell[0][0], s.cell[0][8]);
	assert_int_not_equal(s.cell[0][0], s.cell[4][0]);
}

/* Every format in its own way from its bytes: near, for some lose a little. */
static void
formats_show_the_same(void **state)
{
	static const struct { const char *file; unsigned columns, rows; } same[] = {
		{ "tests/decode/image-png-interlaced.in", 24, 12 }, { "tests/decode/image-webp-lossless.in", 24, 8 },
		{ "tests/decode/image-webp-alpha.in", 64, 22 }, { "tests/decode/image-jpeg-progressive.in", 64, 22 },
		{ "tests/decode/image-gif-interlaced.in", 32, 16 }, { "tests/decode/image-gif-still.in", 32, 16 },
	};
	struct seen s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		unsigned last = same[i].rows - 2;

		seen_file(same[i].file, &s);
		assert_int_equal(s.columns, same[i].columns);
		assert_int_equal(s.rows, same[i].rows);
		assert_true((s.cell[last][1] >> 25 & 31) < (s.cell[last][same[i].columns - 2] >> 25 & 31));
		assert_true((s.cell[1][1] >> 20 & 31) < (s.cell[last][1] >> 20 & 31));
	}
}

/* The second frame is not the first. */
static void
of_an_animation_the_first_frame_is_shown(void **state)
{
	static const char *const files[] = { "tests/decode/image-gif.in", "tests/decode/image-webp-animated.in" };
	struct seen s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		seen_file(files[i], &s);
		assert_int_equal(s.rows, 5);
		assert_int_equal(s.columns, 20);
		assert_in_range(s.cell[2][10] >> 25 & 31, 28, 31);
		assert_in_range(s.cell[2][10] >> 20 & 31, 0, 3);
	}
}

/* Few spans where few colours are: a line holds at most 64 in a pane. */
static void
equal_cells_are_one_span(void **state)
{
	struct canvas *c = canvas_new(64, 2);
	struct doc *doc = doc_new(DOC_MAX);
	struct span span[SPANS];
	uint8_t white[4] = { 255, 255, 255, 255 };

	(void)state;
	for (unsigned i = 0; i < 128; i++)
		canvas_add(c, i % 64, i / 64, 1, white, 1);
	canvas_paint(c, 1, false, doc);
	assert_int_equal(doc_lines(doc), 1);
	assert_int_equal(doc_spans(doc, 0, span, SPANS), 1);
	assert_int_equal(span[0].text.len, 64 * 3);
	doc_free(doc);
	canvas_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_two_pixels),
		cmocka_unit_test(an_orientation_turns_it),
		cmocka_unit_test(a_turned_picture_is_as_high_as_it_was_wide),
		cmocka_unit_test(what_is_transparent_lets_the_checkerboard_through),
		cmocka_unit_test(what_is_large_is_the_mean),
		cmocka_unit_test(sides_keep_their_ratio),
		cmocka_unit_test(a_cut_picture_is_shown_as_far_as_it_came),
		cmocka_unit_test(a_cut_interlaced_picture_is_coarse),
		cmocka_unit_test(formats_show_the_same),
		cmocka_unit_test(of_an_animation_the_first_frame_is_shown),
		cmocka_unit_test(equal_cells_are_one_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
