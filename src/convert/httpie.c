/* Requests as commands of HTTPie that send them again.
 * https://httpie.io/docs/cli/request-items */
#include <string.h>

#include "resend.h"
#include "shellword.h"
#include "soth/utf8.h"

enum { ARGUMENTS_MAX = 1 << 20 };

static bool
special(uint8_t c)
{
	return c == ':' || c == ';' || c == '=' || c == '@';
}

/* Name:value. A backslash makes the special character behind it a plain one,
 * and with any other character stands for itself: so one of its own before a
 * special character can not be said. Values are UTF-8. */
static bool
sayable(struct field f)
{
	if (!utf8_valid(f.value) || f.name.len + f.value.len + 2 > SHELL_WORD_MAX)
		return false;
	for (size_t i = 0; i + 1 < f.value.len; i++)
		if (f.value.at[i] == '\\' && special(f.value.at[++i]))
			return false;
	return true;
}

static void
item(FILE *out, struct bytes name, const char *sign, struct bytes value)
{
	struct buf line;

	buf_init(&line, SHELL_WORD_MAX + 8);
	if (buf_add(&line, name) && buf_add(&line, bytes_of(sign)) && (!value.len || buf_add(&line, value))) {
		fputs(" \\\n  ", out);
		shell_word(out, buf_bytes(&line));
	}
	buf_release(&line);
}

/* :@ and := would be signs of their own. */
static void
field(FILE *out, struct field f)
{
	bool odd = f.value.len && (*f.value.at == '@' || *f.value.at == '=');

	item(out, f.name, !f.value.len ? ";" : odd ? ":\\" : ":", f.value);
}

/* Of those, and of all that came before. */
static bool
counts(const struct resend *r, size_t i, struct field *f, size_t *sum)
{
	return resend_tells(r, i, f) && sayable(*f) && (*sum += f->name.len + f->value.len) <= ARGUMENTS_MAX;
}

static void
fields(FILE *out, const struct resend *r)
{
	static const char *const made[] = { "User-Agent", "Accept", "Accept-Encoding" };
	struct field f, c = { LIT("Cookie"), buf_bytes(&r->cookie) };
	size_t sum = 0;

	for (size_t i = 0; i < head_count(r->head); i++)
		if (counts(r, i, &f, &sum))
			field(out, f);
	if (c.value.len && sayable(c))
		field(out, c);
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		if (!head_has(r->head, made[i]))
			item(out, bytes_of(made[i]), ":", LIT(""));
	if (r->body.bytes.len && !head_has(r->head, "content-type"))
		item(out, LIT("Content-Type"), ":", LIT(""));
}

static void
missing(FILE *out, const struct resend *r)
{
	struct field f, c = { LIT("Cookie"), buf_bytes(&r->cookie) };
	size_t left = c.value.len && !sayable(c), sum = 0;

	for (size_t i = 0; i < head_count(r->head); i++)
		left += resend_tells(r, i, &f) && !counts(r, i, &f, &sum);
	if (left)
		fprintf(out, "# %zu fields can not be said to HTTPie\n", left);
	if (!r->plain)
		fputs("# HTTPie may write its target in another way\n", out);
	if (head_version(r->head) == HTTP_2)
		fputs("# it was HTTP/2, which HTTPie does not speak\n", out);
}

static bool
capitals(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] < 'A' || b.at[i] > 'Z')
			return false;
	return true;
}

/* URLs are as they were: the target belongs to them, whatever it holds. */
static void
url(FILE *out, const struct resend *r)
{
	struct bytes base = buf_bytes(&r->url), target = buf_bytes(&r->target);
	struct buf all;

	buf_init(&all, SHELL_WORD_MAX);
	if (!r->plain && *target.at == '/')
		base.len--;
	if (buf_add(&all, base) && (r->plain || buf_add(&all, target)))
		shell_word(out, buf_bytes(&all));
	buf_release(&all);
}

/* A name with a dash before it is no option behind two of them. */
static bool
has_dash(const struct resend *r)
{
	for (size_t i = 0; i < head_count(r->head); i++)
		if (*head_field(r->head, i).name.at == '-')
			return true;
	return false;
}

static void
httpie_one(FILE *out, const struct resend *r)
{
	struct bytes body = r->body.bytes, m = head_method(r->head);
	bool under = false;

	if (!capitals(m) || r->url.len + r->target.len > SHELL_WORD_MAX) {
		fputs("# HTTPie has no way to say its method, or a target so long\n", out);
		return;
	}
	missing(out, r);
	if (body.len)
		under = shell_pipe(out, body);
	fprintf(out, "http%s --path-as-is%s %.*s ", body.len ? "" : " --ignore-stdin", has_dash(r) ? " --" : "",
		(int)m.len, (const char *)m.at);
	url(out, r);
	fields(out, r);
	fputc('\n', out);
	if (under)
		shell_under(out, body);
}

static bool
httpie_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	return resend_write(out, from, &(struct resend_form){ "#", NULL, httpie_one }, why);
}

const struct format format_httpie = {
	.name = "httpie", .about = "commands of HTTPie that send the requests again", .suffixes = ".httpie .httpie.sh",
	.write = httpie_write,
};
