/* Notes of one flow after the other, for those who read formats. */
#include "soth/convert.h"

static void
tell(struct teller *t, struct note n)
{
	n.flow = t->flow;
	t->to->note(t->to->arg, &n);
}

void
tell_flow(struct teller *t, uint64_t when, const struct origin *o)
{
	t->flow++;
	tell(t, (struct note){ .kind = NOTE_FLOW, .when = when, .origin = origin_new(o) });
}

void
tell_step(struct teller *t, uint64_t when, struct step *step)
{
	tell(t, (struct note){ .kind = NOTE_STEP, .when = when, .step = step });
}

void
tell_part(struct teller *t, enum side side, uint64_t when, struct part p)
{
	tell(t, (struct note){ .kind = NOTE_PART, .side = side, .when = when, .part = p });
}

void
tell_gone(struct teller *t, uint64_t when, enum close_code code, const char *detail)
{
	tell(t, (struct note){ .kind = NOTE_GONE, .when = when,
		.part = { .kind = PART_RESET, .code = code, .data = slice_text(detail) } });
}
