/* Allocation that does not fail, and faults that are one line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "soth/base.h"

bool
fault(struct fault *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}

static void *
must(void *p)
{
	if (!p) {
		fputs("soth: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xalloc(size_t size)
{
	return must(calloc(1, size ? size : 1));
}

void *
xgrow(void *old, size_t count, size_t size)
{
	return must(reallocarray(old, count ? count : 1, size));
}

char *
xstrdup(const char *s)
{
	return must(strdup(s));
}

struct bytes
bytes_of(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

bool
bytes_same(struct bytes a, struct bytes b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

bool
bytes_are(struct bytes b, const char *s)
{
	return bytes_same(b, bytes_of(s));
}

bool
bytes_like(struct bytes b, const char *s)
{
	return b.len == strlen(s) && (!b.len || !strncasecmp((const char *)b.at, s, b.len));
}

struct bytes
bytes_from(struct bytes b, size_t n)
{
	return n < b.len ? (struct bytes){ b.at + n, b.len - n } : (struct bytes){ 0 };
}

int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct bytes
bytes_line(struct bytes *rest)
{
	const uint8_t *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
	struct bytes line = { rest->at, end ? (size_t)(end - rest->at) : rest->len };

	*rest = bytes_from(*rest, line.len + (end != NULL));
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

struct bytes
bytes_trim(struct bytes b)
{
	while (b.len && (*b.at == ' ' || *b.at == '\t'))
		b.at++, b.len--;
	while (b.len && (b.at[b.len - 1] == ' ' || b.at[b.len - 1] == '\t'))
		b.len--;
	return b;
}
