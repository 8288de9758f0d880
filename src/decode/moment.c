/* Moments in words: https://www.rfc-editor.org/rfc/rfc3339 */
#include <stdio.h>
#include <time.h>

#include "moment.h"

enum { YEAR_FIRST = 0, YEAR_LAST = 9999, YEAR_BASE = 1900 };

const char *
moment_words(int64_t seconds, char out[MOMENT_MAX])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	*out = '\0';
	if (gmtime_r(&t, &tm) && tm.tm_year + YEAR_BASE >= YEAR_FIRST && tm.tm_year + YEAR_BASE <= YEAR_LAST)
		snprintf(out, MOMENT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + YEAR_BASE) % 10000, tm.tm_mon + 1,
			tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return out;
}
