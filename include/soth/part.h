#ifndef SOTH_PART_H
#define SOTH_PART_H

#include "soth/head.h"
#include "soth/slice.h"

/*
 * A piece of a message: the one noun that goes all the way from the wire to
 * the screen. A codec makes parts of bytes, an exchange passes them on, a
 * note carries them to the other thread, a flow is made of them, and a
 * session file is a list of them.
 *
 * A part is a value that owns its head or slice. Hand it on by part_move(),
 * which leaves PART_NONE behind, or by part_ref(), which makes a second one.
 */
#define PARTS(_) \
	_(NONE,		"nothing: moved away") \
	_(HEAD,		"start line and fields; of a response also each 1xx before it") \
	_(DATA,		"a run of body bytes, or of a tunnel's") \
	_(SKIP,		".count body bytes that passed on and were not kept") \
	_(MESSAGE,	"one whole WebSocket message") \
	_(TRAILER,	"fields after the body") \
	_(END,		"this side is complete") \
	_(RESET,	"this side broke off: .code, and .data in words")

enum part_kind {
#define PART_ENUM(name, about) PART_##name,
	PARTS(PART_ENUM)
#undef PART_ENUM
};

struct part {
	enum part_kind kind;
	uint32_t code;		/* MESSAGE: opcode. RESET: see who makes it */
	union {
		struct head *head;	/* HEAD, TRAILER */
		struct slice data;	/* DATA, MESSAGE, RESET */
		uint64_t count;		/* SKIP */
	};
};

struct part part_move(struct part *p);
struct part part_ref(const struct part *p);
void part_drop(struct part *p);
const char *part_name(enum part_kind kind);

#endif
