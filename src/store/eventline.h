#ifndef STORE_EVENTLINE_H
#define STORE_EVENTLINE_H

#include "eventlog.h"
#include "soth/buf.h"
#include "soth/protocol.h"
#include "tally.h"

/*
 * What the files of the event log share: eventlog.c (which event a note is),
 * turns.c (those of WebSockets), blocks.c (those of event streams), and
 * eventline.c, which writes a line.
 */
struct logged {			/* a live flow */
	uint64_t number;	/* in the log: by their first event; 0: has none yet */
	uint64_t events;	/* so far */
	struct origin *origin;
	struct head *request;	/* until its answer's head comes */
	const char *spoken;	/* "http1": what the events from now on call the protocol */
	enum protocol protocol;
	bool http;		/* its bodies are bodies */
	bool unread;		/* a switch says that the WebSocket passes as bytes */
	uint64_t bytes[2];	/* of each side's body, kept or not */
	uint64_t chunk[2];	/* ... not yet written */
	struct turns *turns;	/* of a WebSocket; or NULL */
	struct blocks *blocks;	/* of an event stream; or NULL */
};

struct eventlog {
	int fd;
	char *path;
	struct buf batch;
	struct map *flows;
	struct tally *tally;	/* of failed handshakes */
	uint64_t learned, unlearned;	/* ... that taught something, and that did not */
	uint64_t numbers, events;	/* given out so far */
};

/* The attributes of one event, as they are gathered. */
struct attributes;

struct attributes *attributes_new(void);
void attribute(struct attributes *a, const char *name, struct bytes value);
void attribute_count(struct attributes *a, const char *name, uint64_t value);
void attribute_yes(struct attributes *a, const char *name, bool value);		/* "true" "false" */
void eventline_schema(struct eventlog *l);
/* Takes the attributes; NULL: there are none. */
void eventline(struct eventlog *l, struct logged *f, enum log_event event, struct attributes *a);

/* turns.c. Frames are told as notes of MESSAGE and FRAME; see soth-events(7) for turns. */
void turns_open(struct eventlog *l, struct logged *f);
void turns_part(struct eventlog *l, struct logged *f, const struct note *n);	/* MESSAGE FRAME FAULT */
void turns_gone(struct eventlog *l, struct logged *f, const struct note *n);
void turns_free(struct turns *t);

/* blocks.c. One event for each block of the stream that has data. */
void blocks_open(struct logged *f, const struct head *response);
void blocks_part(struct eventlog *l, struct logged *f, const struct note *n);	/* DATA MARK */
void blocks_end(struct eventlog *l, struct logged *f);
void blocks_free(struct blocks *b);

#endif
