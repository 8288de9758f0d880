/* Any notes, in any order: the event log and the machine of their order take them all. */
#include "../src/format/soth.h"
#include "../src/store/eventlog.h"
#include "soth/ordering.h"

enum { FLOWS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A session without its first line: a length, a crc that does not matter here, a note. */
static struct bytes
next_record(struct bytes *rest)
{
	size_t len = rest->len >= 8 ? rest->at[0] | (size_t)rest->at[1] << 8 | (size_t)rest->at[2] << 16 : 0;
	struct bytes record;

	if (rest->len < 8)
		return (struct bytes){ 0 };
	record = (struct bytes){ rest->at + 8, len < rest->len - 8 ? len : rest->len - 8 };
	rest->len -= 8 + record.len;
	rest->at += 8 + record.len;
	return record;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size }, record;
	struct ordering_flow flow[FLOWS] = { 0 };
	struct ordering o = { 0 };
	struct fault why;
	struct eventlog *l = eventlog_open("/dev/null", &why);
	struct note n;
	uint64_t back, notes = 0;

	while (l && (record = next_record(&rest)).len) {
		if (!soth_unpack(record, &n, &back, &why))
			continue;
		eventlog_note(l, &n);
		ordering_note(&o, &flow[n.flow % FLOWS], &n);
		note_drop(&n);
		notes++;
	}
	if (o.broken > notes || o.live > FLOWS)
		__builtin_trap();
	if (l)
		eventlog_close(l);
	return 0;
}
