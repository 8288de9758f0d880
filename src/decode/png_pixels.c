/* PNG, its pixels: the only file that knows libpng. */
#include <png.h>
#include <setjmp.h>

#include "image_png.h"

enum { DEPTH_AT = 24 };	/* in the first chunk, which must be the header */

struct drawing { struct canvas *canvas; struct fault *why; png_infop info; bool ended; };

static void
drawing_failed(png_structp png, png_const_charp words)
{
	struct drawing *w = png_get_error_ptr(png);

	(void)fault(w->why, "png: %s", words);
	png_longjmp(png, 1);
}

static void
drawing_warned(png_structp png, png_const_charp words)
{
	(void)png, (void)words;
}

/* Whatever it is becomes RGBA, eight bits each. Passes come as they are. */
static void
drawing_header(png_structp png, png_infop info)
{
	const struct drawing *w = png_get_progressive_ptr(png);

	if (png_get_interlace_type(png, info) != PNG_INTERLACE_NONE)
		canvas_interlace(w->canvas, true);
	png_set_expand(png);
	png_set_strip_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
	png_read_update_info(png, info);
}

static void
drawing_row(png_structp png, png_bytep row, png_uint_32 y, int pass)
{
	struct drawing *w = png_get_progressive_ptr(png);
	png_uint_32 width = png_get_image_width(png, w->info);

	if (!row)
		return;
	if (png_get_interlace_type(png, w->info) == PNG_INTERLACE_NONE)
		canvas_add(w->canvas, 0, y, 1, row, width);
	else
		canvas_add(w->canvas, PNG_PASS_START_COL(pass), PNG_ROW_FROM_PASS_ROW(y, pass),
			1u << PNG_PASS_COL_SHIFT(pass), row, PNG_PASS_COLS(width, pass));
}

static void
drawing_end(png_structp png, png_infop info)
{
	struct drawing *w = png_get_progressive_ptr(png);

	(void)info;
	w->ended = true;
}

/* The library gets what makes pixels, and nothing else. */
static bool
chunk_is_drawn(const struct png_chunk *c)
{
	static const char *const drawn[] = { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" };

	for (size_t i = 0; i < ARRAY_LEN(drawn); i++)
		if (bytes_are(c->type, drawn[i]))
			return true;
	return false;
}

static void
drawing_feed(png_structp png, png_infop info, struct bytes b)
{
	png_process_data(png, info, (png_bytep)(uintptr_t)b.at, b.len);
}

static void
drawing_chunks(png_structp png, png_infop info, struct bytes all)
{
	struct reader r = { image_part(all, PNG_SIGNATURE.len, all.len), false };
	struct png_chunk c;

	if (setjmp(png_jmpbuf(png)))
		return;
	drawing_feed(png, info, PNG_SIGNATURE);
	while (png_chunk_next(&r, &c))
		if (chunk_is_drawn(&c))
			drawing_feed(png, info, c.all);
}

bool
png_draw(struct image *m, struct canvas *c, struct fault *why)
{
	bool deep = image_be(m->all, DEPTH_AT, 1) == 16;
	struct drawing w = { c, why, NULL, false };
	png_structp png;
	png_infop info;

	if (!image_fits(m->width, m->height, deep ? IMAGE_MEGAPIXELS_MAX / 2 : IMAGE_MEGAPIXELS_MAX, &m->refused))
		return false;
	png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &w, drawing_failed, drawing_warned);
	info = png ? png_create_info_struct(png) : NULL;
	if (!info) {
		png_destroy_read_struct(&png, NULL, NULL);
		return fault(why, "png: the library does not start");
	}
	w.info = info;
	png_set_user_limits(png, IMAGE_SIDE_MAX, IMAGE_SIDE_MAX);
	png_set_progressive_read_fn(png, &w, drawing_header, drawing_row, drawing_end);
	drawing_chunks(png, info, m->all);
	png_destroy_read_struct(&png, &info, NULL);
	return w.ended || *why->text ? w.ended : fault(why, "png: the picture is cut off");
}
