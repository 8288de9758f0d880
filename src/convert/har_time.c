/* Times in HAR: ISO 8601 with a zone, and the dates of HTTP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "har_inside.h"

enum { YEAR_MIN = 1970, YEAR_MAX = 9999, MICROS = 1000000, DATE_ROOM = 64 };

static bool
date_is(const struct tm *tm)
{
	return tm->tm_year >= YEAR_MIN - 1900 && tm->tm_year <= YEAR_MAX - 1900 && tm->tm_mon >= 0 && tm->tm_mon < 12 &&
		tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 &&
		tm->tm_min < 60 && tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

/* ".1234567": as many digits as there are, six of them counted. */
static const char *
fraction(const char *p, uint64_t *micros)
{
	uint64_t unit = MICROS;

	*micros = 0;
	if (*p != '.' && *p != ',')
		return p;
	for (p++; *p >= '0' && *p <= '9'; p++) {
		unit /= 10;
		*micros += unit * (uint64_t)(*p - '0');
	}
	return p;
}

/* "Z", "+02:00", "-0700", or nothing, which is taken for Z. */
static bool
zone(const char *p, int64_t *seconds)
{
	int hours, minutes = 0, sign = *p == '-' ? 1 : -1;

	*seconds = 0;
	if (!*p || !strcmp(p, "Z") || !strcmp(p, "z"))
		return true;
	if ((*p != '+' && *p != '-') || strspn(p + 1, "0123456789:") != strlen(p + 1) ||
			(sscanf(p + 1, "%2d:%2d", &hours, &minutes) < 1) ||
			(!strchr(p, ':') && sscanf(p + 1, "%2d%2d", &hours, &minutes) < 1))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

bool
har_time_read(const char *iso, uint64_t *when)
{
	struct tm tm = { 0 };
	int used = 0;
	uint64_t micros;
	int64_t away, seconds;

	if (sscanf(iso, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
			&tm.tm_min, &tm.tm_sec, &used) != 6 || !used)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (!date_is(&tm) || !zone(fraction(iso + used, &micros), &away))
		return false;
	seconds = timegm(&tm) + away;
	*when = seconds < 0 ? 0 : (uint64_t)seconds * MICROS + micros;
	return true;
}

const char *
har_time_write(uint64_t when, char room[static 40])
{
	time_t seconds = (time_t)(when / MICROS);
	char date[24];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !date_is(&tm) || !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm))
		return "1970-01-01T00:00:00.000Z";
	snprintf(room, 40, "%s.%06uZ", date, (unsigned)(when % MICROS));
	return room;
}

bool
har_time_http(struct bytes date, uint64_t *when)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S", "%a, %d-%b-%Y %H:%M:%S", "%A, %d-%b-%y %H:%M:%S",
		"%a %b %d %H:%M:%S %Y" };
	char text[DATE_ROOM];

	if (date.len >= sizeof(text))
		return false;
	memcpy(text, date.at, date.len);
	text[date.len] = 0;
	for (size_t i = 0; date.len && i < ARRAY_LEN(forms); i++) {
		struct tm tm = { 0 };

		if (strptime(text, forms[i], &tm) && date_is(&tm)) {
			*when = (uint64_t)timegm(&tm) * MICROS;
			return true;
		}
	}
	return false;
}
