/* Typed netstrings, written from their end. */
#include <stdlib.h>
#include <string.h>

#include "soth/utf8.h"
#include "tnet.h"

enum { ROOM_FIRST = 4096 };

void
tnet_out_init(struct tnet_out *o, size_t limit)
{
	*o = (struct tnet_out){ .limit = limit };
}

void
tnet_out_release(struct tnet_out *o)
{
	free(o->base);
	tnet_out_init(o, o->limit);
}

struct bytes
tnet_out_bytes(const struct tnet_out *o)
{
	return (struct bytes){ o->base + (o->room - o->len), o->len };
}

void
tnet_out_clear(struct tnet_out *o)
{
	o->len = 0;
	o->full = false;
}

static void
grow(struct tnet_out *o, size_t more)
{
	size_t room = o->room ? o->room : ROOM_FIRST;
	uint8_t *base;

	while (room - o->len < more)
		room *= 2;
	base = xgrow(NULL, 1, room);
	if (o->len)
		memcpy(base + (room - o->len), o->base + (o->room - o->len), o->len);
	free(o->base);
	o->base = base;
	o->room = room;
}

/* Before what is there. */
static void
put(struct tnet_out *o, struct bytes b)
{
	if (o->full || b.len > o->limit - o->len) {
		o->full = true;
		return;
	}
	if (b.len > o->room - o->len)
		grow(o, b.len);
	o->len += b.len;
	if (b.len)
		memcpy(o->base + (o->room - o->len), b.at, b.len);
}

static void
put_length(struct tnet_out *o, size_t len)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%zu:", len);

	put(o, (struct bytes){ (const uint8_t *)text, (size_t)n });
}

void
tnet_put(struct tnet_out *o, const char *key, enum tnet_tag tag, struct bytes data)
{
	uint8_t t = (uint8_t)tag;

	put(o, (struct bytes){ &t, 1 });
	put(o, data);
	put_length(o, data.len);
	if (key)
		tnet_put(o, NULL, TNET_TEXT, bytes_of(key));
}

void
tnet_put_bytes(struct tnet_out *o, const char *key, struct bytes b)
{
	tnet_put(o, key, TNET_BYTES, b);
}

void
tnet_put_text(struct tnet_out *o, const char *key, struct bytes b)
{
	struct buf fixed;
	bool fits = true;

	if (utf8_valid(b)) {
		tnet_put(o, key, TNET_TEXT, b);
		return;
	}
	buf_init(&fixed, o->limit);
	while (b.len && fits) {
		uint32_t rune;
		size_t used = utf8_next(b, &rune);
		struct bytes one = { b.at, used };

		fits = buf_add(&fixed, utf8_valid(one) ? one : LIT("\xef\xbf\xbd"));
		b = bytes_from(b, used);
	}
	tnet_put(o, key, TNET_TEXT, buf_bytes(&fixed));
	buf_release(&fixed);
}

void
tnet_put_int(struct tnet_out *o, const char *key, int64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	tnet_put(o, key, TNET_INT, bytes_of(text));
}

void
tnet_put_bool(struct tnet_out *o, const char *key, bool b)
{
	tnet_put(o, key, TNET_BOOL, b ? LIT("true") : LIT("false"));
}

void
tnet_put_null(struct tnet_out *o, const char *key)
{
	tnet_put(o, key, TNET_NULL, (struct bytes){ 0 });
}

/* The shortest text of that double, which for times of today is the decimal itself. */
void
tnet_put_time(struct tnet_out *o, const char *key, uint64_t micros)
{
	char text[48];
	int n = snprintf(text, sizeof(text), "%llu.%06llu", (unsigned long long)(micros / 1000000),
		(unsigned long long)(micros % 1000000));

	while (text[n - 1] == '0' && text[n - 2] != '.')
		n--;
	tnet_put(o, key, TNET_FLOAT, (struct bytes){ (const uint8_t *)text, (size_t)n });
}

size_t
tnet_open(struct tnet_out *o, enum tnet_tag tag)
{
	uint8_t t = (uint8_t)tag;

	put(o, (struct bytes){ &t, 1 });
	return o->len;
}

void
tnet_close(struct tnet_out *o, const char *key, size_t opened)
{
	put_length(o, o->len - opened);
	if (key)
		tnet_put(o, NULL, TNET_TEXT, bytes_of(key));
}
