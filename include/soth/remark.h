#ifndef SOTH_REMARK_H
#define SOTH_REMARK_H

#include "soth/note.h"

/*
 * What a person says of a flow: the text of a REMARK note is a word, and what
 * is said behind a space. The newest of each word counts; nothing said takes
 * it back.
 *
 * To add one, add its line: the row keeps it, and so does the flow.
 *
 *	name, word, bytes of it that are kept, what is said
 */
#define REMARKS(_) \
	_(MARK,		"mark",		48,	"a colour's name, a sign, or both") \
	_(COMMENT,	"comment",	2000,	"anything")

enum remark {
#define REMARK_ENUM(name, word, most, about) REMARK_##name,
	REMARKS(REMARK_ENUM)
#undef REMARK_ENUM
	REMARK_COUNT
};

/* For one, with a NUL. */
enum { REMARK_ROOM = 2048 };

const char *remark_word(enum remark which);
size_t remark_most(enum remark which);		/* bytes */
/* False: it is none that we know. *said is borrowed, and no longer than may be; it ends before a NUL. */
bool remark_read(const struct note *n, enum remark *which, struct bytes *said);
/* The note that says so, of that flow. */
struct note remark_note(flow_id flow, uint64_t when, enum remark which, struct bytes said);

#endif
