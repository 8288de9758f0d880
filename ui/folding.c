/* Flows that ask the same again and again, as one line. */
#include <string.h>

#include "folding.h"

__extension__ typedef unsigned __int128 wide;

/* The halves of a product: each bit of both changes about half of it. */
static uint64_t
mixed(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
mixed_in(uint64_t h, const char *text, size_t len)
{
	uint64_t word;

	h = mixed(h ^ len, 0x9e3779b97f4a7c15u);
	for (; len >= sizeof(word); text += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		h = mixed(h ^ word, 0xd6e8feb86659fd93u);
	}
	word = 0;
	memcpy(&word, text, len);
	return mixed(h ^ word, 0xa0761d6478bd642fu);
}

/* The seed is a secret, so that no peer can make two of its flows look the same that are not. */
uint64_t
folding_key(const struct row *r, uint64_t seed)
{
	uint64_t h = seed ^ ((uint64_t)r->status << 32 | (uint64_t)r->port << 16 | (uint8_t)r->grpc << 8 | r->state);

	if (!r->ended || !r->request)
		return 0;
	h = mixed_in(h, r->method, strlen(r->method));
	h = mixed_in(h, r->host, strlen(r->host));
	h = mixed_in(h, r->path, strcspn(r->path, "?"));
	return h ? h : 1;
}

static size_t
same_from(const struct folding *f, size_t i)
{
	size_t past = i + 1;

	while (f->key[i] && past < f->count && f->key[past] == f->key[i])
		past++;
	return past;
}

/* One line, or one for each. */
static size_t
lines_of(const struct folding *f, size_t from, size_t past, bool open, uint32_t *line)
{
	if (!open) {
		*line = f->shown[past - 1];
		return 1;
	}
	memcpy(line, f->shown + from, (past - from) * sizeof(*line));
	return past - from;
}

void
folding_lay(const struct folding *f, uint32_t *line, size_t *lines, struct run *run, size_t *runs)
{
	size_t n = 0, k = 0, mark = 0;

	for (size_t i = 0, past; i < f->count; i = past) {
		bool open;

		past = same_from(f, i);
		while (mark < f->marks && f->mark[mark] < f->shown[i])
			mark++;
		open = mark < f->marks && f->mark[mark] <= f->shown[past - 1];
		if (past > i + 1)
			run[k++] = (struct run){ (uint32_t)n, (uint32_t)(past - i), f->shown[i], open };
		n += lines_of(f, i, past, open, line + n);
	}
	*lines = n;
	*runs = k;
}

const struct run *
folding_run(const struct run *run, size_t runs, size_t line)
{
	size_t low = 0, high = runs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run[middle].line <= line)
			low = middle + 1;
		else
			high = middle;
	}
	return low && line - run[low - 1].line < (run[low - 1].open ? run[low - 1].count : 1) ? &run[low - 1] : NULL;
}
