/*
 * Blocks of a capture file: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
 *
 *	type 4, length 4, body padded to 4, length 4		in the order of the machine that wrote it
 *	option: code 2, length 2, value padded to 4		the last is of code and length 0
 */
#include <string.h>

#include "pcapng_inside.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_NAMES = 4, BLOCK_PACKET = 6,
	BYTE_ORDER = 0x1a2b3c4d, LINKTYPE_RAW = 101,
	OPTION_COMMENT = 1, OPTION_APPLICATION = 4, OPTION_IF_NAME = 2, OPTION_IF_TSRESOL = 9,
	NAME_V4 = 1, NAME_V6 = 2,
	AROUND = 12,		/* bytes of a block that are not its body */
};

static const uint8_t nothing[4];

static void
put(struct pcapng *p, const void *at, size_t len)
{
	if (len)
		fwrite(at, 1, len, p->out);
}

static void
word(struct pcapng *p, uint32_t n)
{
	put(p, &n, sizeof(n));
}

static size_t
padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void
pad(struct pcapng *p, size_t len)
{
	put(p, nothing, padded(len) - len);
}

static size_t
option_size(struct bytes value)
{
	return value.len ? 4 + padded(value.len) : 0;
}

/* Options and records of names look the same. */
static void
option(struct pcapng *p, uint16_t code, struct bytes value)
{
	const uint16_t head[2] = { code, (uint16_t)value.len };

	if (!value.len)
		return;
	put(p, head, sizeof(head));
	put(p, value.at, value.len);
	pad(p, value.len);
}

static void
section(struct pcapng *p)
{
	static const uint16_t version[2] = { 1, 0 };
	const struct bytes application = LIT("soth");
	const uint32_t len = (uint32_t)(AROUND + 16 + option_size(application) + 4);

	word(p, BLOCK_SECTION);
	word(p, len);
	word(p, BYTE_ORDER);
	put(p, version, sizeof(version));
	word(p, UINT32_MAX);	/* of the section: not known */
	word(p, UINT32_MAX);
	option(p, OPTION_APPLICATION, application);
	word(p, 0);
	word(p, len);
}

static void
interface(struct pcapng *p)
{
	static const uint16_t link[2] = { LINKTYPE_RAW, 0 };
	const struct bytes name = LIT("soth"), microseconds = LIT("\x06");
	const uint32_t len = (uint32_t)(AROUND + 8 + option_size(name) + option_size(microseconds) + 4);

	word(p, BLOCK_INTERFACE);
	word(p, len);
	put(p, link, sizeof(link));
	word(p, 0);		/* packets are not cut */
	option(p, OPTION_IF_NAME, name);
	option(p, OPTION_IF_TSRESOL, microseconds);
	word(p, 0);
	word(p, len);
}

void
pcapng_begin(struct pcapng *p)
{
	section(p);
	interface(p);
}

void
pcapng_packet(struct pcapng *p, uint64_t when, struct bytes head, struct bytes data, struct bytes comment)
{
	const uint32_t size = (uint32_t)(head.len + data.len);
	const uint32_t len = (uint32_t)(AROUND + 20 + padded(size) + option_size(comment) + (comment.len ? 4 : 0));

	word(p, BLOCK_PACKET);
	word(p, len);
	word(p, 0);		/* the interface */
	word(p, (uint32_t)(when >> 32));
	word(p, (uint32_t)when);
	word(p, size);		/* as captured */
	word(p, size);		/* as it was */
	put(p, head.at, head.len);
	put(p, data.at, data.len);
	pad(p, size);
	option(p, OPTION_COMMENT, comment);
	if (comment.len)
		word(p, 0);
	word(p, len);
}

void
pcapng_name(struct pcapng *p, const uint8_t ip[16], struct bytes name)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };
	const size_t skip = memcmp(ip, mapped, sizeof(mapped)) ? 0 : sizeof(mapped);
	uint8_t record[16 + 256];
	size_t n = 16 - skip;
	uint32_t len;

	if (name.len > sizeof(record) - 17)
		name.len = sizeof(record) - 17;
	memcpy(record, ip + skip, n);
	memcpy(record + n, name.at, name.len);
	n += name.len;
	record[n++] = 0;
	len = (uint32_t)(AROUND + 4 + padded(n) + 4);
	word(p, BLOCK_NAMES);
	word(p, len);
	option(p, skip ? NAME_V4 : NAME_V6, (struct bytes){ record, n });
	word(p, 0);
	word(p, len);
}
