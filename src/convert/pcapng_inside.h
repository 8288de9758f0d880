#ifndef CONVERT_PCAPNG_INSIDE_H
#define CONVERT_PCAPNG_INSIDE_H

#include <stdio.h>

#include "soth/buf.h"
#include "soth/flow.h"
#include "soth/store.h"

/*
 * A capture file, put together from below: blocks (pcapng_block.c), packets of
 * a conversation in them (pcapng_talk.c) between two ends (pcapng_ends.c),
 * and what is said there: HTTP/1.1, WebSocket or plain bytes (pcapng_http.c),
 * or HTTP/2 (pcapng_h2.c).
 */
enum { PCAPNG_COMMENT_MAX = 8192, PCAPNG_SEGMENT = 1400, PCAPNG_PACKET_MAX = 65535 };

/* An address is 16 bytes: IPv4 as ::ffff:a.b.c.d. */
struct pcapng_end { uint8_t ip[16]; uint16_t port; };

struct pcapng_names;

struct pcapng {
	FILE *out;
	struct pcapng_names *names;
	uint8_t port[65536 / 8];	/* the clients' that are taken */
	unsigned next_port;	/* where the search for one begins: see pcapng_ends.c */
};

void pcapng_begin(struct pcapng *p);
/* The bytes of one packet are those of `head`, then of `data`. An empty comment is none. */
void pcapng_packet(struct pcapng *p, uint64_t when, struct bytes head, struct bytes data, struct bytes comment);
void pcapng_name(struct pcapng *p, const uint8_t ip[16], struct bytes name);

/* Both ends of a flow, of one family; names get addresses, and are told. */
struct pcapng_ends {
	struct pcapng_end at[2];
	bool v6;
	uint16_t port;		/* the server's own, where the one in `at` is another */
	struct bytes server;	/* the address that was connected to; empty: not known. Of `first` or the flow */
	struct flow first;	/* the flow with the steps of this connection; its id 0: none was read */
};
struct pcapng_names *pcapng_names_new(void);
void pcapng_names_free(struct pcapng_names *n);
/* `ends` is zeroed, or what the flow before had: its `first` is kept where it is the same. */
void pcapng_ends(struct pcapng *p, struct store *s, const struct flow *f, struct pcapng_ends *ends);

/*
 * A conversation. What one side says is collected into segments; talk_flush()
 * sends what is left. `when` is the time of all that is sent, and does not go back.
 */
struct talk {
	struct pcapng *file;
	const struct pcapng_ends *ends;
	uint64_t when;
	uint32_t seq[2], unacked[2];	/* the next to be sent; what came and was not acknowledged */
	bool closed[2];
	struct buf comment;	/* of the packet to come */
	enum side side;		/* whose segment that is: */
	size_t len;
	uint8_t segment[PCAPNG_SEGMENT];
};
void talk_init(struct talk *t, struct pcapng *file, const struct pcapng_ends *ends, flow_id id);
void talk_release(struct talk *t);
void talk_comment(struct talk *t, const char *fmt, ...) PRINTF(2, 3);	/* a line more */
void talk_comment_more(struct talk *t, const char *fmt, ...) PRINTF(2, 3);	/* the line goes on */
/* ... with what others said, made fit to be read. */
void talk_comment_text(struct talk *t, struct bytes foreign, size_t most);
void talk_open(struct talk *t, uint64_t asked, uint64_t answered);
void talk_put(struct talk *t, enum side side, struct bytes b);
void talk_flush(struct talk *t);
void talk_close(struct talk *t, enum side side);
void talk_datagram(struct talk *t, enum side side, struct bytes b);

/* What is said: how each kind of part becomes bytes. */
struct speech {
	struct talk *talk;
	const struct flow *flow;
	bool raw;		/* behind an upgrade, or without a request: bytes as they are */
	bool last;		/* the END of that side follows */
	bool headed[2], ended[2], chunked[2];
	struct head *trailer[2];
};
typedef void speech_part(struct speech *s, enum side side, const struct part *p);
extern speech_part *const speech_http[PART_COUNT], *const speech_h2[PART_COUNT], *const speech_udp[PART_COUNT];
void speech_h2_open(struct speech *s);
bool speech_switches(const struct speech *s, const struct head *answer);	/* what follows are bytes */
bool speech_bodiless(const struct speech *s, enum side side, const struct head *h);

/* RFC 6455 section 5.2: the header before a message that is one frame; the
 * client's with a mask of zeros, which changes nothing. */
enum { SPEECH_FRAME_MAX = 14 };
size_t speech_frame(enum side side, const struct part *message, uint8_t to[SPEECH_FRAME_MAX]);
void speech_skipped(struct speech *s, enum side side, const struct part *p);
void speech_fault(struct speech *s, enum side side, const struct part *p);
void speech_reset(struct speech *s, enum side side, const struct part *p);
void speech_message(struct speech *s, const struct part *p);	/* what of it is not as it was */

/* Numbers as networks write them. */
static inline uint8_t *
put16(uint8_t *to, uint32_t n)
{
	to[0] = (uint8_t)(n >> 8);
	to[1] = (uint8_t)n;
	return to + 2;
}

static inline uint8_t *
put32(uint8_t *to, uint32_t n)
{
	return put16(put16(to, n >> 16), n & 0xffff);
}

#endif
