/* Typed netstrings, read: https://tnetstrings.info, with mitmproxy's tag for text. */
#include <string.h>

#include "tnet.h"

enum { PIECE = 1 << 20 };

void
tnet_file_init(struct tnet_file *f, FILE *in, size_t limit)
{
	*f = (struct tnet_file){ .in = in };
	buf_init(&f->data, limit);
}

void
tnet_file_release(struct tnet_file *f)
{
	buf_release(&f->data);
}

static int
load_byte(struct tnet_file *f)
{
	int c = getc(f->in);

	f->at += c != EOF;
	return c;
}

static bool
broken(uint64_t at, const char *what, struct fault *why)
{
	return fault(why, "byte %llu: %s", (unsigned long long)at, what);
}

/* Digits and a colon; no zero before others. */
static enum tnet_got
load_length(struct tnet_file *f, uint64_t *len, struct fault *why)
{
	unsigned digits = 0;
	int c = load_byte(f);

	*len = 0;
	if (c == EOF && !ferror(f->in))
		return TNET_END;
	for (; c >= '0' && c <= '9' && digits < TNET_DIGITS_MAX && (*len || !digits); c = load_byte(f), digits++)
		*len = *len * 10 + (uint64_t)(c - '0');
	if (c == ':' && digits)
		return TNET_GOT;
	broken(f->at - (c != EOF), ferror(f->in) ? "it cannot be read" : c == EOF ? "the file ends inside a length" :
		"this is no length of a tnetstring", why);
	return TNET_BROKEN;
}

/* In pieces: what a length promises need not be there. */
static bool
load_data(struct tnet_file *f, uint64_t len, struct fault *why)
{
	while (f->data.len < len) {
		size_t left = (size_t)(len - f->data.len), want = left < PIECE ? left : PIECE, got;
		uint8_t *to = buf_room(&f->data, want);

		got = to ? fread(to, 1, want, f->in) : 0;
		buf_grew(&f->data, got);
		f->at += got;
		if (got < want)
			return fault(why, "byte %llu: the file ends inside the value that begins at byte %llu, of %llu bytes",
				(unsigned long long)f->at, (unsigned long long)f->begun, (unsigned long long)len);
	}
	return true;
}

static bool
is_tag(int c)
{
	return c > 0 && strchr(",;#^!~]}", c);
}

enum tnet_got
tnet_load(struct tnet_file *f, struct tnet *v, struct fault *why)
{
	uint64_t len;
	enum tnet_got got;
	int tag;

	buf_eat(&f->data, f->data.len);
	f->begun = f->at;
	got = load_length(f, &len, why);
	if (got != TNET_GOT)
		return got;
	f->inside = f->at;
	if (len > f->data.limit) {
		fault(why, "byte %llu: a value of %llu bytes; no more than %zu MiB are read", (unsigned long long)f->begun,
			(unsigned long long)len, f->data.limit >> 20);
		return TNET_BROKEN;
	}
	if (!load_data(f, len, why))
		return TNET_BROKEN;
	tag = load_byte(f);
	if (!is_tag(tag)) {
		broken(f->at - (tag != EOF), tag == EOF ? "the file ends before a value's tag" : "this is no tag of a tnetstring", why);
		return TNET_BROKEN;
	}
	*v = (struct tnet){ (enum tnet_tag)tag, buf_bytes(&f->data) };
	return TNET_GOT;
}

/* How many digits and other letters. */
static bool
number_sound(struct bytes b, const char *others)
{
	size_t digits = 0;

	for (size_t i = 0; i < b.len; i++) {
		bool digit = b.at[i] >= '0' && b.at[i] <= '9';

		digits += digit;
		if (!digit && (!b.at[i] || !strchr(others, b.at[i])))
			return false;
	}
	return b.len <= TNET_NUMBER_MAX && (digits || bytes_are(b, "inf") || bytes_are(b, "-inf") || bytes_are(b, "nan"));
}

static const char *
scalar_trouble(struct tnet v)
{
	if (v.tag == TNET_INT && !number_sound(v.data, "-"))
		return "this is no integer";
	if (v.tag == TNET_FLOAT && !number_sound(v.data, "+-.einfa"))
		return "this is no number";
	if (v.tag == TNET_BOOL && !bytes_are(v.data, "true") && !bytes_are(v.data, "false"))
		return "this is neither true nor false";
	return v.tag == TNET_NULL && v.data.len ? "null has no data" : NULL;
}

struct place { const uint8_t *start; uint64_t at; };

static bool
broken_there(const struct place *p, const uint8_t *there, const char *what, struct fault *why)
{
	return broken(p->at + (uint64_t)(there - p->start), what, why);
}

static bool check_value(const struct place *p, struct tnet v, unsigned depth, struct fault *why);

static bool
check_inside(const struct place *p, struct tnet v, unsigned depth, struct fault *why)
{
	bool dict = v.tag == TNET_DICT;
	struct bytes rest = v.data;
	size_t count = 0;
	struct tnet one;

	while (rest.len) {
		const uint8_t *there = rest.at;

		if (!tnet_next(&rest, &one))
			return broken_there(p, there, "this is no tnetstring", why);
		if (dict && count % 2 == 0 && one.tag != TNET_TEXT && one.tag != TNET_BYTES)
			return broken_there(p, there, "this key is no text", why);
		if (dict && ++count > 2 * TNET_KEYS_MAX)
			return broken_there(p, there, "a dictionary has too many keys", why);
		if (!check_value(p, one, depth, why))
			return false;
	}
	return count % 2 == 0 || broken_there(p, rest.at, "a key has no value", why);
}

static bool
check_value(const struct place *p, struct tnet v, unsigned depth, struct fault *why)
{
	const char *trouble = scalar_trouble(v);

	if (trouble)
		return broken_there(p, v.data.at, trouble, why);
	if (v.tag != TNET_LIST && v.tag != TNET_DICT)
		return true;
	if (depth == TNET_DEPTH_MAX)
		return broken_there(p, v.data.at, "values are too deep in each other", why);
	return check_inside(p, v, depth + 1, why);
}

bool
tnet_check(struct tnet v, uint64_t at, struct fault *why)
{
	struct place p = { v.data.at, at };

	return check_value(&p, v, 0, why);
}

bool
tnet_next(struct bytes *rest, struct tnet *v)
{
	struct bytes r = *rest;
	unsigned digits = 0;
	uint64_t len = 0;

	for (; r.len && *r.at >= '0' && *r.at <= '9' && digits < TNET_DIGITS_MAX && (len || !digits); digits++) {
		len = len * 10 + (uint64_t)(*r.at - '0');
		r = bytes_from(r, 1);
	}
	if (!digits || !r.len || *r.at != ':' || len > r.len - 1 || r.len - 1 - len < 1 || !is_tag(r.at[1 + len]))
		return false;
	*v = (struct tnet){ (enum tnet_tag)r.at[1 + len], { r.at + 1, (size_t)len } };
	*rest = (struct bytes){ r.at + 2 + len, r.len - 2 - (size_t)len };
	return true;
}

struct tnet
tnet_find(struct tnet dict, const char *key)
{
	struct bytes rest = dict.tag == TNET_DICT ? dict.data : (struct bytes){ 0 };
	struct tnet found = { 0 }, k, v;

	while (tnet_next(&rest, &k) && tnet_next(&rest, &v))
		if (bytes_are(k.data, key))
			found = v;
	return found;
}

struct bytes
tnet_text(struct tnet v)
{
	return v.tag == TNET_TEXT || v.tag == TNET_BYTES ? v.data : (struct bytes){ 0 };
}

int64_t
tnet_int(struct tnet v, int64_t otherwise)
{
	bool minus = v.data.len && *v.data.at == '-';
	struct bytes digits = bytes_from(v.data, minus);
	int64_t n = 0;

	if (v.tag != TNET_INT || !digits.len || digits.len > 18)
		return otherwise;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return otherwise;
		n = n * 10 + digits.at[i] - '0';
	}
	return minus ? -n : n;
}

bool
tnet_true(struct tnet v)
{
	return v.tag == TNET_BOOL && bytes_are(v.data, "true");
}

/* As text, so that no locale and no rounding has a say. */
uint64_t
tnet_micros(struct tnet v)
{
	enum { SECONDS_MAX = 11, PLACES = 6 };
	uint64_t n = 0;
	size_t i = 0, places = 0;

	if (v.tag != TNET_FLOAT && v.tag != TNET_INT)
		return 0;
	for (; i < v.data.len && v.data.at[i] != '.'; i++) {
		if (i == SECONDS_MAX || v.data.at[i] < '0' || v.data.at[i] > '9')
			return 0;
		n = n * 10 + (uint64_t)(v.data.at[i] - '0');
	}
	for (i++; i < v.data.len && places < PLACES; i++, places++) {
		if (v.data.at[i] < '0' || v.data.at[i] > '9')
			return 0;
		n = n * 10 + (uint64_t)(v.data.at[i] - '0');
	}
	for (; places < PLACES; places++)
		n *= 10;
	return n + (i < v.data.len && v.data.at[i] >= '5' && v.data.at[i] <= '9');
}
