#ifndef PROTOBUF_INSIDE_H
#define PROTOBUF_INSIDE_H

#include "soth/decode.h"
#include "soth/schema.h"
#include "wire.h"

/* What the files of the protobuf decoder share. */
enum { PROTOBUF_DEPTH_MAX = 64, PROTOBUF_FIXES_MAX = 64, PROTOBUF_NOTE_MAX = 160 };

struct protobuf;
struct look;

/* What a value may be taken for; its name is what a person says. */
struct kind {
	const char *name;	/* NULL: not to be said */
	unsigned wires;		/* a bit for each wire type that it may have */
	unsigned width;		/* packed: bytes of each, 0: a varint */
	void (*put)(struct doc *to, const struct look *l, uint64_t v);	/* a number in a word; NULL: none */
	/* Why this value is none of these; NULL: it is. */
	const char *(*unfit)(struct protobuf *p, const struct wire_field *f, const struct look *l);
	/* The rest of the line, and those below it; NULL: by put(). */
	void (*show)(struct protobuf *p, const struct wire_field *f, const struct look *l);
};

/* How a value is to be shown. */
struct look {
	const struct kind *kind;
	bool guessed;		/* what else it may be stands beside */
	const struct schema_message *message;	/* NULL: its fields are not known */
	const struct schema_enum *values;	/* NULL: not known */
};

/* What the fields that come are of; all NULL: not known. */
struct scope {
	const struct schema_message *message;
	const struct schema_message *any;	/* what is in it, if it is a google.protobuf.Any */
};

struct fix {
	struct bytes path;
	const struct kind *kind;
};

struct protobuf {
	struct decode *d;
	struct doc *to;
	const struct schema *schema;	/* NULL: none */
	struct fix fix[PROTOBUF_FIXES_MAX];
	size_t fixes;
	struct { uint32_t number; struct bytes name; } path[PROTOBUF_DEPTH_MAX + 1];
	size_t depth;
	char note[PROTOBUF_NOTE_MAX];	/* stands beside the value; "": none */
	enum role note_role;
};

/* The fields of a message, as far as they can be read: then what is wrong. */
const char *protobuf_fields(struct protobuf *p, struct reader *r, struct scope in);
void protobuf_note(struct protobuf *p, enum role role, const char *fmt, ...) PRINTF(3, 4);
void protobuf_line(struct protobuf *p);		/* ends the line, with the note */

const struct kind *kind_named(struct bytes name);	/* NULL: there is none */
const struct kind *kind_typed(const struct schema_field *f, enum wire wire);	/* NULL: its type is not known */
/* Why it does not suit; NULL: it does. */
const char *kind_unfit(struct protobuf *p, const struct kind *k, const struct wire_field *f, const struct look *l);
void kind_show(struct protobuf *p, const struct wire_field *f, const struct look *l);

void message_show(struct protobuf *p, const struct wire_field *f, const struct look *l);
void packed_show(struct protobuf *p, const struct wire_field *f, const struct look *l);
const char *packed_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l);
void text_show(struct protobuf *p, const struct wire_field *f, const struct look *l);
void bytes_show(struct protobuf *p, const struct wire_field *f, const struct look *l);
void json_show(struct protobuf *p, const struct wire_field *f, const struct look *l);

/* By the schema. False: it does not say, or not this; a note says so. */
bool typed_look(struct protobuf *p, const struct wire_field *f, const struct scope *in, struct look *l);
/* What the message comes to, if it is one of those that are well known. */
void typed_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload);
/* An entry of a map on one line; false: it is none, or takes more. */
bool typed_entry(struct protobuf *p, const struct wire_field *f, const struct schema_field *map);
struct scope typed_scope(const struct protobuf *p, const struct schema_message *m, struct bytes payload);
/* What the whole is, as the hint says; NULL: not known. */
const struct schema_message *typed_root(struct protobuf *p);

void real_put(struct doc *to, enum role role, double v, bool single);
bool time_of_message(struct bytes message, char out[40]);	/* google.protobuf.Timestamp */
bool time_words(int64_t seconds, uint32_t nanos, char out[40]);	/* false: no date of four digits */

const struct kind *guess_kind(const struct protobuf *p, const struct wire_field *f);
/* What else the value may be, after it. */
void guess_beside(struct protobuf *p, const struct wire_field *f);

/* The hint's fixes; a line that says nothing is shown as wrong. */
void fixes_read(struct protobuf *p, struct bytes lines);
const struct kind *fix_find(const struct protobuf *p);		/* NULL: none for the path */

#endif
