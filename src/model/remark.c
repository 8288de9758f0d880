/* What a person says of a flow, in a note and out of it. */
#include <string.h>

#include "soth/remark.h"

static const struct { const char *word; size_t most; } remarks[REMARK_COUNT] = {
#define REMARK_ROW(name, word, most, about) [REMARK_##name] = { word, most },
	REMARKS(REMARK_ROW)
#undef REMARK_ROW
};

const char *
remark_word(enum remark which)
{
	return remarks[which].word;
}

size_t
remark_most(enum remark which)
{
	return remarks[which].most;
}

/* Cut between two characters of UTF-8. */
static struct bytes
cut(struct bytes said, size_t most)
{
	if (said.len)
		said.len = strnlen((const char *)said.at, said.len);
	if (said.len <= most)
		return said;
	said.len = most;
	while (said.len && (said.at[said.len] & 0xc0) == 0x80)
		said.len--;
	return said;
}

bool
remark_read(const struct note *n, enum remark *which, struct bytes *said)
{
	struct bytes text = n->kind == NOTE_REMARK && n->part.kind == PART_DATA ? n->part.data.bytes : (struct bytes){ 0 };

	for (int i = 0; i < REMARK_COUNT; i++) {
		size_t len = strlen(remarks[i].word);

		if (text.len < len || memcmp(text.at, remarks[i].word, len) || (text.len > len && text.at[len] != ' '))
			continue;
		*which = (enum remark)i;
		*said = cut(bytes_from(text, text.len > len ? len + 1 : len), remarks[i].most);
		return true;
	}
	return false;
}

struct note
remark_note(flow_id flow, uint64_t when, enum remark which, struct bytes said)
{
	char text[4096];
	size_t len = strlen(remarks[which].word);

	said = cut(said, remarks[which].most);
	memcpy(text, remarks[which].word, len);
	if (said.len) {
		text[len++] = ' ';
		memcpy(text + len, said.at, said.len);
	}
	return (struct note){ .kind = NOTE_REMARK, .flow = flow, .when = when, .part = { .kind = PART_DATA,
		.data = slice_copy((struct bytes){ (const uint8_t *)text, len + said.len }) } };
}
