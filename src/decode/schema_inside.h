#ifndef SCHEMA_INSIDE_H
#define SCHEMA_INSIDE_H

#include "soth/map.h"
#include "soth/schema.h"

/* What the files of the schema share. */
struct schema_method { const struct schema_message *sent[2]; };	/* by side */

struct schema {
	struct map *messages, *enums, *methods;		/* by full name; "pkg.Service/Method" */
	struct schema_piece *pieces;			/* all that it keeps */
	struct schema_late *late;			/* references, while it loads */
	size_t things, kept;				/* counted against limits */
};

enum { SCHEMA_FILE_MAX = 16 << 20, SCHEMA_FILES_MAX = 64 };

/* Zeroed, and kept until the schema is freed. */
void *schema_keep(struct schema *s, size_t size);
/* A FileDescriptorSet. The bytes must last as long as the schema. */
bool schema_read(struct schema *s, struct bytes set, const char *name, struct fault *why) MUST_USE;
/* All references, once all files are read. */
void schema_link(struct schema *s);
/* protoc makes a descriptor set at `to` of the .proto file. */
bool protoc_run(const char *path, const char *to, struct fault *why) MUST_USE;

#endif
