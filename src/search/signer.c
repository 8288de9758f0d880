/* Signatures of the texts of a flow. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"

uint32_t
trigram_hash(const uint8_t *at)
{
	return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16) * 0x9e3779b1u;
}

void
signer_init(struct signer *s)
{
	*s = (struct signer){ .text = xalloc(SIGNED), .bits = xalloc(SIGNED + 8) };
	buf_init(&s->made, SIGNATURE_MADE_MAX);
}

void
signer_release(struct signer *s)
{
	free(s->text);
	free(s->bits);
	buf_release(&s->made);
}

/* A hash has eight places for each byte of the text. */
static unsigned
signer_log(const struct signer *s)
{
	unsigned log = SIGNATURE_LOG_LEAST;

	while (log < SIGNATURE_LOG_MOST && ((size_t)1 << log) < s->len * 8)
		log++;
	return log;
}

static size_t
signer_count(struct signer *s, unsigned log)
{
	size_t count = 0;

	memset(s->bits, 0, (size_t)1 << log >> 3);
	for (size_t i = 0; i + 3 <= s->len; i++) {
		uint32_t at = trigram_hash(s->text + i) >> (32 - log);

		s->bits[at / 64] |= 1ull << at % 64;
	}
	for (size_t i = 0; i < (size_t)1 << log >> 6; i++)
		count += (size_t)__builtin_popcountll(s->bits[i]);
	return count;
}

static void
signer_fold(const struct signer *s, unsigned log, size_t bits, uint8_t *to)
{
	memset(to, 0, bits / 8);
	for (size_t i = 0; i < (size_t)1 << log >> 6; i++)
		for (uint64_t left = s->bits[i]; left; left &= left - 1) {
			uint64_t at = (i * 64 + (uint64_t)__builtin_ctzll(left)) * bits >> log;

			to[at / 8] |= (uint8_t)(1u << at % 8);
		}
}

void
signer_flush(struct signer *s)
{
	unsigned log = signer_log(s);
	size_t count = signer_count(s, log), most = s->len + s->len / 4;
	size_t bytes = ((count * 2 < most ? count * 2 : most) + 7) / 8;
	struct signature r = { .bytes = (uint16_t)bytes, .log = (uint8_t)log };
	uint8_t *to = buf_room(&s->made, SIGNATURE_HEAD + bytes);

	if (!to)
		return;		/* of a flow with so much, nothing is known: see trigrams_put() */
	memcpy(to, &r, SIGNATURE_HEAD);
	signer_fold(s, log, bytes * 8, to + SIGNATURE_HEAD);
	buf_grew(&s->made, SIGNATURE_HEAD + bytes);
}

void
signer_begin(struct signer *s)
{
	buf_eat(&s->made, s->made.len);
	s->len = 0;
}

void
signer_text(struct signer *s, struct bytes text)
{
	while (text.len) {
		size_t n = SIGNED - s->len < text.len ? SIGNED - s->len : text.len;

		for (size_t i = 0; i < n; i++)
			s->text[s->len + i] = (uint8_t)tolower(text.at[i]);
		s->len += n;
		text = (struct bytes){ text.at + n, text.len - n };
		if (s->len < SIGNED)
			return;
		signer_flush(s);
		memmove(s->text, s->text + SIGNED - (LITERAL_MAX - 1), LITERAL_MAX - 1);
		s->len = LITERAL_MAX - 1;
	}
}
