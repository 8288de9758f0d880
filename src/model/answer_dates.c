/* The dates in a recorded answer, as if it were given now: RFC 9110 section 5.6.7, RFC 6265 section 5.1.1. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "soth/answers.h"
#include "soth/buf.h"

enum { MICROS = 1000000, DATE_ROOM = 64, VALUE_MAX = 64 << 10 };

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec", days[] = "SunMonTueWedThuFriSat";

/* "Thu, 26 Nov 2026 17:21:54 GMT", and with dashes, as cookies have it. */
static bool
date_read(struct bytes b, time_t *out)
{
	char text[DATE_ROOM], month[4];
	struct tm tm = { 0 };

	snprintf(text, sizeof(text), "%.*s", (int)(b.len < DATE_ROOM - 1 ? b.len : DATE_ROOM - 1), b.len ? (const char *)b.at : "");
	if (sscanf(text, "%*[A-Za-z], %2d%*1[- ]%3[A-Za-z]%*1[- ]%4d %2d:%2d:%2d GMT", &tm.tm_mday, month, &tm.tm_year,
			&tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 || tm.tm_year < 1900)
		return false;
	for (tm.tm_mon = 0; tm.tm_mon < 12 && strncasecmp(months + tm.tm_mon * 3, month, 3); tm.tm_mon++)
		;
	tm.tm_year -= 1900;
	*out = timegm(&tm);
	return tm.tm_mon < 12;
}

static struct bytes
date_write(time_t at, char room[DATE_ROOM])
{
	struct tm tm;

	if (!gmtime_r(&at, &tm))
		return (struct bytes){ 0 };
	snprintf(room, DATE_ROOM, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT", days + tm.tm_wday * 3, tm.tm_mday, months + tm.tm_mon * 3,
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return bytes_of(room);
}

/* The value of "expires=" in a Set-Cookie; empty: none. */
static struct bytes
expires_of(struct bytes cookie)
{
	for (size_t i = 0; i + 8 < cookie.len; i++)
		if (cookie.at[i] == ';') {
			struct bytes b = bytes_trim(bytes_from(cookie, i + 1));
			const uint8_t *end;

			if (b.len < 8 || strncasecmp((const char *)b.at, "expires=", 8))
				continue;
			b = bytes_from(b, 8);
			end = memchr(b.at, ';', b.len);
			return (struct bytes){ b.at, end ? (size_t)(end - b.at) : b.len };
		}
	return (struct bytes){ 0 };
}

/* Which part of the field's value is a date; empty: none of it. */
static struct bytes
date_in(struct field f)
{
	static const char *const names[] = { "date", "expires", "last-modified" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(f.name, names[i]))
			return f.value;
	return bytes_like(f.name, "set-cookie") ? expires_of(f.value) : (struct bytes){ 0 };
}

/* Its value with a later date, in a buffer that outlives the draft. */
static bool
shifted(struct field f, time_t later, struct buf *texts, struct bytes *value)
{
	struct bytes date = date_in(f), rest;
	char room[DATE_ROOM];
	size_t before = date.len ? (size_t)(date.at - f.value.at) : 0, from = texts->len;
	time_t at;

	if (!date.len || !date_read(date, &at))
		return false;
	rest = bytes_from(f.value, before + date.len);
	if ((before && !buf_add(texts, (struct bytes){ f.value.at, before })) || !buf_add(texts, date_write(at + later, room)) ||
			(rest.len && !buf_add(texts, rest)))
		return false;
	*value = (struct bytes){ NULL, texts->len - from };
	return true;
}

struct head *
answer_head(const struct answer *an, bool refresh, uint64_t now)
{
	time_t later = now > an->when ? (time_t)((now - an->when) / MICROS) : 0;
	struct bytes value;
	struct buf texts;
	struct draft d;
	struct fault why;
	struct head *made;

	if (!refresh || !later)
		return head_ref(an->head);
	buf_init(&texts, VALUE_MAX);
	if (!buf_room(&texts, VALUE_MAX))	/* it does not move from here on */
		return head_ref(an->head);
	draft_of(&d, an->head);
	for (size_t i = 0; i < d.fields; i++) {
		size_t from = texts.len;

		if (shifted(d.field[i], later, &texts, &value))
			d.field[i].value = (struct bytes){ texts.at + from, value.len };
	}
	made = head_make(&d, &why);
	draft_release(&d);
	buf_release(&texts);
	return made ? made : head_ref(an->head);
}
