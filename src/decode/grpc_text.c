/*
 * gRPC-Web in Base64 (RFC 4648 section 4), which may end and begin again after
 * any frame, or within: four characters after four, some of them padded.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 *
 * No character is read before the frame it is of is whole, but for those of
 * its prefix: so there is nothing to be kept but what is decoded and left of
 * four characters.
 */
#include <stdlib.h>
#include <string.h>

#include "grpc_inside.h"

enum { QUANTUM = 4, LINE_END = 2, BAD = -1 };

static int
base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : BAD;
}

/* Four characters: one to three bytes. BAD: they are none. */
static int
base64_quantum(const uint8_t at[QUANTUM], uint8_t out[3])
{
	int count = at[3] != '=' ? 3 : at[2] != '=' ? 2 : 1;
	uint32_t bits = 0;

	for (int i = 0; i < QUANTUM; i++) {
		int digit = i <= count ? base64_digit(at[i]) : 0;

		if (digit == BAD)
			return BAD;
		bits = bits << 6 | (uint32_t)digit;
	}
	for (int i = 0; i < 3; i++)
		out[i] = (uint8_t)(bits >> (16 - 8 * i));
	return count;
}

static bool
is_space(uint8_t c)
{
	return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

static void
read_space(struct reader *in, size_t most)
{
	while (most-- && in->rest.len && is_space(*in->rest.at))
		(void)read_u8(in);
}

/* The next of it, into the carry. Negative: it is no Base64; 0: it is not whole, and nothing is read. */
static int
text_take(struct grpc *g, struct reader *in)
{
	struct reader ahead = *in;
	int count;

	read_space(&ahead, LINE_END);
	if (ahead.rest.len < QUANTUM)
		return 0;
	count = base64_quantum(ahead.rest.at, g->carry + g->carried);
	if (count == BAD)
		return BAD;
	(void)read_bytes(&ahead, QUANTUM);
	*in = ahead;
	g->carried += (size_t)count;
	return count;
}

static void
text_drop(struct grpc *g, size_t n)
{
	memmove(g->carry, g->carry + n, g->carried - n);
	g->carried -= n;
}

/* Reads five bytes that are a frame's, or nothing. */
static bool
text_frame(struct grpc *g, struct reader *in, struct decode *d)
{
	struct reader r;
	struct grpc ahead = *g;

	read_space(in, SIZE_MAX);
	r = *in;
	while (ahead.carried < GRPC_PREFIX) {
		int count = text_take(&ahead, &r);

		if (count == BAD)
			return grpc_broken(g, in->rest, d, "no base64");
		if (!count)
			return false;
	}
	if (!grpc_frame_read(g, d, in->rest, (struct bytes){ ahead.carry, GRPC_PREFIX }, &ahead.frame))
		return false;
	*g = ahead;
	*in = r;
	text_drop(g, GRPC_PREFIX);
	g->seen = 0;
	g->counted = g->carried;
	g->framed = g->frame.length <= GRPC_TEXT_SHOWN_MAX;
	if (!g->framed)
		grpc_pass(g, d, &g->frame);
	return true;
}

/* Looks on for the payload's end. False: it is not there, or no Base64. */
static bool
text_look(struct grpc *g, struct bytes rest, struct decode *d)
{
	uint8_t out[3];

	while (g->counted < g->frame.length) {
		int count = BAD;

		while (g->seen < rest.len && is_space(rest.at[g->seen]))
			g->seen++;
		if (rest.len - g->seen < QUANTUM)
			return false;
		count = base64_quantum(rest.at + g->seen, out);
		if (count == BAD)
			return grpc_broken(g, rest, d, "no base64");
		g->seen += QUANTUM;
		g->counted += (size_t)count;
	}
	return true;
}

/* What has been looked at, decoded; to be freed. Room for three more. */
static uint8_t *
text_decoded(const struct grpc *g, struct bytes looked)
{
	uint8_t *all = xalloc(g->counted + 3);
	size_t n = g->carried;

	memcpy(all, g->carry, n);
	for (size_t i = 0; i + QUANTUM <= looked.len; ) {
		if (is_space(looked.at[i])) {
			i++;
			continue;
		}
		n += (size_t)base64_quantum(looked.at + i, all + n);
		i += QUANTUM;
	}
	return all;
}

static bool
text_payload(struct grpc *g, struct reader *in, struct decode *d)
{
	size_t len = g->frame.length;
	uint8_t *all;

	if (!text_look(g, in->rest, d))
		return false;
	all = text_decoded(g, read_bytes(in, g->seen));
	grpc_payload(g, d, &g->frame, (struct bytes){ all, len });
	g->carried = g->counted - len;
	memcpy(g->carry, all + len, g->carried);
	g->framed = false;
	free(all);
	return true;
}

/* False: there is more to be passed over than has come. */
static bool
text_skip(struct grpc *g, struct reader *in, struct decode *d)
{
	while (g->skip) {
		size_t n = g->carried < g->skip ? g->carried : g->skip;
		int count = 0;

		text_drop(g, n);
		g->skip -= (uint32_t)n;
		if (g->skip && (count = text_take(g, in)) == BAD)
			return grpc_broken(g, in->rest, d, "no base64 within the one before");
		if (g->skip && !count)
			return false;
	}
	return true;
}

void
grpc_text_feed(struct grpc *g, struct reader *in, struct decode *d)
{
	while (text_skip(g, in, d) && (g->framed ? text_payload(g, in, d) : text_frame(g, in, d)))
		;
}

void
grpc_text_end(struct grpc *g, struct reader *in, struct decode *d)
{
	uint8_t *all;

	if (g->framed) {
		all = text_decoded(g, read_bytes(in, g->seen));
		in->rest.len = 0;
		grpc_payload(g, d, &g->frame, (struct bytes){ all, g->counted });
		grpc_cut(g, d, &g->frame, g->counted);
		free(all);
	} else if (g->carried || in->rest.len) {
		grpc_broken(g, in->rest, d, "cut off within its first five bytes");
	}
}
