/* Numbers of filter expressions: ">10k", "<=500ms", "200..299", "5xx", "14:30". */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inside.h"

enum { TEXT_MAX = 64 };

static const struct { const char *unit; double factor; } sizes[] = {
	{ "", 1 }, { "b", 1 }, { "k", 1024 }, { "kb", 1024 }, { "m", 1048576 }, { "mb", 1048576 }, { "g", 1073741824 },
	{ "gb", 1073741824 },
}, times[] = {
	{ "", 1e3 }, { "us", 1 }, { "ms", 1e3 }, { "s", 1e6 }, { "m", 6e7 }, { "min", 6e7 }, { "h", 3.6e9 },
}, plain[] = { { "", 1 } };

static bool
unit_of(enum argument kind, const char *unit, double *factor)
{
	for (size_t i = 0; kind == ARG_SIZE && i < ARRAY_LEN(sizes); i++)
		if (!strcmp(unit, sizes[i].unit))
			return *factor = sizes[i].factor, true;
	for (size_t i = 0; kind == ARG_TIME && i < ARRAY_LEN(times); i++)
		if (!strcmp(unit, times[i].unit))
			return *factor = times[i].factor, true;
	if (kind == ARG_SIZE || kind == ARG_TIME)
		return false;
	return *factor = plain[0].factor, !*unit;
}

/* A moment: "2026-11-26", "2026-11-26T14:30", "14:30:05" of today, "-5m" before now. */
static bool
clock_of(const char *text, uint64_t *out)
{
	time_t now = time(NULL);
	struct tm tm;
	int used = 0, h, m, s = 0;
	double ago, factor;
	char *end;

	localtime_r(&now, &tm);
	if (*text == '-') {
		ago = strtod(text + 1, &end);
		if (end == text + 1 || !unit_of(ARG_TIME, *end ? end : "s", &factor))
			return false;
		*out = (uint64_t)now * 1000000 - (uint64_t)(ago * factor);
		return true;
	}
	if (sscanf(text, "%d-%d-%d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used) == 3 && used) {
		tm.tm_year -= 1900;
		tm.tm_mon -= 1;
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		text += used;
		if (*text == 'T')
			text++;
		else if (*text)
			return false;
	}
	if (*text) {
		if (sscanf(text, "%d:%d%n:%d%n", &h, &m, &used, &s, &used) < 2 || text[used] || h < 0 || h > 23 || m < 0 || m > 59 ||
				s < 0 || s > 60)
			return false;
		tm.tm_hour = h;
		tm.tm_min = m;
		tm.tm_sec = s;
	}
	tm.tm_isdst = -1;
	*out = (uint64_t)mktime(&tm) * 1000000;
	return true;
}

/* One number, in the units of rows: bytes, microseconds. */
static bool
number_of(enum argument kind, const char *text, uint64_t *out)
{
	double n, factor;
	char *end, unit[8] = "";

	if (kind == ARG_CLOCK)
		return clock_of(text, out);
	if (!isdigit((unsigned char)*text))
		return false;
	n = strtod(text, &end);
	if (strlen(end) >= sizeof(unit))
		return false;
	for (size_t i = 0; end[i]; i++)
		unit[i] = (char)tolower((unsigned char)end[i]);
	if (!unit_of(kind, unit, &factor) || !(n * factor < 9e18))
		return false;
	*out = (uint64_t)(n * factor + 0.5);
	return true;
}

static const char *
hint_of(enum argument kind)
{
	return kind == ARG_SIZE ? "a size is meant: 10k, >1m, 1k..2k" : kind == ARG_TIME ? "a duration is meant: >500ms, <2s" :
		kind == ARG_CLOCK ? "a time is meant: 14:30, 2026-11-26T14:30, -5m" :
		kind == ARG_CODE ? "a status is meant: 200, 4xx, >=400, 200..299" : "a number is meant: 5, >5, 2..4";
}

bool
argument_range(enum argument kind, struct bytes bytes, struct range *out, struct fault *why)
{
	char text[TEXT_MAX], *dots;
	uint64_t n;
	size_t skip = 0;

	if (bytes.len >= sizeof(text))
		return fault(why, "%s", hint_of(kind));
	memcpy(text, bytes.at, bytes.len);
	text[bytes.len] = '\0';
	if (kind == ARG_CODE && bytes.len == 3 && text[1] == 'x' && text[2] == 'x' && isdigit((unsigned char)*text)) {
		*out = (struct range){ (uint64_t)(*text - '0') * 100, (uint64_t)(*text - '0') * 100 + 99 };
		return true;
	}
	dots = kind == ARG_CLOCK ? NULL : strstr(text, "..");
	if (dots) {
		*dots = '\0';
		return (number_of(kind, text, &out->from) && number_of(kind, dots + 2, &out->to)) || fault(why, "%s", hint_of(kind));
	}
	skip = strspn(text, "<>=");
	if (!number_of(kind, text + skip, &n) || skip > 2)
		return fault(why, "%s", hint_of(kind));
	*out = (struct range){ n, n };
	if (!strncmp(text, ">=", skip) && skip == 2)
		out->to = UINT64_MAX;
	else if (!strncmp(text, "<=", skip) && skip == 2)
		out->from = 0;
	else if (skip == 1 && *text == '>')
		*out = (struct range){ n + 1, UINT64_MAX };
	else if (skip == 1 && *text == '<')
		*out = (struct range){ n ? 0 : 1, n ? n - 1 : 0 };
	else if (skip > 1)
		return fault(why, "%s", hint_of(kind));
	return true;
}
