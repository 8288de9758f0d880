/*
 * Packets of a conversation that never was: IP, and TCP (RFC 9293) or UDP (RFC 768) in it.
 *
 *	IPv4	45 00 length 2, id 2, 40 00 (not to be cut), ttl protocol checksum 2, from 4, to 4	RFC 791
 *	IPv6	60 00 00 00 length of what follows 2, protocol, hops, from 16, to 16			RFC 8200
 *	TCP	from 2, to 2, sequence 4, acknowledged 4, length/4 << 12 | flags 2, window 2, checksum 2, urgent 2
 *	UDP	from 2, to 2, length 2, checksum 2
 */
#include <stdarg.h>
#include <string.h>

#include "pcapng_inside.h"
#include "soth/utf8.h"

enum {
	FIN = 1, SYN = 2, PSH = 8, ACK = 16,
	TCP = 6, UDP = 17,
	HOPS = 64, WINDOW = 65535, TCP_SIZE = 20, MSS_SIZE = 4, UDP_SIZE = 8, HEADERS_MAX = 40 + 24,
	UNACKED_MAX = 32 * PCAPNG_SEGMENT,	/* of a window */
};
static const uint32_t first_client = 0x9e3779b1, first_server = 0x85ebca77;	/* spread the first sequence numbers */

/* RFC 1071, over pieces whose lengths are even, but for the last, and below 64 KiB: so it cannot overflow. */
static uint32_t
sum(uint32_t so_far, struct bytes b)
{
	size_t i = 0;

	for (; i + 1 < b.len; i += 2)
		so_far += (uint32_t)b.at[i] << 8 | b.at[i + 1];
	if (i < b.len)
		so_far += (uint32_t)b.at[i] << 8;
	so_far = (so_far & 0xffff) + (so_far >> 16);
	return (so_far & 0xffff) + (so_far >> 16);
}

/* Of both addresses, and what else the checksum of TCP and UDP covers. */
static uint32_t
sum_pseudo(const struct talk *t, unsigned protocol, size_t len)
{
	const size_t skip = t->ends->v6 ? 0 : 12;
	uint32_t n = sum((uint32_t)(protocol + len), (struct bytes){ t->ends->at[CLIENT].ip + skip, 16 - skip });

	return sum(n, (struct bytes){ t->ends->at[SERVER].ip + skip, 16 - skip });
}

static uint8_t *
ip_v4(const struct talk *t, enum side from, unsigned protocol, size_t len, uint8_t *to)
{
	uint8_t *at = put32(put32(to, 0x45000000 | (uint32_t)(20 + len)), 0x4000);

	at = put16(put16(at, HOPS << 8 | protocol), 0);
	memcpy(at, t->ends->at[from].ip + 12, 4);
	memcpy(at + 4, t->ends->at[!from].ip + 12, 4);
	put16(to + 10, ~sum(0, (struct bytes){ to, 20 }));
	return at + 8;
}

static uint8_t *
ip_v6(const struct talk *t, enum side from, unsigned protocol, size_t len, uint8_t *to)
{
	to = put32(put32(to, 0x60000000), (uint32_t)len << 16 | protocol << 8 | HOPS);
	memcpy(to, t->ends->at[from].ip, 16);
	memcpy(to + 16, t->ends->at[!from].ip, 16);
	return to + 32;
}

static uint8_t *
ports(const struct talk *t, enum side from, uint8_t *to)
{
	return put16(put16(to, t->ends->at[from].port), t->ends->at[!from].port);
}

/* With the comment that waits, if there is one. */
static void
packet(struct talk *t, enum side from, unsigned protocol, uint8_t *inner, size_t size, size_t sum_at,
	struct bytes data)
{
	uint8_t head[HEADERS_MAX];
	uint8_t *end = (t->ends->v6 ? ip_v6 : ip_v4)(t, from, protocol, size + data.len, head);
	uint32_t n = sum(sum(sum_pseudo(t, protocol, size + data.len), (struct bytes){ inner, size }), data);

	n = ~n & 0xffff;
	put16(inner + sum_at, protocol == UDP && !n ? 0xffff : n);
	memcpy(end, inner, size);
	pcapng_packet(t->file, t->when, (struct bytes){ head, (size_t)(end - head) + size }, data, buf_bytes(&t->comment));
	buf_eat(&t->comment, t->comment.len);
}

static void
tcp(struct talk *t, enum side from, unsigned flags, struct bytes data)
{
	const size_t size = TCP_SIZE + (flags & SYN ? MSS_SIZE : 0);
	uint8_t head[TCP_SIZE + MSS_SIZE], *at = ports(t, from, head);

	at = put32(at, t->seq[from]);
	at = put32(at, flags & ACK ? t->seq[!from] : 0);
	at = put16(at, (uint32_t)(size / 4) << 12 | flags);
	at = put32(put16(at, WINDOW), 0);
	put32(at, 2 << 24 | MSS_SIZE << 16 | PCAPNG_SEGMENT);	/* RFC 9293 section 3.7.1 */
	packet(t, from, TCP, head, size, 16, data);
	t->seq[from] += (uint32_t)data.len + !!(flags & (SYN | FIN));
	t->unacked[!from] += (uint32_t)data.len;
	t->unacked[from] = 0;
	if (t->unacked[!from] >= UNACKED_MAX)
		tcp(t, !from, ACK, (struct bytes){ 0 });
}

void
talk_init(struct talk *t, struct pcapng *file, const struct pcapng_ends *ends, flow_id id)
{
	*t = (struct talk){ .file = file, .ends = ends,
		.seq = { (uint32_t)id * first_client, (uint32_t)id * first_server } };
	buf_init(&t->comment, PCAPNG_COMMENT_MAX);
}

void
talk_release(struct talk *t)
{
	buf_release(&t->comment);
}

/* What does not fit is left out, so that characters stay whole. */
static void
comment_add(struct talk *t, struct bytes text)
{
	if (text.len && !buf_add(&t->comment, text))
		return;
}

static void
comment_format(struct talk *t, const char *fmt, va_list ap)
{
	char words[512];

	vsnprintf(words, sizeof(words), fmt, ap);
	comment_add(t, bytes_of(words));
}

void
talk_comment(struct talk *t, const char *fmt, ...)
{
	va_list ap;

	if (t->comment.len)
		comment_add(t, LIT("\n"));
	va_start(ap, fmt);
	comment_format(t, fmt, ap);
	va_end(ap);
}

void
talk_comment_more(struct talk *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	comment_format(t, fmt, ap);
	va_end(ap);
}

void
talk_comment_text(struct talk *t, struct bytes foreign, size_t most)
{
	const bool cut = foreign.len > most;
	uint32_t rune;

	if (cut)
		foreign.len = most;
	for (size_t n; foreign.len; foreign = bytes_from(foreign, n)) {
		n = utf8_next(foreign, &rune);
		if (utf8_printable(rune) && utf8_valid((struct bytes){ foreign.at, n }))
			comment_add(t, (struct bytes){ foreign.at, n });
		else
			comment_add(t, LIT("?"));
	}
	if (cut)
		comment_add(t, LIT("..."));
}

void
talk_open(struct talk *t, uint64_t asked, uint64_t answered)
{
	t->when = asked;
	tcp(t, CLIENT, SYN, (struct bytes){ 0 });
	t->when = answered > asked ? answered : asked;
	tcp(t, SERVER, SYN | ACK, (struct bytes){ 0 });
	tcp(t, CLIENT, ACK, (struct bytes){ 0 });
}

void
talk_flush(struct talk *t)
{
	const size_t len = t->len;

	t->len = 0;
	if (len)
		tcp(t, t->side, PSH | ACK, (struct bytes){ t->segment, len });
}

void
talk_put(struct talk *t, enum side side, struct bytes b)
{
	if (t->closed[side])
		return;
	if (side != t->side)
		talk_flush(t);
	t->side = side;
	while (b.len) {
		size_t room = sizeof(t->segment) - t->len, n = b.len < room ? b.len : room;

		memcpy(t->segment + t->len, b.at, n);
		t->len += n;
		b = bytes_from(b, n);
		if (t->len == sizeof(t->segment)) {
			t->len = 0;
			tcp(t, side, b.len ? ACK : PSH | ACK, (struct bytes){ t->segment, sizeof(t->segment) });
		}
	}
}

void
talk_close(struct talk *t, enum side side)
{
	talk_flush(t);
	if (t->closed[side])
		return;
	t->closed[side] = true;
	tcp(t, side, FIN | ACK, (struct bytes){ 0 });
	tcp(t, !side, ACK, (struct bytes){ 0 });
}

void
talk_datagram(struct talk *t, enum side side, struct bytes b)
{
	const size_t most = PCAPNG_PACKET_MAX - UDP_SIZE - (t->ends->v6 ? 0 : 20);
	uint8_t head[UDP_SIZE];

	if (b.len > most) {
		talk_comment(t, "the first %zu of %zu bytes: more are in no datagram", most, b.len);
		b.len = most;
	}
	put16(put16(ports(t, side, head), (uint32_t)(UDP_SIZE + b.len)), 0);
	packet(t, side, UDP, head, sizeof(head), 6, b);
}
