/* What a person said of flows and no file has, as notes. */
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

static void
each_remark(const struct convert_flows *from, const struct row *r, flow_id now, void (*each)(void *arg, struct note *n), void *arg)
{
	char said[REMARK_ROOM];

	for (int i = 0; i < REMARK_COUNT; i++) {
		size_t len = store_said(from->store, r->id, (enum remark)i, said, sizeof(said));
		struct note n = remark_note(now, r->ended ? r->ended : r->begun, (enum remark)i, (struct bytes){ (const uint8_t *)said, len });

		n.flow_order = r->notes + (unsigned)i + 1;
		each(arg, &n);
	}
}

void
unwritten_each(const struct convert_flows *from, const struct numbers *numbers, void (*each)(void *arg, struct note *n), void *arg)
{
	bool *said;
	size_t index;
	struct row r;

	if (!store_stats(from->store).unwritten || !from->count)
		return;
	said = xgrow(NULL, from->count, sizeof(*said));
	memset(said, 0, from->count * sizeof(*said));
	for (size_t i = 0; (index = store_remarked(from->store, i)) != SIZE_MAX; i++) {
		flow_id now = store_rows(from->store, index, 1, &r) == 1 ? numbers_of(numbers, r.id) : 0;
		size_t place = now - numbers_of(numbers, from->id[0]);

		if (!now || said[place])
			continue;
		said[place] = true;
		each_remark(from, &r, now, each, arg);
	}
	free(said);
}
