/* JPEG, its pixels: the only file that knows libjpeg. */
#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "image_jpeg.h"

enum {
	MEMORY_MAX = 128 << 20,		/* progressive ones must be held as a whole */
	SCANNED_MAX = 640,		/* megapixels: ... and each scan goes over all of it */
	LEAST = 2 * CANVAS_SIDE,	/* pixels of the longer side, that it is scaled down to while decoding */
};

struct drawing {
	struct jpeg_decompress_struct jpeg;	/* first: its callbacks find the rest by it */
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	struct jpeg_source_mgr source;
	struct bytes all;
	struct canvas *canvas;
	struct fault *why, *refused;
	uint8_t *row, *rgba;
	bool ended;				/* the bytes have, before the picture */
	jmp_buf out;
};

static struct drawing *
drawing_of(j_common_ptr jpeg)
{
	return (struct drawing *)jpeg;
}

static void
drawing_say(j_common_ptr jpeg)
{
	char words[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, words);
	*words = (char)tolower((unsigned char)*words);
	if (!*drawing_of(jpeg)->why->text)
		(void)fault(drawing_of(jpeg)->why, "jpeg: %s", words);
}

static void
drawing_failed(j_common_ptr jpeg)
{
	if (jpeg->err->msg_code == JERR_NO_BACKING_STORE)
		(void)fault(drawing_of(jpeg)->refused, "its scans need more than %d MiB", MEMORY_MAX >> 20);
	else
		drawing_say(jpeg);
	longjmp(drawing_of(jpeg)->out, 1);
}

/* Junk between segments is common and harmless. */
static void
drawing_message(j_common_ptr jpeg, int level)
{
	if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA && jpeg->err->msg_code != JWRN_ADOBE_XFORM)
		drawing_say(jpeg);
}

static void
drawing_silent(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void
drawing_progress(j_common_ptr jpeg)
{
	const j_decompress_ptr d = (j_decompress_ptr)jpeg;

	if (d->input_scan_number < 2 || (uint64_t)d->image_width * d->image_height * (unsigned)d->input_scan_number <=
			(uint64_t)SCANNED_MAX * 1000000)
		return;
	(void)fault(drawing_of(jpeg)->refused, "more than %d scans of %u x %u pixels", d->input_scan_number - 1,
		d->image_width, d->image_height);
	longjmp(drawing_of(jpeg)->out, 1);
}

static void
drawing_source(j_decompress_ptr jpeg)
{
	(void)jpeg;
}

/* Where the bytes end, so does the picture. */
static boolean
drawing_fill(j_decompress_ptr jpeg)
{
	static const JOCTET end[] = { 0xff, JPEG_EOI };
	struct drawing *w = drawing_of((j_common_ptr)jpeg);

	if (!w->ended)
		(void)fault(w->why, "jpeg: the picture is cut off");
	w->ended = true;
	jpeg->src->next_input_byte = end;
	jpeg->src->bytes_in_buffer = sizeof(end);
	return TRUE;
}

static void
drawing_skip(j_decompress_ptr jpeg, long count)
{
	if (count <= 0)
		return;
	if ((size_t)count > jpeg->src->bytes_in_buffer) {
		(void)drawing_fill(jpeg);
		return;
	}
	jpeg->src->next_input_byte += count;
	jpeg->src->bytes_in_buffer -= (size_t)count;
}

static void
drawing_begin(struct drawing *w)
{
	j_decompress_ptr jpeg = &w->jpeg;

	jpeg->err = jpeg_std_error(&w->errors);
	w->errors.error_exit = drawing_failed;
	w->errors.emit_message = drawing_message;
	w->errors.output_message = drawing_silent;
	jpeg_create_decompress(jpeg);
	w->jpeg.mem->max_memory_to_use = MEMORY_MAX;
	w->progress.progress_monitor = drawing_progress;
	jpeg->progress = &w->progress;
	w->source = (struct jpeg_source_mgr){ w->all.at, w->all.len, drawing_source, drawing_fill, drawing_skip,
		jpeg_resync_to_restart, drawing_source };
	jpeg->src = &w->source;
}

/* Scaled down by the library, but for what the mean is taken of. */
static void
drawing_shape(j_decompress_ptr jpeg)
{
	unsigned longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height, less = 1;

	while (less < 8 && longer / (less * 2) >= LEAST)
		less *= 2;
	jpeg->scale_num = 1;
	jpeg->scale_denom = less;
	jpeg->do_fancy_upsampling = less == 1;
	jpeg->out_color_space = jpeg->jpeg_color_space == JCS_YCCK || jpeg->jpeg_color_space == JCS_CMYK ?
		JCS_CMYK : JCS_RGB;
}

/* Adobe's inks are the wrong way round, and are all that is met. */
static void
drawing_colours(const struct drawing *w, size_t count)
{
	bool inks = w->jpeg.out_color_space == JCS_CMYK, inverted = w->jpeg.saw_Adobe_marker;

	for (size_t i = 0; i < count; i++)
		for (int k = 0; k < 3; k++) {
			unsigned ink = w->row[4 * i + k], black = w->row[4 * i + 3];

			w->rgba[4 * i + k] = !inks ? w->row[3 * i + k] : inverted ? (uint8_t)(ink * black / 255) :
				(uint8_t)((255 - ink) * (255 - black) / 255);
		}
}

/* A picture that is held as a whole has something of everywhere, even if cut. */
static void
drawing_rows(struct drawing *w)
{
	j_decompress_ptr jpeg = &w->jpeg;
	bool whole = jpeg_has_multiple_scans(jpeg);

	w->row = malloc(4 * (size_t)jpeg->output_width);
	w->rgba = malloc(4 * (size_t)jpeg->output_width);
	if (!w->row || !w->rgba)
		return;
	memset(w->rgba, 255, 4 * (size_t)jpeg->output_width);
	while (jpeg->output_scanline < jpeg->output_height) {
		unsigned y = jpeg->output_scanline * jpeg->scale_denom;

		if (jpeg_read_scanlines(jpeg, &w->row, 1) != 1 || (w->ended && !whole))
			return;
		drawing_colours(w, jpeg->output_width);
		canvas_add(w->canvas, 0, y, jpeg->scale_denom, w->rgba, jpeg->output_width);
	}
}

static void
drawing_picture(struct drawing *w)
{
	j_decompress_ptr jpeg = &w->jpeg;

	if (setjmp(w->out))
		return;
	drawing_begin(w);
	(void)jpeg_read_header(jpeg, TRUE);
	/* Never more than was looked at. */
	if (!image_fits(jpeg->image_width, jpeg->image_height,
			jpeg->arith_code ? IMAGE_WHOLE_MEGAPIXELS_MAX : IMAGE_MEGAPIXELS_MAX, w->refused))
		return;
	drawing_shape(jpeg);
	(void)jpeg_start_decompress(jpeg);
	drawing_rows(w);
}

bool
jpeg_draw(struct image *m, struct canvas *c, struct fault *why)
{
	struct drawing *w = xalloc(sizeof(*w));

	*w = (struct drawing){ .all = m->all, .canvas = c, .why = why, .refused = &m->refused };
	drawing_picture(w);
	jpeg_destroy_decompress(&w->jpeg);
	free(w->row);
	free(w->rgba);
	free(w);
	return !*why->text && !*m->refused.text;
}
