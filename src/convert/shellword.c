/* Foreign bytes as words of a shell: POSIX.1-2017, XCU 2.2, and printf's escapes.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02 */
#include <string.h>

#include "shellword.h"
#include "soth/utf8.h"

enum {
	LINE_MAX_BYTES = 800,	/* then the word goes on in the next line */
	PRINTF_MAX = 64 << 10,	/* more than that is base64 */
	BASE64_LINE = 57,	/* bytes of 76 characters */
};

struct piece {			/* of a word that is being written */
	FILE *out;
	size_t line;		/* bytes in this line so far */
};

/* A word goes on behind a backslash and a line end, outside of its quotes. */
static void
piece_put(struct piece *p, const char *text, size_t len)
{
	if (p->line + len > LINE_MAX_BYTES) {
		fputs("'\\\n'", p->out);
		p->line = 0;
	}
	fwrite(text, 1, len, p->out);
	p->line += len;
}

/* What stands for itself in quotes. One bit for a byte that stands for itself
 * in printf's format, within "$( )" of any shell, and at any prompt. */
static bool
stands(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c && strchr(" +,-./:=@_", c));
}

/* In a body, which is no part of another word, more does. */
static bool
stands_in_body(uint8_t c)
{
	return stands(c) || (c && strchr("\"#$&()*;<>?[]^`{|}~", c));
}

bool
shell_is_plain(struct bytes b)
{
	uint32_t rune;

	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used))
		if (!utf8_printable(rune) || (rune == 0xfffd && used == 1))
			return false;
	return true;
}

static void
plain_word(struct piece *p, struct bytes b)
{
	uint32_t rune;

	fputc('\'', p->out);
	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used))
		if (rune == '\'')
			piece_put(p, "'\\''", 4);
		else
			piece_put(p, (const char *)b.at, used);
	fputc('\'', p->out);
}

static void
escape(struct piece *p, uint8_t c)
{
	char text[8];
	int len;

	if (c == '\n' || c == '\t' || c == '\r')
		len = snprintf(text, sizeof(text), "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
	else if (c == '%')
		len = snprintf(text, sizeof(text), "%%%%");
	else
		len = snprintf(text, sizeof(text), "\\%03o", c);
	piece_put(p, text, (size_t)len);
}

/* The format of a printf without arguments. One that begins with a dash would be an option. */
static void
format(struct piece *p, struct bytes b, bool (*as_is)(uint8_t c))
{
	uint32_t rune;
	bool first = true;

	fputc('\'', p->out);
	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used)) {
		if (used > 1 ? utf8_printable(rune) : as_is(*b.at) && !(first && *b.at == '-'))
			piece_put(p, (const char *)b.at, used);
		else
			for (size_t i = 0; i < used; i++)
				escape(p, b.at[i]);
		first = false;
	}
	fputc('\'', p->out);
}

void
shell_word(FILE *out, struct bytes b)
{
	struct piece p = { .out = out };

	if (shell_is_plain(b)) {
		plain_word(&p, b);
		return;
	}
	fputs("\"$(printf ", out);
	format(&p, b, stands);
	fputs(")\"", out);
}

/* Whether printf's escapes are a few in a text. */
static bool
is_text(struct bytes b)
{
	size_t odd = 0, all = b.len;
	uint32_t rune;

	if (b.len > PRINTF_MAX)
		return false;
	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used))
		if (rune != '\n' && rune != '\r' && rune != '\t' && !(used == 1 && rune < 0x80 && utf8_printable(rune)) &&
				!(used > 1 && utf8_printable(rune)))
			odd++;
	return odd <= 32 || odd <= all / 8;
}

bool
shell_pipe(FILE *out, struct bytes b)
{
	struct piece p = { .out = out };

	if (!is_text(b)) {
		fputs("base64 -d <<'END' | ", out);
		return true;
	}
	fputs("printf ", out);
	format(&p, b, stands_in_body);
	fputs(" | ", out);
	return false;
}

/* RFC 4648 section 4. */
void
shell_base64(FILE *out, struct bytes b)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < b.len; i += 3) {
		size_t left = b.len - i;
		uint32_t three = (uint32_t)b.at[i] << 16 | (left > 1 ? (uint32_t)b.at[i + 1] << 8 : 0) | (left > 2 ? b.at[i + 2] : 0);

		fputc(digit[three >> 18], out);
		fputc(digit[three >> 12 & 63], out);
		fputc(left > 1 ? digit[three >> 6 & 63] : '=', out);
		fputc(left > 2 ? digit[three & 63] : '=', out);
		if (i % BASE64_LINE == BASE64_LINE - 3 || left <= 3)
			fputc('\n', out);
	}
}

/* A line is of groups of four: none is END. */
void
shell_under(FILE *out, struct bytes b)
{
	shell_base64(out, b);
	fputs("END\n", out);
}
