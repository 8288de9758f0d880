#ifndef UI_UNDO_H
#define UI_UNDO_H

#include "soth/edit.h"
#include "soth/note.h"

/*
 * What a person made of messages that wait, version by version: the first is
 * the one that they had. Of the messages that were edited last; steps back and
 * forth are theirs alone, and one that is edited anew has no steps forth.
 */
struct undo;
struct undo_of { flow_id flow; enum side side; uint64_t number; };	/* number: of a stream's messages; 0: the whole message */

enum { UNDO_STEPS = 100, UNDO_MESSAGES = 64 };

struct undo *undo_new(void);
void undo_free(struct undo *u);
/* It went on its way as `now`; as `was` before, where nobody knows it yet. Shares both. */
void undo_put(struct undo *u, struct undo_of of, const struct edit_result *was, const struct edit_result *now);
/* As it goes on now; or one step back (-1) or forth (1) from there, which is not taken yet. Borrowed; NULL: there is none. */
const struct edit_result *undo_at(const struct undo *u, struct undo_of of, int way);
void undo_step(struct undo *u, struct undo_of of, int way);		/* takes that step */

#endif
