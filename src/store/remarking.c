/* What a person says of flows: in their rows, and in the file. */
#include <string.h>

#include "soth/trail.h"
#include "store_inside.h"

enum { REMARKS_FIRST = 64 };

void
store_remark_row(struct store *s, struct kept *k, const struct note *n)
{
	bool had = k->flags & KEPT_REMARKED;

	kept_remark(k, n);
	s->stats.remarked += !had && k->flags & KEPT_REMARKED;
	s->stats.remarked -= had && !(k->flags & KEPT_REMARKED);
	if (s->stats.remarks == s->remarked_room) {
		s->remarked_room = s->remarked_room ? s->remarked_room * 2 : REMARKS_FIRST;
		s->remarked = xgrow(s->remarked, s->remarked_room, sizeof(*s->remarked));
	}
	s->remarked[s->stats.remarks++] = (uint32_t)store_place(s, k->id);
}

static bool
go_on(struct store *s, bool remarks_alone, struct fault *why)
{
	struct journal *j = NULL;

	if (s->stats.reading)
		fault(why, "it is still being read");
	else if (*s->stats.trouble)
		fault(why, "its end is damaged");
	else if (volume_is_compacted(s->file))
		fault(why, "it is compacted");
	else
		j = journal_go_on(s->stats.path, volume_fd(s->file), s->stats.file_bytes, why);
	pthread_rwlock_wrlock(&s->lock);
	s->journal = j;
	s->remarks_alone = j && remarks_alone;
	pthread_rwlock_unlock(&s->lock);
	return j;
}

bool
store_go_on(struct store *s, struct fault *why)
{
	return go_on(s, false, why);
}

/* In memory alone: the notes of the file keep their numbers. */
static void
remark_unwritten(struct store *s, struct note *n)
{
	struct kept *k;

	pthread_rwlock_wrlock(&s->lock);
	k = store_row(s, n->flow);
	if (k)
		store_remark_row(s, k, n);
	s->changed = true;
	pthread_rwlock_unlock(&s->lock);
	note_drop(n);
}

void
store_remark(struct store *s, struct note *n, struct fault *why)
{
	*why = (struct fault){ "" };
	if (!s->journal && !s->stats.unwritten && (s->stats.stopped || !go_on(s, true, why))) {
		pthread_rwlock_wrlock(&s->lock);
		s->stats.unwritten = true;
		pthread_rwlock_unlock(&s->lock);
	}
	if (s->journal)
		store_note(s, n);
	else
		remark_unwritten(s, n);
}

size_t
store_remarked(struct store *s, size_t n)
{
	size_t at;

	pthread_rwlock_wrlock(&s->lock);
	at = n < s->stats.remarks ? s->remarked[n] : SIZE_MAX;
	pthread_rwlock_unlock(&s->lock);
	return at;
}

size_t
store_said(struct store *s, flow_id id, enum remark which, char *out, size_t room)
{
	struct kept *k;
	size_t len = 0;

	pthread_rwlock_wrlock(&s->lock);
	k = store_row(s, id);
	if (k) {
		const char *said = kept_said(k, which);

		len = strnlen(said, room - 1);
		memcpy(out, said, len);
	}
	pthread_rwlock_unlock(&s->lock);
	out[len] = 0;
	return len;
}

void
store_say(struct store *s, struct flow *f)
{
	char said[REMARK_ROOM];

	for (int i = 0; i < REMARK_COUNT; i++) {
		size_t len = store_said(s, f->id, (enum remark)i, said, sizeof(said));

		slice_drop(&f->remark[i]);
		f->remark[i] = slice_copy((struct bytes){ (const uint8_t *)said, len });
	}
}
