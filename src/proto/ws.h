#ifndef PROTO_WS_H
#define PROTO_WS_H

#include "soth/head.h"
#include "soth/part.h"

/*
 * What a WebSocket is on the wire: a frame's header (RFC 6455 section 5.2),
 * its mask (5.3), what a close frame may say (7.4), and what the two have
 * agreed on (RFC 7692). No state: observe_ws.c has that.
 *
 *	 0 1 2 3 4 5 6 7 8 9 a b c d e f
 *	+-+-+-+-+-------+-+-------------+-- 0, 2 or 8 bytes --+-- 0 or 4 --+-- ...
 *	|F|R|R|R| op    |M| length      | the length, where   | mask       | payload
 *	|I|S|S|S| code  | | (126: be16, | the seven bits did  |            |
 *	|N|1|2|3|       | |  127: be64) | not do              |            |
 *	+-+-+-+-+-------+-+-------------+---------------------+------------+-- ...
 */
enum { WS_HEADER_MAX = 14, WS_CONTROL_MAX = 125 };

struct ws_header {
	uint32_t code;		/* of enum ws_bits: WS_OPCODE to WS_MASKED */
	uint64_t length;	/* of the payload */
	uint8_t mask[4];
	bool longer;		/* the length would have fit a shorter form */
};

/* How many bytes the header has, as far as `first` tells: read it when so many
 * are there. (2, or with two bytes the whole.) */
size_t ws_header_size(struct bytes first);
struct ws_header ws_header_read(struct bytes header);

/* To and from may be the same. `at`: how much of the payload came before. */
void ws_unmask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[4], uint64_t at);

bool ws_close_code_valid(unsigned code);

/* What one side may do, as the response's Sec-WebSocket-Extensions has it. */
struct ws_extension {
	bool deflate;		/* permessage-deflate */
	bool no_takeover;	/* each message has a window of its own */
	unsigned window_bits;
	bool foreign;		/* one that we do not know: what RSV bits and opcodes mean is its affair */
	bool wrong;		/* permessage-deflate with parameters that it does not have (RFC 7692 section 7.1) */
};
struct ws_extension ws_extension_of(enum side side, const struct head *response);

#endif
