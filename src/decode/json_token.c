/* Strings, numbers and words of JSON, as they come: https://www.rfc-editor.org/rfc/rfc8259#section-6 */
#include <string.h>

#include "json_inside.h"

/* How much of the escape \n or \u0041 is right; *whole: all of it. */
static size_t
escape_length(const uint8_t *at, const uint8_t *end, bool *whole)
{
	size_t len = 2, have = (size_t)(end - at), i;

	*whole = false;
	if (have < 2 || !at[1] || !strchr("\"\\/bfnrtu", at[1]))
		return 1;
	if (at[1] == 'u')
		len = 6;
	for (i = 2; i < len && i < have; i++)
		if (!at[i] || !strchr("0123456789abcdefABCDEF", at[i]))
			return i;
	*whole = i == len;
	return i;
}

/* An escape that is not right, or not there yet. */
static bool
run_escape(struct run *r, enum role role, const uint8_t *at, size_t right)
{
	if (at + right < r->end) {
		run_put(r, role, at + right);
		return run_wrong(r, right == 1 ? "an escape: one of \" \\ / b f n r t u" : "a hexadecimal digit");
	}
	if (at > r->at)
		run_put(r, role, at);
	if (r->last)
		run_put(r, role, r->end);
	return run_waits(r, CUT_OFF);
}

bool
run_quoted(struct run *r, const uint8_t *p)
{
	enum role role = r->j->state == KEY ? ROLE_KEY : ROLE_STRING;
	bool whole;

	for (;; p++) {
		while (p < r->end && *p >= 0x20 && *p != '"' && *p != '\\')
			p++;
		if (p == r->end || *p != '\\')
			break;
		size_t right = escape_length(p, r->end, &whole);

		if (!whole)
			return run_escape(r, role, p, right);
		p += right - 1;
	}
	if (p < r->end && *p == '"') {
		r->j->state = r->j->state == KEY ? COLON : r->j->depth ? AFTER : TOP;
		run_put(r, role, p + 1);
		return true;
	}
	if (p > r->at)
		run_put(r, role, p);
	return p == r->end || run_wrong(r, "an escape: a control character stands bare");
}

bool
run_string(struct run *r)
{
	return run_quoted(r, r->at);
}

/* What a byte can be in a number; 0: nothing. */
enum { NOUGHT = 1, DIGIT, DASH, PLUS, DOT, E, CLASSES };

bool
run_number(struct run *r)
{
	static const uint8_t class[256] = {
		['0'] = NOUGHT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT,
		['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['-'] = DASH, ['+'] = PLUS, ['.'] = DOT, ['e'] = E, ['E'] = E,
	};
	static const uint8_t next[][CLASSES] = {
		[NUMBER - NUMBER] =	{ [NOUGHT] = ZERO, [DIGIT] = WHOLE, [DASH] = MINUS },
		[MINUS - NUMBER] =	{ [NOUGHT] = ZERO, [DIGIT] = WHOLE },
		[ZERO - NUMBER] =	{ [DOT] = POINT, [E] = POWER },
		[WHOLE - NUMBER] =	{ [NOUGHT] = WHOLE, [DIGIT] = WHOLE, [DOT] = POINT, [E] = POWER },
		[POINT - NUMBER] =	{ [NOUGHT] = FRACTION, [DIGIT] = FRACTION },
		[FRACTION - NUMBER] =	{ [NOUGHT] = FRACTION, [DIGIT] = FRACTION, [E] = POWER },
		[POWER - NUMBER] =	{ [NOUGHT] = DIGITS, [DIGIT] = DIGITS, [DASH] = SIGN, [PLUS] = SIGN },
		[SIGN - NUMBER] =	{ [NOUGHT] = DIGITS, [DIGIT] = DIGITS },
		[DIGITS - NUMBER] =	{ [NOUGHT] = DIGITS, [DIGIT] = DIGITS },
	};
	uint8_t state = r->j->state, then;
	const uint8_t *p = r->at;

	while (p < r->end && (then = next[state - NUMBER][class[*p]])) {
		state = then;
		p++;
	}
	r->j->state = state;
	if (p > r->at)
		run_put(r, ROLE_NUMBER, p);
	if (p == r->end)
		return true;
	if (state != ZERO && state != WHOLE && state != FRACTION && state != DIGITS)
		return run_wrong(r, "a digit");
	r->j->state = r->j->depth ? AFTER : APART;
	return true;
}

/* All of it is there, or as much as will come: see run_value(). */
bool
run_word(struct run *r)
{
	const char *word = *r->at == 't' ? "true" : *r->at == 'f' ? "false" : "null";
	size_t len = strlen(word), have = (size_t)(r->end - r->at), n = 0;

	while (n < len && n < have && r->at[n] == (uint8_t)word[n])
		n++;
	run_put(r, ROLE_WORD, r->at + n);
	if (n < len)
		return run_wrong(r, n == have ? CUT_OFF : word);
	r->j->state = r->j->depth ? AFTER : APART;
	return true;
}

