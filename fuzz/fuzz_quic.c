/*
 * QUIC from a hostile client. Whoever makes it up cannot be stopped by a tag,
 * so what stands in the packets is sealed here:
 *
 *	0x80 set	the input is one datagram
 *	else		2 bytes length, so many of a datagram, ...; 0x40 set: sealed, they are the frames of an
 *			Initial, 0x01 set: of version 2
 */
#include "../src/proto/quic.h"
#include "../tests/quic_seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FRAMES_MAX = 1400, SEALED_MAX = 2000 };

static unsigned
touch(struct bytes b)
{
	unsigned sum = 0;

	for (size_t i = 0; i < b.len; i++)
		sum += b.at[i];
	return sum;
}

static void
give(struct quic *q, struct bytes datagram)
{
	static volatile unsigned sink;
	bool was_whole = quic_hello(q);
	enum quic_kind kind = quic_read(q, datagram);
	const struct hello *h = quic_hello(q);

	seal_must(!h == (kind != QUIC_HELLO) && (h || !was_whole));
	seal_must(kind == QUIC_NOT || quic_version(q));
	if (!h)
		return;
	sink += touch(h->name);
	for (size_t i = 0; i < h->alpns; i++)
		sink += touch(h->alpn[i]);
}

static void
give_sealed(struct quic *q, uint8_t how, struct bytes frames)
{
	struct sealer s = { .version = how & 1 ? QUIC_V2 : QUIC_V1, .dcid = LIT("12345678") };
	struct buf b;

	if (frames.len < 4 || frames.len > FRAMES_MAX)
		return;
	buf_init(&b, SEALED_MAX);
	seal_initial(&s, frames, &b);
	give(q, buf_bytes(&b));
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { .rest = { data, size } };
	struct quic *q = quic_new();
	uint8_t how = size ? *data : 0;

	if (how & 0x80)
		give(q, r.rest);
	else
		(void)read_u8(&r);
	while (!(how & 0x80) && r.rest.len > 2) {
		size_t len = read_be16(&r);
		struct bytes one = read_bytes(&r, len < r.rest.len ? len : r.rest.len);

		if (how & 0x40)
			give_sealed(q, how, one);
		else
			give(q, one);
	}
	quic_free(q);
	return 0;
}
