/*
 * Tar archives, listed: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 *	header, 512 bytes | content, in blocks of 512 | ... | two blocks of zeros
 *
 * ustar, with pax headers (x, g) and GNU's long names (L, K).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "moment.h"
#include "soth/decode.h"
#include "type.h"

enum { BLOCK = 512, LONG_MAX_ = 4096, SIZE_AT = 124, TIME_AT = 136, TYPE_AT = 156, LINK_AT = 157, MAGIC_AT = 257, PREFIX_AT = 345 };

struct tar {			/* a value */
	uint64_t skip;		/* of content, and what fills its last block */
	uint64_t entries, bytes;
	char name[LONG_MAX_];	/* of the next entry, from a header of its own */
	size_t named;
	uint64_t size;		/* likewise; UINT64_MAX: it says so itself */
	bool begun, over;
};

static int
tar_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "application/x-tar") || type_is(h->type, "application/tar"))
		return 90;
	return first.len >= BLOCK && !memcmp(first.at + MAGIC_AT, "ustar", 5) && (!h->type.len ||
		type_is(h->type, "application/octet-stream") || type_is(h->type, "application/gzip") ||
		type_is(h->type, "application/x-gzip")) ? 60 : 0;
}

/* Octal digits; or, with the highest bit set, big-endian. */
static bool
field_number(const uint8_t *at, size_t len, uint64_t *n)
{
	size_t i = 0;

	*n = 0;
	if (*at & 0x80) {
		for (i = 1; i < len; i++) {
			if (*n >> 55)
				return false;
			*n = *n << 8 | at[i];
		}
		return *at == 0x80;
	}
	while (i < len && at[i] == ' ')
		i++;
	for (; i < len && at[i] >= '0' && at[i] <= '7'; i++)
		*n = *n << 3 | (uint64_t)(at[i] - '0');
	return i == len || !at[i] || at[i] == ' ';
}

static bool
is_zeros(const uint8_t *at)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (at[i])
			return false;
	return true;
}

/* The sum of the header's bytes, with its own field as spaces. */
static bool
header_sums(const uint8_t *at)
{
	uint64_t said, sum = 0;

	if (!field_number(at + 148, 8, &said))
		return false;
	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : at[i];
	return sum == said;
}

static struct bytes
field_text(const uint8_t *at, size_t len)
{
	return (struct bytes){ at, strnlen((const char *)at, len) };
}

static void
entry_mode(struct doc *to, const uint8_t *at)
{
	static const char kinds[] = "-hlcbdp-";
	uint64_t mode = 0;
	uint8_t type = at[TYPE_AT];
	char words[11];

	(void)field_number(at + 100, 8, &mode);
	words[0] = type >= '0' && type <= '7' ? kinds[type - '0'] : type ? '?' : '-';
	for (int i = 0; i < 9; i++)
		words[1 + i] = mode >> (8 - i) & 1 ? "rwx"[i % 3] : '-';
	words[10] = '\0';
	doc_putf(to, ROLE_FAINT, "%s ", words);
}

static void
entry_show(struct tar *t, const uint8_t *at, uint64_t size, struct decode *d)
{
	struct bytes name = field_text(at, 100), prefix = { 0 }, link = field_text(at + LINK_AT, 100);
	struct doc *to = decode_doc(d);
	char words[MOMENT_MAX];
	uint64_t when = 0;

	if (!memcmp(at + MAGIC_AT, "ustar", 5) && at[MAGIC_AT + 5] == '\0')
		prefix = field_text(at + PREFIX_AT, 155);
	entry_mode(to, at);
	doc_putf(to, ROLE_NUMBER, "%12" PRIu64 " ", size);
	(void)field_number(at + TIME_AT, 12, &when);
	doc_putf(to, ROLE_FAINT, "%s  ", moment_words((int64_t)when, words));
	if (t->named) {
		doc_put(to, ROLE_TEXT, (struct bytes){ (uint8_t *)t->name, t->named });
	} else {
		doc_put(to, ROLE_TEXT, prefix);
		doc_put(to, ROLE_TEXT, prefix.len ? LIT("/") : (struct bytes){ 0 });
		doc_put(to, at[TYPE_AT] == '5' ? ROLE_KEY : ROLE_TEXT, name);
	}
	if (link.len && (at[TYPE_AT] == '1' || at[TYPE_AT] == '2')) {
		doc_put(to, ROLE_MARK, LIT(" -> "));
		doc_put(to, ROLE_LINK, link);
	}
	doc_line(to);
	t->named = 0;
	t->size = UINT64_MAX;
	t->entries++;
	t->bytes += size;
}

static uint64_t
padded(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

/* "27 path=long/name\n": what it says of the next entry. */
static void
pax_take(struct tar *t, struct bytes text)
{
	while (text.len) {
		const uint8_t *nl = memchr(text.at, '\n', text.len);
		struct bytes line = { text.at, nl ? (size_t)(nl - text.at) : text.len };
		const uint8_t *space = memchr(line.at, ' ', line.len);
		struct bytes rest = space ? (struct bytes){ space + 1, line.len - (size_t)(space + 1 - line.at) } : (struct bytes){ 0 };

		if (rest.len > 5 && rest.len - 5 <= LONG_MAX_ && !memcmp(rest.at, "path=", 5)) {
			t->named = rest.len - 5;
			memcpy(t->name, rest.at + 5, t->named);
		} else if (rest.len > 5 && rest.len < 5 + 19 && !memcmp(rest.at, "size=", 5)) {
			t->size = 0;
			for (size_t i = 5; i < rest.len && rest.at[i] >= '0' && rest.at[i] <= '9'; i++)
				t->size = t->size * 10 + (uint64_t)(rest.at[i] - '0');
		}
		text = nl ? (struct bytes){ nl + 1, text.len - line.len - 1 } : (struct bytes){ 0 };
	}
}

/* A header that is about the next one: its content must be there. */
static bool
tar_about(struct tar *t, struct reader *in, uint64_t size)
{
	uint8_t type = in->rest.at[TYPE_AT];
	struct reader r = *in;
	struct bytes text;

	(void)read_bytes(&r, BLOCK);
	text = read_bytes(&r, padded(size));
	if (r.ran_out)
		return false;
	text.len = (size_t)size;
	if (type == 'x') {
		pax_take(t, text);
	} else if (type == 'L') {
		t->named = strnlen((const char *)text.at, text.len < LONG_MAX_ ? text.len : LONG_MAX_);
		memcpy(t->name, text.at, t->named);
	}
	*in = r;
	return true;
}

/* The next header. False: it needs more, it is over, or it is none. */
static bool
tar_header(struct tar *t, struct reader *in, struct decode *d)
{
	const uint8_t *at = in->rest.at;
	uint64_t size;

	if (in->rest.len < BLOCK)
		return false;
	if (is_zeros(at)) {
		t->over = true;
		return false;
	}
	if (!header_sums(at) || !field_number(at + SIZE_AT, 12, &size)) {
		decode_fail(d, "byte %" PRIu64 ": no header of an entry", decode_offset(d, at));
		return false;
	}
	if (at[TYPE_AT] && strchr("xgLK", at[TYPE_AT]) && size <= 64 * LONG_MAX_)
		return tar_about(t, in, size);
	size = t->size != UINT64_MAX ? t->size : size;
	decode_mark(d, (struct bytes){ at, BLOCK });
	entry_show(t, at, size, d);
	(void)read_bytes(in, BLOCK);
	t->skip = at[TYPE_AT] >= '1' && at[TYPE_AT] <= '6' ? 0 : padded(size);
	return true;
}

static void
tar_read(struct tar *t, struct reader *in, struct decode *d)
{
	if (!t->begun)
		t->size = UINT64_MAX;
	t->begun = true;
	do {
		uint64_t n = in->rest.len < t->skip ? in->rest.len : t->skip;

		(void)read_bytes(in, n);
		t->skip -= n;
	} while (!t->over && !t->skip && tar_header(t, in, d));
	if (t->over)
		(void)read_bytes(in, in->rest.len);	/* nothing counts behind the end */
	decode_words(d, "%" PRIu64 " %s", t->entries, t->entries == 1 ? "entry" : "entries");
}

static void
tar_feed(void *st, struct reader *in, struct decode *d)
{
	tar_read(st, in, d);
}

static void
tar_end(void *st, struct reader *in, struct decode *d)
{
	struct tar *t = st;

	tar_read(t, in, d);
	if (!t->over)
		decode_fail(d, "cut off: it has no end");
}

const struct decoder decoder_tar = {
	.name = "tar", .about = "what is in a tar archive", .stage = STAGE_PAYLOAD, .size = sizeof(struct tar),
	.suits = tar_suits, .feed = tar_feed, .end = tar_end,
};
