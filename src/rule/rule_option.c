/* mitmproxy's options that change traffic, written as rules. */
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

enum { PARTS = 3 };

/* "/filter/subject/what", with its first byte between them; the filter may be missing. */
struct spec { struct bytes part[PARTS]; };	/* filter, subject, what */

static bool
quote(struct buf *out, struct bytes text)
{
	bool ok = buf_add(out, LIT("'"));

	for (size_t i = 0; ok && i < text.len; i++) {
		uint8_t c = text.at[i];

		if (c == '\n')
			ok = buf_add(out, LIT("\\n"));
		else if (c == '\r')
			ok = buf_add(out, LIT("\\r"));
		else
			ok = ((c != '\'' && c != '\\') || buf_add(out, LIT("\\"))) && buf_add(out, (struct bytes){ &c, 1 });
	}
	return ok && buf_add(out, LIT("' "));
}

static bool
spec_split(struct bytes text, size_t most, struct spec *s, size_t *count)
{
	uint8_t mark = text.len ? *text.at : 0;

	*s = (struct spec){ 0 };
	text = bytes_from(text, 1);
	for (*count = 0; *count < most; ++*count) {
		const uint8_t *end = text.len && *count + 1 < most ? memchr(text.at, mark, text.len) : NULL;

		s->part[*count] = (struct bytes){ text.at, end ? (size_t)(end - text.at) : text.len };
		if (!end)
			return ++*count, mark;
		text = bytes_from(text, s->part[*count].len + 1);
	}
	return mark;
}

/* Python's patterns heed the case. */
static bool
quote_regex(struct buf *out, struct bytes regex)
{
	struct buf whole;
	bool ok;

	buf_init(&whole, regex.len + 8);
	ok = buf_add(&whole, LIT("(?-i)")) && buf_add(&whole, regex) && quote(out, buf_bytes(&whole));
	buf_release(&whole);
	return ok;
}

/* Two parts are without the filter. */
static bool
spec_read(const char *text, struct spec *s, struct fault *why)
{
	size_t count;

	if (!spec_split(bytes_of(text), PARTS, s, &count) || count < 2)
		return fault(why, "%.100s: /filter/what/with is meant, or /what/with", text);
	if (count == 2) {
		s->part[2] = s->part[1];
		s->part[1] = s->part[0];
		s->part[0] = (struct bytes){ 0 };
	}
	return s->part[1].len || fault(why, "%.100s: it names nothing", text);
}

static bool
add_filter(struct buf *out, struct bytes filter)
{
	if (!bytes_trim(filter).len)
		return buf_add(out, LIT("\n"));
	return buf_add(out, LIT("if ")) && buf_add(out, filter) && buf_add(out, LIT("\n"));
}

static bool
is_file(struct bytes text)
{
	return text.len > 1 && *text.at == '@';
}

/* Backslashes as Python reads them: \n \r \t \\ \xHH. */
static void
unescape(struct bytes from, struct buf *out)
{
	static const char names[] = "nrt\\", means[] = "\n\r\t\\";

	for (size_t i = 0; i < from.len; i++) {
		char c = (char)from.at[i], digits[3] = "";
		const char *known = c == '\\' && i + 1 < from.len && from.at[i + 1] ? strchr(names, from.at[i + 1]) : NULL;

		if (known) {
			c = means[known - names];
			i++;
		} else if (c == '\\' && i + 3 < from.len && from.at[i + 1] == 'x') {
			memcpy(digits, from.at + i + 2, 2);
			c = (char)strtoul(digits, NULL, 16);
			i += 3;
		}
		(void)!buf_add(out, (struct bytes){ (uint8_t *)&c, 1 });
	}
}

/* A file, or a text in which `special` bytes are to be doubled to mean themselves. */
static bool
add_text(struct buf *out, struct bytes text, const char *special, bool escapes)
{
	struct buf plain, doubled;
	bool ok;

	if (is_file(text))
		return buf_add(out, LIT("@")) && quote(out, bytes_from(text, 1));
	buf_init(&plain, text.len + 1);
	buf_init(&doubled, text.len * 2 + 1);
	if (escapes)
		unescape(text, &plain);
	else
		(void)!buf_add(&plain, text);
	for (size_t i = 0; i < plain.len; i++)
		for (int k = plain.at[i] && strchr(special, plain.at[i]) ? 2 : 1; k--;)
			(void)!buf_add(&doubled, (struct bytes){ plain.at + i, 1 });
	ok = quote(out, buf_bytes(&doubled));
	buf_release(&plain);
	buf_release(&doubled);
	return ok;
}

/* All names are removed first, and then the values added. */
static bool
modify_headers(const struct spec *s, size_t count, struct buf *out)
{
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = buf_add(out, LIT("remove-header both ")) && quote(out, s[i].part[1]) && add_filter(out, s[i].part[0]);
	for (size_t i = 0; ok && i < count; i++)
		if (s[i].part[2].len)
			ok = buf_add(out, LIT("add-header both ")) && quote(out, s[i].part[1]) && add_text(out, s[i].part[2], "", true) &&
				add_filter(out, s[i].part[0]);
	return ok;
}

static bool
each_spec(const struct spec *s, size_t count, const char *action, const char *special, bool escapes, struct buf *out)
{
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = buf_addf(out, "%s ", action) && quote_regex(out, s[i].part[1]) && add_text(out, s[i].part[2], special, escapes) &&
			add_filter(out, s[i].part[0]);
	return ok;
}

static bool modify_body(const struct spec *s, size_t count, struct buf *out) { return each_spec(s, count, "replace-body both", "$\\", true, out); }
static bool map_local(const struct spec *s, size_t count, struct buf *out) { return each_spec(s, count, "map-local", "", false, out); }
static bool map_remote(const struct spec *s, size_t count, struct buf *out) { return each_spec(s, count, "map-remote", "$", false, out); }

static bool
block_list(const struct spec *s, size_t count, struct buf *out)
{
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = !s[i].part[0].at && buf_add(out, LIT("block ")) && buf_add(out, s[i].part[2]) && buf_add(out, LIT(" ")) && add_filter(out, s[i].part[1]);
	return ok;
}

static const struct {
	const char *name;
	bool (*write)(const struct spec *s, size_t count, struct buf *out);
} options[] = {
	{ "block-list", block_list }, { "map-local", map_local }, { "map-remote", map_remote }, { "modify-body", modify_body },
	{ "modify-headers", modify_headers },
};

/* What comes out of it has to be rules. */
static bool
checked(const char *option, struct bytes text, struct fault *why)
{
	struct rules_wrong wrong;
	struct rules *r = rules_read(text, NULL, NULL, &wrong);

	rules_free(r);
	return r || fault(why, "%s: %.150s", option, wrong.at[0].why.text);
}

static bool
specs_write(size_t which, const struct spec *s, size_t count, struct buf *out, struct fault *why)
{
	size_t begin = out->len;

	if (!options[which].write(s, count, out))
		return fault(why, "%s: there is too much in it", options[which].name);
	return checked(options[which].name, bytes_from(buf_bytes(out), begin), why);
}

static bool
is_named(const char *name, const char *option)
{
	for (; *name && *option; name++, option++)
		if (*name != *option && !(*name == '-' && *option == '_'))
			return false;
	return *name == *option;
}

bool
rules_option(const char *option, const char *const *value, size_t count, struct buf *out, struct fault *why)
{
	struct spec *s;
	size_t which = 0;
	bool ok = true;

	while (which < ARRAY_LEN(options) && !is_named(options[which].name, option))
		which++;
	if (which == ARRAY_LEN(options) || count > RULES_MAX)
		return fault(why, "%.50s: no such option makes rules", option);
	s = xalloc((count + 1) * sizeof(*s));
	for (size_t i = 0; ok && i < count; i++)
		ok = spec_read(value[i], &s[i], why);
	ok = ok && specs_write(which, s, count, out, why);
	free(s);
	return ok;
}
