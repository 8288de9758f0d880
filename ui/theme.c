/* Themes: roles to colours and attributes, out of files and of the program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/reader.h"
#include "theme.h"

/* The files in themes/ lie in the program, so that it runs from anywhere. */
#define THEME_EMBED(name) \
	__asm__(".section .rodata\n" \
		".global theme_" #name "_text\n.global theme_" #name "_end\n" \
		"theme_" #name "_text:\n.incbin \"themes/" #name ".theme\"\n" \
		"theme_" #name "_end:\n.byte 0\n.previous\n"); \
	extern const uint8_t theme_##name##_text[], theme_##name##_end[]
THEME_EMBED(dark);
THEME_EMBED(light);
THEME_EMBED(mono);

static const struct { const char *name; const uint8_t *text, *end; } theme_builtin[] = {
	{ "dark", theme_dark_text, theme_dark_end },
	{ "light", theme_light_text, theme_light_end },
	{ "mono", theme_mono_text, theme_mono_end },
};

static const char *const theme_roles[] = {
#define ROLE_NAME(name, about) #name,
	ROLES(ROLE_NAME)
#undef ROLE_NAME
};

static const struct { const char *name; unsigned bit; } theme_attrs[] = {
	{ "bold", STYLE_BOLD }, { "faint", STYLE_FAINT }, { "italic", STYLE_ITALIC },
	{ "underline", STYLE_UNDERLINE }, { "reverse", STYLE_REVERSE },
};

static const char *const theme_colours[16] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"bright_black", "bright_red", "bright_green", "bright_yellow",
	"bright_blue", "bright_magenta", "bright_cyan", "bright_white",
};

const char *
theme_name(size_t i)
{
	return i < ARRAY_LEN(theme_builtin) ? theme_builtin[i].name : NULL;
}

const char *
theme_wanted(const char *name)
{
	const char *none = getenv("NO_COLOR");

	return *name ? name : none && *none ? "mono" : "dark";
}

/* The next word of a line; empty after the last. A # alone or before no
 * colour begins a comment. */
static struct bytes
theme_word(struct bytes *line)
{
	struct bytes word;

	*line = bytes_trim(*line);
	word = (struct bytes){ line->at, 0 };
	while (word.len < line->len && word.at[word.len] != ' ' && word.at[word.len] != '\t')
		word.len++;
	line->at += word.len;
	line->len -= word.len;
	return word;
}

static bool
theme_hex(struct bytes word, int32_t *out)
{
	int32_t value = 0;

	if (word.len != 7 || *word.at != '#')
		return false;
	for (size_t i = 1; i < 7; i++) {
		int digit = hex_digit(word.at[i]);

		if (digit < 0)
			return false;
		value = value << 4 | digit;
	}
	*out = value;
	return true;
}

bool
theme_role(struct bytes word, enum role *out)
{
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (bytes_like(word, theme_roles[i]))
			return *out = (enum role)i, true;
	return false;
}

bool
theme_colour(struct bytes word, int32_t *out)
{
	*out = COLOUR_DEFAULT;
	if (bytes_like(word, "default") || theme_hex(word, out))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(theme_colours); i++)
		if (bytes_like(word, theme_colours[i])) {
			*out = COLOUR_NAMED + (int32_t)i;
			return true;
		}
	return false;
}

static bool
theme_attribute(struct bytes word, unsigned *out)
{
	for (size_t i = 0; i < ARRAY_LEN(theme_attrs); i++)
		if (bytes_like(word, theme_attrs[i].name)) {
			*out |= theme_attrs[i].bit;
			return true;
		}
	return false;
}

/* "PATH:LINE: "WORD": what was expected" */
static bool
theme_fault(struct fault *why, const char *from, unsigned line, struct bytes word, const char *wanted)
{
	return fault(why, "%s:%u: \"%.*s\": expected %s", from, line,
		(int)(word.len < 40 ? word.len : 40), (const char *)word.at, wanted);
}

static bool
theme_line(struct theme *t, const char *from, unsigned number, struct bytes line, struct fault *why)
{
	struct bytes word = theme_word(&line);
	struct style s = { 0 };
	enum role role;

	if (!word.len || *word.at == '#')
		return true;
	if (!theme_role(word, &role))
		return theme_fault(why, from, number, word, "a role: text, key, string, number ...");
	word = theme_word(&line);
	if (!theme_colour(word, &s.fg))
		return theme_fault(why, from, number, word, "a foreground: #rrggbb, default, or red, bright_red ...");
	word = theme_word(&line);
	if (!theme_colour(word, &s.bg))
		return theme_fault(why, from, number, word, "a background: #rrggbb, default, or red, bright_red ...");
	while (word = theme_word(&line), word.len)
		if (!theme_attribute(word, &s.attrs))
			return theme_fault(why, from, number, word, "bold, faint, italic, underline or reverse");
	t->style[role] = s;
	return true;
}

bool
theme_parse(struct theme *t, const char *from, struct bytes text, struct fault *why)
{
	struct reader r = { text, false };
	struct theme new;

	for (size_t i = 0; i < ROLE_COUNT; i++)
		new.style[i] = (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	for (unsigned number = 1; r.rest.len; number++)
		if (!theme_line(&new, from, number, read_line(&r), why))
			return false;
	*t = new;
	return true;
}

enum { THEME_MAX = 64 * 1024 };

static bool
theme_file(struct theme *t, const char *path, FILE *f, struct fault *why)
{
	char *text = xalloc(THEME_MAX + 1);
	size_t len = fread(text, 1, THEME_MAX + 1, f);
	bool good;

	if (ferror(f))
		good = fault(why, "%s: %s", path, strerror(errno));
	else if (len > THEME_MAX)
		good = fault(why, "%s: too large for a theme, which has at most %d bytes", path, THEME_MAX);
	else
		good = theme_parse(t, path, (struct bytes){ (uint8_t *)text, len }, why);
	free(text);
	return good;
}

/* A person's own themes come before those built in. */
static FILE *
theme_own(const char *name, char path[512])
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config)
		snprintf(path, 512, "%s/soth/themes/%s.theme", config, name);
	else
		snprintf(path, 512, "%s/.config/soth/themes/%s.theme", home ? home : "", name);
	return fopen(path, "re");
}

bool
theme_load(struct theme *t, const char *name, struct fault *why)
{
	char path[512];
	bool is_path = strchr(name, '/');
	FILE *f = is_path ? fopen(name, "re") : theme_own(name, path);
	bool good;

	if (f) {
		good = theme_file(t, is_path ? name : path, f, why);
		fclose(f);
		return good;
	}
	if (is_path)
		return fault(why, "theme: %s: %s", name, strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(theme_builtin); i++)
		if (!strcmp(theme_builtin[i].name, name))
			return theme_parse(t, name, (struct bytes){ theme_builtin[i].text,
				(size_t)(theme_builtin[i].end - theme_builtin[i].text) }, why);
	return fault(why, "theme: no \"%s\": there are dark, light, mono, and what %s would be", name, path);
}

static int
colour_distance(int32_t a, int32_t b)
{
	int red = (a >> 16 & 255) - (b >> 16 & 255), green = (a >> 8 & 255) - (b >> 8 & 255);
	int blue = (a & 255) - (b & 255);

	return 2 * red * red + 4 * green * green + 3 * blue * blue;
}

static int32_t
colour_indexed(int i)
{
	static const int32_t base[] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
		0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff,
		0x00ffff, 0xffffff };
	static const uint8_t step[] = { 0, 95, 135, 175, 215, 255 };
	int grey;

	if (i < 16)
		return base[i];
	if (i < 232)
		return step[(i - 16) / 36] << 16 | step[(i - 16) / 6 % 6] << 8 | step[(i - 16) % 6];
	grey = 8 + 10 * (i - 232);
	return grey << 16 | grey << 8 | grey;
}

int
colour_nearest(int32_t colour, int colours)
{
	/* Of 256, the first 16 are the person's own and not known. */
	int first = colours >= 256 ? 16 : 0, last = colours >= 256 ? 256 : colours >= 16 ? 16 : 8;
	int best = first;

	if (colour == COLOUR_DEFAULT)
		return -1;
	if (colour >= COLOUR_NAMED)
		return (colour - COLOUR_NAMED) % last;
	for (int i = first; i < last; i++)
		if (colour_distance(colour, colour_indexed(i)) < colour_distance(colour, colour_indexed(best)))
			best = i;
	return best;
}
