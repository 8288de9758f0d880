/* A terminal's bytes to names of keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/utf8.h"
#include "input.h"

enum { ESC = 0x1b };

/* ESC [ 1 ; MODIFIERS FINAL and ESC O FINAL */
static const struct { char final; const char *name; } input_finals[] = {
	{ 'A', "Up" }, { 'B', "Down" }, { 'C', "Right" }, { 'D', "Left" },
	{ 'F', "End" }, { 'H', "Home" }, { 'Z', "S-Tab" }, { 'M', "Enter" },
	{ 'P', "F1" }, { 'Q', "F2" }, { 'R', "F3" }, { 'S', "F4" },
};

/* ESC [ NUMBER ; MODIFIERS ~ */
static const struct { unsigned number; const char *name; } input_tildes[] = {
	{ 1, "Home" }, { 2, "Ins" }, { 3, "Del" }, { 4, "End" }, { 5, "PgUp" }, { 6, "PgDn" },
	{ 7, "Home" }, { 8, "End" }, { 11, "F1" }, { 12, "F2" }, { 13, "F3" }, { 14, "F4" },
	{ 15, "F5" }, { 17, "F6" }, { 18, "F7" }, { 19, "F8" }, { 20, "F9" }, { 21, "F10" },
	{ 23, "F11" }, { 24, "F12" },
};

static const struct { uint8_t byte; const char *name; } input_singles[] = {
	{ 0x00, "C-Space" }, { 0x08, "BS" }, { 0x09, "Tab" }, { 0x0a, "Enter" }, { 0x0d, "Enter" },
	{ ESC, "Esc" }, { 0x1c, "C-\\" }, { 0x1d, "C-]" }, { 0x1e, "C-^" }, { 0x1f, "C-_" },
	{ ' ', "Space" }, { 0x7f, "BS" },
};

/* modifiers is 1 + shift 1 + alt 2 + control 4 */
static void
input_name(char out[INPUT_NAME_MAX], const char *name, unsigned modifiers)
{
	unsigned bits = modifiers ? modifiers - 1 : 0;

	snprintf(out, INPUT_NAME_MAX, "<%s%s%s%s>", bits & 4 ? "C-" : "", bits & 2 ? "A-" : "",
		bits & 1 && strncmp(name, "S-", 2) ? "S-" : "", name);
}

static void
input_drop(struct input *in, size_t count)
{
	in->len -= count;
	memmove(in->held, in->held + count, in->len);
}

/* One byte below 0x80; alt where an escape stood before it. */
static void
input_byte(uint8_t c, bool alt, char out[INPUT_NAME_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(input_singles); i++)
		if (input_singles[i].byte == c) {
			input_name(out, input_singles[i].name, alt ? 3 : 1);
			return;
		}
	if (c < 0x20)
		snprintf(out, INPUT_NAME_MAX, alt ? "<A-C-%c>" : "<C-%c>", c + 0x60);
	else
		snprintf(out, INPUT_NAME_MAX, alt ? "<A-%c>" : "%c", c);
}

/* ESC [ < BUTTON ; COLUMN ; ROW M, or m when released */
static bool
input_mouse(const unsigned *number, size_t numbers, char final, char out[INPUT_NAME_MAX])
{
	static const char *const wheel[] = { "WheelUp", "WheelDown", "WheelLeft", "WheelRight" };
	unsigned button = number[0];
	const char *what = button & 64 ? wheel[button & 3] : "Click";

	if (numbers != 3 || final != 'M' || button & 32 || (!(button & 64) && button & 3) ||
	    !number[1] || !number[2])
		return false;
	snprintf(out, INPUT_NAME_MAX, "<%s %u %u>", what, number[2] - 1, number[1] - 1);
	return true;
}

static bool
input_tilde(struct input *in, const unsigned *number, char out[INPUT_NAME_MAX])
{
	if (number[0] == 200) {
		in->pasting = true;
		input_name(out, "Paste", 1);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(input_tildes); i++)
		if (input_tildes[i].number == number[0]) {
			input_name(out, input_tildes[i].name, number[1]);
			return true;
		}
	return false;
}

static bool
input_final(const unsigned *number, char final, char out[INPUT_NAME_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(input_finals); i++)
		if (input_finals[i].final == final) {
			input_name(out, input_finals[i].name, number[1]);
			return true;
		}
	return false;
}

static size_t
input_numbers(const uint8_t *at, size_t len, unsigned number[3])
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		if (at[i] == ';')
			count++;
		else if (at[i] >= '0' && at[i] <= '9' && count < 3 && number[count] < 100000)
			number[count] = number[count] * 10 + (at[i] - '0');
	return count + 1;
}

/* A whole control sequence of `len` bytes. */
static bool
input_sequence(struct input *in, size_t len, char out[INPUT_NAME_MAX])
{
	unsigned number[3] = { 0 };
	bool mouse = in->held[2] == '<';
	char final = (char)in->held[len - 1];
	size_t numbers = input_numbers(in->held + 2, len - 3, number);

	if (mouse)
		return input_mouse(number, numbers, final, out);
	if (in->held[2] == '?' || in->held[2] == '>')	/* a reply, no key */
		return false;
	if (final == '~')
		return input_tilde(in, number, out);
	return input_final(number, final, out);
}

enum step { MORE, NONE, KEY };

/* CSI: ESC [ parameters final */
static enum step
input_csi(struct input *in, char out[INPUT_NAME_MAX])
{
	enum step step;
	size_t i = 2;

	while (i < in->len && in->held[i] >= 0x20 && in->held[i] < 0x40)
		i++;
	if (i == in->len) {
		if (in->len < sizeof(in->held))
			return MORE;
		in->len = 0;		/* longer than any key */
		return NONE;
	}
	if (in->held[i] < 0x40 || in->held[i] > 0x7e) {
		input_drop(in, i);	/* broken off by what stands here */
		return NONE;
	}
	step = input_sequence(in, i + 1, out) ? KEY : NONE;
	input_drop(in, i + 1);
	return step;
}

static enum step
input_escape(struct input *in, char out[INPUT_NAME_MAX])
{
	uint8_t c;
	enum step step;

	if (in->len < 2)
		return MORE;
	c = in->held[1];
	if (c == '[')
		return input_csi(in, out);
	if (c == 'O') {
		if (in->len < 3)
			return MORE;
		step = input_final((unsigned[3]){ 0 }, (char)in->held[2], out) ? KEY : NONE;
		input_drop(in, 3);
		return step;
	}
	if (c == ESC || c >= 0x80) {	/* the escape stood alone */
		input_name(out, "Esc", 1);
		input_drop(in, 1);
		return KEY;
	}
	input_byte(c, true, out);
	input_drop(in, 2);
	return KEY;
}

/* A character past ASCII; what is broken is left out. */
static enum step
input_rune(struct input *in, char out[INPUT_NAME_MAX])
{
	uint8_t lead = in->held[0];
	size_t want = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
	size_t used;
	uint32_t rune;

	for (size_t i = 1; i < want && i < in->len; i++)
		if ((in->held[i] & 0xc0) != 0x80)
			want = i;
	if (in->len < want)
		return MORE;
	used = utf8_next((struct bytes){ in->held, want }, &rune);
	if (used < 2 || !utf8_printable(rune)) {
		input_drop(in, used ? used : 1);
		return NONE;
	}
	memcpy(out, in->held, used);
	out[used] = '\0';
	input_drop(in, used);
	return KEY;
}

/* In a paste only its end is a sequence. */
static enum step
input_pasted(struct input *in, char out[INPUT_NAME_MAX])
{
	static const char end[] = "\033[201~";
	size_t len = in->len < 6 ? in->len : 6;

	if (memcmp(in->held, end, len)) {
		input_drop(in, 1);
		return NONE;
	}
	if (len < 6)
		return MORE;
	in->pasting = false;
	input_drop(in, 6);
	input_name(out, "Pasted", 1);
	return KEY;
}

static enum step
input_step(struct input *in, char out[INPUT_NAME_MAX])
{
	uint8_t c = in->held[0];

	if (c == ESC)
		return in->pasting ? input_pasted(in, out) : input_escape(in, out);
	if (c >= 0x80)
		return input_rune(in, out);
	input_byte(c, false, out);
	input_drop(in, 1);
	return KEY;
}

bool
input_key(struct input *in, struct bytes *more, char name[INPUT_NAME_MAX])
{
	enum step step = NONE;

	for (;;) {
		while (in->len && (step = input_step(in, name)) == NONE)
			;
		if (in->len && step == KEY)
			return true;
		if (step == KEY)
			return true;
		if (!more->len)
			return false;
		in->held[in->len++] = *more->at++;
		more->len--;
		step = NONE;
	}
}

bool
input_idle(struct input *in, char name[INPUT_NAME_MAX])
{
	uint8_t first = in->held[0];
	bool bracket = in->len == 2 && (in->held[1] == '[' || in->held[1] == 'O');

	name[0] = '\0';
	if (!in->len || in->pasting)
		return false;
	if (first == ESC && in->len == 1)
		input_name(name, "Esc", 1);
	else if (first == ESC && bracket)
		snprintf(name, INPUT_NAME_MAX, "<A-%c>", in->held[1]);
	in->len = 0;
	return first == ESC && name[0];
}

bool
input_waits(const struct input *in)
{
	return in->len && !in->pasting;
}
