/* The longest common subsequence, by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). */
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"

enum { EDITS_MAX = 2000, NOWHERE = -(1 << 30) };

/* trace[d] is how far each diagonal came with d edits, of -d to d, at [k + d]. */
struct search {
	const uint64_t *a, *b;
	int64_t an, bn;
	int32_t *trace[EDITS_MAX + 1];
};

static int64_t
reached(const struct search *s, int64_t d, int64_t k)
{
	return d < 0 || k < -d || k > d ? NOWHERE : s->trace[d][k + d];
}

/* By the step that comes further: down, where one is added, or right, where one is taken. */
static bool
steps_down(const struct search *s, int64_t d, int64_t k)
{
	return k == -d || (k != d && reached(s, d - 1, k - 1) < reached(s, d - 1, k + 1));
}

static bool
search_further(struct search *s, int64_t d)
{
	s->trace[d] = xgrow(NULL, (size_t)(2 * d + 1), sizeof(int32_t));
	for (int64_t k = -d; k <= d; k++) {
		int64_t x = !d ? 0 : steps_down(s, d, k) ? reached(s, d - 1, k + 1) : reached(s, d - 1, k - 1) + 1;

		while (x >= 0 && x < s->an && x - k >= 0 && x - k < s->bn && s->a[x] == s->b[x - k])
			x++;
		/* One that has left the square comes back no more. */
		s->trace[d][k + d] = x < 0 || x > s->an || x - k > s->bn ? NOWHERE : (int32_t)x;
		if (x == s->an && x - k == s->bn)
			return true;
	}
	return false;
}

static void
search_back(const struct search *s, int64_t d, uint32_t base, uint32_t *pair)
{
	int64_t x = s->an, y = s->bn;

	for (; d >= 0; d--) {
		int64_t k = x - y;
		bool down = d && steps_down(s, d, k);
		int64_t from = !d ? 0 : down ? reached(s, d - 1, k + 1) : reached(s, d - 1, k - 1) + 1;

		for (; x > from; x--)
			pair[x - 1] = base + (uint32_t)(x - 1 - k);
		x = down ? from : from - 1;
		y = down ? from - k - 1 : from - k;
	}
}

static void
search_middle(struct search *s, uint32_t base, uint32_t *pair)
{
	int64_t d = 0, most = s->an + s->bn < EDITS_MAX ? s->an + s->bn : EDITS_MAX;
	bool found = false;

	while (!found && d <= most)
		found = search_further(s, d++);
	if (found)
		search_back(s, d - 1, base, pair);
	while (d--)
		free(s->trace[d]);
}

void
lcs_pairs(const uint64_t *a, uint32_t an, const uint64_t *b, uint32_t bn, uint32_t *pair)
{
	uint32_t first = 0;
	struct search *s;

	for (uint32_t i = 0; i < an; i++)
		pair[i] = LCS_NONE;
	for (; first < an && first < bn && a[first] == b[first]; first++)
		pair[first] = first;
	while (an > first && bn > first && a[an - 1] == b[bn - 1])
		pair[--an] = --bn;
	if (an == first || bn == first)
		return;
	s = xalloc(sizeof(*s));
	*s = (struct search){ .a = a + first, .b = b + first, .an = an - first, .bn = bn - first };
	search_middle(s, first, pair + first);
	free(s);
}
