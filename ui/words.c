/* Numbers as a person reads them. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "words.h"

const char *
words_size(uint64_t bytes, char out[WORDS_MAX])
{
	static const char unit[] = " kMGTPE";
	double n = (double)bytes;
	size_t u = 0;

	while (n >= 999.5 && u + 2 < sizeof(unit)) {
		n /= 1024;
		u++;
	}
	if (!u)
		snprintf(out, WORDS_MAX, "%llu", (unsigned long long)bytes);
	else
		snprintf(out, WORDS_MAX, n < 99.95 ? "%.1f%c" : "%.0f%c", n, unit[u]);
	return out;
}

const char *
words_time(uint64_t us, char out[WORDS_MAX])
{
	uint64_t s = us / 1000000;

	if (!us)
		snprintf(out, WORDS_MAX, "<1ms");
	else if (us < 1000)
		snprintf(out, WORDS_MAX, "%lluus", (unsigned long long)us);
	else if (us < 1000000)
		snprintf(out, WORDS_MAX, "%llums", (unsigned long long)(us / 1000));
	else if (s < 60)
		snprintf(out, WORDS_MAX, "%.1fs", (double)us / 1e6);
	else if (s < 3600)
		snprintf(out, WORDS_MAX, "%llum %llus", (unsigned long long)(s / 60), (unsigned long long)(s % 60));
	else
		snprintf(out, WORDS_MAX, "%lluh %llum", (unsigned long long)(s / 3600),
			(unsigned long long)(s / 60 % 60));
	return out;
}

const char *
words_count(uint64_t n, char out[WORDS_MAX])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *to = out;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*to++ = ' ';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

const char *
words_clock(uint64_t us, bool fine, char out[WORDS_MAX])
{
	time_t at = (time_t)(us / 1000000);
	struct tm tm;
	size_t len;

	*out = '\0';
	if (!localtime_r(&at, &tm))
		return out;
	len = strftime(out, WORDS_MAX, "%H:%M:%S", &tm);
	if (fine)
		snprintf(out + len, WORDS_MAX - len, ".%03u", (unsigned)(us / 1000 % 1000));
	return out;
}

const char *
words_left(uint64_t until, uint64_t now, char out[WORDS_MAX])
{
	unsigned long long left = until > now ? (until - now + 999999) / 1000000 : 0;

	if (!until)
		snprintf(out, WORDS_MAX, "for good");
	else if (left < 3600)
		snprintf(out, WORDS_MAX, "%llu:%02llu", left / 60, left % 60);
	else
		snprintf(out, WORDS_MAX, "%llu:%02llu:%02llu", left / 3600, left / 60 % 60, left % 60);
	return out;
}
