/* Which messages are shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "sieve.h"
#include "sight.h"

enum { EITHER = -1, AT_ONCE_US = 20000, LOOKED_AT_MAX = 4 << 20 };

void
sieve_reset(struct sieve *s)
{
	free(s->kept);
	s->kept = NULL;
	s->looked = s->count = s->room = 0;
}

void
sieve_set(struct sieve *s, const char *words)
{
	sieve_reset(s);
	snprintf(s->words, sizeof(s->words), "%s", words);
	s->text = s->words;
	s->side = !strncmp(words, "~q", 2) ? CLIENT : !strncmp(words, "~s", 2) ? SERVER : EITHER;
	if (s->side != EITHER)
		s->text += 2;
	s->text += strspn(s->text, " ");
	s->on = s->side != EITHER || *s->text;
}

static bool
sieve_takes(const struct sieve *s, struct messages *m, size_t i, struct buf *scratch)
{
	if (s->side != EITHER && (int)messages_at(m, i).side != s->side)
		return false;
	return !*s->text || find_text(messages_get(m, i, LOOKED_AT_MAX, scratch).bytes, bytes_of(s->text)) != SIZE_MAX;
}

bool
sieve_sift(struct sieve *s, struct messages *m, struct buf *scratch)
{
	uint64_t until = sight_clock() + AT_ONCE_US;
	size_t all = messages_count(m);

	for (; s->looked < all; s->looked++) {
		if (s->looked % 64 == 63 && sight_clock() > until)
			return false;
		if (!sieve_takes(s, m, s->looked, scratch))
			continue;
		if (s->count == s->room) {
			s->room = s->room ? s->room * 2 : 256;
			s->kept = xgrow(s->kept, s->room, sizeof(*s->kept));
		}
		s->kept[s->count++] = s->looked;
	}
	return true;
}

size_t
sieve_real(const struct sieve *s, size_t i)
{
	return s->on && i < s->count ? s->kept[i] : i;
}
