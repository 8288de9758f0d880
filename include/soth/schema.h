#ifndef SOTH_SCHEMA_H
#define SOTH_SCHEMA_H

#include "soth/base.h"

/*
 * What Protocol Buffers mean: messages, enums and methods by name, as
 * descriptor sets (`protoc --include_imports -o X.pb`) or .proto files say.
 * A .proto file is handed to protoc, which must be there for that.
 *
 * A schema does not change once it is loaded, and may be read by any thread.
 * All that it hands out is good until schema_free(). Files are not trusted:
 * names may hold any byte, and what refers to nothing is NULL. Of two things
 * of one name the first holds.
 */
struct schema;

/* As FieldDescriptorProto numbers them. */
enum schema_type {
	SCHEMA_DOUBLE = 1, SCHEMA_FLOAT, SCHEMA_INT64, SCHEMA_UINT64, SCHEMA_INT32, SCHEMA_FIXED64, SCHEMA_FIXED32,
	SCHEMA_BOOL, SCHEMA_STRING, SCHEMA_GROUP, SCHEMA_MESSAGE, SCHEMA_BYTES, SCHEMA_UINT32, SCHEMA_ENUM,
	SCHEMA_SFIXED32, SCHEMA_SFIXED64, SCHEMA_SINT32, SCHEMA_SINT64, SCHEMA_TYPES
};

struct schema_value { struct bytes name; int32_t number; };

struct schema_enum {
	struct bytes name;			/* "pkg.Status" */
	const struct schema_value *value;	/* by number */
	size_t values;
};

struct schema_field {
	struct bytes name;
	struct bytes oneof;			/* that it is of; empty: none */
	uint32_t number;
	enum schema_type type;
	bool repeated;
	bool packed;				/* so a writer would write it; readers take both */
	const struct schema_message *message;	/* GROUP, MESSAGE; NULL: not in the schema */
	const struct schema_enum *enumeration;	/* ENUM; NULL: not in the schema */
};

struct schema_message {
	struct bytes name;			/* "pkg.Outer.Inner" */
	const struct schema_field *field;	/* by number */
	size_t fields;
	bool map_entry;				/* of a map: 1 the key, 2 the value */
};

/* NULL: a fault, which names the file. */
struct schema *schema_load(const char *const *paths, size_t count, struct fault *why) MUST_USE;
/* Of a descriptor set in memory, which is copied; `name` is for faults. */
struct schema *schema_of(struct bytes set, const char *name, struct fault *why) MUST_USE;
void schema_free(struct schema *s);

/* NULL: not in there. A dot before the name, and all up to its last slash, do not count. */
const struct schema_message *schema_message(const struct schema *s, struct bytes name);
const struct schema_enum *schema_enum(const struct schema *s, struct bytes name);
const struct schema_field *schema_field(const struct schema_message *m, uint32_t number);
struct bytes schema_value(const struct schema_enum *e, int32_t number);		/* its name; empty: none */

/* What the method of "/pkg.Service/Method?query" is sent by that side. A path
 * may have more in front. */
const struct schema_message *schema_sent(const struct schema *s, struct bytes path, enum side side);

#endif
