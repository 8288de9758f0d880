/* Any bytes, as a record of a session: a note or a fault, never more. */
#include "../src/format/soth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault why;
	struct note n, again;
	uint64_t back;
	struct buf b;

	if (!soth_unpack((struct bytes){ data, size }, &n, &back, &why))
		return 0;
	/* What was read can be written, and is then read as the same. */
	buf_init(&b, 64 << 20);
	if (!soth_pack(&n, back, &b) || !soth_unpack(buf_bytes(&b), &again, &back, &why) ||
			again.kind != n.kind || again.flow != n.flow || note_weight(&again) != note_weight(&n))
		__builtin_trap();
	note_drop(&again);
	note_drop(&n);
	buf_release(&b);
	return 0;
}
